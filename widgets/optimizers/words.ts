/** What the card says of a frame; every claim is read off the numbers of that frame. */
import { number } from "../dom.ts";
import type { Race, Runner } from "./race.ts";

export function sentenceOf(race: Race, frame: number): string {
  const shown = race.shown;
  if (!shown.length) return "All optimizers are hidden: tick “show” to see one.";
  const value = (runner: Runner, at = frame) => race.value(runner, "value", at);
  const going = shown.filter(({ frames }) => frame < frames);
  const parts: string[] = [];
  if (frame === 0) {
    const [x, y] = race.row(shown[0], "w", 0);
    const who = shown.length > 1 ? `all ${shown.length} start` : `${shown[0].label} starts`;
    parts.push(
      `Step 0: ${who} at w = (${number(x)}, ${number(y)}), where the loss is ${
        number(value(shown[0]))
      }.`,
    );
  } else {
    parts.push(`Step ${frame}: ${ranking(going, (runner) => number(value(runner)), value)}`);
    const first = Math.min(...shown.map(({ turn }) => turn ?? Infinity));
    const turning = going.filter(({ turn }) => turn === frame);
    const risen = going.filter((runner) => value(runner) > value(runner, frame - 1));
    if (turning.length) {
      const one = turning.length === 1;
      parts.push(
        frame === first && shown.length > 1
          ? `${list(turning)} ${one ? "is" : "are"} the first to turn: ${
            one ? "its step points" : "their steps point"
          } more than 90° away from the step before.`
          : `${list(turning)} ${one ? "turns" : "turn"} for the first time.`,
      );
    } else if (risen.length) {
      const most = risen.reduce((one, other) =>
        value(other) - value(other, frame - 1) > value(one) - value(one, frame - 1) ? other : one
      );
      const [from, to] = [number(value(most, frame - 1)), number(value(most))];
      if (from !== to) parts.push(`${most.label} went uphill in this step: ${from} → ${to}.`);
    }
  }
  for (const runner of shown) {
    if (runner.ended && frame >= runner.frames - 1) parts.push(`${runner.label}: ${runner.ended}`);
  }
  return parts.join(" ");
}

function ranking(
  going: Runner[],
  said: (runner: Runner) => string,
  value: (runner: Runner) => number,
): string {
  if (!going.length) return "all have ended.";
  if (going.length === 1) return `${going[0].label} has a loss of ${said(going[0])}.`;
  const sorted = [...going].sort((one, other) => value(one) - value(other));
  const lowest = sorted.filter((runner) => said(runner) === said(sorted[0]));
  const highest = sorted.filter((runner) => said(runner) === said(sorted.at(-1)!));
  if (lowest.length === going.length) return `all have the same loss, ${said(sorted[0])}.`;
  return `${list(lowest)} ${lowest.length > 1 ? "have" : "has"} the lowest loss, ${
    said(sorted[0])
  }; ${list(highest)} the highest, ${said(sorted.at(-1)!)}.`;
}

export function list(runners: Runner[]): string {
  const names = runners.map(({ label }) => label);
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
}

/** The schedules in symbols, under the chart of the learning rates. */
export function scheduleWords(name: string, formula: string): string {
  return name === "constant" ? "constant: every step has the same rate" : `${name}: ${formula}`;
}
