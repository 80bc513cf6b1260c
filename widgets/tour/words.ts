/** What the stages are called and what to look for in each. */
import type { Facts, Stage, TourTraits } from "./traits.ts";

export const STAGES: Stage[] = ["table", "row", "balance", "distributions", "exercise"];

export const whole = (value: number) => value.toLocaleString("en-US");

export const PARTS: Record<string, string> = {
  train: "● train",
  test: "○ test",
  "left out": "– left out",
};

export function stageName(stage: Stage, { noun, balance }: Facts): string {
  switch (stage) {
    case "table":
      return "The table";
    case "row":
      return `One ${noun}`;
    case "balance":
      return balance.task === "regression" ? "The target" : "Class balance";
    case "distributions":
      return balance.task === "regression" ? "By target" : "By class";
    case "exercise":
      return "A puzzle";
  }
}

export function lead(stage: Stage, { noun, counts, balance }: Facts): string {
  switch (stage) {
    case "table":
      return `What the file holds, before anything is done to it: a row is one ${noun}. Look at the columns: which are numbers, which are names for kinds?`;
    case "row":
      return `A network takes numbers only. Watch how each raw column of one ${noun} becomes inputs: ${counts.numbers} standardised, ${counts.flags} that are 0 or 1.`;
    case "balance":
      return balance.task === "regression"
        ? "How far the target spreads, and how wrong one is by always answering its mean."
        : "How many there are of each class, and how often the same answer is right every time.";
    case "distributions":
      return balance.task === "regression"
        ? "Choose a column: where do the rows with a low target and those with a high one differ?"
        : "Choose a column: where do the classes differ? A single column that parted them would make a network needless.";
    case "exercise":
      return `Filter and sort the table, and mark the ${noun}s that answer the question.`;
  }
}

/** The rows of the table that are shown, in a sentence. */
export function tableSentence(
  facts: Facts,
  window: TourTraits["window"],
  filters: TourTraits["filters"],
  marked: number,
): string {
  const names = Object.entries(filters).map(([column, value]) => `${column} = ${value}`);
  const fit = names.length
    ? window.fit
      ? `${whole(window.fit)} of ${whole(facts.rows)} ${facts.noun}s ${
        window.fit === 1 ? "has" : "have"
      } ${names.join(" and ")}.`
      : `No ${facts.noun} has ${names.join(" and ")}. Take a filter away.`
    : `${facts.size}.`;
  return marked ? `${fit} ${whole(marked)} marked.` : fit;
}
