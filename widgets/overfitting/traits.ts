/** The traits Overfitting syncs with Python, and the plain data inside them. */

export interface Axis {
  /** Range of the loss. */
  y: [number, number];
  /** The same in powers of ten. */
  log: [number, number];
  highest: number;
  /** Whether the linear axis ends below the highest value. */
  cut: boolean;
}

export interface Report {
  /** Fits that ended, and all. */
  done: number;
  of: number;
  /** How much is done, from 0 to 1. */
  share: number;
  /** Which fit is being trained, in words; empty when none is. */
  doing: string;
  outcome: "" | "finished" | "stopped" | "failed";
  error: string;
  axis: Axis;
}

export interface Facts {
  /** What is in the foreground. */
  variant: string;
  note: string;
  rules: string;
  /** Heads of the summary table. */
  heads: string[];
  question: string;
  /** The guess against what was trained; empty before. */
  guessed: string;
  /** The widths at their best epochs, once they are all trained. */
  best: string;
  /** Settings that differ from those of what is shown, and how many fits they ask for. */
  waiting: string[];
  missing: number;
  /** The settings that the model's builder takes. */
  accepted: string[];
}

export interface PanelFacts {
  units: number;
  head: string;
  rows: string;
  kind: string;
  verdict: string;
  compare: string;
  trouble: string;
  /** Seeds that ended well, and all. */
  seeds: number;
  of: number;
  /** With early stopping, for each seed: epochs trained; and the restored epoch (from 0) with its validation loss. */
  stops: number[];
  restored: [number, number][];
}

export interface Curves {
  epochs: number;
  series: { units: number; variant: string; seeds: number }[];
  /** float32, shape (series, 2, 3, epochs): loss and validation loss; median, lowest, highest. */
  values: DataView;
}

export interface LiveFit {
  units: number;
  variant: string;
  seed: number;
  state: "in training" | "stopped" | "diverged";
  /** float32, shape (2, epochs so far). */
  values: DataView;
}

export type Status = "idle" | "loading" | "training" | "stopping" | "done" | "failed";

export interface OverfittingTraits {
  title: string;
  units: number[];
  seeds: number;
  epochs: number;
  learning_rate: number | null;
  batch_size: number;
  validation_split: number;
  dropout: number;
  patience: number;
  log_scale: boolean;
  ask: boolean;
  guess: number | null;
  status: Status;
  report: Report;
  facts: Facts;
  panels: PanelFacts[];
  curves: Curves;
  live: LiveFit[];
  rows: string[][];
  code: string;
}
