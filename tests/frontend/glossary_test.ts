import { entriesOf as ofStopping } from "../../widgets/early_stopping/glossary.ts";
import type { Facts } from "../../widgets/early_stopping/traits.ts";
import { entriesOf } from "../../widgets/evaluation/glossary.ts";
import { assert, assertEquals } from "./assert.ts";
import { mount, report } from "./evaluation_page.ts";

const words = (entries: readonly (readonly [string, string])[]) => entries.map(([word]) => word);

Deno.test("glossary: Evaluation explains the figures of its task in a fold the keyboard reaches", () => {
  const view = mount();
  const fold = [...view.el.querySelectorAll("details")]
    .find((one) => one.querySelector("summary")!.textContent === "What the words mean")!;
  const told = [...fold.querySelectorAll("dt")].map((one) => one.textContent);
  for (const word of ["AUC", "ROC curve", "precision", "sensitivity, recall", "specificity"]) {
    assert(told.includes(word), word);
  }
  for (const word of ["average precision", "Wilson", "bootstrap", "calibration", "Brier score"]) {
    assert(told.includes(word), word);
  }
  assertEquals(fold.querySelectorAll("dd").length, told.length);
  const finds = [...fold.querySelectorAll("dd")].map((one) => one.textContent);
  assert(
    finds.includes(
      "Of the patients that are ill, the share that is found. Two names for the same.",
    ),
  );
  view.close();
});

Deno.test("glossary: other tasks have other words", () => {
  const many = words(entriesOf(report({ task: "multiclass", classes: ["a", "b", "c"] }), "row"));
  assert(many.includes("F1") && many.includes("support") && !many.includes("Brier score"), "many");
  const numbers = report({ task: "regression", classes: ["price"], method: "normal" });
  const told = words(entriesOf(numbers, "house"));
  assertEquals(told.slice(0, 4), ["residual", "MAE", "RMSE", "R²"]);
  assert(
    told.includes("normal") && !told.includes("AUC") && !told.includes("bootstrap"),
    "numbers",
  );
});

Deno.test("glossary: EarlyStoppingExplorer explains each of Keras's names", () => {
  const told = ofStopping({ monitor: "val_accuracy", falls: false } as Facts);
  for (
    const name of [
      "monitor",
      "mode",
      "patience",
      "min_delta",
      "start_from_epoch",
      "baseline",
      "restore_best_weights",
    ]
  ) assert(words(told).includes(name), name);
  assert(told.some(([, meaning]) => meaning.includes("now more is better")));
});
