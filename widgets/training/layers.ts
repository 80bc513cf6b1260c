/** The hidden layers of the settings: units and dropout rate of each, add and remove. */
import type { AnyModel } from "@anywidget/types";
import { h, text } from "../dom.ts";
import type { TrainingTraits } from "./traits.ts";

/** Beside a control whose setting the model's builder ignores. */
export const REFUSED = "fixed: this model's builder does not take it";

type Commit = <K extends keyof TrainingTraits & string>(name: K, value: TrainingTraits[K]) => void;

export function createLayers(
  model: AnyModel<TrainingTraits>,
  signal: AbortSignal,
  prefix: string,
  commit: Commit,
  refused: (name: "units" | "dropout") => boolean,
) {
  const units = h("div"), dropouts = h("div");
  let shown = -1;
  const rates = () => {
    const value = model.get("dropout");
    return model.get("units").map((_, layer) => Array.isArray(value) ? value[layer] ?? 0 : value);
  };
  const fold = (next: number[]) => next.some((rate) => rate !== next[0]) ? next : next[0] ?? 0;

  /** Add a layer, or remove the one given; its dropout rate goes with it. */
  const resize = (removed?: number) => {
    const next = [...model.get("units")], nextRates = rates();
    if (removed === undefined) {
      next.push(next.at(-1) ?? 16);
      nextRates.push(nextRates.at(-1) ?? 0);
    } else {
      next.splice(removed, 1);
      nextRates.splice(removed, 1);
    }
    model.set("dropout", fold(nextRates));
    commit("units", next);
  };

  const row = (label: string, id: string, ...controls: HTMLElement[]) =>
    h(
      "div",
      { class: "fe-field" },
      h("label", { for: id }, label),
      h("span", { class: "fe-pair" }, ...controls),
    );
  const named = (name: string, layer: number, count: number) =>
    count > 1 ? `${name}, layer ${layer + 1}` : name;

  const unitsRow = (layer: number, count: number) => {
    const id = `${prefix}-units-${layer}`, disabled = refused("units");
    const input = h("input", { type: "number", min: 1, step: 1, id, disabled });
    input.addEventListener("change", () => {
      if (!Number.isFinite(input.valueAsNumber)) return;
      const next = [...model.get("units")];
      next[layer] = Math.round(input.valueAsNumber);
      commit("units", next);
    }, { signal });
    const remove = h("button", {
      type: "button",
      class: "fe-small",
      disabled,
      "aria-label": `remove hidden layer ${layer + 1}`,
      title: "remove this layer",
    }, "−");
    remove.addEventListener("click", () => resize(layer), { signal });
    return row(named("units", layer, count), id, input, remove);
  };

  const dropoutRow = (layer: number, count: number) => {
    const id = `${prefix}-dropout-${layer}`, disabled = refused("dropout");
    const slider = h("input", { type: "range", min: 0, max: 0.9, step: 0.05, id, disabled });
    const output = h("output", { class: "fe-number", for: id });
    slider.addEventListener("input", () => text(output, Number(slider.value).toFixed(2)), {
      signal,
    });
    slider.addEventListener("change", () => {
      const next = rates();
      next[layer] = Number(slider.value);
      commit("dropout", fold(next));
    }, { signal });
    return row(named("dropout", layer, count), id, slider, output);
  };

  const add = h("button", { type: "button", disabled: refused("units") }, "+ layer");
  add.addEventListener("click", () => resize(), { signal });
  return {
    units,
    dropouts,
    add,
    update() {
      const values = model.get("units"), count = values.length;
      if (count !== shown) {
        const why = (name: "units" | "dropout") =>
          refused(name) ? [h("div", { class: "fe-field" }, h("small", {}, REFUSED))] : [];
        units.replaceChildren(
          ...values.map((_, layer) => unitsRow(layer, count)),
          ...why("units"),
        );
        dropouts.replaceChildren(
          ...values.map((_, layer) => dropoutRow(layer, count)),
          ...why("dropout"),
        );
        shown = count;
      }
      const inputs = units.querySelectorAll("input"), sliders = dropouts.querySelectorAll("input");
      values.forEach((value, layer) => {
        if (document.activeElement !== inputs[layer]) inputs[layer].value = String(value);
        if (document.activeElement !== sliders[layer]) {
          sliders[layer].value = String(rates()[layer]);
        }
        text(dropouts.querySelectorAll("output")[layer], Number(sliders[layer].value).toFixed(2));
      });
    },
  };
}
