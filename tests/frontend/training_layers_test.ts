import { createForm } from "../../widgets/training/form.ts";
import { Frames } from "../../widgets/recording.ts";
import { sceneSentence } from "../../widgets/training/story.ts";
import type { Report, TrainingTraits } from "../../widgets/training/traits.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

/** The form over settings that are what the page sets, and what Python says of them. */
function mount(given: Partial<TrainingTraits> = {}, accepted?: string[]) {
  const page = openPage();
  const values = {
    units: [16],
    activation: "relu",
    dropout: 0,
    batch_normalization: false,
    l2: 0,
    optimizer: "adam",
    learning_rate: null,
    schedule: "constant",
    schedule_factor: 0.1,
    schedule_patience: null,
    schedule_words: "0.001 in every epoch.",
    batch_size: 32,
    epochs: 300,
    validation_split: 0.2,
    early_stopping: false,
    patience: 15,
    min_delta: 0,
    monitor: "val_loss",
    restore_best_weights: true,
    seed: 42,
    pending: [],
    choices: {
      activations: ["relu", "tanh", "elu"],
      optimizers: { adam: 0.001 },
      schedules: ["constant", "exponential", "cosine", "piecewise", "reduce on plateau"],
      monitors: ["val_loss", "loss"],
      accepted: accepted ??
        [
          "units",
          "activation",
          "dropout",
          "batch_normalization",
          "l2",
          "optimizer",
          "learning_rate",
        ],
      rows: 242,
      output: "One sigmoid unit.",
    },
    ...given,
  } as unknown as Record<string, unknown>;
  const controller = new AbortController();
  let saves = 0;
  const model = {
    get: (name: string) => values[name],
    set: (name: string, value: unknown) => values[name] = value,
    save_changes: () => saves++,
  };
  // deno-lint-ignore no-explicit-any
  const form = createForm(model as any, controller.signal);
  page.document.body.append(form.element);
  const labels = () => [...form.element.querySelectorAll("label")].map((one) => one.textContent);
  const focused: string[] = [];
  const button = (name: string) =>
    [...form.element.querySelectorAll("button")].find((one) =>
      (one.getAttribute("aria-label") ?? one.textContent) === name
    )!;
  const event = (target: Element, kind: string) =>
    target.dispatchEvent(new (page.document.defaultView!.Event)(kind, { bubbles: true }));
  return {
    values,
    form,
    labels,
    focused,
    button,
    saves: () => saves,
    field(label: string) {
      const found = [...form.element.querySelectorAll("label")].find((one) =>
        one.textContent === label
      );
      assert(found, `a label ${label} among ${labels().join("; ")}`);
      const id = found!.getAttribute("for")!;
      return form.element.querySelector(`[id="${id}"]`) as HTMLInputElement;
    },
    press(name: string) {
      // Buttons are made anew with the number of layers: whichever is focused after a press is heard.
      const proto = Object.getPrototypeOf(button(name));
      const before = proto.focus;
      proto.focus = function (this: HTMLElement) {
        focused.push(this.getAttribute("aria-label") ?? this.textContent);
      };
      event(button(name), "click");
      proto.focus = before;
    },
    type(label: string, value: string | boolean) {
      const input = this.field(label);
      if (typeof value === "boolean") input.checked = value;
      else {
        input.value = value;
        Object.defineProperty(input, "valueAsNumber", { configurable: true, value: Number(value) });
      }
      event(input, "change");
    },
    told: () => ({
      units: values.units,
      activation: values.activation,
      batch_normalization: values.batch_normalization,
      dropout: values.dropout,
      l2: values.l2,
    }),
    end() {
      controller.abort();
      page.restore();
    },
  };
}

Deno.test("layers: one layer has plain labels, several are numbered", () => {
  const view = mount();
  const names = ["units", "activation", "batch normalization", "dropout", "L2"];
  for (const name of names) assert(view.labels().includes(name), name);
  view.press("+ layer");
  for (const name of names) {
    assert(!view.labels().includes(name), name);
    assert(view.labels().includes(`${name}, layer 2`), name);
  }
  assertEquals(view.told(), {
    units: [16, 16],
    activation: "relu",
    batch_normalization: false,
    dropout: 0,
    l2: 0,
  });
  view.end();
});

Deno.test("layers: what one layer gets becomes a list, and one value again when all are equal", () => {
  const view = mount({ units: [16, 8] });
  view.type("units, layer 2", "4");
  view.type("activation, layer 2", "tanh");
  view.type("batch normalization, layer 1", true);
  view.type("dropout, layer 1", "0.5");
  view.type("L2, layer 2", "0.01");
  assertEquals(view.told(), {
    units: [16, 4],
    activation: ["relu", "tanh"],
    batch_normalization: [true, false],
    dropout: [0.5, 0],
    l2: [0, 0.01],
  });
  view.type("activation, layer 1", "tanh");
  view.type("batch normalization, layer 2", true);
  view.type("L2, layer 2", "0");
  assertEquals(
    [view.values.activation, view.values.batch_normalization, view.values.l2],
    ["tanh", true, 0],
  );
  view.end();
});

const THREE: Partial<TrainingTraits> = {
  units: [30, 20, 10],
  activation: ["relu", "tanh", "elu"],
  batch_normalization: [true, false, false],
  dropout: [0.1, 0.2, 0.3],
  l2: [0.01, 0.02, 0.03],
};

Deno.test("layers: a layer moves with all it has, and the focus moves with it", () => {
  const view = mount(THREE);
  view.press("move hidden layer 3 up");
  assertEquals(view.told(), {
    units: [30, 10, 20],
    activation: ["relu", "elu", "tanh"],
    batch_normalization: [true, false, false],
    dropout: [0.1, 0.3, 0.2],
    l2: [0.01, 0.03, 0.02],
  });
  assertEquals(view.field("units, layer 2").value, "10");
  view.press("move hidden layer 2 up");
  assertEquals(view.values.units, [10, 30, 20]);
  assertEquals(view.values.batch_normalization, [false, true, false]);
  // At the top there is no further up: the button beside it takes the focus.
  assertEquals(view.focused, ["move hidden layer 2 up", "move hidden layer 1 down"]);
  view.press("move hidden layer 1 down");
  assertEquals(view.focused.at(-1), "move hidden layer 2 down");
  view.end();
});

Deno.test("layers: the ends say why they cannot move further", () => {
  const view = mount(THREE);
  const said = (name: string) => [view.button(name).disabled, view.button(name).title];
  assertEquals(said("move hidden layer 1 up"), [true, "It is the first hidden layer"]);
  assertEquals(said("move hidden layer 3 down"), [true, "It is the last hidden layer"]);
  assert(!view.button("move hidden layer 2 up").disabled);
  view.end();
});

Deno.test("layers: removing takes all of a layer, down to none and back", () => {
  const view = mount(THREE);
  view.press("remove hidden layer 2");
  assertEquals(view.told(), {
    units: [30, 10],
    activation: ["relu", "elu"],
    batch_normalization: [true, false],
    dropout: [0.1, 0.3],
    l2: [0.01, 0.03],
  });
  view.press("remove hidden layer 2");
  view.press("remove hidden layer 1");
  assertEquals(view.told(), {
    units: [],
    activation: "relu",
    batch_normalization: true,
    dropout: 0.1,
    l2: 0.01,
  });
  assertEquals(view.focused, ["remove hidden layer 2", "remove hidden layer 1", "+ layer"]);
  view.press("+ layer");
  assertEquals([view.values.units, view.values.dropout], [[16], 0.1]);
  view.end();
});

Deno.test("layers: a builder that takes no batch normalization says so once for all layers", () => {
  const view = mount({ units: [8, 4] }, ["units", "activation", "dropout"]);
  assert(view.field("batch normalization, layer 2").disabled);
  assert(view.field("L2, layer 1").disabled && !view.field("dropout, layer 1").disabled);
  const said = [...view.form.element.querySelectorAll("small")].map((one) => one.textContent);
  const fixed = "fixed: this model's builder does not take it";
  assertEquals(said.filter((words) => words === `${fixed} (batch normalization)`).length, 1);
  assertEquals(said.filter((words) => words === `${fixed} (L2)`).length, 1);
  view.end();
});

Deno.test("layers: every setting that waits for the next run is marked", () => {
  const view = mount({ units: [8, 4] });
  view.values.pending = ["activation", "l2", "schedule"];
  view.form.update();
  const marked = [...view.form.element.querySelectorAll(".fe-pending > label")]
    .map((one) => one.textContent);
  assertEquals(marked.sort(), ["L2, layer 1", "L2, layer 2", "schedule"]);
  const heads = () =>
    [...view.form.element.querySelectorAll(".fe-layer-head.fe-pending > b")]
      .map((one) => one.textContent);
  assertEquals(heads(), ["hidden layer 1", "hidden layer 2"]);
  view.values.pending = ["dropout"];
  view.form.update();
  assertEquals(heads(), []);
  view.end();
});

Deno.test("layers: a batch of one row is told where batch normalization leaves nothing of it", () => {
  const view = mount();
  const said = () => view.form.element.textContent.includes("The last batch is a single row");
  assert(!said());
  view.values.batch_normalization = [true];
  view.form.update();
  assert(said());
  view.values.batch_size = 50;
  view.form.update();
  assert(!said());
  view.end();
});

Deno.test("schedule: what it needs is shown with it, and told in numbers", () => {
  const view = mount();
  const hidden = (label: string) => view.field(label).closest(".fe-field")!.hasAttribute("hidden");
  assert(hidden("schedule factor") && hidden("schedule patience"));
  assert(view.form.element.textContent.includes("0.001 in every epoch."));
  assert(view.field("monitor").disabled);
  view.type("schedule", "cosine");
  view.values.schedule_words = "0.001 in epoch 1, 0.0001 in epoch 300.";
  view.form.update();
  assertEquals(view.values.schedule, "cosine");
  assert(!hidden("schedule factor") && hidden("schedule patience"));
  assert(view.form.element.textContent.includes("share of the rate that is left at the end"));
  assert(view.form.element.textContent.includes("0.0001 in epoch 300."));
  view.type("schedule", "reduce on plateau");
  view.form.update();
  assert(!hidden("schedule patience"));
  assert(view.form.element.textContent.includes("multiplied by this on every plateau"));
  assert(!view.field("monitor").disabled && view.field("min_delta").disabled);
  view.type("schedule patience", "4");
  assertEquals(view.values.schedule_patience, 4);
  view.end();
});

Deno.test("schedule: the sentence of a frame tells its learning rate, of a followed batch too", () => {
  const frames = new Frames();
  const values = {
    epoch: [0, 0],
    batch: [2, -1],
    rows: [32, 0],
    loss: [0.5, 0.4],
    val_loss: [NaN, 0.6],
    best: [-1, 0],
    wait: [0, 0],
  };
  const fill = (arrays: Record<string, number[]>) =>
    frames.append(
      {
        kind: "frames",
        run: frames.run + 1,
        start: 0,
        stop: 2,
        settings: { batches: 7 },
        arrays: Object.keys(arrays).map((name) => ({ name, dtype: "float64", shape: [2] })),
      },
      Object.values(arrays).map((one) => new DataView(new Float64Array(one).buffer)),
    );
  const said = (frame: number) => sceneSentence(frames, frame, {} as Report);
  fill({ ...values, learning_rate: [0.01, 0.0025] });
  assert(said(0).endsWith("loss 0.500 before the update, learning rate 0.0100."));
  assert(said(1).includes("validation loss 0.600, learning rate 0.00250."));
  fill(values);
  assert(!said(0).includes("learning rate") && !said(1).includes("learning rate"));
});
