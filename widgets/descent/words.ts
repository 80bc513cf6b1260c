/** The rule with this step's numbers, and the sentences. Every number is the recording's. */
import { number } from "../dom.ts";
import type { Run } from "./traits.ts";

const INDEX = ["₁", "₂"];

/** How many decimals show that a step moves: as few as can be, at most six. */
export function decimals(moves: number[], values: number[] = []): number {
  const smallest = Math.min(...moves.map(Math.abs).filter((move) => move > 0));
  const wanted = Number.isFinite(smallest) ? Math.ceil(-Math.log10(smallest)) : 0;
  const largest = Math.max(1, ...values.map(Math.abs).filter(Number.isFinite));
  const usual = Math.max(0, 2 - Math.max(0, Math.floor(Math.log10(largest)) - 1));
  return Math.max(usual, Math.min(6, wanted));
}

/** Writes numbers with that many decimals. */
export function writer(count: number): (value: number) => string {
  return (value) => {
    if (!Number.isFinite(value) || Math.abs(value) >= 1e5) return number(value);
    const shown = value.toFixed(count);
    return (Number(shown) === 0 ? shown.replace("-", "") : shown).replace("-", "−");
  };
}

/** A slope with at least three digits, and enough that α times it is right in the decimals shown. */
function slopeText(slope: number, rate: number, count: number): string {
  const size = Math.abs(slope);
  if (!(size > 0) || size >= 1e5) return number(slope);
  const digits = Math.floor(Math.log10(size)) + 1 + count + Math.ceil(Math.log10(rate));
  return number(slope, Math.max(3, Math.min(12, digits)));
}

const bracket = (shown: string) => shown.startsWith("−") ? `(${shown})` : shown;

/** A factor: four digits, without zeros that say nothing. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return number(value);
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 1e-4)) return number(value);
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

export interface Line {
  name: string;
  /** The right side with its numbers, and what it comes to. */
  sum: string;
  result: string;
}

/** One line for each weight: w ← 1.70 − 0.05 × 1.26 = 1.64. */
export function ruleLines(run: Run, frame: number): Line[] {
  const { facts } = run;
  const w = run.w(frame), next = run.next(frame), slope = run.gradient(frame);
  const moves = Array.from({ length: facts.weights }, (_, k) => next[k] - w[k]);
  const count = decimals(moves.filter(Number.isFinite), [...Array.from(w), ...Array.from(next)]);
  const write = writer(count);
  return moves.map((move, k) => {
    const name = facts.weights === 1 ? "w" : `w${INDEX[k]}`;
    const result = Number.isFinite(next[k]) ? write(next[k]) : "too large";
    const step = facts.plain
      ? `− ${short(facts.learning_rate)} × ${
        bracket(slopeText(slope[k], facts.learning_rate, count))
      }`
      : Number.isFinite(move)
      ? `${move < 0 ? "−" : "+"} ${write(Math.abs(move))}`
      : "+ ?";
    return { name, sum: `${write(w[k])} ${step}`, result };
  });
}

/** A point as people write it: 1.70, or (1.70, 0.30). */
export function point(values: ArrayLike<number>, write: (value: number) => string): string {
  const all = Array.from(values, write);
  return all.length === 1 ? all[0] : `(${all.join(", ")})`;
}

export function sentence(run: Run, frame: number): string {
  const { facts } = run;
  const one = facts.weights === 1;
  const w = run.w(frame), next = run.next(frame), slope = run.gradient(frame);
  const moves = Array.from(w, (value, k) => next[k] - value).filter(Number.isFinite);
  const write = writer(decimals(moves, [...Array.from(w), ...Array.from(next)]));
  const slopes = one
    ? `the slope is ${number(slope[0])}`
    : `the gradient is ${point(slope, (value) => number(value))}`;
  const start = `At ${one ? "w" : "(w₁, w₂)"} = ${point(w, write)} ${slopes}`;
  if (!Array.from(next).every(Number.isFinite)) {
    return `${start}. The next step leads to numbers too large for a computer.`;
  }
  const size = Math.hypot(...Array.from(slope));
  if (size === 0) return `${start}: α × 0 is 0, so w stays where it is.`;
  const flat = facts.flat_from >= 0 && frame >= facts.flat_from
    ? ` The ${one ? "slope" : "gradient"} is small here, and so are the steps.`
    : "";
  const to = point(next, write);
  if (!facts.plain) {
    return `${start}. Keras's ${facts.optimizer.replace(/^your /, "")} goes on to ${to}${
      fall(run, frame)
    }.${flat}`;
  }
  if (!one) return `${start}, so the next point is ${to}${fall(run, frame)}.${flat}`;
  const way = slope[0] > 0
    ? "uphill to the right, so w goes left"
    : "uphill to the left, so w goes right";
  return `${start}, ${way}, to ${ruleLines(run, frame)[0].sum} = ${to}${fall(run, frame)}.${flat}`;
}

/** What the step does to g, where the next frame is recorded. */
function fall(run: Run, frame: number): string {
  if (frame + 1 >= run.length) return "";
  const before = run.value(frame), after = run.value(frame + 1);
  const write = writer(decimals([after - before], [before, after]));
  if (after === before) return `: g stays ${write(before)}`;
  const tell = `from ${write(before)} to ${write(after)}`;
  return after < before
    ? `: g falls ${tell}`
    : `: g rises ${tell}${run.facts.plain ? ", the step is too long" : ""}`;
}

const MARKS: Record<string, [string, string]> = {
  good: ["✓", "good"],
  "too small": ["▸", "α too small"],
  "too large": ["⚠", "α too large"],
  diverging: ["⚠", "diverging"],
  swinging: ["▸", "still swinging"],
  flat: ["▬", "flat ground"],
  "local minimum": ["◡", "local minimum"],
  saddle: ["⤫", "saddle"],
  stopped: ["⚠", "stopped"],
  short: ["▸", "too few steps"],
};

/** Mark and word of a verdict. */
export function verdictWord(kind: string): string {
  return (MARKS[kind] ?? ["▸", kind]).join(" ");
}

/** Exact value, as text that can be copied. */
export const exact = (value: number) => String(value).replace("-", "−");
