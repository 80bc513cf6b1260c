/** The key to the picture: lines of known weights drawn by the same rule, and the marks of the units. */
import { lineOpacity, lineWidth } from "./paint.ts";
import type { NetworkPlan, NetworkState } from "./plan.ts";
import type { Make } from "./scene.ts";

const SAMPLES = [-1, -0.25, 0.25, 1];

export function createLegend(page: Document, make: Make, droppedWords: string) {
  const element = page.createElement("ul");
  element.className = "fe-net-legend";
  const item = (words: string, width: number, draw: (svg: SVGSVGElement) => void) => {
    const row = page.createElement("li");
    const svg = make("svg", "", row);
    svg.setAttribute("width", String(width));
    svg.setAttribute("height", "16");
    svg.setAttribute("viewBox", `0 0 ${width} 16`);
    svg.setAttribute("aria-hidden", "true");
    draw(svg);
    row.append(words);
    element.append(row);
    return row;
  };
  for (const weight of SAMPLES) {
    item(`weight ${String(weight).replace("-", "−")}`, 28, (svg) => {
      const line = make("line", weight < 0 ? "fe-negative" : "", svg);
      for (const [name, value] of [["x1", 0], ["x2", 28], ["y1", 8], ["y2", 8]]) {
        line.setAttribute(String(name), String(value));
      }
      line.setAttribute("stroke-width", lineWidth(weight).toFixed(2));
      line.setAttribute("stroke-opacity", lineOpacity(weight).toFixed(2));
    });
  }
  const disc = (className: string) => (svg: SVGSVGElement) => {
    const unit = make("g", `fe-unit ${className}`, svg);
    unit.setAttribute("transform", "translate(8 8)");
    make("circle", "fe-body", unit).setAttribute("r", "7");
    make("circle", "fe-fill", unit).setAttribute("r", "4.5");
    make("path", "fe-cross", unit).setAttribute("d", "M-5 -5L5 5M5 -5L-5 5");
  };
  const values = [item("output above 0", 16, disc("")), item("below 0", 16, disc("fe-negative"))];
  const dropped = item(
    droppedWords,
    16,
    disc("fe-off"),
  );
  return {
    element,
    update(plan: NetworkPlan, state: NetworkState) {
      for (const row of values) row.hidden = !state.activations;
      dropped.hidden = !plan.dropouts || !state.dropped;
    },
  };
}
