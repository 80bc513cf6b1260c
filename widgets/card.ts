/** What every card has around its view: its place on the page, its link, what a link did, and what it leaves out. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { h, keepTyping, text } from "./dom.ts";
import { listen } from "./listen.ts";

/** As base.py tells it. */
interface Card {
  id: string;
  /** The linked properties as the notebook set them; where no link leads to a page there is none. */
  first?: Record<string, unknown>;
  brings?: Record<string, string[]>;
  /** Sentences on what a link did here; there are none where no link was for this card. */
  set?: string[];
  refused?: string[];
}

// deno-lint-ignore no-explicit-any
type Render<T extends Record<string, any>> = (props: RenderProps<T>) => void;

/** A view's `render` with all of that; the view's root is the first element of the class `fe`. */
// deno-lint-ignore no-explicit-any
export function card<T extends Record<string, any>>(render: Render<T>): Render<T> {
  return (props) => {
    render(props);
    const model = props.model as unknown as AnyModel;
    const root = props.el.querySelector<HTMLElement>(".fe");
    if (!root) return;
    const told: Card = model.get("_card") ?? {};
    leaveOut(model, root, props.signal);
    keepKeys(root, props.signal);
    keepTyping(root, props.signal);
    const { id, set, refused = [], first } = told;
    if (id && !document.getElementById(id)) root.id = id;
    if (set) {
      root.dataset.feLinked = "";
      globalThis.dispatchEvent(new CustomEvent("firstepoch-linked"));
      if (set.length + refused.length) {
        root.querySelector(".fe > header")?.after(note(set, refused, props.signal));
      }
    }
    if (first) {
      const folds = root.querySelector(".fe-folds") ?? root;
      folds.append(copier(() => address(model, told, first), props.signal));
    }
    if (id && location.hash === `#${id}`) requestAnimationFrame(() => root.scrollIntoView());
  };
}

/**
 * Notebook 7 has shortcuts for whatever has the focus. It looks for the mark from there upwards, and takes the key if the
 * element matches before the mark is found: so what is focused has to have it.
 */
function keepKeys(root: HTMLElement, signal: AbortSignal): void {
  root.addEventListener("focusin", (event) => {
    (event.target as Element).setAttribute("data-lm-suppress-shortcuts", "true");
  }, { signal });
}

/** The views mark their parts; what the notebook hides is not laid out, whatever a view does with it. */
function leaveOut(model: AnyModel, root: HTMLElement, signal: AbortSignal): void {
  const rules = h("style");
  root.append(rules);
  const refresh = () => {
    const names: string[] = model.get("hide") ?? [];
    root.dataset.feHide = names.join(" ");
    text(
      rules,
      names.map((name) =>
        `[data-fe-hide~="${name}"] [data-fe-part~="${name}"]{display:none!important}`
      ).join(""),
    );
  };
  listen(model, ["hide"], signal, refresh);
  refresh();
}

function note(set: string[], refused: string[], signal: AbortSignal): HTMLElement {
  const close = h("button", { type: "button", "aria-label": "close this note" }, "✕");
  const made = h(
    "div",
    { class: "fe-note", role: refused.length ? "alert" : "status" },
    h(
      "div",
      {},
      ...set.map((said) => h("p", {}, said)),
      ...refused.map((said) => h("p", { class: "fe-refused" }, `⚠ ${said}`)),
    ),
    close,
  );
  close.addEventListener("click", () => made.remove(), { signal });
  return made;
}

/** Copies where the page may, and otherwise shows the link to copy by hand. */
function copier(link: () => string, signal: AbortSignal): HTMLElement {
  const button = h("button", { type: "button" }, "Copy a link to this state");
  const said = h("span", { role: "status" });
  const field = h("input", {
    type: "text",
    readonly: true,
    hidden: true,
    "aria-label": "link to this state",
  });
  button.addEventListener("click", async () => {
    const made = link();
    text(said, "");
    try {
      await navigator.clipboard.writeText(made);
      field.hidden = true;
      text(said, "Copied.");
    } catch {
      field.value = made;
      field.hidden = false;
      field.select();
      text(said, "This page may not copy: take the link from the field.");
    }
  }, { signal });
  return h("div", { class: "fe-link", "data-fe-part": "link" }, button, said, field);
}

/** The page with what differs from the notebook; text that would be read as something else is quoted. */
function address(model: AnyModel, { id, brings }: Card, first: Record<string, unknown>): string {
  const written = (name: string) => JSON.stringify(model.get(name));
  const names = new Set<string>();
  for (const name in first) {
    if (written(name) === JSON.stringify(first[name])) continue;
    for (const one of [name, ...(brings?.[name] ?? [])]) names.add(one);
  }
  const query = new URLSearchParams({ widget: id.slice(3) });
  for (const name of names) {
    const value = model.get(name);
    query.set(name, typeof value === "string" && !reads(value) ? value : written(name));
  }
  return `${location.origin}${location.pathname}?${query}#${id}`;
}

function reads(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
