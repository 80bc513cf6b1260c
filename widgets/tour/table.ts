/** The table itself: filters, heads that sort, one page of rows, marks. The rows come from Python. */
import type { AnyModel } from "@anywidget/types";
import { h, text } from "../dom.ts";
import { icon, type ICONS } from "../playback/icons.ts";
import { createFilters } from "./filters.ts";
import type { TourTraits } from "./traits.ts";
import { PARTS, whole } from "./words.ts";

export interface TablePanel {
  element: HTMLElement;
  update(): void;
}

interface Line {
  row: HTMLTableRowElement;
  mark: HTMLInputElement;
  label: HTMLButtonElement;
  part: HTMLElement;
  cells: HTMLElement[];
  place: number;
}

/** `open` is called when a row is chosen to be looked at. */
export function createTable(
  model: AnyModel<TourTraits>,
  signal: AbortSignal,
  open: (place: number) => void,
): TablePanel {
  const facts = model.get("facts");
  const set = <K extends keyof TourTraits>(name: K, value: TourTraits[K]) => {
    model.set(name, value as never);
    model.save_changes();
  };
  const filters = createFilters(model, signal);

  const sort = (column: string) => {
    const again = model.get("sort") === column;
    model.set("descending", again && !model.get("descending"));
    // A third press goes back to the order of the table.
    if (again && model.get("descending") === false) model.set("sort", "");
    else model.set("sort", column);
    model.save_changes();
  };
  const heads = facts.columns.map((column) => {
    const arrow = h("span", { class: "fe-tour-arrow", "aria-hidden": "true" });
    const name = h("button", { type: "button", title: column.meaning || null }, column.name, arrow);
    name.addEventListener("click", () => sort(column.name), { signal });
    return { element: h("th", { scope: "col" }, name), arrow, name: column.name };
  });
  const body = h("tbody");
  const caption = h("caption", { class: "fe-hidden" });
  const table = h(
    "table",
    { "aria-rowcount": facts.rows + 1 },
    caption,
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "mark"),
        h("th", { scope: "col" }, facts.noun),
        h("th", { scope: "col" }, "part"),
        ...heads.map((head) => head.element),
      ),
    ),
    body,
  );
  const scroll = h(
    "div",
    { class: "fe-scroll fe-tour-table", tabindex: 0, role: "group", "aria-label": "Table" },
    table,
  );

  const move = (to: (top: number, last: number, size: number) => number) => {
    const { top, fit, size } = model.get("window");
    const last = Math.floor(Math.max(0, fit - 1) / size) * size;
    set("top", Math.max(0, Math.min(last, to(top, last, size))));
    scroll.scrollTop = 0;
  };
  const turn = (label: string, sign: keyof typeof ICONS, to: Parameters<typeof move>[0]) => {
    const made = h("button", { type: "button", "aria-label": label, title: label });
    made.append(icon(document, sign));
    made.addEventListener("click", () => {
      if (made.getAttribute("aria-disabled") !== "true") move(to);
    }, { signal });
    return made;
  };
  const first = turn("first rows", "first", () => 0);
  const before = turn("rows before", "back", (top, _, size) => top - size);
  const after = turn("rows after", "forward", (top, _, size) => top + size);
  const end = turn("last rows", "last", (_, last) => last);
  const place = h("span", { class: "fe-number" });
  const clear = h("button", { type: "button" }, "Unmark all");
  clear.addEventListener("click", () => set("marked", []), { signal });

  const lines: Line[] = [];
  function line(): Line {
    const mark = h("input", { type: "checkbox" });
    const label = h("button", { type: "button" });
    const part = h("td");
    const cells = facts.columns.map(() => h("td"));
    const row = h("tr", {}, h("td", {}, mark), h("th", { scope: "row" }, label), part, ...cells);
    const made = { row, mark, label, part, cells, place: -1 };
    mark.addEventListener("change", () => {
      const others = model.get("marked").filter((one) => one !== made.place);
      set("marked", mark.checked ? [...others, made.place].sort((a, b) => a - b) : others);
    }, { signal });
    label.addEventListener("click", () => open(made.place), { signal });
    return made;
  }

  return {
    element: h(
      "div",
      { class: "fe-tour-panel" },
      filters.element,
      scroll,
      h(
        "div",
        { class: "fe-tour-pages", "data-fe-part": "top" },
        first,
        before,
        place,
        after,
        end,
        clear,
      ),
    ),
    update() {
      filters.update();
      const window = model.get("window"), marked = model.get("marked"), now = model.get("row");
      const sorted = model.get("sort"), descending = model.get("descending");
      heads.forEach(({ element, arrow, name }) => {
        const direction = name !== sorted ? "none" : descending ? "descending" : "ascending";
        element.setAttribute("aria-sort", direction);
        text(arrow, name !== sorted ? "" : descending ? " ▼" : " ▲");
      });
      while (lines.length < window.rows.length) {
        lines.push(line());
        body.append(lines.at(-1)!.row);
      }
      lines.forEach((made, number) => {
        const row = window.rows[number];
        made.row.hidden = !row;
        if (!row) return;
        made.place = row.row;
        made.row.setAttribute("aria-rowindex", String(window.top + number + 2));
        made.row.dataset.part = row.part;
        const checked = marked.includes(row.row);
        made.mark.checked = checked;
        made.row.classList.toggle("fe-tour-marked", checked);
        made.row.classList.toggle("fe-current", row.row === now);
        made.mark.setAttribute("aria-label", `mark ${facts.noun} ${row.label}`);
        text(made.label, row.label);
        made.label.title = `look at ${facts.noun} ${row.label}`;
        text(made.part, PARTS[row.part]);
        row.cells.forEach((cell, column) => text(made.cells[column], cell));
      });
      const shown = window.rows.length;
      text(
        place,
        shown
          ? `${whole(window.top + 1)} to ${whole(window.top + shown)} of ${whole(window.fit)}`
          : "none",
      );
      text(caption, `${facts.size}; ${place.textContent} shown`);
      const atStart = window.top === 0, atEnd = window.top + shown >= window.fit;
      for (const button of [first, before]) button.setAttribute("aria-disabled", String(atStart));
      for (const button of [after, end]) button.setAttribute("aria-disabled", String(atEnd));
      clear.hidden = !marked.length;
    },
  };
}
