/** One method's side: its deck, the stages its rows pass through, and what it has counted. */
import { boxOf, h, placeIn, text } from "../dom.ts";
import { clearCanvas } from "../plot/canvas.ts";
import { css, type Palette, type Rgb } from "../plot/palette.ts";
import { createDeck, type Deck, type DeckState } from "./deck.ts";

export const BOXES = ["predictions", "loss", "gradient", "update"] as const;

export interface PanelState extends DeckState {
  batch: string;
  /** The box that is at work; null for none. */
  active: typeof BOXES[number] | null;
  /** What each box has come to, in few words. */
  boxes: Record<typeof BOXES[number], string>;
  counts: [name: string, value: string][];
  label: string;
}

export interface Panel {
  readonly element: HTMLElement;
  draw(state: PanelState, palette: Palette): void;
  /** The cards move from the order before to the order now. */
  shuffle(state: PanelState, before: Int32Array, share: number, palette: Palette): void;
  /** The rows in hand fly from the deck into the model. */
  fly(state: PanelState, share: number, palette: Palette): void;
  layOut(rows: number, targets: Uint8Array): void;
  readonly signs: Deck["signs"];
}

const LABELS: Partial<Record<typeof BOXES[number], string>> = { predictions: "predict" };
const MOST_FLYING = 60;

export function createPanel(
  title: string,
  kind: "gd" | "sgd",
  signal: AbortSignal,
  tell: (place: number) => string,
): Panel {
  const deck = createDeck();
  const batch = h("span", { class: "fe-number" });
  const flight = h("canvas", { class: "fe-flight", "aria-hidden": "true" });
  const note = h("p", { class: "fe-deck-note", hidden: true });
  const boxes = BOXES.map((name) => {
    const value = h("span", { class: "fe-number" });
    return { name, value, element: h("li", {}, h("b", {}, LABELS[name] ?? name), value) };
  });
  const counts = h("p", { class: "fe-counts fe-number" });
  const element = h(
    "section",
    { class: `fe-panel fe-panel-${kind}`, role: "group", "aria-label": title },
    h("div", { class: "fe-panel-head" }, h("h3", {}, title), batch),
    h("div", { class: "fe-deck-wrap" }, deck.element),
    h("ol", { class: "fe-stages" }, ...boxes.map((box) => box.element)),
    counts,
    note,
    flight,
  );

  deck.element.addEventListener("pointermove", (event) => {
    const place = deck.placeAt(...placeIn(deck.element, event));
    note.hidden = place < 0;
    if (place < 0) return;
    text(note, tell(place));
    const [right, down] = placeIn(element, event);
    note.style.left = `${Math.min(right, element.clientWidth - 180)}px`;
    note.style.top = `${down + 16}px`;
  }, { signal });
  deck.element.addEventListener("pointerleave", () => note.hidden = true, { signal });

  function words(state: PanelState): void {
    text(batch, state.batch);
    for (const box of boxes) {
      const active = box.name === state.active;
      box.element.classList.toggle("fe-active", active);
      if (active) box.element.setAttribute("aria-current", "step");
      else box.element.removeAttribute("aria-current");
      text(box.value, state.boxes[box.name]);
    }
    while (counts.children.length < state.counts.length) counts.append(h("span"), " ");
    state.counts.forEach(([name, value], at) => text(counts.children[at], `${name} ${value}`));
    deck.element.setAttribute("aria-label", state.label);
  }

  function clear(): CanvasRenderingContext2D | null {
    const pen = flight.getContext("2d");
    if (!pen) return null;
    flight.style.width = `${element.clientWidth}px`;
    clearCanvas(flight, pen, element.clientWidth, element.clientHeight);
    return pen;
  }

  return {
    element,
    draw(state, palette) {
      words(state);
      deck.draw(state, palette);
      if (!flight.hidden) flight.hidden = true;
    },
    shuffle(state, before, share, palette) {
      words(state);
      deck.shuffle(state, before, share, palette);
    },
    fly(state, share, palette) {
      words(state);
      deck.draw(state, palette);
      flight.hidden = share >= 1;
      if (flight.hidden) return;
      const pen = clear();
      if (!pen) return;
      const [outer, from, into] = [element, deck.element, boxes[0].element].map(boxOf);
      const goal = [
        into.left + into.width / 2 - outer.left,
        into.top - outer.top + into.height / 2,
      ];
      const stride = Math.max(1, Math.ceil((state.to - state.from) / MOST_FLYING));
      pen.fillStyle = colourOf(state.colour);
      for (let place = state.from; place < state.to; place += stride) {
        // One after the other, all within the time there is.
        const delay = 0.5 * (place - state.from) / Math.max(1, state.to - state.from);
        const way = Math.max(0, Math.min(1, (share - delay) / 0.5));
        if (way === 0 || way === 1) continue;
        const [x, y] = deck.middle(place);
        const at = [x + from.left - outer.left, y + from.top - outer.top];
        pen.beginPath();
        pen.arc(at[0] + way * (goal[0] - at[0]), at[1] + way * (goal[1] - at[1]), 4, 0, 7);
        pen.fill();
      }
    },
    layOut: (rows, targets) => void deck.layOut(rows, targets),
    get signs() {
      return deck.signs;
    },
  };
}

const colourOf = (colour: Rgb) => css(colour, 0.9);
