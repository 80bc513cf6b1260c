/** What the network answers for the chosen row, epoch by epoch, beside what is true. Computes no answer itself. */
import type { AnyModel } from "@anywidget/types";
import { h, text } from "../dom.ts";
import { type NetworkPlan, offsetsOf } from "../network/plan.ts";
import type { Frames } from "../recording.ts";
import { nameAxis, stretched } from "./axis.ts";
import { type Answer, answerOf, predictionSentence } from "./prediction_words.ts";
import { positionOf } from "./story.ts";
import type { TrainingTraits } from "./traits.ts";

/** Stretches a line is drawn in, each from its lowest to its highest answer: about as many as pixels. */
const STRETCHES = 400;

type Range = readonly [number, number];

export interface Prediction {
  element: HTMLElement;
  /** What the picture says of the frame shown; empty where there is no picture. */
  readonly words: string;
  show(frames: Frames, frame: number): void;
  /** Draws the frame shown again where the charts' axis of epochs has moved since. */
  refit(): void;
}

/** The answer these frames hold for the row that was chosen; null where there is none to draw. */
export function answerIn(frames: Frames, model: AnyModel<TrainingTraits>): Answer | null {
  const plan = frames.settings.network as NetworkPlan | undefined;
  return plan && frames.has("activations")
    ? answerOf(plan, offsetsOf(plan), model.get("chosen"), model.get("choices"))
    : null;
}

/** The answer in a frame, and, of several classes, the largest chance of any other. */
export function answersAt(
  frames: Frames,
  { start, units, target, scale }: Answer,
  at: number,
): number[] {
  const outputs = frames.row("activations", at).subarray(start, start + units);
  if (units === 1) return [scale ? outputs[0] * scale.std + scale.mean : outputs[0]];
  return [outputs[target], Math.max(...outputs.filter((_, unit) => unit !== target))];
}

export function createPrediction(model: AnyModel<TrainingTraits>): Prediction {
  let frames: Frames, answer: Answer | null = null, drawnFrame = -1, axis = "";
  let lines: [number, number][][] = [], traced = "", drawn = "", words = "";
  const { svg, paths: [right, level, other, line, cursor] } = stretched(
    1000,
    1000,
    "fe-prediction-right",
    "fe-prediction-level",
    "fe-prediction-other",
    "fe-prediction-line",
    "fe-prediction-cursor",
  );
  const dot = h("i"), truth = h("b"), name = h("figcaption");
  const up = h("div", { class: "fe-prediction-y" }), along = h("div", { class: "fe-spread-axis" });
  const key = h(
    "p",
    { class: "fe-prediction-key", "aria-hidden": "true" },
    h("span", {}, h("i"), "the true class"),
    h("span", {}, h("i"), "the likeliest other class"),
  );
  const sentence = h("p", { class: "fe-note fe-number" });
  const element = h(
    "figure",
    { class: "fe-prediction", hidden: true },
    name,
    h("div", { class: "fe-prediction-picture" }, up, svg, truth, dot, along),
    key,
    sentence,
  );

  const valuesAt = (at: number) => answersAt(frames, answer!, at);

  /** The points of all lines; of a long run the lowest and the highest of each stretch. */
  function trace(): void {
    const now = `${frames.run} ${frames.length} ${answer!.target}`;
    if (now === traced) return;
    traced = now;
    const { length } = frames, wide = Math.ceil(length / STRETCHES);
    lines = valuesAt(0).map((_, number) => {
      const points: [number, number][] = [];
      for (let start = 0; start < length; start += wide) {
        let low = start, high = start;
        for (let at = start; at < Math.min(length, start + wide); at++) {
          const value = valuesAt(at)[number];
          if (value < valuesAt(low)[number]) low = at;
          if (value > valuesAt(high)[number]) high = at;
        }
        for (const at of new Set([Math.min(low, high), Math.max(low, high)])) {
          points.push([positionOf(frames, at), valuesAt(at)[number]]);
        }
      }
      return points;
    });
  }

  function draw(frame: number): void {
    const shown = frame >= 0 && frame < frames.length;
    // Another row was chosen: its frames are on their way.
    if (shown && answer && frames.settings.patient !== model.get("patient")) return;
    answer = shown ? answerIn(frames, model) : null;
    element.hidden = !answer;
    words = "";
    if (!answer) return;
    trace();
    const { kind, truth: { value, words: told } } = answer;
    const wide = model.get("report").charts.loss.x, high = rangeOf(answer, lines[0]);
    drawnFrame = frame;
    axis = `${wide}`;
    const x = (epoch: number) => share(epoch, wide), y = (of: number) => 1000 - share(of, high);
    const now = `${traced} ${wide} ${high}`;
    if (now !== drawn) {
      drawn = now;
      nameAxis(along, wide, 5, "left");
      nameAxis(up, high, 4, "bottom");
      text(name, answer.name);
      text(truth, told);
      const at = kind === "number" ? y(value) : value === 0 && kind === "binary" ? 1000 : 0;
      truth.style.top = `${at / 10}%`;
      const over = at < 500 ? 0 : 130;
      /** Whether the words, so many thousandths from the left, would hide the line. */
      const hides = (left: number) =>
        lines[0].some(([epoch, of]) =>
          Math.abs(x(epoch) - left - 225) < 225 && Math.abs(y(of) - at + over - 65) < 65
        );
      truth.className = `${over ? "fe-over" : ""}${hides(0) && !hides(550) ? " fe-right" : ""}`;
      key.hidden = kind !== "classes";
      truth.hidden = kind === "classes";
      const half = y(kind === "number" ? value : 0.5);
      right.setAttribute("d", kind === "binary" ? `M0,500H1000V${value ? 0 : 1000}H0Z` : "");
      level.setAttribute("d", kind === "classes" ? "" : `M0,${half}H1000`);
      [line, other].forEach((path, place) =>
        path.setAttribute("d", pathOf((lines[place] ?? []).map(([at, of]) => [x(at), y(of)])))
      );
    }
    const at = x(positionOf(frames, frame)), [answered] = valuesAt(frame);
    cursor.setAttribute("d", `M${at},0V1000`);
    dot.hidden = !Number.isFinite(answered) || at > 1000;
    dot.style.left = `${at / 10}%`;
    dot.style.top = `${y(answered) / 10}%`;
    const rows = Number(frames.settings.training_rows);
    words = predictionSentence(answer, frames, frame, model.get("patient"), rows);
    text(sentence, words);
    svg.setAttribute("aria-label", `${answer.name}, by epoch; ${told}`);
  }

  return {
    element,
    get words() {
      return words;
    },
    show(received, shown) {
      frames = received;
      draw(shown);
    },
    refit() {
      if (answer && axis !== `${model.get("report").charts.loss.x}`) draw(drawnFrame);
    },
  };
}

/** A position on an axis, in thousandths of its length. */
const share = (value: number, [low, high]: Range) =>
  Math.round(1e4 * (value - low) / (high - low)) / 10;

/** A line through points; one that is not finite leaves a gap. */
function pathOf(points: [number, number][]): string {
  let path = "", pen = "M";
  for (const [x, y] of points) {
    path += Number.isFinite(y) ? `${pen}${x},${y}` : "";
    pen = Number.isFinite(y) ? "L" : "M";
  }
  return path;
}

/** Probabilities from 0 to 1; numbers as far as they and the truth reach. */
function rangeOf({ kind, truth: { value } }: Answer, points: [number, number][]): Range {
  if (kind !== "number") return [0, 1];
  const reached = [value, ...points.map(([, y]) => y).filter(Number.isFinite)];
  const low = Math.min(...reached), high = Math.max(...reached);
  const room = 0.08 * (high - low) || Math.abs(value) / 10 || 1;
  return [low - room, high + room];
}
