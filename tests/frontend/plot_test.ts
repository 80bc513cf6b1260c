import { contourPaths, levels } from "../../widgets/plot/contours.ts";
import { arrowPath, createMarks, linePath, rounded } from "../../widgets/plot/marks.ts";
import { createPlot } from "../../widgets/plot/plot.ts";
import { ticks, tickTexts } from "../../widgets/plot/ticks.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

const numbers = (path: string) => (path.match(/-?[\d.]+/g) ?? []).map(Number);

Deno.test("ticks are written with the decimals that tell them apart", () => {
  assertEquals(tickTexts(ticks(0, 1, 5)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  assertEquals(tickTexts(ticks(-2, 2, 4)), ["−2", "−1", "0", "1", "2"]);
  assertEquals(tickTexts(ticks(0.69, 0.7, 2)), ["0.690", "0.695", "0.700"]);
  assertEquals(tickTexts(ticks(0, 20_000, 2)), ["0", "10,000", "20,000"]);
  assertEquals(tickTexts(ticks(0, 4e8, 2)), ["0", "2e8", "4e8"]);
  assertEquals(ticks(3, 3, 5), []);
  assertEquals(ticks(0, NaN, 5), []);
});

Deno.test("contour lines lie where the value is the level", () => {
  const side = 41;
  const at = (cell: number) => -2 + 4 * cell / (side - 1);
  const values = Array.from(
    { length: side * side },
    (_, cell) => at(cell % side) ** 2 + at(Math.floor(cell / side)) ** 2,
  );
  const grid = { x: [-2, 2], y: [-2, 2], columns: side, rows: side, values } as const;
  const mutable = { ...grid, x: [-2, 2] as [number, number], y: [-2, 2] as [number, number] };
  const [path] = contourPaths(mutable, [1], (x) => 100 * x, (y) => -100 * y);
  const all = numbers(path);
  assert(all.length > 100, path);
  for (let place = 0; place < all.length; place += 2) {
    const radius = Math.hypot(all[place], all[place + 1]);
    assert(Math.abs(radius - 100) < 1, `${radius}`);
  }
  assertEquals(
    levels(mutable, 3).every((level, place, all) => !place || level > all[place - 1]),
    true,
  );
});

Deno.test("the edge of the grid is no contour line", () => {
  const values = [0, 1, 2, 0, 1, 2, 0, 1, 2];
  const grid = { x: [0, 2], y: [0, 2], columns: 3, rows: 3, values } as Parameters<
    typeof contourPaths
  >[0];
  const [path] = contourPaths(grid, [1.5], (x) => x, (y) => y);
  const all = numbers(path);
  assert(all.length >= 4, path);
  for (let place = 0; place < all.length; place += 2) assertEquals(all[place], 1.5);
});

Deno.test("an arrow ends at its tip, and one without length is no arrow", () => {
  const all = numbers(arrowPath([0, 0], [100, 0]));
  assertEquals(Math.max(...all.filter((_, place) => place % 2 === 0)), 100);
  assertEquals(arrowPath([5, 5], [5, 5]), "");
  assertEquals(arrowPath([5, 5], [NaN, 5]), "");
});

Deno.test("a line has a gap where a point is not finite, and no number a browser cannot take", () => {
  assertEquals(linePath([[0, 0], [1, 1], [NaN, 2], [3, 3], [4, 4]]), "M0,0L1,1M3,3L4,4");
  assertEquals(rounded(-0.001), "0");
  assertEquals(rounded(1e300), "100000");
});

Deno.test("marks keep their nodes from frame to frame, and drop those not set", () => {
  const page = openPage();
  try {
    const group = page.document.createElementNS("http://www.w3.org/2000/svg", "g") as SVGGElement;
    const marks = createMarks(group);
    marks.begin();
    const ball = marks.set("ball", "circle", { cx: 1 });
    marks.set("word", "text", { x: 0 }, "here");
    marks.end();
    marks.begin();
    assertEquals(marks.set("ball", "circle", { cx: 2 }), ball);
    marks.end();
    assertEquals(ball.getAttribute("cx"), "2");
    assertEquals(group.children.length, 1);
    marks.begin();
    marks.set("under", "path", {});
    marks.set("ball", "circle", { cx: 2 });
    marks.end();
    assertEquals([...group.children].map((node) => node.tagName.toLowerCase()), ["path", "circle"]);
  } finally {
    page.restore();
  }
});

Deno.test("a plot turns values to pixels and back, and says what it shows", () => {
  const page = openPage();
  try {
    const plot = createPlot({
      signal: new AbortController().signal,
      label: "loss over two weights",
      onDraw: () => {},
    });
    plot.setDomain({ x: [-1, 3], y: [10, 20] });
    assertEquals([plot.x(-1), plot.x(3)], [0, plot.width]);
    assertEquals([plot.y(20), plot.y(10)], [0, plot.height]);
    assertEquals(Math.round(1e6 * plot.invertX(plot.x(0.7))), 700_000);
    assertEquals(Math.round(1e6 * plot.invertY(plot.y(12.5))), 12_500_000);
    assertEquals(plot.element.getAttribute("aria-label"), "loss over two weights");
    assert(plot.element.textContent?.includes("14"), plot.element.textContent ?? "");
    assertEquals(plot.layer("path"), plot.layer("path"));
  } finally {
    page.restore();
  }
});
