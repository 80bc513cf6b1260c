/** A drawing as Python sends it: the cells of a window of the tensor, each one element or one block of them. */
type Values = Float32Array | Float64Array | Uint8Array;

export interface Arrangement {
  columns: number | null;
  rows: number | null;
  layers: number | null;
  channel: number | null;
  line: number | null;
  grid: number | null;
  facets: number[];
}

export interface Drawing {
  /** Cells along each axis. */
  shape: number[];
  /** First element drawn and end, in elements, for each axis. */
  window: [number, number][];
  /** Elements along each axis that one cell stands for. */
  block: number[];
  /** What a cell shows: its element, the mean of its block, or (for the moment) the block's first element. */
  shown: "value" | "mean" | "first";
  arrangement: Arrangement;
  cells: Values;
  marks: Values;
  texts: string[] | null;
  labels: Record<string, string[]>;
}

/** As it comes from Python: the cells in a buffer, row by row. */
export interface Drawn extends Omit<Drawing, "cells" | "marks"> {
  dtype: "float32" | "float64" | "uint8";
  cells: DataView;
  marks: DataView;
}

const ARRAYS = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array };

export const NOTHING: Drawing = {
  shape: [],
  window: [],
  block: [],
  shown: "value",
  arrangement: {
    columns: null,
    rows: null,
    layers: null,
    channel: null,
    line: null,
    grid: null,
    facets: [],
  },
  cells: new Float32Array(0),
  marks: new Uint8Array(0),
  texts: null,
  labels: {},
};

export function drawingOf(drawn: Drawn): Drawing {
  return {
    ...drawn,
    cells: cellsOf(drawn.cells, drawn.dtype),
    marks: cellsOf(drawn.marks, "uint8"),
  };
}

/** The numbers in a buffer; a copy, since a typed array cannot begin anywhere. */
export function cellsOf(view: DataView, dtype: keyof typeof ARRAYS): Values {
  const end = view.byteOffset + view.byteLength;
  return new ARRAYS[dtype](view.buffer.slice(view.byteOffset, end) as ArrayBuffer);
}

/** Position of a cell in the flat list of cells (row-major order). */
export function flat(shape: number[], index: number[]): number {
  return index.reduce((at, entry, axis) => at * shape[axis] + entry, 0);
}

/** The multi-index of the cell at a flat position. */
export function unflat(shape: number[], at: number): number[] {
  const index = shape.map(() => 0);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = at % shape[axis];
    at = Math.floor(at / shape[axis]);
  }
  return index;
}

/** First element a cell stands for. */
export function elementOf(drawing: Drawing, index: number[]): number[] {
  return index.map((entry, axis) => drawing.window[axis][0] + entry * drawing.block[axis]);
}

/** The cell an element lies in; null if it is not drawn. */
export function cellOf(drawing: Drawing, element: number[]): number[] | null {
  const index = element.map((entry, axis) =>
    Math.floor((entry - drawing.window[axis][0]) / drawing.block[axis])
  );
  return index.every((entry, axis) => entry >= 0 && entry < drawing.shape[axis]) ? index : null;
}
