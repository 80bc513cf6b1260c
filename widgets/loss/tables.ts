/** The terms as a table, filled when it is opened. */
import { h, part } from "../dom.ts";
import type { State } from "./traits.ts";
import { percent, shown, total } from "./words.ts";

export interface Table {
  readonly element: HTMLElement;
  update(state: State): void;
}

const MOST = 1_000;

export function createTable(signal: AbortSignal): Table {
  let now: State | null = null;
  const scroll = h("div", {
    class: "fe-scroll fe-number",
    tabindex: 0,
    role: "group",
    "aria-label": "The terms of all rows",
  });
  const element = part("numbers", h("details", {}, h("summary", {}, "The numbers"), scroll));
  element.addEventListener("toggle", () => fill(), { signal });

  function fill(): void {
    if (!element.open || !now) return;
    const { set, facts, y, outputs, terms, row } = now, sum = total(now) || 1;
    const body = h("tbody");
    for (let k = 0; k < Math.min(MOST, set.count); k++) {
      const cells = [String(y[k]), shown(outputs[k]), shown(terms[k]), percent(terms[k] / sum)];
      body.append(
        h(
          "tr",
          { class: k === row ? "fe-current" : null },
          h("th", { scope: "row" }, String(k)),
          ...cells.map((words) => h("td", {}, words)),
        ),
      );
    }
    const heads = [facts.row_name, "y", "model(x)", "term", "share of the sum"];
    const more = set.count > MOST ? `, the first ${MOST}` : "";
    scroll.replaceChildren(
      h(
        "table",
        {},
        h("caption", {}, `${set.name}: ${set.count} terms${more}; mean ${shown(now.mean)}`),
        h("thead", {}, h("tr", {}, ...heads.map((words) => h("th", { scope: "col" }, words)))),
        body,
      ),
    );
  }

  return {
    element,
    update(state) {
      now = state;
      fill();
    },
  };
}
