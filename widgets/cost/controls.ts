/** The bar of the measurement with its settings, and the guess before it. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, part, text, uniqueId } from "../dom.ts";
import { createJobBar, isGoing } from "../job.ts";
import { whole } from "./numbers.ts";
import type { CostTraits } from "./traits.ts";

const LARGEST = [10_000, 30_000, 100_000, 300_000, 1_000_000];

export function createControls(
  model: AnyModel<CostTraits>,
  signal: AbortSignal,
  send: (kind: string) => void,
): { element: HTMLElement; question: HTMLElement; update(): void } {
  const set = <K extends "batch_size" | "largest" | "guess">(name: K, value: CostTraits[K]) => {
    model.set(name, value as never);
    model.save_changes();
  };
  const batch = h("input", { type: "number", min: 1, max: 1000, step: 1 });
  batch.addEventListener("change", () => {
    const value = Number(batch.value);
    if (batch.value.trim() === "") batch.value = String(model.get("batch_size"));
    else set("batch_size", value);
  }, { signal });
  const largest = h("select");
  largest.addEventListener("change", () => set("largest", Number(largest.value)), { signal });
  let offered = "";
  const offer = (value: number) => {
    const sizes = [...new Set([...LARGEST, value])].sort((one, other) => one - other);
    if (offered !== sizes.join()) {
      largest.replaceChildren(...sizes.map((size) => h("option", { value: size }, whole(size))));
      offered = sizes.join();
    }
    largest.value = String(value);
  };
  const asked = h("span");
  const id = uniqueId();
  const guess = h("input", { type: "number", min: 0, step: "any", "aria-labelledby": id });
  guess.addEventListener("change", () => {
    set("guess", guess.value.trim() === "" ? null : Number(guess.value));
  }, { signal });
  const question = h(
    "p",
    { class: "fe-cost-question", "data-fe-part": "guess" },
    h("span", { id }, "First a guess. ", asked),
    h("span", { class: "fe-inline" }, guess, "times"),
  );

  const bar = createJobBar(signal, send, {
    name: "Measurement",
    start: ["Measure", "measure"],
    share: "share measured",
    idle: "Nothing is being measured",
    fields: [
      part("batch_size", h("label", { class: "fe-inline" }, "batch size", batch)),
      part("largest", h("label", { class: "fe-inline" }, "largest n", largest)),
    ],
  });

  return {
    element: bar.element,
    question,
    update() {
      const status = model.get("status"), report = model.get("report"), facts = model.get("facts");
      const going = isGoing(status);
      const busy = going ? "Stop the measurement first, or let it end" : "";
      bar.start.element.disabled = going;
      bar.start.element.title = busy;
      for (const field of [batch, largest]) {
        field.disabled = going;
        field.title = busy;
      }
      fill(batch, String(model.get("batch_size")));
      offer(model.get("largest"));
      bar.update({
        status,
        share: report.share,
        told: report.of ? `${report.done} of ${report.of} · ${told(report)}` : "",
      });
      question.hidden = !model.get("ask");
      text(asked, facts.question);
      guess.disabled = status !== "idle";
      guess.title = guess.disabled ? "It was measured already: Reset for another guess" : "";
      fill(guess, String(model.get("guess") ?? ""));
    },
  };
}

function told({ doing, outcome }: CostTraits["report"]): string {
  return doing || (outcome === "finished" ? "all measured" : outcome || "…");
}
