/** What is on the screen: the frames, the cut in hand, and what Python says of the rows. */
import { number } from "../dom.ts";
import type { Frames } from "../recording.ts";
import type { Report, Told } from "./traits.ts";

export interface Scene {
  report: Report;
  frames: Frames;
  cut: number;
  threshold: number;
  /** What one row is called. */
  noun: string;
}

/** The last cut that begins at or below this threshold; compared in float32 where the outputs are. */
export function cutOf(frames: Frames, threshold: number): number {
  const value = frames.settings.single ? Math.fround(threshold) : threshold;
  let cut = 0;
  while (cut + 1 < frames.length && frames.value("low", cut + 1) <= value) cut++;
  return cut;
}

/** How many thresholds there are, if only some of them are frames; else 0. */
export function thinned({ length, settings }: Frames): number {
  const all = Number(settings.cuts);
  return all > length ? all : 0;
}

/** Whether this frame has the counts of this threshold, and not of one near it. */
export function isExact(frames: Frames, cut: number, threshold: number): boolean {
  if (!thinned(frames)) return true;
  return (frames.settings.single ? Math.fround(threshold) : threshold) <
    frames.value("high", cut);
}

/** The number itself, or that of the array of this name at the cut in hand. */
export function told({ frames, cut }: Scene, value: Told): number {
  if (value === null) return NaN;
  return typeof value === "number" ? value : frames.value(value, cut);
}

export const count = (scene: Scene, name: string) => scene.frames.value(name, scene.cut);

/** A threshold as it is written everywhere. */
export const short = (threshold: number) => String(Number(threshold.toPrecision(6)));

/** A share, or what stands where it is 0 / 0. */
export const share = (value: number | null) =>
  value === null || Number.isNaN(value) ? "not defined" : number(value, 3);

export const whole = (value: number) => value.toLocaleString("en-US");

export const rowsOf = (rows: number, noun: string) =>
  `${whole(rows)} ${noun}${rows === 1 ? "" : "s"}`;
