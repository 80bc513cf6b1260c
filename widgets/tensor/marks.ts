/** The marks of single cells: what is not finite, and what lies beyond the colours. */
import type { Point } from "./layout.ts";
import { css, type Palette } from "./palette.ts";

/** NaN is a cross, infinity an arrow; in a block it only says that one is among its elements. */
export function paintMark(
  pen: CanvasRenderingContext2D,
  palette: Palette,
  mark: number,
  [x, y]: Point,
  size: number,
  inBlock: boolean,
): void {
  const r = Math.max(1.5, Math.min(7, size / 3)) * (inBlock ? 0.7 : 1);
  pen.beginPath();
  if (mark & 1) {
    pen.moveTo(x - r, y - r);
    pen.lineTo(x + r, y + r);
    pen.moveTo(x + r, y - r);
    pen.lineTo(x - r, y + r);
  }
  for (const [bit, way] of [[2, -1], [4, 1]]) {
    if (!(mark & bit)) continue;
    pen.moveTo(x, y - way * r);
    pen.lineTo(x, y + way * r);
    pen.lineTo(x - r * 0.7, y + way * r * 0.3);
    pen.moveTo(x, y + way * r);
    pen.lineTo(x + r * 0.7, y + way * r * 0.3);
  }
  for (const [colour, width] of [[palette.surface, 4], [palette.bad, 2]] as const) {
    pen.strokeStyle = css(colour);
    pen.lineWidth = size > 8 ? width : width / 2;
    pen.stroke();
  }
  pen.lineWidth = 1;
}

/** A value beyond the end of the colours: a folded corner with a sign. */
export function paintOut(
  pen: CanvasRenderingContext2D,
  palette: Palette,
  [x, y]: Point,
  above: boolean,
  size: number,
): void {
  const r = Math.min(12, size / 2);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x - r, y);
  pen.lineTo(x, y + r);
  pen.closePath();
  pen.fillStyle = css(palette.bad);
  pen.fill();
  if (r < 8) return;
  pen.beginPath();
  pen.moveTo(x - 6, y + 3.5);
  pen.lineTo(x - 2, y + 3.5);
  if (above) {
    pen.moveTo(x - 4, y + 1.5);
    pen.lineTo(x - 4, y + 5.5);
  }
  pen.strokeStyle = css(palette.surface);
  pen.stroke();
}
