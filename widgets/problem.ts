/** The sentence of a SettingsView whose last change was refused, with a mark before it. */
import type { AnyModel } from "@anywidget/types";
import { h, text } from "./dom.ts";
import { listen } from "./listen.ts";

export function createProblem(model: unknown, signal: AbortSignal, mark: string): HTMLElement {
  const element = h("p", { class: "fe-problem", role: "alert", hidden: true });
  const refresh = () => {
    const wrong: string = (model as AnyModel).get("problem");
    element.hidden = !wrong;
    text(element, wrong ? `${mark} ${wrong}` : "");
  };
  listen(model, ["problem"], signal, refresh);
  refresh();
  return element;
}
