/** A panel for each optimizer: its hyper-parameters, its rule, whether it is shown. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, number, text } from "../dom.ts";
import { ink, markerPath, type Race, type Runner } from "./race.ts";
import { drawRule, drawStates } from "./numbers.ts";
import type { OptimizerTraits, Spec } from "./traits.ts";

export interface Panels {
  readonly element: HTMLElement;
  setRace(race: Race): void;
  draw(frame: number): void;
  /** Show the settings as they stand. */
  update(): void;
}

const NAMES: Record<string, string> = {
  learning_rate: "learning rate α",
  momentum: "momentum β",
  rho: "rho ρ",
  beta_1: "beta_1 β₁",
  beta_2: "beta_2 β₂",
  epsilon: "epsilon ε",
  weight_decay: "weight_decay λ",
};
interface Panel {
  key: string;
  element: HTMLElement;
  draw(race: Race, runner: Runner, frame: number): void;
  update(spec: Spec, hidden: boolean, last: boolean): void;
}

export function createPanels(
  model: AnyModel<OptimizerTraits>,
  signal: AbortSignal,
  send: <K extends keyof OptimizerTraits & string>(name: K, value: OptimizerTraits[K]) => void,
  redraw: () => void,
): Panels {
  const element = h("div", { class: "fe-racers", "data-fe-part": "optimizers" });
  let panels: Panel[] = [],
    race: Race | null = null,
    open: boolean | null = null,
    made = new AbortController();
  signal.addEventListener("abort", () => made.abort());

  const change = (place: number, name: string, value: number) =>
    send(
      "optimizers",
      model.get("optimizers").map((spec, at) => at === place ? { ...spec, [name]: value } : spec),
    );

  function panelOf(runner: Runner): Panel {
    const on = { signal: made.signal };
    const { number: place, label, spec } = runner;
    const show = h("input", { type: "checkbox", "aria-label": `show ${label}` });
    show.addEventListener("change", () => {
      const hidden = model.get("hidden").filter((key) => key !== runner.key);
      send("hidden", show.checked ? hidden : [...hidden, runner.key]);
    }, on);
    const remove = h(
      "button",
      { type: "button", "aria-label": `take ${label} out of the race` },
      "✕",
    );
    remove.title = `take ${label} out of the race`;
    remove.addEventListener(
      "click",
      () => send("optimizers", model.get("optimizers").filter((_, at) => at !== place)),
      on,
    );
    const names = Object.keys(spec).filter((name) => typeof spec[name] === "number");
    const inputs = names.map((name) => {
      const input = h("input", {
        type: "number",
        step: "any",
        "aria-label": `${label}: ${NAMES[name] ?? name}`,
        class: "fe-number",
      });
      input.addEventListener("change", () => {
        if (input.value !== "" && Number.isFinite(input.valueAsNumber)) {
          change(place, name, input.valueAsNumber);
        } else update();
      }, on);
      return input;
    });
    const place_ = h("p", { class: "fe-racer-place fe-number" });
    const states = h("table", { class: "fe-racer-states fe-number" });
    const lines = h("div", { class: "fe-rule" });
    const fold = h("details", {}, h("summary", {}, "Its rule in this step"), lines);
    fold.open = open ?? race!.runners.length <= 3;
    fold.addEventListener("toggle", redraw, on);
    // All folds go together, so that rules can be compared.
    fold.firstElementChild!.addEventListener("click", (event) => {
      event.preventDefault();
      open = !fold.open;
      for (const one of element.querySelectorAll("details")) one.open = open;
    }, on);
    const more = spec.more as Record<string, unknown> | undefined;
    const own = spec.schedule ? `Its own schedule: ${runner.schedule}. ` : "";
    const extra = more ? `Also ${Object.keys(more).join(", ")}, which the rule leaves out.` : "";
    const section = h(
      "section",
      { class: "fe-racer", role: "group", "aria-label": label },
      h(
        "div",
        { class: "fe-racer-head" },
        swatch(runner),
        h("h3", {}, label),
        h("label", { class: "fe-inline" }, show, "show"),
        remove,
      ),
      h(
        "div",
        { class: "fe-racer-fields" },
        ...names.map((name, at) =>
          h("label", {}, h("span", {}, NAMES[name] ?? name.replaceAll("_", " ")), inputs[at])
        ),
      ),
      ...(own || extra ? [h("p", { class: "fe-plot-note" }, own + extra)] : []),
      place_,
      states,
      fold,
    );
    return {
      key: `${runner.key} ${JSON.stringify([names, spec.schedule, more])}`,
      element: section,
      update(now, hidden, last) {
        inputs.forEach((input, at) => fill(input, String(now[names[at]])));
        show.checked = !hidden;
        section.classList.toggle("fe-not-shown", hidden);
        remove.disabled = last;
        remove.title = last ? "the last one stays" : `take ${label} out of the race`;
      },
      draw(all, one, frame) {
        const now = all.frameOf(one, frame);
        const w = all.row(one, "w", now);
        text(
          place_,
          `w (${number(w[0], 4)}, ${number(w[1], 4)}) · loss ${
            number(all.value(one, "value", now), 4)
          }${one.ended && frame >= one.frames - 1 ? " · ended" : ""}`,
        );
        place_.title = `w (${w[0]}, ${w[1]}), loss ${all.value(one, "value", now)}`;
        drawStates(states, all, one, now);
        if (fold.open) drawRule(lines, all, one, frame);
      },
    };
  }

  function update(): void {
    const specs = model.get("optimizers"), hidden = model.get("hidden");
    race?.runners.forEach((runner, at) => {
      if (specs[at]) panels[at]?.update(specs[at], hidden.includes(runner.key), specs.length === 1);
    });
  }

  return {
    element,
    setRace(next) {
      race = next;
      const wanted = next.runners.map((runner) =>
        `${runner.key} ${
          JSON.stringify([
            Object.keys(runner.spec).filter((name) => typeof runner.spec[name] === "number"),
            runner.spec.schedule,
            runner.spec.more,
          ])
        }`
      );
      if (wanted.join() !== panels.map(({ key }) => key).join()) {
        made.abort();
        made = new AbortController();
        panels = next.runners.map(panelOf);
        element.replaceChildren(...panels.map((panel) => panel.element));
      }
      update();
    },
    draw(frame) {
      race?.runners.forEach((runner, at) => panels[at].draw(race!, runner, frame));
    },
    update,
  };
}

/** Line and marker of an optimizer, as it is drawn. */
function swatch(runner: Runner): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  svg.setAttribute("viewBox", "0 0 44 16");
  svg.setAttribute("width", "44");
  svg.setAttribute("height", "16");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", "M1,8H43");
  line.setAttribute("class", "fe-path");
  line.setAttribute(
    "style",
    `stroke:${ink(runner.style)};stroke-dasharray:${runner.style.dash || "none"}`,
  );
  const head = document.createElementNS(svg.namespaceURI, "path");
  head.setAttribute("d", markerPath(runner.style.shape, [22, 8], 5));
  head.setAttribute("class", "fe-head");
  head.setAttribute("style", `fill:${ink(runner.style)}`);
  svg.append(line, head);
  return svg;
}
