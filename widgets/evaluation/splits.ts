/** The luck of the split: what the same training gives on other splits, as dots on a line. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, number, part, text } from "../dom.ts";
import { createButton, createStop, isGoing } from "../job.ts";
import { createPlot } from "../plot/plot.ts";
import { cutOf, isExact, rowsOf, type Scene, short, whole } from "./scene.ts";
import { fillTable } from "./tables.ts";
import type { EvaluationTraits, Luck } from "./traits.ts";

export function createSplits(
  model: AnyModel<EvaluationTraits>,
  signal: AbortSignal,
  scene: () => Scene,
  send: (kind: string) => void,
): { element: HTMLElement; show(): void } {
  const start = createButton(signal, "play", "Train on other splits", () => send("try_splits"));
  const stop = createStop(signal, () => send("stop_splits"));
  const many = h("input", { type: "number", min: 2, max: 50, step: 1 });
  many.addEventListener("change", () => {
    if (many.value.trim() === "") many.value = String(model.get("split_count"));
    else {
      model.set("split_count", Number(many.value));
      model.save_changes();
    }
  }, { signal });
  const progress = h("progress", { max: 1, value: 0, "aria-label": "share trained" });
  const place = h("span", { class: "fe-number" });
  const missing = h("p", { class: "fe-eval-note" });
  const form = h(
    "div",
    { class: "fe-eval-form" },
    part("split_count", h("label", { class: "fe-inline" }, "splits", many)),
    start.element,
    stop.element,
    h("span", { class: "fe-eval-progress" }, progress, place),
  );
  const plot = createPlot({
    signal,
    label: "Right counts of other splits",
    ratio: 0.3,
    least: 150,
    most: 220,
    onDraw: () => draw(),
  });
  const words = h("p", { class: "fe-eval-note", role: "status" });
  const wrong = h("p", { class: "fe-error", role: "alert", hidden: true });
  const table = h("table");
  const results = h(
    "div",
    { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "Every split" },
    table,
  );

  const value = (one: Luck["results"][number]) => one.right ?? one.mae ?? NaN;

  /** What this card's own split gave, if it shows the test rows. */
  function own(): number | null {
    const { report, frames } = scene();
    if (report.rows !== "test") return null;
    if (report.task === "binary") {
      const { threshold } = model.get("luck"), cut = cutOf(frames, threshold);
      return frames.length && isExact(frames, cut, threshold) ? frames.value("right", cut) : null;
    }
    return (report.task === "multiclass" ? report.figures.right : report.figures.mae) ?? null;
  }

  function draw(): void {
    const { results, median } = model.get("luck");
    const marks = plot.layer("splits");
    marks.begin();
    if (results.length) {
      const values = results.map(value), mine = own();
      const counts = results[0].right !== undefined;
      const all = mine === null ? values : [...values, mine];
      const [low, high] = [Math.min(...all), Math.max(...all)];
      const room = counts ? 2 : 0.15 * (high - low || 1);
      const stacks = new Map<number, number>();
      const heights = values.map((one) => {
        const key = counts ? one : Math.round((one - low) / (high - low || 1) * 24);
        stacks.set(key, (stacks.get(key) ?? 0) + 1);
        return stacks.get(key)!;
      });
      plot.setDomain({ x: [low - room, high + room], y: [0, Math.max(3, ...heights) + 1] });
      const x = plot.x(median);
      marks.set("median", "line", {
        x1: x,
        x2: x,
        y1: 0,
        y2: plot.height,
        class: "fe-eval-median",
      });
      const middle = `median ${short(median)}`;
      const fits = x + 5 + 7 * middle.length < plot.width;
      marks.set("median words", "text", {
        x: fits ? x + 5 : x - 5,
        y: 12,
        "text-anchor": fits ? "start" : "end",
        class: "fe-halo",
      }, middle);
      results.forEach((one, row) => {
        const dot = marks.set(`split ${one.seed}`, "circle", {
          cx: plot.x(value(one)),
          cy: plot.y(heights[row]),
          r: 5,
          class: "fe-eval-split",
        });
        if (!dot.firstChild) {
          const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
          dot.append(title);
        }
        dot.firstChild!.textContent = `split ${one.seed}: ${number(value(one), 4)}`;
      });
      if (mine !== null) {
        const at = plot.x(mine), base = plot.height;
        marks.set("own", "path", {
          d: `M${at},${base - 12}l6,12h-12z`,
          class: "fe-eval-own",
        });
      }
    }
    marks.end();
  }

  return {
    element: h("div", {}, missing, form, wrong, plot.element, words, results),
    show() {
      const luck = model.get("luck"), status = model.get("status"), noun = scene().noun;
      const going = isGoing(status);
      missing.hidden = !luck.missing;
      form.hidden = Boolean(luck.missing);
      text(missing, luck.missing);
      start.element.disabled = many.disabled = going;
      start.element.title = many.title = going ? "Stop first, or let it end" : "";
      stop.update(status, "Nothing is being trained");
      fill(many, String(model.get("split_count")));
      progress.value = luck.share;
      text(place, luck.of ? `${luck.done} of ${luck.of}` : "");
      wrong.hidden = !luck.error;
      text(wrong, luck.error);
      const has = luck.results.length > 0;
      plot.element.hidden = results.hidden = !has;
      const counts = has && luck.results[0].right !== undefined;
      text(words, luckWords(luck, noun, own()));
      if (!has) return;
      plot.setLabels(
        "What the same training gives on other splits",
        counts ? `right of ${luck.results[0].rows} test ${noun}s` : "MAE on the test rows",
        "splits",
      );
      fillTable(
        table,
        "Every split: its own training and test rows, the same seed for the weights",
        ["split seed", `test ${noun}s`, counts ? "right" : "MAE", counts ? "accuracy" : ""],
        luck.results.map((one) => [
          String(one.seed),
          whole(one.rows),
          counts ? whole(one.right!) : number(one.mae, 4),
          counts ? number(one.accuracy, 4) : "",
        ]),
      );
      draw();
    },
  };
}

export function luckWords(luck: Luck, noun: string, own: number | null): string {
  const { results, median, outcome } = luck;
  if (!results.length) {
    if (outcome === "stopped") return "Stopped before a split was trained.";
    return luck.missing
      ? ""
      : "The same training, each time with other rows set aside for the test. How far apart will the results be?";
  }
  const values = results.map((one) => one.right ?? one.mae ?? NaN);
  const counts = results[0].right !== undefined;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const write = (one: number) => counts ? String(one) : number(one, 3);
  const range = low === high ? write(low) : `${write(low)} to ${write(high)}`;
  const of = counts
    ? ` of ${results[0].rows} right${luck.threshold === 0.5 ? "" : ` at ${short(luck.threshold)}`}`
    : " (MAE)";
  const stopped = outcome === "stopped" ? `Stopped after ${results.length} of ${luck.of}. ` : "";
  const mine = own === null ? "" : ` ▲ This split: ${write(own)}.`;
  const apart = counts && results.length > 1
    ? ` The split alone moves it by ${rowsOf(high - low, noun)}.`
    : "";
  return `${stopped}${results.length} split${
    results.length === 1 ? "" : "s"
  }: ${range}${of}, median ${counts ? short(median) : number(median, 3)}.${apart}${mine}`;
}
