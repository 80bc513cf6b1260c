/** All numbers of a gradient as cells: blue above 0, brown below, the stronger the larger. And their way elsewhere. */
import { h } from "../dom.ts";
import { clearCanvas } from "../plot/canvas.ts";
import { css, type Palette } from "../plot/palette.ts";
import type { Values } from "../recording.ts";

export interface Cell {
  x: number;
  y: number;
  width: number;
  height: number;
  colour: string;
}

export interface Strip {
  readonly element: HTMLCanvasElement;
  /** Show the values, the largest of which has the size `most`; null for an empty strip. From the end up to `share`. */
  draw(values: Values | null, most: number, palette: Palette, share?: number): void;
  /** The cells of these values, in pixels of the element. */
  cells(values: Values, most: number, palette: Palette): Cell[];
}

const HEIGHT = 44;
/** Width of a strip as often as its height where cells are to be squares. */
const SHAPE = 6;

export function createStrip(label: string): Strip {
  const canvas = h("canvas", { class: "fe-strip", role: "img", "aria-label": label });
  const inside = () => canvas.clientWidth || 200;

  function cells(values: Values, most: number, palette: Palette): Cell[] {
    // The same rows and columns however wide: the same number is in the same place of every strip.
    const rows = Math.max(1, Math.min(22, Math.round(Math.sqrt(values.length / SHAPE))));
    const width = inside() / Math.ceil(values.length / rows), height = HEIGHT / rows;
    return Array.from(values, (value, at) => ({
      x: Math.floor(at / rows) * width,
      y: (at % rows) * height,
      width,
      height,
      colour: colourOf(value, most, palette),
    }));
  }

  return {
    element: canvas,
    cells,
    draw(values, most, palette, share = 1) {
      const pen = canvas.getContext("2d");
      if (!pen) return;
      const width = inside();
      clearCanvas(canvas, pen, width, HEIGHT);
      pen.fillStyle = css(palette.raised);
      pen.fillRect(0, 0, width, HEIGHT);
      if (!values) return;
      const all = cells(values, most, palette);
      paint(pen, all.slice(Math.floor((1 - share) * all.length)));
    },
  };
}

export function paint(pen: CanvasRenderingContext2D, cells: Cell[]): void {
  for (const { x, y, width, height, colour } of cells) {
    pen.fillStyle = colour;
    pen.fillRect(x, y, width > 3 ? width - 1 : width, height > 3 ? height - 1 : height);
  }
}

function colourOf(value: number, most: number, palette: Palette): string {
  const share = most ? Math.min(1, Math.abs(value) / most) : 0;
  return css(value > 0 ? palette.train : palette.valid, share ? 0.15 + 0.85 * Math.sqrt(share) : 0);
}
