/** Calibration: the share of class 1 against the mean output, bin by bin. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, number, part, text } from "../dom.ts";
import { createPlot } from "../plot/plot.ts";
import { type Scene, share, whole } from "./scene.ts";
import { fillTable } from "./tables.ts";
import type { Bin, EvaluationTraits } from "./traits.ts";

export function createReliability(
  model: AnyModel<EvaluationTraits>,
  signal: AbortSignal,
  scene: () => Scene,
): { element: HTMLElement; show(): void } {
  const bins = h("input", { type: "number", min: 2, max: 50, step: 1 });
  bins.addEventListener("change", () => {
    if (bins.value.trim() === "") bins.value = String(model.get("bins"));
    else {
      model.set("bins", Number(bins.value));
      model.save_changes();
    }
  }, { signal });
  const strategy = h(
    "select",
    {},
    h("option", { value: "quantile" }, "equal counts"),
    h("option", { value: "uniform" }, "equal widths"),
  );
  strategy.addEventListener("change", () => {
    model.set("strategy", strategy.value as EvaluationTraits["strategy"]);
    model.save_changes();
  }, { signal });
  const plot = createPlot({
    signal,
    label: "Calibration",
    xLabel: "mean output of the bin",
    yLabel: "share of class 1",
    ratio: 0.62,
    least: 240,
    most: 380,
    onDraw: () => draw(),
  });
  plot.setDomain({ x: [-0.02, 1.02], y: [-0.04, 1.14] });
  const words = h("p", { class: "fe-eval-note" });
  const table = h("table");

  function draw(): void {
    const found = model.get("reliability");
    const under = plot.layer("chance", "under"), over = plot.layer("bins");
    under.begin();
    under.set("line", "line", {
      x1: plot.x(0),
      y1: plot.y(0),
      x2: plot.x(1),
      y2: plot.y(1),
      class: "fe-eval-chance",
    });
    under.end();
    over.begin();
    const most = Math.max(1, ...found.map(({ rows }) => rows));
    let before = [-Infinity, 0];
    found.forEach((bin, place) => {
      const x = plot.x(bin.output);
      over.set(`range ${place}`, "line", {
        x1: x,
        x2: x,
        y1: plot.y(bin.share_low),
        y2: plot.y(bin.share_high),
        class: "fe-eval-range",
      });
      over.set(`bin ${place}`, "circle", {
        cx: x,
        cy: plot.y(bin.share),
        r: 4 + 4 * Math.sqrt(bin.rows / most),
        class: "fe-eval-bin",
      });
      // Numbers of bins that lie close stand one above the other.
      const above = plot.y(bin.share_high) - 5;
      const close = x - before[0] < 8 * whole(bin.rows).length && Math.abs(above - before[1]) < 13;
      before = [x, close ? before[1] - 13 : above];
      over.set(`rows ${place}`, "text", {
        x,
        y: before[1],
        "text-anchor": "middle",
        class: "fe-halo",
      }, whole(bin.rows));
    });
    over.end();
  }

  return {
    element: h(
      "div",
      {},
      h(
        "div",
        { class: "fe-eval-form" },
        part("bins", h("label", { class: "fe-inline" }, "bins", bins)),
        part("strategy", h("label", { class: "fe-inline" }, "of", strategy)),
      ),
      plot.element,
      words,
      h(
        "div",
        { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "Calibration by bin" },
        table,
      ),
    ),
    show() {
      const { report, noun } = scene();
      const found = model.get("reliability");
      fill(bins, String(model.get("bins")));
      for (const option of strategy.querySelectorAll("option")) {
        option.selected = option.value === model.get("strategy");
      }
      const name = report.classes?.[report.positive] ?? "class 1";
      plot.setLabels(`Calibration: ${name}`, "mean output of the bin", `share of ${name}`);
      const brier = report.figures?.brier;
      text(
        words,
        `On the dotted line the outputs are true shares. Numbers: ${noun}s in the bin; lines: 95 % intervals (Wilson), ` +
          `wide where they are few.${
            brier == null ? "" : ` Brier score ${number(brier, 4)}; 0 is best.`
          }`,
      );
      fillTable(
        table,
        `${found.length} bins that hold ${noun}s`,
        ["outputs", `${noun}s`, `of ${name}`, "mean output", "share", "95 % interval"],
        found.map((bin: Bin) => [
          `${share(bin.low)} to ${share(bin.high)}`,
          whole(bin.rows),
          whole(bin.ones),
          share(bin.output),
          share(bin.share),
          `${share(bin.share_low)} to ${share(bin.share_high)}`,
        ]),
      );
      draw();
    },
  };
}
