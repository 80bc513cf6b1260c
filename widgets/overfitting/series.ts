/** The curves Python sent, by panel: bands over seeds, and the fit that is being trained. Draws nothing. */
import type { Curves, LiveFit } from "./traits.ts";

export type Loss = "train" | "valid";

export interface Series {
  units: number;
  variant: string;
  /** How many seeds the band is over; 0 where it is one fit that is no part of a band. */
  seeds: number;
  /** Which fit it is, where it is one: "seed 2, in training". */
  who: string;
  epochs: number;
  median(loss: Loss, epoch: number): number;
  lowest(loss: Loss, epoch: number): number;
  highest(loss: Loss, epoch: number): number;
}

const PLACE = { train: 0, valid: 1 };

function numbers(view: DataView): Float32Array {
  const { buffer, byteOffset, byteLength } = view;
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}

/** Every band, in Python's order. */
export function readBands({ epochs, series, values }: Curves): Series[] {
  const all = series.length ? numbers(values) : new Float32Array();
  return series.map(({ units, variant, seeds }, place) => {
    const at = (statistic: number) => (loss: Loss, epoch: number) =>
      epoch < epochs ? all[((place * 2 + PLACE[loss]) * 3 + statistic) * epochs + epoch] : NaN;
    let length = epochs;
    while (length && Number.isNaN(at(0)("train", length - 1))) length--;
    return {
      units,
      variant,
      seeds,
      who: "",
      epochs: length,
      median: at(0),
      lowest: at(1),
      highest: at(2),
    };
  });
}

/** The single fits as series of one seed. */
export function readLive(live: LiveFit[]): Series[] {
  return live.map(({ units, variant, seed, state, values }) => {
    const all = numbers(values), epochs = all.length / 2;
    const at = (loss: Loss, epoch: number) =>
      epoch < epochs ? all[PLACE[loss] * epochs + epoch] : NaN;
    return {
      units,
      variant,
      seeds: 0,
      who: `seed ${seed}, ${state}`,
      epochs,
      median: at,
      lowest: at,
      highest: at,
    };
  });
}

/** What one panel shows. */
export interface PanelSeries {
  /** The variant in the foreground; null before a fit has ended. */
  front: Series | null;
  /** Plain fits behind it; null where they are the foreground. */
  back: Series | null;
  live: Series | null;
}

export function ofPanel(
  units: number,
  variant: string,
  bands: Series[],
  live: Series[],
): PanelSeries {
  const drops = variant.includes("dropout");
  const find = (all: Series[], name: string) =>
    all.find((one) => one.units === units && one.variant === name) ?? null;
  const plain = find(bands, "plain"), dropout = drops ? find(bands, "dropout") : null;
  return {
    front: dropout ?? plain,
    back: dropout && plain,
    live:
      live.find((one) =>
        one.units === units && (drops || one.variant === "plain" || one.who.endsWith("training"))
      ) ?? null,
  };
}

/** What is read at the cursor: the foreground, or before it the fit in training. */
export function read({ front, live }: PanelSeries): Series | null {
  return front ?? live;
}
