/** The lecture's question at rank 4: choose an example or type one; Python judges. */
import { h, text, uniqueId } from "../dom.ts";
import type { LadderTraits } from "./traits.ts";

export interface Question {
  element: HTMLElement;
  update(choices: string[], told: LadderTraits["told"]): void;
  focus(): void;
}

interface Options {
  signal: AbortSignal;
  answer(words: string): void;
  goOn(): void;
}

export function createQuestion({ signal, answer, goOn }: Options): Question {
  const id = uniqueId();
  const choices = h("div", { class: "fe-choices" });
  const own = h("input", {
    type: "text",
    id: `${id}-own`,
    autocomplete: "off",
    placeholder: "your own, or a shape",
  });
  const send = h("button", { type: "submit" }, "Answer");
  const form = h(
    "form",
    { class: "fe-own" },
    h("label", { class: "fe-hidden", for: `${id}-own` }, "your own example"),
    own,
    send,
  );
  const verdict = h("p", { class: "fe-verdict", role: "status" });
  const on = h("button", { type: "button" }, "Show me");
  const element = h(
    "div",
    { class: "fe-question", role: "group", "aria-labelledby": `${id}-asked` },
    h("p", { class: "fe-asked", id: `${id}-asked` }, "Can you give an example of a rank-4 tensor?"),
    h(
      "p",
      { class: "fe-note" },
      "A number, a row, a table, a cube. What comes next is hard to imagine as a body with four dimensions, and easy to find among things you know.",
    ),
    choices,
    form,
    verdict,
    on,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(own.value);
  }, { signal });
  on.addEventListener("click", goOn, { signal });
  let shown = "";
  return {
    element,
    update(offered, told) {
      if (shown !== offered.join("\n")) {
        shown = offered.join("\n");
        choices.replaceChildren(...offered.map((choice) => {
          const button = h("button", { type: "button", "aria-pressed": "false" }, choice);
          button.addEventListener("click", () => answer(choice), { signal });
          return button;
        }));
      }
      for (const button of choices.children) {
        button.setAttribute("aria-pressed", String(button.textContent === told.answer));
      }
      verdict.className = `fe-verdict ${
        told.right ? "fe-right" : told.right === false ? "fe-wrong" : ""
      }`;
      text(
        verdict,
        told.words ? `${told.right ? "✓ " : told.right === false ? "✗ " : ""}${told.words}` : "",
      );
      on.className = told.right ? "fe-primary" : "";
      text(on, told.right ? "Go on" : "Show me");
    },
    focus: () => (choices.firstElementChild as HTMLElement | null)?.focus(),
  };
}
