/**
 * What a button asks Python to do. ipywidgets holds a changed trait back until the kernel has answered the change
 * before it, while a message goes at once: so the message brings the settings along, as the page shows them.
 */
import type { AnyModel } from "@anywidget/types";
import { uniqueId } from "./dom.ts";

export interface Commands {
  /** Send a word that needs no settings, such as "enter". */
  say(kind: string): void;
  /** Send a command to be carried out with the settings shown. */
  order(kind: string): void;
  /** Tell Python that this view is open, and when it is closed. */
  visit(signal: AbortSignal): void;
}

/** The commands of one view of a widget. */
export function createCommands(model: AnyModel, settings: readonly string[]): Commands {
  const view = uniqueId();
  const say = (kind: string) => model.send({ kind, view });
  return {
    say,
    order: (kind) =>
      model.send({
        kind,
        view,
        settings: Object.fromEntries(settings.map((name) => [name, model.get(name)])),
      }),
    visit(signal) {
      say("enter");
      const leave = () => say("leave");
      signal.addEventListener("abort", leave);
      globalThis.addEventListener("pagehide", leave, { signal });
    },
  };
}
