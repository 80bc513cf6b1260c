/** The loss over all rows, against rows processed (equal cost) and against updates. */
import { h } from "../dom.ts";
import { css, type Palette } from "../plot/palette.ts";
import { createPlot, type Plot } from "../plot/plot.ts";
import { createTrace, type Trace } from "../plot/trace.ts";
import type { Frames } from "../recording.ts";

export interface Curves {
  readonly elements: HTMLElement[];
  setRun(frames: Frames): void;
  draw(update: number, gdUpdates: number, palette: Palette): void;
}

type Across = "rows processed" | "updates";

export function createCurves(signal: AbortSignal, redraw: () => void): Curves {
  let frames: Frames | null = null, run = 0;
  /** Gradient descent after each of its updates: rows processed, loss. */
  let gd: [number, number][] = [];

  const charts = (["rows processed", "updates"] as Across[]).map((across) => {
    const plot = createPlot({
      signal,
      label: `Loss over all rows against ${across}`,
      xLabel: across,
      ratio: 0.66,
      least: 240,
      most: 400,
      onDraw: redraw,
    });
    const title = across === "updates" ? "Loss by updates" : "Loss by rows processed: equal cost";
    const element = h("section", { class: "fe-curve" }, h("h3", {}, title), plot.element);
    return { across, plot, element, trace: createTrace(plot.canvas()), marks: plot.layer("ends") };
  });

  return {
    elements: charts.map((chart) => chart.element),
    setRun(received) {
      frames = received;
      run++;
      gd = [];
      let low = Infinity, high = -Infinity;
      for (let frame = 0; frame < frames.length; frame++) {
        const loss = frames.value("loss", frame), other = frames.value("gd_loss", frame);
        gd[frames.value("gd_updates", frame)] ??= [frames.value("processed", frame), other];
        low = Math.min(low, loss, other);
        high = Math.max(high, loss, other);
      }
      // A method that diverges leaves the picture: the others stay readable.
      high = Math.min(high, low + 3 * (frames.value("loss", 0) || 1));
      const room = (high - low || Math.abs(high) || 1) * 0.06;
      const last = frames.length - 1;
      const ends: Record<Across, number> = {
        "rows processed": frames.value("processed", last),
        updates: last,
      };
      for (const { across, plot } of charts) {
        const end = Math.max(1, ends[across]);
        // Room for the marks that stand at both ends.
        plot.setDomain({ x: [-0.03 * end, 1.03 * end], y: [low - room, high + room] });
      }
    },
    draw(update, gdUpdates, palette) {
      if (!frames) return;
      const all = frames;
      const blue = css(palette.train), orange = css(palette.valid);
      for (const { across, plot, trace, marks } of charts) {
        const byRows = across === "rows processed";
        const gdAt = (made: number, at = made): [number, number] => [
          plot.x(byRows ? gd[at][0] : at),
          plot.y(gd[made][1]),
        ];
        // By rows, gradient descent stands still until its epoch is over: a staircase.
        const corners = byRows ? 2 * gdUpdates + 1 : gdUpdates + 1;
        const corner = (point: number): [number, number] =>
          byRows ? gdAt(point >> 1, (point + 1) >> 1) : gdAt(point);
        drawLines(plot, trace, [
          {
            colour: blue,
            dash: [5, 4],
            count: corners,
            at: corner,
            dot: byRows ? 0 : 3,
            square: true,
          },
          {
            colour: orange,
            count: update + 1,
            at: (point) => [
              plot.x(byRows ? all.value("processed", point) : point),
              plot.y(all.value("loss", point)),
            ],
            dot: all.length > 200 ? 0 : 3,
          },
        ], `${run} ${blue}`);
        const here = byRows ? all.value("processed", update) : gdUpdates;
        const still: [number, number] = [plot.x(here), plot.y(gd[gdUpdates][1])];
        const moved: [number, number] = [
          plot.x(byRows ? all.value("processed", update) : update),
          plot.y(all.value("loss", update)),
        ];
        marks.begin();
        if (byRows) {
          marks.set("gd line", "path", {
            d: `M${plot.x(gd[gdUpdates][0])},${still[1]}L${still[0]},${still[1]}`,
            class: "fe-standing",
          });
        }
        marks.set("gd", "rect", {
          x: still[0] - 4,
          y: still[1] - 4,
          width: 8,
          height: 8,
          class: "fe-at-gd",
        });
        marks.set("sgd", "circle", { cx: moved[0], cy: moved[1], r: 5, class: "fe-at-sgd" });
        label(plot, marks, "gd word", still, "gradient descent", -10);
        label(plot, marks, "sgd word", moved, "SGD", Math.abs(moved[1] - still[1]) < 16 ? 20 : -10);
        marks.end();
      }
    },
  };
}

function drawLines(plot: Plot, trace: Trace, series: Parameters<Trace["draw"]>[0], key: string) {
  trace.draw(series, plot.width, plot.height, `${key} ${plot.domain.x} ${plot.domain.y}`);
}

function label(
  plot: Plot,
  marks: ReturnType<Plot["layer"]>,
  key: string,
  [x, y]: readonly [number, number],
  words: string,
  above: number,
): void {
  // A letter is about 7 pixels wide.
  const right = x > plot.width * 0.6 || x + 8 + 7 * words.length > plot.width;
  marks.set(key, "text", {
    x: x + (right ? -8 : 8),
    y: Math.max(12, Math.min(plot.height - 4, y + above)),
    "text-anchor": right ? "end" : "start",
    class: "fe-halo",
  }, words);
}
