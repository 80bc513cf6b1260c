/** What the card says: of a layer and its lines, while it is busy, and what the words mean. */
import type { Entry } from "../glossary.ts";
import type { Layer, Measured, Style } from "./traits.ts";

export const BUSY: Record<string, string | undefined> = {
  loading: "Loading Keras: some seconds, the first time only …",
  building: "Building the three models …",
};

export const whole = (value: number) => value.toLocaleString("en-US");

/** "29 → 16 → 1 · 497 parameters". */
export function plan(layers: Layer[], measured: Measured | null): string {
  if (!measured) return "";
  const total = Object.values(measured.totals)[0];
  return `${whole(total)} ${total === 1 ? "parameter" : "parameters"}, ${
    layers.filter(({ kind }) => kind !== "input").length
  } layers`;
}

/** Where a layer stands in each style, what it learns, and what comes out of it. */
export function describe(layer: Layer, styles: Style[], measured: Measured | null): string {
  const places = styles.map((style) => {
    const numbers = style.lines.flatMap((line, at) =>
      line.layers.includes(layer.key) ? [at + 1] : []
    );
    return `${style.title} ${numbers.length ? lines(numbers) : "nowhere"}`;
  });
  return `${layer.label}: ${places.join("; ")}.${counted(layer, measured)}`;
}

function lines(numbers: number[]): string {
  if (numbers.length === 1) return `line ${numbers[0]}`;
  return `lines ${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
}

function counted(layer: Layer, measured: Measured | null): string {
  if (!measured) return "";
  const count = Object.values(measured.counts)[0][layer.key];
  const learns = count
    ? `It learns ${layer.formula} = ${whole(count)} parameters`
    : "It learns nothing";
  return ` ${learns}; out of it comes ${measured.shapes[layer.key]}.`;
}

export const GLOSSARY: Entry[] = [
  ["Dense(16)", "Sixteen units, each of which reads every number that comes in."],
  [
    "parameters",
    "Weights and biases, the numbers that are learned. A unit of a Dense layer has a weight for each number it reads, and one bias.",
  ],
  ["(None, 16)", "A shape. None stands for any number of rows; each row has 16 numbers."],
  ["Input", "What goes in, and how many numbers a row has. It is no layer that learns."],
  ["Dropout", "Leaves out units at random while training. It learns nothing."],
  ["Concatenate", "Puts what comes from several layers side by side. It learns nothing."],
  ["call", "The method in which a model of your own says what happens to a row."],
];
