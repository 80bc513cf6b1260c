import type { NetworkPlan } from "../../widgets/network/plan.ts";
import { nameOf } from "../../widgets/network/plan.ts";
import {
  baselineWords,
  metricTitle,
  metricWords,
  networkSentence,
  testedWords,
  testWords,
} from "../../widgets/training/story.ts";
import type { Choices, Report, RunRow } from "../../widgets/training/traits.ts";
import { assertEquals } from "./assert.ts";

const number = {
  classes: [],
  test_rows: 88,
  guess: { answer: "the mean", level: 0.826, right: null, rows: 88 },
  scale: { name: "price", mean: 152, std: 78 },
} as unknown as Choices;
const classes = {
  classes: ["setosa", "versicolor", "virginica"],
  test_rows: 30,
  guess: { answer: "versicolor", level: 0.4, right: 12, rows: 30 },
  scale: null,
} as unknown as Choices;

function run(metric: string, value: number): RunRow {
  return { metric, has_test: true, test: { loss: 0.5, [metric]: value } } as unknown as RunRow;
}

function plan(units: number, shown = units): NetworkPlan {
  const names = units > 1 ? classes.classes.slice(0, units) : [];
  const layer = { units, shown: Array.from({ length: shown }, (_, unit) => unit), names };
  return { layers: [{ ...layer, kind: "input", names: [] }, layer] } as unknown as NetworkPlan;
}

Deno.test("own data: the test result in the target's own unit, beside the mean's", () => {
  assertEquals(testedWords(run("mae", 0.5), number), "mae 0.500, loss 0.500");
  assertEquals(
    testWords(run("mae", 0.5), number),
    "mae 0.500 (39.0 of price), loss 0.500. " +
      "Always answering the mean of the training rows gets mae 0.826 (64.4 of price).",
  );
  assertEquals(metricTitle("mae", number), "mae (1 is 78.0 of price)");
});

Deno.test("own data: of classes the test result is how many are right", () => {
  assertEquals(testedWords(run("accuracy", 0.9), classes), "27 of 30, loss 0.500");
  assertEquals(
    testWords(run("accuracy", 0.9), classes),
    "27 of 30 right (90.0 %), loss 0.500. Always answering versicolor gets 12 of 30 right (40.0 %).",
  );
  assertEquals(metricTitle("accuracy", classes), "accuracy");
});

Deno.test("own data: a metric that is no accuracy is told as the number it is", () => {
  assertEquals(testedWords(run("auc", 0.9), classes), "auc 0.900, loss 0.500");
  assertEquals([metricWords("auc", 0.9), metricWords("accuracy", 0.9)], ["0.900", "90.0 %"]);
});

Deno.test("own data: the guess stands in the legend", () => {
  const words = (choices: Choices) =>
    baselineWords(
      { charts: { baseline: { ...choices.guess, validation: true } } } as unknown as Report,
    );
  assertEquals(words(number), "always the mean: 0.826 on 88 validation rows");
  assertEquals(words(classes), "always versicolor: 12 of 30 validation rows (40.0 %)");
});

Deno.test("own data: what the network answers is told in the words of the target", () => {
  const chosen = { rows: 9, target: -0.5, label: "price 113", noun: "row" };
  assertEquals(
    networkSentence(plan(1), { drawn: [], activations: [1, 0.5] }, chosen, 4, number),
    "Inference, nothing dropped: for training row 4 the network answers 0.500 (price 191.0); " +
      "its target is −0.5 (price 113).",
  );
  const flower = { ...chosen, target: 1, label: "versicolor" };
  const state = { drawn: [], activations: [9, 9, 9, 0.1, 0.2, 0.7] };
  assertEquals(
    networkSentence(plan(3), state, flower, 4, classes),
    "Inference, nothing dropped: for training row 4 the network finds class 2 (virginica) the likeliest, " +
      "with 0.700; its target is 1 (versicolor).",
  );
  const numbered = { ...classes, classes: ["0", "1", "2"] };
  assertEquals(
    networkSentence(plan(3), state, { ...flower, label: "1" }, 4, numbered).split(": ")[1],
    "for training row 4 the network finds class 2 the likeliest, with 0.700; its target is 1.",
  );
  assertEquals(
    networkSentence(plan(3, 2), state, flower, 4, classes).includes("gives 3 outputs"),
    true,
  );
  assertEquals(
    networkSentence(plan(3), { ...state, dropped: [1, 0, 1] }, flower, 4, classes),
    "Training: this batch dropped 2 of the units shown (crossed out) for its first row; every row draws its own.",
  );
  assertEquals(nameOf(plan(3), { layer: 1, position: 2 }), "output virginica");
});
