/** One width: its verdict, its curves, and the numbers at the cursor. */
import { h, placeIn, text } from "../dom.ts";
import { linePath, type Point } from "../plot/marks.ts";
import { createPlot } from "../plot/plot.ts";
import { createReadout } from "./readout.ts";
import { type Loss, type PanelSeries, read, type Series } from "./series.ts";
import type { Axis, PanelFacts } from "./traits.ts";
import { unitsWords } from "./words.ts";

export interface Picture {
  facts: PanelFacts;
  series: PanelSeries;
  epochs: number;
  axis: Axis;
  log: boolean;
}

export interface Panel {
  readonly element: HTMLElement;
  draw(picture: Picture): void;
  /** The cursor stands at this epoch (from 0). */
  point(epoch: number): void;
}

const MARKS = 8;

export function createPanel(
  signal: AbortSignal,
  hover: (epoch: number | null) => void,
  pick: (epoch: number) => void,
): Panel {
  let picture: Picture | null = null, cursor = 0;
  const head = h("h3"), parameters = h("p", { class: "fe-over-rows" });
  const verdict = h("p", { class: "fe-over-verdict" });
  const compare = h("p", { class: "fe-over-compare" });
  const trouble = h("p", { class: "fe-over-trouble" });
  const readout = createReadout();
  const plot = createPlot({
    signal,
    label: "",
    xLabel: "epoch",
    yLabel: "loss",
    ratio: 0.72,
    least: 210,
    most: 300,
    onDraw: () => picture && draw(picture),
  });
  const fills = plot.layer("fills", "under"), lines = plot.layer("lines", "under");
  const veil = plot.layer("veil"), over = plot.layer("cursor");
  const element = h(
    "section",
    { class: "fe-over-panel" },
    head,
    parameters,
    verdict,
    plot.element,
    readout.element,
    compare,
    trouble,
  );

  const epochAt = (event: MouseEvent) => {
    const across = placeIn(plot.element, event)[0] - plot.left;
    const epoch = Math.round(plot.invertX(across)) - 1;
    return Math.max(0, Math.min((picture?.epochs ?? 1) - 1, epoch));
  };
  plot.element.addEventListener("pointermove", (event) => hover(epochAt(event)), { signal });
  plot.element.addEventListener("pointerleave", () => hover(null), { signal });
  plot.element.addEventListener("click", (event) => pick(epochAt(event)), { signal });

  const height = (value: number) =>
    plot.y(picture?.log ? Math.log10(Math.max(value, 1e-12)) : value);
  const along = (
    series: Series,
    which: Loss,
    statistic: "median" | "lowest" | "highest",
    to = series.epochs,
  ): Point[] => {
    const points: Point[] = [];
    for (let epoch = 0; epoch < to; epoch++) {
      points.push([plot.x(epoch + 1), height(series[statistic](which, epoch))]);
    }
    return points;
  };
  const between = (one: Point[], other: Point[]) =>
    one.length ? `${linePath([...one, ...other.reverse()])}Z` : "";

  function line(key: string, series: Series, which: Loss, kind: string): void {
    lines.set(`${key} ${which}`, "path", {
      d: linePath(along(series, which, "median")),
      class: `fe-over-line fe-over-${which} fe-over-${kind}`,
    });
  }

  function draw(next: Picture): void {
    picture = next;
    const { facts, series, axis, log, epochs } = picture;
    const longest = facts.stops.length ? Math.max(...facts.stops) : epochs;
    plot.setDomain({
      x: [Math.min(1, epochs - 1), Math.max(2, epochs)],
      y: log ? axis.log : axis.y,
    });
    plot.setLabels(
      `Loss of ${unitsWords(facts.units)} against epochs`,
      "epoch",
      log ? "log₁₀ of the loss" : "loss",
    );
    const { front, back, live } = series;
    fills.begin();
    lines.begin();
    veil.begin();
    if (back) {
      for (const which of ["train", "valid"] as const) line("back", back, which, "back");
    }
    if (front) {
      fills.set("gap", "path", {
        d: between(
          along(front, "train", "median", longest),
          along(front, "valid", "median", longest),
        ),
        class: "fe-over-gap",
      });
      for (const which of ["train", "valid"] as const) {
        fills.set(`band ${which}`, "path", {
          d: between(along(front, which, "lowest"), along(front, which, "highest")),
          class: `fe-over-band fe-over-${which}`,
        });
        line("front", front, which, "front");
        if (back) diamonds(front, which);
      }
    }
    if (live) {
      for (const which of ["train", "valid"] as const) {
        line("live", live, which, "live");
      }
    }
    if (front && facts.stops.length) stopping(facts, longest);
    fills.end();
    lines.end();
    veil.end();
    say();
    point(cursor);
  }

  /** Marks along the curves of a variant, so that they are told from the plain ones by more than strength. */
  function diamonds(series: Series, which: Loss): void {
    for (let mark = 0; mark < MARKS; mark++) {
      const epoch = Math.round((mark + 0.5) / MARKS * (series.epochs - 1));
      const x = plot.x(epoch + 1), y = height(series.median(which, epoch));
      lines.set(`mark ${which} ${mark}`, "path", {
        d: `M${x - 4},${y}L${x},${y - 4}L${x + 4},${y}L${x},${y + 4}Z`,
        class: `fe-over-mark fe-over-${which}`,
      });
    }
  }

  function stopping(facts: PanelFacts, longest: number): void {
    const first = Math.min(...facts.stops), from = plot.x(first), to = plot.x(longest);
    veil.set("after", "rect", {
      x: to,
      y: 0,
      width: Math.max(0, plot.width - to),
      height: plot.height,
      class: "fe-over-after",
    });
    veil.set("stops", "rect", {
      x: from,
      y: 0,
      width: Math.max(2, to - from),
      height: plot.height,
      class: "fe-over-stops",
    });
    facts.restored.forEach(([epoch, value], place) => {
      veil.set(`restored ${place}`, "circle", {
        cx: plot.x(epoch + 1),
        cy: height(value),
        r: 4.5,
        class: "fe-over-restored",
      });
    });
    const words = first === longest ? `stops after ${first}` : `stops after ${first} to ${longest}`;
    const room = 6 * words.length + 12, after = plot.width - to;
    const [x, anchor] = after >= room
      ? [to + 6, "start"]
      : from >= room
      ? [from - 6, "end"]
      : [plot.width / 2, "middle"];
    veil.set("stops text", "text", { x, y: 26, "text-anchor": anchor, class: "fe-halo" }, words);
  }

  function say(): void {
    if (!picture) return;
    const { facts } = picture;
    text(head, facts.head);
    text(parameters, facts.rows);
    const [kind, ...rest] = facts.verdict
      ? [facts.kind, facts.verdict.slice(facts.kind.length)]
      : [""];
    const fewer = facts.seeds && facts.seeds < facts.of
      ? ` (${facts.seeds} of ${facts.of} seeds so far)`
      : "";
    verdict.replaceChildren(h("b", {}, kind), rest.join("") + fewer);
    text(compare, facts.compare);
    text(trouble, facts.trouble);
    trouble.hidden = !facts.trouble;
    compare.hidden = !facts.compare;
    element.dataset.kind = facts.kind;
  }

  function point(epoch: number): void {
    cursor = epoch;
    if (!picture) return;
    const series = read(picture.series);
    over.begin();
    const x = plot.x(epoch + 1);
    over.set("cursor", "line", { x1: x, x2: x, y1: 0, y2: plot.height, class: "fe-over-cursor" });
    for (const which of ["train", "valid"] as const) {
      if (!series || epoch >= series.epochs) continue;
      over.set(`dot ${which}`, "circle", {
        cx: x,
        cy: height(series.median(which, epoch)),
        r: 4,
        class: `fe-over-dot fe-over-${which}`,
      });
    }
    over.end();
    readout.show(picture.series, epoch);
  }

  return { element, draw, point };
}
