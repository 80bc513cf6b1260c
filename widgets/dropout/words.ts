/** What the card says of a frame. Numbers are formatted, never computed. */
import { number } from "../dom.ts";
import { times } from "../network/words.ts";
import type { Frames } from "../recording.ts";
import type { Facts } from "./traits.ts";

export const whole = (value: number) => value.toLocaleString("en-US");

const POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** "2¹⁶". */
export function powerOfTwo(units: number): string {
  return `2${[...String(units)].map((digit) => POWERS[Number(digit)]).join("")}`;
}

/** What happens to a survivor: "doubled", "multiplied by 1.43". */
function scaled(scale: number): string {
  return scale === 2 ? "doubled" : `multiplied by ${times(scale)}`;
}

/** "Batch 3 of 100: 7 of 16 units dropped for row 1; the 9 that stay are doubled." */
export function sentenceOf(frames: Frames, facts: Facts, frame: number): string {
  const batch = `Batch ${whole(frame + 1)} of ${whole(frames.length)}`;
  if (!facts.training) {
    return `${batch}, at inference: nothing is dropped and nothing scaled, so every batch gives row ${
      whole(facts.row + 1)
    } the same answer, ${number(facts.output_expected, 4)}.`;
  }
  const dropped = frames.value("count", frame), stay = facts.units - dropped;
  return `${batch}: ${whole(dropped)} of ${whole(facts.units)} ${
    facts.units === 1 ? "unit" : "units"
  } dropped for row ${whole(facts.row + 1)}; ${stayWords(stay, facts)}`;
}

function stayWords(stay: number, facts: Facts): string {
  if (facts.rate === 0) return "at rate 0 none ever is.";
  if (stay === 0) return "nothing goes on from here, only the biases behind.";
  const who = stay === facts.units
    ? facts.units === 1 ? "it stays and is" : `all ${whole(stay)} stay and are`
    : stay === 1
    ? "the 1 that stays is"
    : `the ${whole(stay)} that stay are`;
  return `${who} ${scaled(facts.scale)}.`;
}

/** How far the output's mean has come: "Over 3 masks the network's output averages 0.471 ± 0.012; ..." */
export function outputSentence(frames: Frames, facts: Facts, frame: number): string {
  const rest = number(facts.output_expected, 4);
  const mean = number(frames.value("output_mean", frame), 4);
  if (!facts.training || facts.rate === 0) return "";
  const masks = frame ? `Over ${whole(frame + 1)} masks` : "With 1 mask";
  const error = frames.value("output_error", frame);
  const spread = Number.isFinite(error) ? ` ± ${number(error, 2)}` : "";
  const head = `${masks} ${facts.output} averages ${mean}${spread}; at inference it is ${rest}.`;
  if (!Number.isFinite(error)) return head;
  const near = frames.value("within", frame) !== 0;
  if (facts.linear) {
    return `${head} The output is linear in the units: in the long run both are equal.`;
  }
  return near
    ? `${head} No difference beyond chance so far; the output is not linear in the units, so the two need not be equal, only close.`
    : `${head} Close, not equal: the output is not linear in the units, and only their own means are kept.`;
}

/** "2¹⁶ = 65,536 thinned networks"; where the number is too long to read, how long it is. */
function networksOf({ units, networks }: Facts): string {
  const power = powerOfTwo(units);
  if (!/^\d/.test(networks)) return `${power} thinned networks (${networks})`;
  // A long number may break after its commas.
  const written = networks.length > 20 ? networks.replaceAll(",", ",\u200b") : networks;
  return `${power} = ${written} thinned networks`;
}

/** How many networks there are in one, and how many have been seen so far. */
export function networksSentence(frames: Frames, facts: Facts, frame: number): string {
  const units = `${whole(facts.units)} ${
    facts.units === 1 ? "unit that stays or goes makes" : "units that stay or go make"
  }`;
  if (!facts.training || facts.rate === 0) {
    return `Here it is one network, the whole one. With dropout ${units} ${networksOf(facts)}.`;
  }
  const batches = frame + 1, masks = batches * facts.rows;
  const share = (100 * frames.value("share", frame)).toFixed(1);
  return `${units} ${networksOf(facts)}, all with the same weights. Seen so far: ${
    whole(frames.value("distinct", frame))
  } different ones in ${whole(masks)} ${masks === 1 ? "mask" : "masks"} (${whole(batches)} ${
    frame ? "batches" : "batch"
  } of ${whole(facts.rows)} ${facts.rows === 1 ? "row" : "rows"}); share dropped: ${share}\u00a0%.`;
}

/** Where rows and weights come from. */
export function sourceSentence(facts: Facts): string {
  const one = facts.rows === 1;
  const rows = facts.made_rows
    ? `${
      one ? "The row is" : `The ${whole(facts.rows)} rows are`
    } made up: standard-normal numbers from a fixed seed`
    : one
    ? "The row is the first given"
    : `The rows are the first ${whole(facts.rows)} given`;
  const weights = !facts.made_network
    ? ""
    : facts.made_rows
    ? ", and so are the weights"
    : ". The weights are made up from a fixed seed";
  const norm = facts.normalised
    ? " Batch normalization also behaves differently in training, so means differ from inference for that reason too."
    : "";
  return `${rows}${weights}. ${
    one ? "It comes" : "The same rows come"
  } in every batch and no weight moves${facts.training ? ": only the masks change" : ""}.${norm}`;
}
