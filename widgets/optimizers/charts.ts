/** Loss and learning rate of all optimizers, step for step. */
import { h } from "../dom.ts";
import { linePath, type Marks, type Point } from "../plot/marks.ts";
import { createPlot, type Plot } from "../plot/plot.ts";
import { ink, markerPath, type Race } from "./race.ts";

export interface Charts {
  readonly elements: HTMLElement[];
  setRace(race: Race, note: string): void;
  draw(frame: number): void;
}

interface Chart {
  plot: Plot;
  lines: Marks;
  ends: Marks;
  height(race: Race, runner: number, frame: number): number;
}

export function createCharts(signal: AbortSignal, redraw: () => void): Charts {
  let race: Race | null = null;
  const logs = h("input", { type: "checkbox" });
  const choice = h("label", { class: "fe-inline" }, logs, "logarithmic");
  logs.addEventListener("change", () => {
    scale();
    redraw();
  }, { signal });
  const logarithmic = () => logs.checked && !logs.disabled;

  const make = (label: string, ratio: number, least: number, most: number) =>
    createPlot({ signal, label, xLabel: "step", ratio, least, most, onDraw: redraw });
  const lossPlot = make("Loss of each optimizer, step for step", 0.6, 200, 290);
  const ratePlot = make("Learning rate of each optimizer, step for step", 0.36, 150, 180);
  const chart = (plot: Plot, height: Chart["height"]): Chart => ({
    plot,
    height,
    lines: plot.layer("lines"),
    ends: plot.layer("ends"),
  });
  const charts = [
    chart(lossPlot, (all, runner, frame) => {
      const value = all.value(all.runners[runner], "value", frame);
      return logarithmic() ? Math.log10(value) : value;
    }),
    chart(ratePlot, (all, runner, frame) => all.value(all.runners[runner], "learning_rate", frame)),
  ];
  const note = h("p", { class: "fe-plot-note" });
  const elements = [
    h(
      "section",
      { class: "fe-loss" },
      h("div", { class: "fe-chart-head" }, h("h3", {}, "Loss against steps"), choice),
      lossPlot.element,
    ),
    h(
      "section",
      { class: "fe-rate" },
      h("h3", {}, "Learning rate of the step that follows"),
      ratePlot.element,
      note,
    ),
  ];

  function scale(): void {
    if (!race) return;
    const last = Math.max(1, race.length - 1);
    let low = Infinity, high = -Infinity, positive = true, rate = 0;
    const runners = race.shown.length ? race.shown : race.runners;
    const begin = race.value(runners[0], "value", 0);
    for (const runner of runners) {
      for (let frame = 0; frame < runner.frames; frame++) {
        const value = race.value(runner, "value", frame);
        positive &&= value > 0;
        low = Math.min(low, value);
        high = Math.max(high, value);
        rate = Math.max(rate, race.value(runner, "learning_rate", frame));
      }
    }
    logs.disabled = !positive;
    choice.title = positive ? "" : "not every loss here is above 0";
    // A run that runs away must not press all others to the ground: the chart is cut above it.
    const most = begin + Math.max(begin - low, 1e-12);
    high = Math.min(high, most);
    if (logarithmic()) [low, high] = [Math.log10(low), Math.log10(high)];
    const room = 0.06 * (high - low || Math.abs(high) || 1);
    // Room above for the name of the axis.
    lossPlot.setDomain({ x: [0, last], y: [low - room, high + 3 * room] });
    lossPlot.setLabels(
      "Loss of each optimizer, step for step",
      "step",
      logarithmic() ? "log₁₀ of the loss" : "loss",
    );
    ratePlot.setDomain({ x: [0, last], y: [0, 1.35 * (rate || 1)] });
    ratePlot.setLabels("Learning rate of each optimizer, step for step", "step", "α");
  }

  return {
    elements,
    setRace(next, words) {
      race = next;
      note.textContent = words;
      scale();
    },
    draw(frame) {
      if (!race) return;
      for (const { plot, lines, ends, height } of charts) {
        lines.begin();
        ends.begin();
        const here = plot.x(Math.min(frame, race.length - 1));
        lines.set("now", "line", { x1: here, x2: here, y1: 0, y2: plot.height, class: "fe-now" });
        for (const runner of race.shown) {
          const points: Point[] = [];
          // The schedule is known before the first step: all of it is drawn.
          const to = plot === ratePlot ? runner.frames - 1 : race.frameOf(runner, frame);
          for (let step = 0; step <= to; step++) {
            points.push([plot.x(step), plot.y(height(race, runner.number, step))]);
          }
          lines.set(runner.key, "path", {
            d: linePath(points),
            class: "fe-path",
            style: `stroke:${ink(runner.style)};stroke-dasharray:${runner.style.dash || "none"}`,
          });
          const end = points[race.frameOf(runner, frame)];
          ends.set(runner.key, "path", {
            d: markerPath(runner.style.shape, [end[0], Math.max(6, end[1])], 4.5),
            class: "fe-head",
            style: `fill:${ink(runner.style)}`,
          });
        }
        lines.end();
        ends.end();
      }
    },
  };
}
