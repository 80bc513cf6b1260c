/** The steps as tables: the last few beside the picture, all of them folded below it. */
import { h, number, text } from "../dom.ts";
import type { Run } from "./traits.ts";
import { exact } from "./words.ts";

export interface Tables {
  readonly side: HTMLElement;
  readonly all: HTMLElement;
  update(run: Run, frame: number, fresh: boolean): void;
}

const ROWS = 7;

export function createTables(signal: AbortSignal): Tables {
  let run: Run | null = null, at = 0, built: Run | null = null, marked: HTMLElement | null = null;
  const heads = h("tr");
  const rows = Array.from({ length: ROWS }, () => h("tr"));
  const side = h(
    "table",
    { class: "fe-steps-table fe-number" },
    h("caption", { class: "fe-hidden" }, "The last steps"),
    h("thead", {}, heads),
    h("tbody", {}, ...rows),
  );
  const table = h("table", { class: "fe-number" });
  const scroll = h(
    "div",
    { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "All steps" },
    table,
  );
  const all = h("details", { "data-fe-part": "numbers" }, h("summary", {}, "The numbers"), scroll);
  all.addEventListener("toggle", () => fill(), { signal });

  const names = (weights: number) =>
    weights === 1
      ? ["step", "w", "g(w)", "g′(w)"]
      : ["step", "w₁", "w₂", "g(w)", "∂g/∂w₁", "∂g/∂w₂"];
  const numbers = (of: Run, frame: number) => [
    ...Array.from(of.w(frame)),
    of.value(frame),
    ...Array.from(of.gradient(frame)),
  ];

  function fill(): void {
    if (!all.open || !run) return;
    if (built !== run) {
      built = run;
      marked = null;
      const head = names(run.facts.weights).map((name) => h("th", { scope: "col" }, name));
      const body = Array.from({ length: run.length }, (_, frame) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, String(frame)),
          ...numbers(run!, frame).map((value) => h("td", {}, exact(value))),
        ));
      table.replaceChildren(
        h("caption", {}, `Every step, exactly. Differentiated by ${run.facts.differentiated_by}.`),
        h("thead", {}, h("tr", {}, ...head)),
        h("tbody", {}, ...body),
      );
    }
    marked?.removeAttribute("aria-current");
    marked = table.querySelectorAll<HTMLElement>("tbody tr")[at] ?? null;
    if (!marked) return;
    marked.setAttribute("aria-current", "step");
    const top = marked.offsetTop - scroll.clientHeight / 2;
    if (Number.isFinite(top)) scroll.scrollTop = Math.max(0, top);
  }

  return {
    side,
    all,
    update(next, frame, fresh) {
      run = next;
      at = frame;
      const { weights } = next.facts;
      if (fresh || !heads.children.length) {
        heads.replaceChildren(
          ...names(weights).map((name) => h("th", { scope: "col" }, name)),
        );
        const cells = heads.children.length;
        for (const row of rows) {
          row.replaceChildren(
            h("th", { scope: "row" }),
            ...Array.from({ length: cells - 1 }, () => h("td")),
          );
        }
      }
      const first = Math.max(0, frame - ROWS + 1);
      rows.forEach((row, place) => {
        const shown = first + place;
        row.classList.toggle("fe-empty", shown > frame);
        row.classList.toggle("fe-now", shown === frame);
        const values = shown > frame ? [] : numbers(next, shown);
        // A row with nothing in it yet keeps its height; a heading of nothing would be read out.
        if (values.length) row.removeAttribute("aria-hidden");
        else row.setAttribute("aria-hidden", "true");
        text(row.children[0], values.length ? String(shown) : "");
        for (let cell = 1; cell < row.children.length; cell++) {
          const value = values[cell - 1];
          text(row.children[cell], value === undefined ? "" : number(value));
          if (value === undefined) row.children[cell].removeAttribute("title");
          else row.children[cell].setAttribute("title", exact(value));
        }
      });
      fill();
    },
  };
}
