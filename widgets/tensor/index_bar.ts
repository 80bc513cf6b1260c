/** The index and slice bar: x[...] as text and one row of sliders for each axis. It reads no tensor. */
import { fill, h, text, uniqueId } from "../dom.ts";
import { tuple } from "./format.ts";
import { ROLE } from "./palette.ts";
import type { Chosen, Facts } from "./traits.ts";

export interface IndexBar {
  element: HTMLElement;
  update(facts: Facts, chosen: Chosen): void;
}

/** `select` is called with what stands between the brackets. */
export function createIndexBar(signal: AbortSignal, select: (text: string) => void): IndexBar {
  const id = uniqueId();
  const field = h("input", {
    type: "text",
    id: `${id}-index`,
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    placeholder: "..., 0",
    "aria-describedby": `${id}-takes`,
  });
  const takes = h("span", { class: "fe-takes fe-number", id: `${id}-takes` });
  const wrong = h("p", { class: "fe-error", role: "alert", hidden: true });
  const all = h("button", { type: "button", class: "fe-small" }, "take all");
  const rows = h("div", { class: "fe-axes" });
  const element = h(
    "div",
    { class: "fe-index" },
    h(
      "div",
      { class: "fe-index-code" },
      h("label", { for: `${id}-index` }, h("span", { class: "fe-hidden" }, "index of "), "x["),
      field,
      "]",
      all,
      takes,
    ),
    wrong,
    rows,
  );
  const send = () => select(field.value);
  field.addEventListener("change", send, { signal });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") send();
  }, { signal });
  all.addEventListener("click", () => select(""), { signal });

  let shown = "";
  let axes: AxisRow[] = [];

  return {
    element,
    update(facts, chosen) {
      const key = JSON.stringify([facts.shape, facts.axes]);
      if (key !== shown) {
        shown = key;
        axes = facts.shape.map((size, axis) => createAxisRow(signal, facts, axis, size, change));
        rows.replaceChildren(...axes.map((axis) => axis.element));
      }
      if (field.ownerDocument.activeElement !== field || !chosen.error) fill(field, chosen.text);
      const count = chosen.elements === 1
        ? "1 element"
        : `${chosen.elements.toLocaleString("en")} elements`;
      text(
        takes,
        chosen.text
          ? `takes ${tuple(chosen.shape)}, rank ${chosen.shape.length}, ${count}${
            chosen.value ? `: ${chosen.value}` : ""
          }`
          : "takes everything",
      );
      wrong.hidden = !chosen.error;
      text(wrong, chosen.error);
      all.disabled = !chosen.text;
      all.title = chosen.text ? "" : "everything is taken";
      axes.forEach((row, axis) => row.update(chosen.taken[axis]));
    },
  };

  function change() {
    const parts = axes.map((row) => row.written());
    while (parts.length && parts[parts.length - 1] === ":") parts.pop();
    select(parts.join(", "));
  }
}

interface AxisRow {
  element: HTMLElement;
  update(taken: [number, number, number, boolean]): void;
  written(): string;
}

function createAxisRow(
  signal: AbortSignal,
  facts: Facts,
  axis: number,
  size: number,
  changed: () => void,
): AxisRow {
  const name = facts.axes[axis];
  const last = Math.max(0, size - 1);
  const how = h(
    "select",
    { "aria-label": `${name}: take`, disabled: size === 0 },
    ...["all", "one", "slice"].map((value) => h("option", { value }, value)),
  );
  const range = (label: string, least: number, most: number) =>
    h("input", {
      type: "range",
      min: least,
      max: most,
      step: 1,
      "aria-label": `${name}: ${label}`,
    });
  const one = range("index", 0, last);
  const from = range("start", 0, last), to = range("stop", 1, Math.max(1, size));
  const said = h("output", { class: "fe-number" });
  const sliders = h("span", { class: "fe-axis-sliders" }, one, from, to);
  const title = name === `axis ${axis}` ? name : `axis ${axis}: ${name}`;
  const element = h(
    "div",
    { class: "fe-axis-row" },
    h(
      "span",
      { class: `fe-axis-name fe-axis-${ROLE[facts.roles[axis]] ?? "muted"}` },
      `${title} `,
      h("b", {}, String(size)),
    ),
    how,
    sliders,
    said,
  );
  /** A slice that the sliders cannot say: with a step, or of nothing. */
  let beyond = "";
  const show = () => {
    one.hidden = how.value !== "one";
    from.hidden = to.hidden = how.value !== "slice";
    text(said, written());
    said.hidden = how.value === "all";
  };
  const written = () => {
    if (beyond) return beyond;
    if (how.value === "one") return one.value;
    if (how.value === "all") return ":";
    const start = Number(from.value) ? from.value : "";
    const stop = Number(to.value) < size ? to.value : "";
    return `${start}:${stop}`;
  };
  how.addEventListener("change", () => {
    if (how.value === "slice" && size > 1 && from.value === "0" && Number(to.value) === size) {
      to.value = String(Math.ceil(size / 2));
    }
    beyond = "";
    show();
    changed();
  }, { signal });
  for (const slider of [one, from, to]) {
    slider.addEventListener("input", () => {
      if (slider === from && Number(from.value) >= Number(to.value)) {
        to.value = String(Number(from.value) + 1);
      }
      if (slider === to && Number(to.value) <= Number(from.value)) {
        from.value = String(Number(to.value) - 1);
      }
      beyond = "";
      show();
      changed();
    }, { signal });
  }
  return {
    element,
    written,
    update([start, nextStep, count, kept]) {
      if (
        element.contains(element.ownerDocument.activeElement) &&
        Number.isFinite(pending(start, nextStep, count, kept))
      ) {
        return;
      }
      const isAll = kept && count === size && nextStep === 1;
      how.value = !kept ? "one" : isAll ? "all" : "slice";
      beyond = kept && !isAll && (nextStep !== 1 || !count)
        ? slice(start, nextStep, count, size)
        : "";
      one.value = String(start);
      const end = start + nextStep * (count - 1);
      from.value = String(Math.min(start, end));
      to.value = String(Math.max(start, end) + 1);
      show();
      // A slice with a step is written as it is; the sliders know only its ends.
      if (kept && nextStep !== 1 && count) text(said, `${start} to ${end}, step ${nextStep}`);
    },
  };

  /** A number while the reader is moving this row and what came back is what the row already says. */
  function pending(start: number, nextStep: number, count: number, kept: boolean): number {
    if (nextStep !== 1) return NaN;
    if (!kept) return how.value === "one" && Number(one.value) === start ? 1 : NaN;
    const same = Number(from.value) === start && Number(to.value) === start + count;
    return how.value === "slice" && same ? 1 : NaN;
  }
}

/** The slice that takes `count` entries from `start` on, `step` apart. */
function slice(start: number, step: number, count: number, size: number): string {
  if (!count) return "0:0";
  const stop = start + step * count;
  const first = start === (step > 0 ? 0 : size - 1) ? "" : start;
  return `${first}:${stop < 0 || stop > size ? "" : stop}:${step}`;
}
