/** Lines that grow frame by frame on a canvas: going forward only what is new is drawn. */
import { clearCanvas, sharpness } from "./canvas.ts";

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
  /** Draw the series, the later ones on top; `key` names everything the drawing depends on but the counts. */
  draw(series: Series[], width: number, height: number, key: string): void;
}

const FAR = 20_000;

/** However it came about, by growing or at once, the same counts give the same picture. */
export function createTrace(canvas: HTMLCanvasElement): Trace {
  let drawn: number[] = [], last = "";
  return {
    draw(series, width, height, key) {
      const pen = canvas.getContext("2d");
      if (!pen) return;
      const now = `${width} ${height} ${sharpness(canvas)} ${key}`;
      const top = series.length - 1;
      // What grows under another series would come to lie over it.
      const anew = now !== last || series.some(({ count, dash }, line) => {
        const before = drawn[line] ?? 0;
        return count < before || count > before && (line < top || dash);
      });
      if (anew) {
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
  const { colour, width = 2, dash, dot = 0, square = false, count } = series;
  // A canvas draws nothing at all of a line whose end is too far away.
  const near = (value: number) => Math.max(-FAR, Math.min(FAR, value));
  const at = (point: number): [number, number] => {
    const [x, y] = series.at(point);
    return [near(x), near(y)];
  };
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = width;
  pen.lineCap = pen.lineJoin = "round";
  if (dash) {
    pen.lineCap = "butt";
    pen.setLineDash(dash);
    pen.beginPath();
    for (let point = 0; point < count; point++) pen.lineTo(...at(point));
    pen.stroke();
    pen.setLineDash([]);
  }
  for (let point = from; point < count; point++) {
    const [x, y] = at(point);
    pen.beginPath();
    if (!dash && point) {
      pen.moveTo(...at(point - 1));
      pen.lineTo(x, y);
      pen.stroke();
      pen.beginPath();
    }
    if (dot && square) pen.fillRect(x - dot, y - dot, 2 * dot, 2 * dot);
    else if (dot) {
      pen.arc(x, y, dot, 0, 2 * Math.PI);
      pen.fill();
    }
  }
}
