/** Which part is drawn: zoom, and a slider for each axis that is shown in part. */
import { fill, h, text } from "../dom.ts";
import type { Drawing } from "./drawing.ts";
import type { Facts } from "./traits.ts";

export type Window = [number, number][];

export interface WindowBar {
  element: HTMLElement;
  update(facts: Facts, drawing: Drawing): void;
}

interface Options {
  signal: AbortSignal;
  show(window: Window): void;
  zoom(way: 1 | -1): void;
}

export function createWindowBar({ signal, show, zoom }: Options): WindowBar {
  const button = (name: string, act: () => void) => {
    const made = h("button", { type: "button", class: "fe-small" }, name);
    made.addEventListener("click", act, { signal });
    return made;
  };
  const nearer = button("zoom in", () => zoom(1));
  const farther = button("zoom out", () => zoom(-1));
  const whole = button("whole", () => show(known.shape.map((size) => [0, size])));
  const zooms = h("span", { class: "fe-zoom" }, nearer, farther, whole);
  const said = h("span", { class: "fe-note" });
  const parts = h("div", { class: "fe-parts" });
  const element = h(
    "div",
    { class: "fe-window" },
    zooms,
    said,
    parts,
  );
  let drawingNow: Drawing;
  let known: Facts = { shape: [] } as unknown as Facts;
  let rows: { axis: number; slider: HTMLInputElement; words: HTMLElement }[] = [];
  return {
    element,
    update(facts, drawing) {
      known = facts;
      const { window } = drawing;
      const inPart = window.flatMap(([start, stop], axis) =>
        stop - start < facts.shape[axis] ? [axis] : []
      );
      const inBlocks = canZoom(drawing);
      const { rows: down, columns, layers } = drawing.arrangement;
      zooms.hidden = !inBlocks && !inPart.some((axis) => [down, columns, layers].includes(axis));
      element.hidden = !inPart.length && !inBlocks;
      nearer.disabled = !inBlocks;
      nearer.title = inBlocks
        ? "twice as near, around the cell in hand"
        : "every cell is one element already";
      farther.disabled = whole.disabled = !inPart.length;
      farther.title = whole.title = inPart.length ? "" : "everything is shown";
      text(said, blockWords(drawing, facts));
      if (rows.map((row) => row.axis).join() !== inPart.join()) {
        rows = inPart.map((axis) => {
          const slider = h("input", {
            type: "range",
            min: 0,
            step: 1,
            "aria-label": `first of ${facts.axes[axis]} shown`,
          });
          slider.addEventListener("input", () => {
            const now = drawingNow.window.map((pair) => [...pair] as [number, number]);
            const size = now[axis][1] - now[axis][0];
            now[axis] = [Number(slider.value), Number(slider.value) + size];
            show(now);
          }, { signal });
          return { axis, slider, words: h("output", { class: "fe-number" }) };
        });
        parts.replaceChildren(
          ...rows.map((row) => h("label", { class: "fe-part" }, row.words, row.slider)),
        );
      }
      drawingNow = drawing;
      for (const { axis, slider, words } of rows) {
        const [start, stop] = window[axis];
        slider.max = String(facts.shape[axis] - (stop - start));
        fill(slider, String(start));
        const shown = stop - start === 1 ? `at ${start}` : `${start} to ${stop - 1}`;
        text(words, `${facts.axes[axis]} ${shown} (of ${facts.shape[axis].toLocaleString("en")})`);
      }
    },
  };
}

export const canZoom = ({ block }: Drawing) => block.some((size) => size > 1);

/** "Each cell is the mean of 64 × 64 elements." */
function blockWords(drawing: Drawing, facts: Facts): string {
  if (!canZoom(drawing)) return "";
  const sizes = drawing.block.filter((size) => size > 1);
  const count = sizes.reduce((product, size) => product * size, 1);
  const elements = sizes.length > 1 ? `${sizes.join(" × ")} elements` : `${count} elements`;
  if (drawing.shown === "mean") return `Each cell is the mean of ${elements}.`;
  return facts.text
    ? `Each cell is the first of ${elements}.`
    : `For now each cell is the first of ${elements}; the means are being computed.`;
}

/** The window half (1) or twice (-1) as large around an element, on the axes that are drawn in blocks or in part. */
export function zoomed(facts: Facts, drawing: Drawing, around: number[], way: 1 | -1): Window {
  const { columns, rows, layers } = drawing.arrangement;
  return drawing.window.map(([start, stop], axis) => {
    const size = stop - start, most = facts.shape[axis];
    const moves = [columns, rows, layers].includes(axis) &&
      (way === 1 ? drawing.block[axis] > 1 : size < most);
    if (!moves) return [start, stop];
    const next = way === 1 ? Math.max(1, Math.ceil(size / 2)) : Math.min(most, size * 2);
    const from = Math.max(0, Math.min(most - next, Math.round(around[axis] - next / 2)));
    return [from, from + next];
  });
}
