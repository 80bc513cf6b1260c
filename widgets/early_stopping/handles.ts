/** The three settings as handles on the picture: dragged, or moved by arrow keys. They say where to. */
import { h, text } from "../dom.ts";
import { makeDraggable } from "../plot/drag.ts";
import type { Plot } from "../plot/plot.ts";
import { countedFrom, type Story } from "./traits.ts";
import { epochs, exact } from "./words.ts";

export type Dragged = "patience" | "min_delta" | "start_from_epoch";

export interface Handles {
  readonly elements: HTMLElement[];
  /** Put them where the settings are; what a hand holds stays in the hand. */
  place(story: Story, frame: number): void;
  /** From where the patience in the hand is counted, while it is held. */
  held(): { from: number } | null;
}

export interface HandleOptions {
  plot: Plot;
  signal: AbortSignal;
  /** The setting as it is on the page now. */
  get(name: Dragged): number;
  set(name: Dragged, value: number): void;
  /** A hand has taken or let go of a handle. */
  changed(): void;
}

/** Height of the patience bar above the bottom of the plot area, in pixels. */
export const BAR = 18;
/** How far down the plot area the handle of the warm-up is. */
const WARM = 0.7;

export function createHandles({ plot, signal, get, set, changed }: HandleOptions): Handles {
  let from = 0, best = NaN, falls = true, first = 0;
  const make = (name: Dragged, label: string) => {
    const words = h("span", { class: "fe-grip-words fe-number", "aria-hidden": "true" });
    const element = h(
      "div",
      { class: `fe-grip fe-grip-${name}`, role: "slider", tabindex: 0, "aria-label": label },
      words,
    );
    return { element, words };
  };
  const patience = make("patience", "end of the patience bar; arrow keys move it");
  const start = make("start_from_epoch", "end of the warm-up; arrow keys move it");
  const delta = make("min_delta", "line to beat; arrow keys move it");

  const whole = () => 1 / (plot.domain.x[1] - plot.domain.x[0]);
  const fine = () => {
    const range = plot.domain.y[1] - plot.domain.y[0];
    return { step: 10 ** (Math.floor(Math.log10(range)) - 2), range };
  };
  const inside = (value: number, most: number) => Math.max(0, Math.min(most, value));
  const bar = () => best + (falls ? -1 : 1) * get("min_delta");
  const put = (name: Dragged, value: number) => {
    if (value !== get(name)) set(name, value);
  };

  const patienceDrag = makeDraggable({
    element: patience.element,
    plot,
    signal,
    axes: 1,
    get stride() {
      return whole();
    },
    at: () => [from + 1 + get("patience"), plot.domain.y[0]],
    pixel: () => [inside(plot.x(from + 1 + get("patience")), plot.width), plot.height - BAR],
    go: (x) => put("patience", Math.max(0, Math.round(x - from - 1))),
    released: changed,
  });
  const startDrag = makeDraggable({
    element: start.element,
    plot,
    signal,
    axes: 1,
    get stride() {
      return whole();
    },
    // In epochs counted from 1, the first one looked at.
    at: () => [get("start_from_epoch") + 1, plot.domain.y[0]],
    pixel: () => [inside(plot.x(get("start_from_epoch") + 1), plot.width), WARM * plot.height],
    go: (x) => {
      const wanted = Math.round(x) - 1;
      // All the way to the left is no warm-up, whatever the number of the first epoch.
      put("start_from_epoch", wanted <= first ? 0 : wanted);
    },
    released: changed,
  });
  const deltaDrag = makeDraggable({
    element: delta.element,
    plot,
    signal,
    axes: 2,
    get stride() {
      const { step, range } = fine();
      return step / range;
    },
    at: () => [plot.domain.x[1], bar()],
    pixel: () => [plot.width, inside(plot.y(bar()), plot.height)],
    go: (_, y) => {
      const { step } = fine();
      const steps = Math.round((falls ? best - y : y - best) / step);
      put("min_delta", Number((Math.max(0, steps) * step).toPrecision(6)));
    },
    released: changed,
  });
  const drags = [patienceDrag, startDrag, deltaDrag];

  function tell(
    { element, words }: { element: HTMLElement; words: HTMLElement },
    [x, y]: [number, number],
    value: number,
    most: number,
    told: string,
  ): void {
    element.hidden = !Number.isFinite(x + y);
    element.style.left = `${plot.left + inside(x, plot.width)}px`;
    element.style.top = `${plot.top + inside(y, plot.height)}px`;
    element.classList.toggle("fe-grip-right", x > plot.width - 110);
    element.classList.toggle("fe-grip-left", x < 60);
    element.setAttribute("aria-valuemin", "0");
    element.setAttribute("aria-valuemax", String(Math.max(most, value)));
    element.setAttribute("aria-valuenow", String(value));
    element.setAttribute("aria-valuetext", told);
    text(words, told);
  }

  return {
    elements: [start.element, delta.element, patience.element],
    held: () => patienceDrag.held ? { from } : null,
    place(story, frame) {
      const { facts, length } = story;
      ({ falls, first } = facts);
      if (!drags.some((drag) => drag.held)) {
        from = countedFrom(story, frame);
        best = story.at(frame).best;
      }
      const waits = get("patience"), warm = get("start_from_epoch"), least = get("min_delta");
      tell(
        patience,
        [plot.x(from + 1 + waits), plot.height - BAR],
        waits,
        length,
        `patience ${epochs(waits)}`,
      );
      tell(
        start,
        [Math.max(7, plot.x(Math.max(first, warm) + 0.5)), WARM * plot.height],
        warm,
        first + length,
        warm ? `warm-up ${epochs(warm)}` : "no warm-up",
      );
      const { range } = fine();
      tell(delta, [plot.width, plot.y(bar())], least, range, `min_delta ${exact(least)}`);
    },
  };
}
