/** The traits Distribution syncs with Python, the plain data inside them, and the settings of its recording. */

export interface Report {
  /** How much is done, from 0 to 1. */
  share: number;
  /** What is going on, in words; empty when nothing is. */
  doing: string;
  outcome: "" | "finished" | "stopped" | "failed";
  error: string;
  /** Whether the card plays a recorded run and can make none. */
  played: boolean;
  /** Rows there are to train on. */
  rows: number;
}

export type Status = "idle" | "running" | "stopping" | "done" | "failed";

export interface DistributionTraits {
  title: string;
  batch_size: number;
  seed: number;
  status: Status;
  report: Report;
  said: string[];
  code: string;
}

interface Times {
  median: number;
  fastest: number;
  slowest: number;
  updates: number;
}

/** What a run was made with. */
export interface Facts {
  batch_size: number;
  seed: number;
  rows: number;
  row_name: string;
  updates: number;
  parameters: number;
  bytes: number;
  /** Name and shape of each weight, in the order of the parameters. */
  weights: [string, number[]][];
  optimizer: string;
  loss: string;
  devices: string[];
  cores: number;
  two_seconds: Times;
  one_seconds: Times;
}
