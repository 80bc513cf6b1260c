/** The traits ModelStyles syncs with Python, and the plain data inside them. */

export type StyleName = "sequential" | "functional" | "subclassed";

export interface Layer {
  key: string;
  label: string;
  kind: "input" | "dense" | "dropout" | "join";
  formula: string;
}

export interface Line {
  text: string;
  /** Keys of the layers it speaks of. */
  layers: string[];
}

export interface Style {
  name: StyleName;
  title: string;
  good: string;
  lines: Line[];
}

type ByStyle<T> = Partial<Record<StyleName, T>>;

export interface Measured {
  /** What comes out of each layer, by key. */
  shapes: Record<string, string>;
  /** Parameters of each layer, by style and key. */
  counts: ByStyle<Record<string, number>>;
  totals: ByStyle<number>;
  /** Parameters before the model saw a row. */
  before: ByStyle<number>;
  /** Keras's own words where it refused the code. */
  refused: ByStyle<string>;
  /** Largest difference between two outputs. */
  largest: number;
  rows: number;
}

export interface StylesTraits {
  title: string;
  inputs: number;
  second: number;
  units: number[];
  activation: string;
  dropout: number;
  outputs: number;
  output_activation: string;
  seed: number;
  status: "loading" | "building" | "done" | "failed";
  layers: Layer[];
  styles: Style[];
  /** Empty until the models are built. */
  measured: Measured;
  said: string;
  code: string;
}
