/** One column by class: the bqplot chart, its counts beside it, and the choice of the column and its unit. */
import type { AnyModel } from "@anywidget/types";
import { h, part, text } from "../dom.ts";
import { type Chart, createChart } from "../training/chart.ts";
import type { TourTraits } from "./traits.ts";

export function createSpread(model: AnyModel<TourTraits>, signal: AbortSignal) {
  const facts = model.get("facts");
  const column = h("select", {}, ...facts.columns.map(({ name }) => h("option", {}, name)));
  column.addEventListener("change", () => {
    model.set("column", column.value);
    model.save_changes();
  }, { signal });
  const scaled = h("input", { type: "checkbox" });
  scaled.addEventListener("change", () => {
    model.set("standardised", scaled.checked);
    model.save_changes();
  }, { signal });
  const why = h("span", { class: "fe-tour-note" });
  const slot = h("div", { class: "fe-tour-chart" });
  const body = h("tbody");
  const caption = h("caption");
  const table = h(
    "table",
    { class: "fe-number" },
    caption,
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "value"),
        ...facts.groups.map((name) => h("th", { scope: "col" }, name)),
      ),
    ),
    body,
  );
  let chart: Chart | null = null;
  let drawn: unknown = null;

  /** The bin at a place of the axis, in words. */
  const describe = (x: number) => {
    const { axis, bins, counts, shares, groups, column } = model.get("spread");
    const bin = axis.edges.findLastIndex((edge) => edge <= x);
    if (bin < 0 || bin >= bins.length) return null;
    const lines = groups.map((name, group) =>
      `${name}: ${counts[bin][group]} = ${shares[bin][group].toFixed(1)} %`
    );
    return { x, lines: [`${column} ${bins[bin]}`, ...lines] };
  };

  return {
    element: h(
      "div",
      { class: "fe-tour-panel" },
      h(
        "div",
        { class: "fe-tour-filters" },
        part("column", h("label", { class: "fe-inline" }, "column", column)),
        part("standardised", h("label", { class: "fe-inline" }, scaled, "standardised")),
        why,
      ),
      h(
        "div",
        { class: "fe-tour-spread" },
        slot,
        h(
          "div",
          { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "Counts by class" },
          table,
        ),
      ),
    ),
    /** bqplot measures itself when it is attached, so it must be in sight. */
    show() {
      if (chart) return;
      chart = createChart({
        model: model as unknown as AnyModel,
        signal,
        figure: model.get("chart"),
        title: "share of each class",
        keys: facts.groups.map((name, group) => ({ mark: `fe-tour-key-${group}`, text: name })),
        describe,
      });
      slot.append(chart.element);
    },
    update() {
      const spread = model.get("spread");
      column.value = spread.column;
      scaled.checked = spread.scalable && model.get("standardised");
      scaled.disabled = !spread.scalable;
      text(
        why,
        spread.scalable
          ? "The shape stays; only the axis changes."
          : `${spread.column} is no number that was standardised.`,
      );
      chart?.place(spread.axis, []);
      chart?.note("Each class adds up to 100 %.");
      if (drawn === spread) return;
      drawn = spread;
      text(caption, `Training rows by ${spread.column}`);
      const line = (name: string, counts: number[]) =>
        h("tr", {}, h("th", { scope: "row" }, name), ...counts.map((n) => h("td", {}, String(n))));
      body.replaceChildren(
        ...spread.bins.map((name, bin) => line(name, spread.counts[bin])),
        ...(spread.missing.length ? [line("missing", spread.missing)] : []),
      );
    },
  };
}
