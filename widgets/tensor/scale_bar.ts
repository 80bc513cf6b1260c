/** The value scale: colours from low to high, the histogram above it, the statistics beside it. */
import { h, number, text } from "../dom.ts";
import { exact } from "./format.ts";
import { colourOf, css, type Palette, type Scale } from "./palette.ts";
import type { Facts, Statistics } from "./traits.ts";

export interface ScaleBar {
  element: HTMLElement;
  update(facts: Facts, statistics: Statistics, scale: Scale, palette: Palette): void;
}

const WIDE = 240, HIGH = 44, BAND = 10;

export function createScaleBar(): ScaleBar {
  const canvas = h("canvas", { width: WIDE, height: HIGH + BAND, role: "img" });
  const ends = h("div", { class: "fe-scale-ends fe-number" });
  const list = h("dl", { class: "fe-statistics fe-number" });
  const note = h("p", { class: "fe-note" });
  const element = h(
    "div",
    { class: "fe-scale" },
    h("div", { class: "fe-scale-picture" }, canvas, ends),
    list,
    note,
  );
  const pen = canvas.getContext("2d")!;
  return {
    element,
    update(facts, statistics, scale, palette) {
      element.hidden = facts.text || facts.elements === 0;
      if (element.hidden) return;
      pen.clearRect(0, 0, WIDE, HIGH + BAND);
      const { histogram } = statistics;
      const most = Math.max(1, ...(histogram?.counts ?? []));
      const span = scale.high - scale.low || 1;
      histogram?.counts.forEach((count, bin) => {
        const [x1, x2] = [histogram.edges[bin], histogram.edges[bin + 1]].map((edge) =>
          (edge - scale.low) / span * WIDE
        );
        const high = count ? Math.max(1, count / most * (HIGH - 2)) : 0;
        pen.fillStyle = css(palette.muted, 0.65);
        if (x2 > 0 && x1 < WIDE) pen.fillRect(x1, HIGH - high, Math.max(1, x2 - x1 - 1), high);
      });
      for (let x = 0; x < WIDE; x++) {
        pen.fillStyle = css(colourOf(scale.low + (x + 0.5) / WIDE * span, scale, palette));
        pen.fillRect(x, HIGH, 1, BAND);
      }
      pen.strokeStyle = css(palette.line);
      pen.strokeRect(0.5, HIGH + 0.5, WIDE - 1, BAND - 1);
      ends.replaceChildren(
        h("span", {}, number(scale.low, 4)),
        h("span", {}, number(scale.high, 4)),
      );
      canvas.setAttribute(
        "aria-label",
        `colours from ${number(scale.low, 4)} to ${number(scale.high, 4)}; ${
          histogramWords(statistics)
        }`,
      );
      const value = (it: number | string | null | undefined) =>
        it == null ? "–" : typeof it === "string" ? it : exact(it, facts.dtype);
      const rows: [string, string][] = statistics.count === undefined ? [] : [
        ["min", value(statistics.minimum)],
        ["max", value(statistics.maximum)],
        ["mean", number(statistics.mean, 5)],
        ["std", number(statistics.std, 5)],
      ];
      const special: [string, number | undefined][] = [
        ["NaN", statistics.nan],
        ["+inf", statistics.positive_infinite],
        ["−inf", statistics.negative_infinite],
      ];
      for (const [name, count] of special) if (count) rows.push([name, count.toLocaleString("en")]);
      list.replaceChildren(
        ...rows.flatMap(([name, shown]) => [h("dt", {}, name), h("dd", {}, shown)]),
      );
      const words = [
        statistics.count === undefined ? "The statistics of all elements are being computed." : "",
        histogram && !histogram.exact
          ? `Histogram: ${histogram.of.toLocaleString("en")} elements evenly drawn from all.`
          : "",
        /complex/.test(facts.dtype) ? "Complex numbers are drawn by their absolute value." : "",
      ];
      text(note, words.filter(Boolean).join(" "));
    },
  };
}

function histogramWords({ histogram }: Statistics): string {
  if (!histogram) return "no histogram yet";
  const { counts, edges } = histogram;
  const fullest = counts.indexOf(Math.max(...counts));
  return `most elements between ${number(edges[fullest])} and ${number(edges[fullest + 1])}`;
}
