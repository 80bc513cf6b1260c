/** The traits LiveTraining syncs with Python, and the plain data inside them. */
import type { Openings } from "../seals.ts";

export interface Axis {
  x: [number, number];
  y: [number, number];
  log: boolean;
}

/** What always giving one answer gets: the most frequent class, or the mean. */
export interface Guess {
  answer: string;
  /** Accuracy or mean absolute error. */
  level: number;
  /** Null for a regression. */
  right: number | null;
  rows: number;
}

export interface Report {
  charts: {
    loss: Axis;
    metric: Axis;
    /** What always giving one answer gets; null where the metric is not the usual one. */
    baseline: Guess & { validation: boolean } | null;
  };
  /** The loss in words. */
  loss: string;
  metric: string;
  epoch: number;
  run: number;
  outcome: string;
  /** Updates that were followed one by one. */
  updates?: number;
  planned?: number;
  rate?: number | null;
  best?: number | null;
  wait?: number;
  patience?: number | null;
  monitor?: string;
  stopped?: number | null;
  restored?: number | null;
  partial?: number | null;
  error?: string;
  parameters?: number;
  /** What to know of the run beside; empty if nothing. */
  note?: string;
}

export interface RunRow {
  run: number;
  settings: string;
  /** Null while the run goes on. */
  epochs: number | null;
  outcome: string;
  loss: number | null;
  val_loss: number | null;
  val_metric: number | null;
  best: number | null;
  restored: number | null;
  metric: string;
  has_test: boolean;
  test: Record<string, number> | null;
}

/** Two runs; values and their difference are words. */
export interface Comparison {
  run: number;
  other: number;
  /** Name, value of `run`, value of `other`. */
  settings: [string, string, string][];
  /** The same, and the first less the second. */
  results: [string, string, string, string][];
  words: string[];
}

export interface Choices {
  activations: string[];
  /** The learning rate Keras gives each optimizer when none is set. */
  optimizers: Record<string, number>;
  schedules: string[];
  monitors: string[];
  speeds: string[];
  accepted: string[];
  rows: number;
  test_rows: number;
  classes: string[];
  /** The output layer and the loss, and why. */
  output: string;
  /** The guess judged by the test rows. */
  guess: Guess;
  /** The target of a regression in its own unit; null for classes. */
  scale: { name: string; mean: number; std: number } | null;
  /** Each raw column and what became of it; empty where that is not known. */
  columns: [string, string][];
  notes: string[];
}

export type Status =
  | "idle"
  | "loading"
  | "training"
  | "paused"
  | "stopping"
  | "done"
  | "failed";

export interface TrainingTraits {
  title: string;
  units: number[];
  activation: string | string[];
  dropout: number | number[];
  batch_normalization: boolean | boolean[];
  l2: number | number[];
  optimizer: string;
  learning_rate: number | null;
  schedule: string;
  schedule_factor: number;
  schedule_patience: number | null;
  batch_size: number;
  epochs: number;
  validation_split: number;
  early_stopping: boolean;
  patience: number;
  min_delta: number;
  monitor: string;
  restore_best_weights: boolean;
  seed: number;
  speed: string;
  log_scale: boolean;
  patient: number;
  histograms: boolean;
  shown: number;
  compared: number;
  status: Status;
  problem: string;
  schedule_words: string;
  pending: string[];
  report: Report;
  runs: RunRow[];
  comparison: Comparison | null;
  compared_curves: DataView<ArrayBuffer>;
  seal: Openings;
  code: string;
  choices: Choices;
  chosen: { rows: number; target: number | null; label: string; noun: string };
  loss_chart: string;
  metric_chart: string;
}
