/** The builder of the hidden layers: what each of them has; add, remove, move up and down. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, text } from "../dom.ts";
import { choose, type Fields, REFUSED } from "./fields.ts";
import type { TrainingTraits } from "./traits.ts";

const LABELS = {
  units: "units",
  activation: "activation",
  batch_normalization: "batch normalization",
  dropout: "dropout",
  l2: "L2",
};
type Name = keyof typeof LABELS;
type Value = number | string | boolean;
type Control = HTMLInputElement | HTMLSelectElement;
/** Units last: what is set before them is read by the number of layers there was. */
const NAMES: Name[] = ["activation", "batch_normalization", "dropout", "l2", "units"];
/** In the block of a layer, where the heading says which layer it is. */
const IN_BLOCK: Name[] = ["units", "activation", "batch_normalization"];

export interface Layers {
  /** A block for each layer, with what it is made of. */
  blocks: HTMLElement;
  add: HTMLElement;
  dropout: HTMLElement;
  l2: HTMLElement;
  update(): void;
}

export function createLayers(
  model: AnyModel<TrainingTraits>,
  signal: AbortSignal,
  { prefix, commit, refused }: Fields,
): Layers {
  const blocks = h("div"), dropout = h("div"), l2 = h("div");
  const controls = new Map<string, Control>();
  let shown = -1;

  const count = () => model.get("units").length;
  /** A setting of every layer, whether it is one for all or one for each. */
  const each = (name: Name): Value[] => {
    const value = model.get(name) as Value | Value[];
    return model.get("units").map((_, layer) =>
      Array.isArray(value) ? value[layer] ?? value[value.length - 1] : value
    );
  };
  /** One value where all layers have the same. */
  const fold = (name: Name, values: Value[]): Value | Value[] =>
    name === "units" || values.some((value) => value !== values[0]) ? values : values[0];
  const store = (name: Name, layer: number, value: Value) => {
    const values = each(name);
    values[layer] = value;
    commit(name, fold(name, values) as never);
  };

  /** Add, remove or move layers: whatever a layer has goes with it. */
  const rearrange = (change: (values: Value[], name: Name) => void) => {
    for (const name of NAMES) {
      const values = each(name);
      change(values, name);
      // Without a layer the last value stays, for the layer that may come.
      if (!values.length && name !== "units") values.push(...each(name));
      const next = fold(name, values);
      if (next !== undefined) model.set(name, next as never);
    }
    model.save_changes();
    update();
  };
  const add = h("button", { type: "button", disabled: refused("units") }, "+ layer");
  add.title = refused("units") ? REFUSED : "";
  add.addEventListener("click", () =>
    rearrange((values, name) => {
      const value = model.get(name) as Value | Value[];
      values.push(values.at(-1) ?? (name === "units" ? 16 : value as Value));
    }), { signal });

  const button = (layer: number, kind: string, glyph: string, why: string, act: () => void) => {
    const element = h("button", {
      type: "button",
      class: "fe-small",
      disabled: refused("units") || why !== "",
      "data-kind": kind,
      "aria-label": (kind === "remove" ? "remove hidden layer #" : `move hidden layer # ${kind}`)
        .replace("#", String(layer + 1)),
      title: refused("units") ? REFUSED : why,
    }, glyph);
    element.addEventListener("click", act, { signal });
    return element;
  };
  const focus = (layer: number, ...kinds: string[]) => {
    const block = blocks.querySelectorAll(".fe-layer")[layer];
    const found = kinds.map((kind) =>
      block?.querySelector<HTMLButtonElement>(`[data-kind=${kind}]`)
    );
    (found.find((one) => one && !one.disabled) ?? add).focus();
  };
  const move = (layer: number, by: number) => {
    rearrange((values) => values.splice(layer + by, 0, ...values.splice(layer, 1)));
    focus(layer + by, ...(by < 0 ? ["up", "down"] : ["down", "up"]));
  };
  const buttons = (layer: number, last: number) =>
    h(
      "span",
      { class: "fe-pair" },
      button(layer, "up", "↑", layer ? "" : "It is the first hidden layer", () => move(layer, -1)),
      button(
        layer,
        "down",
        "↓",
        layer < last ? "" : "It is the last hidden layer",
        () => move(layer, 1),
      ),
      button(layer, "remove", "−", "", () => {
        rearrange((values) => values.splice(layer, 1));
        focus(Math.min(layer, count() - 1), "remove");
      }),
    );

  /** A labelled control of one layer. */
  const field = (name: Name, layer: number, control: Control, ...more: HTMLElement[]) => {
    const hidden = IN_BLOCK.includes(name) && "fe-hidden";
    const which = h("span", { class: hidden }, `, layer ${layer + 1}`);
    const many = count() > 1 ? [which] : [];
    control.id = `${prefix}-${name}-${layer}`;
    control.disabled = refused(name);
    if (refused(name)) control.title = REFUSED;
    controls.set(`${name}-${layer}`, control);
    return h(
      "div",
      { class: "fe-field", "data-name": name, "data-fe-part": name },
      h("label", { for: control.id }, LABELS[name], ...many),
      more.length ? h("span", { class: "fe-pair" }, control, ...more) : control,
    );
  };
  const number = (name: "units" | "l2", layer: number) => {
    const whole = name === "units";
    const input = h("input", { type: "number", min: whole ? 1 : 0, step: whole ? 1 : "any" });
    input.addEventListener("change", () => {
      const value = input.valueAsNumber;
      if (Number.isFinite(value)) store(name, layer, whole ? Math.round(value) : value);
    }, { signal });
    input.addEventListener("blur", () => update(), { signal });
    return field(name, layer, input);
  };
  const block = (layer: number, last: number) => {
    const { activations } = model.get("choices");
    const select = h("select", {}, ...activations.map((value) => h("option", { value }, value)));
    select.addEventListener("change", () => store("activation", layer, select.value), { signal });
    const box = h("input", { type: "checkbox" });
    box.addEventListener("change", () => store("batch_normalization", layer, box.checked), {
      signal,
    });
    const normal = field("batch_normalization", layer, box);
    normal.classList.add("fe-field-check");
    const name = `hidden layer ${layer + 1}`;
    return h(
      "div",
      { class: "fe-layer", role: "group", "aria-label": name },
      h("div", { class: "fe-layer-head" }, h("b", {}, name), buttons(layer, last)),
      h(
        "div",
        { class: "fe-layer-row" },
        number("units", layer),
        field("activation", layer, select),
      ),
      normal,
    );
  };
  const slider = (layer: number) => {
    const input = h("input", { type: "range", min: 0, max: 0.9, step: 0.05 });
    const output = h("output", { class: "fe-number" });
    input.addEventListener("input", () => text(output, Number(input.value).toFixed(2)), { signal });
    input.addEventListener("change", () => store("dropout", layer, Number(input.value)), {
      signal,
    });
    const wrap = field("dropout", layer, input, output);
    output.setAttribute("for", input.id);
    return wrap;
  };

  const why = (...names: Name[]) => {
    const fixed = names.filter(refused).map((name) => LABELS[name]);
    return fixed.length ? [h("small", {}, `${REFUSED} (${fixed.join(", ")})`)] : [];
  };
  function rebuild(layers: number) {
    controls.clear();
    const all = model.get("units").map((_, layer) => layer);
    blocks.replaceChildren(
      ...all.map((layer) => block(layer, layers - 1)),
      ...why("units", "activation", "batch_normalization"),
    );
    dropout.replaceChildren(...all.map(slider), ...why("dropout"));
    l2.replaceChildren(...all.map((layer) => number("l2", layer)), ...why("l2"));
    shown = layers;
  }
  function update() {
    if (count() !== shown) rebuild(count());
    const pending = model.get("pending");
    // A narrow block says it once, in its heading.
    const waits = IN_BLOCK.some((name) => pending.includes(name));
    blocks.querySelectorAll(".fe-layer-head").forEach((one) =>
      one.classList.toggle("fe-pending", waits)
    );
    for (const name of NAMES) {
      each(name).forEach((value, layer) => {
        const control = controls.get(`${name}-${layer}`)!;
        if (!IN_BLOCK.includes(name)) {
          control.closest(".fe-field")!.classList.toggle("fe-pending", pending.includes(name));
        }
        if (control.tagName === "SELECT") choose(control as HTMLSelectElement, String(value));
        else if (name === "batch_normalization") {
          (control as HTMLInputElement).checked = Boolean(value);
        } else fill(control as HTMLInputElement, String(value));
        if (name === "dropout") {
          text(control.parentElement!.querySelector("output")!, Number(control.value).toFixed(2));
        }
      });
    }
  }
  return { blocks, add, dropout, l2, update };
}
