/** The mean loss and the share of wrong rows over one bias: a slope to go down, and stairs without one. */
import { h, part, text } from "../dom.ts";
import { makeDraggable } from "../plot/drag.ts";
import { linePath, type Point } from "../plot/marks.ts";
import { createPlot } from "../plot/plot.ts";
import type { State } from "./traits.ts";
import { shown, signed } from "./words.ts";

export interface Bias {
  readonly element: HTMLElement;
  draw(state: State): void;
}

export function createBias(
  signal: AbortSignal,
  redraw: () => void,
  move: (change: number) => void,
): Bias {
  let now: State | null = null, held = NaN;
  const plot = createPlot({
    signal,
    label: "The mean loss over one bias",
    ratio: 0.5,
    least: 220,
    most: 260,
    onDraw: redraw,
  });
  const lines = plot.layer("lines", "under"), over = plot.layer("hand");
  const handle = h("div", {
    class: "fe-grip fe-bias-grip",
    role: "slider",
    tabindex: 0,
    "aria-label": "change of the bias; arrow keys move it",
    "aria-valuemin": -6,
    "aria-valuemax": 6,
  });
  const top = () => plot.domain.y[1];
  const level = () => Math.min(top(), now?.mean ?? 0);
  const change = () => drag.held && !Number.isNaN(held) ? held : now?.biasChange ?? 0;
  const drag = makeDraggable({
    element: handle,
    plot,
    signal,
    axes: 1,
    stride: 0.1 / 12,
    at: () => [change(), 0],
    pixel: () => [plot.x(change()), plot.y(level())],
    go: (x) => {
      held = Math.round(20 * x) / 20;
      move(held);
    },
    released: () => {
      held = NaN;
      redraw();
    },
  });
  const told = h("p", { class: "fe-bias-told fe-number" });
  const why = h("p", { class: "fe-bias-told fe-number" });

  return {
    element: part(
      "bias",
      h(
        "section",
        { class: "fe-loss-bias" },
        h(
          "div",
          {},
          h("h3", {}, "All rows, one bias"),
          h("div", { class: "fe-loss-plot" }, plot.element, handle),
        ),
        h(
          "div",
          { class: "fe-bias-words" },
          h(
            "p",
            { class: "fe-legend" },
            h("span", {}, h("i", { class: "fe-key fe-key-mean" }), "mean loss"),
            h("span", {}, h("i", { class: "fe-key fe-key-wrong" }), "share of rows wrong"),
          ),
          told,
          why,
        ),
      ),
    ),
    draw(state) {
      now = state;
      const { facts: { shifts, steps }, overBias, wrongOverBias, wrong, set, slope } = state;
      plot.setDomain({ x: [shifts[0], shifts[shifts.length - 1]], y: [0, state.facts.bias_high] });
      plot.setLabels(
        `The mean loss over the change of one bias: a smooth curve. The share of rows on the wrong side: stairs.`,
        "change of the output unit's bias",
        "",
      );
      const curve = shifts.map((shift, k): Point => [
        plot.x(shift),
        plot.y(Math.min(2 * top(), overBias[k])),
      ]);
      let stairs = "";
      steps.forEach((step, k) => {
        const x = plot.x(step).toFixed(1), y = plot.y(wrongOverBias[k] / set.count).toFixed(1);
        stairs += k ? `H${x}V${y}` : `M${x},${y}`;
      });
      lines.begin();
      const zero = plot.x(0);
      lines.set("zero", "path", {
        d: linePath([[zero, 0], [zero, plot.height]]),
        class: "fe-half",
      });
      lines.set("wrong", "path", { d: stairs, class: "fe-stairs" });
      lines.set("mean", "path", { d: linePath(curve), class: "fe-over-bias" });
      lines.end();
      const x = plot.x(change()), y = plot.y(level());
      over.begin();
      if (state.mean <= top()) {
        const reach = 1.2, rise = slope * reach;
        over.set("tangent", "path", {
          d: linePath([
            [plot.x(change() - reach), plot.y(state.mean - rise)],
            [plot.x(change() + reach), plot.y(state.mean + rise)],
          ]),
          class: "fe-tangent",
        });
      }
      over.end();
      handle.style.left = `${plot.left + x}px`;
      handle.style.top = `${plot.top + y}px`;
      const words = `bias ${signed(change())}, mean loss ${shown(state.mean)}`;
      handle.setAttribute("aria-valuenow", String(change()));
      handle.setAttribute("aria-valuetext", words);
      const put = state.biasChange
        ? `Bias ${signed(state.biasChange)}: every output moved, and every term`
        : "Drag the point: one bias moves every output, and every term";
      text(told, `${put}. Mean ${shown(state.mean)}, slope ${signed(slope)}: ${way(slope)}.`);
      text(
        why,
        `${wrong} of ${set.count} wrong. That count changes in steps and is flat between them: no slope, so no ` +
          "direction to go.",
      );
    },
  };
}

function way(slope: number): string {
  if (Math.abs(slope) < 0.0005) return "as good as flat, the lowest place for this bias";
  return slope > 0 ? "downhill is to the left" : "downhill is to the right";
}
