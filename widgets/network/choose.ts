/** Choosing a unit or a line: by pointing, by arrow keys, and pinned by Enter, space or a click. */
import type { Layout } from "./layout.ts";
import type { NetworkPlan, Place } from "./plan.ts";
import type { Scene } from "./scene.ts";

/** A unit, or the line from one unit to another. */
export type Choice = { unit: Place } | { from: Place; to: Place } | null;

const REACH = 6;

/** What is under a point of the picture. */
export function choiceAt(layout: Layout, x: number, y: number): Choice {
  const { columns } = layout;
  for (let layer = columns.length - 1; layer >= 0; layer--) {
    const { x: at, ys, radius } = columns[layer];
    const position = ys.findIndex((unit) => Math.hypot(at - x, unit - y) <= radius + 3);
    if (position >= 0) return { unit: { layer, position } };
  }
  const gap = columns.findIndex((column, l) =>
    l + 1 < columns.length && x > column.x && x < columns[l + 1].x
  );
  if (gap < 0) return null;
  const [left, right] = [columns[gap], columns[gap + 1]];
  const share = (x - left.x) / (right.x - left.x);
  let best = REACH, found: Choice = null;
  left.ys.forEach((from, i) =>
    right.ys.forEach((to, j) => {
      const height = from + (to - from) * share;
      const length = Math.hypot(right.x - left.x, to - from);
      const away = Math.abs(height - y) * ((right.x - left.x) / length);
      if (away < best) {
        best = away;
        found = { from: { layer: gap, position: i }, to: { layer: gap + 1, position: j } };
      }
    })
  );
  return found;
}

/** The unit an arrow key leads to; null at an edge or for another key. */
export function neighbour(
  plan: NetworkPlan,
  { layer, position }: Place,
  key: string,
): Place | null {
  const count = plan.layers[layer].shown.length;
  if (key === "ArrowUp" && position > 0) return { layer, position: position - 1 };
  if (key === "ArrowDown" && position + 1 < count) return { layer, position: position + 1 };
  const next = layer + (key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0);
  if (next === layer || next < 0 || next >= plan.layers.length) return null;
  const there = plan.layers[next].shown.length;
  return {
    layer: next,
    position: Math.min(there - 1, Math.floor(((position + 0.5) * there) / count)),
  };
}

/** Lift the lines of a choice above the others. */
export function highlight(svg: SVGSVGElement, scene: Scene, choice: Choice): void {
  svg.classList.toggle("fe-choosing", choice !== null);
  scene.layers.forEach(({ units }, layer) =>
    units.forEach((unit, position) => {
      const on = choice && "unit" in choice && same(choice.unit, { layer, position });
      if (on) unit.group.setAttribute("data-on", "");
      else unit.group.removeAttribute("data-on");
    })
  );
  scene.gaps.forEach(({ lines }, gap) => {
    const width = scene.layers[gap + 1].units.length;
    lines.forEach((line, k) => {
      const from = { layer: gap, position: Math.floor(k / width) };
      const to = { layer: gap + 1, position: k % width };
      const on = choice &&
        ("unit" in choice
          ? same(choice.unit, from) || same(choice.unit, to)
          : same(choice.from, from) && same(choice.to, to));
      if (on) line.setAttribute("data-on", "");
      else if (line.hasAttribute("data-on")) line.removeAttribute("data-on");
    });
  });
}

export function same(one: Place, other: Place): boolean {
  return one.layer === other.layer && one.position === other.position;
}
