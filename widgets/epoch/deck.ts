/** The training set as a deck of rows: dealt, waiting, in hand. One cell a row, a dot for its class. */
import { clearCanvas } from "../plot/canvas.ts";
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
}

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
    cell = Math.max(1.5, Math.min(26, Math.sqrt(wide * high / rows)));
    columns = Math.max(1, Math.min(rows, Math.floor(wide / cell)));
    cell = Math.min(26, wide / columns);
    if (cell >= 6) cell = Math.floor(cell * 2) / 2;
    drawn = null;
    return true;
  }

  const height = () => Math.ceil(rows / columns) * cell;

  function start(): CanvasRenderingContext2D | null {
    const pen = canvas.getContext("2d");
    if (!pen) return null;
    canvas.style.width = `${width}px`;
    clearCanvas(canvas, pen, width, height());
    return pen;
  }

  function paint(
    pen: CanvasRenderingContext2D,
    x: number,
    y: number,
    row: number,
    look: "waiting" | "hand" | "dealt",
    state: DeckState,
    palette: Palette,
  ): void {
    const gap = cell >= 12 ? 2 : cell >= 4 ? 1 : 0;
    const side = cell - gap;
    const full = look === "hand" || look === "dealt" && state.keeps;
    const ground = full
      ? css(state.colour, look === "dealt" ? 0.6 : 1)
      : look === "dealt"
      ? css(palette.line)
      : css(palette.raised);
    pen.fillStyle = ground;
    pen.fillRect(x, y, side, side);
    if (look === "waiting" && side >= 5) {
      pen.strokeStyle = css(palette.line);
      pen.lineWidth = 1;
      pen.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
    }
    const ink = look === "hand" || full ? palette.surface : palette.muted;
    if (side >= 5) {
      pen.fillStyle = css(ink);
      pen.beginPath();
      pen.arc(x + side / 2, y + side / 2, side * (targets[row] ? 0.28 : 0.11), 0, 2 * Math.PI);
      pen.fill();
    } else if (targets[row] && side >= 2) {
      pen.fillStyle = css(ink, 0.8);
      pen.fillRect(x + side / 4, y + side / 4, side / 2, side / 2);
    }
  }

  const lookAt = (place: number, { from, to }: DeckState) =>
    place < from ? "dealt" : place < to ? "hand" : "waiting";

  function draw(state: DeckState, palette: Palette): void {
    const key = `${css(state.colour)} ${
      css(palette.surface)
    } ${state.keeps} ${globalThis.devicePixelRatio}`;
    const pen = drawn?.order === state.order && drawn.key === key
      ? canvas.getContext("2d")
      : start();
    if (!pen) return;
    const marks = [state.from, state.to, drawn?.from ?? 0, drawn?.to ?? rows];
    const fresh = !drawn || drawn.order !== state.order || drawn.key !== key;
    const first = fresh ? 0 : Math.min(...marks), last = fresh ? rows : Math.max(...marks);
    for (let place = first; place < last; place++) {
      const [x, y] = corner(place);
      if (!fresh) pen.clearRect(x, y, cell, cell);
      paint(pen, x, y, state.order[place], lookAt(place, state), state, palette);
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
      state.order.forEach((row, at) => {
        const [x0, y0] = corner(place[row]), [x1, y1] = corner(at);
        paint(pen, x0 + share * (x1 - x0), y0 + share * (y1 - y0), row, "waiting", state, palette);
      });
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
  };
}
