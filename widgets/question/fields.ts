/** The two ways to answer: options to choose from, or a field to type in. */
import { h, text } from "../dom.ts";
import { marked } from "../words.ts";

export interface Answer {
  element: HTMLElement;
  /** Where the question stands; it names the field, or the group of options. */
  prompt: HTMLElement;
  /** What is asked for where there is no answer. */
  missing: string;
  read(): string;
  /** Show the answer given; take no other if `ended`. */
  show(given: unknown, solution: string, ended: boolean): void;
}

export function createChoice(id: string, options: string[], picture: HTMLElement): Answer {
  const prompt = h("legend", { class: "fe-prompt" });
  const lines = options.map((option) => {
    const input = h("input", { type: "radio", name: id, value: option });
    const mark = h("span", { class: "fe-mark" });
    return {
      option,
      input,
      mark,
      line: h("label", { class: "fe-option" }, input, h("span", {}, ...marked(option)), mark),
    };
  });
  const list = h("div", { class: "fe-options" }, ...lines.map((one) => one.line));
  const element = h("fieldset", {}, prompt, picture, list);
  let shown: unknown = null;
  return {
    element,
    prompt,
    missing: "Choose one of the answers first.",
    read: () => lines.find((one) => one.input.checked)?.option ?? "",
    show(given, solution, ended) {
      for (const { option, input, mark } of lines) {
        if (given !== shown || ended) input.checked = option === given;
        input.disabled = ended;
        const yours = option === given ? "your answer" : "";
        text(mark, !ended ? "" : option === solution ? `✓ ${yours || "the answer"}` : yours);
      }
      shown = given;
    },
  };
}

export function createField(
  id: string,
  number: boolean,
  once: boolean,
  picture: HTMLElement,
): Answer {
  const prompt = h("p", { class: "fe-prompt", id: `${id}-prompt` });
  const label = h("label", { for: id, id: `${id}-label` }, once ? "Your guess" : "Your answer");
  const input = h("input", {
    id,
    type: "text",
    class: number ? "" : "fe-words",
    inputmode: number ? "decimal" : "text",
    autocomplete: "off",
    spellcheck: "false",
    "aria-labelledby": `${id}-prompt ${id}-label`,
  });
  let shown: unknown = null;
  return {
    element: h("div", {}, prompt, picture, h("div", { class: "fe-field" }, label, input)),
    prompt,
    missing: number ? "Type a number first, such as 2.5." : "Type a word or a few first.",
    read: () => input.value.trim(),
    show(given, _, ended) {
      if (given !== shown) {
        input.value = given === null
          ? ""
          : typeof given === "number"
          ? String(given).replace("-", "−")
          : String(given);
      }
      shown = given;
      input.readOnly = ended;
    },
  };
}
