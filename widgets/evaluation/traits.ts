/** The traits Evaluation syncs with Python, and the plain data inside them. */
import type { Openings } from "../seals.ts";

export interface Seal extends Openings {
  counts: { training: number; validation: number; test: number };
  /** Whether other rows than the test rows can be asked for. */
  asks: boolean;
  task: Task;
}

export type Task = "binary" | "multiclass" | "regression";

/** A number, or the name of the array that has one for each cut; null where it is not defined. */
export type Told = number | string | null;

export interface Line {
  figure: string;
  method: string;
  value: Told;
  low: Told;
  high: Told;
}

export interface Report {
  task: Task;
  rows: string;
  n: number;
  /** Of many classes: rows the largest output is wrong for. */
  wrong: number;
  /** What makes the intervals that are not Wilson's: of many rows the normal approximation. */
  method: "bootstrap" | "normal";
  classes: string[];
  note: string;
  positive: number;
  figures: Record<string, number | null>;
  baseline: { name: string; right: number; share: number };
  intervals: Line[];
  notes: string[];
  matrix: number[][];
  /** Precision, recall, F1 and support of each class. */
  per_class: (number | null)[][];
  scatter: { actual?: number[]; predicted?: number[]; names?: string[] };
}

export interface Points {
  /** 1 where the target is the positive class. */
  actual?: number[];
  /** The first cut in which the row is predicted 0. */
  falls?: number[];
  outputs?: number[];
  names?: string[];
  /** How many rows a mark stands for. */
  each?: number;
}

export interface Table {
  columns?: string[];
  rows?: {
    row: number;
    name: string;
    output: number;
    /** The first cut in which it is predicted 0. */
    falls: number;
    said: string;
    actual: string;
    cells: string[];
  }[];
}

export interface Bin {
  low: number;
  high: number;
  rows: number;
  ones: number;
  output: number;
  share: number;
  share_low: number;
  share_high: number;
}

export interface Luck {
  missing: string;
  done: number;
  of: number;
  share: number;
  outcome: "" | "finished" | "stopped" | "failed";
  error: string;
  results: { seed: number; rows: number; right?: number; accuracy?: number; mae?: number }[];
  median: number;
  /** Predict 1 above it. */
  threshold: number;
}

export type Status = "idle" | "training" | "stopping" | "done" | "failed";

export interface EvaluationTraits {
  title: string;
  row_name: string;
  rows: "training" | "validation" | "test";
  threshold: number;
  positive: number;
  bins: number;
  strategy: "quantile" | "uniform";
  split_count: number;
  seed: number;
  opened: boolean;
  seal: Seal;
  report: Report;
  points: Points;
  table: Table;
  reliability: Bin[];
  status: Status;
  luck: Luck;
  code: string;
  roc_chart: string;
  pr_chart: string;
}
