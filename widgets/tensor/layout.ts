/** Where every cell of a tensor lies in the picture, by rank. Lengths are in cells; it touches no page. */
import type { Arrangement } from "./drawing.ts";

export interface Turn {
  /** Radians about the upright axis, and then about the level one. */
  yaw: number;
  pitch: number;
  /** 0 is a closed cube, 1 has its layers far apart. */
  apart: number;
}

export type Point = [number, number];

/** A flat rectangle of cells: cell (i, j) has its corner at origin + i * u + j * v. */
export interface Panel {
  origin: Point;
  u: Point;
  v: Point;
  /** The axes that run along u and v, null where the panel is one cell wide, and the cells along them. */
  along: [number | null, number | null];
  count: [number, number];
  /** Index of the cells of this panel on all axes it does not run along. */
  fixed: number[];
}

/** A bar beside the cells that says: this way runs axis number `axis`. */
export interface Bar {
  axis: number;
  from: Point;
  to: Point;
  /** On which side of the bar its words stand. */
  side: "left" | "top" | "right" | "bottom";
  /** Whether it stands for the tiles: farther out than the bars of a tile. */
  outer?: boolean;
}

export interface Layout {
  /** From the farthest to the nearest. */
  panels: Panel[];
  bars: Bar[];
  left: number;
  top: number;
  width: number;
  height: number;
  /** Corner, and edges, of a cell. */
  place(index: number[]): { at: Point; u: Point; v: Point };
}

export interface LayoutOptions {
  shape: number[];
  arrangement: Arrangement;
  turn: Turn;
  /** Width over height that the tiles of a line should fill. */
  aspect?: number;
  /** An axis of tiles of which only one index is shown: a film. */
  only?: { axis: number; index: number } | null;
}

const GAP = 0.14;

export function layOut({ shape, arrangement, turn, aspect = 2, only }: LayoutOptions): Layout {
  const { columns, rows, layers } = arrangement;
  const size = (axis: number | null) => axis === null ? 1 : shape[axis];
  const nx = size(columns), ny = size(rows), nz = size(layers);
  const project = projection(layers === null ? FLAT : turn, nx, ny, nz);
  const corners = boundsOf(
    [0, 1, 2, 3, 4, 5, 6, 7].map((corner) =>
      project(corner & 1 ? nx : 0, corner & 2 ? ny : 0, corner & 4 ? project.depth : 0)
    ),
  );
  const tileWidth = corners.right - corners.left, tileHeight = corners.bottom - corners.top;
  const gap = Math.max(0.5, GAP * Math.max(tileWidth, tileHeight));

  const played = (axis: number | null) => only && axis === only.axis ? null : axis;
  const line = played(arrangement.line), grid = played(arrangement.grid);
  const tiles: { at: Point; fixed: number[] }[] = [];
  const across = line === null
    ? 1
    : grid !== null
    ? shape[line]
    : wrapped(shape[line], (tileWidth + gap) / (tileHeight + gap), aspect);
  const down = grid !== null ? shape[grid] : Math.ceil(size(line) / across);
  const base = shape.map((_, axis) => only?.axis === axis ? only.index : 0);
  for (let row = 0; row < size(grid); row++) {
    for (let tile = 0; tile < size(line); tile++) {
      const place = grid !== null ? [tile, row] : [tile % across, Math.floor(tile / across)];
      const fixed = [...base];
      if (line !== null) fixed[line] = tile;
      if (grid !== null) fixed[grid] = row;
      tiles.push({
        at: [
          place[0] * (tileWidth + gap) - corners.left,
          place[1] * (tileHeight + gap) - corners.top,
        ],
        fixed,
      });
    }
  }
  const offsets = new Map(tiles.map((tile) => [tileKey(tile.fixed, line, grid), tile.at]));

  const empty = shape.some((count) => count === 0);
  const panels = empty
    ? []
    : tiles.flatMap((tile) =>
      (layers === null
        ? [face(arrangement, [nx, ny], null, 0)]
        : cube(arrangement, turn, nx, ny, nz))
        .map((one) => panelOf(one, tile, project))
    );
  const width = Math.max(1, across * tileWidth + (across - 1) * gap);
  const height = Math.max(1, down * tileHeight + (down - 1) * gap);
  const first = tiles[0]?.at ?? [0, 0];
  return {
    panels,
    bars: empty ? [] : barsOf(
      arrangement,
      project,
      first,
      [nx, ny, nz],
      turn,
      {
        line: line !== null && shape[line] > 0 ? width : null,
        grid: grid !== null ? height : null,
      },
      { line, grid },
    ),
    left: 0,
    top: 0,
    width,
    height,
    place(index) {
      const face = turn.apart === 0 && layers !== null ? faceOf(panels, index) : null;
      if (face) return face;
      const [ox, oy] = offsets.get(tileKey(index, line, grid)) ?? first;
      const at = (axis: number | null) => axis === null ? 0 : index[axis];
      const corner = project(at(columns), at(rows), project.layer(at(layers)));
      return {
        at: [corner[0] + ox, corner[1] + oy],
        u: project.u,
        v: project.v,
      };
    },
  };
}

export const FLAT: Turn = { yaw: 0, pitch: 0, apart: 0 };

interface Projection {
  (x: number, y: number, z: number): Point;
  u: Point;
  v: Point;
  w: Point;
  /** Depth of the corner of a layer, and of the whole cube. */
  layer(number: number): number;
  depth: number;
}

/** A parallel projection: the cube is turned by yaw, then by pitch, and seen from the front. */
function projection({ yaw, pitch, apart }: Turn, nx: number, ny: number, nz: number): Projection {
  const spacing = 1 + apart * 2.2 * Math.max(nx, ny) * (nz > 1 ? 1 : 0);
  const [sy, cy, sp, cp] = [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)];
  const u: Point = [cy, sy * sp], v: Point = [0, cp], w: Point = [sy, -cy * sp];
  const project = (x: number, y: number, z: number): Point => [
    x * u[0] + y * v[0] + z * w[0],
    x * u[1] + y * v[1] + z * w[1],
  ];
  return Object.assign(project, {
    u,
    v,
    w,
    layer: (number: number) => number * spacing,
    depth: nz > 1 && apart > 0 ? (nz - 1) * spacing : nz,
  });
}

interface Face {
  along: [number | null, number | null];
  count: [number, number];
  /** Axis the face stands across, and its index there. */
  across: number | null;
  index: number;
  corner: [number, number, number] | null;
  edges: "uv" | "wv" | "uw";
}

function face(
  { columns, rows }: Arrangement,
  count: [number, number],
  across: number | null,
  index: number,
): Face {
  return { along: [columns, rows], count, across, index, corner: null, edges: "uv" };
}

/** The visible faces of a closed cube, or all layers when they are apart, the farthest first. */
function cube(
  arrangement: Arrangement,
  turn: Turn,
  nx: number,
  ny: number,
  nz: number,
): Face[] {
  const { columns, rows, layers } = arrangement;
  const frontFirst = Math.cos(turn.yaw) * Math.cos(turn.pitch) > 0;
  if (turn.apart > 0) {
    const order = Array.from({ length: nz }, (_, layer) => layer);
    if (frontFirst) order.reverse();
    return order.map((layer) => face(arrangement, [nx, ny], layers, layer));
  }
  const toRight = Math.sin(turn.yaw) * Math.cos(turn.pitch) > 0,
    fromAbove = Math.sin(turn.pitch) > 0;
  return [
    {
      along: [layers, rows],
      count: [nz, ny],
      across: columns,
      index: toRight ? nx - 1 : 0,
      corner: [toRight ? nx : 0, 0, 0],
      edges: "wv",
    },
    {
      along: [columns, layers],
      count: [nx, nz],
      across: rows,
      index: fromAbove ? 0 : ny - 1,
      corner: [0, fromAbove ? 0 : ny, 0],
      edges: "uw",
    },
    {
      ...face(arrangement, [nx, ny], layers, frontFirst ? 0 : nz - 1),
      corner: [0, 0, frontFirst ? 0 : nz],
    },
  ];
}

function panelOf(one: Face, tile: { at: Point; fixed: number[] }, project: Projection): Panel {
  const fixed = [...tile.fixed];
  if (one.across !== null) fixed[one.across] = one.index;
  const corner = one.corner ?? [0, 0, one.across === null ? 0 : project.layer(one.index)];
  const [x, y] = project(...corner);
  const edge = { u: project.u, v: project.v, w: project.w };
  return {
    origin: [x + tile.at[0], y + tile.at[1]],
    u: edge[one.edges[0] as "u" | "w"],
    v: edge[one.edges[1] as "v" | "w"],
    along: one.along,
    count: one.count,
    fixed,
  };
}

function barsOf(
  arrangement: Arrangement,
  project: Projection,
  [ox, oy]: Point,
  [nx, ny, nz]: [number, number, number],
  turn: Turn,
  outer: { line: number | null; grid: number | null },
  axes: { line: number | null; grid: number | null },
): Bar[] {
  const bars: Bar[] = [];
  const at = (x: number, y: number, z: number): Point => {
    const [px, py] = project(x, y, z);
    return [px + ox, py + oy];
  };
  const { columns, rows, layers } = arrangement;
  const near = layers === null || Math.cos(turn.yaw) * Math.cos(turn.pitch) > 0 ? 0 : project.depth;
  if (columns !== null) {
    bars.push({
      axis: columns,
      from: at(0, layers === null ? 0 : ny, near),
      to: at(nx, layers === null ? 0 : ny, near),
      side: layers === null ? "top" : "bottom",
    });
  }
  if (rows !== null) {
    bars.push({ axis: rows, from: at(0, 0, near), to: at(0, ny, near), side: "left" });
  }
  if (layers !== null && nz > 0) {
    const right = Math.sin(turn.yaw) * Math.cos(turn.yaw) >= 0;
    const x = right ? nx : 0;
    bars.push({
      axis: layers,
      from: at(x, ny, 0),
      to: at(x, ny, project.depth),
      side: right ? "right" : "left",
    });
  }
  if (axes.line !== null && outer.line !== null) {
    const width = outer.line;
    bars.push({ axis: axes.line, from: [0, 0], to: [width, 0], side: "top", outer: true });
  }
  if (axes.grid !== null && outer.grid !== null) {
    bars.push({ axis: axes.grid, from: [0, 0], to: [0, outer.grid], side: "left", outer: true });
  }
  return bars;
}

function boundsOf(points: Point[]): { left: number; right: number; top: number; bottom: number } {
  return {
    left: Math.min(...points.map(([x]) => x)),
    right: Math.max(...points.map(([x]) => x)),
    top: Math.min(...points.map(([, y]) => y)),
    bottom: Math.max(...points.map(([, y]) => y)),
  };
}

/** How many tiles stand in a row so that all together come nearest to the aspect wanted. */
function wrapped(count: number, tile: number, aspect: number): number {
  let best = 1, nearest = Infinity;
  for (let across = 1; across <= count; across++) {
    const off = Math.abs(Math.log(across * tile / Math.ceil(count / across) / aspect));
    if (off < nearest) [best, nearest] = [across, off];
  }
  return best;
}

/** Where a cell on a face of a closed cube is seen; null for one inside it. */
function faceOf(panels: Panel[], index: number[]): { at: Point; u: Point; v: Point } | null {
  for (let number = panels.length - 1; number >= 0; number--) {
    const { origin, u, v, along, fixed } = panels[number];
    if (fixed.some((entry, axis) => !along.includes(axis) && entry !== index[axis])) continue;
    const [i, j] = along.map((axis) => axis === null ? 0 : index[axis]);
    return { at: [origin[0] + i * u[0] + j * v[0], origin[1] + i * u[1] + j * v[1]], u, v };
  }
  return null;
}

const tileKey = (index: number[], line: number | null, grid: number | null) =>
  `${grid === null ? 0 : index[grid]} ${line === null ? 0 : index[line]}`;

/** The panel and the cell in it that lie under a point; the nearest panel wins. */
export function cellAt(layout: Layout, [x, y]: Point): number[] | null {
  for (let number = layout.panels.length - 1; number >= 0; number--) {
    const { origin, u, v, along, count, fixed } = layout.panels[number];
    const area = u[0] * v[1] - u[1] * v[0];
    if (Math.abs(area) < 1e-9) continue;
    const [px, py] = [x - origin[0], y - origin[1]];
    const i = Math.floor((px * v[1] - py * v[0]) / area);
    const j = Math.floor((py * u[0] - px * u[1]) / area);
    if (i < 0 || j < 0 || i >= count[0] || j >= count[1]) continue;
    const index = [...fixed];
    if (along[0] !== null) index[along[0]] = i;
    if (along[1] !== null) index[along[1]] = j;
    return index;
  }
  return null;
}

/**
 * The layout while an axis grows: at 0 all its entries lie where the first one is, at 1 each is in its place.
 * Cells along an axis inside a panel are stretched, whole panels slide.
 */
export function grown(layout: Layout, axis: number, share: number): Layout {
  const first = new Map<string, Point>();
  const key = (fixed: number[]) => fixed.map((entry, at) => at === axis ? 0 : entry).join();
  for (const { fixed, along, origin } of layout.panels) {
    if (!along.includes(axis) && fixed[axis] === 0) first.set(key(fixed), origin);
  }
  const panels = layout.panels.map((panel) => {
    const way = panel.along.indexOf(axis);
    if (way < 0) {
      const [x, y] = first.get(key(panel.fixed)) ?? panel.origin;
      return {
        ...panel,
        origin: [x + (panel.origin[0] - x) * share, y + (panel.origin[1] - y) * share] as Point,
      };
    }
    const least = 1 / panel.count[way], size = least + (1 - least) * share;
    const scaled = ([x, y]: Point): Point => [x * size, y * size];
    return way === 0 ? { ...panel, u: scaled(panel.u) } : { ...panel, v: scaled(panel.v) };
  });
  return { ...layout, panels, bars: layout.bars.filter((bar) => bar.axis !== axis) };
}
