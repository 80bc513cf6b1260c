/** The start as a handle on the picture: dragged, or moved by keys. It says where to, and changes nothing itself. */
import { h, number, text } from "../dom.ts";
import type { Plot } from "../plot/plot.ts";

export interface Handle {
  readonly element: HTMLElement;
  /** Where the start is (null: where it was put), and how high it lies in the picture, for one weight. */
  set(start: number[] | null, y: (w: number) => number): void;
  place(): void;
}

const ALONG: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export function createHandle(
  plot: Plot,
  weights: 1 | 2,
  signal: AbortSignal,
  moved: (start: number[]) => void,
): Handle {
  let at: number[] = [], level: (w: number) => number = () => 0;
  let held: { x: number; y: number } | null = null;
  const words = h("span", { class: "fe-start-words fe-number" });
  const element = h(
    "div",
    { class: "fe-start", role: "slider", tabindex: 0, title: "the start: drag it" },
    words,
  );

  const pixel = (): [number, number] => [
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
    text(words, held ? `start ${weights === 1 ? shown[0] : `(${shown.join(", ")})`}` : "start");
  }

  function go(values: number[]): void {
    const spans = [plot.domain.x, plot.domain.y];
    const next = values.map((value, axis) => {
      const [low, high] = spans[axis];
      return round(Math.max(low, Math.min(high, value)), high - low);
    });
    if (next.every((value, axis) => value === at[axis])) return;
    at = next;
    place();
    moved([...at]);
  }

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    element.focus();
    element.setPointerCapture?.(event.pointerId);
    const [x, y] = pixel();
    held = { x: event.clientX - x, y: event.clientY - y };
    element.classList.add("fe-held");
  }, { signal });
  element.addEventListener("pointermove", (event) => {
    if (!held) return;
    const x = plot.invertX(event.clientX - held.x);
    go(weights === 1 ? [x] : [x, plot.invertY(event.clientY - held.y)]);
  }, { signal });
  for (const end of ["pointerup", "pointercancel"]) {
    element.addEventListener(end, () => {
      held = null;
      element.classList.remove("fe-held");
      place();
    }, { signal });
  }
  element.addEventListener("keydown", (event) => {
    const along = ALONG[event.key];
    if (!along || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const share = event.shiftKey ? 0.1 : 0.01;
    const { x, y } = plot.domain;
    const by = [along[0] * share * (x[1] - x[0]), along[1] * share * (y[1] - y[0])];
    if (weights === 1) go([at[0] + (by[0] || along[1] * share * (x[1] - x[0]))]);
    else go([at[0] + by[0], at[1] + by[1]]);
  }, { signal });

  return {
    element,
    set(start, y) {
      level = y;
      // What the hand holds stays in the hand; Python's answer comes a moment later.
      if (start && !held || !at.length) at = [...start ?? []];
      place();
    },
    place,
  };
}

/** As many decimals as can be seen in a picture this wide. */
function round(value: number, span: number): number {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(span)));
  return Number(value.toFixed(Math.min(12, decimals)));
}
