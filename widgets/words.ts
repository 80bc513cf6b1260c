/** Texts with `code` between backticks. */
import { h } from "./dom.ts";

/** Write a text; what stands there already is left alone, so that it is not announced again. */
export function write(element: HTMLElement, words: string) {
  if (element.textContent === words.replaceAll("`", "")) return;
  element.replaceChildren(...marked(words));
}

/** A text in its parts. */
export function marked(words: string): (HTMLElement | string)[] {
  return words.split("`").map((part, place) => place % 2 ? h("code", {}, part) : part);
}
