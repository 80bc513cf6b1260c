/** Pointer and keyboard on the picture, told as what they mean: hover, focus, go, pin, clear. */
import { placeIn } from "../dom.ts";
import type { Choice } from "./choose.ts";
import type { Place } from "./plan.ts";

export interface Hands {
  /** What is at a point of the picture. */
  at(x: number, y: number): Choice;
  placeOf(target: Element | null): Place | null;
  hover(choice: Choice): void;
  focus(place: Place | null): void;
  go(from: Place, key: string): void;
  pin(place: Place): void;
  clear(): void;
}

export function attachHands(svg: SVGSVGElement, signal: AbortSignal, hands: Hands): void {
  const choiceOf = (event: MouseEvent) => {
    return hands.at(...placeIn(svg, event));
  };
  svg.addEventListener("pointermove", (event) => hands.hover(choiceOf(event)), { signal });
  svg.addEventListener("pointerleave", () => hands.hover(null), { signal });
  svg.addEventListener("click", (event) => {
    const choice = choiceOf(event);
    if (choice && "unit" in choice) hands.pin(choice.unit);
  }, { signal });
  svg.addEventListener("focusin", (event) => hands.focus(hands.placeOf(event.target as Element)), {
    signal,
  });
  svg.addEventListener("focusout", () => hands.focus(null), { signal });
  svg.addEventListener("keydown", (event) => {
    const from = hands.placeOf(event.target as Element);
    if (!from || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = event.key.startsWith("Arrow")
      ? () => hands.go(from, event.key)
      : event.key === "Escape"
      ? () => hands.clear()
      : event.key === "Enter" || event.key === " "
      ? () => hands.pin(from)
      : null;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, { signal });
}
