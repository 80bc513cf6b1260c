/** What Keras brings along: one kind at a time, by family, with what the lecture uses marked. */
import { h, text } from "../dom.ts";
import type { Shelf } from "./traits.ts";

export interface Library {
  readonly element: HTMLElement;
  show(shelves: Shelf[], kind: string): void;
}

export function createLibrary(signal: AbortSignal, choose: (kind: string) => void): Library {
  const select = h("select", { name: "kind" });
  select.addEventListener("change", () => choose(select.value), { signal });
  const told = h("p", { class: "fe-stack-count fe-number", role: "status" });
  const list = h("div", {
    class: "fe-stack-shelf",
    tabindex: 0,
    role: "group",
    "aria-label": "What there is",
  });
  const key = h("p", { class: "fe-stack-key" }, "★ in the lecture");
  let drawn = "";
  return {
    element: h(
      "div",
      { class: "fe-stack-library" },
      h("label", { class: "fe-inline" }, "keras.", select),
      told,
      list,
      key,
    ),
    show(shelves, kind) {
      const now = shelves.map((one) => `${one.kind} ${one.count}`).join() + kind;
      if (now === drawn) return;
      drawn = now;
      select.disabled = !shelves.length;
      select.title = shelves.length ? "" : "Keras is being loaded";
      select.replaceChildren(
        ...shelves.map((one) => h("option", { value: one.kind }, `${one.kind} (${one.count})`)),
      );
      select.value = kind;
      const shelf = shelves.find((one) => one.kind === kind);
      text(told, shelf?.told ?? "");
      key.hidden = !shelf?.lecture.length;
      list.replaceChildren(
        ...(shelf?.families ?? []).map(({ name, names }) =>
          h(
            "div",
            {},
            ...(name ? [h("h4", {}, `${name} (${names.length})`)] : []),
            h("ul", {}, ...names.map((one) => item(one, shelf!.lecture.includes(one)))),
          )
        ),
      );
    },
  };
}

function item(name: string, lecture: boolean): HTMLElement {
  if (!lecture) return h("li", {}, name);
  return h(
    "li",
    { class: "fe-stack-lecture" },
    "★ ",
    name,
    h("span", { class: "fe-hidden" }, " (in the lecture)"),
  );
}
