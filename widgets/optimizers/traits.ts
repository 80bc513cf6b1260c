/** What OptimizerRace and its view share; a test holds it against the Python class. */
import type { SurfaceGrid } from "../plot/contours.ts";

export type Spec = Record<string, unknown> & { name: string; learning_rate: number };
export type Schedule = Record<string, unknown> & { name: string };

export interface RunReport {
  key: string;
  label: string;
  /** Frames this run has; fewer than the others where it ended early. */
  frames: number;
  ended: string;
  turn: number | null;
  /** Names of the states, as arrays `0 momentum` and so on of the recording. */
  states: string[];
  drawn: ("push" | "rms" | "effective_rate")[];
  schedule: string;
}

export interface Report {
  runs: RunReport[];
  formula: string;
  start: [number, number];
  functions: string[];
  offered: string[];
  most: number;
  schedules: Record<string, string>;
}

export interface OptimizerTraits {
  title: string;
  optimizers: Spec[];
  function: string;
  start: number[] | null;
  steps: number;
  schedule: Schedule;
  hidden: string[];
  report: Report;
  surface: SurfaceGrid;
  code: string;
}
