import { cutOf } from "../../widgets/evaluation/scene.ts";
import { luckWords } from "../../widgets/evaluation/splits.ts";
import type { Luck, Report } from "../../widgets/evaluation/traits.ts";
import { Frames } from "../../widgets/recording.ts";
import { looks } from "../../widgets/seals.ts";
import { assert, assertEquals } from "./assert.ts";
import { mount, NO_LUCK, report, traits } from "./evaluation_page.ts";

Deno.test("evaluation: sealed, it shows nothing of the test rows and opens by its button", () => {
  const view = mount({
    opened: false,
    report: {} as Report,
    points: {},
    table: {},
    seal: { ...traits().seal, times: 3, models: 2 },
  }, false);
  assertEquals(view.find(".fe-evaluation").dataset.state, "sealed");
  assert(!view.find(".fe-eval-seal").hasAttribute("hidden"));
  assertEquals(
    view.find(".fe-eval-looks").textContent,
    "This test set was opened 3 times, for 2 models, in this kernel.",
  );
  assert(view.find(".fe-eval-rows").textContent.includes("test: 4 patients, sealed"));
  assertEquals(view.attached(), 0);
  view.fire(view.button("Open the test set"), "click");
  assertEquals(view.sent.at(-1)!.kind, "open_test_set");
  assert(view.button("Asking the model…").disabled);
  view.change("problem", "No model is trained yet.");
  assert(!view.button("Open the test set").disabled);
  Object.assign(view.values, traits());
  view.frames();
  view.change("report", report());
  assertEquals(view.find(".fe-evaluation").dataset.state, "open");
  assert(view.find(".fe-eval-seal").hasAttribute("hidden"));
  assertEquals(view.counts(), "1,1,1,1");
  view.close();
});

Deno.test("evaluation: nothing is left after the signal", async () => {
  const view = mount();
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(view.attached(), 2);
  assert(view.page.listeners() > 5 && view.heard() > 5);
  view.close();
  assertEquals([view.page.listeners(), view.heard(), view.attached()].join(), "0,0,0");
  assertEquals(view.sent.at(-1)!.kind, "leave");
});

Deno.test("evaluation: the arrows go cut by cut, counts, marks and sentence with them", () => {
  const view = mount();
  assertEquals(view.sentence(), "At 0.5: 2 of 4 right; 1 of 2 false alarms; 1 of 2 missed.");
  assert(view.find(".fe-eval-hint").textContent.startsWith("← → one patient"));
  const wrong = () => view.el.querySelectorAll(".fe-eval-mark.fe-wrong").length;
  view.page.press(view.find(".fe-evaluation"), "ArrowRight");
  assertEquals(view.sentence(), "At 0.7: 3 of 4 right; 0 of 2 false alarms; 1 of 2 missed.");
  assertEquals([view.counts(), wrong()].join(), "2,0,1,1,1");
  view.page.press(view.find(".fe-evaluation"), "Home");
  assertEquals([view.counts(), wrong()].join(), "0,2,0,2,2");
  assertEquals(view.find(".fe-hidden[role=status]").textContent, view.sentence());
  assert(view.find(".fe-eval-point").textContent.startsWith("At 0.05: false alarms 1.00"));
  view.close();
});

Deno.test("evaluation: a typed threshold stands as typed, in float32 where the outputs are", () => {
  const view = mount();
  const field = view.find("input[aria-label=threshold]") as HTMLInputElement;
  Object.defineProperty(field, "valueAsNumber", { get: () => Number(field.value) });
  field.value = "0.65";
  view.fire(field, "change");
  assert(view.sentence().startsWith("At 0.65: 3 of 4 right"));
  assertEquals(view.find(".fe-position").textContent, "threshold 0.65");
  assert(view.find(".fe-eval-hint").textContent.includes("has seen the test rows"));
  field.value = "4";
  view.fire(field, "change");
  assertEquals([view.values.threshold, view.saves()].join(), "4,1");
  assert(view.sentence().startsWith("At 0.65"));
  view.change("threshold", 0.2);
  assert(view.sentence().startsWith("At 0.2: 3 of 4 right"));
  view.close();

  const frames = new Frames();
  const low = new Float64Array([-Infinity, Math.fround(0.1), Math.fround(0.7)]);
  const header = { kind: "frames", run: 1, start: 0, stop: 3 } as const;
  const arrays = [{ name: "low", dtype: "float64", shape: [3] }];
  frames.append({ ...header, arrays, settings: { single: true } }, [new DataView(low.buffer)]);
  assertEquals([0, 0.1, 0.6, 0.7, 1].map((one) => cutOf(frames, one)).join(), "0,1,1,2,2");
});

Deno.test("evaluation: the wrong rows are those of the threshold, furthest off first", () => {
  const view = mount();
  view.fire(view.radio("Wrong patients"), "change");
  assertEquals(view.wrong(), "8,5");
  view.page.press(view.find(".fe-evaluation"), "ArrowRight");
  assertEquals(view.wrong(), "5");
  assert(view.el.textContent.includes("1 patient wrong, the surest mistakes first"));
  view.close();
});

Deno.test("evaluation: intervals follow the threshold and say what they hold", () => {
  const view = mount();
  view.fire(view.radio("Intervals"), "change");
  const lines = () =>
    [...view.el.querySelectorAll(".fe-eval-range-text")].map((one) => one.textContent);
  assertEquals(lines().join("; "), "0.500  (0.100 to 0.900); 0.750  (no interval)");
  const note = () => view.find(".fe-eval-ranges").nextElementSibling!.textContent;
  assert(note().includes("Of 4: one patient is 25.0 points."));
  assert(note().includes("inside 0.100 to 0.900, so these patients do not tell"));
  view.page.press(view.find(".fe-evaluation"), "ArrowRight");
  assertEquals(lines()[0], "0.750  (0.300 to 0.950)");
  assert(note().includes("The model is better than that."));
  view.page.press(view.find(".fe-evaluation"), "End");
  assertEquals(lines()[0], "not defined");
  view.close();
});

Deno.test("evaluation: one panel at a time, and the charts keep their width while they are out of sight", () => {
  const view = mount();
  const seen = () =>
    [...view.el.querySelectorAll(".fe-eval-panels > div")]
      .filter((one) => !one.classList.contains("fe-eval-off"))
      .map((one) => one.getAttribute("aria-label")).join();
  assertEquals(seen(), "Curves");
  view.fire(view.radio("Calibration"), "change");
  assertEquals(seen(), "Calibration");
  assert(!view.find(".fe-eval-curves").closest("[hidden]"));
  view.close();
});

Deno.test("evaluation: rows are chosen by radio, and what the kernel was not given cannot be chosen", () => {
  const view = mount();
  const training = view.radio("training: 9 patients");
  assert(!training.disabled);
  view.fire(training, "change");
  assertEquals([view.values.rows, view.saves()].join(), "training,1");
  view.change("seal", { ...traits().seal, asks: false });
  assert(training.disabled && training.closest("label")!.title.includes("predictions"));
  assert(view.button("Evaluate the model as it is now").hasAttribute("hidden"));
  view.close();
});

Deno.test("evaluation: other splits say what they need, train, stop and tell the spread", () => {
  const view = mount({ luck: { ...NO_LUCK, missing: "Give two functions." } });
  view.fire(view.radio("Other splits"), "change");
  assert(view.el.textContent.includes("Give two functions."));
  view.change("luck", NO_LUCK);
  view.fire(view.button("Train on other splits"), "click");
  assertEquals(view.sent.at(-1)!.kind, "try_splits");
  view.change("status", "training");
  view.fire(view.button("Stop"), "click");
  assertEquals(view.sent.at(-1)!.kind, "stop_splits");
  assert(view.button("Stopping…").disabled);
  const results = [46, 52, 49].map((right, seed) => ({ seed, rows: 61, right, accuracy: 0.8 }));
  const luck: Luck = { ...NO_LUCK, of: 3, done: 3, outcome: "finished", results, median: 49 };
  assertEquals(
    luckWords(luck, "patient", 51),
    "3 splits: 46 to 52 of 61 right, median 49. The split alone moves it by 6 patients. ▲ This split: 51.",
  );
  view.change("status", "done");
  view.change("luck", luck);
  assertEquals(view.el.querySelectorAll(".fe-eval-split").length, 3);
  assertEquals(
    luckWords(
      { ...luck, of: 9, outcome: "stopped", results: results.slice(0, 1), median: 46 },
      "patient",
      null,
    ),
    "Stopped after 1 of 9. 1 split: 46 of 61 right, median 46.",
  );
  view.close();
});

Deno.test("evaluation: many classes show their matrix, numbers their errors", () => {
  const many = mount({
    report: report({
      task: "multiclass",
      classes: ["a", "b", "c"],
      figures: { right: 3, accuracy: 0.75, auc: 0.75, average_precision: 0.8, loss: 0.4 },
      matrix: [[2, 0, 0], [0, 1, 1], [0, 0, 0]],
      per_class: [[1, 1, 1, 2], [1, 0.5, 0.667, 2], [0, null, 0, 0]],
    }),
  });
  assert(many.sentence().startsWith("The largest output is right for 3 of 4. b against the rest"));
  const cells = [...many.el.querySelectorAll(".fe-eval-matrix td")].map((one) => one.textContent);
  assertEquals(cells.join(""), "200011000");
  assert(many.el.textContent.includes("not defined"));
  assert(!many.find("select[aria-label]").closest("[hidden]"));
  many.close();

  const numeric = mount({
    report: report({
      task: "regression",
      classes: ["price"],
      figures: { rows: 2, mae: 2, rmse: 2.5, r2: 0.9, baseline_mae: 7 },
      baseline: { name: "always the training mean", right: 0, share: 7 },
      intervals: [{ figure: "mae", method: "bootstrap", value: 2, low: 1, high: 3 }],
      scatter: { actual: [1, 5], predicted: [3, 3], names: ["0", "1"] },
    }),
    seal: { ...traits().seal, task: "regression" },
  }, false);
  assert(numeric.sentence().includes("off by 2.000 on average (MAE, in units of price)"));
  assert(numeric.find(".fe-player").hasAttribute("hidden"));
  assertEquals(numeric.el.querySelectorAll(".fe-eval-main .fe-eval-dot").length, 2);
  numeric.fire(numeric.radio("Intervals"), "change");
  assertEquals(numeric.find(".fe-eval-range-text").textContent, "2.00  (1.00 to 3.00)");
  numeric.close();
});

Deno.test("evaluation: how often a test set was opened, in words", () => {
  const seal = traits().seal;
  assertEquals(looks({ ...seal, times: 0 }), "not yet opened in this kernel");
  assertEquals(looks({ ...seal, times: 1, models: 1 }), "opened once, for 1 model");
  assertEquals(looks({ ...seal, times: 3, models: 2 }), "opened 3 times, for 2 models");
});
