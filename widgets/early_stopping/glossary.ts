/** What the names of Keras's EarlyStopping mean, one plain sentence each. */
import type { Entry } from "../glossary.ts";
import type { Facts } from "./traits.ts";

export function entriesOf({ monitor, falls }: Facts): Entry[] {
  return [
    ["monitor", `The number that is looked at after every epoch; now ${monitor}.`],
    [
      "patience",
      "How many epochs in a row may pass without an improvement before training stops.",
    ],
    [
      "wait",
      "How many epochs have passed since the last improvement; at patience, training stops.",
    ],
    [
      "min_delta",
      `An epoch improves only if it beats the best one so far by more than this.`,
    ],
    [
      "start_from_epoch",
      "So many epochs at the start are not looked at: the first ones often jump about.",
    ],
    [
      "baseline",
      `A value ${monitor} has to beat. Until it does, not even an improvement ends the waiting, so a run that never ` +
      "gets there stops early.",
    ],
    [
      "mode",
      `Which way is better: min for a loss, max for an accuracy. Auto goes by the name of the monitor; now ${
        falls ? "less" : "more"
      } is better.`,
    ],
    [
      "restore_best_weights",
      "When training stops, the network gets back the weights of its best epoch. Without it, it keeps the last ones.",
    ],
  ];
}
