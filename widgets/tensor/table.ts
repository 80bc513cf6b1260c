/** The numbers behind the picture as a table: the rows and columns of the tile and the layer in hand. */
import { h } from "../dom.ts";
import type { Drawing } from "./drawing.ts";
import { flat } from "./drawing.ts";
import { exact } from "./format.ts";
import type { Facts } from "./traits.ts";

const MOST_ROWS = 60, MOST_COLUMNS = 30;

export function tableOf(facts: Facts, drawing: Drawing, at: number[]): HTMLElement {
  const { columns, rows } = drawing.arrangement;
  const nx = columns === null ? 1 : drawing.shape[columns];
  const ny = rows === null ? 1 : drawing.shape[rows];
  const name = (axis: number | null, cell: number) => {
    if (axis === null) return "";
    const start = drawing.window[axis][0] + cell * drawing.block[axis];
    const label = drawing.labels[axis]?.[cell];
    if (label !== undefined) return label;
    const end = Math.min(start + drawing.block[axis], drawing.window[axis][1]);
    return end - start > 1 ? `${start}:${end}` : String(start);
  };
  const cell = (i: number, j: number) => {
    const index = [...at];
    if (columns !== null) index[columns] = i;
    if (rows !== null) index[rows] = j;
    const place = flat(drawing.shape, index);
    if (drawing.texts) return drawing.texts[place] ?? "…";
    return exact(drawing.cells[place], drawing.shown === "mean" ? "float64" : facts.dtype);
  };
  const upTo = (count: number, most: number) =>
    Array.from({ length: Math.min(count, most) }, (_, k) => k);
  const fixed = at.map((entry, axis) =>
    axis === columns
      ? ":"
      : axis === rows
      ? ":"
      : String(drawing.window[axis][0] + entry * drawing.block[axis])
  );
  const cut = [
    ny > MOST_ROWS ? `the first ${MOST_ROWS} of ${ny} rows` : "",
    nx > MOST_COLUMNS ? `the first ${MOST_COLUMNS} of ${nx} columns` : "",
  ].filter(Boolean).join(", ");
  const what = drawing.shown === "mean"
    ? "means of blocks, "
    : drawing.shown === "first"
    ? "first of blocks, "
    : "";
  return h(
    "table",
    { class: "fe-number" },
    h(
      "caption",
      {},
      `${what}${fixed.length ? `x[${fixed.join(", ")}]` : "x"}${cut ? `, ${cut}` : ""}`,
    ),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ...(rows === null
          ? []
          : [h("th", { scope: "col" }, `${facts.axes[rows]} \\ ${facts.axes[columns!]}`)]),
        ...upTo(nx, MOST_COLUMNS).map((i) => h("th", { scope: "col" }, name(columns, i))),
      ),
    ),
    h(
      "tbody",
      {},
      ...upTo(ny, MOST_ROWS).map((j) =>
        h(
          "tr",
          {},
          ...(rows === null ? [] : [h("th", { scope: "row" }, name(rows, j))]),
          ...upTo(nx, MOST_COLUMNS).map((i) => h("td", {}, cell(i, j))),
        )
      ),
    ),
  );
}
