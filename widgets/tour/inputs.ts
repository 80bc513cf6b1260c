/** The folded table of a row's inputs: which column became which input, with its exact value. */
import { h } from "../dom.ts";
import type { Turned } from "./traits.ts";

export function createInputs(): { element: HTMLElement; update(turned: Turned): void } {
  const body = h("tbody");
  const heads = ["input", "value (float32)", "from the column", "raw value"];
  const table = h(
    "table",
    { class: "fe-number" },
    h("thead", {}, h("tr", {}, ...heads.map((name) => h("th", { scope: "col" }, name)))),
    body,
  );
  let drawn: Turned | null = null;
  return {
    element: h(
      "details",
      { "data-fe-part": "numbers" },
      h("summary", {}, "The numbers"),
      h(
        "div",
        { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "All inputs" },
        table,
      ),
    ),
    update(turned) {
      if (drawn === turned) return;
      drawn = turned;
      body.replaceChildren(...turned.inputs.map((input) => {
        const { column, value } = turned.steps[input.step];
        const cells = [input.exact, column, value].map((cell) => h("td", {}, cell));
        return h("tr", {}, h("th", { scope: "row" }, input.name), ...cells);
      }));
    },
  };
}
