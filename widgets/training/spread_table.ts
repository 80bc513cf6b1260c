/** The counts behind the histograms as a table: one row a bin, filled only while its fold is open. */
import { h, number, text } from "../dom.ts";
import type { Frames } from "../recording.ts";
import type { Panel } from "./histograms.ts";
import { panelTitle } from "./spread_words.ts";

export interface SpreadTable {
  element: HTMLElement;
  build(panels: Panel[]): void;
  draw(panels: Panel[], counted: Frames, at: number): void;
}

export function createSpreadTable(signal: AbortSignal, opened: () => void): SpreadTable {
  let cells: HTMLElement[][] = [];
  let built = false;
  const body = h("tbody");
  const heads = ["values", "from", "to (not included)", "count", "after epoch 1"];
  const element = h(
    "details",
    {},
    h("summary", {}, "The counts"),
    h(
      "div",
      { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "Counts of the histograms" },
      h(
        "table",
        {},
        h("thead", {}, h("tr", {}, ...heads.map((name) => h("th", { scope: "col" }, name)))),
        body,
      ),
    ),
  );
  element.addEventListener("toggle", opened, { signal });

  function fill(panels: Panel[]): void {
    built = true;
    cells = [];
    body.replaceChildren(
      ...panels.flatMap((panel) =>
        Array.from({ length: panel.bins }, (_, bin) => {
          const counts = [h("td", { class: "fe-number" }), h("td", { class: "fe-number" })];
          cells.push(counts);
          const edge = (place: number) =>
            h("td", { class: "fe-number" }, number(panel.first + place * panel.width, 4));
          const name = `${panel.layer}, ${panelTitle(panel)}`;
          return h("tr", {}, h("th", { scope: "row" }, name), edge(bin), edge(bin + 1), ...counts);
        })
      ),
    );
  }

  return {
    element,
    build() {
      built = false;
    },
    draw(panels, counted, at) {
      if (!element.open) return;
      if (!built) fill(panels);
      const now = counted.row("counts", at), then = counted.row("counts", 0);
      cells.forEach(([shown, first], place) => {
        text(shown, String(now[place]));
        text(first, String(then[place]));
      });
    },
  };
}
