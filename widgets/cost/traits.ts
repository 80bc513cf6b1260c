/** The traits GradientCost syncs with Python, and the plain data inside them. */

export interface Report {
  /** How much is done, from 0 to 1. */
  share: number;
  /** What is being measured, in words; empty when nothing is. */
  doing: string;
  /** Numbers of rows measured, and planned. */
  done: number;
  of: number;
  outcome: "" | "finished" | "stopped" | "failed";
  error: string;
  /** Ranges of the chart in powers of ten. */
  axis: { x: [number, number]; y: [number, number]; log: boolean };
}

export interface Facts {
  plan: string;
  rows: string;
  question: string;
  /** Settings that differ from those of what is shown. */
  waiting: string[];
}

export type Status = "idle" | "measuring" | "stopping" | "done" | "failed";

export interface CostTraits {
  title: string;
  batch_size: number;
  largest: number;
  inputs: number;
  hidden: number;
  seed: number;
  ask: boolean;
  guess: number | null;
  status: Status;
  report: Report;
  said: string[];
  facts: Facts;
  code: string;
  chart: string;
}
