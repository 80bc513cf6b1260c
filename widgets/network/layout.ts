/** Where everything in the picture goes for a given width; sizes in CSS pixels, so text never shrinks. No DOM. */
import type { NetworkPlan, PlanLayer } from "./plan.ts";

export interface Column {
  x: number;
  ys: number[];
  radius: number;
  /** Height of the "+104 more" mark of a summarised layer. */
  gap: number | null;
  /** Whether a number fits beside each unit. */
  roomy: boolean;
  /** Whether the number of a single output stands below it, with its sum where there is room. */
  below: boolean;
  wide: boolean;
  /** The caption in lines: one if "16 relu" fits everywhere, otherwise the count and then the rest. */
  caption: string[];
  /** Characters a line of it may have. */
  chars: number;
}

export interface Layout {
  width: number;
  height: number;
  columns: Column[];
  captionY: number;
  /** Height of the arithmetic under the gaps; null where it does not fit. */
  formulaY: number | null;
  line: number;
  labelChars: number;
}

const CHAR = 6.9;
const NARROW = 480;

export function labelsOf(layer: PlanLayer): [string, number, number][] {
  if (layer.groups.length) return layer.groups;
  if (layer.names.every((name) => /^input \d+$/.test(name))) return [];
  return layer.names.map((name, position) => [name, position, position]);
}

export function layOut(plan: NetworkPlan, width: number, scale = 1): Layout {
  const [inputs] = plan.layers;
  const labels = labelsOf(inputs);
  const last = plan.layers.length - 1;
  const narrow = width / scale < NARROW;
  const longest = labels.reduce((most, [label]) => Math.max(most, label.length), 0);
  const labelChars = Math.min(longest, narrow ? 9 : 18);
  const left = (labels.length ? labelChars * CHAR + 26 : 40) * scale;
  const single = plan.layers[last].shown.length === 1;
  const right = (!single ? 84 : narrow ? 38 : 64) * scale;
  const line = 17 * scale;

  const inputYs = stack(inputs, labels, scale);
  const tallest = plan.layers.slice(1).reduce((most, layer) => Math.max(most, slots(layer)), 0);
  const body = Math.max(inputYs.at(-1)!, tallest * 17 * scale, 160 * scale);
  const top = 14 * scale;
  const distance = (width - left - right) / last;

  const columns = plan.layers.map((layer, l): Column => {
    const ys = l
      ? spread(layer, body, scale)
      : inputYs.map((y) => y + (body - inputYs.at(-1)!) / 2);
    const pitch = ys.length > 1 ? Math.min(...ys.slice(1).map((y, i) => y - ys[i])) : 40 * scale;
    const radius = l === 0
      ? 4.5 * scale
      : Math.max(4, Math.min(pitch * 0.38, (l === last ? 14 : 10) * scale));
    const half = (layer.shown.length + 1) >> 1;
    const elided = layer.units > layer.shown.length;
    // Nothing stands to the right of the last column: "1 sigmoid" fits where five columns are narrow.
    const room = l === 0
      ? Math.min(distance, 2 * left)
      : l === last
      ? Math.min(1.2 * distance, 2 * right)
      : distance;
    const chars = Math.floor(room / (CHAR * scale));
    return {
      x: left + l * distance,
      ys: ys.map((y) => y + top),
      radius,
      gap: elided ? top + (ys[half - 1] + ys[half]) / 2 : null,
      below: l === last && single,
      wide: !narrow,
      roomy: l > 0 && pitch >= 15 * scale && distance > 70 * scale,
      caption: [caption(layer)],
      chars,
    };
  });
  if (columns.some((column) => column.caption[0].length > column.chars)) {
    for (const column of columns) column.caption = wrap(column.caption[0], column.chars);
  }
  const captionY = body + top * 2 + 10 * scale;
  const lines = Math.max(
    ...columns.map((column, l) => column.caption.length + (plan.layers[l].dropouts.length ? 1 : 0)),
  );
  const formulas = plan.parameters.filter((row) =>
    plan.layers.some(({ name }) => name === row.layer)
  );
  const fits = formulas.every((row) => row.formula.length * CHAR * scale < distance - 8);
  const formulaY = fits ? captionY + lines * line + 4 * scale : null;
  return {
    width,
    height: fits ? formulaY! + 8 * scale : captionY + (lines - 1) * line + 8 * scale,
    columns,
    captionY,
    formulaY,
    line,
    labelChars,
  };
}

export function caption(layer: PlanLayer): string {
  return `${layer.units} ${
    layer.kind === "input" ? layer.units === 1 ? "input" : "inputs" : layer.activation
  }`;
}

/** The count in a line of its own, then as many words in a line as fit; a name may break behind an underscore. */
function wrap(words: string, chars: number): string[] {
  const [count, ...rest] = words.split(/ |(?<=_)/);
  const lines: string[] = [];
  for (const word of rest) {
    const line = lines.at(-1), joint = line?.endsWith("_") ? "" : " ";
    if (line && line.length + joint.length + word.length <= chars) {
      lines[lines.length - 1] = line + joint + word;
    } else lines.push(cut(word, chars));
  }
  return [count, ...lines];
}

export function cut(words: string, chars: number): string {
  return words.length > chars ? `${words.slice(0, Math.max(1, chars - 1))}…` : words;
}

function slots(layer: PlanLayer): number {
  return layer.shown.length + (layer.units > layer.shown.length ? 2 : 0);
}

/** Inputs one below the other, raw columns a little apart, a wide gap where some are left out. */
function stack(layer: PlanLayer, labels: [string, number, number][], scale: number): number[] {
  const pitch = Math.max(labels.length ? 14.5 : 12, Math.min(30, 150 / layer.shown.length)) * scale;
  const starts = new Set(layer.groups.map(([, first]) => first));
  const half = (layer.shown.length + 1) >> 1;
  const ys: number[] = [];
  let y = 0;
  layer.shown.forEach((_, position) => {
    if (position) y += pitch + (starts.has(position) ? 4 * scale : 0);
    if (position === half && layer.units > layer.shown.length) y += 2 * pitch;
    ys.push(y);
  });
  return ys;
}

function spread(layer: PlanLayer, body: number, scale: number): number[] {
  const count = slots(layer);
  const pitch = Math.min(body / Math.max(1, count - 1), 60 * scale);
  const first = (body - pitch * (count - 1)) / 2;
  const half = (layer.shown.length + 1) >> 1;
  const elided = count > layer.shown.length;
  return layer.shown.map((_, position) =>
    first + pitch * (position + (elided && position >= half ? 2 : 0))
  );
}
