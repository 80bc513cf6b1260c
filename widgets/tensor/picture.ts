/** The picture of a tensor on a canvas: panels of cells, bars for the axes, the cell in hand, what is taken. */
import { h, placeIn } from "../dom.ts";
import { clearCanvas } from "../plot/canvas.ts";
import {
  cellAt,
  FLAT,
  grown,
  type Layout,
  layOut,
  type Panel,
  type Point,
  type Turn,
} from "./layout.ts";
import { flat, NOTHING } from "./drawing.ts";
import {
  cellColour,
  css,
  inkOn,
  mix,
  type Paint,
  type Palette,
  readPalette,
  ROLE,
} from "./palette.ts";
import { short } from "./format.ts";
import { type Labels, NO_LABELS, paintLabels, placeLabels } from "./labels.ts";
import { paintMark, paintOut } from "./marks.ts";

export interface Scene {
  paint: Omit<Paint, "palette">;
  dtype: string;
  roles: string[];
  /** For each axis, whether a cell along it is taken by the selection; null while everything is. */
  taken: boolean[][] | null;
  /** The cell in hand. */
  at: number[] | null;
  only: { axis: number; index: number } | null;
}

export interface Picture {
  element: HTMLElement;
  draw(scene: Scene): void;
  turn(by: { yaw?: number; pitch?: number; apart?: number }): void;
  turnTo(turn: Turn): void;
  /** From the picture drawn last to this scene: the entries of the new axis come out of its first one. */
  grow(scene: Scene, axis: number | null, turn?: Turn): void;
  readonly turned: Turn;
  /** Colours may have changed. */
  repaint(): void;
  /** The cell under a point of the page. */
  cellAt(event: { clientX: number; clientY: number }): number[] | null;
}

interface Options {
  signal: AbortSignal;
  root: () => HTMLElement;
  /** Tallest the picture gets, in pixels. */
  tallest?: number;
}

export const START: Turn = { yaw: 0.5, pitch: 0.38, apart: 0 };
const MARGIN = { left: 46, top: 34, right: 46, bottom: 34 };
const OUTER = 28;
const WIDEST = 62, TALLEST_CELL = 40, SQUARE = 54;
const DIM = 0.82;
/** Milliseconds in which a new axis grows. */
const GROWING = 700;

export function createPicture({ signal, root, tallest = 420 }: Options): Picture {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const element = h("div", { class: "fe-tensor-picture" }, canvas);
  const pen = canvas.getContext("2d")!;
  let scene: Scene | null = null, palette: Palette | null = null;
  let layout: Layout | null = null, turned: Turn = { ...START };
  let scale: Point = [1, 1], origin: Point = [0, 0], height = 0;
  let bitmaps = new Map<string, HTMLCanvasElement>();
  let waiting = 0, moving = 0, held = false, margin = MARGIN;
  let labels: Labels = NO_LABELS, marked = false;
  let growing:
    | { axis: number | null; began: number; scale: Point; origin: Point; height: number }
    | null = null;
  let release: ReturnType<typeof setTimeout> | undefined;

  const redraw = () => waiting ||= requestAnimationFrame(paint);
  signal.addEventListener("abort", () => {
    cancelAnimationFrame(waiting);
    cancelAnimationFrame(moving);
    clearTimeout(release);
  });
  const sized = new ResizeObserver(redraw);
  sized.observe(element);
  signal.addEventListener("abort", () => sized.disconnect());

  const isCube = () => scene !== null && scene.paint.drawing.arrangement.layers !== null;

  function paint() {
    waiting = 0;
    const width = element.clientWidth;
    if (!scene || !width) return;
    palette ??= readPalette(root());
    const { drawing } = scene.paint;
    layout = layOut({
      shape: drawing.shape,
      arrangement: drawing.arrangement,
      turn: isCube() ? turned : FLAT,
      aspect: Math.min(2.4, width / tallest),
      only: scene.only,
    });
    fit(width);
    const share = growing ? Math.min(1, (performance.now() - growing.began) / GROWING) : 1;
    if (growing) {
      const eased = 1 - (1 - share) ** 3;
      const between = (from: number, to: number) => from + (to - from) * eased;
      const { axis } = growing;
      scale = [between(growing.scale[0], scale[0]), between(growing.scale[1], scale[1])];
      origin = [between(growing.origin[0], origin[0]), between(growing.origin[1], origin[1])];
      height = Math.ceil(between(growing.height, height));
      if (axis !== null && share < 1) layout = grown(layout!, axis, eased);
      if (share < 1) redraw();
      else growing = null;
    }
    const ratio = clearCanvas(canvas, pen, width, height);
    for (const panel of layout!.panels) paintPanel(panel, ratio);
    if (drawing.cells.length === 0) {
      pen.fillStyle = css(palette.muted);
      pen.font = "14px system-ui";
      pen.fillText("No elements to draw: an axis has size 0.", 12, height / 2);
    }
    paintLabels(pen, palette, labels, pixel);
    paintBars(layout!);
    paintAt(layout!);
  }

  /** Pixels for a cell: flat tables may have wide cells, pictures and cubes have square ones. */
  function fit(width: number) {
    const { drawing, text } = scene!.paint;
    const { arrangement } = drawing;
    const tiled = arrangement.line !== null || arrangement.grid !== null;
    margin = {
      ...MARGIN,
      top: MARGIN.top + (arrangement.line === null ? 0 : OUTER),
      left: MARGIN.left + (arrangement.grid === null ? 0 : OUTER),
    };
    const isTable = arrangement.layers === null && arrangement.channel === null && !tiled;
    labels = NO_LABELS;
    if (isTable) {
      const tall = (tallest - margin.top - margin.bottom) / layout!.height;
      labels = placeLabels(pen, drawing, tall, (taken) => {
        margin.left += Math.min(taken, width / 4);
        return Math.min(WIDEST, (width - margin.left - margin.right) / layout!.width);
      });
      margin.top += labels.columns?.room ?? 0;
    }
    const within: Point = [
      Math.max(40, width - margin.left - margin.right),
      tallest - margin.top - margin.bottom,
    ];
    let next: Point;
    if (isTable) {
      next = [
        Math.min(text ? 120 : drawing.shape.length ? WIDEST : 84, within[0] / layout!.width),
        Math.min(drawing.shape.length ? TALLEST_CELL : 56, within[1] / layout!.height),
      ];
      const small = Math.min(...next);
      if (layout!.width > 40 && layout!.height > 40) next = [small, small];
    } else {
      const limit = tiled ? 26 : SQUARE;
      const one = Math.min(limit, within[0] / layout!.width, within[1] / layout!.height);
      next = [one, one];
    }
    if (held) next = [Math.min(scale[0], next[0]), Math.min(scale[1], next[1])];
    scale = next;
    const used = layout!.height * scale[1] + margin.top + margin.bottom;
    height = held ? Math.max(height, used) : used;
    height = Math.ceil(Math.max(96, height));
    const spare = width - layout!.width * scale[0];
    origin = [
      Math.max(
        margin.left,
        isCube() || tiled || arrangement.channel !== null ? spare / 2 : Math.min(spare / 2, 80),
      ),
      margin.top + (height - used) / 2,
    ];
  }

  const pixel = ([x, y]: Point): Point => [origin[0] + x * scale[0], origin[1] + y * scale[1]];

  function paintPanel(panel: Panel, ratio: number) {
    const bitmap = bitmapOf(panel);
    const [x, y] = pixel(panel.origin);
    const [a, b] = [panel.u[0] * scale[0], panel.u[1] * scale[1]];
    const [c, d] = [panel.v[0] * scale[0], panel.v[1] * scale[1]];
    if (Math.abs(a * d - b * c) < 1e-6) return;
    pen.setTransform(a * ratio, b * ratio, c * ratio, d * ratio, x * ratio, y * ratio);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(bitmap, 0, 0, panel.count[0], panel.count[1]);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const across = Math.hypot(a, b), down = Math.hypot(c, d);
    const isPicture = scene!.paint.drawing.arrangement.channel !== null;
    const corner = (i: number, j: number): Point => [x + i * a + j * c, y + i * b + j * d];
    pen.lineWidth = 1;
    pen.beginPath();
    if (Math.min(across, down) >= (isPicture ? 9 : 4)) {
      for (let i = 1; i < panel.count[0]; i++) {
        pen.moveTo(...corner(i, 0));
        pen.lineTo(...corner(i, panel.count[1]));
      }
      for (let j = 1; j < panel.count[1]; j++) {
        pen.moveTo(...corner(0, j));
        pen.lineTo(...corner(panel.count[0], j));
      }
    }
    pen.strokeStyle = css(palette!.muted, 0.28);
    pen.stroke();
    pen.beginPath();
    pen.moveTo(...corner(0, 0));
    for (const [i, j] of [[1, 0], [1, 1], [0, 1], [0, 0]]) {
      pen.lineTo(...corner(i * panel.count[0], j * panel.count[1]));
    }
    pen.strokeStyle = css(palette!.muted, isPicture ? 0.4 : 0.8);
    pen.stroke();
    paintCells(panel, corner, across, down);
  }

  /** What stands in single cells: numbers where there is room, marks, and the outline of what is taken. */
  function paintCells(
    panel: Panel,
    corner: (i: number, j: number) => Point,
    across: number,
    down: number,
  ) {
    const { drawing, text } = scene!.paint;
    const upright = Math.abs(panel.u[1]) < 1e-9 && Math.abs(panel.v[0]) < 1e-9;
    const written = upright && across >= 30 && down >= 16 && drawing.arrangement.channel === null &&
      panel.count[0] * panel.count[1] <= 800;
    const count = panel.count[0] * panel.count[1];
    const taken = scene!.taken;
    if (!written && count > 6000 && !taken) return;
    if (!written && !taken && !marked) return;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = "12px system-ui";
    visit(panel, (index, i, j) => {
      const at = flat(drawing.shape, index);
      const mark = drawing.marks[at];
      const [x, y] = corner(i + 0.5, j + 0.5);
      const isTaken = !taken || isTakenAt(index);
      if (mark) {
        paintMark(pen, palette!, mark, [x, y], Math.min(across, down), drawing.shown === "mean");
      } else if (marked && isOut(scene!.paint, drawing.cells[at])) {
        paintOut(
          pen,
          palette!,
          corner(i + 1, j),
          drawing.cells[at] > scene!.paint.scale.high,
          Math.min(across, down),
        );
      }
      if (written && (!mark || text)) {
        const label = drawing.texts
          ? drawing.texts[at] ?? ""
          : short(drawing.cells[at], scene!.dtype);
        let colour = cellColour({ ...scene!.paint, palette: palette! }, at, layerOf(index));
        if (!isTaken) colour = mix(colour, palette!.surface, DIM);
        pen.fillStyle = css(
          isTaken ? inkOn(colour) : palette!.muted,
        );
        pen.fillText(label, x, y, across - 4);
      }
      if (taken && isTaken) outline(panel, i, j, corner);
    });
  }

  /** The edges where what is taken ends. */
  function outline(
    panel: Panel,
    i: number,
    j: number,
    corner: (i: number, j: number) => Point,
  ) {
    const taken = scene!.taken!;
    const isTaken = (way: 0 | 1, cell: number) => {
      const axis = panel.along[way];
      return axis !== null && cell >= 0 && cell < panel.count[way] && taken[axis][cell];
    };
    const edges: [boolean, Point, Point][] = [
      [isTaken(0, i - 1), [i, j], [i, j + 1]],
      [isTaken(0, i + 1), [i + 1, j], [i + 1, j + 1]],
      [isTaken(1, j - 1), [i, j], [i + 1, j]],
      [isTaken(1, j + 1), [i, j + 1], [i + 1, j + 1]],
    ];
    pen.beginPath();
    for (const [inside, from, to] of edges) {
      if (inside) continue;
      pen.moveTo(...corner(...from));
      pen.lineTo(...corner(...to));
    }
    pen.strokeStyle = css(palette!.ink);
    pen.lineWidth = 1.5;
    pen.stroke();
    pen.lineWidth = 1;
  }

  /** In a picture all channels share a cell; those that are not taken lose their colour instead. */
  function isTakenAt(index: number[]): boolean {
    const { channel } = scene!.paint.drawing.arrangement;
    return index.every((entry, axis) => axis === channel || scene!.taken![axis][entry]);
  }

  function layerOf(index: number[]): number {
    const { layers } = scene!.paint.drawing.arrangement;
    return layers === null ? 0 : index[layers];
  }

  function visit(panel: Panel, each: (index: number[], i: number, j: number) => void) {
    const index = [...panel.fixed];
    for (let j = 0; j < panel.count[1]; j++) {
      if (panel.along[1] !== null) index[panel.along[1]] = j;
      for (let i = 0; i < panel.count[0]; i++) {
        if (panel.along[0] !== null) index[panel.along[0]] = i;
        each(index, i, j);
      }
    }
  }

  function bitmapOf(panel: Panel): HTMLCanvasElement {
    const key = `${panel.fixed} ${panel.along}`;
    const known = bitmaps.get(key);
    if (known) return known;
    const [nx, ny] = panel.count;
    const made = element.ownerDocument.createElement("canvas");
    made.width = nx;
    made.height = ny;
    const context = made.getContext("2d")!;
    const image = context.createImageData(nx, ny);
    const { drawing } = scene!.paint;
    const full = { ...scene!.paint, palette: palette! };
    const taken = scene!.taken, { channel } = drawing.arrangement;
    const only = { ...full, channels: channel === null ? undefined : taken?.[channel] };
    visit(panel, (index, i, j) => {
      const dimmed = taken && !isTakenAt(index);
      let colour = cellColour(dimmed ? full : only, flat(drawing.shape, index), layerOf(index));
      if (dimmed) {
        colour = mix(colour, palette!.surface, DIM);
      }
      image.data.set([colour[0], colour[1], colour[2], 255], 4 * (j * nx + i));
    });
    context.putImageData(image, 0, 0);
    bitmaps.set(key, made);
    return made;
  }

  function paintBars(layout: Layout) {
    const { drawing } = scene!.paint;
    pen.font = "13px system-ui";
    for (const { axis, from, to, side, outer } of layout.bars) {
      const [x1, y1] = pixel(from), [x2, y2] = pixel(to);
      const named = side === "top" ? labels.columns : side === "left" ? labels.rows : null;
      const out = (outer ? 8 + OUTER : 8) + (named?.room ?? 0);
      const [dx, dy] = { left: [-out, 0], right: [out, 4], top: [0, -out], bottom: [0, out] }[side];
      pen.beginPath();
      pen.moveTo(x1 + dx, y1 + dy);
      pen.lineTo(x2 + dx, y2 + dy);
      pen.lineWidth = 3;
      pen.strokeStyle = css(palette![ROLE[scene!.roles[axis]] ?? "muted"]);
      pen.stroke();
      pen.lineWidth = 1;
      const [start, stop] = drawing.window[axis];
      pen.fillStyle = css(palette!.ink);
      pen.textAlign = side === "left" ? "right" : side === "right" ? "left" : "center";
      pen.textBaseline = side === "top" ? "bottom" : side === "bottom" ? "top" : "middle";
      const off = side === "right" ? 9 : 5;
      pen.fillText(
        String(stop - start),
        (x1 + x2) / 2 + dx + Math.sign(dx) * off,
        (y1 + y2) / 2 + dy +
          (side === "top" ? -off + 2 : side === "bottom" || side === "right" ? off : 0),
      );
    }
  }

  function paintAt(layout: Layout) {
    if (!scene!.at || !scene!.paint.drawing.cells.length) return;
    const { at, u, v } = layout.place(scene!.at);
    const corner = (i: number, j: number) =>
      pixel([at[0] + i * u[0] + j * v[0], at[1] + i * u[1] + j * v[1]]);
    for (const [colour, width] of [[palette!.surface, 5], [palette!.accent, 2.5]] as const) {
      pen.beginPath();
      pen.moveTo(...corner(0, 0));
      for (const [i, j] of [[1, 0], [1, 1], [0, 1]] as const) pen.lineTo(...corner(i, j));
      pen.closePath();
      pen.lineWidth = width;
      pen.strokeStyle = css(colour);
      pen.stroke();
    }
    pen.lineWidth = 1;
  }

  return {
    element,
    draw(next) {
      const same = scene && scene.paint.drawing === next.paint.drawing &&
        scene.taken === next.taken &&
        scene.paint.scale.low === next.paint.scale.low &&
        scene.paint.scale.high === next.paint.scale.high;
      if (!same) {
        bitmaps = new Map();
        marked = hasMarks(next.paint);
      }
      if (scene?.paint.drawing === NOTHING || !scene) turned = { ...START };
      scene = next;
      redraw();
    },
    turn({ yaw = 0, pitch = 0, apart = 0 }) {
      turned = {
        yaw: turned.yaw + yaw,
        pitch: Math.max(-1.5, Math.min(1.5, turned.pitch + pitch)),
        apart: Math.max(0, Math.min(1, turned.apart + apart)),
      };
      held = true;
      clearTimeout(release);
      release = setTimeout(() => {
        held = false;
        redraw();
      }, 250);
      redraw();
    },
    grow(next, axis, turn) {
      const first = !scene;
      const before = { scale, origin, height };
      bitmaps = new Map();
      marked = hasMarks(next.paint);
      scene = next;
      if (turn) turned = { ...turn };
      growing = first || isStill() ? null : { axis, began: performance.now(), ...before };
      redraw();
    },
    turnTo(goal) {
      cancelAnimationFrame(moving);
      const start = { ...turned }, began = performance.now();
      const still = isStill();
      const go = () => {
        const share = still ? 1 : Math.min(1, (performance.now() - began) / 350);
        const eased = 1 - (1 - share) ** 3;
        turned = {
          yaw: start.yaw + (goal.yaw - start.yaw) * eased,
          pitch: start.pitch + (goal.pitch - start.pitch) * eased,
          apart: start.apart + (goal.apart - start.apart) * eased,
        };
        redraw();
        if (share < 1) moving = requestAnimationFrame(go);
      };
      go();
    },
    get turned() {
      return turned;
    },
    repaint() {
      palette = null;
      bitmaps = new Map();
      redraw();
    },
    cellAt(event) {
      if (!layout) return null;
      const [x, y] = placeIn(canvas, event);
      return cellAt(layout, [(x - origin[0]) / scale[0], (y - origin[1]) / scale[1]]);
    },
  };
}

/** Whether the reader asked for less motion. */
const isStill = () => globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;

/** Whether a value lies beyond the ends of the colours; the colours of a picture have none. */
function isOut({ drawing, scale, text }: Scene["paint"], value: number): boolean {
  return !text && drawing.arrangement.channel === null && (value < scale.low || value > scale.high);
}

function hasMarks(paint: Scene["paint"]): boolean {
  const { cells, marks } = paint.drawing;
  return marks.some((mark) => mark !== 0) || cells.some((value) => isOut(paint, value));
}
