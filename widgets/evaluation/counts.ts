/** The four counts in words, and every row as a mark that changes sides when the threshold passes its output. */
import { boxOf, h, number, text } from "../dom.ts";
import { count, rowsOf, type Scene, short, whole } from "./scene.ts";
import type { Points } from "./traits.ts";

const SVG = "http://www.w3.org/2000/svg";
const WIDEST = 15, NARROWEST = 3;
/** Pixels of height that a class should take. */
const HEIGHT = 96;

const CELLS = [
  ["tn", "right", "true negatives"],
  ["fp", "false alarms", "false positives"],
  ["fn", "missed", "false negatives"],
  ["tp", "found", "true positives"],
] as const;

export interface Counts {
  readonly element: HTMLElement;
  /** Other rows. */
  take(points: Points, scene: Scene): void;
  show(scene: Scene): void;
  layOut(): void;
}

export function createCounts(): Counts {
  const heads = [h("th", { scope: "col" }), h("th", { scope: "col" })];
  const sides = [h("th", { scope: "row" }), h("th", { scope: "row" })];
  const cells = CELLS.map(([name, words, term]) => {
    const value = h("b", { class: "fe-number" });
    const field = h("div", { class: "fe-eval-field" });
    const good = name === "tn" || name === "tp";
    const element = h(
      "td",
      { class: good ? "fe-eval-good" : "fe-eval-bad" },
      h("div", { class: "fe-eval-count" }, value, ` ${words}`, h("small", {}, ` ${term}`)),
      field,
    );
    return { name, value, field, element };
  });
  const svg = document.createElementNS(SVG, "svg") as SVGSVGElement;
  svg.setAttribute("class", "fe-eval-marks");
  svg.setAttribute("aria-hidden", "true");
  const caption = h("caption", { class: "fe-hidden" });
  const table = h(
    "table",
    {},
    caption,
    h("thead", {}, h("tr", {}, h("td"), ...heads)),
    h(
      "tbody",
      {},
      h("tr", {}, sides[0], cells[0].element, cells[1].element),
      h("tr", {}, sides[1], cells[2].element, cells[3].element),
    ),
  );
  const legend = h("p", { class: "fe-eval-legend" });
  const element = h("div", { class: "fe-eval-counts" }, h("div", {}, table, svg), legend);

  let marks: SVGPathElement[] = [];
  let actual: number[] = [], falls: number[] = [];
  /** Place of each row among those of its class, from the lowest output and from the highest. */
  let rising: number[] = [], falling: number[] = [];
  let last: Scene | null = null;
  let place: { left: number; top: number; columns: number; pitch: number }[] = [];

  function layOut(): void {
    if (!marks.length || !last) return;
    const sizes = [0, 1].map((kind) => actual.filter((one) => one === kind).length);
    const width = cells[0].field.clientWidth;
    if (!width) return;
    const pitch = sizes.map((size) =>
      Math.max(NARROWEST, Math.min(WIDEST, Math.sqrt(width * HEIGHT / Math.max(1, size))))
    );
    const one = Math.min(...pitch);
    const columns = Math.max(1, Math.floor(width / one));
    cells.forEach(({ field }, cell) => {
      const rows = Math.ceil(sizes[cell >> 1] / columns);
      field.style.height = `${Math.max(1, rows) * one + 2}px`;
    });
    const outer = boxOf(table);
    place = cells.map(({ field }) => {
      const inner = boxOf(field);
      return { left: inner.left - outer.left, top: inner.top - outer.top, columns, pitch: one };
    });
    svg.setAttribute("width", String(outer.width));
    svg.setAttribute("height", String(outer.height));
    const size = one * 0.38;
    const shapes = [
      `M${-size},0a${size},${size} 0 1,0 ${2 * size},0a${size},${size} 0 1,0 ${-2 * size},0`,
      `M${-size},${-size}h${2 * size}v${2 * size}h${-2 * size}z`,
    ];
    marks.forEach((mark, row) => mark.setAttribute("d", shapes[actual[row]]));
    // Only a threshold makes them fly, not their first place nor another width.
    svg.classList.add("fe-eval-jump");
    move();
    svg.getBoundingClientRect();
    svg.classList.remove("fe-eval-jump");
  }

  function move(): void {
    if (!last) return;
    marks.forEach((mark, row) => {
      const predicted = last!.cut < falls[row] ? 1 : 0;
      mark.setAttribute(
        "class",
        `fe-eval-mark fe-eval-${actual[row] ? "one" : "zero"}${
          predicted === actual[row] ? "" : " fe-wrong"
        }`,
      );
      if (!place.length) return;
      const { left, top, columns, pitch } = place[2 * actual[row] + predicted];
      const at = predicted ? falling[row] : rising[row];
      const x = left + (at % columns + 0.5) * pitch;
      const y = top + (Math.floor(at / columns) + 0.5) * pitch;
      mark.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    });
  }

  function names(scene: Scene): [string, string] {
    const { classes, positive, task } = scene.report;
    return task === "multiclass"
      ? ["the rest", classes[positive]]
      : [classes[0] ?? "0", classes[1] ?? "1"];
  }

  return {
    element,
    layOut,
    take(points, scene) {
      actual = points.actual ?? [];
      falls = points.falls ?? [];
      const outputs = points.outputs ?? [];
      const [zero, one] = names(scene);
      marks = actual.map((kind, row) => {
        const mark = document.createElementNS(SVG, "path") as SVGPathElement;
        const title = document.createElementNS(SVG, "title");
        title.textContent = `${scene.noun} ${points.names?.[row]}: output ${
          number(outputs[row], 4)
        }, ${kind ? one : zero}`;
        mark.append(title);
        return mark;
      });
      svg.replaceChildren(...marks);
      rising = new Array(actual.length);
      falling = new Array(actual.length);
      const order = actual.map((_, row) => row).sort((a, b) => falls[a] - falls[b] || a - b);
      for (const kind of [0, 1]) {
        const own = order.filter((row) => actual[row] === kind);
        own.forEach((row, at) => {
          rising[row] = at;
          falling[row] = own.length - 1 - at;
        });
      }
      last = scene;
      text(
        legend,
        marks.length
          ? `● ${zero} · ■ ${one} · hollow: wrong${
            (points.each ?? 1) > 1
              ? ` · a mark stands for about ${rowsOf(points.each!, scene.noun)}`
              : ""
          }`
          : "",
      );
      cells.forEach(({ field }) => field.hidden = !marks.length);
      layOut();
    },
    show(scene) {
      last = scene;
      const [zero, one] = names(scene), at = short(scene.threshold);
      text(heads[0], `predicted ${zero}: output ≤ ${at}`);
      text(heads[1], `predicted ${one}: output > ${at}`);
      text(sides[0], zero);
      text(sides[1], one);
      text(
        caption,
        `Counts of ${whole(scene.report.n)} ${scene.noun}s at threshold ${at}; actual class by row`,
      );
      for (const { name, value } of cells) text(value, whole(count(scene, name)));
      move();
    },
  };
}
