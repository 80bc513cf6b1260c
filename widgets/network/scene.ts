/** Builds the SVG nodes of a plan once and puts them in place for a layout; their values come in network.ts. */
import { caption, cut, labelsOf, type Layout } from "./layout.ts";
import type { NetworkPlan } from "./plan.ts";

const SVG = "http://www.w3.org/2000/svg";

export interface Unit {
  group: SVGGElement;
  body: SVGCircleElement;
  fill: SVGCircleElement;
  cross: SVGPathElement;
  value: SVGTextElement;
}

export interface Scene {
  root: SVGGElement;
  /** For each gap between layers, its lines: input unit by input unit, as in the kernel. */
  gaps: { group: SVGGElement; lines: SVGLineElement[] }[];
  layers: {
    group: SVGGElement;
    units: Unit[];
    more: SVGTextElement | null;
    dropped: SVGTextElement;
  }[];
  captions: SVGTextElement[];
  formulas: SVGTextElement[];
  labels: {
    label: string;
    text: SVGTextElement;
    bracket: SVGPathElement;
    first: number;
    last: number;
  }[];
  dots: SVGGElement;
}

export type Make = <K extends keyof SVGElementTagNameMap>(
  tag: K,
  className: string,
  parent: Element,
) => SVGElementTagNameMap[K];

export function maker(document: Document): Make {
  return (tag, className, parent) => {
    const made = document.createElementNS(SVG, tag);
    if (className) made.setAttribute("class", className);
    parent.append(made);
    return made;
  };
}

export function buildScene(make: Make, svg: SVGSVGElement, plan: NetworkPlan): Scene {
  svg.replaceChildren();
  const root = make("g", "", svg);
  const words = make("g", "fe-net-words", root);
  words.setAttribute("aria-hidden", "true");
  const labels = labelsOf(plan.layers[0]).map(([label, first, last]) => {
    const text = make("text", "fe-net-label", words);
    return { label, text, bracket: make("path", "fe-net-bracket", words), first, last };
  });
  const gaps = plan.layers.slice(1).map((layer, l) => {
    const group = make("g", "fe-gap", root);
    group.setAttribute("aria-hidden", "true");
    const count = plan.layers[l].shown.length * layer.shown.length;
    return { group, lines: Array.from({ length: count }, () => make("line", "", group)) };
  });
  const dots = make("g", "fe-dots", root);
  const layers = plan.layers.map((layer) => {
    const group = make("g", `fe-layer fe-layer-${layer.kind}`, root);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", `layer ${layer.name}: ${caption(layer)}`);
    const units = layer.shown.map(() => {
      const unit = make("g", "fe-unit", group);
      unit.setAttribute("role", "button");
      unit.setAttribute("tabindex", "-1");
      const value = make("text", "fe-value", group);
      value.setAttribute("aria-hidden", "true");
      return {
        group: unit,
        body: make("circle", "fe-body", unit),
        fill: make("circle", "fe-fill", unit),
        cross: make("path", "fe-cross", unit),
        // Beside the button and no part of it: its name says the number, exactly.
        value,
      };
    });
    const more = layer.units > layer.shown.length ? make("text", "fe-more", group) : null;
    more?.setAttribute("aria-hidden", "true");
    return { group, units, more, dropped: make("text", "fe-dropped-count", words) };
  });
  const captions = plan.layers.map(() => make("text", "fe-caption", words));
  const formulas = plan.layers.slice(1).map((layer) => {
    const text = make("text", "fe-formula", words);
    text.textContent = plan.parameters.find((row) => row.layer === layer.name)?.formula ?? "";
    return text;
  });
  return { root, gaps, layers, captions, formulas, labels, dots };
}

/** Move every node to where this layout wants it. */
export function placeScene(make: Make, scene: Scene, plan: NetworkPlan, layout: Layout): void {
  const { columns } = layout;
  scene.gaps.forEach(({ lines }, l) => {
    const [from, to] = [columns[l], columns[l + 1]];
    lines.forEach((line, k) => {
      set(line, {
        x1: from.x,
        y1: from.ys[Math.floor(k / to.ys.length)],
        x2: to.x,
        y2: to.ys[k % to.ys.length],
      });
    });
  });
  const last = columns.length - 1;
  scene.layers.forEach(({ units, more, dropped }, l) => {
    const { x, ys, radius, gap, roomy, below } = columns[l];
    units.forEach((unit, position) => {
      for (const part of [unit.group, unit.value]) {
        part.setAttribute("transform", `translate(${x} ${ys[position]})`);
      }
      unit.body.setAttribute("r", String(radius));
      const arm = radius * 0.75;
      unit.cross.setAttribute("d", `M${-arm} ${-arm}L${arm} ${arm}M${arm} ${-arm}L${-arm} ${arm}`);
      unit.value.setAttribute("class", below ? "fe-value fe-value-below" : "fe-value");
      set(unit.value, below ? { x: 0, y: radius + 15 } : { x: radius + 6, y: "0.35em" });
      unit.value.setAttribute("display", roomy || l === last ? "inline" : "none");
    });
    if (more) {
      set(more, { x, y: gap!, dy: "0.35em" });
      const hidden = `+${plan.layers[l].units - units.length}`, words = `⋮ ${hidden} more`;
      more.textContent = words.length <= columns[l].chars ? words : hidden;
    }
    set(dropped, { x, y: layout.captionY + columns[l].caption.length * layout.line });
  });
  scene.captions.forEach((text, l) => {
    const { x, caption } = columns[l];
    text.replaceChildren();
    caption.forEach((words, row) => {
      const line = make("tspan", "", text);
      line.textContent = words;
      set(line, { x, y: layout.captionY + row * layout.line });
    });
  });
  scene.formulas.forEach((text, l) => {
    text.setAttribute("display", layout.formulaY === null ? "none" : "inline");
    set(text, { x: (columns[l].x + columns[l + 1].x) / 2, y: layout.formulaY ?? 0 });
  });
  const { x, ys, radius } = columns[0];
  for (const { label, text, bracket, first, last } of scene.labels) {
    const [top, bottom] = [ys[first], ys[last]];
    const edge = x - radius - 4;
    bracket.setAttribute(
      "d",
      first === last ? "" : `M${edge} ${top - 4}h-5V${bottom + 4}h5`,
    );
    text.textContent = cut(label, layout.labelChars);
    set(text, { x: edge - 9, y: (top + bottom) / 2, dy: "0.35em" });
  }
}

function set(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(
      name,
      typeof value === "number" ? String(Math.round(value * 100) / 100) : value,
    );
  }
}
