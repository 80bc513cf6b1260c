/** How much patience is left: the countdown of early stopping, at the frame shown. */
import { h, text } from "../dom.ts";

export function createPatience() {
  const meter = h("meter", { min: 0 });
  const words = h("span", { class: "fe-number" });
  const element = h("label", { class: "fe-patience", hidden: true }, words, meter);
  return {
    element,
    /** `limit` is null where early stopping is off. */
    show(limit: number | null, wait: number) {
      element.hidden = limit === null;
      if (limit === null) return;
      const left = Math.max(0, limit - wait);
      meter.max = Math.max(1, limit);
      meter.value = left;
      text(words, `patience left: ${left} of ${limit} epochs`);
    },
  };
}
