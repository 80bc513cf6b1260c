/** What LossView tells the page and hears from it, and the state that is drawn. */
import type { Frames, Values } from "../recording.ts";

export interface LossTraits {
  title: string;
  rows: string;
  row: number;
  epoch: number;
  output: number | null;
  target: number | null;
  bias_change: number;
  by_size: boolean;
  code: string;
}

export interface RowSet {
  name: string;
  first: number;
  count: number;
}

/** The settings of the recording: everything that is true of all epochs. */
export interface Facts {
  sets: RowSet[];
  /** Epochs trained before the first frame. */
  first: number;
  row_name: string;
  y: number[];
  /** Changes of the bias at which the mean is known, and those at which the wrong rows are counted. */
  shifts: number[];
  steps: number[];
  /** Height of the picture of the terms. */
  high: number;
  /** The same of the mean over the bias. */
  bias_high: number;
}

/** The state in hand, as Python worked it out last. */
export interface Report {
  rows: string;
  row: number;
  epoch: number;
  output: number | null;
  target: number | null;
  bias_change: number;
  y: number;
  own_y: number;
  own_output: number;
  shown_output: number;
  term: number;
  share: number;
  mean: number;
  mean_before: number;
  /** Of the mean, over the bias. */
  slope: number;
  wrong: number;
  count: number;
  largest: number;
}

/** What one picture of the card shows: a set of rows in one state. */
export interface State {
  facts: Facts;
  set: RowSet;
  epoch: number;
  row: number;
  outputs: Values;
  terms: Values;
  y: ArrayLike<number>;
  mean: number;
  wrong: number;
  overBias: Values;
  wrongOverBias: Values;
  /** The mean before anything was changed by hand. */
  before: number;
  biasChange: number;
  /** Of the mean over the bias. */
  slope: number;
  /** Whether an output, a target or the bias was changed by hand. */
  changed: boolean;
}

type Asked = Pick<LossTraits, "rows" | "row" | "epoch" | "output" | "target" | "bias_change">;
const ASKED = ["rows", "row", "epoch", "output", "target", "bias_change"] as const;

/** The state of a frame of the recording; the one in hand if Python has worked out just what is asked for. */
export function stateOf(frames: Frames, hand: Frames, frame: number, asked: Asked): State | null {
  if (!frames.length) return null;
  const facts = frames.settings as unknown as Facts;
  const report = hand.length ? hand.settings as unknown as Report : null;
  const number = Math.max(0, facts.sets.findIndex(({ name }) => name === asked.rows));
  const set = facts.sets[number], epoch = facts.first + frame;
  const row = Math.min(asked.row, set.count - 1);
  const own = { facts, set, epoch, row };
  if (report && asked.epoch === epoch && ASKED.every((name) => report[name] === asked[name])) {
    return {
      ...own,
      outputs: hand.row("output", 0),
      terms: hand.row("term", 0),
      y: hand.row("y", 0),
      mean: report.mean,
      wrong: report.wrong,
      overBias: hand.row("over_bias", 0),
      wrongOverBias: hand.row("wrong_over_bias", 0),
      before: report.mean_before,
      biasChange: report.bias_change,
      slope: report.slope,
      changed: report.output !== null || report.target !== null || report.bias_change !== 0,
    };
  }
  const of = (name: string) =>
    frames.row(name, frame).subarray(set.first, set.first + set.count) as Values;
  const part = (name: string, { length }: number[]) =>
    frames.row(name, frame).subarray(number * length, (number + 1) * length) as Values;
  const mean = frames.row("mean", frame)[number];
  return {
    ...own,
    outputs: of("output"),
    terms: of("term"),
    y: facts.y.slice(set.first, set.first + set.count),
    mean,
    wrong: frames.row("wrong", frame)[number],
    overBias: part("over_bias", facts.shifts),
    wrongOverBias: part("wrong_over_bias", facts.steps),
    before: mean,
    biasChange: 0,
    slope: frames.row("slope", frame)[number],
    changed: false,
  };
}
