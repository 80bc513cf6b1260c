/** Which rows the table shows: a column and the value it must have, and the filters that hold now. */
import type { AnyModel } from "@anywidget/types";
import { h } from "../dom.ts";
import type { TourTraits } from "./traits.ts";

export function createFilters(
  model: AnyModel<TourTraits>,
  signal: AbortSignal,
): { element: HTMLElement; update(): void } {
  const facts = model.get("facts");
  const parts = ["train", "test", ...(facts.out ? ["left out"] : [])];
  const names = facts.columns.map((one) => one.name);
  const options = [
    ...facts.columns.map(({ name, choices }) => ({ name, choices })),
    ...(names.includes("part") ? [] : [{ name: "part", choices: parts }]),
  ];
  const column = h(
    "select",
    { "aria-label": "column to filter by" },
    h("option", { value: "" }, "column…"),
    ...options.map(({ name }) => h("option", { value: name }, name)),
  );
  const choice = h("select", { "aria-label": "value" });
  const typed = h("input", { type: "text", size: 8, "aria-label": "value", hidden: true });
  const chips = h("span", { class: "fe-tour-chips" });

  const put = (filters: Record<string, string>) => {
    model.set("filters", filters);
    model.save_changes();
  };
  const take = (value: string) => {
    if (column.value && value) put({ ...model.get("filters"), [column.value]: value });
  };
  const offer = () => {
    const choices = options.find(({ name }) => name === column.value)?.choices;
    const listed = column.value === "" || !!choices;
    choice.hidden = !listed;
    typed.hidden = listed;
    typed.value = "";
    choice.disabled = column.value === "";
    choice.title = choice.disabled ? "Choose a column first" : "";
    choice.replaceChildren(
      h("option", { value: "" }, "value…"),
      ...(choices ?? []).map((value) => h("option", { value }, value)),
    );
  };
  column.addEventListener("change", offer, { signal });
  choice.addEventListener("change", () => take(choice.value), { signal });
  typed.addEventListener("change", () => take(typed.value.trim()), { signal });
  offer();

  let drawn = "";
  return {
    element: h(
      "div",
      {
        class: "fe-tour-filters",
        role: "group",
        "aria-label": "Filters",
        "data-fe-part": "filters",
      },
      h("span", {}, "Only rows with"),
      column,
      h("span", {}, "="),
      choice,
      typed,
      chips,
    ),
    update() {
      const filters = model.get("filters");
      const now = JSON.stringify(filters);
      if (now === drawn) return;
      drawn = now;
      const made = Object.entries(filters).map(([name, value]) => {
        const label = `take away the filter ${name} = ${value}`;
        const chip = h("button", { type: "button", title: label, "aria-label": label });
        chip.append(`${name} = ${value} ✕`);
        chip.addEventListener("click", () => {
          const { [name]: _, ...others } = model.get("filters");
          put(others);
          column.focus();
        }, { signal });
        return chip;
      });
      chips.replaceChildren(...made);
    },
  };
}
