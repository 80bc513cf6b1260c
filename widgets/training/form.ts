/** The settings, in the order of the lecture's training checklist. Changes settings; never touches a chart. */
import type { AnyModel } from "@anywidget/types";
import { h, text } from "../dom.ts";
import { createFields, note } from "./fields.ts";
import { createLayers } from "./layers.ts";
import type { TrainingTraits } from "./traits.ts";

/** The settings of a run; a change of any of them is shown here. */
export const SETTINGS = [
  "units",
  "activation",
  "dropout",
  "batch_normalization",
  "l2",
  "optimizer",
  "learning_rate",
  "schedule",
  "schedule_factor",
  "schedule_patience",
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

const PLATEAU = "reduce on plateau";
const LONE =
  ". The last batch is a single row: batch normalization compares it with itself, and nothing is left of it.";

export interface Form {
  element: HTMLElement;
  /** Show the settings as they are now, and which of them wait for the next run. */
  update(): void;
}

export function createForm(model: AnyModel<TrainingTraits>, signal: AbortSignal): Form {
  const choices = model.get("choices");
  const updates: (() => void)[] = [];
  const fields = createFields(model, signal);
  const { numeric, choice, check } = fields;
  const group = (title: string, ...rows: HTMLElement[]) =>
    h("fieldset", {}, h("legend", {}, title), ...rows);
  const batches = h("small", { class: "fe-number" });
  const layers = createLayers(model, signal, fields);
  updates.push(() => {
    layers.update();
    const training = Math.floor(choices.rows * (1 - model.get("validation_split")));
    const size = model.get("batch_size");
    const normal = [model.get("batch_normalization")].flat().some(Boolean);
    text(
      batches,
      size > 0 && size <= training
        ? `${training} training rows in batches of ${size}: ${
          Math.ceil(training / size)
        } updates an epoch${normal && training % size === 1 ? LONE : ""}`
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
      // The schedule may watch the monitor too.
      const idle = off && !(control.tagName === "SELECT" && model.get("schedule") === PLATEAU);
      control.disabled = idle;
      control.title = idle ? "Tick early stopping first" : "";
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
  const factor = numeric("schedule_factor", {
    label: "schedule factor",
    note: "–",
    min: 0,
    max: 1,
  });
  const wait = numeric("schedule_patience", {
    label: "schedule patience",
    note: "epochs to wait for something better",
    whole: true,
    min: 1,
    empty: "default",
    title: "empty: a thirtieth of all epochs, but 2 at least",
  });
  const schedule = choice("schedule", { label: "schedule" }, choices.schedules);
  schedule.classList.add("fe-field-wide");
  const rates = h("small", { class: "fe-number" });
  updates.push(() => {
    const name = model.get("schedule");
    factor.hidden = name === "constant";
    wait.hidden = name !== PLATEAU;
    note(
      factor,
      name === PLATEAU
        ? "the rate is multiplied by this on every plateau"
        : "share of the rate that is left at the end",
    );
    text(rates, model.get("schedule_words"));
  });
  const element = h(
    "form",
    { class: "fe-training-form", "aria-label": "Settings" },
    group(
      "1 Network",
      layers.blocks,
      layers.add,
      h(
        "small",
        {},
        "Batch normalization brings each unit's sums to mean 0 and spread 1 within the batch, before the activation.",
      ),
    ),
    group(
      "2 Output and loss",
      h("p", {}, choices.output),
    ),
    group(
      "3 Optimizer",
      choice("optimizer", { label: "optimizer" }, Object.keys(choices.optimizers)),
      rate,
      schedule,
      factor,
      wait,
      rates,
      numeric("batch_size", { label: "batch size", whole: true, min: 1 }),
      numeric("epochs", { label: "epochs", whole: true, min: 1 }),
      batches,
    ),
    group(
      "4 Regularisation",
      layers.dropout,
      layers.l2,
      h(
        "small",
        {},
        "L2 times the sum of squared weights is added to the loss: large weights cost something.",
      ),
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
    fields.update();
    updates.forEach((show) => show());
  };
  update();
  return { element, update };
}
