/** What an optimizer remembers, as a table, and its rule with the numbers of a step. */
import { h, number, text } from "../dom.ts";
import type { Race, Runner } from "./race.ts";
import { ruleOf } from "./rules.ts";

/** What Keras calls a state, and what it is. */
const STATES: Record<string, Record<string, string>> = {
  momentum: { momentum: "m, the velocity" },
  nesterov: { momentum: "m, the velocity" },
  adagrad: { accumulator: "s, sum of g²" },
  rmsprop: { velocity: "v, average of g²", momentum: "m, the velocity" },
  adam: { momentum: "m, average of g", velocity: "v, average of g²" },
};
STATES.adamw = STATES.adam;

export function drawStates(
  table: HTMLTableElement,
  race: Race,
  runner: Runner,
  frame: number,
): void {
  const rows: [string, ArrayLike<number>][] = runner.states.map((name) => [
    STATES[runner.spec.name]?.[name] ?? name.replaceAll("_", " "),
    race.row(runner, name, frame),
  ]);
  if (runner.drawn.includes("effective_rate") && frame > 0) {
    rows.push(["effective learning rate", race.row(runner, "effective_rate", frame)]);
  }
  table.hidden = !rows.length;
  while (table.children.length > rows.length + 1) table.lastElementChild!.remove();
  if (!table.children.length) {
    table.append(
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "state"),
        h("th", { scope: "col" }, "w₁"),
        h("th", { scope: "col" }, "w₂"),
      ),
    );
  }
  rows.forEach(([name, values], place) => {
    let row = table.children[place + 1];
    if (!row) {
      table.append(row = h("tr", {}, h("th", { scope: "row" }), h("td"), h("td")));
    }
    text(row.children[0], name);
    [0, 1].forEach((axis) => {
      text(row.children[axis + 1], number(values[axis], 4));
      row.children[axis + 1].setAttribute("title", String(values[axis]));
    });
  });
}

export function drawRule(element: HTMLElement, race: Race, runner: Runner, frame: number): void {
  const lines = ruleOf(race, runner, frame);
  const wanted = lines.flatMap(({ symbols, numbers }) => [symbols, ...numbers]);
  if (!lines.length) {
    wanted.push("Keras has the rule of this optimizer; it is not written out here.");
  } else if (frame === 0) wanted.push("No step yet.");
  while (element.children.length > wanted.length) element.lastElementChild!.remove();
  wanted.forEach((words, at) => {
    if (!element.children[at]) element.append(h("p"));
    const line = element.children[at];
    text(line, words);
    line.className = lines.some(({ symbols }) => symbols === words) ? "fe-symbols" : "fe-numbers";
  });
}
