/** The table of runs: their settings, results, and the test result once the learner opens it. */
import { h, number, text } from "../dom.ts";
import { metricWords, testedWords } from "./story.ts";
import type { Choices, RunRow } from "./traits.ts";

/** `choose` is called with the number of the run to put on the card. */
export function createRuns(
  signal: AbortSignal,
  choices: Choices,
  choose: (run: number) => void,
): {
  element: HTMLElement;
  /** `onCard` is the run shown; `busy` while a run goes on and none other can be. */
  update(runs: RunRow[], onCard: number, busy: boolean): void;
} {
  const body = h("tbody");
  const heads = ["run", "settings", "epochs", "best", "val loss", "val accuracy", "test"]
    .map((head) => h("th", { scope: "col" }, head));
  const table = h(
    "table",
    { class: "fe-runs" },
    h("caption", { class: "fe-hidden" }, "Runs so far"),
    h("thead", {}, h("tr", {}, ...heads)),
    body,
  );
  const element = h(
    "div",
    { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "Runs so far", hidden: true },
    table,
  );
  let shown = "";
  const chooser = (run: number, chosen: boolean, busy: boolean) => {
    const button = h("button", {
      type: "button",
      class: "fe-small",
      "aria-label": `show run ${run}`,
      "aria-pressed": String(chosen),
      disabled: busy,
      title: busy ? "A run is going on" : "put this run on the card, to replay it",
    }, `${chosen ? "●" : "○"} ${run}`);
    button.addEventListener("click", () => choose(run), { signal });
    return button;
  };
  return {
    element,
    update(runs, onCard, busy) {
      const next = JSON.stringify([runs, onCard, busy]);
      if (next === shown) return;
      shown = next;
      element.hidden = runs.length === 0;
      if (runs.length) text(heads[5], `val ${runs[runs.length - 1].metric}`);
      body.replaceChildren(
        ...runs.map((run) =>
          h(
            "tr",
            { class: run.run === onCard ? "fe-now" : null },
            h("th", { scope: "row" }, chooser(run.run, run.run === onCard, busy)),
            h("td", {}, run.settings),
            ...values(run, choices).map((value, at) =>
              h("td", { class: "fe-number", "data-name": heads[at + 2].textContent }, value)
            ),
          )
        ),
      );
    },
  };
}

/** What stands under the heads from "epochs" on. */
const values = (run: RunRow, choices: Choices) => [
  `${run.epochs ?? "…"}${run.outcome === "early stopped" ? " stopped early" : ""}${
    run.outcome === "failed" ? " failed" : ""
  }`,
  run.best === null ? "–" : String(run.best),
  number(run.val_loss),
  run.val_metric === null ? "–" : metricWords(run.metric, run.val_metric),
  tested(run, choices),
];

function tested(run: RunRow, choices: Choices): string {
  if (!run.has_test) return "–";
  return run.test ? testedWords(run, choices) : "sealed";
}
