/** One histogram: bars for the epoch shown, the outline of the first epoch over them, numbers along its axes. */
import { h, number, text } from "../dom.ts";
import type { Frames } from "../recording.ts";
import { nameAxis, stretched } from "./axis.ts";
import type { Panel } from "./histograms.ts";
import { panelTitle, spreadWords } from "./spread_words.ts";

export interface Spread {
  element: HTMLElement;
  /** Draw the counted epoch `at`; the panel is the `place`-th, its bins begin at `first` in the counts. */
  draw(counted: Frames, place: number, first: number, at: number): void;
}

/** What a bar is as high as: the count, without the outputs of a ReLU that are exactly 0, which have a gauge. */
function heights(panel: Panel, counted: Frames, place: number, first: number, at: number) {
  const counts = Array.from(counted.row("counts", at).subarray(first, first + panel.bins));
  const zeros = panel.relu ? counted.row("zeros", at)[place] : 0;
  if (zeros) counts[Math.round(-panel.first / panel.width)] -= zeros;
  return counts;
}

export function createSpread(panel: Panel): Spread {
  const { first: start, width, bins } = panel;
  const { svg, paths: [bars, before] } = stretched(
    Math.max(1, bins),
    100,
    "fe-spread-bars",
    "fe-spread-first",
  );
  const top = h("span", { class: "fe-spread-top", "aria-hidden": "true" });
  const axis = h("div", { class: "fe-spread-axis", "aria-hidden": "true" });
  const fill = h("i"), was = h("b");
  const gauge = h("div", { class: "fe-spread-zeros", hidden: !panel.relu }, fill, was);
  const share = h("span");
  const element = h(
    "figure",
    { class: "fe-spread" },
    h("figcaption", {}, panelTitle(panel), h("span", { hidden: !panel.relu }, h("i"), share)),
    h("div", { class: "fe-spread-picture" }, gauge, top, h("div", {}, svg, axis)),
  );
  if (bins > 1) nameAxis(axis, [start, start + bins * width], 3, "left");
  let highest = 0, seen = 0, run = -1;

  /** The highest bar of all epochs: the picture of each is drawn to one scale. */
  function measure(counted: Frames, place: number, first: number): void {
    if (counted.run !== run) highest = seen = 0;
    run = counted.run;
    for (; seen < counted.length; seen++) {
      highest = Math.max(highest, ...heights(panel, counted, place, first, seen));
    }
  }

  return {
    element,
    draw(counted, place, first, at) {
      measure(counted, place, first);
      const up = (count: number) => Math.round(1000 * (1 - (highest ? count / highest : 0))) / 10;
      const now = heights(panel, counted, place, first, at);
      const then = heights(panel, counted, place, first, 0);
      // One bin has no width to speak of: its values are all the same.
      const [from, wide] = bins > 1 ? [0, 1] : [0.45, 0.1];
      bars.setAttribute(
        "d",
        now.map((count, bin) => count ? `M${bin + from},100V${up(count)}h${wide}V100Z` : "").join(
          "",
        ),
      );
      before.setAttribute(
        "d",
        `M${from},100${then.map((count) => `V${up(count)}h${wide}`).join("")}V100`,
      );
      text(top, highest.toLocaleString("en"));
      if (bins === 1) axis.replaceChildren(single(counted.row("low", at)[place]));
      svg.setAttribute(
        "aria-label",
        `${panelTitle(panel)}: ${spreadWords(panel, counted, place, at)}`,
      );
      if (!panel.relu) return;
      const zeros = (epoch: number) => 100 * counted.row("zeros", epoch)[place] / panel.values;
      fill.style.height = `${zeros(at)}%`;
      was.style.bottom = `${zeros(0)}%`;
      text(share, `${Math.round(zeros(at))}\u00a0% are 0`);
    },
  };

  function single(value: number): HTMLElement {
    const label = h("span", {}, number(value));
    label.style.left = "50%";
    return label;
  }
}
