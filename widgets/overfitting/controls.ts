/** Train, Stop, Reset and how far it is. Sends commands; Python decides. */
import type { AnyModel } from "@anywidget/types";
import { h, text } from "../dom.ts";
import { icon, ICONS } from "../playback/icons.ts";
import type { OverfittingTraits } from "./traits.ts";

export type Model = AnyModel<OverfittingTraits>;

export interface Part {
  readonly element: HTMLElement;
  update(): void;
}

export const going = (model: Model) =>
  ["loading", "training", "stopping"].includes(model.get("status"));

export function createControls(
  model: Model,
  signal: AbortSignal,
  send: (kind: string) => void,
): Part {
  const button = (glyph: keyof typeof ICONS, label: string, kind: string, primary = false) => {
    const words = h("span", {}, label);
    const element = h("button", { type: "button", class: primary ? "fe-primary" : null });
    element.append(icon(document, glyph), words);
    element.addEventListener("click", () => send(kind), { signal });
    return { element, words };
  };
  const train = button("play", "Train", "train", true);
  const stop = button("stop", "Stop", "stop");
  const reset = button("reset", "Reset", "reset");
  stop.element.addEventListener("click", () => {
    text(stop.words, "Stopping…");
    stop.element.disabled = true;
  }, { signal });
  const progress = h("progress", { max: 1, value: 0, "aria-label": "share trained" });
  const count = h("span", { class: "fe-number" });
  const element = h(
    "div",
    { class: "fe-over-controls", role: "group", "aria-label": "Training" },
    train.element,
    stop.element,
    reset.element,
    h("span", { class: "fe-over-progress" }, progress, count),
  );
  return {
    element,
    update() {
      const status = model.get("status"),
        report = model.get("report"),
        { missing } = model.get("facts");
      const busy = going(model);
      text(train.words, status === "loading" ? "Loading Keras…" : "Train");
      train.element.disabled = busy || missing === 0;
      train.element.title = busy
        ? "Stop the training first, or let it end"
        : missing
        ? `${missing} ${missing === 1 ? "fit" : "fits"} to train`
        : "All of it is trained: change a setting, or Reset";
      stop.element.disabled = !busy || status === "stopping";
      stop.element.title = busy ? "" : "Nothing is training";
      text(stop.words, status === "stopping" ? "Stopping…" : "Stop");
      reset.element.disabled = status === "idle";
      reset.element.title = status === "idle" ? "There is nothing to reset" : "";
      progress.value = report.share;
      const ended = report.outcome === "stopped" ? "stopped: " : "";
      text(
        count,
        report.doing || (report.of ? `${ended}${report.done} of ${report.of} fits trained` : ""),
      );
    },
  };
}
