/** Lines that grow frame by frame on a canvas: going forward only what is new is drawn. */
import { clearCanvas } from "./canvas.ts";

export interface Series {
  colour: string;
  width?: number;
  dash?: number[];
  /** Radius of the dot at each point; 0 for none. Squares where `square`. */
  dot?: number;
  square?: boolean;
  /** Points there are up to now. */
  count: number;
  /** A point in pixels of the canvas. */
  at(point: number): readonly [number, number];
}

export interface Trace {
  /** Draw the series; `key` names everything the drawing depends on but the counts. */
  draw(series: Series[], width: number, height: number, key: string): void;
}

export function createTrace(canvas: HTMLCanvasElement): Trace {
  let drawn: number[] = [], last = "";
  return {
    draw(series, width, height, key) {
      const pen = canvas.getContext("2d");
      if (!pen) return;
      const now = `${width} ${height} ${globalThis.devicePixelRatio} ${key}`;
      if (now !== last || series.some(({ count }, line) => count < (drawn[line] ?? 0))) {
        clearCanvas(canvas, pen, width, height);
        drawn = series.map(() => 0);
        last = now;
      }
      series.forEach((one, line) => {
        if (one.count > drawn[line]) paint(pen, one, drawn[line]);
        drawn[line] = one.count;
      });
    },
  };
}

function paint(pen: CanvasRenderingContext2D, series: Series, from: number): void {
  const { colour, width = 2, dash = [], dot = 0, square = false, count, at } = series;
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = width;
  pen.lineJoin = "round";
  pen.setLineDash(dash);
  pen.beginPath();
  for (let point = Math.max(0, from - 1); point < count; point++) pen.lineTo(...at(point));
  pen.stroke();
  pen.setLineDash([]);
  if (!dot) return;
  pen.beginPath();
  for (let point = from; point < count; point++) {
    const [x, y] = at(point);
    if (square) pen.rect(x - dot, y - dot, 2 * dot, 2 * dot);
    else {
      pen.moveTo(x + dot, y);
      pen.arc(x, y, dot, 0, 2 * Math.PI);
    }
  }
  pen.fill();
}
