/** The picture of a network: built once for a plan, then changed in place for each frame. It computes no result. */
import { type Choice, choiceAt, highlight, neighbour, same } from "./choose.ts";
import type { walk } from "./follow.ts";
import { attachHands } from "./hands.ts";
import { type Layout, layOut } from "./layout.ts";
import { createLegend } from "./legend.ts";
import { Painter } from "./paint.ts";
import {
  type NetworkPlan,
  type NetworkState,
  type Offsets,
  offsetsOf,
  type Place,
  shapeOf,
} from "./plan.ts";
import { buildScene, maker, placeScene, type Scene } from "./scene.ts";
import { sumWords, unitWords, weightWords } from "./words.ts";

export type { NetworkPlan, NetworkState, Place };

export interface NetworkOptions {
  signal: AbortSignal;
  document?: Document;
  /** Told which unit is pinned; null when none is. */
  onPin?(place: Place | null): void;
  /** `walk` of follow.ts, where the view lets a patient be followed; left out of the bundle elsewhere. */
  walk?: typeof walk;
  /** What the key says of a crossed unit. */
  droppedWords?: string;
}

export interface Network {
  readonly element: HTMLElement;
  /** Show one frame. A plan that says something else than the last one builds the picture anew. */
  draw(plan: NetworkPlan, state: NetworkState): void;
  /** Let the values of the chosen patient flow through, layer by layer; resolves to what each layer said. */
  follow(): Promise<string[]>;
}

const HINT =
  "Point at a unit or a line, or go from unit to unit with the arrow keys, to read its numbers.";

export function createNetwork(
  {
    signal,
    document: owner,
    onPin,
    walk,
    droppedWords = "dropped for the first patient of this batch; every patient draws its own",
  }: NetworkOptions,
): Network {
  const page = owner ?? document;
  const make = maker(page);
  const add = (tag: string, className: string, parent: Element) => {
    const made = page.createElement(tag);
    made.className = className;
    parent.append(made);
    return made;
  };
  const element = page.createElement("div");
  element.className = "fe-net";
  const grid = add("div", "fe-net-grid", element);
  const picture = add("div", "fe-net-picture", grid);
  const svg = make("svg", "", picture);
  svg.setAttribute("role", "group");
  const side = add("div", "fe-net-side", grid);
  const readout = add("p", "fe-net-readout fe-number", side);
  readout.textContent = HINT;
  const sum = add("p", "fe-net-sum fe-number", side);
  const legend = createLegend(page, make, droppedWords);
  side.append(legend.element);

  let given: NetworkPlan, plan: NetworkPlan, state: NetworkState, offsets: Offsets;
  let scene: Scene, painter: Painter, layout: Layout;
  let hovered: Choice = null, focused: Place | null = null, pinned: Place | null = null;
  let stop: AbortController | null = null, size = "";

  function place(): void {
    const width = picture.clientWidth || 640;
    const scale = parseFloat(page.defaultView?.getComputedStyle?.(element).fontSize ?? "") / 16 ||
      1;
    if (size === `${width} ${scale}`) return;
    size = `${width} ${scale}`;
    layout = layOut(plan, width, scale);
    svg.setAttribute("viewBox", `0 0 ${width} ${layout.height}`);
    svg.setAttribute("height", String(layout.height));
    placeScene(make, scene, plan, layout);
    painter = new Painter(scene, plan, offsets);
    sum.textContent = sumWords(plan, layout.formulaY !== null);
  }

  function read(): void {
    const choice = hovered ?? (focused ? { unit: focused } : pinned ? { unit: pinned } : null);
    highlight(svg, scene, choice);
    readout.textContent = !choice
      ? HINT
      : "unit" in choice
      ? unitWords(plan, offsets, state, choice.unit)
      : weightWords(plan, offsets, state, choice.from, choice.to);
  }

  function draw(next: NetworkPlan, frame: NetworkState): void {
    state = frame;
    if (next !== given) {
      given = next;
      if (JSON.stringify(next) !== JSON.stringify(plan)) rebuild(next);
    }
    painter.paint(state, layout);
    legend.update(plan, state);
    if (hovered || focused || pinned) read();
  }

  function rebuild(next: NetworkPlan): void {
    stop?.abort();
    plan = next;
    offsets = offsetsOf(plan);
    hovered = focused = null;
    pin(null);
    scene = buildScene(make, svg, plan);
    scene.layers[1].units[0].group.setAttribute("tabindex", "0");
    svg.setAttribute("aria-label", `network ${shapeOf(plan)}; arrow keys go from unit to unit`);
    size = "";
    place();
  }

  function pin(to: Place | null): void {
    if (pinned) unitAt(pinned)?.setAttribute("aria-pressed", "false");
    pinned = to;
    if (pinned) unitAt(pinned)?.setAttribute("aria-pressed", "true");
    onPin?.(pinned);
  }

  const unitAt = ({ layer, position }: Place) => scene?.layers[layer]?.units[position]?.group;
  attachHands(svg, signal, {
    at: (x, y) => plan ? choiceAt(layout, x, y) : null,
    placeOf(target) {
      const group = target?.closest(".fe-unit");
      if (!group) return null;
      const layer = scene.layers.findIndex(({ units }) =>
        units.some((unit) => unit.group === group)
      );
      return {
        layer,
        position: scene.layers[layer].units.findIndex((unit) => unit.group === group),
      };
    },
    hover(choice) {
      hovered = choice;
      if (plan) read();
    },
    focus(to) {
      focused = to;
      if (to) {
        svg.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
        unitAt(to)?.setAttribute("tabindex", "0");
      }
      if (plan) read();
    },
    go(from, key) {
      const next = neighbour(plan, from, key);
      if (next) unitAt(next)?.focus();
    },
    pin(to) {
      pin(pinned && same(pinned, to) ? null : to);
      read();
    },
    clear() {
      hovered = focused = null;
      pin(null);
      read();
    },
  });

  if (typeof ResizeObserver !== "undefined") {
    const watch = new ResizeObserver(() => {
      if (!plan || picture.clientWidth === 0) return;
      place();
      painter.paint(state, layout);
    });
    watch.observe(picture);
    signal.addEventListener("abort", () => watch.disconnect(), { once: true });
  }

  /** The unit to follow when none is pinned: where the patient's output is largest, so that there is something to see. */
  function largest(layer: number): Place {
    const values = Array.from(
      plan.layers[layer].shown,
      (_, i) => state.activations![offsets.units[layer] + i],
    );
    return { layer, position: Math.max(0, values.indexOf(Math.max(...values))) };
  }

  async function follow(): Promise<string[]> {
    if (!walk || !plan || !state.activations) return [];
    stop?.abort();
    const ours = stop = new AbortController();
    const end = () => ours.abort();
    signal.addEventListener("abort", end, { once: true });
    const path = plan.layers.map((_, layer) => pinned?.layer === layer ? pinned : largest(layer));
    const said: string[] = [];
    await walk({
      make,
      svg,
      scene,
      layout,
      path,
      still: page.defaultView?.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false,
      signal: ours.signal,
      arrived: (at) => {
        said.push(unitWords(plan, offsets, state, at));
        readout.textContent = said.join(" · ");
      },
    });
    signal.removeEventListener("abort", end);
    return said;
  }

  return { element, draw, follow };
}
