/** Every number of the card as tables: parameters by layer and style, and outputs by row. */
import { h } from "../dom.ts";
import type { Frames } from "../recording.ts";
import type { Layer, Measured, StyleName } from "./traits.ts";
import { whole } from "./words.ts";

const TITLES: [StyleName, string][] = [
  ["sequential", "Sequential"],
  ["functional", "Functional"],
  ["subclassed", "Subclassed"],
];

export interface Tables {
  readonly element: HTMLElement;
  show(layers: Layer[], measured: Measured | null, frames: Frames): void;
}

export function createTables(): Tables {
  const inside = h("div", {
    class: "fe-scroll",
    tabindex: 0,
    role: "group",
    "aria-label": "The numbers",
  });
  return {
    element: inside,
    show(layers, measured, frames) {
      if (!measured) {
        inside.replaceChildren(h("p", {}, "Nothing is counted yet."));
        return;
      }
      const styles = TITLES.filter(([name]) => measured.totals[name] !== undefined);
      const columns = styles.map(([, title]) => title);
      const each = (value: (name: StyleName) => number) =>
        styles.map(([name]) => whole(value(name)));
      const counts = layers.map(({ key, label }) => [
        label,
        measured.shapes[key],
        ...each((name) => measured.counts[name]![key]),
      ]);
      counts.push(
        ["all", "", ...each((name) => measured.totals[name]!)],
        ["before the first row", "", ...each((name) => measured.before[name]!)],
      );
      const rows = Array.from({ length: frames.length }, (_, row) => [
        String(row + 1),
        ...styles.map(([name]) => frames.has(name) ? [...frames.row(name, row)].join(" ") : ""),
      ]);
      inside.replaceChildren(
        table("Parameters, counted by Keras", ["layer", "what comes out", ...columns], counts),
        table(
          `Outputs on the same ${measured.rows} rows with the same weights; largest difference ${measured.largest}`,
          ["row", ...columns],
          rows,
        ),
      );
    },
  };
}

function table(caption: string, heads: string[], rows: string[][]): HTMLElement {
  return h(
    "table",
    {},
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
    h(
      "tbody",
      {},
      ...rows.map(([head, ...cells]) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, head),
          ...cells.map((cell) => h("td", { class: "fe-number" }, cell)),
        )
      ),
    ),
  );
}
