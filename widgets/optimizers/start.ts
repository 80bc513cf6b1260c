/** The start of the race as a handle on the picture: dragged, or moved by keys. */
import { h, number, text } from "../dom.ts";
import { isArrow, makeDraggable } from "../plot/drag.ts";
import type { Plot } from "../plot/plot.ts";

export interface Start {
  readonly element: HTMLElement;
  set(start: [number, number]): void;
  /** Put the handle where the start lies in the picture as it is now. */
  place(): void;
}

export function createStart(
  plot: Plot,
  signal: AbortSignal,
  moved: (start: [number, number]) => void,
): Start {
  let at: [number, number] = [0, 0], sent: [number, number] = [0, 0];
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

  function done(): void {
    words.hidden = true;
    if (at[0] === sent[0] && at[1] === sent[1]) return;
    sent = [...at];
    moved([...at]);
  }

  const drag = makeDraggable({
    element,
    plot,
    signal,
    axes: 2,
    stride: 0.02,
    at: () => at,
    pixel: () => [plot.x(at[0]), plot.y(at[1])],
    go(x, y) {
      at = [x, y];
      words.hidden = false;
      place();
    },
    released: done,
  });
  // A key that is held down moves the start many times; the race is run once.
  element.addEventListener("keyup", (event) => {
    if (isArrow(event.key)) done();
  }, { signal });
  element.addEventListener("blur", done, { signal });

  return {
    element,
    set(start) {
      if (drag.held) return;
      at = [...start];
      sent = [...start];
      place();
    },
    place,
  };
}
