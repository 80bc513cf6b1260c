/**
 * What was answered and done, kept in the learner's browser: one item of localStorage a lesson, found again on the next
 * visit. A browser that keeps nothing is no error.
 */
import type { AnyModel } from "@anywidget/types";
import { listen } from "./listen.ts";

export type State = "open" | "tried" | "right" | "shown" | "done";

export interface RememberedTraits {
  name: string;
  state: State;
  answer_given: string | number | null;
  tries: number;
}

export interface Kept {
  state: State;
  answer: string | number | null;
  tries: number;
}

export const CHANGED = "firstepoch-progress";
export const RESET = "firstepoch-reset";
const STATES = ["open", "tried", "right", "shown", "done"];

/** Keep what becomes of this card from now on, and tell Python what became of it on an earlier visit. */
export function remember(model: unknown, signal: AbortSignal): void {
  const card = model as AnyModel<RememberedTraits>;
  const [lesson, item] = place(card.get("name"));
  const found = readProgress(lesson)[item];
  if (found && found.state !== "open" && card.get("state") === "open") {
    card.send({ kind: "restore", ...found });
  } else if (!found || card.get("state") !== "open") {
    write();
  }
  listen(model, ["state", "answer_given", "tries"], signal, write);
  globalThis.addEventListener(RESET, (event) => {
    if ((event as CustomEvent).detail?.lesson !== lesson) return;
    keep(lesson, item, { state: "open", answer: null, tries: 0 });
    card.send({ kind: "reset" });
  }, { signal });

  function write() {
    keep(lesson, item, {
      state: card.get("state"),
      answer: card.get("answer_given"),
      tries: card.get("tries"),
    });
  }
}

/** The items of a lesson that are kept; what is garbage is left out. */
export function readProgress(lesson: string): Record<string, Kept> {
  try {
    const { items } = JSON.parse(localStorage.getItem(keyOf(lesson)) ?? "{}");
    return Object.fromEntries(
      Object.entries(items as Record<string, Kept>).filter(([, it]) => STATES.includes(it?.state)),
    );
  } catch {
    return {};
  }
}

function keep(lesson: string, item: string, kept: Kept) {
  const items = readProgress(lesson);
  if (JSON.stringify(items[item]) === JSON.stringify(kept)) return;
  try {
    localStorage.setItem(keyOf(lesson), JSON.stringify({ items: { ...items, [item]: kept } }));
  } catch {
    return;
  }
  globalThis.dispatchEvent(new CustomEvent(CHANGED, { detail: { lesson } }));
}

/** Lesson and item of a name. */
function place(name: string): [string, string] {
  const cut = name.indexOf("/");
  return [name.slice(0, cut) || (globalThis.location?.pathname ?? ""), name.slice(cut + 1)];
}

const keyOf = (lesson: string) => `firstepoch.progress.${lesson}`;
