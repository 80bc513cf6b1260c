/** Brings one frame onto the nodes of a scene; changes only what differs from the frame before. */
import { isProbability, type NetworkPlan, type NetworkState, type Offsets } from "./plan.ts";
import type { Layout } from "./layout.ts";
import type { Scene } from "./scene.ts";
import { outputWords, scaledWords, times, unitWords } from "./words.ts";

/** Share of the widest line, by a fixed scale for all frames and layers: half of it at a weight of 0.5. */
export function weightShare(weight: number): number {
  const size = Math.abs(weight);
  return Number.isFinite(size) ? size / (size + 0.5) : 1;
}

function widthOf(share: number): number {
  return 0.3 + 4.7 * share ** 1.5;
}

function opacityOf(share: number): number {
  return 0.12 + 0.85 * share ** 0.85;
}

export const lineWidth = (weight: number) => widthOf(weightShare(weight));
export const lineOpacity = (weight: number) => opacityOf(weightShare(weight));

const LEVELS = 100;
const shares = Array.from({ length: LEVELS + 1 }, (_, level) => level / LEVELS);
const WIDTHS = shares.map((share) => widthOf(share).toFixed(2));
const OPACITIES = shares.map((share) => opacityOf(share).toFixed(2));

export class Painter {
  private seen = new Map<Element, Record<string, string>>();
  private looks: Int32Array[];

  constructor(
    private scene: Scene,
    private plan: NetworkPlan,
    private offsets: Offsets,
  ) {
    this.looks = scene.gaps.map(({ lines }) => new Int32Array(lines.length).fill(-4));
  }

  paint(state: NetworkState, layout: Layout): void {
    this.scene.gaps.forEach((_, gap) => this.lines(gap, state));
    this.scene.layers.forEach((_, l) => this.units(l, state, layout));
  }

  private lines(gap: number, { drawn, dropped }: NetworkState): void {
    const { lines } = this.scene.gaps[gap], looks = this.looks[gap];
    const start = this.offsets.kernel[gap + 1];
    const width = this.plan.layers[gap + 1].shown.length;
    const [before, here] = [this.offsets.units[gap], this.offsets.units[gap + 1]];
    for (let k = 0; k < lines.length; k++) {
      const weight = drawn[start + k];
      const cut = dropped && (dropped[before + Math.floor(k / width)] || dropped[here + k % width]);
      // A line is touched only when its look changes: most of a training moves weights by less than one level.
      const level = Math.round(weightShare(weight) * LEVELS);
      const look = level * 4 + (cut ? 2 : 0) + (weight < 0 ? 1 : 0);
      const old = looks[k];
      if (look === old) continue;
      looks[k] = look;
      if (look >> 2 !== old >> 2) lines[k].setAttribute("stroke-width", WIDTHS[level]);
      lines[k].setAttribute("stroke-opacity", cut ? "0.04" : OPACITIES[level]);
      if (old < 0 || (look & 1) !== (old & 1)) {
        lines[k].setAttribute("class", weight < 0 ? "fe-negative" : "");
      }
    }
  }

  private units(l: number, state: NetworkState, layout: Layout): void {
    const layer = this.plan.layers[l], { units, dropped } = this.scene.layers[l];
    const column = layout.columns[l], { radius } = column;
    let crossed = 0;
    units.forEach((unit, position) => {
      const at = this.offsets.units[l] + position;
      const value = state.activations?.[at];
      const sum = column.below && column.wide ? state.sums?.[at] : undefined;
      const off = Boolean(state.dropped?.[at]);
      if (off) crossed += 1;
      const share = value === undefined ? 0 : fillShare(value, isProbability(layer));
      const negative = value !== undefined && value < 0;
      this.set(
        unit.group,
        "class",
        `fe-unit${off ? " fe-off" : ""}${negative ? " fe-negative" : ""}${
          value === undefined ? " fe-blank" : ""
        }`,
      );
      this.set(unit.fill, "r", (radius * share).toFixed(1));
      this.set(
        unit.group,
        "aria-label",
        unitWords(this.plan, this.offsets, state, { layer: l, position }),
      );
      const scaled = state.raw && state.scales && layer.dropouts.length && column.chars > 25;
      const words = value === undefined || l === 0
        ? ""
        : scaled
        ? scaledWords(state.raw![at], state.scales![l], value)
        : outputWords(this.plan, l, value, sum);
      if (unit.value.textContent !== words) unit.value.textContent = words;
    });
    const words = layer.dropouts.length && state.dropped
      ? droppedWords(
        `${crossed}${units.length < layer.units ? ` of ${units.length} shown` : ""} dropped`,
        state.scales?.[l],
        this.plan.layers.filter((one) => one.dropouts.length).length > 1 ? column.chars : Infinity,
      )
      : "";
    if (dropped.textContent !== words) dropped.textContent = words;
  }

  private set(element: Element, name: string, value: string): void {
    let known = this.seen.get(element);
    if (!known) this.seen.set(element, known = {});
    if (known[name] === value) return;
    known[name] = value;
    element.setAttribute(name, value);
  }
}

/** How many were dropped and what the rest is multiplied by, as far as there is room beside another layer's words. */
function droppedWords(words: string, scale: number | undefined, room: number): string {
  const factor = scale === undefined
    ? []
    : [", the rest × ", ", × "].map((joint) => `${words}${joint}${times(scale)}`);
  const short = words.replace(/ .*/, " ✕");
  return [...factor, words].find(({ length }) => length + 2 <= room) ?? short;
}

/** Radius of the filled disc: its area grows with the output, which has no upper bound unless it is a probability. */
function fillShare(value: number, bounded: boolean): number {
  const size = Math.abs(value);
  if (!Number.isFinite(size)) return 1;
  return Math.sqrt(bounded ? Math.min(1, size) : size / (size + 1));
}
