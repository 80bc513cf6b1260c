/** One row: its raw values on the left, its inputs on the right, and lines from each column to what it became. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, text } from "../dom.ts";
import type { Input, TourTraits, Turned } from "./traits.ts";
import { PARTS, whole } from "./words.ts";

const LINE = 24;
const SVG = "http://www.w3.org/2000/svg";

interface Joined {
  item: HTMLElement;
  value: HTMLElement;
  path: SVGPathElement;
  step: number;
}

/** `seek` goes to the frame in which a column is turned; `ask` looks a typed label up. */
export function createRow(
  model: AnyModel<TourTraits>,
  signal: AbortSignal,
  seek: (frame: number) => void,
  ask: (label: string) => void,
) {
  const { noun } = model.get("facts");
  const go = (place: number | null) => {
    if (place === null) return;
    model.set("row", place);
    model.save_changes();
  };
  const button = (label: string, key: string, sign: string, act: () => void) => {
    const made = h("button", { type: "button", "aria-label": label }, sign);
    made.title = `${label} (${key})`;
    made.addEventListener("click", act, { signal });
    return made;
  };
  const previous = () => go(model.get("turned").before);
  const next = () => go(model.get("turned").after);
  const before = button(`previous ${noun}`, "page up", "−", previous);
  const after = button(`next ${noun}`, "page down", "+", next);
  const typed = h("input", { type: "text", size: 6, "aria-label": noun });
  typed.addEventListener("change", () => ask(typed.value), { signal });
  const part = h("span", { class: "fe-number" });
  const sum = h("p", { class: "fe-tour-sum fe-number" });
  const meaning = h("p", { class: "fe-tour-note fe-tour-meaning" });
  const count = h("p", { class: "fe-tour-count fe-number" });
  const raw = h("ol", { class: "fe-tour-raw" });
  const made = h("ol", { class: "fe-tour-made fe-number" });
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const picture = h(
    "div",
    { class: "fe-tour-picture" },
    h("div", {}, h("h3", {}, "raw columns"), raw),
    h("div", { class: "fe-tour-lines" }),
    h("div", {}, h("h3", {}, "inputs"), made),
  );
  picture.children[1].append(svg);

  let columns: { button: HTMLButtonElement; value: HTMLElement }[] = [];
  let joined: Joined[] = [];
  let built = "";

  const light = (step: number | null) => {
    picture.classList.toggle("fe-lighting", step !== null);
    columns.forEach(({ button }, number) => button.classList.toggle("fe-lit", number === step));
    for (const one of joined) {
      one.item.classList.toggle("fe-lit", one.step === step);
      one.path.classList.toggle("fe-lit", one.step === step);
    }
  };
  /** The step whose partners are to be lit, found from what is under the pointer or has the focus. */
  const touched = (event: Event) => {
    const item = (event.target as Element).closest("[data-step]");
    light(item ? Number(item.getAttribute("data-step")) : null);
  };
  picture.addEventListener("pointerover", touched, { signal });
  picture.addEventListener("focusin", touched, { signal });
  picture.addEventListener("pointerleave", () => light(null), { signal });
  picture.addEventListener("focusout", () => light(null), { signal });

  function build({ steps, inputs }: Turned) {
    const height = Math.max(steps.length, inputs.length, 1) * LINE;
    picture.style.setProperty("--fe-tour-height", `${height}px`);
    svg.setAttribute("viewBox", `0 0 100 ${height}`);
    const middle = (number: number, of: number) => (number + 0.5) * height / of;
    columns = steps.map((step, number) => {
      const value = h("b");
      const button = h("button", { type: "button", "data-step": number }, step.column, value);
      button.dataset.kind = step.kind;
      button.addEventListener("click", () => seek(number + 1), { signal });
      return { button, value };
    });
    raw.replaceChildren(...columns.map(({ button }) => h("li", {}, button)));
    joined = inputs.map((input, number) => {
      const value = h("b");
      const item = h("li", { "data-step": input.step }, h("span", {}, input.name), value);
      item.dataset.kind = steps[input.step].kind;
      const [from, to] = [middle(input.step, steps.length), middle(number, inputs.length)];
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", `M0 ${from}C50 ${from} 50 ${to} 100 ${to}`);
      path.setAttribute("data-step", String(input.step));
      path.setAttribute("data-kind", steps[input.step].kind);
      return { item, value, path, step: input.step };
    });
    made.replaceChildren(...joined.map(({ item }) => item));
    svg.replaceChildren(...joined.map(({ path }) => path));
  }

  return {
    element: h(
      "div",
      { class: "fe-tour-panel" },
      h(
        "div",
        { class: "fe-tour-hand", role: "group", "aria-label": noun, "data-fe-part": "row" },
        h("span", {}, noun),
        before,
        typed,
        after,
        part,
      ),
      sum,
      meaning,
      picture,
      count,
    ),
    previous,
    next,
    update(frame: number) {
      const turned = model.get("turned"), facts = model.get("facts");
      const { steps, inputs } = turned;
      const shape = JSON.stringify([
        steps.map((step) => step.column),
        inputs.map((input) => [input.name, input.step]),
      ]);
      if (shape !== built) {
        built = shape;
        build(turned);
      }
      fill(typed, turned.label);
      before.disabled = turned.before === null;
      after.disabled = turned.after === null;
      const fit = model.get("window").fit;
      const where = turned.number
        ? `${whole(turned.number)} of ${whole(fit)}`
        : "not among the filtered rows";
      text(part, `${PARTS[turned.part]} · ${where}`);
      const step = frame ? steps[frame - 1] : null;
      text(sum, step ? step.sum || `${step.column} = ${step.value}` : "raw values");
      text(meaning, step ? facts.columns[frame - 1].meaning : "");
      meaning.hidden = !facts.columns.some((column) => column.meaning);
      steps.forEach(({ value }, number) => {
        const { button, value: shown } = columns[number];
        text(shown, value);
        mark(button, number, frame);
      });
      inputs.forEach((input, number) => draw(input, joined[number], frame));
      const [numbers, flags] = frame ? steps[frame - 1].made : [0, 0];
      const of = facts.counts;
      text(
        count,
        inputs.length
          ? `inputs made: ${
            numbers + flags
          } of ${of.inputs} = ${numbers} of ${of.numbers} standardised + ${flags} of ${of.flags} that are 0 or 1`
          : "This row has no inputs.",
      );
      const current = columns[frame - 1]?.button;
      if (current && picture.scrollHeight > picture.clientHeight + 1) {
        picture.scrollTop = Math.max(0, current.offsetTop - picture.clientHeight / 2);
      }
    },
  };
}

function draw(input: Input, { item, value, path, step }: Joined, frame: number) {
  const done = step < frame;
  text(value, done ? input.text : "");
  item.title = done ? `${input.name} = ${input.exact}` : "";
  for (const part of [item, path]) {
    mark(part, step, frame);
    part.classList.toggle("fe-zero", input.zero);
  }
}

function mark(part: Element, step: number, frame: number) {
  part.classList.toggle("fe-done", step < frame);
  part.classList.toggle("fe-now", step === frame - 1);
}
