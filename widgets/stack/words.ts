/** What the card says while it is busy, and what its words mean. */
import type { Entry } from "../glossary.ts";

export const BUSY: Record<string, string | undefined> = {
  loading: "Loading Keras: some seconds, the first time only …",
  counting: "Counting the operations of one update …",
};

export const GLOSSARY: Entry[] = [
  [
    "backend",
    "The library that calculates for Keras. Keras itself only says what is to be calculated.",
  ],
  ["operation", "One step of a calculation on whole tensors, such as MatMul or Sqrt."],
  ["MatMul", "Multiplies two matrices: the rows of a batch with the weights of a layer."],
  ["CPU", "The processor that every computer has: few cores, each good at everything."],
  [
    "GPU",
    "A graphics processor: thousands of small cores that do the same to many numbers at once.",
  ],
  ["TPU", "A processor that Google built for multiplying matrices."],
  ["cpu:0", "The first device of its kind; counting begins at 0."],
];
