/** What GradientStep tells the page and hears from it, and the run as the frames hold it. */
import type { Domain } from "../plot/plot.ts";
import type { Frames } from "../recording.ts";

export interface GradientStepTraits {
  title: string;
  function: string;
  start: number[];
  learning_rate: number;
  steps: number;
  optimizer: string;
  verdict: string;
  explanation: string;
  code: string;
  picture: Drawn;
}

export interface Drawn {
  number: number;
  weights: number;
  views: { domain: [number, number][]; height: [number, number]; columns: number; rows: number }[];
  values: DataView;
}

/** The settings of the recording: everything that is true of the whole run. */
export interface Facts {
  function: string;
  formula: string;
  weights: number;
  start: number[];
  learning_rate: number;
  steps: number;
  optimizer: string;
  rule: string;
  plain: boolean;
  differentiated_by: string;
  note: string;
  verdict: string;
  explanation: string;
  flat_from: number;
  ended: string;
  picture: number;
  functions: string[];
  optimizers: string[];
}

/** A part of the function: its values, row by row, the lowest w₂ first. */
export interface Ground extends Domain {
  columns: number;
  rows: number;
  values: Float64Array;
  height: [number, number];
}

export interface Run {
  readonly facts: Facts;
  readonly length: number;
  w(frame: number): ArrayLike<number>;
  value(frame: number): number;
  gradient(frame: number): ArrayLike<number>;
  /** Where the step from this frame leads; NaN where that is no finite number. */
  next(frame: number): ArrayLike<number>;
  view(frame: number): number;
  ground(frame: number): Ground;
}

/** The run, once its picture has come too. */
export function runOf(frames: Frames, drawn: Drawn): Run | null {
  const facts = frames.settings as unknown as Facts;
  if (!frames.length || !drawn.views || facts.picture !== drawn.number) return null;
  const grounds = groundsOf(drawn);
  return {
    facts,
    length: frames.length,
    w: (frame) => frames.row("w", frame),
    value: (frame) => frames.value("value", frame),
    gradient: (frame) => frames.row("gradient", frame),
    next: (frame) => frames.row("next", frame),
    view: (frame) => frames.value("view", frame),
    ground: (frame) => grounds[frames.value("view", frame)],
  };
}

function groundsOf({ views, values }: Drawn): Ground[] {
  let at = values.byteOffset;
  return views.map(({ domain, height, columns, rows }) => {
    const bytes = 8 * columns * rows;
    const held = new Float64Array(values.buffer.slice(at, at + bytes) as ArrayBuffer);
    at += bytes;
    const y = domain[1] ?? height;
    return { x: domain[0], y, columns, rows, values: held, height };
  });
}
