/** The numbers of every update as a table. */
import { h, number } from "../dom.ts";
import type { Frames } from "../recording.ts";
import type { Facts } from "./traits.ts";

const HEADS = [
  "update",
  "rows dealt",
  "loss",
  "gradient 1, length",
  "gradient 2, length",
  "degrees between",
  "sum, length",
  "sum and gradient of one device differ by",
  "weights of devices 1 and 2 differ by",
  "weights of one device differ by",
];

export interface Table {
  readonly element: HTMLElement;
  fill(frames: Frames): void;
  /** Mark the update that is shown. */
  mark(update: number): void;
}

export function createTable(): Table {
  const caption = h("caption"), body = h("tbody");
  const head = h("thead", {}, h("tr", {}, ...HEADS.map((name) => h("th", { scope: "col" }, name))));
  return {
    element: h(
      "div",
      { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "Every update" },
      h("table", {}, caption, head, body),
    ),
    fill(frames) {
      const facts = frames.settings as unknown as Facts;
      caption.textContent = frames.length
        ? `Loss: ${facts.loss.replaceAll("_", " ")}. Differences are the largest of ${
          facts.parameters.toLocaleString("en-US")
        } numbers.`
        : "Nothing has been run yet.";
      body.replaceChildren(...Array.from({ length: frames.length }, (_, frame) => {
        const value = (name: string) => number(frames.value(name, frame), 4);
        const [first, second] = frames.row("dealt", frame);
        const norms = frames.row("gradient_norm", frame);
        const cells = [
          frame ? `${first} + ${second}` : "–",
          value("loss"),
          number(norms[0], 4),
          number(norms[1], 4),
          value("angle"),
          value("reduced_norm"),
          value("gradient_difference"),
          value("replica_difference"),
          value("single_difference"),
        ];
        return h(
          "tr",
          {},
          h("th", { scope: "row" }, frame ? String(frame) : "start"),
          ...cells.map((cell) => h("td", { class: "fe-number" }, cell)),
        );
      }));
    },
    mark(update) {
      [...body.children].forEach((row, at) => row.classList.toggle("fe-current", at === update));
    },
  };
}
