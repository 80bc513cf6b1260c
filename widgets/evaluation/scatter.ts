/** Of a regression: predicted against actual, and the residuals against what was predicted. */
import { h, number, text } from "../dom.ts";
import { createPlot } from "../plot/plot.ts";
import { whole } from "./scene.ts";
import type { Report } from "./traits.ts";

const SVG = "http://www.w3.org/2000/svg";

export function createScatter(
  signal: AbortSignal,
  kind: "actual" | "residuals",
): { element: HTMLElement; show(report: Report): void } {
  const isActual = kind === "actual";
  const plot = createPlot({
    signal,
    label: isActual ? "Predicted against actual" : "Residuals",
    ratio: isActual ? 0.8 : 0.6,
    least: 240,
    most: 400,
    onDraw: () => draw(),
  });
  const words = h("p", { class: "fe-eval-note" });
  let report: Report | null = null;

  function draw(): void {
    const { actual = [], predicted = [], names = [] } = report?.scatter ?? {};
    const line = plot.layer("line", "under"), marks = plot.layer("rows");
    line.begin();
    const [low, high] = plot.domain.x;
    line.set("line", "line", {
      x1: 0,
      x2: plot.width,
      y1: plot.y(isActual ? low : 0),
      y2: plot.y(isActual ? high : 0),
      class: "fe-eval-chance",
    });
    line.end();
    marks.begin();
    actual.forEach((value, row) => {
      const dot = marks.set(`row ${row}`, "circle", {
        cx: plot.x(isActual ? value : predicted[row]),
        cy: plot.y(isActual ? predicted[row] : predicted[row] - value),
        r: actual.length > 300 ? 2 : 3.5,
        class: "fe-eval-dot",
      });
      if (!dot.firstChild) dot.append(document.createElementNS(SVG, "title"));
      dot.firstChild!.textContent = `${names[row]}: actual ${number(value, 4)}, predicted ${
        number(predicted[row], 4)
      }`;
    });
    marks.end();
  }

  return {
    element: h("div", {}, plot.element, words),
    show(next) {
      report = next;
      const { actual = [], predicted = [] } = report.scatter ?? {};
      if (!actual.length) return;
      const errors = actual.map((value, row) => predicted[row] - value);
      const both = isActual ? [...actual, ...predicted] : predicted;
      const x = around(both), y = isActual ? x : around([...errors, 0]);
      const [unit] = report.classes;
      const dots = actual.length < report.n
        ? `${whole(actual.length)} of ${whole(report.n)} rows`
        : "one dot a row";
      plot.setDomain({ x, y });
      plot.setLabels(
        isActual ? `Predicted against actual, ${dots}` : `Predicted minus actual, ${dots}`,
        isActual ? `actual ${unit}` : `predicted ${unit}`,
        isActual ? `predicted ${unit}` : "predicted − actual",
      );
      text(
        words,
        isActual
          ? "On the dotted line the prediction is right; above it, it is too high."
          : "A good model leaves no pattern: as many above as below, and as wide at the left as at the right.",
      );
      draw();
    },
  };
}

function around(values: number[]): [number, number] {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const room = 0.05 * (high - low || 1);
  return [low - room, high + room];
}
