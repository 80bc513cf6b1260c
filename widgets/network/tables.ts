/** The picture as tables: every unit's numbers, the weights of the pinned unit, and the parameters adding up. */
import { h, number } from "../dom.ts";
import { nameOf, type NetworkPlan, type NetworkState, offsetsOf, type Place } from "./plan.ts";

export function createTables(signal: AbortSignal, opened: () => void) {
  const numbers = fold("The numbers");
  const parameters = fold("The parameters");
  for (const { element } of [numbers, parameters]) {
    element.addEventListener("toggle", opened, { signal });
  }
  let counted: NetworkPlan | null = null;
  return {
    elements: [numbers.element, parameters.element],
    /** Fill the tables that are open. */
    update(plan: NetworkPlan, state: NetworkState, pinned: Place | null): void {
      if (numbers.element.open) {
        const made = [unitTable(plan, state)];
        if (pinned) made.push(weightTable(plan, state, pinned));
        numbers.body.replaceChildren(...made);
      }
      if (parameters.element.open && counted !== plan) {
        counted = plan;
        parameters.body.replaceChildren(parameterTable(plan));
      }
    },
  };
}

function fold(name: string) {
  const body = h("div", { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": name });
  return {
    element: h("details", { "data-fe-part": "numbers" }, h("summary", {}, name), body),
    body,
  };
}

function table(caption: string, heads: string[], rows: string[][]): HTMLElement {
  return h(
    "table",
    { class: "fe-number" },
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
    h(
      "tbody",
      {},
      ...rows.map(([first, ...rest]) =>
        h("tr", {}, h("th", { scope: "row" }, first), ...rest.map((cell) => h("td", {}, cell)))
      ),
    ),
  );
}

function unitTable(plan: NetworkPlan, state: NetworkState): HTMLElement {
  const offsets = offsetsOf(plan);
  const rows = plan.layers.flatMap((layer, l) =>
    layer.shown.map((_, position) => {
      const at = offsets.units[l] + position;
      const input = layer.kind === "input";
      return [
        nameOf(plan, { layer: l, position }),
        layer.name,
        input || layer.bias < 0 ? "" : number(state.drawn[offsets.bias[l] + position], 6),
        input || !state.sums ? "" : number(state.sums[at], 6),
        state.activations ? number(state.activations[at], 6) : "",
        state.dropped?.[at] ? "dropped" : "",
      ];
    })
  );
  return table("Units; pin one in the picture (Enter) to list its weights", [
    "unit",
    "layer",
    "bias",
    "Σ w·x + b",
    "output",
    "dropout",
  ], rows);
}

function weightTable(plan: NetworkPlan, state: NetworkState, pinned: Place): HTMLElement {
  const offsets = offsetsOf(plan);
  const rows: string[][] = [];
  const row = (from: Place, to: Place) => {
    const width = plan.layers[to.layer].shown.length;
    const at = offsets.kernel[to.layer] + from.position * width + to.position;
    const value = state.activations?.[offsets.units[from.layer] + from.position];
    rows.push([
      nameOf(plan, from),
      nameOf(plan, to),
      number(state.drawn[at], 7),
      value === undefined ? "" : number(value, 6),
    ]);
  };
  const { layer } = pinned;
  plan.layers[layer - 1]?.shown.forEach((_, position) =>
    row({ layer: layer - 1, position }, pinned)
  );
  plan.layers[layer + 1]?.shown.forEach((_, position) =>
    row(pinned, { layer: layer + 1, position })
  );
  return table(
    `Weights of ${nameOf(plan, pinned)}`,
    ["from", "to", "weight", "x, what comes in"],
    rows,
  );
}

function parameterTable(plan: NetworkPlan): HTMLElement {
  const rows = plan.parameters.map((
    row,
  ) => [row.layer, row.formula, row.count.toLocaleString("en")]);
  rows.push(["total", "= model.count_params()", plan.total.toLocaleString("en")]);
  return table(
    "(inputs + 1 bias) × units, layer by layer",
    ["layer", "worked out", "parameters"],
    rows,
  );
}
