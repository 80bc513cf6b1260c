/** The curve, the line to beat, and what lies under them: warm-up, what is not trained. signs.ts marks the story on it. */
import { linePath, type Marks, type Point } from "../plot/marks.ts";
import { createPlot, type Plot } from "../plot/plot.ts";
import { createPen } from "./pen.ts";
import { createSigns } from "./signs.ts";
import type { Story } from "./traits.ts";
import { pictureWords } from "./words.ts";

export interface Picture {
  readonly plot: Plot;
  setStory(story: Story): void;
  /** Where patience is counted from while its handle is held, and how long it is. */
  draw(frame: number, patience: number, held: { from: number } | null): void;
}

const HATCH = 9;

export function createPicture(signal: AbortSignal, redraw: () => void): Picture {
  let story: Story | null = null;
  const plot = createPlot({
    signal,
    label: "The recorded curve",
    xLabel: "epoch",
    ratio: 0.5,
    least: 300,
    most: 460,
    onDraw: () => {
      ghosts();
      redraw();
    },
  });
  const regions = plot.layer("regions", "under"), faint = plot.layer("ghosts", "under");
  const lines = plot.layer("lines");
  const { x, y, line } = createPen(plot), signs = createSigns(plot, plot.layer("marks"));

  /** All that was recorded, whether it would be trained or not. */
  function ghosts(): void {
    curves(faint, Infinity);
  }

  /** The curves up to an epoch. */
  function curves(marks: Marks, last: number): void {
    marks.begin();
    if (story) {
      const { monitor, twin, first } = story.facts;
      const shown = story.epochs.slice(0, last - first + 1);
      const path = (of: "value" | "twin") =>
        linePath(shown.map((one): Point => [x(one.epoch), plot.y(one[of])]));
      if (twin) marks.set("twin", "path", { d: path("twin"), class: `fe-twin ${kindOf(twin)}` });
      marks.set("value", "path", { d: path("value"), class: `fe-value ${kindOf(monitor)}` });
    }
    marks.end();
  }

  function drawRegions(frame: number): void {
    const { facts, length } = story!, { first, start_from_epoch, stopped_epoch } = facts;
    const now = story!.at(frame), end = first + length - 1;
    regions.begin();
    const warm = Math.min(plot.width, x(Math.max(first, start_from_epoch) - 0.5));
    if (start_from_epoch > first) {
      region("warm", 0, warm, "fe-warm");
      regions.set("hatch", "path", { d: hatch(0, warm, plot.height), class: "fe-hatch" });
    }
    if (stopped_epoch !== null && stopped_epoch < end) {
      region("after", x(stopped_epoch), plot.width, "fe-after");
    }
    if (Number.isFinite(now.bar)) {
      const { bar, best } = now;
      const top = y(Math.max(bar, best)), low = y(Math.min(bar, best));
      const from = x(now.best_epoch);
      regions.set("delta", "rect", {
        x: from,
        y: top,
        width: Math.max(0, plot.width - from),
        height: low - top,
        class: "fe-delta",
      });
      line(regions, "best", [from, y(now.best)], [plot.width, y(now.best)], "fe-best-line");
      if (facts.min_delta) line(regions, "bar", [from, y(bar)], [plot.width, y(bar)], "fe-bar");
    }
    if (facts.baseline !== null) {
      const at = y(facts.baseline);
      line(regions, "baseline", [0, at], [plot.width, at], "fe-baseline");
    }
    regions.end();
  }

  function region(key: string, from: number, to: number, name: string): void {
    const width = Math.max(0, to - from);
    regions.set(key, "rect", { x: from, y: 0, width, height: plot.height, class: name });
  }

  return {
    plot,
    setStory(next) {
      story = next;
      const { first, height: [low, high] } = next.facts;
      // Room for the words above the curves and the patience bar below them.
      plot.setDomain({
        x: [first + 0.5, first + next.length + 0.5],
        y: [low - 0.2 * (high - low), high + 0.2 * (high - low)],
      });
      plot.setLabels(pictureWords(next), "epoch", "");
      ghosts();
    },
    draw(frame, patience, held) {
      if (!story || frame >= story.length) return;
      const { stopped_epoch, first } = story.facts;
      const last = Math.min(story.at(frame).epoch, stopped_epoch ?? first + story.length);
      drawRegions(frame);
      curves(lines, last);
      signs.draw(story, frame, last, patience, held);
    },
  };
}

/** Training and validation keep their colours everywhere. */
const kindOf = (name: string) => name.startsWith("val_") ? "fe-valid" : "fe-train";

/** Slanting lines all over a part of the plot, from its left edge on. */
function hatch(from: number, to: number, height: number): string {
  let path = "";
  for (let start = from - height; start < to; start += HATCH) {
    const left = Math.max(from, start), right = Math.min(to, start + height);
    if (right > left) {
      path += linePath([[left, height - (left - start)], [right, height - (right - start)]]);
    }
  }
  return path;
}
