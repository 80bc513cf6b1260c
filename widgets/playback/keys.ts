/** The player's keys inside a card; they stay in the card and never take a key from a control that needs it. */
import type { Player } from "./player.ts";

const TYPING = "input:not(.fe-player input), select, textarea, [contenteditable]";
const PRESSED_BY_SPACE = "button, summary, a[href], [role=button]";

/**
 * Space plays and pauses, arrows go by one frame, with shift by one group, page up and page
 * down by one section of it, home and end, + and - change the speed.
 * An event that something inside the card has already handled (`preventDefault`) is left alone, and so are all while the
 * player is hidden.
 */
export function attachKeys(card: HTMLElement, player: Player, signal: AbortSignal): void {
  card.setAttribute("data-lm-suppress-shortcuts", "true");
  card.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    const target = event.target as Element;
    if (player.element.hidden || event.defaultPrevented || target.closest(TYPING)) return;
    if (event.key === " " && target.closest(PRESSED_BY_SPACE)) return;
    const act = action(event, player);
    if (!act) return;
    event.preventDefault();
    act();
  }, { signal });
}

function action(event: KeyboardEvent, { clock, sectioned }: Player): (() => void) | undefined {
  switch (event.key) {
    case " ":
      return () => clock.toggle();
    case "ArrowRight":
      return () => event.shiftKey ? clock.jump(1) : clock.step(1);
    case "ArrowLeft":
      return () => event.shiftKey ? clock.jump(-1) : clock.step(-1);
    case "PageDown":
      return sectioned ? () => clock.jump(1, "section") : undefined;
    case "PageUp":
      return sectioned ? () => clock.jump(-1, "section") : undefined;
    case "Home":
      return () => clock.step(-clock.length);
    case "End":
      return () => clock.step(clock.length);
    case "+":
    case "=":
      return () => clock.shift(1);
    case "-":
      return () => clock.shift(-1);
  }
}
