/** The settings of the model; Python checks them and writes the code anew. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, part } from "../dom.ts";
import type { StylesTraits } from "./traits.ts";

type Setting =
  | "inputs"
  | "second"
  | "units"
  | "activation"
  | "dropout"
  | "outputs"
  | "output_activation";
type Field = { read(): unknown; write(value: unknown): void; element: HTMLElement };

const ACTIVATIONS = ["relu", "tanh", "sigmoid", "linear"];
const OUTPUTS = ["sigmoid", "softmax", "linear"];

export interface Form {
  readonly element: HTMLElement;
  readonly names: readonly string[];
  update(): void;
}

export function createForm(model: AnyModel<StylesTraits>, signal: AbortSignal): Form {
  const fields = new Map<Setting, Field>();
  const add = (
    name: Setting,
    words: string,
    control: HTMLElement,
    field: Omit<Field, "element">,
  ) => {
    control.addEventListener("change", () => {
      const value = field.read();
      if (value === null) return update();
      model.set(name, value as never);
      model.save_changes();
    }, { signal });
    const element = part(name, h("label", { class: "fe-field" }));
    element.append(h("span", { class: "fe-field-name" }, words), control);
    fields.set(name, { ...field, element });
  };
  const numeric = (name: Setting, words: string, step: number | "any", min: number) => {
    const input = h("input", { type: "number", name, step, min, class: "fe-number" });
    add(name, words, input, {
      // An empty field is no number: Python would have no sentence for it.
      read: () => input.value.trim() === "" ? null : Number(input.value),
      write: (value) => fill(input, String(value)),
    });
  };
  const choice = (name: Setting, words: string, options: string[]) => {
    const select = h("select", { name });
    select.append(...options.map((value) => h("option", { value }, value)));
    add(name, words, select, {
      read: () => select.value,
      write: (value) => fill(select, String(value)),
    });
  };
  numeric("inputs", "inputs", 1, 1);
  numeric("second", "of these, in a second input", 1, 0);
  const units = h("input", { type: "text", name: "units", size: 8, class: "fe-number" });
  add("units", "hidden units", units, {
    read: () => {
      const parts = units.value.split(/[\s,]+/).filter(Boolean);
      // What is no number goes to Python as it is: it has the sentence for it.
      return parts.every((part) => /^\d+$/.test(part)) ? parts.map(Number) : units.value;
    },
    write: (value) => fill(units, Array.isArray(value) ? value.join(", ") : String(value)),
  });
  choice("activation", "activation", ACTIVATIONS);
  numeric("dropout", "dropout rate", "any", 0);
  numeric("outputs", "outputs", 1, 1);
  choice("output_activation", "output activation", OUTPUTS);

  function update() {
    for (const [name, field] of fields) field.write(model.get(name));
  }

  return {
    element: h(
      "div",
      {
        class: "fe-settings",
        role: "group",
        "aria-label": "settings",
        "data-fe-part": "settings",
      },
      ...[...fields.values()].map(({ element }) => element),
    ),
    names: [...fields.keys()],
    update,
  };
}
