/** The start of the race as a handle on the picture: dragged, or moved by keys. */
import { h, number, text } from "../dom.ts";
import type { Plot } from "../plot/plot.ts";

export interface Start {
  readonly element: HTMLElement;
  set(start: [number, number]): void;
  /** Put the handle where the start lies in the picture as it is now. */
  place(): void;
}

const ALONG: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export function createStart(
  plot: Plot,
  signal: AbortSignal,
  moved: (start: [number, number]) => void,
): Start {
  let at: [number, number] = [0, 0], sent: [number, number] = [0, 0];
  let held: { x: number; y: number } | null = null;
  const words = h("span", { class: "fe-start-words fe-number", hidden: true });
  const element = h("button", { type: "button", class: "fe-start" }, words);

  function place(): void {
    element.style.left = `${plot.left + plot.x(at[0])}px`;
    element.style.top = `${plot.top + plot.y(at[1])}px`;
    const place = `${number(at[0])}, ${number(at[1])}`;
    element.setAttribute(
      "aria-label",
      `start: w₁ and w₂ are ${place}; arrow keys or a drag move it`,
    );
    element.title = "the start: drag it, or move it by arrow keys";
    text(words, `(${place})`);
  }

  function go(x: number, y: number): void {
    const { x: wide, y: high } = plot.domain;
    at = [round(x, wide), round(y, high)];
    words.hidden = false;
    place();
  }

  function done(): void {
    words.hidden = true;
    if (at[0] === sent[0] && at[1] === sent[1]) return;
    sent = [...at];
    moved([...at]);
  }

  element.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    element.focus();
    element.setPointerCapture(event.pointerId);
    held = {
      x: event.clientX - plot.x(at[0]),
      y: event.clientY - plot.y(at[1]),
    };
  }, { signal });
  element.addEventListener("pointermove", (event) => {
    if (!held) return;
    const inside = (value: number, most: number) => Math.max(0, Math.min(most, value));
    go(
      plot.invertX(inside(event.clientX - held.x, plot.width)),
      plot.invertY(inside(event.clientY - held.y, plot.height)),
    );
  }, { signal });
  for (const end of ["pointerup", "pointercancel"]) {
    element.addEventListener(end, () => {
      if (held) done();
      held = null;
    }, { signal });
  }
  element.addEventListener("keydown", (event) => {
    const along = ALONG[event.key];
    if (!along || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const share = event.shiftKey ? 0.1 : 0.02;
    const { x, y } = plot.domain;
    const keep = (value: number, [low, high]: [number, number]) =>
      Math.max(low, Math.min(high, value));
    go(
      keep(at[0] + along[0] * share * (x[1] - x[0]), x),
      keep(at[1] + along[1] * share * (y[1] - y[0]), y),
    );
  }, { signal });
  // A key that is held down moves the start many times; the race is run once.
  element.addEventListener("keyup", (event) => {
    if (event.key in ALONG) done();
  }, { signal });
  element.addEventListener("blur", done, { signal });

  return {
    element,
    set(start) {
      if (held) return;
      at = [...start];
      sent = [...start];
      place();
    },
    place,
  };
}

/** As many decimals as can be seen in the picture. */
function round(value: number, [low, high]: [number, number]): number {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(high - low)));
  return Number(value.toFixed(Math.min(12, decimals)));
}
