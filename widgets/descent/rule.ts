/** The rule of the step, once in letters and once in this step's numbers. */
import { h, text } from "../dom.ts";
import type { Run } from "./traits.ts";
import { ruleLines } from "./words.ts";

export interface Rule {
  readonly element: HTMLElement;
  update(run: Run, frame: number): void;
}

export function createRule(): Rule {
  const letters = h("p", { class: "fe-rule-letters" });
  const lines = [0, 1].map(() => {
    const start = h("span"), result = h("b");
    return { start, result, element: h("p", { class: "fe-rule-numbers" }, start, " ", result) };
  });
  const source = h("p", { class: "fe-note" });
  const element = h(
    "section",
    { class: "fe-rule fe-number" },
    h("h3", {}, "The rule"),
    letters,
    ...lines.map(({ element }) => element),
    source,
  );
  return {
    element,
    update(run, frame) {
      const { facts } = run;
      const name = facts.weights === 1 ? "g′(w)" : "∇g(w)";
      text(
        letters,
        facts.plain
          ? `w ← w − α · ${name}`
          : facts.rule.replaceAll("g′(w)", name) || facts.optimizer,
      );
      const now = ruleLines(run, frame);
      lines.forEach(({ start, result, element }, place) => {
        const line = now[place];
        element.hidden = !line;
        if (!line) return;
        text(start, `${line.name} ← ${line.sum}`);
        text(result, `= ${line.result}`);
      });
      const how = facts.differentiated_by === "formula"
        ? ""
        : `${name} by ${facts.differentiated_by}${facts.note ? `: ${facts.note}` : ""}. `;
      const whose = facts.plain ? "" : `The step is Keras's own (${facts.optimizer}).`;
      text(source, how + whose);
      source.hidden = !source.textContent;
    },
  };
}
