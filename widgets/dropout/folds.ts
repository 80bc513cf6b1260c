/** The numbers behind the picture, the code that draws the same masks, and why units are dropped at all. */
import { h, number, text } from "../dom.ts";
import type { Frames } from "../recording.ts";
import type { Facts } from "./traits.ts";
import { whole } from "./words.ts";

export interface Folds {
  readonly elements: HTMLElement[];
  update(frames: Frames, facts: Facts, frame: number, unit: number, code: string): void;
}

const HEADS = [
  "unit",
  "before",
  "kept?",
  "after",
  "mean so far",
  "± standard error",
  "at inference",
];
const WHY = [
  "Geoffrey Hinton told (2016) how he got the idea at his bank. The tellers behind the counter kept changing, and when he asked one of them why, the man did not know: they were simply moved about a lot. It must be, Hinton thought, because it takes several of them working together to cheat the bank; keep them moving, and no plot holds. So he let chance send away a different set of units for every example. A unit that cannot rely on its neighbours being there has to be of use by itself: no conspiracies between units, less overfitting.",
  "The paper: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, Dropout, Journal of Machine Learning Research 15 (2014), 1929–1958. Beware of its p: that is the share kept, and the weights are multiplied by p at inference. Keras's rate is the share dropped, and Keras scales the survivors by 1 / (1 − rate) while training, so that inference needs no change. The whole network at inference is an approximation to the average of all the thinned ones.",
];

export function createFolds(signal: AbortSignal, opened: () => void): Folds {
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
    { "data-fe-part": "numbers" },
    h("summary", {}, "The numbers"),
    h(
      "div",
      { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "the numbers, scrolls" },
      table,
    ),
  );
  const program = h("pre", { class: "fe-code", tabindex: 0 });
  const code = h("details", { "data-fe-part": "code" }, h("summary", {}, "The code"), program);
  const why = h(
    "details",
    { class: "fe-why", "data-fe-part": "why" },
    h("summary", {}, "Why drop units?"),
    ...WHY.map((words) => h("p", {}, words)),
  );
  for (const fold of [numbers, code]) fold.addEventListener("toggle", opened, { signal });

  return {
    elements: [why, numbers, code],
    update(frames, facts, frame, unit, source) {
      if (code.open) text(program, source);
      if (!numbers.open) return;
      while (body.children.length > facts.listed) body.lastElementChild!.remove();
      while (body.children.length < facts.listed) {
        const cells = HEADS.slice(1).map(() => h("td"));
        body.append(h("tr", {}, h("th", { scope: "row" }), ...cells));
      }
      const row = (name: string) => frames.row(name, frame);
      const [before, after, mean, error, kept] = ["before", "after", "mean", "error", "kept"].map(
        row,
      );
      const line = (facts.row - facts.first_row) * facts.listed;
      const exact = (value: number) => number(value, 6);
      for (const [at, tr] of [...body.children].entries()) {
        const cells = [
          String(at + 1),
          exact(before[at]),
          kept[line + at] ? "kept" : "dropped ✕",
          exact(after[at]),
          exact(mean[at]),
          exact(error[at]),
          exact(facts.expected[at]),
        ];
        cells.forEach((cell, column) => text(tr.children[column], cell));
        tr.classList.toggle("fe-current", at === unit);
      }
      text(
        caption,
        `Batch ${whole(frame + 1)}, row ${whole(facts.row + 1)}${
          facts.training ? `: what is kept is multiplied by ${number(facts.scale, 6)}` : ""
        }${
          facts.listed < facts.units
            ? `. The first ${facts.listed} of ${whole(facts.units)} units`
            : ""
        }.`,
      );
    },
  };
}
