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

export interface Choices {
  activations: string[];
  /** The learning rate Keras gives each optimizer when none is set. */
  optimizers: Record<string, number>;
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
  activation: string;
  dropout: number | number[];
  optimizer: string;
  learning_rate: number | null;
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
  shown: number;
  status: Status;
  problem: string;
  pending: string[];
  report: Report;
  runs: RunRow[];
  seal: Openings;
  code: string;
  choices: Choices;
  chosen: { rows: number; target: number | null; label: string; noun: string };
  loss_chart: string;
  metric_chart: string;
}
