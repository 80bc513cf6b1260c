/** rank, shape in the colours of the axes, dtype, elements and bytes: the line every drawing has. */
import { h } from "../dom.ts";
import { bytes } from "./format.ts";
import { ROLE } from "./palette.ts";

/** The shape as a tuple whose numbers carry the colours of their axes as an underline. */
export function shapeOf(shape: number[], roles: string[], axes: string[]): HTMLElement {
  const line = h("span", { class: "fe-shape" }, "(");
  shape.forEach((size, axis) => {
    if (axis) line.append(", ");
    line.append(
      h(
        "span",
        { class: `fe-axis-${ROLE[roles[axis]] ?? "muted"}`, title: axes[axis] },
        String(size),
      ),
    );
  });
  line.append(shape.length === 1 ? ",)" : ")");
  return line;
}

export interface Described {
  shape: number[];
  roles: string[];
  axes: string[];
  dtype: string;
  elements: number;
  bytes: number;
}

export function describe(it: Described): (Node | string)[] {
  const count = it.elements === 1 ? "1 element" : `${it.elements.toLocaleString("en")} elements`;
  return [
    `rank ${it.shape.length} · `,
    shapeOf(it.shape, it.roles, it.axes),
    ` · ${it.dtype} · ${count} · ${bytes(it.bytes)}`,
  ];
}
