/** The mean over the masks so far, batch by batch, with a band of one standard error, beside the value at inference. */
import { h } from "../dom.ts";
import { linePath, type Point } from "../plot/marks.ts";
import { createPlot } from "../plot/plot.ts";

/** One value of the network through the batches. */
export interface Course {
  length: number;
  expected: number;
  /** What a batch gave, the mean up to it, and its standard error (NaN where there is none yet). */
  value(frame: number): number;
  mean(frame: number): number;
  error(frame: number): number;
  low: number;
  high: number;
}

export interface Means {
  readonly element: HTMLElement;
  draw(title: string, course: Course, frame: number): void;
}

export function createMeans(
  signal: AbortSignal,
  redraw: () => void,
  head: HTMLElement,
  label: string,
): Means {
  const plot = createPlot({
    signal,
    label,
    xLabel: "batches so far",
    ratio: 0.62,
    least: 200,
    most: 300,
    onDraw: redraw,
  });
  const layer = plot.layer("course");
  const element = h("section", { class: "fe-mean" }, head, plot.element);
  return {
    element,
    draw(title, course, frame) {
      const { length, low, high, expected } = course;
      const room = 0.08 * (high - low || Math.abs(high) || 1);
      const end = Math.max(2, length);
      plot.setDomain({ x: [-0.02 * end, 1.02 * end], y: [low - room, high + room] });
      plot.setLabels(`${label}: ${title}`, "batches so far", "");
      const upper: Point[] = [], lower: Point[] = [], line: Point[] = [], dots: string[] = [];
      for (let at = 0; at <= frame; at++) {
        const x = plot.x(at + 1), mean = course.mean(at), error = course.error(at);
        line.push([x, plot.y(mean)]);
        if (Number.isFinite(error)) {
          upper.push([x, plot.y(mean + error)]);
          lower.push([x, plot.y(mean - error)]);
        }
        dots.push(dot(x, plot.y(course.value(at))));
      }
      layer.begin();
      layer.set("values", "path", { d: dots.join(""), class: "fe-values" });
      const band = linePath([...upper, ...lower.reverse()]);
      layer.set("band", "path", { d: band && `${band}Z`, class: "fe-band" });
      const rest = plot.y(expected);
      layer.set("rest", "line", {
        x1: 0,
        x2: plot.width,
        y1: rest,
        y2: rest,
        class: "fe-rest",
      });
      layer.set("mean", "path", { d: linePath(line), class: "fe-course" });
      const [x, y] = line[line.length - 1];
      layer.set("end", "circle", { cx: x, cy: y, r: 4.5, class: "fe-end" });
      layer.end();
    },
  };
}

function dot(x: number, y: number): string {
  return Number.isFinite(y) ? `M${x.toFixed(1)} ${y.toFixed(1)}h0` : "";
}

/** The key of all these plots. */
export function createKey(): HTMLElement {
  const item = (name: string, words: string) =>
    h("span", {}, h("i", { class: `fe-key fe-key-${name}`, "aria-hidden": "true" }), words);
  return h(
    "p",
    { class: "fe-legend" },
    item("mean", "mean over the masks so far"),
    item("band", "± 1 standard error"),
    item("rest", "at inference"),
    item("value", "one batch"),
  );
}

/** Every listed unit: a dash at its value at inference, a dot at its mean so far with its standard error. */
export function createUnits(
  signal: AbortSignal,
  redraw: () => void,
): {
  element: HTMLElement;
  draw(
    expected: ArrayLike<number>,
    mean: ArrayLike<number>,
    error: ArrayLike<number>,
    most: number,
    hand: number,
  ): void;
} {
  const title = h("h3", {}, "Mean of each unit over the masks so far");
  const plot = createPlot({
    signal,
    label: "Mean of each unit over the masks so far, beside its value at inference",
    xLabel: "unit",
    ratio: 0.62,
    least: 200,
    most: 300,
    onDraw: redraw,
  });
  const layer = plot.layer("units");
  return {
    element: h("section", { class: "fe-mean" }, title, plot.element),
    draw(expected, mean, error, most, hand) {
      const count = expected.length;
      let low = 0, high = 0;
      for (let unit = 0; unit < count; unit++) {
        low = Math.min(low, expected[unit]);
        high = Math.max(high, expected[unit]);
      }
      // Means of few masks reach up to the scaled value; what lies above the picture is marked at its edge.
      const factor = Math.min(most, 3);
      const span = high - low || 1;
      plot.setDomain({
        x: [0.5, count + 0.5],
        y: [low * factor - 0.05 * span, (high * factor || 1) + 0.2 * span],
      });
      const half = Math.max(1.5, Math.min(9, 0.4 * plot.width / count));
      const radius = Math.max(1.5, Math.min(4.5, half * 0.6));
      layer.begin();
      for (let unit = 0; unit < count; unit++) {
        const x = plot.x(unit + 1), rest = plot.y(expected[unit]), y = plot.y(mean[unit]);
        const chosen = unit === hand ? " fe-hand" : "";
        layer.set(`rest ${unit}`, "line", {
          x1: x - half,
          x2: x + half,
          y1: rest,
          y2: rest,
          class: "fe-rest-mark",
        });
        const away = y < 0 || y > plot.height;
        layer.set(`bar ${unit}`, "line", {
          x1: x,
          x2: x,
          y1: plot.y(mean[unit] + error[unit]),
          y2: plot.y(mean[unit] - error[unit]),
          class: "fe-error-bar",
        });
        if (away) {
          const edge = y < 0 ? 2 : plot.height - 2, tip = y < 0 ? 7 : -7;
          layer.set(`mean ${unit}`, "path", {
            d: `M${x} ${edge}l4 ${tip}h-8Z`,
            class: `fe-unit-mean${chosen}`,
          });
        } else {
          layer.set(`mean ${unit}`, "path", {
            d: `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${
              2 * radius
            } 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`,
            class: `fe-unit-mean${chosen}`,
          });
        }
      }
      layer.end();
    },
  };
}
