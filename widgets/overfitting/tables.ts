/** The summary, and the medians epoch by epoch, as tables. */
import { h } from "../dom.ts";
import { type PanelSeries, read } from "./series.ts";
import { gap, loss, unitsWords } from "./words.ts";

const MOST = 500;

export interface Tables {
  readonly element: HTMLElement;
  summary(heads: string[], rows: string[][]): void;
  epochs(panels: PanelSeries[], epochs: number): void;
}

export function createTables(signal: AbortSignal): Tables {
  const totals = h("table", {}), medians = h("table", {});
  const region = (label: string, table: HTMLElement) =>
    h("div", { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": label }, table);
  const element = h(
    "details",
    { "data-fe-part": "numbers" },
    h("summary", {}, "The numbers"),
    region("Summary of every network and variant", totals),
    region("Medians epoch by epoch", medians),
  );
  let wanted: (() => void) | null = null;
  // Hundreds of rows are made only where somebody looks.
  const fill = () => {
    if (!element.open || !wanted) return;
    wanted();
    wanted = null;
  };
  element.addEventListener("toggle", fill, { signal });
  const head = (names: string[]) =>
    h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name))));
  const row = ([first, ...cells]: string[]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row", class: "fe-number" }, first),
      ...cells.map((cell) => h("td", { class: "fe-number" }, cell)),
    );

  return {
    element,
    summary(heads, rows) {
      totals.replaceChildren(
        h(
          "caption",
          {},
          rows.length
            ? "Median over the seeds, and range. Kept: the weights of the last epoch, with early stopping those of the best."
            : "Nothing is trained yet.",
        ),
        head(heads),
        h("tbody", {}, ...rows.map(row)),
      );
    },
    epochs(panels, epochs) {
      wanted = () => {
        const series = panels.flatMap((panel) => read(panel) ?? []);
        const every = Math.ceil(epochs / MOST);
        const names = series.flatMap(({ units }) =>
          ["training", "validation", "gap"].map((name) => `${unitsWords(units)}: ${name}`)
        );
        const lines = Array.from({ length: Math.ceil(epochs / every) }, (_, place) => {
          const epoch = Math.min(epochs - 1, place * every);
          return row([
            String(epoch + 1),
            ...series.flatMap((one) => [
              loss(one.median("train", epoch), 6),
              loss(one.median("valid", epoch), 6),
              loss(gap(one, epoch), 6),
            ]),
          ]);
        });
        medians.replaceChildren(
          h(
            "caption",
            {},
            `Loss, medians over the seeds${every > 1 ? `, every ${every} epochs` : ""}.`,
          ),
          head(["epoch", ...names]),
          h("tbody", {}, ...lines),
        );
      };
      fill();
    },
  };
}
