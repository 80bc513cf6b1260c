/** Where the names of the optimizers stand in the picture. */
import type { Point } from "../plot/marks.ts";
import type { Runner } from "./race.ts";

export interface Place {
  runner: Runner;
  /** Where its marker is drawn, in pixels. */
  at: Point;
  outside: boolean;
}

/** Names beside their heads, moved down where they would lie on one another. */
export function apart(places: Place[], width: number, height: number) {
  const labels = places.map(({ runner, at: [x, y], outside }) => {
    const words = outside ? `${runner.label} (outside)` : runner.label;
    const long = 8 * words.length + 8, right = x + 12 + long > width;
    const from = right ? x - 12 - long : x + 12;
    return { key: runner.key, words, x: x + (right ? -12 : 12), y, right, from, to: from + long };
  }).sort((one, other) => one.y - other.y);
  for (let place = 0; place < labels.length; place++) {
    const label = labels[place];
    for (const before of labels.slice(0, place)) {
      const over = before.from < label.to && label.from < before.to;
      if (over && label.y - before.y < 15) label.y = before.y + 15;
    }
  }
  const below = Math.max(0, ...labels.map(({ y }) => y - (height - 10)));
  return labels.map((label) => ({ ...label, y: Math.max(10, label.y - below) }));
}
