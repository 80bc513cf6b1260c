/** Asks first which width will end lowest. */
import { h, text, uniqueId } from "../dom.ts";
import type { Model, Part } from "./controls.ts";
import { unitsWords } from "./words.ts";

export function createQuestion(model: Model, signal: AbortSignal): Part {
  const name = uniqueId();
  const words = h("legend"), choices = h("span", { class: "fe-over-choices" });
  const element = h(
    "fieldset",
    { class: "fe-over-question", "data-fe-part": "guess" },
    words,
    choices,
  );
  let offered = "";
  choices.addEventListener("change", (event) => {
    model.set("guess", Number((event.target as HTMLInputElement).value));
    model.save_changes();
  }, { signal });
  return {
    element,
    update() {
      element.hidden = !model.get("ask");
      text(words, `First a guess. ${model.get("facts").question}`);
      const units = model.get("units");
      if (offered !== units.join()) {
        offered = units.join();
        choices.replaceChildren(...units.map((value) =>
          h(
            "label",
            { class: "fe-inline" },
            h("input", { type: "radio", name, value }),
            unitsWords(value),
          )
        ));
      }
      const open = model.get("status") === "idle";
      for (const choice of choices.querySelectorAll<HTMLInputElement>("input")) {
        choice.checked = Number(choice.value) === model.get("guess");
        choice.disabled = !open;
        choice.title = open ? "" : "It was trained already: Reset for another guess";
      }
    },
  };
}
