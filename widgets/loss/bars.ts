/** The terms of all rows as bars, their mean as a line, and a slider to take a row in hand. */
import { fill, h, placeIn } from "../dom.ts";
import { linePath } from "../plot/marks.ts";
import { createPlot } from "../plot/plot.ts";
import type { State } from "./traits.ts";
import { shown } from "./words.ts";

export interface Bars {
  readonly element: HTMLElement;
  draw(state: State, bySize: boolean, high: number): void;
}

export function createBars(
  signal: AbortSignal,
  redraw: () => void,
  choose: (row: number) => void,
): Bars {
  let order: number[] = [];
  const plot = createPlot({
    signal,
    label: "The terms of all rows",
    ratio: 0.7,
    least: 280,
    most: 360,
    onDraw: redraw,
  });
  const bars = plot.layer("bars", "under"), over = plot.layer("over");
  const slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "row in hand" });
  slider.addEventListener("input", () => choose(order[Number(slider.value)]), { signal });
  plot.element.addEventListener("click", (event) => {
    const place = Math.floor(plot.invertX(placeIn(plot.element, event)[0] - plot.left));
    if (order[place] !== undefined) choose(order[place]);
  }, { signal });
  const line = h("div", { class: "fe-loss-slider" }, slider);

  return {
    element: h("div", { class: "fe-loss-plot" }, plot.element, line),
    draw(state, bySize, high) {
      const { terms, y, row, set, mean, before, changed } = state, { count } = set;
      order = Array.from({ length: count }, (_, k) => k);
      if (bySize) order.sort((one, other) => terms[other] - terms[one] || one - other);
      // Under 0 is room for the ticks of the rows with y = 1.
      plot.setDomain({ x: [0, count], y: [-0.06 * high, high] });
      plot.setLabels(
        `The terms of ${count} rows, ${bySize ? "the largest first" : "as in the table"}: mean ${
          shown(mean)
        }, largest ${shown(Math.max(...terms))}.`,
        bySize ? "rows, the largest term first" : "rows, as in the table",
        "",
      );
      const wide = plot.width / count, gap = wide > 4 ? 1 : 0, floor = plot.y(0), tick = floor + 7;
      const shapes = ["", ""];
      let marks = "";
      order.forEach((k, place) => {
        const x = place * wide, top = plot.y(Math.min(high, terms[k]));
        const right = (x + wide - gap).toFixed(2);
        shapes[y[k]] += `M${x.toFixed(2)},${floor}V${top.toFixed(2)}H${right}V${floor}Z`;
        if (y[k]) marks += `M${x.toFixed(2)},${tick.toFixed(2)}H${right}`;
      });
      bars.begin();
      shapes.forEach((d, label) =>
        bars.set(`bars ${label}`, "path", { d, class: `fe-bars fe-y${label}` })
      );
      bars.set("ones", "path", { d: marks, class: "fe-ones" });
      bars.end();
      const place = order.indexOf(row), x = (place + 0.5) * wide;
      const top = plot.y(Math.min(high, terms[row])), level = plot.y(Math.min(high, mean));
      over.begin();
      over.set("hand", "rect", {
        x: x - Math.max(wide, 3) / 2,
        y: top,
        width: Math.max(wide, 3),
        height: floor - top,
        class: wide > 10 ? "fe-hand-bar fe-hollow" : "fe-hand-bar",
      });
      over.set("pointer", "path", { d: `M${x},${floor + 3}l-6,11h12Z`, class: "fe-pointer" });
      const most = order.reduce((best, k) => terms[k] > terms[best] ? k : best, order[0]);
      if (terms[most] > high) {
        const from = order.indexOf(most) * wide;
        over.set("cut", "text", {
          x: from > plot.width / 2 ? from - 6 : from + wide + 6,
          y: 14,
          class: "fe-halo fe-word",
          "text-anchor": from > plot.width / 2 ? "end" : "start",
        }, `▲ ${shown(terms[most])}`);
      }
      if (changed) {
        const was = plot.y(Math.min(high, before));
        over.set("before", "path", {
          d: linePath([[0, was], [plot.width, was]]),
          class: "fe-before",
        });
      }
      over.set("mean", "path", {
        d: linePath([[0, level], [plot.width, level]]),
        class: "fe-mean",
      });
      over.set("mean word", "text", {
        x: plot.width - 4,
        y: Math.max(14, level - 6),
        "text-anchor": "end",
        class: "fe-halo fe-word",
      }, `mean ${shown(mean)}`);
      over.end();
      line.style.paddingLeft = `${plot.left}px`;
      slider.max = String(count - 1);
      fill(slider, String(place));
      slider.disabled = count < 2;
      slider.setAttribute(
        "aria-valuetext",
        `${state.facts.row_name} ${row}, ${place + 1} of ${count}, term ${shown(terms[row])}`,
      );
    },
  };
}
