/** The story as marks on the plot: improvements, patience running down, the stop, the epoch that comes back. */
import { arrowPath, linePath, type Marks, type Point } from "../plot/marks.ts";
import type { Plot } from "../plot/plot.ts";
import { BAR } from "./handles.ts";
import { createPen } from "./pen.ts";
import { AFTER, countedFrom, type Story, WARM_UP } from "./traits.ts";
import { epochs, exact, patienceWords } from "./words.ts";

export interface Signs {
  /** `last` is the last trained epoch up to this frame; `held` says from where a bar in the hand is counted. */
  draw(
    story: Story,
    frame: number,
    last: number,
    patience: number,
    held: { from: number } | null,
  ): void;
}

/** How far below the top the words about the end stand, and the arrow back. */
const ROWS = [14, 31, 44];

export function createSigns(plot: Plot, over: Marks): Signs {
  let story: Story | null = null;
  const { x, y, line } = createPen(plot);

  function draw(
    frame: number,
    last: number,
    patience: number,
    held: { from: number } | null,
  ): void {
    const { facts } = story!, now = story!.at(frame);
    over.begin();
    const at: Point = [x(now.epoch), y(now.value)];
    drawHoles();
    drawTicks(last);
    // Lines first: words lie over them.
    line(over, "now line", [at[0], 0], [at[0], plot.height], "fe-now-line");
    const warm = facts.start_from_epoch > facts.first;
    const start = Math.min(plot.width, x(facts.start_from_epoch - 0.5));
    if (warm) line(over, "start", [start, 0], [start, plot.height], "fe-start-line");
    drawEnd(frame);
    drawPatience(frame, patience, held);
    if (warm) {
      const words = `warm-up: ${epochs(facts.start_from_epoch - facts.first)}`;
      label("start words", start, plot.height - 44, words, start > 130 ? "end" : "start");
    }
    if (facts.baseline !== null) {
      const words = `baseline ${exact(facts.baseline)}`;
      label("baseline words", plot.width, y(facts.baseline) - 6, words, "end");
    }
    drawTarget(now.bar);
    if (Number.isFinite(now.value)) {
      const name = now.state === AFTER || now.state === WARM_UP ? "fe-now fe-idle" : "fe-now";
      const dot = over.set("now", "circle", { cx: at[0], cy: at[1], r: 6, class: name });
      dot.setAttribute("data-epoch", String(now.epoch));
    } else label("now nan", at[0], plot.height / 2, "NaN", at[0] > 60 ? "end" : "start");
    over.end();
  }

  /** A cross at the bottom for every value that is no number. */
  function drawHoles(): void {
    let path = "";
    for (const one of story!.epochs) {
      if (Number.isFinite(one.value)) continue;
      const at = x(one.epoch), low = plot.height - 2 * BAR - 8;
      path += linePath([[at - 4, low - 4], [at + 4, low + 4]]);
      path += linePath([[at - 4, low + 4], [at + 4, low - 4]]);
    }
    if (path) over.set("holes", "path", { d: path, class: "fe-holes" });
  }

  /** A tick at every improvement, on the side of the better values. */
  function drawTicks(last: number): void {
    const side = story!.facts.falls ? 1 : -1;
    let path = "";
    for (const one of story!.epochs) {
      if (one.epoch > last) break;
      if (!one.improved || !Number.isFinite(one.value)) continue;
      const from = y(one.value) + 5 * side;
      path += linePath([[x(one.epoch), from], [x(one.epoch), from + 7 * side]]);
    }
    // Where epochs are close together, ticks are thin enough to stay apart.
    const wide = Math.max(1, Math.min(2, 0.45 * (plot.x(1) - plot.x(0))));
    over.set("ticks", "path", { d: path, class: "fe-ticks", "stroke-width": wide });
  }

  function drawPatience(frame: number, patience: number, held: { from: number } | null): void {
    const now = story!.at(frame), from = held?.from ?? countedFrom(story!, frame);
    const left = x(from), right = Math.min(plot.width, x(from + patience));
    if (left > plot.width) return;
    const reached = Math.min(now.epoch, story!.facts.stopped_epoch ?? now.epoch);
    const done = Math.max(left, Math.min(right, x(reached)));
    const top = plot.height - BAR - 7;
    over.set("patience used", "rect", {
      x: left,
      y: top,
      width: done - left,
      height: 14,
      class: "fe-patience-used",
    });
    over.set("patience", "rect", {
      x: left,
      y: top,
      width: Math.max(0, right - left),
      height: 14,
      class: "fe-patience",
    });
    const words = patienceWords(held || now.state === WARM_UP ? null : now.wait, patience);
    const beside = plot.width - right > 7 * words.length + 24;
    if (beside) {
      return label("patience words", right + 8, plot.height - BAR + 4, words, "start", "fe-word");
    }
    const side = right > 7 * words.length ? "end" : "start";
    label("patience words", side === "end" ? right : left, top - 7, words, side, "fe-word");
  }

  /** What the next epoch must do to count. */
  function drawTarget(bar: number): void {
    if (!Number.isFinite(bar)) return;
    const { falls } = story!.facts;
    const words = `must ${falls ? "fall below" : "rise above"} this line to count`;
    const short = plot.width < 420 ? "to beat" : words;
    const at = y(bar) + (falls ? 16 : -8);
    label("target", plot.width - 4, Math.max(60, Math.min(plot.height - 48, at)), short, "end");
  }

  /** The stop, the epoch that comes back, and the way from one to the other. */
  function drawEnd(frame: number): void {
    const { facts, length } = story!, { stopped_epoch, best_epoch, restored_epoch, first } = facts;
    const end = stopped_epoch ?? first + length - 1;
    const later = story!.at(frame).epoch >= end ? "" : " fe-later";
    const stop = x(end), side = plot.width - stop > 150 ? "start" : "end";
    if (stopped_epoch !== null) {
      line(over, "stop", [stop, 0], [stop, plot.height], `fe-stop-line${later}`);
      const sign = octagon(stop, 10, 7);
      over.set("sign", "path", { d: sign, class: `fe-stop${later}` });
    }
    const words = stopped_epoch === null ? "the recording ends" : `stops after epoch ${end + 1}`;
    label(
      "stop words",
      stop + (side === "start" ? 6 : -6),
      ROWS[0],
      words,
      side,
      `fe-word${later}`,
    );
    if (best_epoch === null) return;
    const at = x(best_epoch), value = story!.at(best_epoch - first).value;
    line(over, "restored line", [at, 0], [at, plot.height], `fe-restored-line${later}`);
    if (Number.isFinite(value)) {
      const ring = { cx: at, cy: y(value), r: 10, class: `fe-restored${later}` };
      over.set("restored", "circle", ring);
    }
    const back = `${restored_epoch === null ? "best was" : "restores"} epoch ${best_epoch + 1}`;
    label(
      "restored words",
      stop + (side === "start" ? 6 : -6),
      ROWS[1],
      back,
      side,
      `fe-word${later}`,
    );
    if (restored_epoch === null || stop - at < 4) return;
    over.set("back", "path", {
      d: arrowPath([stop - 1, ROWS[2]], [at + 2, ROWS[2]], 10),
      class: `fe-back${later}`,
    });
  }

  function label(
    key: string,
    at: number,
    height: number,
    words: string,
    side: "start" | "end",
    name = "",
  ): void {
    // On a narrow plot the words stay inside it, over the line they belong to if need be.
    const wide = 7 * words.length;
    over.set(key, "text", {
      x: side === "start"
        ? Math.max(0, Math.min(at + 6, plot.width - wide))
        : Math.min(plot.width, Math.max(at - 6, wide)),
      y: Math.max(12, height),
      "text-anchor": side,
      class: `fe-halo ${name}`,
    }, words);
  }

  return {
    draw(next, ...rest) {
      story = next;
      draw(...rest);
    },
  };
}

function octagon(x: number, y: number, radius: number): string {
  const corners = Array.from({ length: 8 }, (_, corner): Point => {
    const angle = (corner + 0.5) * Math.PI / 4;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
  return `${linePath(corners)}Z`;
}
