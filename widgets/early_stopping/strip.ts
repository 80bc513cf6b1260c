/** A slider over all patiences, above a strip that shows which epoch each of them leads to. */
import { fill, h, text } from "../dom.ts";
import type { Facts, Plateau } from "./traits.ts";
import { patiences } from "./words.ts";

export interface Strip {
  readonly element: HTMLElement;
  update(facts: Facts, patience: number): void;
}

const LEAST = 30;

export function createStrip(signal: AbortSignal, taken: (patience: number) => void): Strip {
  const slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "patience, slider" });
  slider.addEventListener("input", () => taken(Number(slider.value)), { signal });
  const track = h("div", { class: "fe-strip-track fe-number", role: "img" });
  const ends = [h("span"), h("span")];
  const title = h("span", { class: "fe-strip-title" });
  const element = h(
    "div",
    { class: "fe-strip" },
    title,
    h("div", { class: "fe-strip-body" }, slider, track),
    h("div", { class: "fe-strip-ends fe-number", "aria-hidden": "true" }, ...ends),
  );
  let built = "";

  function build(plateaus: Plateau[], most: number, verb: string): void {
    const key = JSON.stringify([plateaus, most, verb]);
    if (key === built) return;
    built = key;
    track.replaceChildren(...plateaus.map((one) => {
      // Each patience has its own place on the slider, so a range reaches half a step to both sides.
      const from = Math.max(0, one.low - 0.5), to = Math.min(most, (one.high ?? most) + 0.5);
      const share = 100 * Math.max(0, to - from) / most;
      const words = `patience ${patiences(one)}: ${verb} epoch ${one.best_epoch + 1}`;
      const epoch = String(one.best_epoch + 1);
      const shown = share > 25 ? `epoch ${epoch}` : share > 9 ? epoch : "";
      const made = h("span", { title: words }, shown);
      made.style.left = `${100 * from / most}%`;
      made.style.width = `${share}%`;
      return made;
    }));
    const told = plateaus.map((one) => `${patiences(one)}: epoch ${one.best_epoch + 1}`);
    track.setAttribute("aria-label", `What each patience ${verb}. ${told.join("; ")}.`);
  }

  return {
    element,
    update(facts, patience) {
      const { plateaus } = facts;
      element.hidden = !plateaus.length;
      if (!plateaus.length) return;
      const length = plateaus[plateaus.length - 1].low;
      const most = Math.max(LEAST, Math.ceil(1.25 * length));
      const verb = facts.restored_epoch === null ? "finds best" : "restores";
      text(title, `Every patience, and the epoch it ${verb}`);
      build(plateaus, most, verb);
      Array.from(track.children).forEach((one, place) => {
        const { low, high } = plateaus[place];
        const here = patience >= low && (high === null || patience <= high);
        one.classList.toggle("fe-here", here);
      });
      slider.max = String(most);
      fill(slider, String(Math.min(most, patience)));
      slider.setAttribute("aria-valuetext", `patience ${patience}`);
      text(ends[0], "patience 0");
      text(ends[1], `${most} and more`);
    },
  };
}
