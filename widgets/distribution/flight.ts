/** What is on its way from one part of the picture to another, on a canvas over all of it. */
import { boxOf, h } from "../dom.ts";
import { clearCanvas } from "../plot/canvas.ts";
import { css, type Rgb } from "../plot/palette.ts";
import { type Cell, paint } from "./strip.ts";

export interface Flight {
  readonly element: HTMLCanvasElement;
  /** Show these cells, in pixels of the picture; none hides the canvas. */
  show(cells: Cell[]): void;
  /** Cells `share` of the way from one element to another, where they fit in. */
  between(from: Element, to: Element, cells: Cell[], share: number): Cell[];
  /** Rows on their way from each place to the other, one after the other. */
  dealing(from: Element[], to: Element[], colour: Rgb, share: number): Cell[];
}

/** Its canvas is put into the picture, which it covers. */
export function createFlight(): Flight {
  const canvas = h("canvas", { class: "fe-flight", "aria-hidden": "true" });

  /** Where elements are in the picture. */
  function places(elements: Element[]) {
    const outer = boxOf(canvas.parentElement!);
    return elements.map((one) => {
      const { left, top, width, height } = boxOf(one);
      return { left: left - outer.left, top: top - outer.top, width, height };
    });
  }

  return {
    element: canvas,
    show(cells) {
      canvas.hidden = !cells.length;
      const pen = cells.length ? canvas.getContext("2d") : null;
      if (!pen) return;
      const { clientWidth, clientHeight } = canvas.parentElement!;
      canvas.style.width = `${clientWidth}px`;
      clearCanvas(canvas, pen, clientWidth, clientHeight);
      paint(pen, cells);
    },
    between(from, to, cells, share) {
      const [a, b] = places([from, to]);
      const wide = 1 + share * (b.width / (a.width || 1) - 1);
      const high = 1 + share * (b.height / (a.height || 1) - 1);
      return cells.map(({ x, y, width, height, colour }) => ({
        x: a.left + share * (b.left - a.left) + x * wide,
        y: a.top + share * (b.top - a.top) + y * high,
        width: width * wide,
        height: height * high,
        colour,
      }));
    },
    dealing(from, to, colour, share) {
      const goals = places(to), sources = places(from.slice(0, to.length));
      return goals.map((goal, at) => {
        const way = Math.max(0, Math.min(1, 2 * share - at / goals.length));
        return {
          x: sources[at].left + way * (goal.left - sources[at].left),
          y: sources[at].top + way * (goal.top - sources[at].top),
          width: goal.width,
          height: goal.height,
          colour: css(colour),
        };
      });
    },
  };
}
