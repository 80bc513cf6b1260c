/** What the cell in hand says: its index as code, its value, and the names of its entries. */
import type { Drawing } from "./drawing.ts";
import { elementOf, flat } from "./drawing.ts";
import { exact } from "./format.ts";
import type { Facts } from "./traits.ts";

export interface Readout {
  code: string;
  value: string;
  words: string;
}

export function readout(facts: Facts, drawing: Drawing, at: number[]): Readout {
  const { channel } = drawing.arrangement;
  const element = elementOf(drawing, at);
  const inBlock = drawing.block.some((size, axis) => size > 1 && axis !== channel);
  const ends = element.map((start, axis) =>
    Math.min(start + drawing.block[axis], drawing.window[axis][1])
  );
  const written = element.flatMap((start, axis) => {
    if (axis === channel) return [];
    return [ends[axis] - start > 1 ? `${start}:${ends[axis]}` : String(start)];
  });
  const code = written.length ? `x[${written.join(", ")}]` : "x";
  const place = flat(drawing.shape, at.map((entry, axis) => axis === channel ? 0 : entry));
  const value = (cell: number) => {
    if (drawing.texts) return drawing.texts[cell] ?? "…";
    return exact(drawing.cells[cell], drawing.shown === "mean" ? "float64" : facts.dtype);
  };
  const values = channel === null
    ? value(place)
    : `(${Array.from({ length: drawing.shape[channel] }, (_, c) => value(place + c)).join(", ")})`;
  const count = ends.reduce(
    (product, end, axis) => axis === channel ? product : product * (end - element[axis]),
    1,
  );
  const words = element.flatMap((start, axis) => {
    if (axis === channel || facts.axes[axis] === `axis ${axis}`) return [];
    const label = drawing.labels[axis]?.[start - drawing.window[axis][0]];
    const entry = ends[axis] - start > 1
      ? `${start} to ${ends[axis] - 1}`
      : label
      ? `${start} (${label})`
      : start;
    return [`${facts.axes[axis]} ${entry}`];
  }).join(", ");
  if (!inBlock) return { code, value: values, words };
  const special = marksIn(drawing, place);
  // In a picture the channels stay apart: the mean is over the axes before them.
  const means = written.filter((part) => part.includes(":")).map((_, axis) => axis);
  const over = channel === null ? "" : means.length === 1 ? "axis=0" : `axis=(${means.join(", ")})`;
  return {
    code: drawing.shown === "mean" ? `${code}.mean(${over})` : `the first of ${code}`,
    value: values,
    words: `${words ? `${words}: ` : ""}${count.toLocaleString("en")} elements${special}`,
  };
}

function marksIn({ marks, shown }: Drawing, place: number): string {
  if (shown !== "mean" || !marks[place]) return "";
  const names = [[1, "NaN"], [2, "inf"], [4, "−inf"]] as const;
  const found = names.filter(([bit]) => marks[place] & bit).map(([, name]) => name);
  return `, ${found.join(" and ")} among them (left out of the mean)`;
}
