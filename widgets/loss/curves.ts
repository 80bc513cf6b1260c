/** The two curves, −log p and −log(1 − p), with the rows on them and a handle for the row in hand. */
import { h } from "../dom.ts";
import { makeDraggable } from "../plot/drag.ts";
import { linePath, type Point } from "../plot/marks.ts";
import { createPlot } from "../plot/plot.ts";
import type { State } from "./traits.ts";
import { shown } from "./words.ts";

export interface Curves {
  readonly element: HTMLElement;
  draw(state: State): void;
}

export interface CurvesOptions {
  signal: AbortSignal;
  redraw(): void;
  /** The output of the row in hand is to be this. */
  move(output: number): void;
}

const TOP = 5, MOST = 600;
/** Near an end the logarithm is steep. */
const GRID = Array.from({ length: 401 }, (_, k) => (1 - Math.cos(Math.PI * k / 400)) / 2);

export function createCurves({ signal, redraw, move }: CurvesOptions): Curves {
  let now: State | null = null, held = NaN;
  const plot = createPlot({
    signal,
    label: "The term of a row over the model's output",
    xLabel: "model(x), the output p",
    ratio: 0.7,
    least: 280,
    most: 360,
    onDraw: redraw,
  });
  plot.setDomain({ x: [0, 1], y: [0, TOP] });
  const lines = plot.layer("curves", "under"), rows = plot.layer("rows"), hand = plot.layer("hand");
  const term = (p: number, y: number) => -Math.log(y ? p : 1 - p);
  const y = (value: number) => plot.y(Math.min(TOP, value));
  const handle = h("div", {
    class: "fe-grip",
    role: "slider",
    tabindex: 0,
    "aria-label": "model's output for this row; arrow keys move it",
    "aria-valuemin": 0,
    "aria-valuemax": 1,
  });
  const drag = makeDraggable({
    element: handle,
    plot,
    signal,
    axes: 1,
    stride: 0.01,
    at: () => [output(), 0],
    pixel: () => [plot.x(output()), y(term(output(), now?.y[now.row] ?? 1))],
    go: (x) => {
      held = Math.round(1000 * x) / 1000;
      move(held);
      if (now) place(now);
    },
    released: () => {
      held = NaN;
      redraw();
    },
  });
  const output = () => drag.held && !Number.isNaN(held) ? held : now ? now.outputs[now.row] : 0.5;

  function drawCurves(): void {
    lines.begin();
    for (const label of [0, 1]) {
      const points = GRID.map((p): Point => [plot.x(p), plot.y(Math.min(40, term(p, label)))]);
      lines.set(`curve ${label}`, "path", {
        d: linePath(points.filter(([, at]) => Number.isFinite(at))),
        class: `fe-loss-curve fe-y${label}`,
      });
      // Beside the curve, where it is steep; not at one height, so that both fit on a narrow page.
      const high = label ? 3.6 : 2.7, from = Math.exp(-high);
      lines.set(`word ${label}`, "text", {
        x: label ? plot.x(from) + 8 : plot.x(1 - from) - 8,
        y: plot.y(high),
        "text-anchor": label ? "start" : "end",
        class: "fe-halo fe-word",
      }, label ? "y = 1: −log p" : "y = 0: −log(1 − p)");
    }
    const half = plot.x(0.5);
    lines.set("half", "path", {
      d: linePath([[half, plot.y(0)], [half, plot.y(Math.LN2)], [0, plot.y(Math.LN2)]]),
      class: "fe-half",
    });
    lines.end();
  }

  function place(state: State): void {
    const p = output(), label = state.y[state.row], value = term(p, label);
    const at = y(value);
    hand.begin();
    hand.set("drop", "path", {
      d: linePath([[plot.x(p), plot.y(0)], [plot.x(p), at], [0, at]]),
      class: "fe-drop",
    });
    if (value > TOP) {
      hand.set("over", "text", {
        x: Math.max(60, Math.min(plot.width - 60, plot.x(p))),
        y: 34,
        "text-anchor": "middle",
        class: "fe-halo fe-word",
      }, `▲ ${shown(Math.min(state.terms[state.row], 99))}`);
    }
    hand.end();
    handle.style.left = `${plot.left + plot.x(p)}px`;
    handle.style.top = `${plot.top + at}px`;
    handle.classList.toggle("fe-y1", label === 1);
    handle.classList.toggle("fe-y0", label === 0);
    handle.setAttribute("aria-valuenow", String(p));
    handle.setAttribute("aria-valuetext", `output ${shown(p)}, y = ${label}`);
  }

  return {
    element: h("div", { class: "fe-loss-plot" }, plot.element, handle),
    draw(state) {
      now = state;
      drawCurves();
      rows.begin();
      const { outputs, terms, row, set } = state, step = Math.ceil(set.count / MOST);
      const marks = ["", ""];
      for (let k = 0; k < set.count; k += step) {
        if (k === row) continue;
        const x = plot.x(outputs[k]), at = y(terms[k]);
        // y = 1 is a circle, y = 0 a cross.
        marks[state.y[k]] += state.y[k]
          ? `M${x.toFixed(1)},${at.toFixed(1)}h0`
          : `M${(x - 3).toFixed(1)},${(at - 3).toFixed(1)}l6,6m0,-6l-6,6`;
      }
      marks.forEach((d, label) =>
        rows.set(`rows ${label}`, "path", { d, class: `fe-rows fe-y${label}` })
      );
      rows.end();
      place(state);
      plot.setLabels(
        `Two curves, the term over the model's output. Of ${set.count} rows, the one in hand: output ${
          shown(outputs[row])
        }, term ${shown(terms[row])}.`,
        "model(x), the output p",
        "",
      );
    },
  };
}
