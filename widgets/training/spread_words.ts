/** What the histograms say in words: true of the epoch they stand beside. */
import { number } from "../dom.ts";
import type { Frames } from "../recording.ts";
import type { Counted, Panel } from "./histograms.ts";

const ONE = { weights: "weight", biases: "bias", activations: "output" };
const KINDS = { weights: "weights", biases: "biases", activations: "outputs" };

const grouped = (count: number) => count.toLocaleString("en");
const several = (count: number, one: string) => `${grouped(count)} ${one}${count === 1 ? "" : "s"}`;

/** "464 weights". */
export const panelTitle = ({ kind, values }: Panel) =>
  `${grouped(values)} ${(values === 1 ? ONE : KINDS)[kind]}`;

/** "from −0.61 to 0.74, standard deviation 0.21"; `before` says what that was after the first epoch, if it has changed. */
export function spreadWords(
  panel: Panel,
  counted: Frames,
  place: number,
  at: number,
  before = false,
): string {
  const value = (name: string, epoch = at) => counted.row(name, epoch)[place];
  const lost = value("nonfinite");
  const rest = lost ? `; ${grouped(lost)} of ${grouped(panel.values)} are NaN or infinite` : "";
  if (lost === panel.values) return "all NaN or infinite";
  const [low, high] = [value("low"), value("high")];
  if (low === high) return `${panel.values - lost > 1 ? "all " : ""}${number(low)}${rest}`;
  const grew = before && at > 0 ? ` (after the first epoch ${number(value("std", 0))})` : "";
  const std = number(value("std"));
  return `from ${number(low)} to ${number(high)}, standard deviation ${std}${grew}${rest}`;
}

/** One sentence about a layer: its weights, biases and outputs, and what of it is dead. */
export function layerWords(told: Counted, counted: Frames, panels: number[], at: number): string {
  const parts = panels.map((place) => {
    const panel = told.panels[place], name = (panel.values === 1 ? ONE : KINDS)[panel.kind];
    return `${name} ${spreadWords(panel, counted, place, at, panel.kind === "weights")}`;
  });
  const relu = panels.find((place) => told.panels[place].relu);
  if (relu === undefined) return `${capital(parts.join("; "))}.`;
  const { values, units } = told.panels[relu], dead = counted.row("dead", at)[relu];
  const zeros = 100 * counted.row("zeros", at)[relu] / values;
  const every = `0 for every ${told.noun} ${
    told.rows < told.training_rows ? "counted" : "trained on"
  }`;
  const state = dead
    ? `${dead} of ${several(units, "unit")} ${dead === 1 ? "is" : "are"} dead (${every})`
    : `no unit is dead (${every})`;
  return `${capital(parts.join("; "))}. ${
    zeros.toFixed(1)
  }\u00a0% of the outputs are exactly 0; ${state}.`;
}

/** Which epoch is drawn, and of which rows and epochs the counts are. */
export function countedWords(told: Counted, counted: Frames, at: number, same: boolean): string {
  if (!same) return "Counting…";
  if (at < 0) return "No epoch has ended yet.";
  const { every, rows, training_rows: all, noun, total } = told;
  const parts = [`After epoch ${counted.value("epoch", at) + 1}. The outline is epoch 1.`];
  if (total && counted.length < total) {
    parts.push(`Counted so far: ${counted.length} of ${total} epochs.`);
  }
  if (every > 1) {
    parts.push(
      `Of this long run every ${every}th epoch is counted, and the last.`.replace("2th", "2nd"),
    );
  }
  parts.push(
    rows < all
      ? `Outputs: for ${grouped(rows)} of the ${
        several(all, noun)
      } trained on, evenly spaced, nothing dropped.`
      : `Outputs: for the ${several(all, noun)} trained on, nothing dropped.`,
  );
  return parts.join(" ");
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
