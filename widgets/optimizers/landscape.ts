/** The surface with all paths, what the optimizers remember at their heads, and the start, which can be moved. */
import { h, number, text } from "../dom.ts";
import { drawContours, type Grid, gridOf, levels, type SurfaceGrid } from "../plot/contours.ts";
import { arrowPath, between, linePath, type Point } from "../plot/marks.ts";
import { createPlot } from "../plot/plot.ts";
import { ink, markerPath, type Race, type Runner } from "./race.ts";
import { apart, type Place } from "./names.ts";
import { createStart } from "./start.ts";

export interface Landscape {
  readonly element: HTMLElement;
  setRace(race: Race, surface: SurfaceGrid, start: [number, number]): void;
  /** Frame of the race; `share` of the way from the frame before is gone. */
  draw(frame: number, share: number): void;
}

const LEVELS = 14;
const FACTORS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const ARROW = 90, HALF_AXIS = 28, EDGE = 8;

export function createLandscape(
  signal: AbortSignal,
  redraw: () => void,
  moveStart: (start: [number, number]) => void,
): Landscape {
  let race: Race | null = null, grid: Grid | null = null;
  let lowest: [number, number] | null = null;
  let factor = 1, scale = 1;

  const plot = createPlot({
    signal,
    label: "Loss over both weights, with the path of each optimizer",
    xLabel: "w₁",
    yLabel: "w₂",
    ratio: 0.72,
    least: 260,
    most: 520,
    onDraw: () => {
      drawGround();
      redraw();
    },
  });
  const contours = plot.layer("contours", "under");
  const paths = plot.layer("paths");
  const memory = plot.layer("memory");
  const heads = plot.layer("heads");
  const start = createStart(plot, signal, moveStart);
  const box = h("input", { type: "checkbox", checked: true });
  box.checked = true;
  box.addEventListener("change", () => redraw(), { signal });
  const words = {
    arrow: h("span"),
    ellipse: h("span"),
    lowest: h("span", {}, h("i", { class: "fe-key-lowest" }, "×"), " lowest loss in this picture"),
    outside: h("span", { class: "fe-outside" }),
  };
  const legend = h(
    "p",
    { class: "fe-legend" },
    h("label", { class: "fe-inline" }, box, "draw what they remember"),
    ...Object.values(words),
  );
  const element = h(
    "section",
    { class: "fe-landscape" },
    h("h3", {}, "The paths over the loss"),
    h("div", { class: "fe-plot-box" }, plot.element, start.element),
    legend,
  );

  const pixel = (point: ArrayLike<number>): Point => [plot.x(point[0]), plot.y(point[1])];
  const across = () => plot.width / (plot.domain.x[1] - plot.domain.x[0]);
  const down = () => plot.height / (plot.domain.y[1] - plot.domain.y[0]);

  function drawGround(): void {
    drawContours(contours, plot, grid, grid ? levels(grid, LEVELS) : [], lowest);
    if (race) chooseScales(race);
    start.place();
  }

  /** One scale for all arrows and one for all ellipses of a race; the legend states both. */
  function chooseScales(all: Race): void {
    const pushes: number[] = [], sizes: number[] = [];
    for (const runner of all.runners) {
      for (let frame = 1; frame < runner.frames; frame++) {
        if (runner.drawn.includes("push")) {
          const [x, y] = all.row(runner, "push", frame);
          pushes.push(Math.hypot(x * across(), y * down()));
        }
        if (runner.drawn.includes("rms")) {
          const [x, y] = all.row(runner, "rms", frame);
          sizes.push(Math.max(x * across(), y * down()));
        }
      }
    }
    const long = quantile(pushes, 0.9), middle = quantile(sizes, 0.5);
    factor = long > 0 ? FACTORS.findLast((value) => value * long <= ARROW) ?? 1 : 1;
    scale = middle > 0 ? nice(HALF_AXIS / middle) : 1;
  }

  function remember(runner: Runner, frame: number, head: Point): void {
    const style = `stroke:${ink(runner.style)};fill:${ink(runner.style)}`;
    const now = race!.frameOf(runner, frame);
    if (runner.drawn.includes("rms") && now > 0) {
      const [x, y] = race!.row(runner, "rms", now);
      memory.set(`rms ${runner.key}`, "ellipse", {
        cx: head[0],
        cy: head[1],
        rx: Math.max(0.5, x * scale * across()),
        ry: Math.max(0.5, y * scale * down()),
        class: "fe-rms",
        style: `${style};stroke-dasharray:${runner.style.dash || "none"}`,
      });
    }
    if (runner.drawn.includes("push") && now > 0) {
      const [x, y] = race!.row(runner, "push", now);
      const tip: Point = [head[0] + factor * x * across(), head[1] - factor * y * down()];
      memory.set(`push ${runner.key}`, "path", {
        d: arrowPath(head, tip),
        class: "fe-push",
        style,
      });
    }
  }

  function explain(shown: Runner[]): void {
    const having = (name: RunnerDrawing) => shown.filter(({ drawn }) => drawn.includes(name));
    const names = (runners: Runner[]) => runners.map(({ label }) => label).join(", ");
    const adaptive = (runner: Runner) => runner.spec.name.startsWith("adam");
    const push = having("push"), velocity = push.filter((one) => !adaptive(one));
    const average = push.filter(adaptive);
    const long = factor === 1 ? "at its true length" : `${factor} times as long`;
    const kinds = [
      velocity.length ? `velocity (${names(velocity)})` : "",
      average.length ? `−α × averaged gradient (${names(average)})` : "",
    ].filter(Boolean);
    text(words.arrow, kinds.length ? `→ ${kinds.join(", or ")}, drawn ${long}` : "");
    const rms = having("rms");
    const sum = rms.some(({ spec }) => spec.name === "adagrad");
    text(
      words.ellipse,
      rms.length
        ? `◯ root of the squared-gradient average${
          sum ? " (AdaGrad: of the sum)" : ""
        } along each axis; a gradient of 1 is drawn ${number(scale, 1)} long`
        : "",
    );
    for (const part of [words.arrow, words.ellipse]) {
      part.hidden = !box.checked || !part.textContent;
    }
  }

  return {
    element,
    setRace(next, ground, begin) {
      race = next;
      grid = gridOf(ground);
      lowest = ground.minimum;
      plot.setDomain({ x: [...ground.x], y: [...ground.y] });
      words.lowest.hidden = !ground.minimum;
      start.set(begin);
      drawGround();
    },
    draw(frame, share) {
      if (!race) return;
      const places: Place[] = [];
      paths.begin();
      memory.begin();
      for (const runner of race.shown) {
        const now = race.frameOf(runner, frame), points: Point[] = [];
        const tween = share < 1 && frame > 0 && frame < runner.frames;
        for (let step = 0; step <= now; step++) points.push(pixel(race.row(runner, "w", step)));
        if (tween) points[now] = between(points[now - 1], points[now], share);
        const head = points[now];
        const style = `stroke:${ink(runner.style)}`;
        paths.set(`path ${runner.key}`, "path", {
          d: linePath(points),
          class: "fe-path",
          style: `${style};stroke-dasharray:${runner.style.dash || "none"}`,
        });
        paths.set(`dots ${runner.key}`, "path", {
          d: points.map(([x, y]) => linePath([[x, y], [x + 0.01, y]])).join(""),
          class: "fe-steps",
          style,
        });
        if (box.checked && !tween) remember(runner, frame, head);
        const outside = head[0] < 0 || head[0] > plot.width || head[1] < 0 ||
          head[1] > plot.height;
        const at: Point = [clamp(head[0], plot.width), clamp(head[1], plot.height)];
        places.push({ runner, at: outside ? at : head, outside });
      }
      paths.end();
      memory.end();
      heads.begin();
      for (const { runner, at } of places) {
        heads.set(`head ${runner.key}`, "path", {
          d: markerPath(runner.style.shape, at, 6),
          class: "fe-head",
          style: `fill:${ink(runner.style)}`,
        });
      }
      for (const label of apart(places, plot.width, plot.height)) {
        heads.set(`label ${label.key}`, "text", {
          x: label.x,
          y: label.y + 4,
          "text-anchor": label.right ? "end" : "start",
          class: "fe-halo fe-name",
        }, label.words);
      }
      heads.end();
      const gone = places.filter(({ outside }) => outside).map(({ runner }) => runner.label);
      text(
        words.outside,
        gone.length ? `${gone.join(", ")}: outside of the picture, marked at its edge` : "",
      );
      words.outside.hidden = !gone.length;
      explain(race.shown);
    },
  };
}

type RunnerDrawing = Runner["drawn"][number];

const clamp = (value: number, most: number) => Math.max(EDGE, Math.min(most - EDGE, value));

function quantile(values: number[], share: number): number {
  const sorted = values.filter(Number.isFinite).sort((one, other) => one - other);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

/** A round number below: 1, 2 or 5 times a power of ten. */
function nice(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  return Number(((lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power).toPrecision(1));
}
