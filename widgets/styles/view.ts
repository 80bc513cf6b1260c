/** ModelStyles on the page: the layers, the code of each style beside them, what was counted. Draws what Python found. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, part, text } from "../dom.ts";
import { createGlossary } from "../glossary.ts";
import { listen } from "../listen.ts";
import { createProblem } from "../problem.ts";
import { Frames, receiveFrames } from "../recording.ts";
import { hideStill } from "../still.ts";
import { createColumns } from "./columns.ts";
import { createForm } from "./form.ts";
import { createLayers } from "./layers.ts";
import { createTables } from "./tables.ts";
import type { Measured, StylesTraits } from "./traits.ts";
import { BUSY, describe, GLOSSARY, plan } from "./words.ts";

const NAMES = ["title", "status", "layers", "styles", "measured", "said", "code"] as const;

function render({ model, el, signal }: RenderProps<StylesTraits>) {
  let frames = new Frames();
  /** The layer that stays lit, and the one under the pointer or the focus; "" for none. */
  let held = "", near = "";

  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h(
    "p",
    { class: "fe-lead" },
    "Point at a layer, or choose it: the lines that mean it light up in all three.",
  );
  const look = (key: string) => {
    near = key;
    light();
  };
  const hold = (key: string) => {
    held = held === key ? "" : key;
    light();
  };
  const layers = createLayers(signal, { look, hold });
  const columns = createColumns(signal, { look, hold });
  const found = h("p", { class: "fe-sentence fe-styles-found", role: "status" });
  const meaning = h("p", { class: "fe-sentence fe-styles-layer", "aria-live": "polite" });
  const form = createForm(model as unknown as AnyModel<StylesTraits>, signal);
  const tables = createTables();
  const glossary = createGlossary();
  glossary.show(GLOSSARY);
  const source = h("code");
  const root = h(
    "section",
    { class: "fe fe-styles", "data-lm-suppress-shortcuts": "true" },
    h("header", {}, heading, state, lead),
    part("layers", layers.element),
    h("div", { class: "fe-styles-body" }, ...columns.elements),
    found,
    meaning,
    createProblem(model, signal, "⚠"),
    form.element,
    h(
      "div",
      { class: "fe-folds" },
      part("numbers", h("details", {}, h("summary", {}, "The numbers"), tables.element)),
      h(
        "details",
        { "data-fe-part": "code" },
        h("summary", {}, "The code"),
        h("pre", { class: "fe-code", tabindex: 0, role: "group", "aria-label": "Code" }, source),
      ),
      part("words", glossary.element),
    ),
  );
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && (held || near)) {
      held = near = "";
      light();
    }
    // Keys typed here are no commands to the notebook.
    if (!(event.ctrlKey || event.metaKey || event.altKey)) event.stopPropagation();
  }, { signal });
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);

  function measured(): Measured | null {
    const now = model.get("measured");
    return now.counts ? now : null;
  }

  /** Light the layer in hand, and say where it stands. */
  function light() {
    const key = near || held;
    layers.light(key, held);
    columns.light(key);
    const layer = model.get("layers").find((one) => one.key === key);
    text(meaning, layer ? describe(layer, model.get("styles"), measured()) : "");
  }

  function refresh() {
    const status = model.get("status"), now = measured();
    const shown = model.get("layers");
    root.dataset.status = status;
    root.setAttribute("aria-busy", String(status === "loading" || status === "building"));
    if (!shown.some(({ key }) => key === held)) held = "";
    near = "";
    text(heading, model.get("title"));
    text(state, plan(shown, now));
    layers.show(shown, now);
    columns.show(model.get("styles"), now, frames);
    tables.show(shown, now, frames);
    text(found, BUSY[status] ?? model.get("said"));
    text(source, model.get("code"));
    form.update();
    light();
  }

  listen(model, NAMES, signal, refresh);
  listen(model, [...form.names, "problem"], signal, form.update);
  frames = receiveFrames(model as unknown as AnyModel, signal, refresh);
  refresh();
}

export default { render: card(render) };
