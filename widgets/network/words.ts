/** The words of the picture: what is said of a unit, a weight, a frame. Numbers are formatted, never computed. */
import { number } from "../dom.ts";
import {
  isProbability,
  nameOf,
  type NetworkPlan,
  type NetworkState,
  type Offsets,
  type Place,
  type PlanLayer,
} from "./plan.ts";

/** A number short enough to stand beside a unit; with `more` decimals than that. */
export function short(value: number, more = 0): string {
  if (!Number.isFinite(value)) return number(value);
  const size = Math.abs(value);
  return size >= 1000
    ? number(value, 3)
    : value.toFixed((size < 10 ? 2 : size < 100 ? 1 : 0) + more).replace("-", "−");
}

/** The arithmetic of one unit: "unit 3: Σ w·x + b = 1.27 → relu → 1.27". */
export function unitWords(
  plan: NetworkPlan,
  offsets: Offsets,
  state: NetworkState,
  place: Place,
): string {
  const layer = plan.layers[place.layer];
  const at = offsets.units[place.layer] + place.position;
  const name = nameOf(plan, place);
  const output = state.activations?.[at];
  const off = dropWords(layer, state, at, place.layer);
  const given = state.raw?.[at] ?? output;
  if (layer.kind === "input") {
    return `${name}${given === undefined ? "" : ` = ${number(given, 5)}`}${off}`;
  }
  const bias = layer.bias < 0
    ? "no bias"
    : `bias ${number(state.drawn[offsets.bias[place.layer] + place.position], 5)}`;
  if (output === undefined) return `${name} (${layer.activation}): ${bias}${off}`;
  const sum = state.sums?.[at];
  const before = sum === undefined
    ? ""
    : `Σ w·x${layer.bias < 0 ? "" : " + b"} = ${number(sum, 5)} → `;
  return `${name}: ${before}${layer.activation} → ${number(given, 5)} (${bias})${off}`;
}

/** A factor as short as it can be: "2", "1.43". */
export const times = (factor: number) => String(Number(factor.toPrecision(3)));

/** What stands beside a unit behind a Dropout: "0.357 × 2 = 0.71", as one calculates it. A unit at 0 stays there. */
export function scaledWords(raw: number, factor: number, value: number): string {
  return raw ? `${short(raw, 1)} × ${times(factor)} = ${short(value)}` : short(raw);
}

/** What Dropout did to a unit: nothing is said of a layer without one. */
function dropWords(layer: PlanLayer, state: NetworkState, at: number, place: number): string {
  const dropped = Boolean(state.dropped?.[at]);
  if (!state.scales || !state.activations) return dropped ? ", dropped in this batch" : "";
  if (!layer.dropouts.length) return "";
  return dropped
    ? ", dropped: 0 goes on"
    : `, kept: × ${times(state.scales[place])} = ${number(state.activations[at], 5)}`;
}

/** "weight from age to unit 3: −0.412". */
export function weightWords(
  plan: NetworkPlan,
  offsets: Offsets,
  state: NetworkState,
  from: Place,
  to: Place,
): string {
  const width = plan.layers[to.layer].shown.length;
  const weight = state.drawn[offsets.kernel[to.layer] + from.position * width + to.position];
  return `weight from ${nameOf(plan, from)} to ${nameOf(plan, to)}: ${number(weight, 7)}`;
}

/** "P = 0.83" for an output that is a probability, "σ(1.59) = 0.83" with its sum; a plain number for any other. */
export function outputWords(plan: NetworkPlan, layer: number, value: number, sum?: number): string {
  const last = layer === plan.layers.length - 1;
  const steps = plan.layers[layer].steps;
  if (last && sum !== undefined && steps.length === 1 && steps[0].name === "sigmoid") {
    return `σ(${short(sum)}) = ${value.toFixed(3)}`;
  }
  return last && isProbability(plan.layers[layer]) && Number.isFinite(value)
    ? `P = ${value.toFixed(3)}`
    : short(value);
}

/** The parameters of every layer and their sum. */
export function sumWords(plan: NetworkPlan, shownBelowGaps: boolean): string {
  const total = plan.total.toLocaleString("en");
  if (!shownBelowGaps) {
    return `${plan.parameters.map((row) => row.formula).join(" · ")} · total ${total} parameters`;
  }
  const counts = plan.parameters.map((row) => row.count.toLocaleString("en"));
  return counts.length > 1
    ? `${counts.join(" + ")} = ${total} parameters`
    : `total ${total} parameters`;
}
