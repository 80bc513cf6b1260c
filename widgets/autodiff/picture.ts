/** The graph as SVG: values in the nodes, gradients under them, the edge in hand with a dot that runs along it. */
import { text } from "../dom.ts";
import { exact, shown } from "./words.ts";
import {
  labelPlaces,
  type Layout,
  layOut,
  NODE_HEIGHT,
  NODE_WIDTH,
  pathOf,
  pointOn,
} from "./layout.ts";
import type { Graph, Moment } from "./traits.ts";

const SVG = "http://www.w3.org/2000/svg";
const TWEEN_MILLISECONDS = 350;

export interface PictureOptions {
  signal: AbortSignal;
  /** A node was pointed at, focused, or let go (-1). */
  onNode(node: number): void;
  /** It was laid out anew: from top to bottom, or from left to right. */
  onLayout(vertical: boolean): void;
}

export interface Picture {
  readonly element: HTMLElement;
  draw(moment: Moment, tween: boolean): void;
}

function s(
  tag: string,
  attributes: Record<string, string | number> = {},
  ...children: (Node | string)[]
) {
  const element = document.createElementNS(SVG, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

interface DrawnNode {
  group: SVGElement;
  value: SVGElement;
  gradient: SVGElement;
}

interface DrawnEdge {
  path: SVGElement;
  label: SVGElement;
  ground: SVGElement;
  words: SVGElement;
}

export function createPicture({ signal, onNode, onLayout }: PictureOptions): Picture {
  const svg = s("svg", {
    role: "group",
    "aria-label": "computation graph; up and down go from node to node",
  });
  const element = document.createElement("div");
  element.className = "fe-ad-picture";
  element.append(svg);
  let drawnAs = "";
  let layout: Layout | null = null;
  let nodes: DrawnNode[] = [];
  let edges: DrawnEdge[] = [];
  let last: Moment | null = null;
  let roving = 0;
  let asked: number | null = null;
  const dots = s("g", { class: "fe-ad-dots" });

  function build(graph: Graph, width: number): void {
    const held = nodes.findIndex(({ group }) => group === document.activeElement);
    layout = layOut(graph, width);
    const { vertical, height } = layout;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("width", String(width));
    svg.setAttribute("height", String(height));
    svg.setAttribute("class", vertical ? "fe-ad-vertical" : "fe-ad-horizontal");
    onLayout(vertical);
    const labels = labelPlaces(layout);
    edges = graph.edges.map((_, k) => {
      const points = layout!.edges[k];
      const [x, y] = labels[k];
      const ground = s("rect", { x, y: y - 8, height: 16, rx: 4 });
      const words = s("text", { class: "fe-number", x, y: y + 4 });
      return {
        path: s("path", { class: "fe-ad-edge", d: pathOf(points, vertical) }),
        label: s("g", {}, ground, words),
        ground,
        words,
      };
    });
    nodes = graph.nodes.map((node, k) => {
      const [x, y] = layout!.nodes[k];
      const value = s("text", { class: "fe-ad-value fe-number", x, y: y + 6 });
      const gradient = s("text", { class: "fe-ad-gradient fe-number", x, y: y + 23 });
      const operation = node.kind === "operation";
      const title = s(
        "text",
        { class: "fe-ad-title", x, y: y - 11 },
        ...(operation ? [s("tspan", { class: "fe-ad-name" }, `${node.name}  `)] : []),
        node.symbol,
      );
      fit(title, 9, 14);
      const group = s(
        "g",
        {
          class: "fe-ad-node",
          role: "img",
          tabindex: k === roving ? 0 : -1,
          "data-kind": node.kind,
        },
        s("rect", {
          x: x - NODE_WIDTH / 2,
          y: y - NODE_HEIGHT / 2,
          width: NODE_WIDTH,
          height: NODE_HEIGHT,
          rx: node.kind === "variable" ? 18 : 6,
        }),
        title,
        value,
        gradient,
      );
      group.addEventListener("pointerenter", () => onNode(k), { signal });
      group.addEventListener("pointerleave", () => onNode(-1), { signal });
      group.addEventListener("focus", () => {
        rove(k);
        onNode(k);
      }, { signal });
      group.addEventListener("blur", () => onNode(-1), { signal });
      return { group, value, gradient };
    });
    svg.replaceChildren(
      ...edges.map(({ path }) => path),
      ...nodes.map(({ group }) => group),
      ...edges.map(({ label }) => label),
      dots,
    );
    if (held >= 0) nodes[Math.min(held, nodes.length - 1)].group.focus();
  }

  function rove(to: number): void {
    nodes[roving]?.group.setAttribute("tabindex", "-1");
    roving = to;
    nodes[roving].group.setAttribute("tabindex", "0");
  }

  svg.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[(event as KeyboardEvent).key];
    if (!step || !nodes.length) return;
    event.preventDefault();
    rove((roving + step + nodes.length) % nodes.length);
    nodes[roving].group.focus();
  }, { signal });

  function draw(moment: Moment, tween: boolean): void {
    last = moment;
    const width = Math.max(288, Math.floor(element.clientWidth || 900));
    const { graph } = moment;
    const shape = JSON.stringify([
      width,
      graph.nodes.map(({ name, symbol, kind }) => [name, symbol, kind]),
      graph.edges.map(({ start, stop, flow }) => [start, stop, flow]),
    ]);
    if (shape !== drawnAs) {
      drawnAs = shape;
      roving = Math.min(roving, graph.nodes.length - 1);
      build(graph, width);
      tween = false;
    }
    const arrows = layout!.vertical ? ["↓", "↑"] : ["→", "←"];
    const inHand = graph.edges.find(({ flow }) => flow === moment.edge && moment.edge >= 0);
    const target = inHand ? inHand.start : moment.node;
    graph.nodes.forEach((_, k) => {
      const { group, value, gradient } = nodes[k];
      const known = !Number.isNaN(moment.value[k]), back = !Number.isNaN(moment.gradient[k]);
      text(value, known ? `${arrows[0]} ${shown(moment.value[k])}` : "");
      text(gradient, back ? `${arrows[1]} ${shown(moment.gradient[k])}` : "");
      for (const line of [value, gradient]) fit(line, 8, 13);
      group.setAttribute(
        "class",
        [
          "fe-ad-node",
          known ? "fe-ad-known" : "",
          k === graph.nodes.length - 1 ? "fe-ad-loss" : "",
          k === moment.node ? "fe-ad-hand" : "",
          k === target ? "fe-ad-target" : "",
        ].filter(Boolean).join(" "),
      );
      group.setAttribute("aria-label", spokenOf(moment, k));
    });
    graph.edges.forEach((edge, k) => {
      const { path, label, ground, words } = edges[k];
      const running = moment.backward ? edge === inHand : edge.stop === moment.node;
      const passed = moment.backward && edge.flow >= 0 && edge.flow <= moment.edge;
      path.setAttribute(
        "class",
        `fe-ad-edge${running ? (moment.backward ? " fe-ad-back" : " fe-ad-on") : ""}${
          passed ? " fe-ad-passed" : ""
        }`,
      );
      text(words, passed ? `×${shown(edge.local!)}` : "");
      label.setAttribute("class", `fe-ad-label${edge === inHand ? " fe-ad-now" : ""}`);
      const wide = passed ? 6 + (edge === inHand ? 8 : 6.8) * words.textContent!.length : 0;
      ground.setAttribute("width", String(wide));
      ground.setAttribute("x", String(Number(words.getAttribute("x")) - wide / 2));
    });
    svg.toggleAttribute("data-tween", tween);
    run(moment, tween);
  }

  /** A dot along each edge in hand: forward to the operation, backward to its input. */
  function run(moment: Moment, tween: boolean): void {
    if (asked !== null) cancelAnimationFrame(asked);
    asked = null;
    dots.replaceChildren();
    if (!tween) return;
    const running = moment.graph.edges.flatMap((edge, k) =>
      (moment.backward ? edge.flow === moment.edge && moment.edge >= 0 : edge.stop === moment.node)
        ? [k]
        : []
    );
    const drawn = running.map((k) => ({
      points: layout!.edges[k],
      dot: s("circle", { r: 6, class: moment.backward ? "fe-ad-dot fe-ad-back" : "fe-ad-dot" }),
    }));
    dots.append(...drawn.map(({ dot }) => dot));
    const begun = performance.now();
    const move = () => {
      const share = Math.min(1, (performance.now() - begun) / TWEEN_MILLISECONDS);
      const eased = 1 - (1 - share) ** 3;
      for (const { points, dot } of drawn) {
        const [x, y] = pointOn(points, layout!.vertical, moment.backward ? 1 - eased : eased);
        dot.setAttribute("cx", String(x));
        dot.setAttribute("cy", String(y));
      }
      asked = share < 1 ? requestAnimationFrame(move) : null;
      if (share === 1) dots.replaceChildren();
    };
    move();
  }

  const watch = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(() => {
    if (last) draw(last, false);
  });
  watch?.observe(element);
  signal.addEventListener("abort", () => {
    watch?.disconnect();
    if (asked !== null) cancelAnimationFrame(asked);
  });
  return { element, draw };
}

/** Long words are written smaller, so that they stay inside the node. */
function fit(line: SVGElement, most: number, size: number): void {
  const length = (line.textContent ?? "").length;
  line.setAttribute(
    "style",
    length > most ? `font-size: ${(size * most / length).toFixed(1)}px` : "",
  );
}

/** A node's exact value and gradient, in words. */
export function spokenOf({ graph, value, gradient }: Moment, k: number): string {
  const node = graph.nodes[k];
  const what = node.kind === "operation" ? `${node.name} = ${node.formula}` : node.name;
  const known = Number.isNaN(value[k]) ? "not calculated yet" : `value ${exact(value[k])}`;
  const back = !node.asked
    ? "no gradient is asked"
    : Number.isNaN(gradient[k])
    ? "no gradient yet"
    : `gradient d${graph.loss}/d${node.name} = ${exact(gradient[k])}`;
  return `${what}: ${known}, ${back}`;
}
