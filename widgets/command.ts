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
}

/** The commands of one view of a widget. */
export function createCommands(model: AnyModel, settings: readonly string[]): Commands {
  const view = uniqueId();
  return {
    say: (kind) => model.send({ kind, view }),
    order: (kind) =>
      model.send({
        kind,
        view,
        settings: Object.fromEntries(settings.map((name) => [name, model.get(name)])),
      }),
  };
}
