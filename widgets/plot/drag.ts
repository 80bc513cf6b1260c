/** A handle on a plot: dragged, or moved by arrow keys. It says where to, in values of the plot. */
import { zoomOf } from "../dom.ts";
import type { Point } from "./marks.ts";
import type { Plot } from "./plot.ts";

export interface DragOptions {
  element: HTMLElement;
  plot: Plot;
  signal: AbortSignal;
  /** Along how many axes it goes; on one, all arrow keys go along it. */
  axes: 1 | 2;
  /** Share of an axis that an arrow key goes; with shift it is a tenth of the axis. */
  stride: number;
  /** Where it is: in values, and in pixels of the plot area. */
  at(): Point;
  pixel(): Point;
  /** Where it is to go: inside the plot, with as many decimals as can be seen. */
  go(x: number, y: number): void;
  /** The pointer has let go. */
  released(): void;
}

export interface Drag {
  readonly held: boolean;
}

const ALONG: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export const isArrow = (key: string) => key in ALONG;

export function makeDraggable(options: DragOptions): Drag {
  const { element, plot, signal, axes } = options;
  let held: { x: number; y: number } | null = null;

  function go(x: number, y: number): void {
    options.go(within(x, plot.domain.x), within(y, plot.domain.y));
  }

  const pointer = (event: PointerEvent): Point => {
    const zoom = zoomOf(element);
    return [event.clientX / zoom, event.clientY / zoom];
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    element.focus();
    element.setPointerCapture?.(event.pointerId);
    const [x, y] = options.pixel(), [right, down] = pointer(event);
    held = { x: right - x, y: down - y };
    element.classList.add("fe-held");
  }, { signal });
  element.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [right, down] = pointer(event);
    go(plot.invertX(right - held.x), plot.invertY(down - held.y));
  }, { signal });
  for (const end of ["pointerup", "pointercancel"]) {
    element.addEventListener(end, () => {
      if (!held) return;
      held = null;
      element.classList.remove("fe-held");
      options.released();
    }, { signal });
  }
  element.addEventListener("keydown", (event) => {
    const along = ALONG[event.key];
    if (!along || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const share = event.shiftKey ? 0.1 : options.stride;
    const [x, y] = options.at();
    const wide = share * (plot.domain.x[1] - plot.domain.x[0]);
    const high = share * (plot.domain.y[1] - plot.domain.y[0]);
    if (axes === 1) go(x + (along[0] + along[1]) * wide, y);
    else go(x + along[0] * wide, y + along[1] * high);
  }, { signal });

  return {
    get held() {
      return held !== null;
    },
  };
}

/** Inside of an axis, with as many decimals as can be seen in a picture of its length. */
function within(value: number, [low, high]: [number, number]): number {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(high - low)));
  return Number(Math.max(low, Math.min(high, value)).toFixed(Math.min(12, decimals)));
}
