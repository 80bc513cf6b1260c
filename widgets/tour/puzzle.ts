/** The exercise above the table: the question, how far one is, a nudge, the answer, what is true. */
import type { AnyModel } from "@anywidget/types";
import { h, text } from "../dom.ts";
import type { TourTraits } from "./traits.ts";

export function createPuzzle(
  model: AnyModel<TourTraits>,
  signal: AbortSignal,
  answer: () => void,
): { element: HTMLElement; update(): void } {
  const asked = model.get("facts").exercise;
  const said = h("p", { class: "fe-tour-said", role: "status" });
  const told = h("div", { class: "fe-tour-told" });
  const show = h("button", { type: "button" }, "Show me");
  show.addEventListener("click", answer, { signal });
  const hint = asked?.hint
    ? [h("details", {}, h("summary", {}, "A hint"), h("p", {}, asked.hint))]
    : [];
  let drawn = "";
  return {
    element: h(
      "div",
      { class: "fe-tour-puzzle" },
      h("p", { class: "fe-tour-question" }, asked?.question ?? ""),
      said,
      told,
      ...hint,
      show,
    ),
    update() {
      const found = model.get("found");
      if (!asked || !found.said) return;
      text(said, `${found.solved ? "✓" : "…"} ${found.said}`);
      said.classList.toggle("fe-solved", found.solved);
      show.hidden = found.explanation.length > 0;
      const now = found.explanation.join("\n");
      if (now === drawn) return;
      drawn = now;
      told.replaceChildren(...found.explanation.map((one) => h("p", {}, one)));
    },
  };
}
