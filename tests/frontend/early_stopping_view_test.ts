import view from "../../widgets/early_stopping/view.ts";
import {
  AFTER,
  type EarlyStoppingTraits,
  type Epoch,
  type Facts,
  STOPPED,
  type Story,
  storyOf,
  WARM_UP,
  WATCHED,
} from "../../widgets/early_stopping/traits.ts";
import { comparison, sentence } from "../../widgets/early_stopping/words.ts";
import { Frames } from "../../widgets/recording.ts";
import { assert, assertEquals } from "./assert.ts";
import { fakeModel, openTensorPage } from "./tensor_page.ts";

type Traits = EarlyStoppingTraits & { problem: string };
const CURVE = [0.7, 0.5, 0.4, 0.42, 0.41, 0.39, 0.45, 0.46, 0.47, 0.5];

/** What Python sends for a curve that should fall. */
function told(values: number[], settings: Partial<Facts> = {}, run = 1) {
  const { patience = 3, min_delta = 0, start_from_epoch = 0 } = settings;
  let best = NaN, best_epoch = -1, wait = 0, stopped: number | null = null;
  const rows = values.map((value, epoch) => {
    let state = WATCHED, improved = false;
    if (stopped !== null) state = AFTER;
    else if (epoch < start_from_epoch) state = WARM_UP;
    else {
      improved = best_epoch < 0 || Math.fround(value + min_delta) < Math.fround(best);
      wait = improved ? 0 : wait + 1;
      if (improved) [best, best_epoch] = [value, epoch];
      if (wait >= patience && !improved) [state, stopped] = [STOPPED, epoch];
    }
    const twin = value / 2, afresh = improved, bar = best - min_delta;
    return { epoch, value, twin, state, improved, afresh, bar, best, best_epoch, wait };
  });
  const facts: Facts = {
    monitor: "val_loss",
    monitors: ["val_loss", "val_accuracy", "loss"],
    twin: "loss",
    mode: "auto",
    first: 0,
    patience,
    min_delta,
    start_from_epoch,
    falls: true,
    baseline: null,
    restore_best_weights: true,
    stopped_epoch: stopped,
    best_epoch: best_epoch < 0 ? null : best_epoch,
    restored_epoch: best_epoch < 0 ? null : best_epoch,
    height: [0.1, 0.8],
    plateaus: [
      { low: 0, high: 2, best_epoch: 2, stops: [3, 4], value: 0.4 },
      { low: 3, high: null, best_epoch: 5, stops: [8, null], value: 0.39 },
    ],
    outcome: ["It stops.", "It saves."],
    ...settings,
  };
  const names = Object.keys(rows[0]) as (keyof Epoch)[];
  const content = {
    kind: "frames" as const,
    run,
    start: 0,
    stop: rows.length,
    settings: facts as unknown as Record<string, unknown>,
    arrays: names.map((name) => ({ name, dtype: "float64", shape: [rows.length] })),
  };
  const buffers = names.map((name) =>
    new DataView(new Float64Array(rows.map((row) => Number(row[name]))).buffer)
  );
  return { content, buffers };
}

function storyFor(values: number[], settings: Partial<Facts> = {}): Story {
  const frames = new Frames();
  const { content, buffers } = told(values, settings);
  frames.append(content, buffers);
  return storyOf(frames)!;
}

function open(settings: Partial<Facts> = {}, values = CURVE) {
  const page = openTensorPage(800);
  const controller = new AbortController();
  const python = fakeModel<Traits>({
    title: "Where early stopping would stop",
    monitor: "val_loss",
    mode: "auto",
    patience: 3,
    min_delta: 0,
    start_from_epoch: 0,
    baseline: null,
    restore_best_weights: true,
    stopped_epoch: 8,
    best_epoch: 5,
    restored_epoch: 5,
    code: "stopping = 1",
    problem: "",
    ...settings as Partial<Traits>,
  });
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model: python.model, el, signal: controller.signal, experimental: {} } as any);
  const publish = (settings: Partial<Facts>, run: number, curve = values) => {
    const { content, buffers } = told(curve, settings, run);
    python.receive(content, buffers);
    page.frames();
  };
  publish(settings, 1);
  const find = <E extends Element = HTMLElement>(selector: string) => {
    const found = el.querySelector<E>(selector);
    assert(found, `no ${selector}`);
    return found;
  };
  return {
    page,
    controller,
    python,
    el,
    find,
    publish,
    text: (selector: string) => find(selector).textContent!.trim(),
    grip: (name: string) => find(`.fe-grip-${name}`),
    button: (name: string) => find(`[aria-label='${name}']`),
    close() {
      controller.abort();
      page.restore();
    },
  };
}

Deno.test("early stopping: it opens at the stop, with words, numbers and marks", () => {
  const { text, find, el, close } = open();
  assertEquals(text(".fe-position"), "epoch 9 / 10");
  assertEquals(text(".fe-state"), "epoch 9 · best 0.390 in epoch 6 · patience 3 of 3");
  assertEquals(
    text(".fe-sentence"),
    "Epoch 9: 0.470 is not below 0.390: no improvement; 3 of 3 patience used. " +
      "Keras stops here and restores the weights of epoch 6.",
  );
  assertEquals(text("[role=status]"), `${text(".fe-sentence")} It stops. It saves.`);
  assertEquals(
    [...el.querySelectorAll(".fe-outcome p")].map((one) => one.textContent),
    ["It stops.", "It saves."],
  );
  const words = [...el.querySelectorAll(".fe-plot-over text")].map((one) => one.textContent);
  assert(words.includes("restores epoch 6") && words.includes("stops after epoch 9"), `${words}`);
  assert(find(".fe-stop") && find(".fe-restored") && find(".fe-back") && find(".fe-after"));
  assert(!find(".fe-stop").classList.contains("fe-later"));
  assertEquals(
    find(".fe-plot").getAttribute("aria-label"),
    "val_loss over epochs 1 to 10, loss beside it: training stops after epoch 9, epoch 6 is restored.",
  );
  close();
});

Deno.test("early stopping: every epoch has a true sentence", () => {
  const story = storyFor(CURVE, { start_from_epoch: 1, min_delta: 0.02 });
  const said = CURVE.map((_, frame) => sentence(story, frame));
  assertEquals(said.slice(0, 7), [
    "Epoch 1: warm-up. EarlyStopping does not look before epoch 2 (start_from_epoch 1).",
    "Epoch 2: 0.500 is the first value EarlyStopping looks at, the best so far.",
    "Epoch 3: 0.400 is below 0.500 − 0.02: an improvement, patience starts afresh.",
    "Epoch 4: 0.420 is not below 0.400 − 0.02: no improvement; 1 of 3 patience used.",
    "Epoch 5: 0.410 is not below 0.400 − 0.02: no improvement; 2 of 3 patience used.",
    "Epoch 6: 0.390 is not below 0.400 − 0.02: too small an improvement to count; 3 of 3 patience used. " +
    "Keras stops here and restores the weights of epoch 3.",
    "Epoch 7 would not be trained: the training stopped after epoch 6. Recorded without that stop, val_loss is 0.450 here.",
  ]);
  const end = sentence(storyFor([0.5, 0.4, 0.45]), 2);
  assert(
    end.endsWith(
      "The recording ends here. If training ended here, Keras would restore epoch 2 all the same.",
    ),
    end,
  );
  assert(
    sentence(storyFor([0.4, 0.5], { patience: 0 }), 1).includes(
      "a patience of 0 waits for nothing",
    ),
  );
  const held = storyFor([0.419, 0.3], { baseline: 0.42, min_delta: 0.02 });
  Object.assign(held.at(0), { afresh: false, wait: 1 });
  assertEquals(
    sentence(held, 0),
    "Epoch 1: 0.419 is the first value EarlyStopping looks at, the best so far, " +
      "but 0.419 is not below 0.420 − 0.02, the baseline: patience runs on, 1 of 3 patience used.",
  );
  assert(sentence(storyFor([NaN, 0.4]), 0).includes("no number is better than NaN"));
  assert(sentence(storyFor([0.4], { start_from_epoch: 3 }), 0).includes("no epoch was looked at"));
});

Deno.test("early stopping: what is said to lie below does so with the digits shown", () => {
  const said = (value: number, other: number, beats: boolean, min_delta = 0, falls = true) =>
    comparison(value, other, beats, { min_delta, falls });
  assertEquals(said(0.43309, 0.43312, true), "0.43309 is below 0.43312");
  assertEquals(said(0.4331, 0.4331, false), "0.433 is not below 0.433");
  assertEquals(said(0.43257, 0.43309, true, 0.0005), "0.43257 is below 0.43309 − 0.0005");
  assertEquals(said(0.8, 0.7, true, 0.01, false), "0.800 is above 0.700 + 0.01");
  assertEquals(said(0.433 - 1e-9, 0.433, false), "0.433 is not below 0.433");
  assertEquals(said(NaN, 0.4, false), "NaN is not below 0.400");
  assertEquals(said(1.5e7, 2e7, true), "1.50e+7 is below 2.00e+7");
});

Deno.test("early stopping: stepping and scrubbing sends nothing, and marks what is still to come", () => {
  const { button, find, text, python, page, close } = open();
  const before = python.sent.length;
  button("first epoch").click();
  assertEquals(text(".fe-state"), "epoch 1 · best 0.700 in epoch 1 · patience 0 of 3");
  assert(find(".fe-stop").classList.contains("fe-later"));
  button("one epoch on").click();
  page.press(find(".fe-player"), "ArrowRight", { shiftKey: true });
  assertEquals(text(".fe-position"), "epoch 6 / 10");
  page.press(find(".fe-player"), "End");
  assert(text(".fe-sentence").startsWith("Epoch 10 would not be trained"));
  assertEquals([python.sent.length, python.saves()], [before, 0]);
  close();
});

Deno.test("early stopping: arrow keys on the patience bar move its end, and not the player", () => {
  const { page, grip, python, text, publish, close } = open();
  const handle = grip("patience");
  assertEquals(handle.getAttribute("aria-valuetext"), "patience 3 epochs");
  page.press(handle, "ArrowRight");
  assertEquals([python.traits.patience, python.saves()], [4, 1]);
  assertEquals(handle.getAttribute("aria-valuenow"), "4");
  publish({ patience: 4 }, 2);
  assertEquals(text(".fe-position"), "epoch 9 / 10");
  assertEquals(text(".fe-state"), "epoch 9 · best 0.390 in epoch 6 · patience 3 of 4");
  page.press(handle, "ArrowLeft");
  page.press(handle, "ArrowLeft");
  assertEquals(python.traits.patience, 2);
  publish({ patience: 2 }, 3);
  assertEquals(text(".fe-state"), "epoch 9 · best 0.400 in epoch 3 · stopped after 5");
  for (let press = 0; press < 9; press++) page.press(handle, "ArrowLeft");
  assertEquals(python.traits.patience, 0);
  close();
});

Deno.test("early stopping: the warm-up and the line to beat are moved by keys too", () => {
  const { page, grip, python, publish, close } = open();
  const start = grip("start_from_epoch"), delta = grip("min_delta");
  for (const expected of [1, 2, 3]) {
    page.press(start, "ArrowRight");
    assertEquals(python.traits.start_from_epoch, expected);
  }
  for (let press = 0; press < 5; press++) page.press(start, "ArrowLeft");
  assertEquals(python.traits.start_from_epoch, 0);
  for (const expected of [0.001, 0.002, 0.003]) {
    page.press(delta, "ArrowDown");
    assertEquals(python.traits.min_delta, expected);
  }
  page.press(delta, "ArrowUp");
  assertEquals(python.traits.min_delta, 0.002);
  for (let press = 0; press < 5; press++) page.press(delta, "ArrowUp");
  assertEquals(python.traits.min_delta, 0);
  publish({ start_from_epoch: 20 }, 2);
  assert(delta.hidden, "there is no line to beat before an epoch is looked at");
  close();
});

Deno.test("early stopping: a dragged bar is counted from where it was taken, whatever stops meanwhile", () => {
  const { page, grip, python, publish, close } = open();
  const handle = grip("patience");
  const epoch = 75;
  page.fire(handle, "pointerdown", { button: 0, clientX: 500, clientY: 0, pointerId: 1 });
  page.fire(handle, "pointermove", { clientX: 500 - epoch, clientY: 0 });
  assertEquals(python.traits.patience, 2);
  publish({ patience: 2 }, 2);
  page.fire(handle, "pointermove", { clientX: 500, clientY: 0 });
  assertEquals(python.traits.patience, 3);
  page.fire(handle, "pointerup");
  close();
});

Deno.test("early stopping: fields and the strip send settings, a refusal shows the last good ones", () => {
  const { page, find, el, python, close } = open();
  const patience = find<HTMLInputElement>("input[type=number][aria-label='patience']");
  patience.value = "12";
  page.fire(patience, "change");
  assertEquals(python.traits.patience, 12);
  const baseline = find<HTMLInputElement>("[aria-label='baseline']");
  baseline.value = "0.5";
  page.fire(baseline, "change");
  assertEquals(python.traits.baseline, 0.5);
  baseline.value = "";
  page.fire(baseline, "change");
  assertEquals(python.traits.baseline, null);
  const slider = find<HTMLInputElement>(".fe-strip input");
  slider.value = "2";
  page.fire(slider, "input");
  assertEquals(python.traits.patience, 2);
  const parts = [...el.querySelectorAll(".fe-strip-track span")];
  assertEquals(parts.map((one) => one.getAttribute("title")), [
    "patience 0 to 2: restores epoch 3",
    "patience 3 or more: restores epoch 6",
  ]);
  assertEquals(parts.map((one) => one.classList.contains("fe-here")), [true, false]);
  const monitor = find<HTMLSelectElement>("select[aria-label='monitor']");
  monitor.value = "loss";
  page.fire(monitor, "change");
  assertEquals(python.traits.monitor, "loss");
  patience.value = "-4";
  page.fire(patience, "change");
  python.change({ patience: 2, problem: "patience is -4." });
  assertEquals(find(".fe-problem").textContent, "⚠ Not changed: patience is -4.");
  assertEquals(patience.value, "2");
  close();
});

Deno.test("early stopping: the tables hold every epoch and every patience", () => {
  const { page, el, button, close } = open();
  const fold = [...el.querySelectorAll("details")]
    .find((one) => one.querySelector("summary")!.textContent === "The numbers")!;
  fold.open = true;
  page.fire(fold, "toggle");
  const rows = () => [...fold.querySelectorAll("tbody")[1].children];
  assertEquals(rows().length, 10);
  assertEquals([...rows()[5].children].map((it) => it.textContent), [
    "6",
    "0.390000",
    "0.195000",
    "0.390000",
    "0",
    "✓ improved",
  ]);
  assertEquals([...rows()[8].children].at(-1)!.textContent, "■ stop");
  assertEquals([...rows()[9].children].at(-1)!.textContent, "not trained");
  assert(rows()[8].classList.contains("fe-current"));
  button("first epoch").click();
  assert(rows()[0].classList.contains("fe-current") && !rows()[8].classList.contains("fe-current"));
  const ranges = [...el.querySelectorAll(".fe-scroll tbody")[0].children];
  assertEquals([...ranges[0].children].map((it) => it.textContent), [
    "0 to 2",
    "3",
    "0.400000",
    "4 to 5",
  ]);
  close();
});

Deno.test("early stopping: closing the view leaves no listener", () => {
  const { page, controller, python } = open();
  assert(page.listeners() > 20 && python.heard() > 4 && page.observers() > 0);
  controller.abort();
  assertEquals([page.listeners(), python.heard(), page.observers()], [0, 0, 0]);
  page.restore();
});
