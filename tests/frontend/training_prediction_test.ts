import type { AnyModel } from "@anywidget/types";
import type { NetworkPlan } from "../../widgets/network/plan.ts";
import { Frames } from "../../widgets/recording.ts";
import { answerIn, answersAt, createPrediction } from "../../widgets/training/prediction.ts";
import type { Choices, TrainingTraits } from "../../widgets/training/traits.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

const BINARY = { classes: ["well", "ill"], scale: null } as unknown as Choices;
const FLOWERS = {
  classes: ["setosa", "versicolor", "virginica"],
  scale: null,
} as unknown as Choices;
const PRICE = { classes: [], scale: { name: "price", mean: 100, std: 50 } } as unknown as Choices;

function plan(units: number, activation: string, shown = units): NetworkPlan {
  const layer = { groups: [], names: [], dropouts: [], kernel: 0, bias: 0, activation };
  const all = (count: number) => Array.from({ length: count }, (_, unit) => unit);
  return {
    layers: [
      { ...layer, name: "in", kind: "input", units: 2, shown: all(2), steps: [] },
      {
        ...layer,
        name: "out",
        kind: "dense",
        units,
        shown: all(shown),
        steps: [{ op: "activation", name: activation }],
      },
    ],
  } as unknown as NetworkPlan;
}

/** A run of one frame for each of these outputs; two inputs stand before them. */
function run(network: NetworkPlan, outputs: number[][], settings: Record<string, unknown> = {}) {
  const frames = new Frames(), stop = outputs.length;
  const size = 2 + outputs[0].length;
  const rows = (name: string, values: number[]) => ({
    entry: { name, dtype: "int32", shape: [stop] },
    bytes: new DataView(new Int32Array(values).buffer),
  });
  const parts = [
    rows("epoch", outputs.map((_, epoch) => epoch)),
    rows("batch", outputs.map(() => -1)),
    {
      entry: { name: "activations", dtype: "float32", shape: [stop, size] },
      bytes: new DataView(new Float32Array(outputs.flatMap((row) => [7, 7, ...row])).buffer),
    },
  ];
  frames.append(
    {
      kind: "frames",
      run: ++publication,
      start: 0,
      stop,
      settings: { network, patient: 5, training_rows: 6, batches: 7, ...settings },
      arrays: parts.map(({ entry }) => entry),
    },
    parts.map(({ bytes }) => bytes),
  );
  return frames;
}
let publication = 0;

function open(choices: Choices, chosen: Partial<TrainingTraits["chosen"]>) {
  const page = openPage();
  const values: Record<string, unknown> = {
    choices,
    patient: 5,
    chosen: { rows: 9, noun: "patient", ...chosen },
    report: { charts: { loss: { x: [0, 10], y: [0, 1], log: false } } },
  };
  const model = { get: (name: string) => values[name] } as unknown as AnyModel<TrainingTraits>;
  const made = createPrediction(model);
  const table = (frames: Frames) => {
    const answer = answerIn(frames, model);
    return answer && [answer.name, ...[0, 1].map((at) => answersAt(frames, answer, at)[0])];
  };
  const one = (selector: string) => made.element.querySelector(selector)!;
  return {
    made,
    table,
    values,
    words: () => made.words,
    truth: () => one("b").textContent,
    path: (name: string) => one(`.fe-prediction-${name}`).getAttribute("d"),
    dot: () => (one("i") as HTMLElement).style.cssText.replaceAll(" ", ""),
    text: (selector: string) => one(selector).textContent,
    close: () => page.restore(),
  };
}

Deno.test("prediction: the chance of a class by epoch, the half that is right, and what that comes to", () => {
  const view = open(BINARY, { target: 1, label: "ill" });
  const frames = run(plan(1, "sigmoid"), [[0.25], [0.5], [0.75]]);
  view.made.show(frames, 2);
  assertEquals(view.path("line"), "M100,750L200,500L300,250");
  assertEquals(view.path("right"), "M0,500H1000V0H0Z");
  assertEquals([view.path("cursor"), view.path("level")], ["M300,0V1000", "M0,500H1000"]);
  assert(view.dot().includes("left:30%") && view.dot().includes("top:25%"), view.dot());
  assertEquals([view.text("figcaption"), view.truth()], ["chance of 1 (ill)", "in truth: 1 (ill)"]);
  assertEquals(
    view.words(),
    "After epoch 3 the network gives the patient in training row 5 a 0.750 chance of 1 (ill); in truth: 1 (ill). Right. " +
      "The network trains on this patient.",
  );
  view.made.show(frames, 1); // Keras counts 0.5 as the class 0
  assert(
    view.words().includes("a 0.500 chance of 1 (ill); in truth: 1 (ill). Wrong."),
    view.words(),
  );
  view.close();
});

Deno.test("prediction: an axis that grows after the frames came moves what is drawn", () => {
  const view = open(BINARY, { target: 1, label: "ill" });
  const frames = run(plan(1, "sigmoid"), Array.from({ length: 20 }, () => [0.25]));
  view.made.show(frames, 19);
  assert((view.made.element.querySelector("i") as HTMLElement).hidden);
  view.made.refit();
  assertEquals(view.path("cursor"), "M2000,0V1000");
  view.values.report = { charts: { loss: { x: [0, 20], y: [0, 1], log: false } } };
  view.made.refit();
  assertEquals(view.path("cursor"), "M1000,0V1000");
  assert(view.dot().includes("left:100%"), view.dot());
  assert(!(view.made.element.querySelector("i") as HTMLElement).hidden);
  view.close();
});

Deno.test("prediction: it says of a row kept for validation that nothing is learned from it", () => {
  const view = open(BINARY, { target: 0, label: "well", noun: "row" });
  view.made.show(run(plan(1, "sigmoid"), [[0.25]], { training_rows: 5 }), 0);
  assertEquals(view.path("right"), "M0,500H1000V1000H0Z");
  assertEquals(
    view.words(),
    "After epoch 1 the network gives training row 5 a 0.250 chance of 1 (ill); in truth: 0 (well). Right. " +
      "This row is kept for validation: the network never trains on it.",
  );
  view.close();
});

Deno.test("prediction: of several classes the true one stands against the likeliest other", () => {
  const view = open(FLOWERS, { target: 1, label: "versicolor" });
  const frames = run(plan(3, "softmax"), [[0.5, 0.2, 0.3], [0.1, 0.6, 0.3]]);
  view.made.show(frames, 0);
  assertEquals([view.path("line"), view.path("other")], ["M100,800L200,400", "M100,500L200,700"]);
  assert(
    view.words().includes(
      "a 0.200 chance of 1 (versicolor), the true class; 0 (setosa) is likelier, with 0.500. Wrong.",
    ),
    view.words(),
  );
  view.made.show(frames, 1);
  assert(view.words().includes("the true class; no other class is likelier. Right."), view.words());
  view.close();
});

Deno.test("prediction: a number stands in its own unit beside the true one", () => {
  const view = open(PRICE, { target: -0.5, label: "price 75" });
  view.made.show(run(plan(1, "linear"), [[1], [0]]), 1);
  assertEquals(view.text("figcaption"), "price");
  assertEquals(view.truth(), "in truth: 75.00");
  assert(view.words().includes("price 100.0, in truth 75.00: 25.0 too high."), view.words());
  // From 75 to 150, with 8 % of that below and above.
  assertEquals(view.path("level"), "M0,931H1000");
  assertEquals(view.path("line"), "M100,69L200,643.7");
  view.close();
});

Deno.test("prediction: a run that diverged leaves a gap and says so", () => {
  const view = open(BINARY, { target: 1, label: "ill" });
  view.made.show(run(plan(1, "sigmoid"), [[0.5], [NaN], [0.5], [0.25]]), 1);
  assertEquals(view.path("line"), "M100,500M300,500L400,750");
  assert(
    view.words().includes("no number any more (NaN or infinite); in truth: 1 (ill)."),
    view.words(),
  );
  view.close();
});

Deno.test("prediction: where the outputs mean nothing it knows, there is no picture", () => {
  const view = open(BINARY, { target: 1, label: "ill" });
  for (const network of [plan(1, "linear"), plan(3, "softmax"), plan(2, "softmax", 1)]) {
    view.made.show(run(network, [network.layers[1].shown.map(() => 0.5)]), 0);
    assertEquals([view.made.element.hidden, view.words()], [true, ""]);
  }
  view.made.show(run(plan(1, "sigmoid"), [[0.5]]), -1);
  assertEquals(view.made.element.hidden, true);
  view.close();
});

Deno.test("prediction: the answer for another row waits for its frames", () => {
  const view = open(BINARY, { target: 1, label: "ill" });
  const frames = run(plan(1, "sigmoid"), [[0.75]]);
  view.made.show(frames, 0);
  view.values.patient = 8;
  view.values.chosen = { rows: 9, noun: "patient", target: 0, label: "well" };
  view.made.show(frames, 0);
  assert(
    view.words().includes("training row 5 a 0.750 chance of 1 (ill); in truth: 1 (ill). Right."),
  );
  view.made.show(run(plan(1, "sigmoid"), [[0.125]], { patient: 8 }), 0);
  assert(
    view.words().includes("training row 8 a 0.125 chance of 1 (ill); in truth: 0 (well). Right."),
  );
  view.close();
});

Deno.test("prediction: of a long run the line keeps the lowest and the highest answer of each stretch", () => {
  const view = open(BINARY, { target: 1, label: "ill" });
  view.values.report = { charts: { loss: { x: [0, 5000], y: [0, 1], log: false } } };
  const outputs = Array.from({ length: 5000 }, () => [0.5]);
  outputs[1234] = [0.875];
  outputs[4321] = [0.125];
  view.made.show(run(plan(1, "sigmoid"), outputs), 0);
  const points = [...view.path("line")!.matchAll(/[ML]([\d.]+),([\d.]+)/g)];
  assert(points.length <= 810, `${points.length}`);
  for (const [at, value] of [["247", "125"], ["864.4", "875"]]) {
    assert(points.some(([, x, y]) => x === at && y === value), `${at} ${value}`);
  }
  view.close();
});

Deno.test("prediction: the table behind the picture holds the answer of each epoch", () => {
  const told = (choices: Choices, target: number, label: string, frames: Frames) => {
    const view = open(choices, { target, label });
    view.close();
    return view.table(frames);
  };
  const chances = run(plan(1, "sigmoid"), [[0.25], [0.5]]);
  assertEquals(told(BINARY, 0, "well", chances), ["chance of 1 (ill)", 0.25, 0.5]);
  const prices = run(plan(1, "linear"), [[-0.5], [2]]);
  assertEquals(told(PRICE, 1, "", prices), ["price", 75, 200]);
  assertEquals(told(BINARY, 0, "well", prices), null);
});
