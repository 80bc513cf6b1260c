/** The numbers behind the picture, update by update, and the code that repeats the run. */
import { h, part, text } from "../dom.ts";
import type { Frames } from "../recording.ts";
import type { Timeline } from "./timeline.ts";
import type { Report } from "./traits.ts";

export interface Tables {
  readonly elements: HTMLElement[];
  update(frames: Frames, timeline: Timeline, report: Report, update: number, code: string): void;
}

const AROUND = 50;
const HEADS = [
  "update",
  "epoch",
  "batch",
  "rows",
  "batch loss",
  "loss, all rows",
  "batch gradient",
  "full gradient",
  "angle",
  "rows processed",
  "GD updates",
  "GD loss",
];

export function createTables(signal: AbortSignal, opened: () => void): Tables {
  const caption = h("caption");
  const body = h("tbody");
  const table = h(
    "table",
    {},
    caption,
    h("thead", {}, h("tr", {}, ...HEADS.map((name) => h("th", { scope: "col" }, name)))),
    body,
  );
  const numbers = h(
    "details",
    {},
    h("summary", {}, "The numbers"),
    h("div", {
      class: "fe-scroll",
      tabindex: 0,
      role: "group",
      "aria-label": "the numbers, scrolls",
    }, table),
  );
  const program = h("pre", { class: "fe-code", tabindex: 0 });
  const code = h("details", {}, h("summary", {}, "The code"), program);
  for (const fold of [numbers, code]) fold.addEventListener("toggle", opened, { signal });
  let filled = "";

  return {
    elements: [part("numbers", numbers), part("code", code)],
    update(frames, timeline, report, update, source) {
      if (code.open) text(program, source);
      if (!numbers.open) return;
      const from = Math.max(0, update - AROUND), to = Math.min(frames.length, update + AROUND + 1);
      const key = `${frames.run} ${from} ${to}`;
      if (key !== filled) {
        filled = key;
        body.replaceChildren(
          ...Array.from({ length: to - from }, (_, at) => rowOf(frames, timeline, from + at)),
        );
        const all = to - from === frames.length;
        text(
          caption,
          `The state before each update of SGD, its batch and both gradients (sizes in the space of all ${report.weights} weights)${
            all ? "" : `; updates ${from} to ${to - 1} of ${frames.length - 1}`
          }.`,
        );
      }
      for (const [at, row] of [...body.children].entries()) {
        row.classList.toggle("fe-current", from + at === update);
        if (from + at === update) row.setAttribute("aria-current", "true");
        else row.removeAttribute("aria-current");
      }
    },
  };
}

function rowOf(frames: Frames, timeline: Timeline, update: number): HTMLTableRowElement {
  const value = (name: string) => frames.value(name, update);
  const last = update >= timeline.updates;
  const batch = (words: string) => last ? "–" : words;
  const exact = (name: string) => value(name).toPrecision(6).replace("-", "−");
  const cells = [
    String(value("epoch") + 1),
    batch(`${value("batch") + 1} of ${timeline.batches}`),
    batch(String(value("count"))),
    batch(exact("batch_loss")),
    exact("loss"),
    batch(exact("gradient_size")),
    exact("full_size"),
    batch(`${value("angle").toFixed(1)}°`),
    String(value("processed")),
    String(value("gd_updates")),
    exact("gd_loss"),
  ];
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, String(update)),
    ...cells.map((cell) => h("td", {}, cell)),
  );
}
