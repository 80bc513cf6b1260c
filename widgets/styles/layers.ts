/** The layers from top to bottom, as buttons: pointed at or focused they light up, pressed they stay lit. */
import { h, text } from "../dom.ts";
import type { Layer, Measured } from "./traits.ts";
import { whole } from "./words.ts";

export interface Hands {
  /** Pointer or focus is at the layer with this key; "" when it left. */
  look(key: string): void;
  /** It was chosen. */
  hold(key: string): void;
}

export interface Layers {
  readonly element: HTMLElement;
  show(layers: Layer[], measured: Measured | null): void;
  light(key: string, held: string): void;
}

export function createLayers(signal: AbortSignal, hands: Hands): Layers {
  const list = h("div", { class: "fe-styles-stack" });
  const buttons = new Map<
    string,
    { button: HTMLElement; shape: HTMLElement; count: HTMLElement }
  >();
  let drawn = "";

  function button(layer: Layer): HTMLElement {
    const shape = h("span", { class: "fe-styles-shape fe-number" });
    const count = h("span", { class: "fe-styles-count fe-number" });
    const made = h(
      "button",
      { type: "button", class: `fe-styles-unit fe-styles-${layer.kind}`, "aria-pressed": "false" },
      h("b", {}, layer.label),
      shape,
      count,
    );
    made.addEventListener("pointerenter", () => hands.look(layer.key), { signal });
    made.addEventListener("pointerleave", () => hands.look(""), { signal });
    made.addEventListener("focus", () => hands.look(layer.key), { signal });
    made.addEventListener("blur", () => hands.look(""), { signal });
    made.addEventListener("click", () => hands.hold(layer.key), { signal });
    buttons.set(layer.key, { button: made, shape, count });
    return made;
  }

  /** Layers of the two branches stand side by side. */
  function rows(layers: Layer[]): Layer[][] {
    const pairs: Layer[][] = [];
    for (const layer of layers) {
      const last = pairs.at(-1);
      const beside = last?.length === 1 && last[0].key.startsWith("first") &&
        layer.key.startsWith("second");
      if (beside) last.push(layer);
      else pairs.push([layer]);
    }
    return pairs;
  }

  return {
    element: h(
      "div",
      { class: "fe-styles-layers", role: "group", "aria-label": "Layers" },
      list,
    ),
    show(layers, measured) {
      const key = JSON.stringify(layers);
      if (key !== drawn) {
        drawn = key;
        buttons.clear();
        list.replaceChildren(
          ...rows(layers).map((row) => h("div", { class: "fe-styles-row" }, ...row.map(button))),
        );
      }
      const counts = measured && Object.values(measured.counts)[0];
      for (const layer of layers) {
        const { shape, count } = buttons.get(layer.key)!;
        text(shape, measured?.shapes[layer.key] ?? "…");
        const learns = counts ? whole(counts[layer.key]) : "…";
        text(count, layer.formula ? `${layer.formula} = ${learns}` : "");
      }
    },
    light(key, held) {
      for (const [name, { button }] of buttons) {
        button.classList.toggle("fe-lit", name === key);
        button.setAttribute("aria-pressed", String(name === held));
      }
    },
  };
}
