/** The traits DataTour syncs with Python, and the plain data inside them. */

export type Kind = "number" | "category" | "gaps" | "target" | "left out";

export interface Column {
  name: string;
  kind: Kind;
  meaning: string;
  /** What was made of it, in words; empty if that is not known. */
  became: string;
  inputs: number;
  /** Its values, counted. */
  holds: string;
  /** Lowest, mean and highest as text. */
  span: string[];
  /** Its values as text, if they are few enough to choose from. */
  choices: string[] | null;
}

export interface Balance {
  heads: string[];
  /** For each part of the rows the texts under the heads, and the share of each class from 0 to 1. */
  lines: { part: string; counts: string[]; shares: number[] }[];
  said: string[];
  task: string;
}

export interface Facts {
  rows: number;
  noun: string;
  size: string;
  /** Whether there are rows without a target. */
  out: boolean;
  notes: string[];
  columns: Column[];
  balance: Balance;
  counts: { inputs: number; numbers: number; flags: number };
  /** The classes, as the chart has them. */
  groups: string[];
  code: string;
  exercise: { question: string; hint: string } | null;
}

export interface Row {
  /** Its place in the table. */
  row: number;
  label: string;
  part: string;
  cells: string[];
}

export interface Window {
  top: number;
  /** How many rows fit the filters. */
  fit: number;
  /** How many there are on the page at most. */
  size: number;
  rows: Row[];
}

export interface Step {
  column: string;
  value: string;
  kind: Kind;
  sum: string;
  sentence: string;
  /** Inputs made up to here: standardised numbers, and those that are 0 or 1. */
  made: number[];
}

export interface Input {
  name: string;
  text: string;
  exact: string;
  /** Number of the step that makes it. */
  step: number;
  zero: boolean;
}

export interface Turned {
  row: number;
  label: string;
  part: string;
  begin: string;
  end: string;
  steps: Step[];
  inputs: Input[];
  /** Places of the rows before and after it among those that fit; its number there, from 1; 0 if it does not fit. */
  before: number | null;
  after: number | null;
  number: number;
}

export interface Spread {
  column: string;
  numeric: boolean;
  /** Whether there is a mean and a standard deviation to count in. */
  scalable: boolean;
  scaled: boolean;
  groups: string[];
  bins: string[];
  /** Rows and percent of the class, for each bin one a class. */
  counts: number[][];
  shares: number[][];
  missing: number[];
  said: string;
  axis: { x: [number, number]; y: [number, number]; log: boolean; edges: number[] };
}

export interface Found {
  solved: boolean;
  said: string;
  explanation: string[];
  /** Whether the answer was asked for. */
  shown: boolean;
}

export type Stage = "table" | "row" | "balance" | "distributions" | "exercise";

export interface TourTraits {
  title: string;
  stage: Stage;
  row: number;
  filters: Record<string, string>;
  sort: string;
  descending: boolean;
  top: number;
  marked: number[];
  column: string;
  standardised: boolean;
  facts: Facts;
  window: Window;
  turned: Turned;
  spread: Spread;
  found: Found;
  chart: string;
}
