/** The traits Devices syncs with Python, and the plain data inside them. */

export interface Report {
  /** How much is done, from 0 to 1. */
  share: number;
  /** What is being measured, in words; empty when nothing is. */
  doing: string;
  outcome: "" | "finished" | "stopped" | "failed";
  error: string;
}

export interface Bar {
  name: string;
  way: string;
  threads: number;
  seconds: number;
  /** Seconds in words. */
  told: string;
  fastest: number;
  slowest: number;
  repetitions: number;
  /** How it was scaled from a small part; empty if all of it was measured. */
  scaled: string;
}

export interface Bars {
  bars: Bar[];
  /** Powers of ten of seconds. */
  axis: number[];
}

export type Status = "idle" | "measuring" | "stopping" | "done" | "failed";

export interface DevicesTraits {
  title: string;
  status: Status;
  report: Report;
  facts: [name: string, told: string][];
  bars: Bars;
  said: string[];
  code: string;
}
