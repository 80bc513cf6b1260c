import { createFolds } from "../../widgets/training/folds.ts";
import { Frames } from "../../widgets/recording.ts";
import { assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

Deno.test("seals: LiveTraining tells how often its test set was opened, on whichever card", () => {
  const page = openPage();
  const values: Record<string, unknown> = {
    choices: { test_rows: 61, columns: [], notes: [] },
    report: { run: 1, metric: "accuracy" },
    runs: [{ run: 1, has_test: true, test: null }],
    code: "",
    seal: { times: 0, models: 0 },
  };
  const model = { get: (name: string) => values[name], on() {}, off() {} };
  const controller = new AbortController();
  // deno-lint-ignore no-explicit-any
  const folds = createFolds(model as any, controller.signal, () => {});
  const fold = folds.elements.find((one) =>
    one.querySelector("summary")!.textContent === "The test set"
  )!;
  const told = () => [...fold.querySelectorAll("p")].at(-1)!.textContent;
  folds.settle(new Frames());
  assertEquals(told(), "This test set was not opened in this kernel so far.");
  values.seal = { times: 2, models: 3 };
  folds.settle(new Frames());
  assertEquals(told(), "This test set was opened 2 times, for 3 models, in this kernel.");
  controller.abort();
  page.restore();
});
