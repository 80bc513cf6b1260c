/** Where the nodes and edges of a graph go: layers from the names to the loss, few crossings. Draws nothing. */
import type { Graph } from "./traits.ts";

export type Point = [number, number];

export interface Layout {
  vertical: boolean;
  width: number;
  height: number;
  /** Middle of each node. */
  nodes: Point[];
  /** For each edge the points it goes through, from border to border. */
  edges: Point[][];
}

export const NODE_WIDTH = 80;
export const NODE_HEIGHT = 58;
const GAP = 14;
const PITCH_ROW = 86;
const PITCH_COLUMN = 112;
const WIDEST_COLUMN = 168;
const PASSING = 10;
const MARGIN = 6;

/** A node, or a place where an edge passes a layer. */
interface Item {
  node: number;
  size: number;
  at: number;
  before: Item[];
  after: Item[];
}

export function layOut(graph: Graph, width: number): Layout {
  const free = layersOf(graph, Infinity);
  const deepest = Math.max(...free) + 1;
  const vertical = deepest * PITCH_COLUMN - (PITCH_COLUMN - NODE_WIDTH) + 2 * MARGIN > width;
  const across = width - 2 * MARGIN;
  const most = Math.max(1, Math.floor((across + GAP) / (NODE_WIDTH + GAP)));
  const layer = vertical ? layersOf(graph, most) : free;
  const count = Math.max(...layer) + 1;
  const { layers, paths } = itemsOf(graph, layer, count, vertical);
  untangle(layers);
  const room = vertical ? across : Infinity;
  place(layers, room);
  const all = layers.flat();
  const low = Math.min(...all.map((item) => item.at - item.size / 2));
  const high = Math.max(...all.map((item) => item.at + item.size / 2));
  const offset = vertical ? MARGIN + (across - (high - low)) / 2 - low : MARGIN - low;
  const pitch = vertical ? PITCH_ROW : Math.min(
    WIDEST_COLUMN,
    count > 1 ? (width - 2 * MARGIN - NODE_WIDTH) / (count - 1) : WIDEST_COLUMN,
  );
  const along = vertical ? NODE_HEIGHT : NODE_WIDTH;
  const used = along + (count - 1) * pitch;
  const start = vertical ? MARGIN : Math.max(MARGIN, (width - used) / 2);
  const spot = (item: Item, k: number): Point => {
    const main = start + along / 2 + k * pitch, side = item.at + offset;
    return vertical ? [side, main] : [main, side];
  };
  const nodes: Point[] = [];
  layers.forEach((items, k) =>
    items.forEach((item) => {
      if (item.node >= 0) nodes[item.node] = spot(item, k);
    })
  );
  const edges = graph.edges.map((edge, number) => {
    const double = graph.edges.filter(({ start, stop }) =>
      start === edge.start && stop === edge.stop
    ).length > 1;
    const aside = double ? (edge.slot ? 12 : -12) : 0;
    const points = paths[number].map(([item, k]) => spot(item, k));
    const border = (point: Point, side: number): Point =>
      vertical
        ? [point[0] + aside, point[1] + side * NODE_HEIGHT / 2]
        : [point[0] + side * NODE_WIDTH / 2, point[1] + aside];
    // A layer that is passed is passed straight, so that no bend runs behind a node of it.
    const straight = points.slice(1, -1).flatMap(([x, y]): Point[] =>
      vertical
        ? [[x + aside, y - NODE_HEIGHT / 2], [x + aside, y + NODE_HEIGHT / 2]]
        : [[x - NODE_WIDTH / 2, y + aside], [x + NODE_WIDTH / 2, y + aside]]
    );
    return [border(points[0], 1), ...straight, border(points[points.length - 1], -1)];
  });
  return {
    vertical,
    width,
    height: vertical ? used + 2 * MARGIN : high - low + 2 * MARGIN,
    nodes,
    edges,
  };
}

/**
 * The layer of each node, from the loss back and as close to where it is used as can be, with at most `most` nodes in
 * one: names first, which end there, then the operations last calculated.
 */
function layersOf(graph: Graph, most: number): number[] {
  const from: number[] = [];
  const users = graph.nodes.map((_, node) =>
    graph.edges.filter(({ start }) => start === node).map(({ stop }) => stop)
  );
  let left = graph.nodes.map((_, node) => node).reverse();
  for (let layer = 0; left.length; layer++) {
    const ready = left.filter((node) => users[node].every((user) => from[user] < layer));
    const [operations, names] = [true, false].map((is) =>
      ready.filter((node) => (graph.nodes[node].kind === "operation") === is)
    );
    const taken = [...names, ...operations].slice(0, most);
    for (const node of taken) from[node] = layer;
    left = left.filter((node) => from[node] === undefined);
  }
  const last = Math.max(...from);
  return from.map((layer) => last - layer);
}

function itemsOf(graph: Graph, layer: number[], count: number, vertical: boolean) {
  const layers: Item[][] = Array.from({ length: count }, () => []);
  const make = (node: number, k: number): Item => {
    const size = node < 0 ? PASSING : vertical ? NODE_WIDTH : NODE_HEIGHT;
    const item = { node, size, at: 0, before: [], after: [] };
    layers[k].push(item);
    return item;
  };
  const items = graph.nodes.map((_, node) => make(node, layer[node]));
  const paths = graph.edges.map(({ start, stop }) => {
    const path: [Item, number][] = [[items[start], layer[start]]];
    for (let k = layer[start] + 1; k < layer[stop]; k++) path.push([make(-1, k), k]);
    path.push([items[stop], layer[stop]]);
    for (let k = 1; k < path.length; k++) {
      path[k - 1][0].after.push(path[k][0]);
      path[k][0].before.push(path[k - 1][0]);
    }
    return path;
  });
  return { layers, paths };
}

/** Orders the layers by the middle of what they are joined to, there and back, and keeps the order with fewest crossings. */
function untangle(layers: Item[][]): void {
  let best = layers.map((items) => [...items]), fewest = crossings(layers);
  for (let sweep = 0; sweep < 12 && fewest; sweep++) {
    const down = sweep % 2 === 0;
    const order = down ? layers.keys() : [...layers.keys()].reverse();
    for (const k of order) {
      const other = layers[k + (down ? -1 : 1)];
      if (!other) continue;
      const rank = new Map(other.map((item, place) => [item, place]));
      const middle = (item: Item, own: number) => {
        const joined = down ? item.before : item.after;
        return joined.length
          ? joined.reduce((sum, one) => sum + rank.get(one)!, 0) / joined.length
          : own;
      };
      const keys = new Map(layers[k].map((item, own) => [item, middle(item, own)]));
      layers[k].sort((a, b) => keys.get(a)! - keys.get(b)!);
    }
    const now = crossings(layers);
    if (now < fewest) {
      fewest = now;
      best = layers.map((items) => [...items]);
    }
  }
  best.forEach((items, k) => layers[k] = items);
}

function crossings(layers: Item[][]): number {
  let found = 0;
  for (let k = 0; k + 1 < layers.length; k++) {
    const rank = new Map(layers[k + 1].map((item, place) => [item, place]));
    const ends = layers[k].flatMap((item, place) =>
      item.after.map((one) => [place, rank.get(one)!])
    );
    for (const [a, b] of ends) {
      for (const [c, d] of ends) if (a < c && b > d) found++;
    }
  }
  return found;
}

/** Gives each item its place across: near the middle of what it is joined to, in order, without overlap. */
function place(layers: Item[][], room: number): void {
  for (const items of layers) spread(items, items.map(() => 0), room);
  for (let sweep = 0; sweep < 16; sweep++) {
    const down = sweep % 2 === 0;
    for (const items of down ? layers : [...layers].reverse()) {
      const wanted = items.map((item) => {
        const joined = sweep < 12 ? (down ? item.before : item.after) : [
          ...item.before,
          ...item.after,
        ];
        return joined.length
          ? joined.reduce((sum, one) => sum + one.at, 0) / joined.length
          : item.at;
      });
      spread(items, wanted, room);
    }
  }
}

function spread(items: Item[], wanted: number[], room: number): void {
  const total = items.reduce((sum, { size }) => sum + size, 0);
  const gap = Math.min(GAP, (room - total) / Math.max(1, items.length - 1));
  const apart = (k: number) => (items[k].size + items[k + 1].size) / 2 + gap;
  const left = [...wanted], right = [...wanted];
  for (let k = 1; k < items.length; k++) left[k] = Math.max(left[k], left[k - 1] + apart(k - 1));
  for (let k = items.length - 2; k >= 0; k--) {
    right[k] = Math.min(right[k], right[k + 1] - apart(k));
  }
  const middle = left.map((value, k) => (value + right[k]) / 2);
  if (room < Infinity) {
    const half = room / 2;
    items.forEach((item, k) => {
      const least = k ? middle[k - 1] + apart(k - 1) : item.size / 2 - half;
      middle[k] = Math.max(middle[k], least);
    });
    for (let k = items.length - 1; k >= 0; k--) {
      const most = k < items.length - 1 ? middle[k + 1] - apart(k) : half - items[k].size / 2;
      middle[k] = Math.min(middle[k], most);
    }
  }
  items.forEach((item, k) => item.at = middle[k]);
}

/** The edge as an SVG path: smooth, along the way the layers go. */
export function pathOf(points: Point[], vertical: boolean): string {
  const parts = [`M${points[0].map(round).join(" ")}`];
  for (let k = 1; k < points.length; k++) {
    const [first, second] = handles(points[k - 1], points[k], vertical);
    parts.push(`C${[...first, ...second, ...points[k]].map(round).join(" ")}`);
  }
  return parts.join("");
}

/** The point a share of the way along an edge. */
export function pointOn(points: Point[], vertical: boolean, share: number): Point {
  const segments = points.length - 1;
  const k = Math.min(segments - 1, Math.floor(share * segments));
  const t = share * segments - k, s = 1 - t;
  const [from, to] = [points[k], points[k + 1]];
  const [first, second] = handles(from, to, vertical);
  return [0, 1].map((axis) =>
    s ** 3 * from[axis] + 3 * s * s * t * first[axis] + 3 * s * t * t * second[axis] +
    t ** 3 * to[axis]
  ) as Point;
}

function handles(from: Point, to: Point, vertical: boolean): [Point, Point] {
  const axis = vertical ? 1 : 0, reach = (to[axis] - from[axis]) * 0.45;
  return vertical
    ? [[from[0], from[1] + reach], [to[0], to[1] - reach]]
    : [[from[0] + reach, from[1]], [to[0] - reach, to[1]]];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const LABEL: Point = [42, 16];

/** Where the label of each edge stands: on the edge, and clear of nodes and of other labels as far as can be. */
export function labelPlaces({ nodes, edges, vertical }: Layout): Point[] {
  const taken: { at: Point; size: Point }[] = nodes.map((at) => ({
    at,
    size: [NODE_WIDTH, NODE_HEIGHT],
  }));
  const overlap = (at: Point) =>
    taken.reduce((sum, other) => {
      const [wide, high] = [0, 1].map((axis) =>
        Math.max(0, (LABEL[axis] + other.size[axis]) / 2 - Math.abs(at[axis] - other.at[axis]))
      );
      return sum + wide * high;
    }, 0);
  const found: Point[] = [];
  // A short edge has no other place to offer, so it is served first.
  const order = [...edges.keys()].sort((a, b) => edges[a].length - edges[b].length);
  for (const edge of order) {
    const points = edges[edge], segments = points.length - 1;
    const shares = [0.5, segments - 0.5, 0.3, 0.7, segments - 0.3, segments - 0.7, segments / 2];
    const places = shares.map((share) => pointOn(points, vertical, share / segments));
    found[edge] = places.reduce((best, place) => overlap(place) < overlap(best) - 1 ? place : best);
    taken.push({ at: found[edge], size: LABEL });
  }
  return found;
}
