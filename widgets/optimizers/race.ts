/** The runs of a race as the parts of the card read them: arrays by run and frame, and how each is drawn. */
import type { Point } from "../plot/marks.ts";
import { rounded } from "../plot/marks.ts";
import type { Frames, Values } from "../recording.ts";
import type { RunReport, Spec } from "./traits.ts";

export interface Style {
  /** The colour is the token `--fe-<token>`. */
  token: string;
  dash: string;
  shape: "circle" | "square" | "diamond" | "up" | "down" | "star" | "cross";
}

/** Kin share a colour; every style has its own dash and its own marker. */
const STYLES: Record<string, Style> = {
  sgd: { token: "train", dash: "", shape: "circle" },
  momentum: { token: "valid", dash: "8 4", shape: "square" },
  nesterov: { token: "valid", dash: "2 3", shape: "diamond" },
  adagrad: { token: "width", dash: "9 3 2 3", shape: "up" },
  rmsprop: { token: "batch", dash: "5 3", shape: "down" },
  adam: { token: "best", dash: "", shape: "star" },
  adamw: { token: "best", dash: "2 3", shape: "cross" },
};

/** The usual style of each optimizer; a second one of a kind gets that of its kin, or the first one free. */
export function stylesOf(names: string[]): Style[] {
  const free = new Set(Object.keys(STYLES));
  const chosen: (Style | null)[] = names.map((name) => free.delete(name) ? STYLES[name] : null);
  return chosen.map((style, at) => {
    if (style) return style;
    const kin = STYLES[names[at]]?.token;
    const next = [...free].find((name) => STYLES[name].token === kin) ?? [...free][0];
    free.delete(next);
    return STYLES[next] ?? STYLES.sgd;
  });
}

/** A marker around a point. */
export function markerPath(shape: Style["shape"], [x, y]: Point, size: number): string {
  const polygon = (...points: Point[]) =>
    `M${points.map(([a, b]) => `${rounded(x + a * size)},${rounded(y + b * size)}`).join("L")}Z`;
  switch (shape) {
    case "circle":
      return `M${rounded(x - size)},${rounded(y)}a${size},${size} 0 1 0 ${
        2 * size
      },0a${size},${size} 0 1 0 ${-2 * size},0Z`;
    case "square":
      return polygon([-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]);
    case "diamond":
      return polygon([0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]);
    case "up":
      return polygon([0, -1.2], [1.15, 0.9], [-1.15, 0.9]);
    case "down":
      return polygon([0, 1.2], [1.15, -0.9], [-1.15, -0.9]);
    case "cross": {
      const a = 0.4, b = 1.2;
      return polygon(
        [-a, -b],
        [a, -b],
        [a, -a],
        [b, -a],
        [b, a],
        [a, a],
        [a, b],
        [-a, b],
        [-a, a],
        [-b, a],
        [-b, -a],
        [-a, -a],
      );
    }
    case "star": {
      const points: Point[] = [];
      for (let tip = 0; tip < 10; tip++) {
        const radius = tip % 2 ? 0.6 : 1.4, angle = Math.PI * (tip / 5 - 0.5);
        points.push([radius * Math.cos(angle), radius * Math.sin(angle)]);
      }
      return polygon(...points);
    }
  }
}

export interface Runner extends RunReport {
  number: number;
  spec: Spec;
  style: Style;
  hidden: boolean;
}

export class Race {
  constructor(readonly frames: Frames, readonly runners: Runner[]) {}

  get length(): number {
    return this.frames.length;
  }

  get shown(): Runner[] {
    return this.runners.filter((runner) => !runner.hidden);
  }

  /** The last frame of this run up to a frame of the race. */
  frameOf(runner: Runner, frame: number): number {
    return Math.min(frame, runner.frames - 1);
  }

  row(runner: Runner, name: string, frame: number): Values {
    return this.frames.row(`${runner.number} ${name}`, this.frameOf(runner, frame));
  }

  value(runner: Runner, name: string, frame: number): number {
    return this.row(runner, name, frame)[0];
  }

  has(runner: Runner, name: string): boolean {
    return this.frames.has(`${runner.number} ${name}`);
  }
}

export const ink = (style: Style) => `var(--fe-${style.token})`;
