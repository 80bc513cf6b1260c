/** The code of each style, line by line, and under it what Keras counted and the first outputs. */
import { h, number, text } from "../dom.ts";
import type { Frames } from "../recording.ts";
import type { Hands } from "./layers.ts";
import type { Line, Measured, Style, StyleName } from "./traits.ts";
import { whole } from "./words.ts";

const NAMES: StyleName[] = ["sequential", "functional", "subclassed"];
const SHOWN = 3;

export interface Columns {
  readonly elements: HTMLElement[];
  show(styles: Style[], measured: Measured | null, frames: Frames): void;
  light(key: string): void;
}

export function createColumns(signal: AbortSignal, hands: Hands): Columns {
  const columns = NAMES.map((name) => createColumn(name, signal, hands));
  return {
    elements: columns.map(({ element }) => element),
    show(styles, measured, frames) {
      columns.forEach((column, at) => {
        const style = styles.find(({ name }) => name === NAMES[at]);
        if (style) column.show(style, measured, frames);
      });
    },
    light: (key) => columns.forEach((column) => column.light(key)),
  };
}

function createColumn(name: StyleName, signal: AbortSignal, hands: Hands) {
  const title = h("h3"), good = h("p", { class: "fe-styles-good" });
  const list = h("ol", { class: "fe-styles-code" });
  const facts = h("p", { class: "fe-styles-facts fe-number" });
  let drawn = "", lines: { element: HTMLElement; layers: string[] }[] = [];

  function line({ text, layers }: Line): HTMLElement {
    const bare = text.trimStart();
    const element = h(
      "li",
      { class: layers.length ? "fe-styles-linked" : null },
      h("code", { style: `--fe-indent: ${text.length - bare.length}` }, bare || "\u200b"),
    );
    lines.push({ element, layers });
    if (!layers.length) return element;
    element.addEventListener("pointerenter", () => hands.look(layers[0]), { signal });
    element.addEventListener("pointerleave", () => hands.look(""), { signal });
    element.addEventListener("click", () => hands.hold(layers[0]), { signal });
    return element;
  }

  return {
    element: h(
      "section",
      { class: "fe-styles-column", "data-fe-part": name },
      title,
      good,
      list,
      facts,
    ),
    show(style: Style, measured: Measured | null, frames: Frames) {
      text(title, style.title);
      said(good, style.good);
      const key = JSON.stringify(style.lines);
      if (key !== drawn) {
        drawn = key;
        lines = [];
        list.replaceChildren(...style.lines.map(line));
      }
      const refused = measured?.refused[name];
      facts.classList.toggle("fe-styles-refused", Boolean(refused));
      text(facts, refused ? `✕ Keras refuses it: “${refused}”` : counted(name, measured, frames));
    },
    light(key: string) {
      for (const { element, layers } of lines) {
        element.classList.toggle("fe-lit", layers.includes(key));
      }
    },
  };
}

/** A sentence with `code` between backticks. */
function said(element: HTMLElement, words: string): void {
  element.replaceChildren(
    ...words.split("`").map((part, at) => at % 2 ? h("code", {}, part) : part),
  );
}

function counted(name: StyleName, measured: Measured | null, frames: Frames): string {
  const total = measured?.totals[name], before = measured?.before[name];
  if (measured == null || total === undefined || before === undefined) return "…";
  const knows = before === total
    ? "all there before the first row"
    : `${whole(before)} before the first row`;
  return `${whole(total)} parameters, ${knows}. Outputs: ${firstOutputs(name, frames)}`;
}

function firstOutputs(name: StyleName, frames: Frames): string {
  if (!frames.has(name)) return "…";
  const shown = Math.min(SHOWN, frames.length);
  const values = Array.from(
    { length: shown },
    (_, row) => [...frames.row(name, row)].slice(0, SHOWN).map((one) => number(one, 4)).join(" "),
  );
  return `${values.join(", ")}${frames.length > shown ? ", …" : ""}`;
}
