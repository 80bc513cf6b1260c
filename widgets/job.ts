/** The bar of a job in the background: start, Stop, Reset and how far it is. Sends commands; Python decides. */
import { h, text } from "./dom.ts";
import { icon, ICONS } from "./playback/icons.ts";

export interface Button {
  readonly element: HTMLButtonElement;
  readonly words: HTMLElement;
}

export function createButton(
  signal: AbortSignal,
  glyph: keyof typeof ICONS,
  label: string,
  act: () => void,
  primary = false,
): Button {
  const words = h("span", {}, label);
  const element = h("button", { type: "button", class: primary ? "fe-primary" : null });
  element.append(icon(document, glyph), words);
  element.addEventListener("click", act, { signal });
  return { element, words };
}

/** Stop, which says at once that it is stopping. */
export function createStop(
  signal: AbortSignal,
  act: () => void,
): { element: HTMLButtonElement; update(status: string, idle: string): void } {
  const { element, words } = createButton(signal, "stop", "Stop", act);
  element.addEventListener("click", () => {
    text(words, "Stopping…");
    element.disabled = true;
  }, { signal });
  return {
    element,
    update(status, idle) {
      const going = isGoing(status);
      element.disabled = !going || status === "stopping";
      element.title = going ? "" : idle;
      text(words, status === "stopping" ? "Stopping…" : "Stop");
    },
  };
}

export const isGoing = (status: string) => !["idle", "done", "failed"].includes(status);

export interface JobBar {
  readonly element: HTMLElement;
  readonly start: Button;
  update(state: { status: string; share: number; told: string }): void;
}

export function createJobBar(signal: AbortSignal, send: (kind: string) => void, options: {
  /** Name of the group. */
  name: string;
  /** Words on the main button, and the command it sends. */
  start: [label: string, kind: string];
  /** What the progress is the share of. */
  share: string;
  /** Why there is nothing to stop. */
  idle: string;
  fields?: Node[];
}): JobBar {
  const [label, kind] = options.start;
  const start = createButton(signal, "play", label, () => send(kind), true);
  const stop = createStop(signal, () => send("stop"));
  const reset = createButton(signal, "reset", "Reset", () => send("reset")).element;
  const progress = h("progress", { max: 1, value: 0, "aria-label": options.share });
  const told = h("span", { class: "fe-number" });
  return {
    element: h(
      "div",
      { class: "fe-job", role: "group", "aria-label": options.name, "data-fe-part": "controls" },
      start.element,
      stop.element,
      reset,
      ...options.fields ?? [],
      h("span", { class: "fe-job-progress" }, progress, told),
    ),
    start,
    update(state) {
      stop.update(state.status, options.idle);
      reset.disabled = state.status === "idle";
      reset.title = reset.disabled ? "There is nothing to reset" : "";
      progress.value = state.share;
      text(told, state.told);
    },
  };
}
