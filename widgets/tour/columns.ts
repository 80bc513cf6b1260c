/** What each raw column holds, as a table below the table. */
import { h } from "../dom.ts";
import type { Facts } from "./traits.ts";

const KINDS: Record<string, string> = {
  number: "number, standardised",
  category: "category",
  gaps: "only its gaps",
  target: "the target",
  "left out": "left out",
};

const WORDS = ["meaning", "taken as", "holds"];

const head = (name: string) =>
  h("th", { scope: "col", class: WORDS.includes(name) ? "fe-tour-words" : null }, name);

export function createColumns(facts: Facts): HTMLElement {
  const explained = facts.columns.some((column) => column.meaning);
  const heads = [
    "column",
    ...(explained ? ["meaning"] : []),
    "taken as",
    "inputs",
    "min",
    "mean",
    "max",
    "holds",
  ];
  const lines = facts.columns.map((column) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, column.name),
      ...(explained ? [h("td", { class: "fe-tour-words" }, column.meaning)] : []),
      h("td", { class: "fe-tour-words", title: column.became || null }, KINDS[column.kind]),
      h("td", {}, String(column.inputs)),
      ...column.span.map((value) => h("td", {}, value)),
      h("td", { class: "fe-tour-words" }, column.holds),
    )
  );
  return h(
    "div",
    { class: "fe-tour-panel" },
    h("h3", {}, `The ${facts.columns.length} columns`),
    h(
      "div",
      { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "The columns" },
      h(
        "table",
        { class: "fe-number" },
        h("thead", {}, h("tr", {}, ...heads.map(head))),
        h("tbody", {}, ...lines),
      ),
    ),
    ...facts.notes.map((note) => h("p", { class: "fe-tour-note" }, note)),
  );
}
