/** The loss over two weights: its contours, both paths, and the two arrows of the step in hand. */
import { h, text } from "../dom.ts";
import { drawContours, type Grid, gridOf, levels, type SurfaceGrid } from "../plot/contours.ts";
import { arrowParts, between, type Point } from "../plot/marks.ts";
import { css, type Palette } from "../plot/palette.ts";
import { createPlot } from "../plot/plot.ts";
import { createTrace, type Series } from "../plot/trace.ts";
import type { Frames } from "../recording.ts";
import type { Report } from "./traits.ts";

export interface LandscapeState {
  /** Frame of the recording: updates of SGD whose points are drawn. */
  update: number;
  /** Updates of gradient descent whose points are drawn. */
  gdUpdates: number;
  arrows: boolean;
  fan: boolean;
  /** While an update is shown: how far the points have moved from the update before. */
  share: number;
  sgdMoves: boolean;
  gdMoves: boolean;
}

export interface Landscape {
  readonly element: HTMLElement;
  /** Another recording or surface: contours and scales are made anew. */
  setRun(frames: Frames, surface: SurfaceGrid, report: Report): void;
  draw(state: LandscapeState, palette: Palette): void;
}

const LEVELS = 14;
const FACTORS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

export function createLandscape(signal: AbortSignal, redraw: () => void): Landscape {
  let frames: Frames | null = null, grid: Grid | null = null;
  let lowest: [number, number] | null = null;
  let gdPoints: Point[] = [], factor = 1, run = 0;

  const plot = createPlot({ signal, label: "", ratio: 0.66, least: 240, most: 400, onDraw });
  const trace = createTrace(plot.canvas());
  const contours = plot.layer("contours", "under");
  // Over the paths: a path of thousands of updates would cover it.
  const cross = plot.layer("lowest");
  const marks = plot.layer("marks");
  const legend = h("p", { class: "fe-legend" });
  const keys = {
    gd: h("span", {}, h("i", { class: "fe-key fe-key-gd" }), "gradient descent"),
    sgd: h("span", {}, h("i", { class: "fe-key fe-key-sgd" }), "SGD"),
    full: h("span", {}, h("i", { class: "fe-key fe-key-full" }), "full gradient’s step"),
    batch: h("span", {}, h("i", { class: "fe-key fe-key-batch" }), "batch gradient’s step"),
    fan: h("span", {}, h("i", { class: "fe-key fe-key-fan" }), h("span")),
    lowest: h("span", {}, h("i", { class: "fe-key fe-key-lowest" }, "×"), "lowest loss"),
    scale: h("span", {}),
  };
  legend.append(...Object.values(keys));
  const caption = h("h3", {}, "Loss over two weights");
  const note = h("p", { class: "fe-plot-note", hidden: true });
  const element = h("section", { class: "fe-landscape" }, caption, plot.element, legend, note);

  const pixel = (point: ArrayLike<number>): Point => [plot.x(point[0]), plot.y(point[1])];
  const size = (step: ArrayLike<number>) =>
    Math.hypot(
      step[0] / (plot.domain.x[1] - plot.domain.x[0]) * plot.width,
      step[1] / (plot.domain.y[1] - plot.domain.y[0]) * plot.height,
    );

  function onDraw(): void {
    drawGround();
    redraw();
  }

  function drawGround(): void {
    drawContours(contours, plot, grid, grid ? levels(grid, LEVELS) : []);
    drawContours(cross, plot, null, [], lowest);
    if (frames) factor = chooseFactor(frames);
  }

  /** Arrows too short to be seen are all drawn longer by one factor, which the legend states. */
  function chooseFactor(all: Frames): number {
    const lengths: number[] = [];
    const stride = Math.max(1, Math.floor(all.length / 200));
    for (let frame = 0; frame < all.length - 1; frame += stride) {
      lengths.push(size(all.row("batch_step", frame)));
    }
    lengths.sort((one, other) => one - other);
    const middle = lengths[Math.floor(lengths.length / 2)] ?? 0;
    return middle > 0 ? FACTORS.find((value) => value * middle >= 30) ?? FACTORS.at(-1)! : 1;
  }

  return {
    element,
    setRun(received, next, report) {
      frames = received;
      grid = gridOf(next);
      lowest = next.minimum;
      run++;
      gdPoints = [];
      for (let frame = 0; frame < frames.length; frame++) {
        const made = frames.value("gd_updates", frame);
        const point = frames.row("gd_point", frame);
        gdPoints[made] ??= [point[0], point[1]];
      }
      plot.setLabels(
        `Loss over ${report.axes[0]} and ${report.axes[1]}, with the paths of both methods`,
        report.axes[0],
        report.axes[1],
      );
      plot.setDomain({ x: [...next.x], y: [...next.y] });
      keys.lowest.hidden = !next.minimum;
      text(
        caption,
        report.share === null ? "Loss over two weights" : "Loss over a plane through the weights",
      );
      note.hidden = report.share === null;
      if (report.share !== null) {
        text(
          note,
          `A plane through ${report.weights} weights: it holds ${
            (100 * report.share).toFixed(report.share > 0.99 ? 1 : 0)
          } % of the paths’ squared movement. Off the plane the loss may differ from the contours.`,
        );
      }
      drawGround();
    },
    draw(state, palette) {
      if (!frames) return;
      const shown = frames;
      const series = (
        colour: string,
        count: number,
        at: Series["at"],
        square: boolean,
      ): Series => ({
        colour,
        count,
        at,
        width: 2,
        dot: count > 400 ? 0 : 2.5,
        square,
      });
      const blue = css(palette.train), orange = css(palette.valid);
      const back = (moves: boolean) => moves && state.share < 1 ? 1 : 0;
      trace.draw(
        [
          series(
            blue,
            state.gdUpdates + 1 - back(state.gdMoves),
            (at) => pixel(gdPoints[at] ?? gdPoints[0]),
            true,
          ),
          series(
            orange,
            state.update + 1 - back(state.sgdMoves),
            (at) => pixel(shown.row("point", at)),
            false,
          ),
        ],
        plot.width,
        plot.height,
        `${run} ${plot.domain.x} ${plot.domain.y} ${blue}`,
      );

      marks.begin();
      const sgd = moving(
        pixel(shown.row("point", state.update)),
        state.sgdMoves ? pixel(shown.row("point", state.update - 1)) : null,
        state.share,
      );
      const gd = moving(
        pixel(gdPoints[state.gdUpdates] ?? gdPoints[0]),
        state.gdMoves ? pixel(gdPoints[state.gdUpdates - 1]) : null,
        state.share,
      );
      const step = (name: string, from: Point, along: ArrayLike<number>, kind: string) => {
        const tip: Point = [
          from[0] + factor * along[0] / (plot.domain.x[1] - plot.domain.x[0]) * plot.width,
          from[1] - factor * along[1] / (plot.domain.y[1] - plot.domain.y[0]) * plot.height,
        ];
        const { shaft, head } = arrowParts(from, tip);
        marks.set(name, "path", { d: shaft, class: kind });
        marks.set(`${name} head`, "path", { d: head, class: `${kind} fe-arrow-head` });
      };
      const fan = state.arrows && state.fan && shown.has("fan");
      if (fan) {
        const all = shown.row("fan", state.update);
        for (let one = 0; one < all.length; one += 2) {
          step(`fan ${one}`, sgd, all.subarray(one, one + 2), "fe-arrow-fan");
        }
      }
      if (state.arrows && shown.value("count", state.update) > 0) {
        step("full", sgd, shown.row("full_step", state.update), "fe-arrow-full");
        step("batch", sgd, shown.row("batch_step", state.update), "fe-arrow-batch");
      }
      marks.set("gd", "rect", {
        x: gd[0] - 5,
        y: gd[1] - 5,
        width: 10,
        height: 10,
        class: "fe-at-gd",
      });
      marks.set("sgd", "circle", { cx: sgd[0], cy: sgd[1], r: 6, class: "fe-at-sgd" });
      marks.end();
      text(keys.scale, factor === 1 ? "" : `arrows ${factor} times as long as the step`);
      keys.scale.hidden = factor === 1;
      keys.fan.hidden = !fan;
      if (fan) {
        const drawn = shown.row("fan", state.update).length / 2;
        text(keys.fan.lastElementChild!, `the steps of ${drawn} batches of this epoch from here`);
      }
    },
  };
}

function moving(to: Point, from: Point | null, share: number): Point {
  return from ? between(from, to, share) : to;
}
