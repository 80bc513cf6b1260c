/** A function of one weight: the curve, the point, its tangent, the arrow −α g′(w), and where it leads. */
import { arrowPath, between, linePath, type Point } from "../plot/marks.ts";
import { createPlot, type Plot } from "../plot/plot.ts";
import { number } from "../dom.ts";
import type { Ground, Run } from "./traits.ts";
import { exact } from "./words.ts";

export interface Scenery {
  readonly element: HTMLElement;
  readonly plot: Plot;
  /** Another run, or another part of the function. */
  setGround(ground: Ground): void;
  /** The frame; `share` of the way from the frame before is gone. */
  draw(run: Run, frame: number, share: number): void;
}

const TANGENT = 84, BELOW = 30, PAST = 80;
/** Where words can stand: beside a point (1 to the right), and so many pixels down. */
const PLACES = [[1, 4], [-1, 4], [1, 22], [-1, 22], [1, -16], [-1, -16], [0, -52], [1, -40], [
  -1,
  -40,
]];

export function createCurve(signal: AbortSignal, redraw: () => void): Scenery {
  let ground: Ground | null = null;
  const plot = createPlot({
    signal,
    label: "The function g(w), the point, its tangent and the next step",
    xLabel: "w",
    yLabel: "g(w)",
    ratio: 0.56,
    least: 240,
    most: 420,
    onDraw: () => {
      drawCurve();
      redraw();
    },
  });
  const curve = plot.layer("curve", "under");
  const past = plot.layer("past");
  const step = plot.layer("step");

  function drawCurve(): void {
    curve.begin();
    if (ground) {
      const { values, columns, x } = ground;
      const points = Array.from(values, (value, column): Point => [
        plot.x(x[0] + (x[1] - x[0]) * column / (columns - 1)),
        plot.y(value),
      ]);
      curve.set("curve", "path", { d: linePath(points), class: "fe-curve" });
    }
    curve.end();
  }

  /** Height of the drawn curve: only for a ball that rolls, and for a point that is not recorded. */
  function along(w: number): number {
    const { values, columns, x } = ground!;
    const at = (w - x[0]) / (x[1] - x[0]) * (columns - 1);
    const left = Math.max(0, Math.min(columns - 2, Math.floor(at)));
    return values[left] + (values[left + 1] - values[left]) * (at - left);
  }

  function draw(run: Run, frame: number, share: number): void {
    if (!ground) return;
    const at = (one: number): Point => [plot.x(run.w(one)[0]), plot.y(run.value(one))];
    past.begin();
    for (let one = Math.max(0, frame - PAST); one < frame; one++) {
      const [cx, cy] = at(one);
      const age = frame - one;
      past.set(`past ${one}`, "circle", {
        cx,
        cy,
        r: 4,
        class: "fe-past",
        "fill-opacity": Math.max(0.2, 0.55 - 0.04 * age),
      });
    }
    past.end();

    // First the ball rolls, then the tangent opens, then the arrow grows.
    const rolled = Math.min(1, share / 0.5);
    const opened = Math.max(0, Math.min(1, (share - 0.4) / 0.3));
    const grown = Math.max(0, Math.min(1, (share - 0.6) / 0.4));
    const w = run.w(frame)[0], slope = run.gradient(frame)[0], next = run.next(frame)[0];
    let ball = at(frame);
    if (rolled < 1 && frame > 0) {
      const place = run.w(frame - 1)[0] + rolled * (w - run.w(frame - 1)[0]);
      ball = [plot.x(place), plot.y(along(place))];
    }
    step.begin();
    if (opened > 0) drawTangent(at(frame), slope, opened);
    if (Number.isFinite(next)) {
      const level = Math.min(plot.height - 22, Math.max(14, at(frame)[1] + BELOW));
      const tail: Point = [at(frame)[0], level], tip: Point = [plot.x(next), level];
      const end = frame + 1 < run.length ? plot.y(run.value(frame + 1)) : plot.y(along(next));
      if (grown > 0) {
        step.set("drop", "path", {
          d: linePath([at(frame), tail]),
          class: "fe-drop",
        });
        step.set("arrow", "path", {
          d: arrowPath(tail, between(tail, tip, grown), 12),
          class: "fe-arrow",
        });
        const middle = Math.max(70, Math.min(plot.width - 70, (tail[0] + tip[0]) / 2));
        const name = run.facts.plain ? "−α g′(w)" : "the step";
        step.set("arrow words", "text", {
          x: middle,
          y: level + 18,
          "text-anchor": "middle",
          class: "fe-halo fe-word",
        }, `${name} = ${number(next - w)}`);
      }
      if (grown === 1) {
        step.set("rise", "path", { d: linePath([tip, [tip[0], end]]), class: "fe-drop" });
        const hollow = step.set("next", "circle", {
          cx: tip[0],
          cy: end,
          r: 6,
          class: "fe-next",
        });
        title(hollow, `next w = ${exact(next)}`);
      }
    }
    const node = step.set("ball", "circle", { cx: ball[0], cy: ball[1], r: 7.5, class: "fe-ball" });
    title(
      node,
      `w = ${exact(w)}, g(w) = ${exact(run.value(frame))}, g′(w) = ${exact(slope)}`,
    );
    step.end();
    // The ball lies on top of what came later.
    step.group.append(node);
  }

  function drawTangent(at: Point, slope: number, share: number): void {
    const across = plot.width / (plot.domain.x[1] - plot.domain.x[0]);
    const down = plot.height / (plot.domain.y[1] - plot.domain.y[0]);
    const rise = -slope * down / across;
    const reach = share * TANGENT / Math.hypot(1, Number.isFinite(rise) ? rise : 1);
    const from: Point = [at[0] - reach, at[1] - reach * rise];
    const to: Point = [at[0] + reach, at[1] + reach * rise];
    step.set("tangent", "path", { d: linePath([from, to]), class: "fe-tangent" });
    if (share < 1) return;
    const words = `slope g′(w) = ${number(slope)}`;
    const [x, y] = free(at, 7 * words.length + 8);
    step.set("slope", "text", {
      x,
      y,
      "text-anchor": "middle",
      class: "fe-halo fe-word",
    }, words);
  }

  /** Room for words near a point: where they cover least of the curve, and nothing of the arrow below. */
  function free(at: Point, wide: number): Point {
    let best: Point = at, least = Infinity;
    for (const [across, up] of PLACES) {
      const x = at[0] + across * (wide / 2 + 18), y = at[1] + up;
      let covered = Math.abs(across) < 1 ? 1.5 : 0;
      if (x - wide / 2 < 0 || x + wide / 2 > plot.width) covered += 100;
      if (y < 12 || y > plot.height - 4) covered += 100;
      for (let pixel = x - wide / 2; pixel <= x + wide / 2; pixel += 5) {
        const line = plot.y(along(plot.invertX(pixel)));
        if (line > y - 16 && line < y + 6) covered++;
      }
      if (covered < least) [best, least] = [[x, y], covered];
    }
    return best;
  }

  return {
    element: plot.element,
    plot,
    setGround(next) {
      ground = next;
      plot.setDomain({ x: next.x, y: next.height });
      drawCurve();
    },
    draw,
  };
}

/** The exact numbers of a mark, on hover. */
export function title(node: SVGElement, words: string): void {
  const held = node.querySelector<SVGElement>("title") ?? node.appendChild(
    node.ownerDocument.createElementNS("http://www.w3.org/2000/svg", "title") as SVGElement,
  );
  if (held.textContent !== words) held.textContent = words;
}
