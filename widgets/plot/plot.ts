/** A plot area with axes that follows the width it is given. What lies in it is drawn by others, in layers. */
import { h } from "../dom.ts";
import { createMarks, type Marks } from "./marks.ts";
import { ticks, tickTexts } from "./ticks.ts";

const SVG = "http://www.w3.org/2000/svg";

export interface Domain {
  x: [number, number];
  y: [number, number];
}

export interface PlotOptions {
  signal: AbortSignal;
  /** What the plot shows, for those who do not see it. */
  label: string;
  xLabel?: string;
  yLabel?: string;
  /** Height as a share of the width. Default 0.6, between `least` and `most` pixels. */
  ratio?: number;
  least?: number;
  most?: number;
  /** The size has changed: draw everything again. */
  onDraw(): void;
}

export interface Plot {
  readonly element: HTMLElement;
  /** Size of the plot area in pixels. */
  readonly width: number;
  readonly height: number;
  /** Where the plot area begins in the element, in pixels. */
  readonly left: number;
  readonly top: number;
  readonly domain: Domain;
  setDomain(domain: Domain): void;
  setLabels(label: string, xLabel: string, yLabel: string): void;
  x(value: number): number;
  y(value: number): number;
  invertX(pixel: number): number;
  invertY(pixel: number): number;
  /** A layer over the earlier ones; "under" lies under the canvas. Its origin is that of the plot area. */
  layer(name: string, place?: "under" | "over"): Marks;
  /** A canvas over the plot area, between the layers under and over it. */
  canvas(): HTMLCanvasElement;
}

const BOTTOM = 40, TOP = 8, RIGHT = 16, LEAST_LEFT = 34;

export function createPlot(options: PlotOptions): Plot {
  const { signal, ratio = 0.6, least = 180, most = 420 } = options;
  const svg = (name: string, hidden: boolean) => {
    const made = document.createElementNS(SVG, "svg") as SVGSVGElement;
    made.setAttribute("class", name);
    if (hidden) made.setAttribute("aria-hidden", "true");
    return made;
  };
  const node = <T extends SVGElement>(tag: string, parent: SVGElement, name?: string): T => {
    const made = document.createElementNS(SVG, tag) as T;
    if (name) made.setAttribute("class", name);
    parent.append(made);
    return made;
  };
  const under = svg("fe-plot-under", true), over = svg("fe-plot-over", true);
  const canvas = h("canvas", { class: "fe-plot-canvas", hidden: true, "aria-hidden": "true" });
  const element = h("div", { class: "fe-plot", role: "img", "aria-label": options.label });
  element.append(under, canvas, over);
  const axes = createMarks(node("g", under, "fe-plot-axes"));
  // Over the curves that pass where it stands.
  const upLabel = node("text", over, "fe-plot-y");
  const clip = { under: node<SVGSVGElement>("svg", under), over: node<SVGSVGElement>("svg", over) };
  const layers = new Map<string, Marks>();

  let domain: Domain = { x: [0, 1], y: [0, 1] };
  let words = { x: options.xLabel ?? "", y: options.yLabel ?? "" };
  let outer = 0, left = LEAST_LEFT, width = 1, height = 1;

  const x = (value: number) => (value - domain.x[0]) / (domain.x[1] - domain.x[0]) * width;
  const y = (value: number) => (1 - (value - domain.y[0]) / (domain.y[1] - domain.y[0])) * height;

  function layOut(): void {
    outer = element.clientWidth || outer || 480;
    const whole = Math.round(Math.max(least, Math.min(most, ratio * outer)));
    const rows = ticks(...domain.y, Math.max(2, Math.round(whole / 60)));
    const names = tickTexts(rows);
    left = Math.max(LEAST_LEFT, 14 + 7.2 * Math.max(0, ...names.map((name) => name.length)));
    width = Math.max(40, outer - left - RIGHT);
    height = whole - TOP - BOTTOM;
    for (const part of [under, over]) {
      part.setAttribute("viewBox", `0 0 ${outer} ${whole}`);
      part.setAttribute("width", String(outer));
      part.setAttribute("height", String(whole));
    }
    element.style.height = `${whole}px`;
    for (const part of Object.values(clip)) {
      part.setAttribute("x", String(left));
      part.setAttribute("y", String(TOP));
      part.setAttribute("width", String(width));
      part.setAttribute("height", String(height));
    }
    Object.assign(canvas.style, { left: `${left}px`, top: `${TOP}px`, width: `${width}px` });
    drawAxes(rows, names);
  }

  function drawAxes(rows: number[], names: string[]): void {
    axes.begin();
    rows.forEach((value, place) => {
      const at = TOP + y(value);
      axes.set(`row ${place}`, "line", { x1: left, x2: left + width, y1: at, y2: at });
      axes.set(`row text ${place}`, "text", {
        x: left - 6,
        y: at + 4,
        "text-anchor": "end",
      }, names[place]);
    });
    const columns = ticks(...domain.x, Math.max(2, Math.round(width / 90)));
    tickTexts(columns).forEach((name, place) => {
      const at = left + x(columns[place]);
      axes.set(`column ${place}`, "line", {
        x1: at,
        x2: at,
        y1: TOP + height,
        y2: TOP + height + 4,
      });
      axes.set(`column text ${place}`, "text", {
        x: at,
        y: TOP + height + 17,
        "text-anchor": "middle",
      }, name);
    });
    axes.set("base", "line", {
      x1: left,
      x2: left + width,
      y1: TOP + height,
      y2: TOP + height,
      class: "fe-plot-base",
    });
    axes.set("x label", "text", {
      x: left + width / 2,
      y: TOP + height + 34,
      "text-anchor": "middle",
    }, words.x);
    axes.end();
    upLabel.setAttribute("x", String(left + 4));
    upLabel.setAttribute("y", String(TOP + 12));
    upLabel.textContent = words.y;
  }

  const sized = () => {
    if (element.clientWidth === outer) return;
    layOut();
    options.onDraw();
  };
  if (globalThis.ResizeObserver) {
    const observer = new ResizeObserver(sized);
    observer.observe(element);
    signal.addEventListener("abort", () => observer.disconnect());
  }
  layOut();

  return {
    element,
    get width() {
      return width;
    },
    get height() {
      return height;
    },
    get left() {
      return left;
    },
    top: TOP,
    get domain() {
      return domain;
    },
    setDomain(next) {
      const same = (["x", "y"] as const).every((axis) =>
        next[axis][0] === domain[axis][0] && next[axis][1] === domain[axis][1]
      );
      if (same) return;
      domain = next;
      layOut();
    },
    setLabels(label, xLabel, yLabel) {
      element.setAttribute("aria-label", label);
      if (words.x === xLabel && words.y === yLabel) return;
      words = { x: xLabel, y: yLabel };
      layOut();
    },
    x,
    y,
    invertX: (pixel) => domain.x[0] + pixel / width * (domain.x[1] - domain.x[0]),
    invertY: (pixel) => domain.y[0] + (1 - pixel / height) * (domain.y[1] - domain.y[0]),
    layer(name, place = "over") {
      const key = `${place} ${name}`;
      const made = layers.get(key) ?? createMarks(node("g", clip[place], `fe-layer-${name}`));
      layers.set(key, made);
      return made;
    },
    canvas() {
      canvas.hidden = false;
      return canvas;
    },
  };
}
