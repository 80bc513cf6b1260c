/** The training set as a deck of rows: dealt, waiting, in hand. One cell a row, a dot for its class. */
import { clearCanvas, sharpness } from "../plot/canvas.ts";
import { css, type Palette, type Rgb } from "../plot/palette.ts";
import { h } from "../dom.ts";

export interface DeckState {
  /** The row in each place of the deck. */
  order: Int32Array;
  /** Places before `from` are dealt, those before `to` are in hand. */
  from: number;
  to: number;
  colour: Rgb;
  /** Those dealt keep the colour, as rows of the same batch: paler than those in hand. */
  keeps: boolean;
}

export interface Deck {
  readonly element: HTMLElement;
  /** Draw the deck; only cells that changed, where nothing else did. */
  draw(state: DeckState, palette: Palette): void;
  /** Draw every cell `share` of the way from its place in `before` to its place in the state's order. */
  shuffle(state: DeckState, before: Int32Array, share: number, palette: Palette): void;
  /** Middle of a place, in pixels of the element. */
  middle(place: number): [number, number];
  /** The place under a point, in pixels of the element; −1 for none. */
  placeAt(x: number, y: number): number;
  layOut(rows: number, targets: Uint8Array): boolean;
  /** What the drawing of a cell says of its row: two sizes of dots, or, in cells too small for them, a mark or none. */
  readonly signs: readonly [one: string, zero: string];
}

type Look = "dealt" | "hand" | "waiting";

interface Cell {
  x: number;
  y: number;
  row: number;
}

interface Style {
  ground: string;
  edge: string | null;
  ink: string;
}

/** Pixels a cell needs for a dot. */
const DOTTED = 5;

export function createDeck(): Deck {
  const canvas = h("canvas", { class: "fe-deck", role: "img" });
  let rows = 0, width = 0, columns = 1, cell = 1, targets: Uint8Array = new Uint8Array();
  let drawn: { order: Int32Array; from: number; to: number; key: string } | null = null;

  const corner = (place: number): [number, number] => [
    (place % columns) * cell,
    Math.floor(place / columns) * cell,
  ];

  function layOut(count: number, classes: Uint8Array): boolean {
    const wide = canvas.parentElement?.clientWidth || 320;
    if (count === rows && wide === width && classes === targets) return false;
    [rows, width, targets] = [count, wide, classes];
    const high = Math.min(220, 0.5 * wide);
    // Whole pixels, so that a cell can be painted anew without a trace on its neighbours.
    cell = Math.max(1, Math.min(26, Math.floor(Math.sqrt(wide * high / rows))));
    columns = Math.max(1, Math.min(rows, Math.floor(wide / cell)));
    drawn = null;
    return true;
  }

  const height = () => Math.ceil(rows / columns) * cell;
  const sideOf = () => cell - (cell >= 12 ? 2 : cell >= 4 ? 1 : 0);

  function start(): CanvasRenderingContext2D | null {
    const pen = canvas.getContext("2d");
    if (!pen) return null;
    canvas.style.width = `${width}px`;
    clearCanvas(canvas, pen, width, height());
    return pen;
  }

  function styleOf(look: Look, state: DeckState, palette: Palette): Style {
    const full = look === "hand" || look === "dealt" && state.keeps;
    return {
      ground: full
        ? css(state.colour, look === "dealt" ? 0.6 : 1)
        : css(look === "dealt" ? palette.line : palette.raised),
      edge: look === "waiting" ? css(palette.line) : null,
      ink: css(full ? palette.surface : palette.muted),
    };
  }

  /** Cells of one look, all of a kind at once: the canvas changes its colours three times, not for every cell. */
  function paint(pen: CanvasRenderingContext2D, cells: Cell[], style: Style): void {
    const side = sideOf();
    pen.fillStyle = style.ground;
    for (const { x, y } of cells) pen.fillRect(x, y, side, side);
    if (style.edge && side >= DOTTED) {
      pen.strokeStyle = style.edge;
      pen.lineWidth = 1;
      for (const { x, y } of cells) pen.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
    }
    pen.fillStyle = style.ink;
    if (side < DOTTED) {
      const dot = side / 2;
      for (const { x, y, row } of cells) {
        if (targets[row]) pen.fillRect(x + dot / 2, y + dot / 2, dot, dot);
      }
      return;
    }
    for (const { x, y, row } of cells) {
      // Each on its own: how a path of many circles is smoothed depends on which they are.
      pen.beginPath();
      pen.arc(x + side / 2, y + side / 2, side * (targets[row] ? 0.28 : 0.11), 0, 2 * Math.PI);
      pen.fill();
    }
  }

  function cellsOf(order: Int32Array, from: number, to: number): Cell[] {
    const cells: Cell[] = [];
    for (let place = from; place < to; place++) {
      const [x, y] = corner(place);
      cells.push({ x, y, row: order[place] });
    }
    return cells;
  }

  function draw(state: DeckState, palette: Palette): void {
    const key = `${css(state.colour)} ${css(palette.surface)} ${state.keeps} ${sharpness(canvas)}`;
    const fresh = !drawn || drawn.order !== state.order || drawn.key !== key;
    const pen = fresh ? start() : canvas.getContext("2d");
    if (!pen) return;
    const ends: [Look, number, number][] = [
      ["dealt", 0, state.from],
      ["hand", state.from, state.to],
      ["waiting", state.to, rows],
    ];
    // Going on only the cells that the ends of the batch have passed change.
    const changed = fresh ? [[0, rows]] : [[drawn!.from, state.from], [drawn!.to, state.to]];
    for (const [one, other] of changed) {
      const first = Math.min(one, other), last = Math.max(one, other);
      for (const [look, from, to] of ends) {
        const cells = cellsOf(state.order, Math.max(from, first), Math.min(to, last));
        if (!fresh) { for (const { x, y } of cells) pen.clearRect(x, y, cell, cell); }
        paint(pen, cells, styleOf(look, state, palette));
      }
    }
    drawn = { order: state.order, from: state.from, to: state.to, key };
  }

  return {
    element: canvas,
    draw,
    shuffle(state, before, share, palette) {
      if (share >= 1) return draw(state, palette);
      const pen = start();
      if (!pen) return;
      drawn = null;
      const place = new Int32Array(rows);
      before.forEach((row, at) => place[row] = at);
      const cells = cellsOf(state.order, 0, rows);
      for (const one of cells) {
        const [x, y] = corner(place[one.row]);
        one.x = x + share * (one.x - x);
        one.y = y + share * (one.y - y);
      }
      paint(pen, cells, styleOf("waiting", state, palette));
    },
    middle(place) {
      const [x, y] = corner(place);
      return [x + cell / 2, y + cell / 2];
    },
    placeAt(x, y) {
      const place = Math.floor(y / cell) * columns + Math.floor(x / cell);
      return x < columns * cell && x >= 0 && y >= 0 && place < rows ? place : -1;
    },
    layOut,
    get signs(): Deck["signs"] {
      return sideOf() < DOTTED ? ["marked", "unmarked"] : ["large dot", "small dot"];
    },
  };
}
