/** All numbers of a gradient as cells: blue above 0, brown below, the stronger the larger. And their way elsewhere. */
import { h } from "../dom.ts";
import { clearCanvas } from "../plot/canvas.ts";
import { css, type Palette, type Rgb } from "../plot/palette.ts";
import type { Values } from "../recording.ts";

export interface Cell {
  x: number;
  y: number;
  size: number;
  colour: string;
}

export interface Strip {
  readonly element: HTMLCanvasElement;
  /** Show the values, the largest of which has the size `most`; null for an empty strip. */
  draw(values: Values | null, most: number, palette: Palette, share?: number): void;
  /** The cells of these values, in pixels of the element. */
  cells(values: Values, most: number, palette: Palette): Cell[];
}

const HEIGHT = 44;

export function createStrip(label: string): Strip {
  const canvas = h("canvas", { class: "fe-strip", role: "img", "aria-label": label });
  const width = () => canvas.parentElement?.clientWidth || 200;

  function cells(values: Values, most: number, palette: Palette): Cell[] {
    const side = Math.min(12, Math.sqrt((width() * HEIGHT) / values.length));
    const rows = Math.max(1, Math.floor(HEIGHT / side));
    const columns = Math.ceil(values.length / rows);
    const size = Math.min(width() / columns, HEIGHT / rows);
    return Array.from(values, (value, at) => ({
      x: Math.floor(at / rows) * size,
      y: (at % rows) * size,
      size,
      colour: colourOf(value, most, palette),
    }));
  }

  return {
    element: canvas,
    cells,
    draw(values, most, palette, share = 1) {
      const pen = canvas.getContext("2d");
      if (!pen) return;
      canvas.style.width = `${width()}px`;
      clearCanvas(canvas, pen, width(), HEIGHT);
      pen.fillStyle = css(palette.raised);
      pen.fillRect(0, 0, width(), HEIGHT);
      if (!values) return;
      const all = cells(values, most, palette);
      paint(pen, all.slice(0, Math.ceil(share * all.length)));
    },
  };
}

export function paint(pen: CanvasRenderingContext2D, cells: Cell[]): void {
  for (const { x, y, size, colour } of cells) {
    pen.fillStyle = colour;
    pen.fillRect(x, y, size > 3 ? size - 1 : size, size > 3 ? size - 1 : size);
  }
}

function colourOf(value: number, most: number, palette: Palette): string {
  const colour: Rgb = value > 0 ? palette.train : palette.valid;
  const share = most ? Math.min(1, Math.abs(value) / most) : 0;
  return css(colour, share ? 0.12 + 0.88 * share : 0.05);
}
