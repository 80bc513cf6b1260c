/** The plan of a network as Python writes it (plan.py), the state of one frame, and where its numbers lie. */

export interface PlanStep {
  op: "activation" | "normalize";
  name?: string;
}

export interface PlanLayer {
  name: string;
  kind: "input" | "dense";
  units: number;
  activation: string;
  shown: number[];
  names: string[];
  groups: [string, number, number][];
  dropouts: { name: string; rate: number; slot: number }[];
  kernel: number;
  bias: number;
  steps: PlanStep[];
}

export interface NetworkPlan {
  inputs: number;
  total: number;
  dropouts: number;
  parameters: { layer: string; formula: string; count: number }[];
  layers: PlanLayer[];
}

/** One frame, in the two orders of compute.py: drawn, and units. */
export interface NetworkState {
  /** Weights of the shown lines, layer by layer: kernel by rows, then biases. */
  drawn: ArrayLike<number>;
  /** Outputs of the shown units of every layer for the chosen patient. */
  activations?: ArrayLike<number>;
  /** Their weighted sums, before the activation. */
  sums?: ArrayLike<number>;
  /** Not 0 where Dropout dropped a unit for the row that is drawn of this frame's batch. */
  dropped?: ArrayLike<number>;
  /** Outputs before Dropout, where `activations` are those after it; and what it multiplies the kept of each layer by. */
  raw?: ArrayLike<number>;
  scales?: ArrayLike<number>;
}

/** A unit of the picture: its layer and its place among the layer's shown units. */
export interface Place {
  layer: number;
  position: number;
}

export interface Offsets {
  /** For each layer, where its shown units begin among the units. */
  units: number[];
  /** For each layer, where its kernel and its biases begin among the drawn numbers. */
  kernel: number[];
  bias: number[];
}

export function offsetsOf(plan: NetworkPlan): Offsets {
  const found: Offsets = { units: [], kernel: [], bias: [] };
  let units = 0, drawn = 0;
  plan.layers.forEach((layer, l) => {
    const count = layer.shown.length;
    found.units.push(units);
    units += count;
    found.kernel.push(drawn);
    if (l > 0) drawn += plan.layers[l - 1].shown.length * count;
    found.bias.push(drawn);
    if (l > 0) drawn += count;
  });
  return found;
}

/** "29 → 16 → 1". */
export function shapeOf(plan: NetworkPlan): string {
  return plan.layers.map((layer) => layer.units).join(" → ");
}

/** What a unit is called: an input or an output by its name, others by their number in the layer, from 1. */
export function nameOf(plan: NetworkPlan, { layer, position }: Place): string {
  const found = plan.layers[layer];
  if (found.kind === "input") return found.names[position];
  if (found.names.length) return `output ${found.names[position]}`;
  return layer === plan.layers.length - 1
    ? found.units === 1 ? "output" : `output ${found.shown[position] + 1}`
    : `unit ${found.shown[position] + 1}`;
}

/** Whether a layer's outputs are probabilities. */
export function isProbability(layer: PlanLayer): boolean {
  return /^(sigmoid|softmax)$/.test(layer.steps.at(-1)?.name ?? "");
}
