/** The traits LiveTraining syncs with Python, and the plain data inside them. */

export interface Axis {
  x: [number, number];
  y: [number, number];
  log: boolean;
}

export interface Report {
  charts: {
    loss: Axis;
    metric: Axis;
    /** What always answering 0 gets right; null where the metric is no accuracy. */
    baseline: { right: number; rows: number; validation: boolean } | null;
  };
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
  /** What the class names speak of, or "". */
  class_note: string;
  /** Test rows with label 0: what always answering 0 gets right. */
  test_baseline: number;
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
  code: string;
  choices: Choices;
  chosen: { rows: number; target: number | null; label: string };
  loss_chart: string;
  metric_chart: string;
}
