/** Contour lines of a grid of values, by d3-contour. */
// @ts-types="@types/d3-contour"
import { contours } from "d3-contour";
import { linePath, type Marks, type Point } from "./marks.ts";
import type { Domain, Plot } from "./plot.ts";

export interface Grid extends Domain {
  columns: number;
  rows: number;
  /** Row by row, the lowest y first; NaN where there is no value. */
  values: ArrayLike<number>;
}

/** A grid as Python sends it: float32 values, and where the lowest lies. */
export interface SurfaceGrid {
  x: [number, number];
  y: [number, number];
  columns: number;
  rows: number;
  values: DataView;
  minimum: [number, number] | null;
}

export function gridOf(sent: SurfaceGrid): Grid {
  const { buffer, byteOffset } = sent.values;
  // A copy: the bytes of a message need not begin where a Float32Array can.
  const bytes = buffer.slice(byteOffset, byteOffset + 4 * sent.columns * sent.rows) as ArrayBuffer;
  return { ...sent, values: new Float32Array(bytes) };
}

/** Contour lines of a grid at these levels, and a cross at its lowest point. */
export function drawContours(
  marks: Marks,
  plot: Plot,
  grid: Grid | null,
  levels: number[],
  lowest: [number, number] | null = null,
): void {
  marks.begin();
  if (grid) {
    contourPaths(grid, levels, plot.x, plot.y).forEach((path, level) =>
      marks.set(`level ${level}`, "path", { d: path, class: "fe-contour" })
    );
  }
  if (lowest) {
    const [x, y] = [plot.x(lowest[0]), plot.y(lowest[1])];
    marks.set("lowest", "path", {
      d: `M${x - 5},${y - 5}L${x + 5},${y + 5}M${x - 5},${y + 5}L${x + 5},${y - 5}`,
      class: "fe-lowest",
    });
  }
  marks.end();
}

/** Levels that lie closer together near the lowest value, where paths end. */
export function levels(grid: Grid, count: number): number[] {
  let low = Infinity, high = -Infinity;
  for (const value of Array.from(grid.values)) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(high > low)) return [];
  return Array.from(
    { length: count },
    (_, place) => low + (high - low) * ((place + 1) / (count + 1)) ** 2,
  );
}

/** For each level, the path of its lines in pixels. */
export function contourPaths(
  grid: Grid,
  levels: number[],
  x: (value: number) => number,
  y: (value: number) => number,
): string[] {
  const { columns, rows } = grid;
  const step = (axis: [number, number], cells: number) => (axis[1] - axis[0]) / (cells - 1);
  // d3-contour puts the value of a cell at its middle.
  const place = ([column, row]: Point): Point => [
    x(grid.x[0] + (column - 0.5) * step(grid.x, columns)),
    y(grid.y[0] + (row - 0.5) * step(grid.y, rows)),
  ];
  // What has no value is cut out like a hill: no line crosses it.
  const values = Array.from(grid.values, (value) => Number.isFinite(value) ? value : Infinity);
  const onEdge = ([column, row]: Point) =>
    column <= 0.5 || row <= 0.5 || column >= columns - 0.5 || row >= rows - 0.5;
  return contours().size([columns, rows]).thresholds(levels)(values).map((shape) =>
    shape.coordinates.flat().map((ring) => open(ring as unknown as Point[], onEdge, place)).join("")
  );
}

/** A ring without its stretches along the edge of the grid: those are no contour lines. */
function open(ring: Point[], onEdge: (point: Point) => boolean, place: (point: Point) => Point) {
  const points: Point[] = [];
  for (let number = 1; number < ring.length; number++) {
    if (onEdge(ring[number - 1]) && onEdge(ring[number])) points.push([NaN, NaN]);
    else {
      if (number === 1 || !Number.isFinite(points.at(-1)![0])) points.push(place(ring[number - 1]));
      points.push(place(ring[number]));
    }
  }
  return linePath(points);
}
