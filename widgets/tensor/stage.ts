/** The stage of an operation: operands, the result, and the cells that fly from the one to the other. */
import { h } from "../dom.ts";
import { clearCanvas } from "../plot/canvas.ts";
import type { Arrangement } from "./drawing.ts";
import { unflat } from "./drawing.ts";
import { short } from "./format.ts";
import { type Layout, layOut, type Point } from "./layout.ts";
import { colourOf, css, inkOn, type Palette, readPalette, ROLE, type Scale } from "./palette.ts";

export interface Side {
  name: string;
  shape: number[];
  /** Role of each axis; "new" for one that was not there before. */
  roles: string[];
  dtype: string;
  arrangement: Arrangement;
  values: DataView;
}

export interface OperationScene {
  /** Counts the operations; 0 before the first. */
  number: number;
  name: string;
  /** Arguments, and y, as they are written in the form; y is "" where it is too long for it. */
  arguments: string;
  other: string;
  code: string;
  numpy_code: string;
  rule: string;
  /** Why there are no steps to follow; "" where there are. */
  note: string;
  result_shape: string;
  operands: Side[];
  result: Side;
  sentences: string[];
  /** step, operand, source, target of every move: four int32 each. */
  moves: DataView;
  /** What each result cell shows after each step (float64), and whether it shows anything (uint8). */
  shown: DataView;
  filled: DataView;
}

interface Placed {
  side: Side;
  values: Float64Array;
  layout: Layout;
  at: Point;
  size: Point;
}

const TURN = { yaw: 0.5, pitch: 0.38 };
const MILLISECONDS = 420;
const GAP = 2.2;
/** Pixels of a cell that has room for its number. */
const READABLE = 24;
/** Pixels the name of a tensor takes. */
const NAME: Point = [96, 38];

export interface Stage {
  element: HTMLElement;
  set(scene: OperationScene): void;
  show(frame: number, tween: boolean): void;
  repaint(): void;
  resize(): void;
}

const copy = (view: DataView) =>
  view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer;

export function createStage(signal: AbortSignal, root: () => HTMLElement): Stage {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const element = h("div", { class: "fe-stage" }, canvas);
  const pen = canvas.getContext("2d")!;
  let scene: OperationScene | null = null, palette: Palette | null = null;
  let moves = new Int32Array(0), shown = new Float64Array(0), filled = new Uint8Array(0);
  let sides: Placed[] = [], unit = 20, colours: Scale = { low: 0, high: 1, diverging: false };
  let frame = 0, share = 1, began = 0, waiting = 0, height = 0;

  const redraw = () => waiting ||= requestAnimationFrame(paint);
  const sized = new ResizeObserver(redraw);
  sized.observe(element);
  signal.addEventListener("abort", () => {
    sized.disconnect();
    cancelAnimationFrame(waiting);
  });

  function set(next: OperationScene) {
    scene = next;
    moves = new Int32Array(copy(next.moves));
    shown = new Float64Array(copy(next.shown));
    filled = new Uint8Array(copy(next.filled));
    sides = [...next.operands, next.result].map((side) => {
      const { layers } = side.arrangement;
      const apart = layers !== null
        ? Math.min(0.6, 0.12 + 0.3 / Math.max(1, side.shape[layers]))
        : 0;
      return {
        side,
        values: new Float64Array(copy(side.values)),
        layout: layOut({
          shape: side.shape,
          arrangement: side.arrangement,
          turn: { ...TURN, apart },
          aspect: 1.4,
        }),
        at: [0, 0] as Point,
        size: [0, 0] as Point,
      };
    });
    const all = sides.flatMap(({ values }) => Array.from(values)).filter(Number.isFinite);
    const low = Math.min(0, ...all), high = Math.max(0, ...all);
    colours = { low, high: high || 1, diverging: low < 0 };
    frame = 0;
    share = 1;
    redraw();
  }

  /** Operands beside the result where there is room for cells that can be read, above it where not. */
  function arrange(width: number) {
    const widths = sides.map(({ layout }) => layout.width),
      heights = sides.map(({ layout }) => layout.height);
    const margin = 2.4;
    const row = widths.reduce((sum, one) => sum + one + GAP, 0) + margin;
    const tall = Math.max(...heights);
    const beside = Math.min(44, width / row, 360 / (tall + margin));
    const column = Math.max(...widths) + margin + 1;
    const high = heights.reduce((sum, one) => sum + one + GAP + 0.6, 0);
    const above = Math.min(44, width / column, 560 / high);
    const across = beside >= Math.min(READABLE, above);
    unit = across ? beside : above;
    // Names keep their size however small the cells are.
    const named = Math.max(1.8, NAME[1] / unit), left = Math.max(1.6, 14 / unit);
    let x = left, y = named;
    for (const placed of sides) {
      placed.at = across ? [x, y + (tall - placed.layout.height) / 2] : [left, y];
      if (across) x += Math.max(placed.layout.width, NAME[0] / unit) + GAP;
      else y += placed.layout.height + Math.max(GAP + 0.6, NAME[1] / unit + 0.6);
    }
    height = Math.ceil(across ? unit * (tall + named + 1.2) : unit * (y - named) + 24);
  }

  function paint() {
    waiting = 0;
    const width = element.clientWidth;
    if (!scene || !width) return;
    palette ??= readPalette(root());
    share = share < 1 ? Math.min(1, (performance.now() - began) / MILLISECONDS) : 1;
    arrange(width);
    clearCanvas(canvas, pen, width, height);
    const result = sides.length - 1, size = sides[result].values.length;
    const busy = new Set<string>(), arriving = new Set<number>();
    for (let k = 0; k < moves.length; k += 4) {
      if (moves[k] !== frame) continue;
      busy.add(`${moves[k + 1]} ${moves[k + 2]}`);
      if (share < 1) arriving.add(moves[k + 3]);
    }
    const was = Math.max(0, frame - (share < 1 ? 1 : 0));
    sides.forEach((placed, number) => {
      paintName(placed);
      const order = cellsFromBehind(placed);
      for (const cell of order) {
        if (number < result) {
          paintCell(
            placed,
            cell,
            placed.values[cell],
            busy.has(`${number} ${cell}`) ? "busy" : "still",
          );
        } else {
          const now = arriving.has(cell) || share >= 1 ? (share < 1 ? was : frame) : frame;
          const at = now * size + cell;
          paintCell(
            placed,
            cell,
            shown[at],
            filled[at] ? (isNew(at, size) ? "busy" : "still") : "empty",
          );
        }
      }
    });
    if (share < 1) {
      const eased = 1 - (1 - share) ** 3;
      for (let k = 0; k < moves.length; k += 4) {
        if (moves[k] === frame) {
          paintFlying(sides[moves[k + 1]], moves[k + 2], sides[result], moves[k + 3], eased);
        }
      }
      redraw();
    }
  }

  /** Whether a result cell got its value in this step. */
  function isNew(at: number, size: number): boolean {
    if (frame === 0 || at < size) return false;
    return !filled[at - size] || !Object.is(shown[at], shown[at - size]);
  }

  const orders = new WeakMap<Placed, number[]>();
  function cellsFromBehind(placed: Placed): number[] {
    const known = orders.get(placed);
    if (known) return known;
    const { layers } = placed.side.arrangement;
    const order = Array.from(placed.values.keys());
    if (layers !== null) {
      const depth = order.map((cell) => unflat(placed.side.shape, cell)[layers]);
      order.sort((one, other) => depth[other] - depth[one]);
    }
    orders.set(placed, order);
    return order;
  }

  function corners(placed: Placed, cell: number): { at: Point; u: Point; v: Point } {
    const { at, u, v } = placed.layout.place(unflat(placed.side.shape, cell));
    return {
      at: [(at[0] + placed.at[0]) * unit, (at[1] + placed.at[1]) * unit],
      u: [u[0] * unit, u[1] * unit],
      v: [v[0] * unit, v[1] * unit],
    };
  }

  function paintCell(placed: Placed, cell: number, value: number, how: "still" | "busy" | "empty") {
    paintAt(corners(placed, cell), value, placed.side.dtype, how);
  }

  function paintFlying(from: Placed, source: number, to: Placed, target: number, eased: number) {
    const one = corners(from, source), other = corners(to, target);
    const between = (
      a: Point,
      b: Point,
    ): Point => [a[0] + (b[0] - a[0]) * eased, a[1] + (b[1] - a[1]) * eased];
    paintAt(
      { at: between(one.at, other.at), u: between(one.u, other.u), v: between(one.v, other.v) },
      from.values[source],
      from.side.dtype,
      "busy",
    );
  }

  function paintAt(
    { at: [x, y], u, v }: { at: Point; u: Point; v: Point },
    value: number,
    dtype: string,
    how: "still" | "busy" | "empty",
  ) {
    const colour = how === "empty" || Number.isNaN(value)
      ? palette!.surface
      : colourOf(value, colours, palette!);
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + u[0], y + u[1]);
    pen.lineTo(x + u[0] + v[0], y + u[1] + v[1]);
    pen.lineTo(x + v[0], y + v[1]);
    pen.closePath();
    pen.fillStyle = css(colour);
    pen.fill();
    pen.setLineDash(how === "empty" ? [3, 3] : []);
    pen.strokeStyle = how === "busy" ? css(palette!.accent) : css(palette!.muted, 0.6);
    pen.lineWidth = how === "busy" ? 2.5 : 1;
    pen.stroke();
    pen.setLineDash([]);
    pen.lineWidth = 1;
    if (how === "empty" || Math.hypot(...u) < 22) return;
    pen.fillStyle = css(inkOn(colour));
    pen.font = `${Math.min(14, Math.hypot(...u) * 0.36)}px system-ui`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(
      short(value, dtype),
      x + (u[0] + v[0]) / 2,
      y + (u[1] + v[1]) / 2,
      Math.hypot(...u) - 3,
    );
  }

  function paintName(placed: Placed) {
    const { side, layout } = placed;
    const x = placed.at[0] * unit, y = placed.at[1] * unit;
    pen.fillStyle = css(palette!.ink);
    pen.font = "13px system-ui";
    pen.textAlign = "left";
    pen.textBaseline = "bottom";
    const shape = side.shape.length === 1 ? `(${side.shape[0]},)` : `(${side.shape.join(", ")})`;
    pen.fillText(`${side.name} ${shape}`, x, y - 14);
    for (const { axis, from, to, side: where } of layout.bars) {
      const [dx, dy] = { left: [-7, 0], right: [7, 3], top: [0, -7], bottom: [0, 7] }[where];
      pen.beginPath();
      pen.moveTo(x + from[0] * unit + dx, y + from[1] * unit + dy);
      pen.lineTo(x + to[0] * unit + dx, y + to[1] * unit + dy);
      pen.lineWidth = 3;
      pen.strokeStyle = css(palette![ROLE[side.roles[axis]] ?? "muted"]);
      pen.stroke();
    }
    pen.lineWidth = 1;
  }

  return {
    element,
    set,
    show(next, tween) {
      const on = next === frame + 1;
      frame = next;
      share = tween && on ? 0 : 1;
      began = performance.now();
      redraw();
    },
    repaint() {
      palette = null;
      redraw();
    },
    resize: redraw,
  };
}
