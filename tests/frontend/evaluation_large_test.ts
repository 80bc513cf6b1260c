import { intervalWords } from "../../widgets/evaluation/words.ts";
import { isExact, type Scene, thinned } from "../../widgets/evaluation/scene.ts";
import type { Frames } from "../../widgets/recording.ts";
import { looksSentence } from "../../widgets/seals.ts";
import { assert, assertEquals } from "./assert.ts";
import { ARRAYS, mount, report } from "./evaluation_page.ts";

/** Four marks for 4,000 rows; of 900 thresholds there are frames of five. */
function large() {
  const view = mount({
    report: report({ n: 4000, method: "normal" }),
    points: {
      actual: [0, 1, 0, 1],
      falls: [1, 2, 3, 4],
      outputs: [0.1, 0.4, 0.6, 0.9],
      names: ["a", "b", "c", "d"],
      each: 1000,
    },
  }, false);
  view.frames(1, { ...ARRAYS, high: [0.1, 0.25, 0.55, 0.65, Infinity] }, 900);
  return view;
}

Deno.test("evaluation of many rows: a typed threshold between two frames is asked for, and shown when it came", () => {
  const view = large();
  const field = view.find('[aria-label="threshold"]') as HTMLInputElement;
  Object.defineProperty(field, "valueAsNumber", { get: () => Number(field.value) });
  field.value = "0.3";
  const later = new Map<number, () => void>(), { setTimeout, clearTimeout } = globalThis;
  Object.assign(globalThis, {
    setTimeout: (call: () => void) => later.set(later.size + 1, call).size,
    clearTimeout: (timer: number) => later.set(timer, () => {}),
  });
  view.fire(field, "change");
  Object.assign(globalThis, { setTimeout, clearTimeout });
  assertEquals([view.values.threshold, view.saves()], [0.3, 1]);
  assert(view.sentence().startsWith("At 0.2:"), "until then the counts are those of the frame");
  // Nothing that waits for a rest takes the wish back.
  later.forEach((call) => call());
  assertEquals([view.values.threshold, view.saves()], [0.3, 1]);
  const low = [-Infinity, 0.1, 0.29, 0.6, 0.9], high = [0.1, 0.25, 0.35, 0.65, Infinity];
  view.frames(2, { ...ARRAYS, low, high }, 900);
  assert(view.sentence().startsWith("At 0.3:"), view.sentence());
  view.close();
});

Deno.test("evaluation of many rows: what is drawn of them is said", () => {
  const view = large();
  const legend = view.find(".fe-eval-legend").textContent;
  assert(legend.endsWith("a mark stands for about 1,000 patients"), legend);
  const hint = view.find(".fe-eval-hint").textContent;
  assert(hint.includes("any other may be typed"), hint);
  view.close();
});

Deno.test("evaluation of many rows: which thresholds a frame speaks for", () => {
  const frames = { length: 2, settings: { cuts: 9 }, value: () => 0.4 } as unknown as Frames;
  assertEquals([thinned(frames), isExact(frames, 0, 0.39), isExact(frames, 0, 0.4)], [
    9,
    true,
    false,
  ]);
  const all = { ...frames, settings: { cuts: 2 } } as unknown as Frames;
  assertEquals([thinned(all), isExact(all, 0, 0.7)], [0, true]);
});

Deno.test("evaluation of many rows: the normal interval is named", () => {
  const scene = {
    report: report({ task: "regression", method: "normal", n: 5000 }),
    noun: "row",
  } as unknown as Scene;
  assert(intervalWords(scene)[0].startsWith("Normal: with so many rows"));
});

Deno.test("seals: what a card says of the openings of a test set", () => {
  assertEquals(
    looksSentence({ times: 0, models: 0 }),
    "This test set was not opened in this kernel so far.",
  );
  assertEquals(
    looksSentence({ times: 2, models: 1 }),
    "This test set was opened 2 times, for 1 model, in this kernel.",
  );
});
