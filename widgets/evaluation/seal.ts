/** Which rows are evaluated, and the sealed test set. */
import type { AnyModel } from "@anywidget/types";
import { h, text, uniqueId } from "../dom.ts";
import { looksSentence } from "../seals.ts";
import { rowsOf } from "./scene.ts";
import type { EvaluationTraits } from "./traits.ts";

const KINDS = ["training", "validation", "test"] as const;

const SHOWS = {
  binary: "the confusion counts at any threshold, the ROC and the precision-recall curve, " +
    "calibration, intervals, and every row it got wrong",
  multiclass: "the confusion matrix, precision and recall of each class, each class against the " +
    "rest at any threshold, intervals, and every row it got wrong",
  regression: "predicted against actual, the errors in the target's own unit, their intervals, " +
    "and the rows furthest off",
};

export function createSeal(
  model: AnyModel<EvaluationTraits>,
  signal: AbortSignal,
  send: (kind: string) => void,
): { choice: HTMLElement; panel: HTMLElement; update(sealed: boolean): void } {
  const name = uniqueId();
  const kinds = KINDS.map((kind) => {
    const input = h("input", { type: "radio", name, value: kind });
    input.addEventListener("change", () => {
      model.set("rows", kind);
      model.save_changes();
    }, { signal });
    const words = h("span");
    return { kind, input, words, label: h("label", { class: "fe-inline" }, input, words) };
  });
  const button = (words: string, kind: string, primary: boolean) => {
    const made = h("button", { type: "button", class: primary ? "fe-primary" : null }, words);
    made.addEventListener("click", () => {
      made.disabled = true;
      text(made, "Asking the model…");
      send(kind);
    }, { signal });
    const ready = () => {
      made.disabled = false;
      text(made, words);
    };
    return { made, ready };
  };
  const open = button("Open the test set", "open_test_set", true);
  const again = button("Evaluate the model as it is now", "refresh", false);
  const remembered = h("p", { class: "fe-eval-looks" });
  const shows = h("p");
  return {
    choice: h(
      "fieldset",
      { class: "fe-eval-rows", "data-fe-part": "rows" },
      h("legend", { class: "fe-hidden" }, "Rows that are evaluated"),
      ...kinds.map(({ label }) => label),
      again.made,
    ),
    panel: h(
      "div",
      { class: "fe-eval-seal" },
      h("h3", {}, "The test set is sealed"),
      shows,
      h(
        "p",
        {},
        "Open it once the model is chosen. Each look is a chance to fool yourself: whoever changes the model " +
          "after a look has made the test set part of the training. Other rows may be looked at as often as you like.",
      ),
      open.made,
      remembered,
    ),
    update(sealed) {
      const seal = model.get("seal"), noun = model.get("row_name"), opened = model.get("opened");
      for (const { kind, input, words, label } of kinds) {
        input.checked = model.get("rows") === kind;
        const rows = seal.counts[kind];
        label.hidden = kind === "validation" && !rows;
        input.disabled = kind !== "test" && !seal.asks;
        label.title = input.disabled
          ? "The card was given predictions for the test rows; give the model for others"
          : "";
        const state = kind !== "test" ? "" : opened ? "" : ", sealed";
        text(words, `${kind}: ${rowsOf(rows, noun)}${state}`);
      }
      open.ready();
      again.ready();
      again.made.hidden = sealed || !seal.asks;
      again.made.title = model.get("rows") === "test"
        ? "asks the model anew; it counts as another look at the test set"
        : "asks the model anew";
      text(
        shows,
        `It holds ${rowsOf(seal.counts.test, noun)}. Opened, it shows ${SHOWS[seal.task]}.`,
      );
      text(remembered, looksSentence(seal));
    },
  };
}
