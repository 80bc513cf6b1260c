/** The value scale: colours from low to high, the histogram above it, the statistics beside it. */
import { fill, h, number, text } from "../dom.ts";
import type { Drawing } from "./drawing.ts";
import { exact, signed } from "./format.ts";
import { colourOf, css, type Palette, type Scale } from "./palette.ts";
import type { Facts, Statistics } from "./traits.ts";

type Ends = { low: number | null; high: number | null };

export interface ScaleBar {
  element: HTMLElement;
  /** `set` are the ends the reader chose, null for those of the data; no scale where the colours are the picture's. */
  update(
    facts: Facts,
    statistics: Statistics,
    scale: Scale,
    palette: Palette,
    set: Ends | null,
    shown: Drawing["shown"],
  ): void;
}

const WIDE = 300, HIGH = 44, BAND = 10;

export function createScaleBar(
  signal: AbortSignal,
  choose: (end: "low" | "high", value: number | null) => void,
): ScaleBar {
  const canvas = h("canvas", { width: WIDE, height: HIGH + BAND, role: "img" });
  const first = h("span"), last = h("span");
  const field = (end: "low" | "high", name: string) => {
    const made = h("input", { type: "number", step: "any", "aria-label": name });
    made.addEventListener("change", () => {
      const value = made.value === "" ? null : Number(made.value);
      choose(end, value);
    }, { signal });
    return made;
  };
  const low = field("low", "lower end of the colours"),
    high = field("high", "upper end of the colours");
  const ends = h("div", { class: "fe-scale-set" }, "colours from ", low, " to ", high);
  const list = h("dl", { class: "fe-statistics fe-number" });
  const note = h("p", { class: "fe-note" });
  const element = h(
    "div",
    { class: "fe-scale" },
    h(
      "div",
      { class: "fe-scale-picture" },
      canvas,
      h("div", { class: "fe-scale-ends fe-number" }, first, last),
    ),
    ends,
    list,
    note,
  );
  const pen = canvas.getContext("2d")!;
  return {
    element,
    update(facts, statistics, scale, palette, set, shown) {
      element.hidden = facts.text || facts.elements < 2;
      if (element.hidden) return;
      pen.clearRect(0, 0, WIDE, HIGH + BAND);
      const { histogram } = statistics;
      const edges = histogram?.edges ?? [];
      // The means of blocks, or colours the reader chose, may span less than the elements do, or more.
      const from = Math.min(scale.low, edges[0] ?? Infinity);
      const to = Math.max(scale.high, edges[edges.length - 1] ?? -Infinity);
      const span = to - from || 1;
      const most = Math.max(1, ...(histogram?.counts ?? []));
      pen.fillStyle = css(palette.muted, 0.65);
      histogram?.counts.forEach((count, bin) => {
        const [x1, x2] = [edges[bin], edges[bin + 1]].map((edge) => (edge - from) / span * WIDE);
        const tall = count ? Math.max(1, count / most * (HIGH - 2)) : 0;
        pen.fillRect(x1, HIGH - tall, Math.max(1, x2 - x1 - 1), tall);
      });
      for (let x = 0; x < WIDE; x++) {
        const value = from + (x + 0.5) / WIDE * span;
        pen.fillStyle = css(set ? colourOf(value, scale, palette) : palette.raised);
        pen.fillRect(x, HIGH, 1, BAND);
      }
      pen.strokeStyle = css(palette.line);
      pen.strokeRect(0.5, HIGH + 0.5, WIDE - 1, BAND - 1);
      text(first, brief(from));
      text(last, brief(to));
      ends.hidden = !set;
      for (const [end, input] of [["low", low], ["high", high]] as const) {
        input.placeholder = brief(scale[end]);
        const shown = set?.[end] == null ? "" : String(set[end]);
        fill(input, shown);
      }
      canvas.setAttribute(
        "aria-label",
        `colours from ${brief(scale.low)} to ${brief(scale.high)}; ${histogramWords(statistics)}`,
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
        ["✕ NaN", statistics.nan],
        ["↑ +inf", statistics.positive_infinite],
        ["↓ −inf", statistics.negative_infinite],
      ];
      for (const [name, count] of special) if (count) rows.push([name, count.toLocaleString("en")]);
      list.replaceChildren(
        ...rows.map(([name, shown]) => h("div", {}, h("dt", {}, name), h("dd", {}, shown))),
      );
      const words = [
        statistics.count === undefined ? "The statistics of all elements are being computed." : "",
        histogram && !histogram.exact
          ? `Histogram: ${histogram.of.toLocaleString("en")} elements evenly drawn from all.`
          : "",
        shown !== "value" && set && set.low === null && set.high === null
          ? "The colours span the blocks that are drawn, the histogram all elements."
          : "",
        set && (scale.low > from || scale.high < to) && (set.low ?? set.high) !== null
          ? "A red corner, − or +: the value lies below or above the colours."
          : "",
        /complex/.test(facts.dtype) ? "Complex numbers are drawn by their absolute value." : "",
      ];
      text(note, words.filter(Boolean).join(" "));
    },
  };
}

/** An end of the scale: a whole number as it is, any other in four figures. */
const brief = (value: number) =>
  Number.isInteger(value) && Math.abs(value) < 1e5 ? signed(String(value)) : number(value, 4);

function histogramWords({ histogram }: Statistics): string {
  if (!histogram) return "no histogram yet";
  const { counts, edges } = histogram;
  const fullest = counts.indexOf(Math.max(...counts));
  return `most elements between ${number(edges[fullest])} and ${number(edges[fullest + 1])}`;
}
