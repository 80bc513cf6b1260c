/** A function of two weights as a surface that is turned by drag or keys, with a path on it. Drawn far to near. */
import { h } from "../dom.ts";
import { clearCanvas } from "./canvas.ts";
import type { Grid } from "./contours.ts";
import { css, mix, type Palette, readPalette, type Token, watchTheme } from "./palette.ts";

export type Place = readonly [number, number, number];

/** Something on the surface, in values of x, y and height. */
export type Mark =
  | { kind: "line"; points: Place[]; colour: Token; width?: number; dash?: number[] }
  | { kind: "dot"; at: Place; colour: Token; radius?: number; hollow?: boolean; faint?: number };

export interface Surface {
  readonly element: HTMLElement;
  setGrid(grid: Grid, height: [number, number]): void;
  setLabel(label: string): void;
  /** The surface with these marks; nothing is kept from the time before. */
  draw(marks: Mark[]): void;
  /** The size may have changed, as when the surface was hidden. */
  resize(): void;
}

interface Options {
  signal: AbortSignal;
  /** Carries the colours. */
  root(): HTMLElement;
  label: string;
  names?: [string, string, string];
}

const YAW = -0.55, PITCH = 0.62, TURN = Math.PI / 24;
const MOST = 40, TALL = 0.75;

export function createSurface(
  { signal, root, label, names = ["w₁", "w₂", "g"] }: Options,
): Surface {
  const canvas = h("canvas");
  const element = h("div", {
    class: "fe-surface",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "surface",
    "aria-label": label,
    title: "drag, or use the arrow keys, to turn it",
  }, canvas);
  let palette: Palette | null = null;
  let grid: Grid | null = null, range: [number, number] = [0, 1];
  let marks: Mark[] = [], yaw = YAW, pitch = PITCH, waiting = 0;

  function turn(about: number, up: number): void {
    yaw += about;
    pitch = Math.max(0.08, Math.min(Math.PI / 2, pitch + up));
    soon();
  }

  function soon(): void {
    if (!waiting) waiting = requestAnimationFrame(paint);
  }

  let held: { x: number; y: number } | null = null;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    held = { x: event.clientX, y: event.clientY };
    element.setPointerCapture?.(event.pointerId);
  }, { signal });
  element.addEventListener("pointermove", (event) => {
    if (!held) return;
    turn((event.clientX - held.x) / 110, (event.clientY - held.y) / 140);
    held = { x: event.clientX, y: event.clientY };
  }, { signal });
  for (const end of ["pointerup", "pointercancel"]) {
    element.addEventListener(end, () => held = null, { signal });
  }
  element.addEventListener("dblclick", () => turn(YAW - yaw, PITCH - pitch), { signal });
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const turns: Record<string, [number, number]> = {
      ArrowLeft: [-TURN, 0],
      ArrowRight: [TURN, 0],
      ArrowUp: [0, TURN],
      ArrowDown: [0, -TURN],
      Home: [YAW - yaw, PITCH - pitch],
    };
    const by = turns[event.key];
    if (!by) return;
    event.preventDefault();
    turn(...by);
  }, { signal });
  if (globalThis.ResizeObserver) {
    const observer = new ResizeObserver(soon);
    observer.observe(element);
    signal.addEventListener("abort", () => observer.disconnect());
  }
  watchTheme(signal, () => {
    palette = null;
    soon();
  });
  signal.addEventListener("abort", () => cancelAnimationFrame(waiting));

  function paint(): void {
    waiting = 0;
    const pen = canvas.getContext("2d");
    const width = element.clientWidth;
    if (!pen || !grid || width < 40) return;
    palette ??= readPalette(root());
    const height = Math.round(Math.max(220, Math.min(400, TALL * width)));
    clearCanvas(canvas, pen, width, height);
    const project = projection(width, height);
    box(pen, project);
    const parts = [...quads(project), ...pieces(project)].sort((one, other) =>
      other.depth - one.depth
    );
    pen.lineJoin = pen.lineCap = "round";
    for (const part of parts) part.paint(pen);
  }

  type Project = (x: number, y: number, z: number) => [number, number, number];

  /** From a cube of side 2 to pixels and depth: the larger, the farther. A parallel projection. */
  function projection(width: number, height: number): Project {
    const [sy, cy, sp, cp] = [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)];
    // Fits however it is turned about the upright axis, so that turning does not make it grow.
    const scale = Math.min((width - 44) / 2.83, (height - 48) / (2.83 * sp + 1.24 * cp));
    return (x, y, z) => {
      const right = x * cy - y * sy, away = x * sy + y * cy;
      return [
        width / 2 + scale * right,
        height / 2 - scale * (0.62 * z * cp + away * sp),
        away * cp - 0.62 * z * sp,
      ];
    };
  }

  const share = (value: number, [low, high]: [number, number]) =>
    2 * (value - low) / (high - low) - 1;
  const unit = ([x, y, z]: Place): Place => [
    share(x, grid!.x),
    share(y, grid!.y),
    Math.max(-1, Math.min(1.02, share(z, range))),
  ];

  function quads(project: Project) {
    const { columns, rows, values } = grid!;
    const every = Math.max(1, Math.ceil((columns - 1) / MOST), Math.ceil((rows - 1) / MOST));
    const at = (column: number, row: number): Place => {
      const [i, j] = [Math.min(columns - 1, column), Math.min(rows - 1, row)];
      return unit([
        grid!.x[0] + (grid!.x[1] - grid!.x[0]) * i / (columns - 1),
        grid!.y[0] + (grid!.y[1] - grid!.y[0]) * j / (rows - 1),
        values[j * columns + i],
      ]);
    };
    const found = [];
    for (let row = 0; row < rows - 1; row += every) {
      for (let column = 0; column < columns - 1; column += every) {
        const corners = [
          at(column, row),
          at(column + every, row),
          at(column + every, row + every),
          at(column, row + every),
        ];
        if (corners.some(([, , z]) => !Number.isFinite(z))) continue;
        // What is cut off at the top would only be a lid.
        if (corners.every(([, , z]) => z > 1)) continue;
        const pixels = corners.map((corner) => project(...corner));
        const middle = corners.reduce((sum, [, , z]) => sum + z, 0) / 4;
        const fall = (corners[1][2] - corners[0][2] + corners[2][2] - corners[3][2]) / 2;
        const light = Math.max(-1, Math.min(1, -6 * fall));
        const tone = Math.max(0.05, Math.min(0.85, 0.32 + 0.2 * middle - 0.1 * light));
        found.push({
          depth: pixels.reduce((sum, [, , depth]) => sum + depth, 0) / 4,
          paint: (pen: CanvasRenderingContext2D) => {
            pen.beginPath();
            for (const [x, y] of pixels) pen.lineTo(x, y);
            pen.closePath();
            pen.fillStyle = css(mix(palette!.surface, palette!.muted, tone));
            pen.fill();
            pen.lineWidth = 0.75;
            pen.strokeStyle = css(mix(palette!.surface, palette!.muted, Math.min(1, tone + 0.18)));
            pen.stroke();
          },
        });
      }
    }
    return found;
  }

  /** The marks in pieces as small as the surface's, so that a hill hides what lies behind it. */
  function pieces(project: Project) {
    // A mark lies on the surface, not in it.
    const nearer = 3 / MOST;
    return marks.flatMap((mark) => {
      if (mark.kind === "dot") {
        const [x, y, depth] = project(...unit(mark.at));
        if (![x, y].every(Number.isFinite)) return [];
        return [{
          depth: depth - 1.4 * nearer,
          paint: (pen: CanvasRenderingContext2D) => {
            pen.beginPath();
            pen.arc(x, y, mark.radius ?? 6, 0, 2 * Math.PI);
            pen.fillStyle = css(
              mark.hollow ? palette!.surface : palette![mark.colour],
              mark.faint ?? 1,
            );
            pen.fill();
            if ((mark.radius ?? 6) < 4) return;
            pen.lineWidth = mark.hollow ? 2 : 1.5;
            pen.strokeStyle = css(mark.hollow ? palette![mark.colour] : palette!.surface);
            pen.stroke();
          },
        }];
      }
      return mark.points.slice(1).flatMap((end, number) => {
        const [from, to] = [unit(mark.points[number]), unit(end)];
        const long = Math.hypot(to[0] - from[0], to[1] - from[1]);
        const cuts = Math.max(1, Math.min(60, Math.ceil(long * MOST / 2)));
        return Array.from({ length: cuts }, (_, cut) => {
          const between = (part: number) =>
            project(
              ...from.map((value, axis) => value + (to[axis] - value) * part) as unknown as Place,
            );
          const [a, b] = [between(cut / cuts), between((cut + 1) / cuts)];
          return {
            depth: (a[2] + b[2]) / 2 - nearer,
            paint: (pen: CanvasRenderingContext2D) => {
              pen.beginPath();
              pen.moveTo(a[0], a[1]);
              pen.lineTo(b[0], b[1]);
              pen.setLineDash(mark.dash ?? []);
              pen.lineWidth = mark.width ?? 2.5;
              pen.strokeStyle = css(palette![mark.colour]);
              pen.stroke();
              pen.setLineDash([]);
            },
          };
        });
      });
    });
  }

  /** The floor, and the names at its edges. */
  function box(pen: CanvasRenderingContext2D, project: Project): void {
    const floor = ([[-1, -1], [1, -1], [1, 1], [-1, 1]] as const).map(([x, y]) =>
      project(x, y, -1)
    );
    pen.beginPath();
    for (const [x, y] of floor) pen.lineTo(x, y);
    pen.closePath();
    pen.lineWidth = 1;
    pen.strokeStyle = css(palette!.line);
    pen.stroke();
    pen.font = "13px system-ui";
    pen.fillStyle = css(palette!.muted);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const front = Math.cos(yaw) >= 0 ? -1 : 1, side = Math.sin(yaw) >= 0 ? -1 : 1;
    const [x1, y1] = project(0, 1.18 * front, -1);
    pen.fillText(names[0], x1, y1 + 4);
    const [x2, y2] = project(1.16 * side, 0, -1);
    pen.fillText(names[1], x2, y2 + 4);
    const corner: [number, number] = [side, -front];
    const [x3, low] = project(...corner, -1), [, high] = project(...corner, 1);
    pen.beginPath();
    pen.moveTo(x3, low);
    pen.lineTo(x3, high);
    pen.stroke();
    pen.fillText(names[2], x3, high - 9);
  }

  return {
    element,
    setGrid(next, height) {
      grid = next;
      range = height;
      soon();
    },
    setLabel: (words) => element.setAttribute("aria-label", words),
    draw(next) {
      marks = next;
      soon();
    },
    resize: soon,
  };
}
