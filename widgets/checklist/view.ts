/** Checklist on the page: the questions by group, a field for each, and what became of each answer. Python judges. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { createCommands } from "../command.ts";
import { card } from "../card.ts";
import { fill, h, text, uniqueId } from "../dom.ts";
import { listen } from "../listen.ts";
import { hideStill } from "../still.ts";
import type { ChecklistTraits, Item } from "./traits.ts";

function render({ model, el, signal }: RenderProps<ChecklistTraits>) {
  const commands = createCommands(model as unknown as AnyModel, ["answers"]);
  const heading = h("h2"), state = h("span", { class: "fe-state" });
  const lead = h("p", { class: "fe-lead" });
  const items = model.get("items");
  const lines = items.map((item) => createLine(item, answer, signal));
  const groups = [...new Set(items.map((item) => item.group))].map((group) =>
    h(
      "fieldset",
      {},
      h("legend", {}, group),
      ...lines.filter((line) => line.item.group === group).map((line) => line.element),
    )
  );
  const check = h("button", { type: "button", class: "fe-primary" }, "Check");
  const again = h("button", { type: "button" }, "Start again");
  const said = h("p", { class: "fe-checklist-said", role: "status" });
  const root = h(
    "section",
    { class: "fe fe-checklist", "data-lm-suppress-shortcuts": "true" },
    h("header", {}, heading, state, lead),
    ...groups,
    h("div", { class: "fe-checklist-end" }, check, again, said),
  );
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);

  function answer(name: string, value: string | number | null) {
    const { [name]: _, ...others } = model.get("answers");
    model.set("answers", value === null ? others : { ...others, [name]: value });
    model.save_changes();
  }

  function refresh() {
    const verdicts = model.get("verdicts"), answers = model.get("answers");
    const right = Object.values(verdicts).filter((one) => one.right).length;
    text(heading, model.get("title"));
    text(lead, model.get("lead"));
    lead.hidden = !model.get("lead");
    text(state, `${model.get("done") ? "✓ " : ""}${right} of ${items.length} right`);
    lines.forEach((line) => line.show(answers[line.item.name], verdicts[line.item.name]));
    text(said, model.get("said"));
    again.disabled = Object.keys(answers).length === 0;
    again.title = again.disabled ? "Nothing is answered yet" : "";
  }

  check.addEventListener("click", () => commands.order("check"), { signal });
  again.addEventListener("click", () => commands.say("reset"), { signal });
  // Keys typed here are no commands to the notebook.
  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey || event.altKey)) event.stopPropagation();
  }, { signal });
  listen(model, ["title", "lead", "answers", "verdicts", "said", "done"], signal, refresh);
  refresh();
}

/** A question with its field, and under it what the check said. */
function createLine(
  item: Item,
  answer: (name: string, value: string | number | null) => void,
  signal: AbortSignal,
) {
  const id = uniqueId();
  const told = h("p", { id: `${id}-told`, class: "fe-checklist-told", hidden: true });
  const attributes = { id, "aria-describedby": `${id}-told` };
  const field = item.options.length
    ? h(
      "select",
      attributes,
      h("option", { value: "" }, "choose…"),
      ...item.options.map((value) => h("option", { value }, value)),
    )
    : h("input", { ...attributes, type: "number", step: "any", inputmode: "decimal" });
  field.addEventListener("change", () => {
    const value = field.value.trim();
    if (value === "") answer(item.name, null);
    else if (item.options.length) answer(item.name, value);
    else if (Number.isFinite(Number(value))) answer(item.name, Number(value));
  }, { signal });
  const label = h("label", { for: id });
  label.append(
    ...item.question.split("`").map((part, place) => place % 2 ? h("code", {}, part) : part),
  );
  return {
    item,
    element: h("div", { class: "fe-checklist-item" }, label, field, told),
    show(value: string | number | undefined, verdict?: { right: boolean; said: string }) {
      fill(field, String(value ?? ""));
      told.hidden = !verdict;
      text(told, verdict ? `${verdict.right ? "✓" : "○ Not yet."} ${verdict.said}` : "");
      told.classList.toggle("fe-right", verdict?.right === true);
    },
  };
}

export default { render: card(render) };
