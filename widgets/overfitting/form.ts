/** The settings, and the boxes that lay dropout and early stopping over the plain fits. */
import { fill, h, part } from "../dom.ts";
import { going, type Model, type Part } from "./controls.ts";
import type { OverfittingTraits } from "./traits.ts";

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
        { class: "fe-field", "data-fe-part": key },
        h("label", { class: "fe-inline" }, box, label),
        h(
          "span",
          { class: "fe-inline" },
          h(
            "span",
            { class: "fe-field-name", "aria-hidden": "true" },
            key === "dropout" ? "rate" : key,
          ),
          by,
        ),
      ),
      update() {
        const value = model.get(key);
        box.checked = value > 0;
        if (value > 0) fill(by, String(value));
      },
    };
  };
  const dropout = variant("add dropout", "dropout rate, the share dropped", "dropout", 0.5, "any");
  const early = variant("add early stopping", "patience in epochs", "patience", 15, "1");
  const logs = h("input", { type: "checkbox" });
  logs.addEventListener("change", () => set("log_scale", logs.checked), { signal });

  const element = h(
    "div",
    { class: "fe-settings", role: "group", "aria-label": "settings", "data-fe-part": "settings" },
    part("units", field("units", widths)),
    part("seeds", field("seeds", seeds)),
    part("epochs", field("epochs", epochs)),
    part("batch_size", field("batch size", batch)),
    part("learning_rate", field("learning rate", rate)),
    dropout.element,
    early.element,
    part("log_scale", h("label", { class: "fe-inline" }, logs, "logarithmic loss")),
  );

  function update(): void {
    const busy = going(model), accepted = model.get("facts").accepted;
    fill(widths, model.get("units").join(", "));
    fill(seeds, String(model.get("seeds")));
    fill(epochs, String(model.get("epochs")));
    fill(batch, String(model.get("batch_size")));
    fill(rate, String(model.get("learning_rate") ?? ""));
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
