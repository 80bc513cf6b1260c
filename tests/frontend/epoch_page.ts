/** A race of 7 rows in batches of 3, 3 and 1, as Python would send it. */
import type { EpochTraits, Report } from "../../widgets/epoch/traits.ts";
import { Frames, type FramesHeader } from "../../widgets/recording.ts";

/** Frames of a race over 7 rows in batches of 3, 3 and 1; numbers that can be told apart. */
export function messageOf(updates: number, batches = 3, run = 1): [FramesHeader, DataView[]] {
  const deals = [[4, 0, 6], [2, 1, 5], [3, -1, -1]];
  const counts = [3, 3, 1];
  const arrays: Record<string, number[][]> = {};
  const put = (name: string, value: number | number[]) =>
    (arrays[name] ??= []).push([value].flat());
  for (let frame = 0; frame <= updates; frame++) {
    const done = frame === updates;
    const batch = frame % batches;
    const epochs = Math.floor(frame / batches);
    put("point", [frame, -frame]);
    put("loss", 0.7 - 0.05 * frame);
    put("batch_loss", 0.6 - 0.05 * frame);
    put("batch_step", [0.1, -0.1]);
    put("full_step", [0.2, -0.1]);
    put("angle", 19.4);
    put("gradient_size", 0.5);
    put("full_size", 0.4);
    put("gd_gradient_size", 0.3);
    put("count", done ? 0 : counts[batch]);
    put("epoch", done ? Math.floor((frame - 1) / batches) : epochs);
    put("batch", batch);
    put("rows", done ? [-1, -1, -1] : deals[batch]);
    put("gd_updates", epochs);
    put("gd_point", [epochs, 0]);
    put("gd_loss", 0.7 - 0.01 * epochs);
    put("processed", epochs * 7 + counts.slice(0, batch).reduce((sum, count) => sum + count, 0));
  }
  const names = Object.keys(arrays);
  return [
    {
      kind: "frames",
      run,
      start: 0,
      stop: updates + 1,
      settings: {
        batch_size: 3,
        learning_rate: 0.1,
        epochs: Math.ceil(updates / batches),
        shuffle: true,
      },
      arrays: names.map((name) => ({
        name,
        dtype: "float64",
        shape: [updates + 1, ...(arrays[name][0].length > 1 ? [arrays[name][0].length] : [])],
      })),
    },
    names.map((name) => new DataView(Float64Array.from(arrays[name].flat()).buffer)),
  ];
}

export function framesOf(updates: number, batches = 3): Frames {
  const frames = new Frames();
  frames.append(...messageOf(updates, batches));
  return frames;
}

export const REPORT: Report = {
  rows: 7,
  inputs: ["age", "chol", "oldpeak"],
  classes: ["0", "1"],
  batches: 3,
  last_batch: 1,
  updates: { gd: 2, sgd: 6 },
  diverged: null,
  axes: ["weight of age", "weight of oldpeak"],
  share: null,
  weights: 2,
  fan_batches: 0,
  all_batches: 3,
};

export function traitsOf(more: Partial<EpochTraits> = {}): EpochTraits {
  const values = Float32Array.from(
    { length: 25 },
    (_, cell) => (cell % 5 - 2) ** 2 + (Math.floor(cell / 5) - 2) ** 2,
  );
  return {
    title: "One epoch, two ways",
    batch_size: 3,
    learning_rate: 0.1,
    epochs: 2,
    shuffle: true,
    seed: 42,
    model: "logistic",
    features: ["age", "oldpeak"],
    start: [],
    plane: "pca",
    fan: false,
    report: REPORT,
    deck: { targets: new DataView(Uint8Array.of(0, 1, 0, 0, 1, 0, 1).buffer) },
    surface: {
      x: [-1, 7],
      y: [-7, 1],
      columns: 5,
      rows: 5,
      values: new DataView(values.buffer),
      minimum: [5, -5],
    },
    code: "print('race')",
    ...more,
  };
}
