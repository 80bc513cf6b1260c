/** What the words on the card mean. */
import type { Entry } from "../glossary.ts";

export const ENTRIES: readonly Entry[] = [
  [
    "model(x)",
    "The network's output for this row, a number from 0 to 1: how likely y = 1 is to the model.",
  ],
  ["y", "The target: what is true of this row, 1 or 0."],
  [
    "term",
    "What this row adds to the sum: −log model(x) if y = 1, −log(1 − model(x)) if y = 0, with the natural logarithm. " +
    "It is near 0 where the model is sure and right, and has no upper limit where it is sure and wrong.",
  ],
  ["mean", "The sum of all terms over their number n. This is the loss, binary cross-entropy."],
  [
    "right, wrong",
    "An output above 0.5 counts as 1, as in Keras's accuracy. How far above does not count.",
  ],
  [
    "bias",
    "A number the output unit adds to its weighted sum before the sigmoid makes an output of it. Training moves it " +
    "like every weight.",
  ],
  [
    "16.12",
    "The largest term Keras reports for given outputs: it takes the logarithm of nothing below 0.0000001 (15.94 with " +
    "y = 0, as its numbers come no nearer to 1). While it trains a network that ends in a sigmoid, it works with " +
    "what goes into the sigmoid, and has no such limit.",
  ],
  [
    "loss in Keras's log",
    "The mean over the batches of an epoch, each taken when it was its turn. Here every row is asked after the epoch; " +
    "for the validation rows Keras does the same.",
  ],
];
