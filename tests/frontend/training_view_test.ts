import view from "../../widgets/training/view.ts";
import type { TrainingTraits } from "../../widgets/training/traits.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

type Listener = (...values: unknown[]) => void;

const axis = { x: [0, 10] as [number, number], y: [0, 1] as [number, number], log: false };

function traits(): TrainingTraits {
  return {
    title: "Train",
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
    batch_size: 32,
    epochs: 300,
    validation_split: 0.2,
    early_stopping: false,
    patience: 15,
    min_delta: 0,
    monitor: "val_loss",
    restore_best_weights: true,
    seed: 42,
    speed: "full speed",
    log_scale: false,
    patient: 0,
    histograms: false,
    shown: 0,
    compared: 0,
    comparison: null,
    compared_curves: new DataView(new ArrayBuffer(0)),
    status: "idle",
    problem: "",
    schedule_words: "",
    pending: [],
    report: {
      charts: {
        loss: axis,
        metric: axis,
        baseline: { answer: "0", level: 33 / 49, right: 33, rows: 49, validation: true },
      },
      loss: "binary cross-entropy",
      metric: "accuracy",
      epoch: 0,
      run: 0,
      outcome: "",
    },
    runs: [],
    seal: { times: 0, models: 0 },
    code: "# none",
    chosen: { rows: 242, target: 0, label: "no", noun: "patient" },
    choices: {
      activations: ["relu", "tanh"],
      optimizers: { adam: 0.001, sgd: 0.01 },
      schedules: ["constant", "exponential", "cosine", "piecewise", "reduce on plateau"],
      monitors: ["val_loss", "loss"],
      speeds: ["1 batch a second", "full speed"],
      accepted: ["units", "activation", "optimizer", "learning_rate"],
      rows: 242,
      test_rows: 61,
      guess: { answer: "0", level: 44 / 61, right: 44, rows: 61 },
      classes: ["no", "yes"],
      output: "One sigmoid unit, because it rained or not.",
      scale: null,
      columns: [],
      notes: [],
    },
    loss_chart: "IPY_MODEL_a",
    metric_chart: "IPY_MODEL_b",
  };
}

function mount() {
  const page = openPage();
  Object.assign(globalThis, {
    MutationObserver: class {
      observe() {}
      disconnect() {}
    },
  });
  const values = traits() as unknown as Record<string, unknown>;
  const on = new Map<string, Set<Listener>>();
  const sent: { kind: string }[] = [];
  let saves = 0;
  let attached = 0;
  const model = {
    get: (name: string) => values[name],
    set: (name: string, value: unknown) => values[name] = value,
    save_changes: () => saves++,
    send: (content: { kind: string }) => sent.push(content),
    on: (name: string, call: Listener) => {
      if (!on.has(name)) on.set(name, new Set());
      on.get(name)!.add(call);
    },
    off: (name: string, call: Listener) => on.get(name)?.delete(call),
    widget_manager: {
      get_model: () => Promise.resolve({}),
      create_view: () => {
        attached++;
        return Promise.resolve({
          el: page.document.createElement("div"),
          remove: () => attached--,
        });
      },
    },
  };
  const controller = new AbortController();
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model, el, signal: controller.signal } as any);
  return {
    page,
    el,
    values,
    sent,
    abort: () => controller.abort(),
    saves: () => saves,
    attached: () => attached,
    heard: () => [...on.values()].reduce((sum, calls) => sum + calls.size, 0),
    change(name: string, value: unknown) {
      values[name] = value;
      on.get(`change:${name}`)?.forEach((call) => call());
    },
    button(label: string) {
      return [...el.querySelectorAll("button")].find((one) => one.textContent.trim() === label)!;
    },
    field(label: string) {
      const found = [...el.querySelectorAll("label")].find((one) => one.textContent === label)!;
      return page.document.getElementById(found.getAttribute("for")!) as HTMLInputElement;
    },
  };
}

Deno.test("training: nothing is left after the signal, and the page says it left", async () => {
  const view = mount();
  await new Promise((resolve) => setTimeout(resolve));
  assert(view.page.listeners() > 10);
  assert(view.heard() > 10);
  assertEquals(view.attached(), 2);
  view.abort();
  assertEquals(view.page.listeners(), 0);
  assertEquals(view.heard(), 0);
  assertEquals(view.attached(), 0);
  assertEquals(view.sent.at(-1)!.kind, "leave");
  view.page.restore();
});

Deno.test("training: buttons send commands, and say at once that they were heard", () => {
  const view = mount();
  view.button("Train").dispatchEvent(new (view.page.document.defaultView!.Event)("click"));
  const { kind, settings } = view.sent.at(-1)! as {
    kind: string;
    settings: Record<string, unknown>;
  };
  assertEquals(kind, "train");
  assertEquals(settings.batch_size, view.values.batch_size);
  assertEquals(Object.keys(settings).length, 19);
  view.change("status", "training");
  assert(view.button("Pause"));
  const stop = view.button("Stop");
  assert(!stop.disabled);
  stop.dispatchEvent(new (view.page.document.defaultView!.Event)("click"));
  assertEquals(view.sent.at(-1)!.kind, "stop");
  assertEquals(stop.textContent.trim(), "Stopping…");
  view.change("status", "paused");
  assert(view.button("Resume"));
  view.abort();
  view.page.restore();
});

Deno.test("training: a problem is said, and Train says why it cannot be pressed", () => {
  const view = mount();
  view.change("problem", "batch_size 500 is larger than the 193 training rows.");
  const alarm = view.el.querySelector("[role=alert]")!;
  assert(alarm.textContent.includes("193 training rows"));
  assert(!alarm.hasAttribute("hidden"));
  assert(view.button("Train").disabled);
  assert(view.button("Train").title.includes("193"));
  view.abort();
  view.page.restore();
});

Deno.test("training: changed settings wait for the next run, and say so", () => {
  const view = mount();
  view.change("status", "training");
  view.change("pending", ["batch_size"]);
  const note = [...view.el.querySelectorAll("[role=status]")]
    .find((one) => one.textContent.includes("batch size"))!;
  assert(note.textContent.includes("waits for the next one"));
  view.abort();
  view.page.restore();
});

Deno.test("training: what the builder does not take is disabled and says why", () => {
  const view = mount();
  const dropout = view.field("dropout");
  assert(dropout.disabled);
  assert(view.el.textContent.includes("fixed: this model's builder does not take it"));
  view.abort();
  view.page.restore();
});

Deno.test("training: output layer and loss stand with what Python says of them", () => {
  const view = mount();
  assert(view.el.textContent.includes("One sigmoid unit, because it rained or not."));
  assert(view.el.textContent.includes("loss (binary cross-entropy)"));
  assert(view.el.textContent.includes("always 0: 33 of 49 validation rows (67.3 %)"));
  assert(!view.el.textContent.includes("what became of them"));
  view.abort();
  view.page.restore();
});

Deno.test("training: adding and removing layers changes units and keeps the rates", () => {
  const view = mount();
  const click = (label: string) =>
    view.button(label).dispatchEvent(new (view.page.document.defaultView!.Event)("click"));
  click("+ layer");
  assertEquals(view.values.units, [16, 16]);
  view.change("units", [16, 16]);
  assertEquals(view.el.querySelectorAll("input[type=range]").length >= 2, true);
  view.abort();
  view.page.restore();
});

Deno.test("training: what paused or stopped a run, if not the learner, is said with it", () => {
  const view = mount();
  const told = (status: string, changes: object) => {
    view.values.report = {
      ...(view.values.report as object),
      epoch: 7,
      planned: 9,
      best: 3,
      ...changes,
    };
    view.change("status", status);
    return view.el.querySelector(".fe-outcome")!.textContent;
  };
  assertEquals(told("paused", { note: "" }), "Paused.");
  assertEquals(told("paused", { note: "All are paused." }), "All are paused.");
  assertEquals(told("loading", { note: "It waits for its turn." }), "It waits for its turn.");
  const stopped = { outcome: "stopped" };
  assert(
    told("done", { ...stopped, note: "" }).startsWith("You stopped the run after 7 of 9 epochs."),
  );
  const late = told("done", { ...stopped, note: "It took too long." });
  assert(late.startsWith("The run was stopped after 7 of 9 epochs."), late);
  assert(late.endsWith("The best epoch was 3. It took too long."), late);
  view.abort();
  view.page.restore();
});
