/** Train, Stop, Reset, how far it is, and the settings. Sends commands; Python decides. */
import type { AnyModel } from "@anywidget/types";
import { h, text, uniqueId } from "../dom.ts";
import { icon, ICONS } from "../playback/icons.ts";
import type { OverfittingTraits } from "./traits.ts";
import { unitsWords } from "./words.ts";

type Model = AnyModel<OverfittingTraits>;

export interface Part {
  readonly element: HTMLElement;
  update(): void;
}

const going = (model: Model) => ["loading", "training", "stopping"].includes(model.get("status"));

export function createControls(
  model: Model,
  signal: AbortSignal,
  send: (kind: string) => void,
): Part {
  const button = (glyph: keyof typeof ICONS, label: string, kind: string, primary = false) => {
    const words = h("span", {}, label);
    const element = h("button", { type: "button", class: primary ? "fe-primary" : null });
    element.append(icon(document, glyph), words);
    element.addEventListener("click", () => send(kind), { signal });
    return { element, words };
  };
  const train = button("play", "Train", "train", true);
  const stop = button("stop", "Stop", "stop");
  const reset = button("reset", "Reset", "reset");
  stop.element.addEventListener("click", () => {
    text(stop.words, "Stopping…");
    stop.element.disabled = true;
  }, { signal });
  const progress = h("progress", { max: 1, value: 0, "aria-label": "share trained" });
  const count = h("span", { class: "fe-number" });
  const element = h(
    "div",
    { class: "fe-over-controls", role: "group", "aria-label": "Training" },
    train.element,
    stop.element,
    reset.element,
    h("span", { class: "fe-over-progress" }, progress, count),
  );
  return {
    element,
    update() {
      const status = model.get("status"),
        report = model.get("report"),
        { missing } = model.get("facts");
      const busy = going(model);
      text(train.words, status === "loading" ? "Loading Keras…" : "Train");
      train.element.disabled = busy || missing === 0;
      train.element.title = busy
        ? "Stop the training first, or let it end"
        : missing
        ? `${missing} ${missing === 1 ? "fit" : "fits"} to train`
        : "All of it is trained: change a setting, or Reset";
      stop.element.disabled = !busy || status === "stopping";
      stop.element.title = busy ? "" : "Nothing is training";
      text(stop.words, status === "stopping" ? "Stopping…" : "Stop");
      reset.element.disabled = status === "idle";
      reset.element.title = status === "idle" ? "There is nothing to reset" : "";
      progress.value = report.share;
      const ended = report.outcome === "stopped" ? "stopped: " : "";
      text(
        count,
        report.doing || (report.of ? `${ended}${report.done} of ${report.of} fits trained` : ""),
      );
    },
  };
}

export function createForm(
  model: Model,
  signal: AbortSignal,
  send: (kind: string) => void,
): Part {
  const set = <K extends keyof OverfittingTraits & string>(name: K, value: unknown) => {
    model.set(name, value as OverfittingTraits[K]);
    model.save_changes();
  };
  const field = (name: string, ...controls: Node[]) =>
    h(
      "div",
      { class: "fe-field" },
      h("span", { class: "fe-field-name", "aria-hidden": "true" }, name),
      ...controls,
    );
  const widths = h("input", {
    type: "text",
    "aria-label": "units of each network, apart by commas",
    class: "fe-number fe-over-units",
  });
  widths.addEventListener("change", () => {
    const given = widths.value.split(/[\s,;]+/).filter(Boolean);
    // What is no number goes to Python as it is, which has a sentence for it.
    set("units", given.map((one) => Number.isFinite(Number(one)) ? Number(one) : one));
  }, { signal });
  const numeric = (
    name: string,
    key: "seeds" | "epochs" | "batch_size" | "learning_rate",
    step: string,
  ) => {
    const made = h("input", {
      type: "number",
      "aria-label": name,
      step,
      min: 0,
      class: "fe-number",
    });
    made.addEventListener("change", () => {
      if (key === "learning_rate" && made.value.trim() === "") set(key, null);
      else if (Number.isFinite(made.valueAsNumber)) set(key, made.valueAsNumber);
      else update();
    }, { signal });
    return made;
  };
  const seeds = numeric("seeds", "seeds", "1"), epochs = numeric("epochs", "epochs", "1");
  const batch = numeric("batch size", "batch_size", "1");
  const rate = numeric("learning rate; empty for the model's own", "learning_rate", "any");
  rate.placeholder = "own";

  /** A box that lays a variant over the plain fits, with the number it goes by. */
  const variant = (
    label: string,
    name: string,
    key: "dropout" | "patience",
    first: number,
    step: string,
  ) => {
    const box = h("input", { type: "checkbox" });
    const by = h("input", { type: "number", "aria-label": name, step, min: 0, class: "fe-number" });
    by.value = String(first);
    const trains = key === "dropout";
    const apply = () => {
      set(key, box.checked ? by.valueAsNumber : 0);
      if (box.checked && trains && model.get("status") === "done") send("train");
    };
    box.addEventListener("change", apply, { signal });
    by.addEventListener("change", () => {
      if (!Number.isFinite(by.valueAsNumber)) by.value = String(model.get(key) || first);
      if (box.checked) apply();
    }, { signal });
    return {
      box,
      by,
      element: h(
        "div",
        { class: "fe-field" },
        h("label", { class: "fe-inline" }, box, label),
        h(
          "span",
          { class: "fe-field-name", "aria-hidden": "true" },
          key === "dropout" ? "rate" : key,
        ),
        by,
      ),
      update() {
        const value = model.get(key);
        box.checked = value > 0;
        if (value > 0) by.value = String(value);
      },
    };
  };
  const dropout = variant("add dropout", "dropout rate, the share dropped", "dropout", 0.5, "any");
  const early = variant("add early stopping", "patience in epochs", "patience", 15, "1");
  const logs = h("input", { type: "checkbox" });
  logs.addEventListener("change", () => set("log_scale", logs.checked), { signal });

  const element = h(
    "div",
    { class: "fe-settings", role: "group", "aria-label": "settings" },
    field("units", widths),
    field("seeds", seeds),
    field("epochs", epochs),
    field("batch size", batch),
    field("learning rate", rate),
    dropout.element,
    early.element,
    h("label", { class: "fe-inline" }, logs, "logarithmic loss"),
  );

  function update(): void {
    const busy = going(model), accepted = model.get("facts").accepted;
    widths.value = model.get("units").join(", ");
    seeds.value = String(model.get("seeds"));
    epochs.value = String(model.get("epochs"));
    batch.value = String(model.get("batch_size"));
    rate.value = String(model.get("learning_rate") ?? "");
    logs.checked = model.get("log_scale");
    for (const one of [dropout, early]) one.update();
    for (const control of [widths, seeds, epochs, batch, rate, dropout.box, dropout.by]) {
      control.disabled = busy;
      control.title = busy ? "Stop the training first, or let it end" : "";
    }
    const lacking: [HTMLInputElement, string][] = [
      [rate, "learning_rate"],
      [dropout.box, "dropout"],
      [dropout.by, "dropout"],
    ];
    for (const [control, name] of lacking) {
      if (accepted.includes(name)) continue;
      control.disabled = true;
      control.title = `build_model takes no ${name}`;
    }
  }
  return { element, update };
}

/** Asks first which width will end lowest. */
export function createQuestion(model: Model, signal: AbortSignal): Part {
  const name = uniqueId();
  const words = h("legend"), choices = h("span", { class: "fe-over-choices" });
  const element = h("fieldset", { class: "fe-over-question" }, words, choices);
  let offered = "";
  choices.addEventListener("change", (event) => {
    model.set("guess", Number((event.target as HTMLInputElement).value));
    model.save_changes();
  }, { signal });
  return {
    element,
    update() {
      element.hidden = !model.get("ask");
      text(words, `First a guess. ${model.get("facts").question}`);
      const units = model.get("units");
      if (offered !== units.join()) {
        offered = units.join();
        choices.replaceChildren(...units.map((value) =>
          h(
            "label",
            { class: "fe-inline" },
            h("input", { type: "radio", name, value }),
            unitsWords(value),
          )
        ));
      }
      const open = model.get("status") === "idle";
      for (const choice of choices.querySelectorAll<HTMLInputElement>("input")) {
        choice.checked = Number(choice.value) === model.get("guess");
        choice.disabled = !open;
        choice.title = open ? "" : "It was trained already: Reset for another guess";
      }
    },
  };
}
