/** What stands around the picture: the rule of the frame, the values, the check, the numbers. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, text, uniqueId } from "../dom.ts";
import { exact, shown } from "./words.ts";
import type { AutodiffTraits, Moment } from "./traits.ts";

/** The calculation of this frame in large figures. */
export function createRule() {
  const element = h("div", { class: "fe-ad-rule fe-number", "aria-hidden": "true" });
  const tile = (value: string, caption: string, kind = "", sign = "") =>
    h(
      "span",
      { class: `fe-ad-tile ${kind}` },
      h("i", {}, sign),
      h("b", {}, value),
      h("span", {}, caption),
    );
  const signed = (value: number) => value < 0 ? `(${shown(value)})` : shown(value);

  function update(moment: Moment): void {
    const { graph, node, edge, backward } = moment;
    const name = node >= 0 ? graph.nodes[node].name : "";
    const held = graph.edges.find(({ flow }) => edge >= 0 && flow === edge);
    const line: HTMLElement[] = [];
    if (node < 0) line.push(tile("–", "nothing is calculated yet"));
    else if (!backward) {
      const { formula, numbers } = graph.nodes[node];
      line.push(tile(formula, name));
      if (numbers !== formula) line.push(tile(numbers, "with numbers", "", "="));
      line.push(tile(shown(moment.value[node]), "value", "fe-ad-value", "="));
    } else if (!held) {
      line.push(tile("1", `gradient of ${name}: d${name}/d${name}`, "fe-ad-gradient"));
    } else {
      const to = graph.nodes[held.start].name;
      const rule = shown(moment.local) === held.rule ? "" : ` = ${held.rule}`;
      line.push(
        tile(shown(moment.upstream), `gradient of ${name}`, "fe-ad-gradient"),
        tile(signed(moment.local), `local derivative d${name}/d${to}${rule}`, "", "×"),
        tile(shown(moment.passed), `passed on to ${to}`, "fe-ad-gradient", "="),
      );
      if (!Number.isNaN(moment.before)) {
        const sum = shown(moment.gradient[held.start]);
        line.push(
          tile(signed(moment.before), `from other uses of ${to}`, "", "+"),
          tile(sum, `gradient of ${to}, the sum`, "fe-ad-gradient", "="),
        );
      }
    }
    element.replaceChildren(...line);
  }
  return { element, update };
}

/** What the marks of the picture mean. */
export function createLegend() {
  const on = h("b", { class: "fe-ad-value" }), back = h("b", { class: "fe-ad-gradient" });
  const element = h(
    "p",
    { class: "fe-ad-legend" },
    h("span", {}, on, " value"),
    h("span", {}, back, " gradient of the loss"),
    h("span", {}, h("b", {}, "×"), " local derivative"),
    h("span", {}, h("i", { class: "fe-ad-round" }), " gradient asked"),
    h("span", {}, h("i", {}), " data"),
  );
  return {
    element,
    update(vertical: boolean) {
      text(on, vertical ? "↓" : "→");
      text(back, vertical ? "↑" : "←");
    },
  };
}

/** The expression, to be changed where it is one; a function is only shown. */
export function createSource(model: AnyModel<AutodiffTraits>, signal: AbortSignal) {
  const field = h("textarea", { "aria-label": "expression", spellcheck: "false" });
  const draw = h("button", { type: "button" }, "Draw it");
  const code = h("code");
  const fixed = h("pre", {}, code);
  const element = h(
    "div",
    { class: "fe-ad-source", "data-fe-part": "expression" },
    field,
    draw,
    fixed,
  );
  let last = "";
  const send = () => model.send({ kind: "expression", text: field.value });
  const offer = () => {
    field.rows = field.value.split("\n").length;
    draw.hidden = !model.get("editable") || field.value.trim() === model.get("expression");
  };
  draw.addEventListener("click", send, { signal });
  field.addEventListener("input", offer, { signal });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  }, { signal });

  function update(): void {
    const expression = model.get("expression"), editable = model.get("editable");
    fixed.hidden = editable;
    field.hidden = !editable;
    text(code, expression);
    if (expression !== last) field.value = expression;
    last = expression;
    // The button that was pressed goes once it has done its work; the focus goes on in the field.
    const held = document.activeElement === draw;
    offer();
    if (held && draw.hidden) field.focus();
  }
  return { element, update };
}

/** A number field for every name. */
export function createValues(model: AnyModel<AutodiffTraits>, signal: AbortSignal) {
  const element = h("div", {
    class: "fe-ad-values",
    role: "group",
    "aria-label": "values",
    "data-fe-part": "values",
  });
  const fields = new Map<string, HTMLInputElement>();

  function update(): void {
    const values = model.get("values"), variables = model.get("variables");
    const names = Object.keys(values);
    if ([...fields.keys()].join() !== names.join()) {
      fields.clear();
      element.replaceChildren(...names.map((name) => {
        const id = uniqueId();
        const field = h("input", { type: "number", step: "any", id });
        const kind = variables.includes(name) ? "" : " (data)";
        fields.set(name, field);
        field.addEventListener("change", () => change(name, field), { signal });
        return h(
          "span",
          { class: "fe-ad-field" },
          h("label", { for: id }, `${name}${kind}`),
          field,
        );
      }));
    }
    for (const [name, field] of fields) {
      const written = String(values[name]);
      fill(field, written);
      field.style.width = `${Math.max(8, written.length + 4)}ch`;
    }
  }

  function change(name: string, field: HTMLInputElement): void {
    const value = field.value.trim() === "" ? null : Number(field.value);
    model.set("values", { ...model.get("values"), [name]: value as number });
    model.save_changes();
  }
  return { element, update };
}

/** The same gradients by GradientTape, side by side. */
export function createCheck(model: AnyModel<AutodiffTraits>, signal: AbortSignal) {
  const button = h("button", { type: "button" }, "Check with GradientTape");
  const words = h("span", { class: "fe-ad-words", role: "status" });
  const table = h("table", { class: "fe-number" });
  const scroll = h(
    "div",
    { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "Both gradients" },
    table,
  );
  const element = h(
    "div",
    { class: "fe-ad-check", "data-fe-part": "check" },
    button,
    words,
    scroll,
  );
  button.addEventListener("click", () => model.send({ kind: "check" }), { signal });

  function update(): void {
    const { state = "", words: said = "", rows = [] } = model.get("checked");
    const mark = { done: rows.every(({ agrees }) => agrees) ? "✓ " : "✗ ", failed: "✗ " }[state] ??
      "";
    text(words, mark + said);
    words.className = `fe-ad-words${mark === "✗ " ? " fe-ad-bad" : ""}`;
    button.disabled = state === "loading";
    button.title = state === "loading"
      ? "TensorFlow is at work"
      : "calculate the same gradients in TensorFlow";
    scroll.hidden = !rows.length;
    table.replaceChildren(
      h("caption", {}, "The card's numbers beside those of tf.GradientTape"),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ...["name", "here", "GradientTape", "the same?"].map((head) =>
            h("th", { scope: "col" }, head)
          ),
        ),
      ),
      h(
        "tbody",
        {},
        ...rows.map(({ name, ours, tape, words, agrees }) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, name),
            h("td", {}, exact(ours)),
            h("td", {}, tape === null ? "–" : exact(tape)),
            h("td", {}, `${agrees ? "✓" : "✗"} ${words}`),
          )
        ),
      ),
    );
  }
  return { element, update };
}

/** All numbers known in this frame, exactly. */
export function createNumbers() {
  const table = h("table", { class: "fe-number" });
  const element = h(
    "details",
    { "data-fe-part": "numbers" },
    h("summary", {}, "The numbers"),
    h(
      "div",
      { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "Numbers of this frame" },
      table,
    ),
  );

  function update({ graph, value, gradient }: Moment): void {
    const heads = [
      "name",
      "operation",
      "value",
      "local derivatives",
      `gradient d${graph.loss}/d(name)`,
    ];
    table.replaceChildren(
      h("caption", {}, "What is known in this frame, exactly"),
      h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
      h(
        "tbody",
        {},
        ...graph.nodes.map((node, k) => {
          const known = !Number.isNaN(value[k]);
          const local = graph.edges.flatMap(({ stop, flow, start, rule, local }) => {
            if (stop !== k || flow < 0) return [];
            const value = known && exact(local!) !== rule ? ` = ${exact(local!)}` : "";
            return [`d/d${graph.nodes[start].name} = ${rule}${value}`];
          });
          return h(
            "tr",
            {},
            h("th", { scope: "row" }, node.name),
            h(
              "td",
              {},
              node.kind === "operation" ? node.formula : node.kind === "data" ? "data" : "variable",
            ),
            h("td", {}, known ? exact(value[k]) : "–"),
            h("td", {}, local.join("; ")),
            h(
              "td",
              {},
              Number.isNaN(gradient[k]) ? (node.asked ? "–" : "not asked") : exact(gradient[k]),
            ),
          );
        }),
      ),
    );
  }
  return { element, update };
}
