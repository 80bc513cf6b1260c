/** The numbers of one panel at the cursor, as a small table. */
import { h, text } from "../dom.ts";
import { type PanelSeries, read } from "./series.ts";
import { gap, loss, range } from "./words.ts";

export interface Readout {
  readonly element: HTMLElement;
  show(series: PanelSeries, epoch: number): void;
}

export function createReadout(): Readout {
  const cells = [0, 1, 2].map(() => [h("td"), h("td"), h("td")]);
  const front = h("th", { scope: "col", colspan: 2 }), back = h("th", { scope: "col" });
  const names = h("thead", {}, h("tr", {}, h("td", {}), front, back));
  const element = h(
    "table",
    { class: "fe-over-readout fe-number" },
    names,
    h(
      "tbody",
      {},
      ...["training", "validation", "gap"].map((name, row) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, h("i", { class: `fe-key-${name}` }), name),
          ...cells[row],
        )
      ),
    ),
  );
  return {
    element,
    show(panel, epoch) {
      const series = read(panel), behind = panel.back;
      const there = series !== null && epoch < series.epochs;
      const spread = there && series.seeds > 1;
      const alone = panel.front || !panel.live ? "" : panel.live.who;
      text(front, behind ? "dropout" : alone);
      text(back, behind ? "plain" : "");
      names.hidden = !front.textContent;
      element.hidden = !series;
      element.classList.toggle("fe-over-two", behind !== null);
      for (const [row, which] of (["train", "valid"] as const).entries()) {
        text(cells[row][0], there ? loss(series.median(which, epoch)) : "–");
        text(cells[row][1], spread ? range(series, which, epoch, "–") : "");
        text(cells[row][2], behind ? loss(behind.median(which, epoch)) : "");
      }
      text(cells[2][0], there ? loss(gap(series, epoch)) : "–");
      text(cells[2][1], spread ? "of medians" : "");
      text(cells[2][2], behind ? loss(gap(behind, epoch)) : "");
    },
  };
}
