/** KerasStack on the page: the levels on top of each other, and the one in hand told. Draws what Python read. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, part, text } from "../dom.ts";
import { createGlossary } from "../glossary.ts";
import { listen } from "../listen.ts";
import { createProblem } from "../problem.ts";
import { hideStill } from "../still.ts";
import { createLibrary } from "./library.ts";
import type { Level, LevelKey, StackTraits } from "./traits.ts";
import { BUSY, GLOSSARY } from "./words.ts";

const NAMES = [
  "title",
  "level",
  "kind",
  "status",
  "levels",
  "shelves",
  "operations",
  "footnote",
  "problem_found",
  "code",
];

function render({ model, el, signal }: RenderProps<StackTraits>) {
  const set = <K extends "level" | "kind">(name: K, value: StackTraits[K]) => {
    model.set(name, value as never);
    model.save_changes();
  };
  const heading = h("h2");
  const lead = h(
    "p",
    { class: "fe-lead" },
    "Choose a level, from top to bottom: what does it do for this one line?",
  );
  const tower = h("div", { class: "fe-stack-tower", role: "group", "aria-label": "Levels" });
  const name = h("h3"), does = h("p", {}), here = h("p", { class: "fe-stack-here" });
  const footnote = h("p", { class: "fe-stack-footnote" });
  const library = createLibrary(signal, (kind) => set("kind", kind));
  const told = h(
    "div",
    { class: "fe-stack-told", "aria-live": "polite" },
    name,
    does,
    here,
    footnote,
  );
  const busy = h("p", { class: "fe-sentence fe-stack-busy", role: "status" });
  const alarm = h("p", { class: "fe-problem", role: "alert", hidden: true });
  const glossary = createGlossary();
  glossary.show(GLOSSARY);
  const rows = h("tbody");
  const source = h("code");
  const root = h(
    "section",
    { class: "fe fe-stack", "data-lm-suppress-shortcuts": "true" },
    h("header", {}, heading, lead),
    h(
      "div",
      { class: "fe-stack-body" },
      tower,
      h("div", { class: "fe-stack-panel" }, told, part("library", library.element)),
    ),
    busy,
    alarm,
    createProblem(model, signal, "⚠"),
    h(
      "div",
      { class: "fe-folds" },
      h(
        "details",
        { "data-fe-part": "numbers" },
        h("summary", {}, "The operations"),
        numbers(rows),
      ),
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
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    const all = [...tower.querySelectorAll("button")];
    const at = all.indexOf(event.target as HTMLButtonElement);
    if (step && at >= 0) {
      const next = all[at + step];
      next?.focus();
      next?.click();
      event.preventDefault();
    }
    // Keys typed here are no commands to the notebook.
    if (!(event.ctrlKey || event.metaKey || event.altKey)) event.stopPropagation();
  }, { signal });
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);

  const buttons = new Map<LevelKey, Floor>();
  function floor(level: Level): Floor {
    const made = createFloor(level.key, signal, () => set("level", level.key));
    buttons.set(level.key, made);
    tower.append(made.element);
    return made;
  }

  function refresh() {
    const levels = model.get("levels"), status = model.get("status");
    const level = levels.find(({ key }) => key === model.get("level")) ?? levels[0];
    root.dataset.status = status;
    text(heading, model.get("title"));
    for (const one of levels) (buttons.get(one.key) ?? floor(one)).show(one, one === level);
    if (level) {
      text(name, level.title);
      text(does, level.does);
      text(here, level.here ? `On this machine: ${level.here}` : "");
    }
    footnote.hidden = level?.key !== "backend";
    text(footnote, model.get("footnote"));
    library.element.hidden = level?.key !== "keras";
    library.show(model.get("shelves"), model.get("kind"));
    text(busy, BUSY[status] ?? "");
    alarm.hidden = !model.get("problem_found");
    text(alarm, model.get("problem_found") ? `⚠ ${model.get("problem_found")}` : "");
    rows.replaceChildren(
      ...model.get("operations").map(([type, count]) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, type),
          h("td", { class: "fe-number" }, String(count)),
        )
      ),
    );
    text(source, model.get("code"));
  }

  listen(model, NAMES, signal, refresh);
  refresh();
}

function numbers(rows: HTMLElement): HTMLElement {
  return h(
    "div",
    { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "The operations" },
    h(
      "table",
      {},
      h("caption", {}, "Operations in TensorFlow's graph of one update of the lecture's model"),
      h(
        "thead",
        {},
        h("tr", {}, h("th", { scope: "col" }, "operation"), h("th", { scope: "col" }, "how many")),
      ),
      rows,
    ),
  );
}

interface Floor {
  readonly element: HTMLElement;
  show(level: Level, open: boolean): void;
}

/** One level of the tower: its name, what lives there, and the boxes of which it uses some. */
function createFloor(key: LevelKey, signal: AbortSignal, choose: () => void): Floor {
  const title = h("b"), sub = h(key === "code" ? "code" : "span", { class: "fe-stack-sub" });
  const boxes = h("span", { class: "fe-stack-boxes" });
  const element = h("button", { type: "button", class: "fe-stack-floor" }, title, sub, boxes);
  element.addEventListener("click", choose, { signal });
  return {
    element,
    show(level, open) {
      element.setAttribute("aria-pressed", String(open));
      text(title, level.title);
      text(sub, level.sub);
      boxes.replaceChildren(...level.boxes.map(({ name, state, used }) =>
        h(
          "span",
          { class: used ? "fe-stack-box fe-stack-used" : "fe-stack-box" },
          h("b", {}, `${used ? "✓ " : ""}${name}`),
          h("span", {}, state),
        )
      ));
    },
  };
}

export default { render: card(render) };
