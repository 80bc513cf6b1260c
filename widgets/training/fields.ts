/** Labelled controls, each bound to one setting. A setting that the model's builder ignores cannot be changed. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, text, uniqueId } from "../dom.ts";
import type { TrainingTraits } from "./traits.ts";

export type Name = keyof TrainingTraits & string;

/** Beside a control whose setting the model's builder ignores. */
export const REFUSED = "fixed: this model's builder does not take it";

/** Settings that are handed to the model's builder. */
const OF_MODEL: readonly string[] = [
  "units",
  "activation",
  "dropout",
  "batch_normalization",
  "l2",
  "optimizer",
  "learning_rate",
];

export interface Row {
  label: string;
  note?: string;
}

export interface NumericRow extends Row {
  step?: string;
  min?: number;
  max?: number;
  whole?: boolean;
  /** What stands in an empty field; without it a field cannot be empty. */
  empty?: string;
  title?: string;
}

export type Fields = ReturnType<typeof createFields>;

/** The makers of the controls, and `update`, which shows the settings as they are now. */
export function createFields(model: AnyModel<TrainingTraits>, signal: AbortSignal) {
  const updates: (() => void)[] = [];
  const fields = new Map<Name, HTMLElement>();
  const prefix = `fe-${uniqueId()}`;
  const accepted = model.get("choices").accepted;

  const commit = <K extends Name>(name: K, value: TrainingTraits[K]) => {
    model.set(name, value);
    model.save_changes();
  };
  const refused = (name: Name) => OF_MODEL.includes(name) && !accepted.includes(name);

  function field(name: Name, row: Row, control: HTMLElement): HTMLElement {
    const id = `${prefix}-${name}`;
    control.id = id;
    const wrap = h(
      "div",
      { class: "fe-field", "data-fe-part": name },
      h("label", { for: id }, row.label),
      control,
      ...(row.note ? [h("small", {}, row.note)] : []),
    );
    if (refused(name)) {
      (control as HTMLInputElement).disabled = true;
      wrap.append(h("small", {}, REFUSED));
    }
    fields.set(name, wrap);
    return wrap;
  }

  function numeric(name: Name, row: NumericRow): HTMLElement {
    const input = h("input", {
      type: "number",
      step: row.step ?? (row.whole ? "1" : "any"),
      min: row.min,
      max: row.max,
      placeholder: row.empty,
      title: row.title,
      inputmode: row.whole ? "numeric" : "decimal",
    });
    const show = () => {
      const value = model.get(name) as number | null;
      fill(input, value === null ? "" : String(value));
    };
    input.addEventListener("change", () => {
      if (input.value === "" && row.empty) return commit(name, null as never);
      if (!Number.isFinite(input.valueAsNumber)) return show();
      commit(name, (row.whole ? Math.round(input.valueAsNumber) : input.valueAsNumber) as never);
    }, { signal });
    input.addEventListener("blur", show, { signal });
    updates.push(show);
    return field(name, row, input);
  }

  function choice(name: Name, row: Row, options: string[]): HTMLElement {
    const select = h("select", {}, ...options.map((value) => h("option", { value }, value)));
    select.addEventListener("change", () => commit(name, select.value as never), { signal });
    updates.push(() => choose(select, model.get(name) as string));
    return field(name, row, select);
  }

  function check(name: Name, row: Row): HTMLElement {
    const input = h("input", { type: "checkbox" });
    input.addEventListener("change", () => commit(name, input.checked as never), { signal });
    updates.push(() => input.checked = model.get(name) as boolean);
    const wrap = field(name, row, input);
    wrap.classList.add("fe-field-check");
    return wrap;
  }

  return {
    prefix,
    commit,
    refused,
    numeric,
    choice,
    check,
    update() {
      updates.forEach((show) => show());
      const pending = model.get("pending");
      fields.forEach((wrap, name) => wrap.classList.toggle("fe-pending", pending.includes(name)));
    },
  };
}

/** Show a value in a select; one that is not offered is added. */
export function choose(select: HTMLSelectElement, value: string) {
  if (![...select.options].some((option) => option.value === value)) {
    select.append(h("option", { value }, value));
  }
  select.value = value;
}

/** Change the note under a field. */
export function note(wrap: HTMLElement, words: string) {
  text(wrap.querySelector("small")!, words);
}
