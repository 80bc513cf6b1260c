/** What kind of answer a network gives for the chosen row, and what is said of it. */
import { number } from "../dom.ts";
import { isProbability, type NetworkPlan, type Offsets } from "../network/plan.ts";
import type { Frames } from "../recording.ts";
import { named } from "./story.ts";
import type { Choices, TrainingTraits } from "./traits.ts";

export interface Answer {
  kind: "binary" | "classes" | "number";
  /** Where the outputs begin among the activations, and how many there are. */
  start: number;
  units: number;
  /** The class that is true, from 0; of a number nothing. */
  target: number;
  /** The unit and name of a number. */
  scale: Choices["scale"];
  classes: string[];
  /** What the vertical axis shows. */
  name: string;
  /** What is true: on the axis, and in words. */
  truth: { value: number; words: string };
  noun: string;
}

/** The answer that can be drawn; null for a network whose outputs are no probabilities and no number of the target. */
export function answerOf(
  plan: NetworkPlan,
  offsets: Offsets,
  { target, label, noun }: TrainingTraits["chosen"],
  { classes, scale }: Choices,
): Answer | null {
  const last = plan.layers[plan.layers.length - 1];
  const start = offsets.units[plan.layers.length - 1], units = last.units;
  const all = { start, units, target: target ?? 0, scale, classes, noun };
  if (target === null) return null;
  if (scale && units === 1) {
    const value = target * scale.std + scale.mean;
    const truth = { value, words: `in truth: ${number(value, 4)}` };
    return { ...all, kind: "number", name: scale.name, truth };
  }
  if (scale || !isProbability(last)) return null;
  const truth = { value: target, words: `in truth: ${named(target, label)}` };
  if (units === 1 && classes.length === 2) {
    return { ...all, kind: "binary", name: `chance of ${named(1, classes[1])}`, truth };
  }
  if (units < 2 || last.shown.length < units || classes.length !== units) return null;
  return { ...all, kind: "classes", name: `chance of ${named(target, label)}`, truth };
}

/** What the network answers after this frame, what is true, and whether the network may learn from this row. */
export function predictionSentence(
  answer: Answer,
  frames: Frames,
  frame: number,
  row: number,
  trainingRows: number,
): string {
  const { start, units, noun } = answer;
  const outputs = Array.from(frames.row("activations", frame).subarray(start, start + units));
  const epoch = frames.value("epoch", frame) + 1, batch = frames.value("batch", frame);
  const when = batch < 0 ? `After epoch ${epoch}` : `After batch ${batch + 1} of epoch ${epoch}`;
  const who = noun === "row" ? `training row ${row}` : `the ${noun} in training row ${row}`;
  const kept = row < trainingRows
    ? `The network trains on this ${noun}.`
    : `This ${noun} is kept for validation: the network never trains on it.`;
  return `${when} the network gives ${who} ${judged(answer, outputs)} ${kept}`;
}

function judged({ kind, classes, target, scale, truth }: Answer, outputs: number[]): string {
  const last = `; ${truth.words}.`;
  if (!outputs.every(Number.isFinite)) return `no number any more (NaN or infinite)${last}`;
  const verdict = (right: boolean) => right ? " Right." : " Wrong.";
  if (kind === "binary") {
    const right = (outputs[0] > 0.5) === (target === 1);
    return `a ${number(outputs[0])} chance of ${named(1, classes[1])}${last}${verdict(right)}`;
  }
  if (kind === "number") {
    const value = outputs[0] * scale!.std + scale!.mean, off = value - truth.value;
    const far = `${number(Math.abs(off))} too ${off > 0 ? "high" : "low"}`;
    return `${scale!.name} ${number(value, 4)}, ${truth.words.replace(":", "")}: ${far}.`;
  }
  const most = outputs.indexOf(Math.max(...outputs));
  const chance = `a ${number(outputs[target])} chance of ${
    named(target, classes[target])
  }, the true class`;
  const likeliest = most === target
    ? "; no other class is likelier"
    : `; ${named(most, classes[most])} is likelier, with ${number(outputs[most])}`;
  return `${chance}${likeliest}.${verdict(most === target)}`;
}
