/** What EarlyStoppingExplorer tells the page and hears from it, and the story as the frames hold it. */
import type { Frames } from "../recording.ts";

export interface EarlyStoppingTraits {
  title: string;
  monitor: string;
  mode: string;
  patience: number;
  min_delta: number;
  start_from_epoch: number;
  baseline: number | null;
  restore_best_weights: boolean;
  stopped_epoch: number | null;
  best_epoch: number | null;
  restored_epoch: number | null;
  code: string;
}

/** A range of patiences that lead to the same best epoch. */
export interface Plateau {
  low: number;
  high: number | null;
  best_epoch: number;
  stops: (number | null)[];
  value: number | null;
}

/** The settings of the recording: everything that is true of all epochs. Epochs are counted from 0. */
export interface Facts {
  monitor: string;
  monitors: string[];
  twin: string;
  mode: string;
  first: number;
  patience: number;
  min_delta: number;
  start_from_epoch: number;
  falls: boolean;
  baseline: number | null;
  restore_best_weights: boolean;
  stopped_epoch: number | null;
  best_epoch: number | null;
  restored_epoch: number | null;
  height: [number, number];
  plateaus: Plateau[];
  outcome: string[];
}

/** What an epoch is; the numbers are those of compute.py. */
export const WARM_UP = 0, WATCHED = 1, STOPPED = 2, AFTER = 3;

export interface Epoch {
  /** From 0. */
  epoch: number;
  value: number;
  twin: number;
  state: number;
  improved: boolean;
  afresh: boolean;
  bar: number;
  best: number;
  best_epoch: number;
  wait: number;
}

export interface Story {
  readonly facts: Facts;
  readonly length: number;
  readonly epochs: readonly Epoch[];
  at(frame: number): Epoch;
}

export function storyOf(frames: Frames): Story | null {
  if (!frames.length) return null;
  const epochs = Array.from({ length: frames.length }, (_, frame): Epoch => {
    const read = (name: string) => frames.value(name, frame);
    return {
      epoch: read("epoch"),
      value: read("value"),
      twin: read("twin"),
      state: read("state"),
      improved: read("improved") === 1,
      afresh: read("afresh") === 1,
      bar: read("bar"),
      best: read("best"),
      best_epoch: read("best_epoch"),
      wait: read("wait"),
    };
  });
  const facts = frames.settings as unknown as Facts;
  return { facts, length: epochs.length, epochs, at: (frame) => epochs[frame] };
}

/** The epoch from which patience is counted as this frame shows it; in the warm-up, from which it will be. */
export function countedFrom({ facts, at, length }: Story, frame: number): number {
  const here = at(frame), start = facts.start_from_epoch - facts.first;
  const asked = here.state !== WARM_UP ? here : start < length ? at(start) : null;
  if (!asked) return facts.start_from_epoch;
  return (asked.state === AFTER ? facts.stopped_epoch! : asked.epoch) - asked.wait;
}
