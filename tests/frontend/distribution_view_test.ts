import view from "../../widgets/distribution/view.ts";
import { Timeline } from "../../widgets/distribution/timeline.ts";
import type { DistributionTraits, Facts, Report } from "../../widgets/distribution/traits.ts";
import { apart } from "../../widgets/distribution/words.ts";
import type { FramesHeader } from "../../widgets/recording.ts";
import { assert, assertEquals } from "./assert.ts";
import { fakeModel, openTensorPage } from "./tensor_page.ts";

type Told = DistributionTraits & { problem: string; _still: string };

const TIMES = { median: 0.001, fastest: 0.001, slowest: 0.002, updates: 40 };
const FACTS: Facts = {
  batch_size: 4,
  seed: 42,
  rows: 5,
  row_name: "patient",
  updates: 2,
  parameters: 3,
  bytes: 12,
  weights: [["dense/kernel", [2, 1]], ["dense/bias", [1]]],
  optimizer: "Adam",
  loss: "binary_crossentropy",
  devices: ["/device:CPU:0", "/device:CPU:1"],
  cores: 2,
  two_seconds: TIMES,
  one_seconds: TIMES,
};

/** Two updates of 4 rows and of 1, of a network of 3 weights; `frames` 0 for no run. */
function messageOf(frames = 3, run = 1): [FramesHeader, DataView[]] {
  const nan = [NaN, NaN, NaN];
  const arrays: Record<string, number[][]> = {
    rows: [[-1, -1, -1, -1], [4, 0, 2, 1], [3, -1, -1, -1]],
    dealt: [[0, 0], [2, 2], [1, 0]],
    loss: [[NaN], [0.7], [0.65]],
    gradient: [[...nan, ...nan], [0.3, -0.4, 0, 0.1, 0.2, 0], [0.5, 0, 0, 0, 0, 0]],
    gradient_norm: [[NaN, NaN], [0.5, 0.2236], [0.5, 0]],
    angle: [[NaN], [116.6], [NaN]],
    reduced: [nan, [0.4, -0.2, 0], [0.5, 0, 0]],
    reduced_norm: [[NaN], [0.4472], [0.5]],
    single_gradient: [nan, [0.4, -0.2, 0], [0.5, 0, 0]],
    gradient_difference: [[NaN], [2.98e-8], [0]],
    weights: [[1, -1, 0, 1, -1, 0], [0.9, -0.9, 0, 0.9, -0.9, 0], [0.8, -0.9, 0, 0.8, -0.9, 0]],
    single_weights: [[1, -1, 0], [0.9, -0.9, 0], [0.8, -0.9, 0]],
    replica_difference: [[0], [0], [0]],
    single_difference: [[0], [1.49e-8], [1.49e-8]],
  };
  const names = frames ? Object.keys(arrays) : [];
  return [
    {
      kind: "frames",
      run,
      start: 0,
      stop: frames,
      settings: frames ? { ...FACTS } : {},
      arrays: names.map((name) => ({
        name,
        dtype: "float64",
        shape: [frames, ...(arrays[name][0].length > 1 ? [arrays[name][0].length] : [])],
      })),
    },
    names.map((name) => new DataView(Float64Array.from(arrays[name].flat()).buffer)),
  ];
}

const REPORT: Report = { share: 0, doing: "", outcome: "", error: "", played: false, rows: 5 };

function open(more: Partial<Told> = {}, frames = 3) {
  const page = openTensorPage();
  const controller = new AbortController();
  const python = fakeModel<Told>({
    title: "One update on two devices",
    batch_size: 4,
    seed: 42,
    status: frames ? "done" : "idle",
    report: REPORT,
    said: frames ? ["Measured here: one update took 1 ms."] : [],
    code: "strategy = tf.distribute.MirroredStrategy()",
    problem: "",
    _still: "",
    ...more,
  });
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model: python.model, el, signal: controller.signal, experimental: {} } as any);
  const publish = (...message: ReturnType<typeof messageOf>) => python.receive(...message);
  publish(...messageOf(frames));
  const find = <E extends HTMLElement = HTMLElement>(selector: string) => {
    const found = el.querySelector<E>(selector);
    assert(found, `no ${selector}`);
    return found;
  };
  const named = (name: string) => find<HTMLButtonElement>(`[aria-label="${name}"]`);
  const button = (label: string) =>
    [...el.querySelectorAll("button")].find((one) => one.textContent.trim() === label)!;
  const say = () => find(".fe-dock .fe-sentence").textContent!;
  /** One stage on, and the tween at its end. */
  const step = () => {
    named("one stage on").click();
    page.frames(1000);
  };
  const close = () => {
    controller.abort();
    page.restore();
  };
  return { page, python, el, find, named, button, say, step, publish, close, controller };
}

Deno.test("distribution: four stages an update, after the start", () => {
  const timeline = new Timeline(2);
  assertEquals(timeline.length, 9);
  assertEquals(timeline.starts, [0, 1, 5]);
  assertEquals(timeline.at(0), { stage: "start", update: 0 });
  assertEquals(timeline.at(4), { stage: "update", update: 1 });
  assertEquals(timeline.at(5), { stage: "deal", update: 2 });
});

Deno.test("distribution: each stage says what happens, with the numbers of this update", () => {
  const { say, step, find, close } = open();
  assert(say().startsWith("The start: both devices hold a copy"), say());
  assert(say().endsWith("exactly 0."), say());
  assertEquals(find("[role=status]").textContent, say());
  const heard: string[] = [];
  for (let stage = 0; stage < 8; stage++) {
    step();
    heard.push(say());
  }
  assert(heard[0].includes("4 patients are dealt, 2 to device 1 and 2 to device 2."), heard[0]);
  assert(heard[1].includes("lengths 0.500 and 0.224, 117° apart"), heard[1]);
  assert(heard[2].includes("3 numbers each way") && heard[2].endsWith("3.0e−8."), heard[2]);
  assert(heard[3].includes("exactly 0; from one device alone: at most 1.5e−8, because"), heard[3]);
  assert(heard[4].includes("the batch has 1 patient left"), heard[4]);
  assert(heard[4].includes("device 2 has nothing to do"), heard[4]);
  assert(heard[5].includes("Device 2 has no patient and will send zeros"), heard[5]);
  close();
});

Deno.test("distribution: rows are dealt, gradients appear, their sum appears, and the parts at work are marked", () => {
  const { el, find, step, page, close } = open();
  const active = () =>
    [...el.querySelectorAll(".fe-active h3")].map((head) => head.textContent).join("|");
  const dealt = (place: number) =>
    el.querySelectorAll(
      `.fe-device:nth-of-type(${place}) .fe-first, .fe-device:nth-of-type(${place}) .fe-second`,
    )
      .length;
  const painted = (selector: string) =>
    page.painted(find(selector)).filter(({ call }) => call === "fillRect").length;
  const strips = () => [
    painted(".fe-device-one .fe-strip"),
    painted(".fe-device-two .fe-strip"),
    painted(".fe-reduce .fe-strip"),
  ];
  strips();
  assertEquals(active(), "");
  step();
  assertEquals(active(), "The batch");
  assertEquals([dealt(2), dealt(3)], [2, 2]);
  strips();
  step();
  assertEquals(active(), "Device 1|Device 2|For comparison: one device alone");
  const [one, two, sum] = strips();
  assert(one >= 4 && two >= 4 && sum <= 2, [one, two, sum].join());
  step();
  assertEquals(active(), "All-reduce: the sum of both");
  assert(strips()[2] >= 4);
  assert(find(".fe-reduce p").textContent!.includes("length 0.447 · 12 bytes"));
  step();
  assertEquals(active(), "Device 1|Device 2|For comparison: one device alone");
  close();
});

Deno.test("distribution: gradients fly only while there is time for it", () => {
  const { named, find, page, close } = open();
  const flight = find(".fe-flight");
  for (let stage = 0; stage < 3; stage++) named("one stage on").click();
  assert(!flight.hasAttribute("hidden"));
  page.painted(flight);
  page.frames(100);
  assert(page.painted(flight).filter(({ call }) => call === "fillRect").length >= 6);
  page.frames(1000);
  assert(flight.hasAttribute("hidden"));
  named("last stage").click();
  assert(flight.hasAttribute("hidden"), "a jump is shown at once");
  close();
});

Deno.test("distribution: keys play and step, by stages and by updates", () => {
  const { find, say, page, close } = open();
  const root = find(".fe");
  page.press(root, "ArrowRight", { shiftKey: true });
  assert(say().startsWith("Update 1 of 2: the batch's"), say());
  page.press(root, "PageDown");
  assert(say().startsWith("Update 2 of 2"), say());
  page.press(root, "Home");
  assert(say().startsWith("The start"));
  page.press(root, "End");
  assert(say().startsWith("Update 2 of 2: both devices"), say());
  close();
});

Deno.test("distribution: before a run the card says what will happen, and its button sends the settings", () => {
  const { find, button, python, close } = open({}, 0);
  assert(find(".fe-empty").textContent!.includes("some 15 seconds"));
  assert(find(".fe-distributed").hasAttribute("hidden") && find(".fe-dock").hasAttribute("hidden"));
  button("Run it").click();
  const { kind, settings } = python.sent.at(-1) as { kind: string; settings: unknown };
  assertEquals([kind, settings], ["run", { batch_size: 4 }]);
  python.change({ status: "running" });
  python.change({ report: { ...REPORT, doing: "training on two devices", share: 0.5 } });
  assert(
    button("Run it").disabled && find(".fe-job-progress").textContent!.includes("training on"),
  );
  button("Stop").click();
  assertEquals((python.sent.at(-1) as { kind: string }).kind, "stop");
  python.change({ status: "failed" });
  python.change({
    report: { ...REPORT, outcome: "failed", error: "The layer dropout is Dropout." },
  });
  assertEquals(find(".fe-error").textContent, "The layer dropout is Dropout.");
  close();
});

Deno.test("distribution: a recorded run is only played, and a changed setting is told", () => {
  const played = open({ report: { ...REPORT, played: true, rows: 0 } });
  assert(played.find(".fe-job").hasAttribute("hidden"));
  played.step();
  assert(played.say().startsWith("Update 1"));
  played.close();
  const changed = open({ batch_size: 5 });
  assert(changed.find(".fe-told").textContent!.startsWith("Changed: batch size."));
  changed.close();
});

Deno.test("distribution: the table holds every update, with the one shown marked", () => {
  const { el, step, find, close } = open();
  const rows = () =>
    [...el.querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent).join(" ")
    );
  assertEquals(
    rows()[1],
    "1 2 + 2 0.7000 0.5000 0.2236 116.6 0.4472 2.980e−8 0 1.490e−8",
  );
  assertEquals(rows()[0], "start – – – – – – – 0 0");
  step();
  assertEquals(find("tr.fe-current th").textContent, "1");
  assertEquals([apart(0), apart(1.49e-8)], ["exactly 0", "at most 1.5e−8"]);
  close();
});

Deno.test("distribution: nothing is left after the signal", () => {
  const { page, close, python, controller } = open();
  assert(page.listeners() > 10 && page.observers() > 0);
  controller.abort();
  assertEquals([page.listeners(), page.observers()], [0, 0]);
  assertEquals((python.sent.at(-1) as { kind: string }).kind, "leave");
  close();
});
