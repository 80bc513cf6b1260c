/** What the marks in the panels mean: only of those that are there. */
import { h } from "../dom.ts";
import type { PanelSeries } from "./series.ts";

export interface Key {
  readonly element: HTMLElement;
  /** `cut` says what the axis leaves out; empty if nothing. */
  show(shown: PanelSeries[], variant: string, cut: string): void;
}

export function createKey(): Key {
  const element = h("p", { class: "fe-over-key" });
  const part = (mark: string, words: string) =>
    h("span", {}, h("i", { class: `fe-key-${mark}` }), words);
  return {
    element,
    show(shown, variant, cut) {
      const some = shown.some(({ front }) => front), back = shown.some((one) => one.back);
      element.replaceChildren(
        ...(some ? [part("band", "range over the seeds, around the median")] : []),
        ...(back
          ? [
            part("training", "training loss"),
            part("validation", "validation loss"),
            part("mark", "with dropout"),
            part("back", "plain"),
          ]
          : []),
        ...(some && variant.includes("early")
          ? [
            part("restored", "restored epoch"),
            part("stops", "early stopping ends the fits; pale: after that"),
          ]
          : []),
        ...(cut ? [h("span", {}, cut)] : []),
      );
    },
  };
}
