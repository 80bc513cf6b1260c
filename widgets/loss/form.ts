/** What is looked at, and what is changed by hand: the rows, the row in hand, its output, its y. */
import { fill, h, part } from "../dom.ts";
import type { LossTraits, State } from "./traits.ts";

export interface Form {
  readonly element: HTMLElement;
  update(state: State, traits: Pick<LossTraits, "by_size" | "output">): void;
}

export function createForm(
  signal: AbortSignal,
  send: (values: Partial<LossTraits>) => void,
): Form {
  let now: State | null = null;
  const field = (name: string, words: string, ...controls: Node[]) =>
    part(
      name,
      h(
        "div",
        { class: "fe-field" },
        h("span", { class: "fe-field-name", "aria-hidden": "true" }, words),
        ...controls,
      ),
    );
  const button = (words: string, act: () => void) => {
    const made = h("button", { type: "button" }, words);
    made.addEventListener("click", act, { signal });
    return made;
  };
  const choice = (name: string, act: (value: string) => void) => {
    const made = h("select", { "aria-label": name });
    made.addEventListener("change", () => act(made.value), { signal });
    return made;
  };
  const numeric = (name: string, step: string, act: (value: number) => void) => {
    const made = h("input", {
      type: "number",
      min: 0,
      step,
      "aria-label": name,
      class: "fe-number",
    });
    made.addEventListener("change", () => {
      const value = Number(made.value);
      if (made.value.trim() && Number.isFinite(value)) act(value);
      else show();
    }, { signal });
    return made;
  };
  const own = { output: null, target: null };

  const rows = choice("rows", (value) => send({ rows: value, row: 0, ...own, bias_change: 0 }));
  const row = numeric("row", "1", (value) => send({ row: value, ...own }));
  const worst = button("largest term", () => {
    if (now) send({ row: largest(now), ...own });
  });
  const target = choice("y of this row", (value) => send({ target: Number(value) }));
  for (const value of ["1", "0"]) target.append(h("option", { value }, value));
  const output = numeric("model(x) of this row", "0.01", (value) => send({ output: value }));
  output.max = "1";
  const back = button("put back", () => send({ ...own, bias_change: 0 }));
  back.title = "undo what was changed by hand";
  const order = choice("bars", (value) => send({ by_size: value === "by size" }));
  for (const value of ["by size", "as in the table"]) order.append(h("option", { value }, value));
  const ofRows = field("rows", "rows", rows), ofOrder = field("by_size", "bars", order);
  const ofRow = field("row", "row", row, worst);
  let built = "", traits: Pick<LossTraits, "by_size" | "output"> = { by_size: true, output: null };

  function show(): void {
    if (!now) return;
    const { facts, set } = now, p = traits.output ?? now.outputs[now.row];
    const names = facts.sets.map(({ name }) => name);
    if (built !== names.join()) {
      built = names.join();
      rows.replaceChildren(
        ...facts.sets.map(({ name, count }) => h("option", { value: name }, `${name} (${count})`)),
      );
    }
    ofRows.hidden = names.length < 2;
    for (const one of [ofOrder, ofRow]) one.hidden = set.count < 2;
    choose(rows, set.name);
    choose(target, String(now.y[now.row]));
    choose(order, traits.by_size ? "by size" : "as in the table");
    row.max = String(set.count - 1);
    fill(row, String(now.row));
    fill(output, String(Number(p.toFixed(p > 0.001 && p < 0.999 ? 3 : 7))));
    back.disabled = !now.changed;
  }

  return {
    element: part(
      "settings",
      h(
        "div",
        { class: "fe-settings fe-loss-form", role: "group", "aria-label": "settings" },
        ofRows,
        ofRow,
        field("target", "y", target),
        field("output", "model(x)", output),
        back,
        ofOrder,
      ),
    ),
    update(state, next) {
      now = state;
      traits = next;
      show();
    },
  };
}

function largest({ terms }: State): number {
  let found = 0;
  for (let k = 1; k < terms.length; k++) if (terms[k] > terms[found]) found = k;
  return found;
}

function choose(select: HTMLSelectElement, value: string): void {
  for (const option of select.options) option.selected = option.value === value;
  select.value = value;
}
