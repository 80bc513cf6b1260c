/** The traits RankLadder reads and writes; their meaning stands in widget.py. */
import type { Arrangement } from "../tensor/drawing.ts";

export interface Rung {
  name: string;
  shape: number[];
  dtype: string;
  bytes: number;
  axes: string[];
  roles: string[];
  grown: number | null;
  words: string;
  code: string;
  labels: string[];
  unit: string;
  question: boolean;
  arrangement: Arrangement;
  cells_dtype: "float32" | "float64" | "uint8";
  cells: DataView;
}

export interface LadderTraits {
  title: string;
  rung: number;
  reached: number;
  asking: boolean;
  told: { answer?: string; right?: boolean | null; words?: string };
  story: Rung[];
  choices: string[];
}
