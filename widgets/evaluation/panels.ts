/** One panel at a time beside the counts: curves, calibration, intervals, wrong rows, other splits. */
import type { AnyModel } from "@anywidget/types";
import { h, text, uniqueId } from "../dom.ts";
import { createCurves } from "./curves.ts";
import { createRanges } from "./ranges.ts";
import { createReliability } from "./reliability.ts";
import { createScatter } from "./scatter.ts";
import type { Scene } from "./scene.ts";
import { createSplits } from "./splits.ts";
import { createClasses, createWrong } from "./tables.ts";
import type { EvaluationTraits, Report, Task } from "./traits.ts";

interface Panel {
  name: string;
  tasks: Task[];
  element: HTMLElement;
  show(): void;
}

export function createPanels(
  model: AnyModel<EvaluationTraits>,
  signal: AbortSignal,
  scene: () => Scene,
  send: (kind: string) => void,
): { element: HTMLElement; take(report: Report): void; show(): void } {
  const group = uniqueId();
  // bqplot lays a chart out when it is put on the page: not before the rows may be seen.
  const slot = h("div");
  let curves: ReturnType<typeof createCurves> | null = null;
  const residuals = createScatter(signal, "residuals");
  const ranges = createRanges();
  const wrong = createWrong();
  const classes = createClasses();
  const both: Task[] = ["binary", "multiclass"], all: Task[] = [...both, "regression"];
  const panels: Panel[] = [
    {
      name: "All classes",
      tasks: ["multiclass"],
      element: classes.element,
      show: () => classes.show(scene().report),
    },
    {
      name: "Curves",
      tasks: both,
      element: slot,
      show() {
        if (!curves) {
          curves = createCurves(model, signal, scene);
          slot.append(curves.element);
        }
        curves.show();
      },
    },
    {
      name: "Residuals",
      tasks: ["regression"],
      element: residuals.element,
      show: () => residuals.show(scene().report),
    },
    { name: "Intervals", tasks: all, ...shown(ranges.element, () => ranges.show(scene())) },
    {
      name: "Wrong rows",
      tasks: all,
      ...shown(wrong.element, () => wrong.show(scene(), model.get("table"))),
    },
    { name: "Calibration", tasks: both, ...createReliability(model, signal, scene) },
    { name: "Other splits", tasks: all, ...createSplits(model, signal, scene, send) },
  ];
  const choices = panels.map(({ name }, place) => {
    const input = h("input", { type: "radio", name: group, value: place });
    const words = h("span", {}, name);
    input.addEventListener("change", () => choose(place), { signal });
    return { input, words, label: h("label", {}, input, words) };
  });
  const boxes = panels.map(({ name, element }) =>
    h("div", { class: "fe-eval-off", role: "group", "aria-label": name }, element)
  );
  let current = -1, task: Task | "" = "";

  function choose(place: number): void {
    current = place;
    choices.forEach(({ input }, one) => input.checked = one === place);
    boxes.forEach((box, one) => box.classList.toggle("fe-eval-off", one !== place));
    panels[place].show();
  }

  return {
    element: h(
      "div",
      { class: "fe-eval-panels" },
      h(
        "fieldset",
        { class: "fe-eval-choice" },
        h("legend", { class: "fe-hidden" }, "What is shown"),
        ...choices.map(({ label }) => label),
      ),
      ...boxes,
    ),
    take(report) {
      const noun = scene().noun;
      panels.forEach(({ name, tasks }, place) => {
        choices[place].label.hidden = !tasks.includes(report.task);
        if (name === "Wrong rows") {
          text(
            choices[place].words,
            report.task === "regression" ? "Furthest off" : `Wrong ${noun}s`,
          );
        }
      });
      if (task === report.task) return;
      task = report.task;
      choose(panels.findIndex(({ tasks }) => tasks.includes(report.task)));
    },
    show() {
      if (current >= 0) panels[current].show();
    },
  };
}

function shown(element: HTMLElement, show: () => void): Pick<Panel, "element" | "show"> {
  return { element, show };
}
