/** A race over a² + 4 b², run here by the formulas, as Python would send it. */
import type { OptimizerTraits, Report, Spec } from "../../widgets/optimizers/traits.ts";
import type { FramesHeader } from "../../widgets/recording.ts";

type Pair = [number, number];
const value = ([a, b]: Pair) => a * a + 4 * b * b;
const slope = ([a, b]: Pair): Pair => [2 * a, 8 * b];

export const SPECS: Spec[] = [
  { name: "sgd", learning_rate: 0.1 },
  { name: "momentum", learning_rate: 0.08, momentum: 0.9 },
  { name: "nesterov", learning_rate: 0.05, momentum: 0.8 },
  { name: "adagrad", learning_rate: 0.5, initial_accumulator_value: 0.1, epsilon: 1e-7 },
  { name: "rmsprop", learning_rate: 0.1, rho: 0.9, momentum: 0.5, epsilon: 1e-7 },
  { name: "adam", learning_rate: 0.2, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 },
  {
    name: "adamw",
    learning_rate: 0.2,
    beta_1: 0.9,
    beta_2: 0.99,
    epsilon: 1e-7,
    weight_decay: 0.1,
  },
];
const STATES: Record<string, string[]> = {
  sgd: [],
  momentum: ["momentum"],
  nesterov: ["momentum"],
  adagrad: ["accumulator"],
  rmsprop: ["velocity", "momentum"],
  adam: ["momentum", "velocity"],
  adamw: ["momentum", "velocity"],
};

function runOf(spec: Spec, steps: number) {
  const n = (name: string) => Number(spec[name] ?? 0), rate = spec.learning_rate;
  let w: Pair = [2, 1], m: Pair = [0, 0], v: Pair = [0, 0];
  if (spec.name === "adagrad") v = [0.1, 0.1];
  const rows = { w: [w], m: [m], v: [v] };
  const both = (make: (axis: number) => number): Pair => [make(0), make(1)];
  for (let t = 1; t <= steps; t++) {
    const g = slope(w), from = both((k) => w[k] * (1 - n("weight_decay") * rate));
    const root = (k: number) => Math.sqrt(v[k] + n("epsilon"));
    const before = m;
    switch (spec.name) {
      case "sgd":
        w = both((k) => w[k] - rate * g[k]);
        break;
      case "momentum":
      case "nesterov":
        m = both((k) => n("momentum") * before[k] - rate * g[k]);
        w = both((k) =>
          from[k] + (spec.name === "momentum" ? m[k] : n("momentum") * m[k] - rate * g[k])
        );
        break;
      case "adagrad":
        v = both((k) => v[k] + g[k] ** 2);
        w = both((k) => w[k] - rate * g[k] / root(k));
        break;
      case "rmsprop":
        v = both((k) => n("rho") * v[k] + (1 - n("rho")) * g[k] ** 2);
        m = both((k) => n("momentum") * before[k] + rate * g[k] / root(k));
        w = both((k) => w[k] - m[k]);
        break;
      default: {
        const [one, two] = [n("beta_1"), n("beta_2")];
        m = both((k) => one * m[k] + (1 - one) * g[k]);
        v = both((k) => two * v[k] + (1 - two) * g[k] ** 2);
        w = both((k) =>
          from[k] - rate * (m[k] / (1 - one ** t)) / (Math.sqrt(v[k] / (1 - two ** t)) + 1e-7)
        );
      }
    }
    rows.w.push(w);
    rows.m.push(m);
    rows.v.push(v);
  }
  return rows;
}

export interface Race {
  report: Report;
  specs: Spec[];
  message: [FramesHeader, DataView[]];
  runs: ReturnType<typeof runOf>[];
}

/** A race of these; the one at `ends` has no frame after `at`. */
export function raceOf(
  specs: Spec[],
  steps = 6,
  run = 1,
  ends: { place: number; at: number } | null = null,
): Race {
  const runs = specs.map((spec) => runOf(spec, steps));
  const arrays: FramesHeader["arrays"] = [], buffers: DataView[] = [];
  const put = (name: string, rows: number[][], last: number) => {
    const padded = rows.map((row, frame) => frame > last ? row.map(() => NaN) : row);
    arrays.push({
      name,
      dtype: "float64",
      shape: [steps + 1, ...(rows[0].length > 1 ? [rows[0].length] : [])],
    });
    buffers.push(new DataView(Float64Array.from(padded.flat()).buffer));
  };
  const keys = specs.map(({ name }, at) =>
    specs.findIndex((spec) => spec.name === name) === at ? name : `${name} 2`
  );
  const told = specs.map((spec, place) => {
    const { w, m, v } = runs[place];
    const last = ends?.place === place ? ends.at : steps;
    put(`${place} w`, w, last);
    put(`${place} value`, w.map((one) => [value(one)]), last);
    put(`${place} gradient`, w.map(slope), last);
    put(`${place} learning_rate`, w.map(() => [spec.learning_rate]), last);
    for (const state of STATES[spec.name]) {
      put(`${place} ${state}`, state === "momentum" ? m : v, last);
    }
    const drawn: Report["runs"][number]["drawn"] = [];
    if (STATES[spec.name].includes("momentum")) {
      put(`${place} push`, m, last);
      drawn.push("push");
    }
    if (STATES[spec.name].some((state) => state !== "momentum")) {
      put(`${place} rms`, v.map((row) => row.map(Math.sqrt)), last);
      put(`${place} effective_rate`, v.map(() => [0.5, 0.25]), last);
      drawn.push("rms", "effective_rate");
    }
    return {
      key: keys[place],
      label: keys[place].toUpperCase(),
      frames: last + 1,
      ended: last < steps ? `it ends after step ${last}: try 0.05.` : "",
      turn: spec.name === "momentum" ? 3 : null,
      states: STATES[spec.name],
      drawn,
      schedule: "constant",
    };
  });
  const report: Report = {
    runs: told,
    formula: "g(w₁, w₂) = w₁² + 4 w₂²",
    start: [2, 1],
    functions: ["valley", "saddle"],
    offered: SPECS.map(({ name }) => name),
    most: 7,
    schedules: { constant: "α", cosine: "α × cos" },
  };
  return {
    report,
    specs,
    runs,
    message: [{ kind: "frames", run, start: 0, stop: steps + 1, arrays }, buffers],
  };
}

export function traitsOf(race: Race): OptimizerTraits {
  const values = Float32Array.from(
    { length: 25 },
    (_, cell) => value([cell % 5 - 2, Math.floor(cell / 5) - 2]),
  );
  return {
    title: "A race of optimizers",
    optimizers: race.specs,
    function: "valley",
    start: null,
    steps: race.message[0].stop - 1,
    schedule: { name: "constant" },
    hidden: [],
    report: race.report,
    surface: {
      x: [-3, 3],
      y: [-2, 2],
      columns: 5,
      rows: 5,
      values: new DataView(values.buffer),
      minimum: [0, 0],
    },
    code: "print('race')",
  };
}
