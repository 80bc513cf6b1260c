/** A device's copy of the network: units in columns, weights as lines. Wide layers show some of their units. */
import { h } from "../dom.ts";
import { clearCanvas } from "../plot/canvas.ts";
import { css, type Palette } from "../plot/palette.ts";
import type { Values } from "../recording.ts";
import type { Facts } from "./traits.ts";

export interface Net {
  readonly element: HTMLCanvasElement;
  draw(weights: Values, facts: Facts, palette: Palette): void;
}

const HEIGHT = 104;
export const MOST_UNITS = 12;
const RADIUS = 3;

/** Numbers of the units that are drawn. */
function drawn(units: number): number[] {
  const count = Math.min(units, MOST_UNITS);
  return Array.from(
    { length: count },
    (_, at) => count === 1 ? 0 : Math.round((at * (units - 1)) / (count - 1)),
  );
}

export function createNet(label: string): Net {
  const canvas = h("canvas", { class: "fe-net", role: "img", "aria-label": label });
  return {
    element: canvas,
    draw(weights, facts, palette) {
      const pen = canvas.getContext("2d");
      if (!pen) return;
      const width = canvas.clientWidth || 200;
      clearCanvas(canvas, pen, width, HEIGHT);
      let start = 0;
      const kernels = facts.weights.flatMap(([, shape]) => {
        const at = start;
        start += shape.reduce((product, axis) => product * axis, 1);
        return shape.length === 2 ? [{ at, inputs: shape[0], units: shape[1] }] : [];
      });
      if (!kernels.length) return;
      const layers = [kernels[0].inputs, ...kernels.map((kernel) => kernel.units)];
      const x = (layer: number) =>
        RADIUS + 2 + (layer * (width - 2 * RADIUS - 4)) / (layers.length - 1);
      const y = (at: number, count: number) => (HEIGHT * (at + 0.5)) / count;
      kernels.forEach((kernel, layer) => {
        const from = drawn(kernel.inputs), to = drawn(kernel.units);
        const values = weights.subarray(kernel.at, kernel.at + kernel.inputs * kernel.units);
        let most = 0;
        for (const value of values) most = Math.max(most, Math.abs(value));
        from.forEach((input, a) =>
          to.forEach((unit, b) => {
            const value = values[input * kernel.units + unit];
            const share = most ? Math.abs(value) / most : 0;
            pen.strokeStyle = css(value > 0 ? palette.train : palette.valid, 0.1 + 0.7 * share);
            pen.lineWidth = 0.4 + 1.4 * share;
            pen.beginPath();
            pen.moveTo(x(layer), y(a, from.length));
            pen.lineTo(x(layer + 1), y(b, to.length));
            pen.stroke();
          })
        );
      });
      layers.forEach((units, layer) => {
        const shown = drawn(units);
        shown.forEach((_, at) => {
          pen.beginPath();
          pen.arc(x(layer), y(at, shown.length), RADIUS, 0, 2 * Math.PI);
          pen.fillStyle = css(palette.surface);
          pen.fill();
          pen.strokeStyle = css(palette.ink);
          pen.lineWidth = 1;
          pen.stroke();
        });
      });
    },
  };
}
