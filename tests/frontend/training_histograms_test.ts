import type { AnyModel } from "@anywidget/types";
import { Frames, type FramesHeader } from "../../widgets/recording.ts";
import { type Counted, createHistograms, type Panel } from "../../widgets/training/histograms.ts";
import type { TrainingTraits } from "../../widgets/training/traits.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

type Listener = (...values: unknown[]) => void;

const panel = (kind: Panel["kind"], values: number): Panel => ({
  layer: "hidden layer 1",
  kind,
  units: 2,
  activation: "relu",
  relu: kind === "activations",
  first: kind === "activations" ? 0 : -1,
  width: 0.5,
  bins: 3,
  values,
});

const SETTINGS: Counted = {
  why: "",
  run: 4,
  panels: [panel("weights", 6), panel("activations", 8)],
  every: 2,
  rows: 4,
  training_rows: 4,
  noun: "patient",
  total: 3,
};

/** Three counted epochs: 1, 3 and 4. */
const COUNTS = [[6, 0, 0, 8, 0, 0], [1, 4, 1, 4, 2, 2], [0, 3, 2, 8, 0, 0]];
const FACTS: Record<string, number[][]> = {
  low: [[-1, 0], [-1, 0], [-0.4, 0]],
  high: [[-0.6, 0.3], [0.4, 1.2], [0.3, 0]],
  std: [[0.125, 0.1], [0.25, 0.4], [0.5, 0]],
  nonfinite: [[0, 0], [0, 0], [1, 0]],
  zeros: [[0, 2], [0, 4], [0, 8]],
  dead: [[-1, 0], [-1, 0], [-1, 2]],
};

function message(start: number, stop: number, changed: Partial<Counted> = {}, run = 1) {
  const arrays: FramesHeader["arrays"] = [], buffers: DataView[] = [];
  const add = (name: string, dtype: string, rows: number[][], data: ArrayBuffer) => {
    arrays.push({
      name,
      dtype,
      shape: [rows.length, ...(rows[0].length > 1 ? [rows[0].length] : [])],
    });
    buffers.push(new DataView(data));
  };
  const cut = (rows: number[][]) => rows.slice(start, stop);
  const epochs = cut([[0], [2], [3]]);
  add("epoch", "int32", epochs, new Int32Array(epochs.flat()).buffer);
  add("counts", "uint16", cut(COUNTS), new Uint16Array(cut(COUNTS).flat()).buffer);
  for (const [name, rows] of Object.entries(FACTS)) {
    add(name, "float32", cut(rows), new Float32Array(cut(rows).flat()).buffer);
  }
  const settings = start
    ? undefined
    : { ...SETTINGS, ...changed } as unknown as Record<string, unknown>;
  return [{ kind: "histograms", run, start, stop, settings, arrays }, buffers] as const;
}

/** The run on the page: four epochs, and one update of the third that was followed. */
function played(): Frames {
  const frames = new Frames();
  const arrays = ["epoch", "batch"].map((name) => ({ name, dtype: "int32", shape: [5] }));
  const rows = [[0, 1, 2, 2, 3], [-1, -1, 0, -1, -1]];
  frames.append(
    { kind: "frames", run: 1, start: 0, stop: 5, settings: { run: 4 }, arrays },
    rows.map((row) => new DataView(new Int32Array(row).buffer)),
  );
  return frames;
}

function open(isOpen = true) {
  const page = openPage();
  const values: Record<string, unknown> = { histograms: isOpen, status: "done" };
  const on = new Map<string, Set<Listener>>();
  const sent: Record<string, unknown>[] = [];
  let saved = 0;
  const model = {
    get: (name: string) => values[name],
    set: (name: string, value: unknown) => values[name] = value,
    save_changes: () => saved++,
    send: (content: Record<string, unknown>) => sent.push(content),
    on: (name: string, call: Listener) => on.set(name, (on.get(name) ?? new Set()).add(call)),
    off: (name: string, call: Listener) => on.get(name)?.delete(call),
  } as unknown as AnyModel<TrainingTraits>;
  const controller = new AbortController();
  const fold = createHistograms(model, controller.signal);
  page.document.body.append(fold.element);
  return {
    ...fold,
    page,
    sent,
    values,
    saved: () => saved,
    get: (...message: readonly [unknown, unknown]) =>
      on.get("msg:custom")!.forEach((call) => call(...message)),
    all: (selector: string) => [...fold.element.querySelectorAll(selector)],
    note: () => fold.element.querySelector(".fe-note")!.textContent,
    words: () => fold.element.querySelector(".fe-spread-layer > .fe-note")!.textContent,
    /** Heights of the bars of a panel in counts, from its path. */
    bars: (place: number, most: number) => {
      const path = fold.element.querySelectorAll(".fe-spread-bars")[place].getAttribute("d")!;
      const found = [...path.matchAll(/M(\d),100V([\d.]+)/g)];
      return found.map((
        [, bin, top],
      ) => [Number(bin), Math.round((100 - Number(top)) / 100 * most)]);
    },
    close() {
      controller.abort();
      assertEquals([...on.values()].reduce((sum, calls) => sum + calls.size, 0), 0);
      assertEquals(page.listeners(), 0);
      page.restore();
    },
  };
}

Deno.test("histograms: the bars are the counts of the last epoch counted by then", () => {
  const fold = open();
  const frames = played();
  fold.get(...message(0, 3));
  fold.show(frames, 0);
  assert(fold.note().startsWith("After epoch 1. The outline is epoch 1."), fold.note());
  assertEquals(fold.bars(0, 6), [[0, 6]]);
  fold.show(frames, 3);
  assert(fold.note().startsWith("After epoch 3."));
  assertEquals(fold.bars(0, 6), [[0, 1], [1, 4], [2, 1]]);
  assertEquals(fold.bars(1, 6), [[1, 2], [2, 2]]);
  // Of an update in the third epoch the weights are on their way: what stands is the epoch before.
  fold.show(frames, 2);
  assert(fold.note().startsWith("After epoch 1."));
  const outline = fold.all(".fe-spread-first").map((path) => path.getAttribute("d"));
  assertEquals(outline, ["M0,100V0h1V100h1V100h1V100", "M0,100V0h1V100h1V100h1V100"]);
  fold.show(frames, 4);
  assertEquals(fold.all(".fe-spread-first").map((path) => path.getAttribute("d")), outline);
  fold.close();
});

Deno.test("histograms: a layer is told in numbers: spread, zeros, dead units, what is no number", () => {
  const fold = open();
  const frames = played();
  fold.get(...message(0, 3));
  fold.show(frames, 3);
  assertEquals(
    fold.words(),
    "Weights from −1.00 to 0.400, standard deviation 0.250 (after the first epoch 0.125); outputs from 0 to 1.20, " +
      "standard deviation 0.400. 50.0\u00a0% of the outputs are exactly 0; " +
      "no unit is dead (0 for every patient trained on).",
  );
  fold.show(frames, 4);
  assertEquals(
    fold.words(),
    "Weights from −0.400 to 0.300, standard deviation 0.500 (after the first epoch 0.125); 1 of 6 are NaN or infinite; " +
      "outputs all 0. 100.0\u00a0% of the outputs are exactly 0; 2 of 2 units are dead (0 for every patient trained on).",
  );
  assertEquals(
    fold.note(),
    "After epoch 4. The outline is epoch 1. Of this long run every 2nd epoch is counted, and the last. " +
      "Outputs: for the 4 patients trained on, nothing dropped.",
  );
  assert(fold.all("svg")[1].getAttribute("aria-label")!.startsWith("8 outputs: all 0"));
  assertEquals(fold.all(".fe-spread figcaption")[1].textContent, "8 outputs100\u00a0% are 0");
  fold.close();
});

Deno.test("histograms: of many rows it says which are counted", () => {
  const fold = open();
  fold.get(...message(0, 3, { rows: 1000, training_rows: 16_000, every: 1 }));
  fold.show(played(), 0);
  assertEquals(
    fold.note(),
    "After epoch 1. The outline is epoch 1. " +
      "Outputs: for 1,000 of the 16,000 patients trained on, evenly spaced, nothing dropped.",
  );
  fold.close();
});

Deno.test("histograms: the page asks once for each part that is missing, and scrubbing asks nothing", () => {
  const fold = open();
  const asked = () =>
    fold.sent.filter(({ start }) => start).map(({ kind, start }) => [kind, start]);
  assertEquals(fold.sent, [{ kind: "histograms?", run: 0, start: 0 }]);
  fold.get(...message(0, 1));
  fold.get(...message(0, 1));
  assertEquals(asked(), [["histograms?", 1]]);
  const frames = played();
  fold.show(frames, 4);
  assert(fold.note().includes("Counted so far: 1 of 3 epochs."));
  fold.get(...message(1, 2));
  assertEquals(asked(), [["histograms?", 1], ["histograms?", 2]]);
  fold.get(...message(2, 3));
  for (const frame of [0, 1, 2, 3, 4]) fold.show(frames, frame);
  assertEquals(asked().length, 2);
  fold.close();
});

Deno.test("histograms: a run that goes on is not asked, one that is paused is", () => {
  const fold = open();
  fold.values.report = { epoch: 3 };
  fold.values.status = "training";
  fold.get(...message(0, 1, { total: null }));
  assertEquals(fold.sent.length, 1);
  fold.values.status = "paused";
  fold.get(...message(0, 1, { total: null }));
  assertEquals(fold.sent.at(-1), { kind: "histograms?", run: 1, start: 1 });
  fold.get(...message(1, 2));
  assertEquals(fold.sent.length, 2);
  fold.close();
});

Deno.test("histograms: nothing of another run is drawn, and a reason stands for the picture", () => {
  const fold = open();
  const body = () => fold.element.querySelector(".fe-spread-layer");
  fold.get(...message(0, 3, { run: 3 }));
  fold.show(played(), 4);
  assertEquals([fold.note(), body()], ["Counting…", null]);
  const header = { kind: "histograms", run: 2, start: 0, stop: 0, arrays: [] };
  fold.get({ ...header, settings: { why: "Try fewer epochs.", panels: [] } }, []);
  assertEquals([fold.note(), body()], ["Try fewer epochs.", null]);
  fold.close();
});

Deno.test("histograms: the fold is the trait, and a closed one draws nothing", () => {
  const fold = open(false);
  const details = fold.element as HTMLDetailsElement;
  fold.get(...message(0, 3));
  fold.show(played(), 4);
  assertEquals(fold.all(".fe-spread").length, 0);
  details.open = true;
  details.dispatchEvent(new (fold.page.document.defaultView!.Event)("toggle"));
  assertEquals([fold.values.histograms, fold.saved()], [true, 1]);
  fold.show(played(), 4);
  assertEquals(fold.all(".fe-spread").length, 2);
  details.dispatchEvent(new (fold.page.document.defaultView!.Event)("toggle"));
  assertEquals(fold.saved(), 1);
  fold.close();
});

Deno.test("histograms: the counts stand in a table while its fold is open", () => {
  const fold = open();
  fold.get(...message(0, 3));
  const frames = played();
  fold.show(frames, 3);
  const table = fold.all("details")[0] as HTMLDetailsElement;
  assertEquals(table.querySelectorAll("tbody tr").length, 0);
  table.open = true;
  table.dispatchEvent(new (fold.page.document.defaultView!.Event)("toggle"));
  const cells = (row: number) =>
    [...table.querySelectorAll("tbody tr")[row].children].map((cell) => cell.textContent);
  assertEquals(cells(1), ["hidden layer 1, 6 weights", "−0.5000", "0", "4", "0"]);
  assertEquals(cells(3), ["hidden layer 1, 8 outputs", "0", "0.5000", "4", "8"]);
  fold.show(frames, 4);
  assertEquals(cells(1).slice(3), ["3", "0"]);
  fold.close();
});
