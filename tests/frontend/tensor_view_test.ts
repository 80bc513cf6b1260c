import view from "../../widgets/tensor/view.ts";
import type { Drawing } from "../../widgets/tensor/drawing.ts";
import type { Facts, TensorTraits } from "../../widgets/tensor/traits.ts";
import { assert, assertEquals } from "./assert.ts";
import {
  arrange,
  drawingOf,
  drawnOf,
  everything,
  factsOf,
  fakeModel,
  openTensorPage,
  product,
} from "./tensor_page.ts";

function traitsOf(shape: number[], drawing: Partial<Drawing>, facts: Partial<Facts>): TensorTraits {
  const whole = drawingOf(drawing.shape ?? shape, drawing);
  return {
    title: "A tensor",
    selection: "",
    window: whole.window,
    channels: "",
    low: null,
    high: null,
    facts: factsOf(shape, facts),
    chosen: everything(shape),
    statistics: { count: product(shape), minimum: 0, maximum: product(shape) - 1 },
    drawn: drawnOf(whole),
    operation: { number: 0, offered: [] },
  };
}

function open(
  shape: number[],
  drawing: Partial<Drawing> = {},
  facts: Partial<Facts> = {},
  more: Partial<TensorTraits> = {},
) {
  const page = openTensorPage();
  const controller = new AbortController();
  const python = fakeModel<TensorTraits>({ ...traitsOf(shape, drawing, facts), ...more });
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model: python.model, el, signal: controller.signal, experimental: {} } as any);
  page.frames();
  const find = <E extends HTMLElement = HTMLElement>(selector: string) => {
    const found = el.querySelector<E>(selector);
    assert(found, `no ${selector}`);
    return found;
  };
  const stage = find(".fe-tensor-stage");
  const press = (key: string, init = {}) => page.press(stage, key, init);
  const hand = () => find(".fe-hand").textContent!.trim();
  const spoken = () => find(".fe-tensor > [role=status]").textContent!;
  const written = () =>
    page.painted(find(".fe-tensor-picture canvas")).filter((one) => one.call === "fillText").map((
      one,
    ) => one.with[0]);
  return { page, controller, python, el, find, stage, press, hand, spoken, written };
}

Deno.test("tensor: the card says rank, shape, type, elements and bytes, and what is drawn", () => {
  for (
    const [shape, lead, rank] of [
      [[], "A single element: ", 0],
      [[3], "A row: ", 1],
      [[2, 3], "A table: ", 2],
      [[2, 3, 4], "A cube: ", 3],
      [[2, 2, 3, 4], "A row of cubes: ", 4],
      [[2, 2, 2, 2, 2], "A grid of cubes: ", 5],
      [[1, 2, 2, 2, 2, 2], "A grid of cubes: ", 6],
    ] as const
  ) {
    const { page, find, stage } = open([...shape]);
    assertEquals(find("h2").textContent, "A tensor");
    assert(find(".fe-state").textContent!.startsWith(`rank ${rank} · (`));
    assert(find(".fe-lead").textContent!.startsWith(lead));
    const label = stage.getAttribute("aria-label")!;
    assert(
      label.startsWith(`Picture of a tensor of rank ${rank}, shape ${shape.join(" by ") || "()"}.`),
    );
    assertEquals(stage.getAttribute("tabindex"), "0");
    page.restore();
  }
});

Deno.test("tensor: the numbers are in the picture, and the sizes of its axes", () => {
  const { page, written } = open([2, 3], { cells: Float64Array.of(1.5, 2, 3, 4, 5, -6) });
  const texts = written();
  for (const text of ["1.5", "2", "3", "4", "5", "−6"]) assert(texts.includes(text), text);
  assertEquals(texts.slice(-2), ["3", "2"]);
  page.restore();
});

Deno.test("tensor: arrows go from cell to cell, and what is there is shown and spoken", () => {
  const { page, press, hand, spoken } = open([3, 4]);
  assertEquals([hand(), spoken()], ["x[0, 0] = 0", ""]);
  press("ArrowRight");
  press("ArrowDown");
  assertEquals([hand(), spoken()], ["x[1, 1] = 5", "x[1, 1] = 5. "]);
  press("End");
  assertEquals(hand(), "x[1, 3] = 7");
  press("Home");
  press("ArrowUp");
  assertEquals(hand(), "x[0, 0] = 0");
  press("ArrowUp");
  press("ArrowLeft");
  assertEquals(hand(), "x[0, 0] = 0");
  page.restore();
});

Deno.test("tensor: the keys of the page reach every axis of rank 5, and only what they know is taken from the page", () => {
  const { page, press, hand } = open([2, 3, 4, 5, 6]);
  for (
    const [key, init] of [
      ["PageDown", { altKey: true }],
      ["PageDown", { shiftKey: true }],
      ["PageDown", {}],
      ["ArrowDown", {}],
      ["ArrowRight", {}],
    ] as const
  ) {
    assert(press(key, init).defaultPrevented);
  }
  assertEquals(hand(), "x[1, 1, 1, 1, 1] = 517");
  press("PageUp");
  press("PageUp", { shiftKey: true });
  press("PageUp", { altKey: true });
  assertEquals(hand(), "x[0, 0, 0, 1, 1] = 7");
  assert(!press("a").defaultPrevented && !press("Tab").defaultPrevented);
  assert(!press("ArrowRight", { ctrlKey: true }).defaultPrevented);
  page.restore();
});

Deno.test("tensor: a scalar is read without moving", () => {
  const { page, press, hand, python } = open([], { cells: Float64Array.of(42) });
  assertEquals(hand(), "x = 42");
  for (const key of ["ArrowRight", "ArrowDown", "PageDown", "Home"]) press(key);
  assertEquals(hand(), "x = 42");
  press("Enter");
  assertEquals(python.sent, [{ kind: "select", text: "" }]);
  page.restore();
});

Deno.test("tensor: enter takes the element in hand, escape takes all", () => {
  const { page, press, python } = open([3, 4]);
  press("ArrowDown");
  press("ArrowRight");
  press("Enter");
  press("Escape");
  assertEquals(python.sent, [{ kind: "select", text: "1, 1" }, { kind: "select", text: "" }]);
  page.restore();
});

Deno.test("tensor: a block is taken as the slice it stands for, the last one cut", () => {
  const { page, press, python } = open([100, 130], {
    shape: [2, 3],
    window: [[0, 100], [0, 130]],
    block: [64, 64],
    shown: "mean",
  });
  press("End");
  press("ArrowDown");
  press("Enter");
  assertEquals(python.sent[0], { kind: "select", text: "64:100, 128:130" });
  page.restore();
});

Deno.test("tensor: in a part of the tensor the element taken counts from the beginning", () => {
  const { page, press, python } = open([1000, 9], { shape: [100, 9], window: [[50, 150], [0, 9]] });
  press("ArrowDown");
  press("Enter");
  assertEquals(python.sent[0], { kind: "select", text: "51, 0" });
  page.restore();
});

Deno.test("tensor: a pixel is taken with all its channels", () => {
  const { page, press, python, hand } = open(
    [2, 3, 3],
    { arrangement: arrange(3, "picture") },
    { can_be_picture: true, dtype: "uint8" },
    { channels: "picture" },
  );
  press("ArrowDown");
  press("ArrowRight");
  assertEquals(hand(), "x[1, 1] = (12, 13, 14)");
  press("Enter");
  assertEquals(python.sent[0], { kind: "select", text: "1, 1" });
  page.restore();
});

Deno.test("tensor: what is taken is told, the rest stands back", () => {
  const { page, python, find, written } = open([2, 3]);
  written();
  python.change({
    selection: "0",
    chosen: {
      ...everything([2, 3]),
      text: "0",
      code: "x[0]",
      shape: [3],
      elements: 3,
      taken: [[0, 1, 1, false], [0, 1, 3, true]],
    },
  });
  assertEquals(find(".fe-takes").textContent, "takes (3,), rank 1, 3 elements");
  page.frames();
  const cells = page.painted(find(".fe-tensor-picture canvas")).filter((one) =>
    one.call === "fillText" && Number(one.with[0]) < 6 && (one.with.length === 4)
  );
  const inks = cells.map((one) => one.fill);
  assertEquals(new Set(inks.slice(3)).size, 1);
  assert(!inks.slice(0, 3).includes(inks[3]));
  page.restore();
});

Deno.test("tensor: z asks for the part around the cell in hand, and that cell stays in hand", () => {
  const { page, press, python, hand } = open([1000], {
    shape: [125],
    window: [[0, 1000]],
    block: [8],
    shown: "mean",
  });
  press("End");
  press("z");
  assertEquals(python.traits.window, [[500, 1000]]);
  assertEquals(python.saves(), 1);
  python.change({
    drawn: drawnOf(drawingOf([125], { window: [[500, 1000]], block: [4], shown: "mean" })),
  });
  assertEquals(hand().split(" ")[0], "x[992:996].mean()");
  press("z", { shiftKey: true });
  assertEquals(python.traits.window, [[0, 1000]]);
  page.restore();
});

Deno.test("tensor: walking over the edge of the part shown brings the next part", () => {
  const { page, press, python, hand } = open([1000], { shape: [100], window: [[0, 100]] });
  press("End");
  press("ArrowRight");
  assertEquals(python.traits.window, [[50, 150]]);
  python.change({ drawn: drawnOf(drawingOf([100], { window: [[50, 150]] })) });
  assertEquals(hand().split(" ")[0], "x[100]");
  page.restore();
});

Deno.test("tensor: shift and arrows turn a cube, plus and minus pull its layers apart, and it can be turned back", () => {
  const { page, press, find, controller } = open([5, 5, 5]);
  const canvas = find(".fe-tensor-picture canvas");
  /** The directions in which the edges of every panel run, in the last picture. */
  const panels = () => {
    page.painted(canvas);
    while (page.frames(1000));
    const all = page.painted(canvas);
    const last = all.slice(all.map((one) => one.call).lastIndexOf("clearRect"));
    return last.filter((one) => one.call === "drawImage").map((image) => {
      const before = last.slice(0, last.indexOf(image));
      const [a, b, c, d] = before[before.length - 1].with as number[];
      return [Math.atan2(b, a), Math.atan2(d, c)].map((angle) => angle.toFixed(4)).join();
    });
  };
  press("ArrowRight");
  const before = panels();
  assertEquals(before.length, 3);
  const seen = new Set([String(before)]);
  for (const key of ["ArrowLeft", "ArrowUp", "ArrowUp", "ArrowRight", "ArrowRight", "ArrowDown"]) {
    press(key, { shiftKey: true });
    const now = String(panels());
    assert(!seen.has(now), key);
    seen.add(now);
  }
  press("+");
  assertEquals(new Set(panels()).size, 1);
  press("-");
  assertEquals(new Set(panels()).size, 3);
  find<HTMLButtonElement>(".fe-tensor-bars button").click();
  assertEquals(panels(), before);
  assertEquals(find(".fe-hand").textContent!.trim(), "x[0, 0, 1] = 1");
  controller.abort();
  page.restore();
});

Deno.test("tensor: channels are drawn as colours or as layers, as the box says", () => {
  const { page, python, find } = open(
    [4, 4, 3],
    { arrangement: arrange(3, "layers") },
    { can_be_picture: true, dtype: "uint8" },
    { channels: "layers" },
  );
  const box = [
    ...find(".fe-tensor-bars").querySelectorAll<HTMLInputElement>("input[type=checkbox]"),
  ]
    .find((it) => it.parentElement!.textContent === "channels as colours")!;
  assert(!box.checked && !box.parentElement!.hidden);
  box.checked = true;
  page.fire(box, "change");
  assertEquals([python.traits.channels, python.saves()], ["picture", 1]);
  page.restore();
});

Deno.test("tensor: a film shows one picture at a time and the cell in hand goes along", () => {
  const { page, find, press, hand, el } = open(
    [5, 2, 3, 3],
    { arrangement: arrange(4, "picture") },
    { can_be_picture: true, dtype: "uint8", axes: ["time", "height", "width", "channels"] },
    { channels: "picture" },
  );
  const box = [...el.querySelectorAll<HTMLInputElement>("input[type=checkbox]")].find((it) =>
    it.parentElement!.textContent === "as a film, along time"
  )!;
  const player = find(".fe-player");
  assert(player.hidden);
  box.checked = true;
  page.fire(box, "change");
  assert(!player.hidden);
  assertEquals(find(".fe-position").textContent, "time 0");
  press("PageDown");
  assertEquals([find(".fe-position").textContent, hand().split(" ")[0]], ["time 1", "x[1,"]);
  find("[aria-label='last frame']").click();
  assertEquals(find(".fe-position").textContent, "time 4");
  page.restore();
});

Deno.test("tensor: another value takes the place of the first, with the first cell in hand", () => {
  const { page, python, press, hand, find } = open([3, 4]);
  press("End");
  python.change(traitsOf([2, 2, 2], {}, {}));
  assertEquals(hand(), "x[0, 0, 0] = 0");
  assert(find(".fe-state").textContent!.startsWith("rank 3 · (2, 2, 2)"));
  assertEquals(find(".fe-axes").children.length, 3);
  python.change(traitsOf([], { cells: Float64Array.of(7) }, {}));
  assertEquals([hand(), find(".fe-axes").children.length], ["x = 7", 0]);
  page.restore();
});

Deno.test("tensor: without elements it says so and nothing can be taken", () => {
  for (const shape of [[0], [0, 3], [2, 0, 3], [2, 0, 3, 1]]) {
    const { page, python, find, press, written } = open(shape);
    assert(written().includes("No elements to draw: an axis has size 0."));
    assert(find(".fe-hand").hidden);
    for (const key of ["ArrowRight", "ArrowDown", "End", "PageDown", "z", "Enter"]) press(key);
    assertEquals([python.sent.length, python.saves()], [0, 0]);
    page.restore();
  }
});

Deno.test("tensor: NaN and infinities are marked, a value beyond the colours too", () => {
  const drawing = {
    cells: Float64Array.of(NaN, Infinity, -Infinity, 3),
    marks: Uint8Array.of(1, 2, 4, 0),
  };
  /** Strokes by colour, and filled shapes, of the next picture. */
  const next = ({ page, find, python }: ReturnType<typeof open>, more: Partial<TensorTraits>) => {
    const canvas = find(".fe-tensor-picture canvas");
    page.painted(canvas);
    python.change(more);
    page.frames();
    const painted = page.painted(canvas);
    const strokes = new Map<string, number>();
    for (const { call, stroke } of painted) {
      if (call === "stroke") strokes.set(stroke, (strokes.get(stroke) ?? 0) + 1);
    }
    return { strokes, filled: painted.filter(({ call }) => call === "fill").length };
  };
  const plain = open([4]);
  const usual = next(plain, { title: "again" }).strokes;
  assertEquals(next(plain, { title: "and again" }).filled, 0);
  assertEquals(next(plain, { low: 1, high: 2 }).filled, 2);
  plain.page.restore();
  const marked = open([4], drawing);
  const found = next(marked, { title: "again" }).strokes;
  const more = [...found].filter(([colour, count]) => count === 3 + (usual.get(colour) ?? 0));
  assertEquals(more.length, 2);
  assertEquals(marked.hand(), "x[0] = NaN");
  marked.press("ArrowRight");
  assertEquals(marked.hand(), "x[1] = inf");
  marked.page.restore();
});

Deno.test("tensor: the numbers stand in a table when it is opened, of the layer in hand", () => {
  const { page, find, press, el } = open([2, 2, 2]);
  const fold = [...el.querySelectorAll("details")].find((it) =>
    it.querySelector("summary")!.textContent === "The numbers"
  )!;
  const cells = () => [...fold.querySelectorAll("td")].map((it) => it.textContent);
  assertEquals(cells(), []);
  press("PageDown");
  fold.open = true;
  page.fire(fold, "toggle");
  assertEquals(cells(), ["4", "5", "6", "7"]);
  assertEquals(find(".fe-scroll[role=group]").getAttribute("tabindex"), "0");
  page.restore();
});

Deno.test("tensor: a new title and an error of Python are shown", () => {
  const { page, python, find } = open([3]);
  python.change({ title: "Ages" });
  assertEquals(find("h2").textContent, "Ages");
  python.change({ chosen: { ...everything([3]), error: "Index 9 is out of range." } });
  assertEquals(find(".fe-index [role=alert]").textContent, "Index 9 is out of range.");
  page.restore();
});

Deno.test("tensor: looking around sends nothing to Python", () => {
  const { page, press, python, controller } = open([3, 4, 5]);
  for (const key of ["ArrowRight", "ArrowDown", "PageDown", "End", "Home", "+", "-"]) press(key);
  for (const key of ["ArrowLeft", "ArrowUp"]) press(key, { shiftKey: true });
  page.frames(100);
  page.frames(1000);
  assertEquals([python.sent.length, python.saves()], [0, 0]);
  controller.abort();
  page.restore();
});

Deno.test("tensor: closing the view leaves no listener on the page or on the model, and asks for no frame", () => {
  for (const shape of [[], [3], [3, 4], [2, 3, 4], [2, 2, 2, 2], [0, 2]]) {
    const { page, python, controller, press } = open(shape);
    press("ArrowRight");
    assert(page.listeners() > 20 && python.heard() > 5 && page.observers() > 1);
    controller.abort();
    assertEquals([page.listeners(), python.heard(), page.observers()], [0, 0, 0]);
    page.frames(1000);
    assertEquals(page.frames(1000), 0);
    page.restore();
  }
});
