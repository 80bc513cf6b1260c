import type { Drawn } from "./drawing.ts";

/** The traits TensorView reads and writes; their meaning stands in widget.py. */
export interface Facts {
  shape: number[];
  dtype: string;
  elements: number;
  bytes: number;
  source: string;
  axes: string[];
  roles: string[];
  can_be_picture: boolean;
  text: boolean;
}

export interface Chosen {
  text: string;
  code: string;
  shape: number[];
  elements: number;
  /** start, step, count, kept for each axis. */
  taken: [number, number, number, boolean][];
  value: string;
  error: string;
}

export interface Statistics {
  count?: number;
  nan?: number;
  positive_infinite?: number;
  negative_infinite?: number;
  minimum?: number | string | null;
  maximum?: number | string | null;
  mean?: number | null;
  std?: number | null;
  histogram?: { counts: number[]; edges: number[]; of: number; exact: boolean };
}

export interface TensorTraits {
  title: string;
  selection: string;
  window: [number, number][];
  channels: string;
  low: number | null;
  high: number | null;
  facts: Facts;
  chosen: Chosen;
  statistics: Statistics;
  /** Empty until Python has sent it. */
  drawn: Drawn;
  operation: Record<string, unknown>;
}
