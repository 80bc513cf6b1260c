/** "What the words mean": a fold with one plain sentence for each word of a card that a beginner has not met. */
import { h } from "./dom.ts";

/** A word as it stands on the card, and what it means. */
export type Entry = readonly [word: string, meaning: string];

export interface Glossary {
  readonly element: HTMLElement;
  show(entries: readonly Entry[]): void;
}

export function createGlossary(): Glossary {
  const list = h("dl", { class: "fe-glossary" });
  let shown = "";
  return {
    element: h(
      "details",
      { "data-fe-part": "glossary" },
      h("summary", {}, "What the words mean"),
      list,
    ),
    show(entries) {
      const key = entries.join("\n");
      if (key === shown) return;
      shown = key;
      list.replaceChildren(
        ...entries.flatMap(([word, meaning]) => [h("dt", {}, word), h("dd", {}, meaning)]),
      );
    },
  };
}
