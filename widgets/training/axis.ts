/** Numbers along an axis of a picture that stretches: placed by their share of its length. */
import { h } from "../dom.ts";
import { ticks, tickTexts } from "../plot/ticks.ts";

export function nameAxis(
  axis: HTMLElement,
  [low, high]: readonly [number, number],
  count: number,
  side: "left" | "bottom",
): void {
  const at = ticks(low, high, count);
  axis.replaceChildren(
    ...tickTexts(at).map((name, tick) => {
      const label = h("span", {}, name);
      label.style[side] = `${100 * (at[tick] - low) / (high - low)}%`;
      return label;
    }),
  );
}

/** An SVG element that stretches with its box: a unit is no pixel, so it holds shapes and no words. */
export function stretched(width: number, height: number, ...paths: string[]) {
  const make = (tag: string) => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const svg = make("svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  const made = paths.map((name) => {
    const path = make("path");
    path.setAttribute("class", name);
    svg.append(path);
    return path;
  });
  return { svg, paths: made };
}
