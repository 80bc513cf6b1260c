/** Pointing, dragging and keys on the picture. It says what the reader did and changes nothing itself. */
import type { Arrangement } from "./drawing.ts";
import type { Picture } from "./picture.ts";

export interface Hands {
  arrangement(): Arrangement;
  shape(): number[];
  /** The cell in hand. */
  at(): number[] | null;
  point(at: number[]): void;
  /** Move the cell in hand along an axis; beyond the end the window may move. `to` goes to an end. */
  move(axis: number, by: number, to?: "first" | "last"): void;
  /** Take this cell, or the rectangle between two. */
  take(from: number[], to: number[]): void;
  takeAll(): void;
  zoom(way: 1 | -1): void;
}

const TURN = Math.PI / 24;

export function attachHands(
  picture: Picture,
  element: HTMLElement,
  hands: Hands,
  signal: AbortSignal,
): void {
  let start: { x: number; y: number; at: number[] | null; dragged: boolean } | null = null;
  const isCube = () => hands.arrangement().layers !== null;

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    start = { x: event.clientX, y: event.clientY, at: picture.cellAt(event), dragged: false };
  }, { signal });
  element.addEventListener("pointermove", (event) => {
    if (
      start && Math.hypot(event.clientX - start.x, event.clientY - start.y) > 4 && !start.dragged
    ) {
      start.dragged = true;
      element.setPointerCapture?.(event.pointerId);
    }
    if (start?.dragged && isCube()) {
      picture.turn({ yaw: -event.movementX / 120, pitch: event.movementY / 120 });
      return;
    }
    const at = picture.cellAt(event);
    if (at) hands.point(at);
  }, { signal });
  element.addEventListener("pointerup", (event) => {
    const begun = start;
    start = null;
    if (!begun?.at || (begun.dragged && isCube())) return;
    hands.take(begun.at, picture.cellAt(event) ?? begun.at);
  }, { signal });
  element.addEventListener("pointercancel", () => start = null, { signal });
  element.addEventListener("dblclick", () => hands.zoom(1), { signal });

  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const act = action(event);
    if (!act) return;
    event.preventDefault();
    act();
  }, { signal });

  function action(event: KeyboardEvent): (() => void) | undefined {
    const { columns, rows, layers, line, grid } = hands.arrangement();
    const outer = [layers, line, grid].filter((axis): axis is number => axis !== null);
    const along = (axis: number | null | undefined, by: number) =>
      axis == null ? undefined : () => hands.move(axis, by);
    if (event.shiftKey && isCube()) {
      const turns: Record<string, [number, number]> = {
        ArrowLeft: [TURN, 0],
        ArrowRight: [-TURN, 0],
        ArrowUp: [0, -TURN],
        ArrowDown: [0, TURN],
      };
      const turn = turns[event.key];
      if (turn) return () => picture.turn({ yaw: turn[0], pitch: turn[1] });
    }
    const step = event.key === "PageUp" ? -1 : 1;
    switch (event.key) {
      case "ArrowLeft":
        return along(columns, -1);
      case "ArrowRight":
        return along(columns, 1);
      case "ArrowUp":
        return along(rows, -1);
      case "ArrowDown":
        return along(rows, 1);
      case "PageUp":
      case "PageDown":
        return along(outer[event.altKey ? 2 : event.shiftKey ? 1 : 0], step);
      case "Home":
      case "End":
        return columns === null
          ? undefined
          : () => hands.move(columns, 0, event.key === "Home" ? "first" : "last");
      case "Enter":
        return () => {
          const at = hands.at();
          if (at) hands.take(at, at);
        };
      case "Escape":
        return () => hands.takeAll();
      case "z":
      case "Z":
        return () => hands.zoom(event.shiftKey ? -1 : 1);
      case "+":
      case "=":
        return isCube() ? () => picture.turn({ apart: 0.06 }) : undefined;
      case "-":
        return isCube() ? () => picture.turn({ apart: -0.06 }) : undefined;
    }
  }
}
