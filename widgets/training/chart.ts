/** One bqplot chart with what bqplot lacks: a name, flags in words, a cursor, exact values on hover. */
import type { AnyModel } from "@anywidget/types";
import { boxOf, h, text, zoomOf } from "../dom.ts";
import type { Axis } from "./traits.ts";

export interface Flag {
  /** Position on the horizontal axis. */
  x: number;
  text: string;
  kind: "best" | "stopped" | "restored" | "gap";
  /** Position on the vertical axis; without it the flag stands at the top. */
  y?: number;
}

export interface Key {
  /** Class of the mark that stands in the legend. */
  mark: string;
  text: string;
}

const CURVES: Key[] = [
  { mark: "fe-key-train", text: "training" },
  { mark: "fe-key-valid", text: "validation" },
];

interface Options {
  model: AnyModel;
  signal: AbortSignal;
  /** Reference of the bqplot figure. */
  figure: string;
  title: string;
  /** What the marks mean; training and validation unless told otherwise. */
  keys?: Key[];
  /** The exact values at a position, in words; null where there are none. */
  describe(x: number): { x: number; lines: string[] } | null;
}

export interface Chart {
  element: HTMLElement;
  place(axis: Axis, flags: Flag[]): void;
  cursor(x: number | null): void;
  title(value: string): void;
  /** Words for the dotted line, beside the legend; empty for none. */
  note(value: string): void;
  /** Words for curves of another run; empty for none. */
  compare(value: string): void;
}

interface BqplotView {
  el: HTMLElement;
  processLuminoMessage?(message: { type: string }): void;
  processPhosphorMessage?(message: { type: string }): void;
  remove(): void;
}

export function createChart(options: Options): Chart {
  const { signal } = options;
  const keys = options.keys ?? CURVES;
  // bqplot gives its drawing neither role nor name, and its ticks would be read out one by one.
  const slot = h("div", { class: "fe-chart-slot", role: "img" });
  const name = (title: string) =>
    slot.setAttribute(
      "aria-label",
      `${title}: chart of ${keys.map(({ text }) => text).join(", ")}`,
    );
  name(options.title);
  const line = h("div", { class: "fe-chart-cursor", hidden: true });
  const tip = h("div", { class: "fe-chart-tip", hidden: true });
  const flags = h("div", { class: "fe-chart-flags" });
  const caption = h("figcaption", {}, options.title);
  const legend = h("span", { class: "fe-chart-legend", "aria-hidden": "true" });
  for (const { mark, text } of keys) {
    legend.append(h("i", { class: mark }), text);
  }
  const note = h("span", { class: "fe-chart-note", hidden: true });
  const compared = h("span", { class: "fe-chart-compared", hidden: true });
  const picture = h("div", { class: "fe-chart-picture" }, slot, line, flags, tip);
  const element = h(
    "figure",
    { class: "fe-chart" },
    h("div", { class: "fe-chart-head" }, caption, note, compared, legend),
    picture,
  );

  let axis: Axis | null = null;
  let cursorAt: number | null = null;
  let marked: Flag[] = [];
  let place: ReturnType<typeof area> = null;
  let moved = true, waiting = 0;
  const sizes = new WeakMap<HTMLElement, number>();

  /** Where the plot area lies inside the picture, in pixels. */
  const area = () => {
    const plot = slot.querySelector(".plotarea_background");
    if (!plot) return null;
    const inner = boxOf(plot), outer = boxOf(picture);
    return { left: inner.left - outer.left, top: inner.top - outer.top, rect: inner };
  };
  const pixel = (x: number, left: number, width: number) =>
    left + (x - axis!.x[0]) / (axis!.x[1] - axis!.x[0]) * width;

  const paint = () => {
    waiting = 0;
    if (moved) place = area();
    moved = !place;
    line.hidden = !place || !axis || cursorAt === null;
    flags.hidden = !place || !axis;
    if (!place || !axis) return;
    const { left, top, rect } = place;
    if (cursorAt !== null) {
      line.style.transform = `translate(${pixel(cursorAt, left, rect.width)}px, ${top}px)`;
      line.style.height = `${rect.height}px`;
    }
    while (flags.children.length < marked.length) flags.append(h("span"));
    while (flags.children.length > marked.length) flags.lastElementChild!.remove();
    marked.forEach((flag, row) => {
      const label = flags.children[row] as HTMLElement;
      const x = pixel(flag.x, left, rect.width);
      const toLeft = x > left + rect.width * 0.6;
      label.className = `fe-flag fe-flag-${flag.kind}${toLeft ? " fe-flag-left" : ""}`;
      if (label.textContent !== flag.text) sizes.delete(label);
      text(label, flag.text);
      const size = sizes.get(label) ?? label.offsetWidth;
      if (size) sizes.set(label, size);
      const start = toLeft ? x - 6 - size : x;
      // A flag at the top stays inside; one with a mark stays where its mark is.
      const shift = flag.y !== undefined
        ? 0
        : Math.max(left - start, Math.min(0, left + rect.width - start - size));
      const down = flag.y === undefined
        ? top + 2 + 18 * row
        : top + (axis!.y[1] - flag.y) / (axis!.y[1] - axis!.y[0]) * rect.height - 9;
      label.style.transform = `translate(${x + shift}px, ${down}px)`;
    });
  };
  /** Once a frame, and measured only after the plot area changed: measuring makes the browser lay the page out. */
  const redraw = () => waiting ||= requestAnimationFrame(paint);
  signal.addEventListener("abort", () => cancelAnimationFrame(waiting));

  const hover = (event: PointerEvent) => {
    const seen = axis && area();
    if (!seen) return;
    const share = (event.clientX / zoomOf(picture) - seen.rect.left) / seen.rect.width;
    const found = share < -0.02 || share > 1.02
      ? null
      : options.describe(axis!.x[0] + share * (axis!.x[1] - axis!.x[0]));
    tip.hidden = !found;
    if (!found) return;
    tip.replaceChildren(...found.lines.map((value) => h("div", {}, value)));
    const x = pixel(found.x, seen.left, seen.rect.width);
    const toLeft = x > seen.left + seen.rect.width / 2;
    tip.style.transform = `translate(${x}px, ${seen.top + 24}px) translateX(${
      toLeft ? "calc(-100% - 10px)" : "10px"
    })`;
  };
  picture.addEventListener("pointermove", hover, { signal });
  picture.addEventListener("pointerleave", () => tip.hidden = true, { signal });

  mountFigure(options, slot, () => {
    moved = true;
    redraw();
  });
  return {
    element,
    place(next, nextFlags) {
      axis = next;
      marked = nextFlags;
      redraw();
    },
    cursor(x) {
      cursorAt = x;
      redraw();
    },
    title(value) {
      text(caption, value);
      name(value);
    },
    note(value) {
      note.hidden = !value;
      text(note, value);
    },
    compare(value) {
      compared.hidden = !value;
      text(compared, value);
    },
  };
}

/** Attach the bqplot view; there is no Lumino parent to tell it so. */
async function mountFigure(
  { model, signal, figure }: Options,
  slot: HTMLElement,
  sized: () => void,
) {
  // deno-lint-ignore no-explicit-any
  const manager = model.widget_manager as any;
  const child = await manager.get_model(figure.replace("IPY_MODEL_", ""));
  const view: BqplotView = await manager.create_view(child);
  if (signal.aborted) return view.remove();
  signal.addEventListener("abort", () => view.remove());
  slot.append(view.el);
  (view.processLuminoMessage ?? view.processPhosphorMessage)?.call(view, { type: "after-attach" });
  // bqplot lays itself out some time after its size changed; only its plot area says when.
  const laidOut = new MutationObserver(sized);
  laidOut.observe(slot, { subtree: true, attributes: true, attributeFilter: ["width", "height"] });
  signal.addEventListener("abort", () => laidOut.disconnect());
  sized();
}
