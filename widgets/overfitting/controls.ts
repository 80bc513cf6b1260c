/** Train, Stop, Reset and how far it is. Sends commands; Python decides. */
import type { AnyModel } from "@anywidget/types";
import { text } from "../dom.ts";
import { createJobBar, isGoing } from "../job.ts";
import type { OverfittingTraits } from "./traits.ts";

export type Model = AnyModel<OverfittingTraits>;

export interface Part {
  readonly element: HTMLElement;
  update(): void;
}

export const going = (model: Model) => isGoing(model.get("status"));

export function createControls(
  model: Model,
  signal: AbortSignal,
  send: (kind: string) => void,
): Part {
  const bar = createJobBar(signal, send, {
    name: "Training",
    start: ["Train", "train"],
    share: "share trained",
    idle: "Nothing is training",
  });
  const train = bar.start;
  return {
    element: bar.element,
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
      const ended = report.outcome === "stopped" ? "stopped: " : "";
      bar.update({
        status,
        share: report.share,
        told: report.doing ||
          (report.of ? `${ended}${report.done} of ${report.of} fits trained` : ""),
      });
    },
  };
}
