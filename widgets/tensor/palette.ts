/** The colour of a value and of an axis. */
import { mix, type Palette, type Rgb, type Token } from "../plot/palette.ts";
import type { Drawing } from "./drawing.ts";

export * from "../plot/palette.ts";

/** Token of each role of an axis. */
export const ROLE: Record<string, Token> = {
  samples: "train",
  time: "batch",
  height: "best",
  width: "width",
  channels: "valid",
};

/** Red, green, blue and opacity, when channels are drawn as layers. */
const CHANNELS: Rgb[] = [[200, 40, 60], [40, 150, 90], [62, 100, 210], [120, 120, 120]];

export interface Scale {
  low: number;
  high: number;
  /** Around 0 in two colours, or from low to high in one. */
  diverging: boolean;
}

export function scaleOf(low: number, high: number): Scale {
  return { low, high, diverging: low < 0 };
}

/** Colour of a value: no colour at 0 (or at the low end), full blue high, full orange low. */
export function colourOf(value: number, scale: Scale, palette: Palette): Rgb {
  const { low, high, diverging } = scale;
  if (diverging) {
    const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
    const share = Math.max(-1, Math.min(1, value / reach));
    return mix(palette.raised, share < 0 ? palette.valid : palette.train, Math.abs(share));
  }
  const share = high > low
    ? Math.max(0, Math.min(1, (value - low) / (high - low)))
    : value
    ? 0.5
    : 0;
  return mix(palette.raised, palette.train, share);
}

export interface Paint {
  drawing: Drawing;
  scale: Scale;
  palette: Palette;
  text: boolean;
  /** Largest value of a colour channel: 255 or 1. */
  full: number;
  /** Whether the layers are the colour channels. */
  channelLayers: boolean;
  /** Which channels of a picture are shown; all by default. */
  channels?: boolean[];
}

/** Colour of the cell at a flat position; in a picture that is the position of its first channel. */
export function cellColour(paint: Paint, at: number, layer: number): Rgb {
  const { drawing, palette, full } = paint;
  const { cells, marks, arrangement } = drawing;
  if (paint.text || marks[at] && !Number.isFinite(cells[at])) return palette.raised;
  if (arrangement.channel !== null) {
    const level = (channel: number) =>
      paint.channels?.[channel] === false
        ? (channel === 3 ? 255 : 0)
        : Math.max(0, Math.min(255, 255 * cells[at + channel] / full));
    const colour: Rgb = [level(0), level(1), level(2)];
    return drawing.shape[arrangement.channel] === 4
      ? mix(palette.surface, colour, level(3) / 255)
      : colour;
  }
  if (paint.channelLayers) {
    const share = Math.max(0, Math.min(1, cells[at] / full));
    return mix(palette.raised, CHANNELS[layer] ?? CHANNELS[3], share);
  }
  return colourOf(cells[at], paint.scale, palette);
}
