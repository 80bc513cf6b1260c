/** The words of this card that a beginner has not met. */
import type { Entry } from "../glossary.ts";

export const WORDS: readonly Entry[] = [
  [
    "device",
    "What computes: a processor (CPU), a graphics card (GPU), a TPU, or a machine that has one.",
  ],
  [
    "logical device",
    "A device by name only: here TensorFlow divides one processor into two, to try out what needs two.",
  ],
  [
    "replica",
    "A copy of the network with the same weights, on a device of its own. The strategy that keeps them equal is called MirroredStrategy: mirrored.",
  ],
  [
    "all-reduce",
    "All devices give their gradients, the gradients are added, and all devices get the same sum.",
  ],
  [
    "length of a gradient",
    "The square root of the sum of its squared numbers: how steep the loss is at these weights.",
  ],
  [
    "its gradient",
    "What a device sends: of the sum of its own rows' losses, divided by the rows of the whole batch. So the sum of both is the gradient of the whole batch.",
  ],
  [
    "3.0e−8",
    "0.000000030. float32 keeps about seven digits; the same numbers added in another order end up this far apart.",
  ],
];
