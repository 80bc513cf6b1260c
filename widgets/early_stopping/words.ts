/** What a frame shows, in sentences. Epochs are counted from 1 here, as Keras prints them. */
import { AFTER, type Epoch, type Facts, STOPPED, type Story, WARM_UP } from "./traits.ts";

const MOST_DIGITS = 9;

/** Numbers of one size with as many significant digits. */
export function writer(values: number[], digits: number): (value: number) => string {
  const size = Math.max(...values.filter(Number.isFinite).map(Math.abs), 0);
  const power = size ? Math.floor(Math.log10(size)) : 0;
  return (value) => {
    if (Number.isNaN(value)) return "NaN";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
    const shown = power > 5 || power < -5
      ? value.toExponential(digits - 1)
      : value.toFixed(Math.max(0, digits - 1 - power));
    return shown.replaceAll("-", "−");
  };
}

/** A number by itself. */
export const number = (value: number, digits = 3) => writer([value], digits)(value);
const read = (shown: string) => Number(shown.replaceAll("−", "-"));

/** A setting as it was typed. */
export const exact = (value: number) => String(value).replaceAll("-", "−");

export const epochs = (count: number) => count === 1 ? "1 epoch" : `${count} epochs`;

/** A value and what it had to beat, with the digits that make the statement true to the eye. */
export function comparison(
  value: number,
  other: number,
  beats: boolean,
  { falls, min_delta }: Pick<Facts, "falls" | "min_delta">,
): string {
  const truly = (digits: number) => {
    const write = writer([value, other], digits);
    const bar = read(write(other)) + (falls ? -min_delta : min_delta);
    const gap = falls ? bar - read(write(value)) : read(write(value)) - bar;
    return beats === gap > 1e-12 * Math.abs(bar);
  };
  let digits = 3;
  while (digits < MOST_DIGITS && !truly(digits)) digits++;
  const write = writer([value, other], digits);
  const delta = min_delta ? ` ${falls ? "−" : "+"} ${exact(min_delta)}` : "";
  const not = beats ? "" : "not ";
  return `${write(value)} is ${not}${falls ? "below" : "above"} ${write(other)}${delta}`;
}

/** How much of the patience is used. */
export function used({ wait }: Pick<Epoch, "wait">, { patience }: Pick<Facts, "patience">): string {
  return patience ? `${wait} of ${patience} patience used` : "a patience of 0 waits for nothing";
}

/** The same in two words; without what is used where that is not known yet. */
export function patienceWords(wait: number | null, patience: number): string {
  return wait === null || !patience ? `patience ${patience}` : `patience ${wait} of ${patience}`;
}

/** The frame in a sentence or two. */
export function sentence(story: Story, frame: number): string {
  const { facts, length } = story, epoch = story.at(frame);
  const name = `Epoch ${epoch.epoch + 1}`;
  if (epoch.state === WARM_UP) {
    const end = frame === length - 1 ? " The recording ends here, and no epoch was looked at." : "";
    return `${name}: warm-up. EarlyStopping does not look before epoch ${
      facts.start_from_epoch + 1
    } (start_from_epoch ${facts.start_from_epoch}).${end}`;
  }
  if (epoch.state === AFTER) {
    return `${name} would not be trained: the training stopped after epoch ${
      facts.stopped_epoch! + 1
    }. Recorded without that stop, ${facts.monitor} is ${number(epoch.value)} here.`;
  }
  const told = `${name}: ${judged(story, frame, epoch)}`;
  if (epoch.state === STOPPED) return `${told} ${stopping(facts)}`;
  return frame === length - 1 ? `${told} ${ending(facts, epoch)}` : told;
}

function judged({ facts, at }: Story, frame: number, epoch: Epoch): string {
  const { value, improved, afresh } = epoch, before = frame ? at(frame - 1).best : NaN;
  const first = improved && (!frame || at(frame - 1).best_epoch < 0);
  const held = (other: number, beats: boolean) => comparison(value, other, beats, facts);
  const runsOn = facts.baseline === null || afresh
    ? ""
    : `, but ${held(facts.baseline, false)}, the baseline: patience runs on, ${used(epoch, facts)}`;
  if (first && Number.isNaN(value)) {
    return "NaN is the first value EarlyStopping looks at, so it counts as the best, and no number is better than NaN.";
  }
  if (first) {
    return `${number(value)} is the first value EarlyStopping looks at, the best so far${runsOn}.`;
  }
  if (improved) {
    return `${held(before, true)}: an improvement${runsOn || ", patience starts afresh"}.`;
  }
  const better = facts.falls ? value < before : value > before;
  const small = better && facts.min_delta ? "too small an improvement to count" : "no improvement";
  return `${held(before, false)}: ${small}; ${used(epoch, facts)}.`;
}

function stopping(facts: Facts): string {
  const best = facts.best_epoch! + 1;
  return facts.restored_epoch === null
    ? `Keras stops here and keeps the weights of this epoch, not those of epoch ${best}.`
    : `Keras stops here and restores the weights of epoch ${best}.`;
}

function ending(facts: Facts, epoch: Epoch): string {
  const best = facts.best_epoch!;
  const comes = facts.restored_epoch === null || best === epoch.epoch
    ? ""
    : ` If training ended here, Keras would restore epoch ${best + 1} all the same.`;
  return `The recording ends here.${comes}`;
}

/** The state in numbers, for the top of the card. */
export function state(story: Story, frame: number): string {
  const { epoch, best, best_epoch, wait, state } = story.at(frame);
  const { patience, stopped_epoch } = story.facts;
  const found = best_epoch < 0 ? "no best yet" : `best ${number(best)} in epoch ${best_epoch + 1}`;
  const left = state === AFTER
    ? `stopped after ${stopped_epoch! + 1}`
    : patienceWords(wait, patience);
  return `epoch ${epoch + 1} · ${found} · ${left}`;
}

/** The picture in words. */
export function pictureWords({ facts, length }: Story): string {
  const { monitor, twin, stopped_epoch, restored_epoch, first } = facts;
  const stop = stopped_epoch === null
    ? "patience does not run out"
    : `training stops after epoch ${stopped_epoch + 1}`;
  const back = restored_epoch === null
    ? "no epoch is restored"
    : `epoch ${restored_epoch + 1} is restored`;
  const beside = twin ? `, ${twin} beside it` : "";
  return `${monitor} over epochs ${first + 1} to ${first + length}${beside}: ${stop}, ${back}.`;
}

/** A range of patiences. */
export function patiences({ low, high }: { low: number; high: number | null }): string {
  if (high === null) return low ? `${low} or more` : "any";
  return low === high ? String(low) : `${low} to ${high}`;
}
