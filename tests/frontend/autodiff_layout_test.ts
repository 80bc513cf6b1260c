import {
  labelPlaces,
  layOut,
  NODE_HEIGHT,
  NODE_WIDTH,
  pathOf,
  type Point,
  pointOn,
} from "../../widgets/autodiff/layout.ts";
import type { Graph } from "../../widgets/autodiff/traits.ts";
import { assert, assertEquals } from "./assert.ts";

/** A graph from the inputs of its operations; names come first, as in Python. */
function graphOf(names: number, operations: number[][]): Graph {
  const nodes = [...Array(names + operations.length).keys()].map((k) => ({
    name: `n${k}`,
    kind: k < names ? "variable" as const : "operation" as const,
    symbol: "+",
    formula: "",
    numbers: "",
    operation: k < names ? "" : "add",
    asked: true,
  }));
  const edges = operations.flatMap((inputs, k) =>
    inputs.map((start, slot) => ({
      start,
      stop: names + k,
      slot,
      flow: 0,
      rule: "1",
      numbers: "1",
      local: 1,
    }))
  );
  return { nodes, edges, flow: edges.length, loss: "loss" };
}

/** w, x, b, y and the lecture's loss. */
const LOSS = graphOf(4, [[0, 1], [4, 2], [5], [6], [3, 7], [3], [6], [10], [9, 11], [8, 12], [13]]);
const CHAIN = graphOf(1, [...Array(40).keys()].map((k) => [k]));
const COMB = graphOf(
  12,
  [...Array(12).keys()].map((k) => [k]).concat(
    [...Array(11).keys()].map((k) => k ? [24 + k - 1, 13 + k] : [12, 13]),
  ),
);
const SQUARES = graphOf(1, [[0, 0], [1, 1], [2, 2], [3, 0]]);
const GRAPHS = { LOSS, CHAIN, COMB, SQUARES };
const WIDTHS = [288, 340, 700, 1018, 1360];

for (const [name, graph] of Object.entries(GRAPHS)) {
  for (const width of WIDTHS) {
    Deno.test(`autodiff layout: ${name} on ${width} px: nothing overlaps or sticks out, all goes one way`, () => {
      const { nodes, edges, height, vertical } = layOut(graph, width);
      nodes.forEach(([x, y], k) => {
        assert(x - NODE_WIDTH / 2 >= 0 && x + NODE_WIDTH / 2 <= width, `node ${k} at ${x}`);
        assert(y - NODE_HEIGHT / 2 >= 0 && y + NODE_HEIGHT / 2 <= height, `node ${k} at ${y}`);
        nodes.slice(0, k).forEach(([u, v], other) =>
          assert(
            Math.abs(x - u) >= NODE_WIDTH + 2 || Math.abs(y - v) >= NODE_HEIGHT + 2,
            `${k} on ${other}`,
          )
        );
      });
      const axis = vertical ? 1 : 0;
      edges.forEach((points, k) => {
        const { start, stop } = graph.edges[k];
        assert(nodes[start][axis] < nodes[stop][axis]);
        points.forEach((point, at) => assert(!at || point[axis] >= points[at - 1][axis] - 1e-9));
        const half = (vertical ? NODE_HEIGHT : NODE_WIDTH) / 2;
        assert(Math.abs(points[0][axis] - nodes[start][axis] - half) < 1e-9);
        assert(Math.abs(points[points.length - 1][axis] - nodes[stop][axis] + half) < 1e-9);
      });
    });
  }
}

Deno.test("autodiff layout: left to right where there is room, top to bottom where there is none", () => {
  assertEquals(WIDTHS.map((width) => layOut(LOSS, width).vertical), [
    true,
    true,
    true,
    false,
    false,
  ]);
  assert(layOut(CHAIN, 1360).vertical);
});

Deno.test("autodiff layout: the loss of the lecture has no crossing that can be spared", () => {
  const { nodes, edges } = layOut(LOSS, 1360);
  // A name stands just before its first use: b beside v1, y beside 1 − p.
  assertEquals(nodes[2][0], nodes[4][0]);
  assertEquals(nodes[3][0], nodes[10][0]);
  const points = (k: number): Point[] =>
    [...Array(40).keys()].map((at) => pointOn(edges[k], false, at / 39));
  let crossing = 0;
  edges.forEach((_, a) =>
    edges.slice(0, a).forEach((_, b) => {
      const near = points(a).some(([x, y]) =>
        points(b).some(([u, v]) => Math.hypot(x - u, y - v) < 3)
      );
      const joined = LOSS.edges[a].start === LOSS.edges[b].start ||
        LOSS.edges[a].stop === LOSS.edges[b].stop;
      if (near && !joined) crossing++;
    })
  );
  assert(crossing <= 1, `${crossing} crossings`);
});

Deno.test("autodiff layout: two edges between the same nodes lie beside each other", () => {
  for (const width of [288, 1360]) {
    const { edges, vertical } = layOut(SQUARES, width);
    const side = vertical ? 0 : 1;
    assert(Math.abs(edges[0][0][side] - edges[1][0][side]) >= 20);
  }
});

Deno.test("autodiff layout: a point on an edge begins and ends where the path does", () => {
  const { edges, vertical } = layOut(LOSS, 1018);
  for (const points of edges) {
    const last = points[points.length - 1];
    for (const [share, end] of [[0, points[0]], [1, last]] as [number, Point][]) {
      pointOn(points, vertical, share).forEach((value, axis) =>
        assert(Math.abs(value - end[axis]) < 1e-9)
      );
    }
    assert(pathOf(points, vertical).startsWith("M") && !pathOf(points, vertical).includes("NaN"));
  }
});

Deno.test("autodiff layout: labels keep clear of each other and of the middle of nodes", () => {
  for (const width of WIDTHS) {
    const layout = layOut(LOSS, width);
    const places = labelPlaces(layout);
    places.forEach(([x, y], k) => {
      places.slice(0, k).forEach(([u, v]) =>
        assert(
          Math.abs(x - u) > 24 || Math.abs(y - v) > 11,
          `${width}: labels at ${x}, ${y} and ${u}, ${v}`,
        )
      );
      for (const [u, v] of layout.nodes) {
        assert(Math.abs(x - u) > 30 || Math.abs(y - v) > 20, `${width}: label in a node`);
      }
    });
  }
});
