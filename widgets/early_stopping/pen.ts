/** Where things are on the plot. */
import { linePath, type Marks, type Point } from "../plot/marks.ts";
import type { Plot } from "../plot/plot.ts";

export interface Pen {
  x(epoch: number): number;
  /** A number that leaves the picture stays at its edge. */
  y(value: number): number;
  line(marks: Marks, key: string, from: Point, to: Point, name: string): void;
}

export function createPen(plot: Plot): Pen {
  return {
    // The axis counts epochs from 1.
    x: (epoch) => plot.x(epoch + 1),
    y: (value) => Math.max(-4, Math.min(plot.height + 4, plot.y(value))),
    line: (marks, key, from, to, name) =>
      void marks.set(key, "path", { d: linePath([from, to]), class: name }),
  };
}
