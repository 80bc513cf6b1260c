/** The settings: function, α, steps, start, optimizer. They go to Python; what it answers is shown. */
import { fill, h, number, part, text, uniqueId } from "../dom.ts";
import type { Facts } from "./traits.ts";

export interface Controls {
  readonly element: HTMLElement;
  /** Show the settings of the run that is on the screen. */
  update(facts: Facts): void;
}

export type Send = (name: string, value: string | number | number[]) => void;

/** The slider goes by powers of ten. */
const LOW = -4, HIGH = 2;

export function createControls(signal: AbortSignal, send: Send): Controls {
  const id = uniqueId();
  let facts: Facts | null = null;
  const choose = (name: string, trait: string) => {
    const select = h("select", { id: `${trait}-${id}` });
    select.addEventListener("change", () => send(trait, select.value), { signal });
    const label = h("label", { for: select.id }, name);
    return { select, element: part(trait, h("div", { class: "fe-field" }, label, select)) };
  };
  const type = (name: string, label: string, taken: (value: number) => void) => {
    const input = h("input", {
      type: "number",
      step: "any",
      id: `${name.replace(" ", "-")}-${id}`,
      "aria-label": label,
    });
    input.addEventListener("change", () => {
      const value = Number(input.value);
      if (input.value.trim() && Number.isFinite(value)) taken(value);
      else if (facts) update(facts);
    }, { signal });
    return input;
  };

  const functions = choose("function g", "function");
  const optimizers = choose("optimizer", "optimizer");
  const alpha = type("alpha", "learning rate α", (value) => send("learning_rate", value));
  const slider = h("input", {
    type: "range",
    min: LOW,
    max: HIGH,
    step: 0.02,
    "aria-label": "learning rate α, by powers of ten",
  });
  slider.addEventListener("input", () => {
    const value = Number((10 ** Number(slider.value)).toPrecision(2));
    alpha.value = String(value);
    slider.setAttribute("aria-valuetext", `α = ${value}`);
    send("learning_rate", value);
  }, { signal });
  const steps = type("steps", "steps", (value) => send("steps", Math.round(value)));
  steps.min = "1";
  steps.step = "1";
  const starts = ["start", "start w₂"].map((label, axis) =>
    type(label, label, (value) => {
      const next = [...facts!.start];
      next[axis] = value;
      send("start", next);
    })
  );
  const startLabel = h("span", {}, "start w");
  const element = h(
    "div",
    { class: "fe-descent-controls", "data-fe-part": "settings" },
    functions.element,
    h(
      "div",
      { class: "fe-field fe-alpha", "data-fe-part": "learning_rate" },
      h("label", { for: alpha.id }, "learning rate α"),
      h("div", {}, alpha, slider),
    ),
    h("div", { class: "fe-field", "data-fe-part": "start" }, startLabel, h("div", {}, ...starts)),
    h(
      "div",
      { class: "fe-field", "data-fe-part": "steps" },
      h("label", { for: steps.id }, "steps"),
      steps,
    ),
    optimizers.element,
  );

  function options(select: HTMLSelectElement, names: string[], chosen: string): void {
    if (Array.from(select.options, (one) => one.value).join("|") !== names.join("|")) {
      select.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
    }
    for (const option of select.options) option.selected = option.value === chosen;
    select.value = chosen;
  }

  function update(next: Facts): void {
    facts = next;
    options(functions.select, next.functions, next.function);
    options(optimizers.select, next.optimizers, next.optimizer);
    fill(alpha, String(next.learning_rate));
    fill(slider, String(Math.log10(next.learning_rate)));
    slider.setAttribute("aria-valuetext", `α = ${number(next.learning_rate)}`);
    fill(steps, String(next.steps));
    starts.forEach((input, axis) => {
      input.hidden = axis >= next.weights;
      if (!input.hidden) fill(input, String(next.start[axis]));
    });
    starts[0].setAttribute("aria-label", next.weights === 1 ? "start w" : "start w₁");
    text(startLabel, next.weights === 1 ? "start w" : "start w₁, w₂");
  }

  return { element, update };
}
