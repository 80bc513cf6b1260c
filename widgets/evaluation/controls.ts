/** The threshold as a number, and of many classes the one that is told from the rest. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, part, text } from "../dom.ts";
import { type Scene, short, thinned } from "./scene.ts";
import type { EvaluationTraits } from "./traits.ts";

export function createControls(
  model: AnyModel<EvaluationTraits>,
  signal: AbortSignal,
  seek: (threshold: number) => void,
): { element: HTMLElement; show(scene: Scene): void } {
  const field = h("input", {
    type: "number",
    step: "any",
    min: 0,
    max: 1,
    "aria-label": "threshold",
    class: "fe-number",
  });
  field.addEventListener("change", () => {
    const value = field.valueAsNumber;
    if (value >= -1 && value <= 1) seek(value);
    else if (Number.isFinite(value)) {
      // Python says what is wrong with it.
      model.set("threshold", value);
      model.save_changes();
    } else if (last) show(last);
  }, { signal });
  const half = h("button", { type: "button" }, "back to 0.5");
  half.title = "the threshold of Keras's accuracy";
  half.addEventListener("click", () => seek(0.5), { signal });
  const classes = h("select", { "aria-label": "class against the rest" });
  classes.addEventListener("change", () => {
    model.set("positive", Number(classes.value));
    model.save_changes();
  }, { signal });
  const chosen = h(
    "label",
    { class: "fe-field", "data-fe-part": "positive" },
    h("span", {}, "class against the rest"),
    classes,
  );
  const above = h("span"), hint = h("span", { class: "fe-eval-hint" });
  let last: Scene | null = null, offered = "";

  function show(scene: Scene): void {
    last = scene;
    const { report } = scene;
    if (document.activeElement !== field || Number(field.value) !== scene.threshold) {
      fill(field, short(scene.threshold));
    }
    const kind = report.task === "multiclass" ? report.positive : 1;
    text(above, `predicted ${report.classes[kind] ?? 1} above`);
    chosen.hidden = report.task !== "multiclass";
    const names = report.classes.join("\n");
    if (offered !== names) {
      classes.replaceChildren(
        ...report.classes.map((name, kind) => h("option", { value: kind }, name)),
      );
      offered = names;
    }
    for (const option of classes.querySelectorAll("option")) {
      option.selected = Number(option.value) === report.positive;
    }
    text(
      hint,
      report.rows === "test" && scene.threshold !== 0.5
        ? "A threshold chosen here has seen the test rows: choose it on other rows, then look once."
        : thinned(scene.frames)
        ? "← → the next threshold shown; any other may be typed"
        : `← → one ${scene.noun}: the next output that differs`,
    );
  }

  return {
    element: h(
      "div",
      { class: "fe-settings", "data-fe-part": "settings" },
      part("threshold", h("label", { class: "fe-field" }, above, field)),
      half,
      chosen,
      hint,
    ),
    show,
  };
}
