/** The start as a handle on the picture: dragged, or moved by keys. It says where to, and changes nothing itself. */
import { h, number, text } from "../dom.ts";
import { makeDraggable } from "../plot/drag.ts";
import type { Point } from "../plot/marks.ts";
import type { Plot } from "../plot/plot.ts";

export interface Handle {
  readonly element: HTMLElement;
  /** Where the start is (null: where it was put), and how high it lies in the picture, for one weight. */
  set(start: number[] | null, y: (w: number) => number): void;
  place(): void;
}

export function createHandle(
  plot: Plot,
  weights: 1 | 2,
  signal: AbortSignal,
  moved: (start: number[]) => void,
): Handle {
  let at: number[] = [], level: (w: number) => number = () => 0;
  const words = h("span", { class: "fe-start-words fe-number" });
  const element = h(
    "div",
    { class: "fe-start", role: "slider", tabindex: 0, title: "the start: drag it" },
    words,
  );

  const pixel = (): Point => [
    plot.x(at[0]),
    weights === 2 ? plot.y(at[1]) : plot.y(level(at[0])),
  ];

  function place(): void {
    if (!at.length) return;
    const [x, y] = pixel();
    const inside = x >= -1 && x <= plot.width + 1 && y >= -1 && y <= plot.height + 1;
    element.hidden = !inside;
    element.style.left = `${plot.left + x}px`;
    element.style.top = `${plot.top + y}px`;
    element.classList.toggle("fe-start-low", y < 40);
    const shown = at.map((value) => number(value, 4));
    const name = weights === 1 ? `w = ${shown[0]}` : `w₁ = ${shown[0]}, w₂ = ${shown[1]}`;
    element.setAttribute("aria-label", "start; arrow keys move it");
    element.setAttribute("aria-valuemin", String(plot.domain.x[0]));
    element.setAttribute("aria-valuemax", String(plot.domain.x[1]));
    element.setAttribute("aria-valuenow", String(at[0]));
    element.dataset.at = at.join(" ");
    element.setAttribute("aria-valuetext", `start ${name}`);
    text(
      words,
      drag.held ? `start ${weights === 1 ? shown[0] : `(${shown.join(", ")})`}` : "start",
    );
  }

  const drag = makeDraggable({
    element,
    plot,
    signal,
    axes: weights,
    stride: 0.01,
    at: () => [at[0], at[1] ?? level(at[0])],
    pixel,
    go(x, y) {
      const next = weights === 1 ? [x] : [x, y];
      if (next.every((value, axis) => value === at[axis])) return;
      at = next;
      place();
      moved([...at]);
    },
    released: place,
  });

  return {
    element,
    set(start, y) {
      level = y;
      // What the hand holds stays in the hand; Python's answer comes a moment later.
      if (start && !drag.held || !at.length) at = [...start ?? []];
      place();
    },
    place,
  };
}
