/** A function of two weights from above: contour lines, the path, the gradient and the step against it. */
import { drawContours, levels } from "../plot/contours.ts";
import { arrowPath, between, linePath, type Point } from "../plot/marks.ts";
import { createPlot } from "../plot/plot.ts";
import { type Scenery, title } from "./curve.ts";
import type { Ground, Run } from "./traits.ts";
import { exact } from "./words.ts";

const LEVELS = 16, UPHILL = 64, DOTS = 120;

export function createMap(signal: AbortSignal, redraw: () => void): Scenery {
  let ground: Ground | null = null;
  const plot = createPlot({
    signal,
    label: "Contour lines of g(w₁, w₂), the path, the gradient and the next step",
    xLabel: "w₁",
    yLabel: "w₂",
    ratio: 0.76,
    least: 260,
    most: 460,
    onDraw: () => {
      drawGround();
      redraw();
    },
  });
  const contours = plot.layer("contours", "under");
  const path = plot.layer("path");
  const step = plot.layer("step");

  function drawGround(): void {
    if (!ground) return;
    const [low, high] = ground.height;
    const values = ground.values.map((value) => value >= low && value <= high ? value : NaN);
    drawContours(contours, plot, ground, levels({ ...ground, values }, LEVELS));
  }

  const pixel = (w: ArrayLike<number>): Point => [plot.x(w[0]), plot.y(w[1])];

  function draw(run: Run, frame: number, share: number): void {
    if (!ground) return;
    const moved = Math.min(1, share / 0.55), grown = Math.max(0, (share - 0.5) / 0.5);
    const points: Point[] = [];
    for (let one = 0; one <= frame; one++) points.push(pixel(run.w(one)));
    if (frame > 0) points[frame] = between(points[frame - 1], points[frame], moved);
    const ball = points[frame];
    path.begin();
    path.set("path", "path", { d: linePath(points), class: "fe-path" });
    path.set("dots", "path", {
      d: points.slice(Math.max(0, frame - DOTS), frame).map(([x, y]) =>
        linePath([[x, y], [x + 0.01, y]])
      ).join(""),
      class: "fe-dots",
    });
    path.end();

    step.begin();
    const next = run.next(frame), slope = run.gradient(frame);
    const finite = Array.from(next).every(Number.isFinite);
    if (grown > 0) {
      const up = uphill(slope);
      if (up) {
        const tip: Point = [ball[0] + grown * UPHILL * up[0], ball[1] + grown * UPHILL * up[1]];
        step.set("uphill", "path", { d: arrowPath(ball, tip, 9), class: "fe-uphill" });
        if (grown === 1) words("uphill words", "∇g", tip, up, "fe-halo");
      }
      if (finite) {
        const tip = pixel(next);
        step.set("arrow", "path", {
          d: arrowPath(ball, between(ball, tip, grown), 12),
          class: "fe-arrow",
        });
        if (grown === 1) {
          const long = Math.hypot(tip[0] - ball[0], tip[1] - ball[1]) || 1;
          const way: Point = [(tip[0] - ball[0]) / long, (tip[1] - ball[1]) / long];
          const hollow = step.set("next", "circle", {
            cx: tip[0],
            cy: tip[1],
            r: 5.5,
            class: "fe-next",
          });
          title(hollow, `next w = (${exact(next[0])}, ${exact(next[1])})`);
          const name = run.facts.plain ? "−α ∇g" : "the step";
          words("arrow words", name, tip, way, "fe-halo fe-word");
        }
      }
    }
    const node = step.set("ball", "circle", { cx: ball[0], cy: ball[1], r: 7, class: "fe-ball" });
    const w = run.w(frame);
    title(
      node,
      `w = (${exact(w[0])}, ${exact(w[1])}), g = ${exact(run.value(frame))}, gradient = (${
        exact(slope[0])
      }, ${exact(slope[1])})`,
    );
    step.end();
    step.group.append(node);
  }

  /** Words beyond the tip of an arrow, kept inside of the picture. */
  function words(key: string, said: string, tip: Point, way: Point, name: string): void {
    const wide = 4 * said.length + 6;
    const x = tip[0] + way[0] * (12 + wide), y = tip[1] + way[1] * 16;
    step.set(key, "text", {
      x: Math.max(wide, Math.min(plot.width - wide, x)),
      y: Math.max(14, Math.min(plot.height - 6, y + 4)),
      "text-anchor": "middle",
      class: name,
    }, said);
  }

  /** The direction of the gradient in pixels. */
  function uphill(slope: ArrayLike<number>): Point | null {
    const across = plot.width / (plot.domain.x[1] - plot.domain.x[0]);
    const down = plot.height / (plot.domain.y[1] - plot.domain.y[0]);
    const largest = Math.max(Math.abs(slope[0]), Math.abs(slope[1]));
    if (!(largest > 0) || !Number.isFinite(largest)) return null;
    const way: Point = [slope[0] / largest * across, -slope[1] / largest * down];
    const long = Math.hypot(...way);
    return [way[0] / long, way[1] / long];
  }

  return {
    element: plot.element,
    plot,
    setGround(next) {
      ground = next;
      plot.setDomain({ x: next.x, y: next.y });
      drawGround();
    },
    draw,
  };
}
