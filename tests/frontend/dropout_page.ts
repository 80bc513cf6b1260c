/** A DropoutView of 2 inputs, 3 units and 1 output over 4 batches of 2 rows, as Python would send it. */
import type { DropoutTraits, Facts } from "../../widgets/dropout/traits.ts";
import type { PlanLayer } from "../../widgets/network/plan.ts";
import type { FramesHeader } from "../../widgets/recording.ts";

const MASKS = [[[1, 0, 1], [1, 1, 1]], [[0, 0, 1], [0, 1, 0]], [[0, 0, 0], [1, 0, 1]], [[1, 1, 1], [
  1,
  0,
  0,
]]];
const BEFORE = [0.5, 1, 0];

function layer(name: string, units: number, more: Partial<PlanLayer> = {}): PlanLayer {
  return {
    name,
    kind: "dense",
    units,
    activation: "relu",
    shown: Array.from({ length: units }, (_, at) => at),
    names: [],
    groups: [],
    dropouts: [],
    kernel: 0,
    bias: 0,
    steps: [{ op: "activation", name: more.activation ?? "relu" }],
    ...more,
  };
}

export function factsOf(more: Partial<Facts> = {}): Facts {
  return {
    network: {
      inputs: 2,
      total: 13,
      dropouts: 1,
      parameters: [
        { layer: "hidden", formula: "(2 + 1) × 3 = 9", count: 9 },
        { layer: "output", formula: "(3 + 1) × 1 = 4", count: 4 },
      ],
      layers: [
        layer("input", 2, { kind: "input", names: ["age", "chol"], activation: "", steps: [] }),
        layer("hidden", 3, { dropouts: [{ name: "dropout", rate: 0.5, slot: 0 }] }),
        layer("output", 1, { activation: "sigmoid" }),
      ],
    },
    drawn: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0, 0, 0, 1, -1, 0.5, 0],
    scales: [1, 2, 1],
    layer: "dropout",
    layers: ["dropout"],
    units: 3,
    listed: 3,
    first_row: 0,
    shown_rows: 2,
    expected: BEFORE,
    output: "the network's output",
    output_expected: 0.625,
    linear: false,
    networks: "8",
    rate: 0.5,
    scale: 2,
    row: 0,
    rows: 2,
    most_rows: 4096,
    training: true,
    normalised: false,
    made_rows: true,
    made_network: true,
    ...more,
  };
}

export function messageOf(more: Partial<Facts> = {}, run = 1): [FramesHeader, DataView[]] {
  const facts = factsOf(more);
  const arrays: Record<string, number[][]> = {};
  const put = (name: string, value: number | number[]) =>
    (arrays[name] ??= []).push([value].flat());
  const sum = [0, 0, 0], seen = new Set<string>();
  MASKS.forEach((rows, frame) => {
    const masks = facts.training ? rows : rows.map((row) => row.map(() => 1));
    const mask = masks[facts.row];
    const after = mask.map((kept, unit) => kept * BEFORE[unit] * facts.scale);
    after.forEach((value, unit) => sum[unit] += value);
    masks.forEach((row) => seen.add(row.join()));
    put("raw", [1, 2, ...BEFORE, 0.6]);
    put("values", [1, 2, ...after, 0.6]);
    put("dropped", [0, 0, ...mask.map((kept) => 1 - kept), 0]);
    put("kept", masks.flat());
    put("before", BEFORE);
    put("after", after);
    put("mean", sum.map((value) => value / (frame + 1)));
    put("error", BEFORE.map((value) => value / Math.sqrt(frame + 1)));
    put("output", 0.5 + 0.1 * frame);
    put("output_mean", 0.5 + 0.05 * frame);
    put("output_error", frame ? 0.02 : NaN);
    put("within", frame < 3 ? 1 : 0);
    put("count", mask.filter((kept) => !kept).length);
    put("share", 0.5);
    put("distinct", seen.size);
    put("batch", frame);
  });
  const names = Object.keys(arrays);
  return [
    {
      kind: "frames",
      run,
      start: 0,
      stop: MASKS.length,
      settings: facts as unknown as Record<string, unknown>,
      arrays: names.map((name) => ({
        name,
        dtype: "float64",
        shape: [MASKS.length, ...(arrays[name][0].length > 1 ? [arrays[name][0].length] : [])],
      })),
    },
    names.map((name) => new DataView(Float64Array.from(arrays[name].flat()).buffer)),
  ];
}

export function traitsOf(more: Partial<DropoutTraits> = {}): DropoutTraits {
  return {
    title: "Dropout",
    rate: 0.5,
    batch_size: 2,
    batches: 4,
    seed: 42,
    training: true,
    layer: "",
    row: 0,
    code: "print('masks')",
    ...more,
  };
}
