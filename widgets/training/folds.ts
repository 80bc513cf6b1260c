/** The folds under the card: the numbers by epoch, the Keras code of the run, and the sealed test set. */
import type { AnyModel } from "@anywidget/types";
import { h, number, text } from "../dom.ts";
import type { Frames } from "../recording.ts";
import { looksSentence } from "../seals.ts";
import { createExport } from "./export.ts";
import { answerIn, answersAt } from "./prediction.ts";
import { testWords } from "./story.ts";
import type { TrainingTraits } from "./traits.ts";

const COLUMNS = ["loss", "val_loss", "metric", "val_metric"];
const RATE = "learning_rate";

export interface Folds {
  elements: HTMLElement[];
  /** The run or its results changed. */
  settle(frames: Frames): void;
}

export function createFolds(
  model: AnyModel<TrainingTraits>,
  signal: AbortSignal,
  send: (kind: string) => void,
): Folds {
  let frames: Frames | null = null;

  const rows = h("tbody");
  const heads = ["epoch", "loss", "val loss", "accuracy", "val accuracy", "learning rate", ""]
    .map((name) => h("th", { scope: "col" }, name));
  const numbers = h(
    "details",
    { "data-fe-part": "numbers" },
    h("summary", {}, "The numbers"),
    h(
      "div",
      { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "Numbers by epoch" },
      h("table", {}, h("thead", {}, h("tr", {}, ...heads)), rows),
    ),
  );
  const fill = () => {
    if (!numbers.open || !frames) return;
    const { metric } = model.get("report");
    text(heads[3], metric);
    text(heads[4], `val ${metric}`);
    const scheduled = frames.has(RATE);
    heads[5].hidden = !scheduled;
    const answer = answerIn(frames, model);
    heads[6].hidden = !answer;
    if (answer) text(heads[6], `row ${frames.settings.patient}: ${answer.name}`);
    const lines: Node[] = [];
    for (let frame = 0; frame < frames.length; frame++) {
      if (frames.value("batch", frame) >= 0) continue;
      const cells = [...COLUMNS, ...(scheduled ? [RATE] : [])].map((name) =>
        h("td", { class: "fe-number" }, number(frames!.value(name, frame), 4))
      );
      if (answer) {
        const value = number(answersAt(frames, answer, frame)[0], 4);
        cells.push(h("td", { class: "fe-number" }, value));
      }
      const epoch = String(frames.value("epoch", frame) + 1);
      lines.push(h("tr", {}, h("th", { scope: "row" }, epoch), ...cells));
    }
    rows.replaceChildren(...lines);
  };
  numbers.addEventListener("toggle", fill, { signal });

  const source = h("code");
  const copy = h("button", { type: "button", class: "fe-small" }, "Copy the code");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(model.get("code"));
      text(copy, "Copied");
    } catch {
      getSelection()?.selectAllChildren(source);
      text(copy, "Selected: press Ctrl+C");
    }
  }, { signal });
  const code = h(
    "details",
    { "data-fe-part": "code" },
    h("summary", {}, "The Keras code of this run"),
    copy,
    h("pre", { tabindex: 0, role: "group", "aria-label": "Keras code" }, source),
  );

  const files = createExport(model, signal);
  const open = h("button", { type: "button" }, "Open the test set");
  open.addEventListener("click", () => send("open_test_set"), { signal });
  const result = h("p", { class: "fe-number", role: "status" });
  const looked = h("p");
  const test = h(
    "details",
    { "data-fe-part": "test" },
    h("summary", {}, "The test set"),
    h(
      "p",
      {},
      `${
        model.get("choices").test_rows
      } rows the network has never seen. Open them once, when you have decided on your settings: choosing settings by the test result would make it a second validation set.`,
    ),
    open,
    result,
    looked,
  );

  const { columns, notes } = model.get("choices");
  const prepared = h(
    "details",
    { "data-fe-part": "columns" },
    h("summary", {}, "The columns and what became of them"),
    ...notes.map((note) => h("p", {}, note)),
    h(
      "div",
      { class: "fe-scroll fe-columns", tabindex: 0, role: "group", "aria-label": "Columns" },
      h(
        "table",
        {},
        h(
          "tbody",
          {},
          ...columns.map(([name, words]) =>
            h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, words))
          ),
        ),
      ),
    ),
  );

  return {
    elements: [...(columns.length ? [prepared] : []), numbers, code, files.element, test],
    settle(received) {
      frames = received;
      text(source, model.get("code"));
      text(copy, "Copy the code");
      files.update();
      const run = model.get("runs").find((row) => row.run === model.get("report").run);
      open.disabled = !run?.has_test || run.test !== null;
      open.title = run?.has_test ? "" : "Train first";
      text(looked, looksSentence(model.get("seal")));
      text(result, run?.test ? testWords(run, model.get("choices")) : "");
      fill();
    },
  };
}
