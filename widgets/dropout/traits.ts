/** What DropoutView and its view share; a test holds it against the Python class. */
import type { NetworkPlan } from "../network/plan.ts";

export interface DropoutTraits {
  title: string;
  rate: number;
  batch_size: number;
  batches: number;
  seed: number;
  training: boolean;
  layer: string;
  row: number;
  code: string;
}

/** The settings of the recording: what it was made with, and what does not change from batch to batch. */
export interface Facts {
  network: NetworkPlan;
  /** Weights and biases of the picture. */
  drawn: number[];
  /** What the kept units of each layer are multiplied by. */
  scales: number[];
  layer: string;
  /** Dropout layers to choose from. */
  layers: string[];
  units: number;
  /** Units in the grid, in the plot of all units and in the table: the first ones. */
  listed: number;
  /** The rows of the grid. */
  first_row: number;
  shown_rows: number;
  /** Value of each listed unit at inference. */
  expected: number[];
  output: string;
  output_expected: number;
  /** Whether all behind the layer is linear. */
  linear: boolean;
  /** 2 to the number of units. */
  networks: string;
  rate: number;
  scale: number;
  row: number;
  rows: number;
  most_rows: number;
  training: boolean;
  normalised: boolean;
  made_rows: boolean;
  made_network: boolean;
}
