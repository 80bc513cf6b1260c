/** Choosing the patient (or whatever a row is): previous, row number, next, and the button that follows it through the network. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, text } from "../dom.ts";

/** The two traits a widget needs to let a patient be chosen. */
export interface PatientTraits {
  patient: number;
  /** `noun` is what a row is; a patient unless it is given. */
  chosen: { rows: number; target: number | null; label: string; noun?: string };
}

export function createPatient(
  model: AnyModel<PatientTraits>,
  signal: AbortSignal,
  follow: () => void,
) {
  const noun = model.get("chosen").noun ?? "patient";
  const last = () => model.get("chosen").rows - 1;
  const go = (row: number) => {
    if (!Number.isInteger(row) || row < 0 || row > last()) {
      input.value = String(model.get("patient"));
      return;
    }
    model.set("patient", row);
    model.save_changes();
  };
  const button = (label: string, words: string, act: () => void) => {
    const made = h("button", { type: "button", "aria-label": label, title: label }, words);
    made.addEventListener("click", act, { signal });
    return made;
  };
  const input = h("input", {
    type: "number",
    "aria-label": "training row",
    min: 0,
    step: 1,
    inputmode: "numeric",
  });
  input.addEventListener("change", () => go(Number(input.value)), { signal });
  const before = button(`previous ${noun}`, "−", () => go(model.get("patient") - 1));
  const after = button(`next ${noun}`, "+", () => go(model.get("patient") + 1));
  const walk = button(`follow this ${noun} through the network`, "Follow", follow);
  const facts = h("span", { class: "fe-number fe-facts" });
  const element = h(
    "div",
    { class: "fe-patient", role: "group", "aria-label": noun, "data-fe-part": "patient" },
    h("span", {}, noun === "row" ? "training row" : `${noun}: training row`),
    h("span", { class: "fe-stepper" }, before, input, after),
    walk,
    facts,
  );
  return {
    element,
    update() {
      const { rows, target, label } = model.get("chosen");
      const row = model.get("patient");
      element.hidden = rows === 0;
      input.max = String(rows - 1);
      fill(input, String(row));
      before.disabled = row <= 0;
      after.disabled = row >= rows - 1;
      text(
        facts,
        `0 to ${rows - 1}${
          target === null
            ? ""
            : ` · target ${String(target).replace("-", "−")}${
              label && label !== String(target) ? ` (${label})` : ""
            }`
        }`,
      );
    },
  };
}
