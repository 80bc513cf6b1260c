/** The settings, in the order of the lecture's training checklist. Changes settings; never touches a chart. */
import type { AnyModel } from "@anywidget/types";
import { h, text, uniqueId } from "../dom.ts";
import { createLayers, REFUSED } from "./layers.ts";
import type { TrainingTraits } from "./traits.ts";

type Model = AnyModel<TrainingTraits>;
type Name = keyof TrainingTraits & string;

/** The settings of a run; a change of any of them is shown here. */
export const SETTINGS = [
  "units",
  "activation",
  "dropout",
  "optimizer",
  "learning_rate",
  "batch_size",
  "epochs",
  "validation_split",
  "early_stopping",
  "patience",
  "min_delta",
  "monitor",
  "restore_best_weights",
  "seed",
] as const;

interface Row {
  label: string;
  note?: string;
}

export interface Form {
  element: HTMLElement;
  /** Show the settings as they are now, and which of them wait for the next run. */
  update(): void;
}

export function createForm(model: Model, signal: AbortSignal): Form {
  const choices = model.get("choices");
  const updates: (() => void)[] = [];
  const fields = new Map<Name, HTMLElement>();
  const prefix = `fe-${uniqueId()}`;

  const commit = <K extends Name>(name: K, value: TrainingTraits[K]) => {
    model.set(name, value);
    model.save_changes();
  };
  const refused = (name: Name) =>
    ["units", "activation", "dropout", "optimizer", "learning_rate"].includes(name) &&
    !choices.accepted.includes(name);

  function field(name: Name, row: Row, control: HTMLElement): HTMLElement {
    const id = `${prefix}-${name}`;
    control.id = id;
    const wrap = h(
      "div",
      { class: "fe-field" },
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

  function numeric(
    name: Name,
    row: Row & {
      step?: string;
      min?: number;
      max?: number;
      whole?: boolean;
      empty?: string;
      title?: string;
    },
  ): HTMLElement {
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
      if (document.activeElement !== input) input.value = value === null ? "" : String(value);
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
    updates.push(() => {
      const value = model.get(name) as string;
      if (![...select.options].some((option) => option.value === value)) {
        select.append(h("option", { value }, value));
      }
      select.value = value;
    });
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

  const group = (title: string, ...rows: HTMLElement[]) =>
    h("fieldset", {}, h("legend", {}, title), ...rows);
  const batches = h("small", { class: "fe-number" });
  const layers = createLayers(model, signal, prefix, commit, refused);
  updates.push(() => {
    layers.update();
    const training = Math.floor(choices.rows * (1 - model.get("validation_split")));
    const size = model.get("batch_size");
    text(
      batches,
      size > 0 && size <= training
        ? `${training} training rows in batches of ${size}: ${
          Math.ceil(training / size)
        } updates an epoch`
        : "",
    );
  });
  const stopping = h(
    "div",
    { class: "fe-stopping" },
    numeric("patience", {
      label: "patience",
      note: "epochs to wait for something better",
      whole: true,
      min: 0,
    }),
    numeric("min_delta", {
      label: "min_delta",
      note: "the least change that counts as better",
      min: 0,
      step: "any",
    }),
    choice("monitor", { label: "monitor" }, choices.monitors),
    check("restore_best_weights", {
      label: "restore best weights",
      note: "at the end, go back to those of the best epoch",
    }),
  );
  updates.push(() => {
    const off = !model.get("early_stopping");
    stopping.classList.toggle("fe-off", off);
    stopping.querySelectorAll<HTMLInputElement>("input, select").forEach((control) => {
      control.disabled = off;
      control.title = off ? "Tick early stopping first" : "";
    });
  });

  const rate = numeric("learning_rate", {
    label: "learning rate",
    min: 0,
    empty: "default",
    title: "empty: the optimizer's own default",
  });
  updates.push(() => {
    const usual = choices.optimizers[model.get("optimizer")];
    rate.querySelector("input")!.placeholder = usual ? String(usual) : "default";
  });
  const element = h(
    "form",
    { class: "fe-settings", "aria-label": "Settings" },
    group(
      "1 Network",
      layers.units,
      h("div", { class: "fe-field" }, h("span"), layers.add),
      choice("activation", { label: "activation" }, choices.activations),
    ),
    group(
      "2 Output and loss",
      h("p", {}, choices.output),
    ),
    group(
      "3 Optimizer",
      choice("optimizer", { label: "optimizer" }, Object.keys(choices.optimizers)),
      rate,
      numeric("batch_size", { label: "batch size", whole: true, min: 1 }),
      numeric("epochs", { label: "epochs", whole: true, min: 1 }),
      batches,
    ),
    group(
      "4 Regularisation",
      layers.dropouts,
      check("early_stopping", { label: "early stopping" }),
      stopping,
    ),
    group(
      "5 Fixed beforehand",
      numeric("validation_split", {
        label: "validation share",
        min: 0,
        max: 0.9,
        step: "0.05",
      }),
      numeric("seed", { label: "seed", whole: true, min: 0 }),
    ),
  );
  element.addEventListener("submit", (event) => event.preventDefault(), { signal });

  const update = () => {
    updates.forEach((show) => show());
    const pending = model.get("pending");
    fields.forEach((wrap, name) => wrap.classList.toggle("fe-pending", pending.includes(name)));
    layers.units.classList.toggle("fe-pending", pending.includes("units"));
    layers.dropouts.classList.toggle("fe-pending", pending.includes("dropout"));
  };
  update();
  return { element, update };
}
