/** The settings: each goes to Python, which answers with another recording. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, part, uniqueId } from "../dom.ts";
import type { DropoutTraits, Facts } from "./traits.ts";

export interface Form {
  /** Rate, sizes and seed. */
  readonly element: HTMLElement;
  /** Training or inference, and the layer where there are several. */
  readonly mode: HTMLElement;
  update(facts: Facts | null): void;
}

export function createForm(model: AnyModel<DropoutTraits>, signal: AbortSignal): Form {
  const send = <K extends keyof DropoutTraits & string>(name: K, value: DropoutTraits[K]) => {
    if (model.get(name) === value) return;
    model.set(name, value);
    model.save_changes();
  };
  const field = (name: string, ...controls: Node[]) =>
    h(
      "div",
      { class: "fe-field" },
      h("span", { class: "fe-field-name", "aria-hidden": "true" }, name),
      ...controls,
    );
  const numeric = (name: string, key: "rate" | "batch_size" | "batches" | "seed", step: string) => {
    const made = h("input", { type: "number", "aria-label": name, step, class: "fe-number" });
    made.addEventListener("change", () => {
      // An empty field is no number: Python would have no sentence for it.
      if (made.value !== "" && Number.isFinite(made.valueAsNumber)) send(key, made.valueAsNumber);
      else update(shown);
    }, { signal });
    return made;
  };
  const rate = numeric("rate", "rate", "any");
  const slide = h("input", {
    type: "range",
    min: 0,
    max: 0.95,
    step: 0.05,
    "aria-label": "rate, from 0 to 0.95",
  });
  slide.addEventListener("input", () => rate.value = slide.value, { signal });
  slide.addEventListener("change", () => send("rate", Number(slide.value)), { signal });
  const fields = {
    rate,
    batch_size: numeric("batch size", "batch_size", "1"),
    batches: numeric("batches", "batches", "1"),
    seed: numeric("seed of the masks", "seed", "1"),
  };
  const group = uniqueId();
  const radio = (words: string, training: boolean) => {
    const made = h("input", { type: "radio", name: group });
    made.addEventListener("change", () => send("training", training), { signal });
    return { made, label: part("training", h("label", { class: "fe-inline" }, made, words)) };
  };
  const train = radio("training", true), rest = radio("inference (predict)", false);
  const layer = h("select", { "aria-label": "Dropout layer" });
  layer.addEventListener("change", () => send("layer", layer.value), { signal });
  const layers = part("layer", field("layer", layer));
  let shown: Facts | null = null;

  function update(facts: Facts | null): void {
    shown = facts;
    for (const [name, input] of Object.entries(fields)) {
      fill(input, String(model.get(name as keyof typeof fields)));
    }
    fill(slide, String(model.get("rate")));
    train.made.checked = model.get("training");
    rest.made.checked = !model.get("training");
    layers.hidden = !facts || facts.layers.length < 2;
    if (!facts) return;
    if ([...layer.children].map((one) => one.textContent).join() !== facts.layers.join()) {
      layer.replaceChildren(...facts.layers.map((name) => h("option", { value: name }, name)));
    }
    layer.value = facts.layer;
  }

  return {
    element: h(
      "div",
      {
        class: "fe-settings fe-dropout-form",
        role: "group",
        "aria-label": "settings",
        "data-fe-part": "settings",
      },
      part("rate", field("rate (share dropped)", slide, rate)),
      part("batch_size", field("batch size", fields.batch_size)),
      part("batches", field("batches", fields.batches)),
      part("seed", field("seed of the masks", fields.seed)),
    ),
    mode: h(
      "div",
      { class: "fe-mode", role: "group", "aria-label": "training or inference" },
      train.label,
      rest.label,
      layers,
    ),
    update,
  };
}
