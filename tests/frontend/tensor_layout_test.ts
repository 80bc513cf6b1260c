import { type Arrangement, cellOf, elementOf, flat, unflat } from "../../widgets/tensor/drawing.ts";
import {
  cellAt,
  FLAT,
  grown,
  type Layout,
  layOut,
  type Point,
  type Turn,
} from "../../widgets/tensor/layout.ts";
import { assert, assertEquals } from "./assert.ts";
import { arrange, drawingOf, indexes, product } from "./tensor_page.ts";

const TURNS: Turn[] = [-2.4, -0.5, 0.01, 0.5, 1.3, 2.6].flatMap((yaw) =>
  [-1.2, -0.3, 0.01, 0.38, 1.4].map((pitch) => ({ yaw, pitch, apart: 0 }))
);

interface Case {
  shape: number[];
  arrangement: Arrangement;
}

const CASES: Case[] = [
  [],
  [1],
  [7],
  [3, 4],
  [1, 1],
  [5, 1],
  [2, 3, 4],
  [1, 3, 4],
  [4, 1, 1],
  [3, 2, 2, 4],
  [7, 2, 1, 2],
  [2, 3, 2, 2, 3],
  [1, 1, 1, 1, 1],
].map((shape) => ({ shape, arrangement: arrange(shape.length) })).concat(
  [[4, 5, 3], [4, 3, 4]].map((shape) => ({ shape, arrangement: arrange(3, "layers") })),
  [[4, 5, 3], [6, 2, 3, 3], [2, 3, 2, 4, 4]].map((shape) => ({
    shape,
    arrangement: arrange(shape.length, "picture"),
  })),
);

const isCube = ({ arrangement }: Case) => arrangement.layers !== null;
const named = ({ shape, arrangement }: Case) => `${shape} ${JSON.stringify(arrangement)}`;
const centre = ({ at, u, v }: { at: Point; u: Point; v: Point }): Point => [
  at[0] + (u[0] + v[0]) / 2,
  at[1] + (u[1] + v[1]) / 2,
];

/** The cell with its channel left out: a pixel is one cell. */
function pixel({ arrangement }: Case, index: number[]): number[] {
  return index.map((entry, axis) => axis === arrangement.channel ? 0 : entry);
}

Deno.test("every cell of a flat tensor has a place of its own, and the cell found there is it", () => {
  for (const one of CASES.filter((it) => !isCube(it))) {
    for (const aspect of [0.5, 2, 6]) {
      const layout = layOut({ ...one, turn: FLAT, aspect });
      const seen = new Set<string>();
      for (const index of indexes(one.shape)) {
        const [x, y] = centre(layout.place(index));
        assertEquals(cellAt(layout, [x, y]), pixel(one, index));
        assert(x > layout.left && x < layout.left + layout.width, named(one));
        assert(y > layout.top && y < layout.top + layout.height, named(one));
        seen.add(`${x.toFixed(6)} ${y.toFixed(6)}`);
      }
      const channel = one.arrangement.channel;
      assertEquals(seen.size, product(one.shape) / (channel === null ? 1 : one.shape[channel]));
    }
  }
});

Deno.test("of layers that are pulled apart every cell has a place, and the nearest cell there is found", () => {
  for (const one of CASES.filter(isCube)) {
    const { layers } = one.arrangement;
    for (const turn of TURNS) {
      const layout = layOut({ ...one, turn: { ...turn, apart: 1 } });
      const front = Math.cos(turn.yaw) * Math.cos(turn.pitch) > 0 ? 0 : one.shape[layers!] - 1;
      for (const index of indexes(one.shape)) {
        const found = cellAt(layout, centre(layout.place(index)));
        assert(found, `${named(one)} ${JSON.stringify(turn)} ${index}`);
        if (index[layers!] === front) assertEquals(found, index);
      }
    }
  }
});

Deno.test("with room between them every cell of every layer is found", () => {
  for (const one of CASES.filter(isCube)) {
    const layout = layOut({ ...one, turn: { yaw: 0.9, pitch: 0.2, apart: 1 } });
    for (const index of indexes(one.shape)) {
      assertEquals(cellAt(layout, centre(layout.place(index))), index);
    }
  }
});

Deno.test("a closed cube shows three faces, and what is seen of a cell is that cell", () => {
  for (const one of CASES.filter(isCube)) {
    const { columns, rows, layers } = one.arrangement;
    for (const turn of TURNS) {
      const layout = layOut({ ...one, turn });
      const tiles = product(one.shape) /
        (one.shape[columns!] * one.shape[rows!] * one.shape[layers!]);
      assertEquals(layout.panels.length, 3 * tiles);
      for (const { origin, u, v, along, count, fixed } of layout.panels) {
        if (Math.abs(u[0] * v[1] - u[1] * v[0]) < 1e-3) continue;
        for (let i = 0; i < count[0]; i++) {
          for (let j = 0; j < count[1]; j++) {
            const index = [...fixed];
            index[along[0]!] = i;
            index[along[1]!] = j;
            const at: Point = [
              origin[0] + (i + 0.5) * u[0] + (j + 0.5) * v[0],
              origin[1] + (i + 0.5) * u[1] + (j + 0.5) * v[1],
            ];
            assertEquals(cellAt(layout, at), index);
            assert(at[0] > -1e-9 && at[0] < layout.width + 1e-9);
            assert(at[1] > -1e-9 && at[1] < layout.height + 1e-9);
          }
        }
      }
      if (Math.cos(turn.yaw) * Math.cos(turn.pitch) < 0) continue;
      for (const index of indexes(one.shape)) {
        if (index[layers!] === 0) assertEquals(cellAt(layout, centre(layout.place(index))), index);
      }
    }
  }
});

Deno.test("a cell on a face of a closed cube has its place where it is seen", () => {
  for (const one of CASES.filter(isCube)) {
    for (const turn of TURNS) {
      const layout = layOut({ ...one, turn });
      for (const { along, count, fixed } of layout.panels) {
        for (let i = 0; i < count[0]; i++) {
          for (let j = 0; j < count[1]; j++) {
            const index = [...fixed];
            index[along[0]!] = i;
            index[along[1]!] = j;
            const { at, u, v } = layout.place(index);
            if (Math.abs(u[0] * v[1] - u[1] * v[0]) < 1e-3) continue;
            assertEquals(cellAt(layout, centre({ at, u, v })), index);
          }
        }
      }
    }
  }
});

Deno.test("beside the cells and between the tiles there is no cell", () => {
  const layout = layOut({ shape: [4, 3, 3], arrangement: arrange(3, "picture"), turn: FLAT });
  assertEquals(cellAt(layout, [-0.1, 1]), null);
  assertEquals(cellAt(layout, [1, layout.height + 0.1]), null);
  const row = layOut({ shape: [2, 2, 2, 3], arrangement: arrange(4, "picture"), turn: FLAT });
  assertEquals(cellAt(row, [2.25, 0.5]), null);
  assertEquals(cellAt(row, [2.6, 0.5]), [1, 0, 0, 0]);
});

Deno.test("every axis but that of the colours has a bar, those of the tiles farther out", () => {
  for (const one of CASES) {
    const layout = layOut({ ...one, turn: isCube(one) ? TURNS[18] : FLAT });
    const { line, grid, channel } = one.arrangement;
    const barred = layout.bars.map((bar) => bar.axis).sort((a, b) => a - b);
    assertEquals(barred, one.shape.map((_, axis) => axis).filter((axis) => axis !== channel));
    for (const bar of layout.bars) {
      assertEquals(bar.outer === true, bar.axis === line || bar.axis === grid);
    }
  }
});

Deno.test("a bar is as long as its axis has cells and lies along them", () => {
  for (const one of CASES.filter((it) => !isCube(it))) {
    const layout = layOut({ ...one, turn: FLAT });
    const { columns, rows } = one.arrangement;
    for (const { axis, from, to, side } of layout.bars) {
      const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
      if (axis === columns || axis === rows) {
        assert(Math.abs(length - one.shape[axis]) < 1e-9, named(one));
        assertEquals(side, axis === columns ? "top" : "left");
      }
    }
  }
});

Deno.test("an axis without entries leaves nothing to place, and the picture some size", () => {
  for (const shape of [[0], [0, 3], [3, 0], [0, 0, 0], [2, 0, 3, 1], [0, 2, 2, 2, 2]]) {
    const layout = layOut({ shape, arrangement: arrange(shape.length), turn: TURNS[3] });
    assertEquals([layout.panels.length, layout.bars.length], [0, 0]);
    assertEquals(cellAt(layout, [0.5, 0.5]), null);
    assert(Number.isFinite(layout.width) && Number.isFinite(layout.height));
    assert(layout.width >= 1 && layout.height >= 1);
  }
});

Deno.test("tiles wrap so that they fill the width they are given", () => {
  const shapes = [0.5, 1, 3, 20].map((aspect) => {
    const { width, height } = layOut({
      shape: [12, 4, 4, 3],
      arrangement: arrange(4, "picture"),
      turn: FLAT,
      aspect,
    });
    return width / height;
  });
  assertEquals(shapes, [...shapes].sort((a, b) => a - b));
  assert(shapes[0] < 0.8 && shapes[3] > 10);
});

Deno.test("a film shows one picture at a time, in the same place", () => {
  const shape = [5, 2, 3, 3], arrangement = arrange(4, "picture");
  const first = layOut({ shape, arrangement, turn: FLAT, only: { axis: 0, index: 0 } });
  for (let frame = 0; frame < 5; frame++) {
    const layout = layOut({ shape, arrangement, turn: FLAT, only: { axis: 0, index: frame } });
    assertEquals([layout.width, layout.height], [first.width, first.height]);
    assertEquals(cellAt(layout, [1.5, 0.5]), [frame, 0, 1, 0]);
    assertEquals(layout.place([frame, 0, 1, 0]), first.place([0, 0, 1, 0]));
    assertEquals(layout.bars.map((bar) => bar.axis), [2, 1]);
  }
  const films = layOut({
    shape: [3, 5, 2, 3, 3],
    arrangement: arrange(5, "picture"),
    turn: FLAT,
    only: { axis: 1, index: 4 },
  });
  assertEquals(films.panels.map((panel) => panel.fixed.slice(0, 2)), [[0, 4], [1, 4], [2, 4]]);
});

Deno.test("a new axis grows out of its first entry to its place", () => {
  for (const [shape, axis] of [[[3, 4], 0], [[5], 0], [[2, 3, 4, 3], 0]] as const) {
    const arrangement = arrange(shape.length, shape.length === 4 ? "picture" : "");
    const layout = layOut({ shape: [...shape], arrangement, turn: FLAT });
    const spread = ({ panels }: Layout) =>
      Math.max(
        ...panels.flatMap(({ origin, u, v, count }) => [
          Math.hypot(origin[0], origin[1]) + count[0] * u[0] + count[1] * v[1],
        ]),
      );
    const [none, half, all] = [0, 0.5, 1].map((share) => grown(layout, axis, share));
    assertEquals(all.panels, layout.panels);
    assert(spread(none) < spread(half) && spread(half) < spread(all));
    if (shape.length === 4) assertEquals(none.panels[1].origin, none.panels[0].origin);
    assertEquals(all.bars.some((bar) => bar.axis === axis), false);
  }
});

Deno.test("flat position and index are each other's inverse, in row-major order", () => {
  for (const shape of [[], [4], [2, 3], [3, 1, 2], [2, 2, 2, 2]]) {
    let at = 0;
    for (const index of indexes(shape)) {
      assertEquals(flat(shape, index), at);
      assertEquals(unflat(shape, at), index);
      at++;
    }
    assertEquals(at, product(shape));
  }
});

Deno.test("element and cell belong together in every window and block", () => {
  const drawing = drawingOf([3, 4], { window: [[10, 16], [7, 14]], block: [2, 2] });
  for (const index of indexes([3, 4])) {
    assertEquals(cellOf(drawing, elementOf(drawing, index)), index);
  }
  assertEquals(elementOf(drawing, [2, 3]), [14, 13]);
  assertEquals(cellOf(drawing, [15, 13]), [2, 3]);
  for (const outside of [[9, 7], [16, 7], [10, 6], [10, 15]]) {
    assertEquals(cellOf(drawing, outside), null);
  }
  assertEquals(cellOf(drawingOf([]), []), []);
});
