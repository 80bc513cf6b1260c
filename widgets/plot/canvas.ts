/** A canvas that is as sharp as the screen. */
import { zoomOf } from "../dom.ts";

/** Pixels of the screen for each pixel of a canvas's layout. */
export const sharpness = (canvas: Element) => (globalThis.devicePixelRatio || 1) * zoomOf(canvas);

/** An empty canvas of this size, drawn on in pixels of the page; returns pixels of the screen for each of them. */
export function clearCanvas(
  canvas: HTMLCanvasElement,
  pen: CanvasRenderingContext2D,
  width: number,
  height: number,
): number {
  const ratio = sharpness(canvas);
  const wide = Math.round(width * ratio), high = Math.round(height * ratio);
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.height = `${height}px`;
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return ratio;
}
