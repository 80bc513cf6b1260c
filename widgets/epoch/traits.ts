/** What EpochRace and its view share; a test holds it against the Python class. */
import type { SurfaceGrid } from "../plot/contours.ts";

export interface Report {
  rows: number;
  inputs: string[];
  classes: string[];
  /** Batches in an epoch, and the rows of the last. */
  batches: number;
  last_batch: number;
  updates: { gd: number; sgd: number };
  diverged: { method: "gd" | "sgd" | "both"; update: number; sentence: string } | null;
  axes: [string, string];
  /** Share of the squared movement that the plane of the picture holds; null where the plane is all there is. */
  share: number | null;
  weights: number;
  fan_batches: number;
  all_batches: number;
}

export interface EpochTraits {
  title: string;
  batch_size: number;
  learning_rate: number;
  epochs: number;
  shuffle: boolean;
  seed: number;
  model: "logistic" | "network";
  features: string[];
  start: number[];
  plane: "pca" | "random";
  fan: boolean;
  report: Report;
  deck: { targets: DataView };
  surface: SurfaceGrid;
  code: string;
}
