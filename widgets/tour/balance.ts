/** The classes of all, training and test rows as bars and counts, and what a constant answer gets. */
import { h } from "../dom.ts";
import type { Facts } from "./traits.ts";

export function createBalance(facts: Facts): HTMLElement {
  const { heads, lines, said } = facts.balance;
  const bars = lines.filter((line) => line.shares.length).map((line) =>
    h(
      "div",
      { class: "fe-tour-bar" },
      h("span", {}, line.part),
      h(
        "div",
        { "aria-hidden": "true" },
        ...line.shares.map((share, number) => {
          const part = h("i", { "data-group": Math.min(number, 4), title: heads[number] });
          part.style.flexGrow = String(share);
          if (share > 0.08) part.append(h("span", {}, line.counts[number]));
          return part;
        }),
      ),
    )
  );
  const legend = heads.map((name, number) =>
    h("span", {}, h("i", { "data-group": Math.min(number, 4) }), name)
  );
  const cell = (line: Facts["balance"]["lines"][number], number: number) => {
    const share = line.shares[number];
    const percent = share === undefined ? "" : ` (${(100 * share).toFixed(1)}\u00a0%)`;
    return h("td", {}, `${line.counts[number]}${percent}`);
  };
  return h(
    "div",
    { class: "fe-tour-panel" },
    ...(bars.length
      ? [h("div", { class: "fe-tour-legend", "aria-hidden": "true" }, ...legend)]
      : []),
    ...bars,
    h(
      "div",
      { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "The target" },
      h(
        "table",
        { class: "fe-number" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, "part"),
            ...heads.map((name) => h("th", { scope: "col" }, name)),
          ),
        ),
        h(
          "tbody",
          {},
          ...lines.map((line) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, line.part),
              ...line.counts.map((_, number) => cell(line, number)),
            )
          ),
        ),
      ),
    ),
    h("p", { class: "fe-tour-baseline" }, said[0]),
  );
}
