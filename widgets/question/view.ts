/** Question on the page: what is asked, a field for the answer, and what became of it. Python judges. */
import type { RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, text, uniqueId } from "../dom.ts";
import { listen } from "../listen.ts";
import { remember } from "../progress.ts";
import { hideStill } from "../still.ts";
import { write } from "../words.ts";
import { createChoice, createField } from "./fields.ts";
import type { Traits } from "./traits.ts";

function render({ model, el, signal }: RenderProps<Traits>) {
  const id = uniqueId(), once = model.get("once");
  const heading = h("h2"), state = h("span", { class: "fe-state" });
  const picture = h("div", { class: "fe-picture" });
  const answer = model.get("kind") === "choice"
    ? createChoice(id, model.get("options"), picture)
    : createField(id, model.get("kind") === "number", once, picture);
  const main = h("button", { type: "submit" });
  const show = h("button", { type: "button" }, "Show the answer");
  const form = h("form", {}, answer.element, h("div", { class: "fe-buttons" }, main, show));
  const said = h("p", { class: "fe-said", role: "status" });
  const hint = h("p");
  const fold = h("details", {}, h("summary", {}, "A hint"), hint);
  const root = h(
    "section",
    { class: "fe fe-question", "data-lm-suppress-shortcuts": "true" },
    h("header", {}, heading, state),
    form,
    said,
    h("div", { class: "fe-folds" }, fold),
  );
  // The author of the question wrote it, as he writes the cells of his notebook.
  picture.innerHTML = model.get("picture");
  picture.hidden = !model.get("picture");
  el.append(root);
  hideStill(model, signal);

  const finished = () => ["right", "shown"].includes(model.get("state"));

  function refresh() {
    const [mark, verdict] = verdictOf(model.get("state"), once), ended = finished();
    text(heading, model.get("title"));
    text(state, `${mark} ${verdict}`);
    write(answer.prompt, model.get("prompt"));
    write(hint, model.get("hint"));
    fold.hidden = !model.get("hint");
    if (ended && answer.element.contains(document.activeElement)) main.focus();
    answer.show(model.get("answer_given"), model.get("solution"), ended);
    tell(sentence());
    said.classList.toggle("fe-right", model.get("state") === "right" && !model.get("problem"));
    const begin = once ? "This is my guess" : "Check";
    text(main, ended ? (once ? "Ask me again" : "Start again") : begin);
    main.classList.toggle("fe-primary", !ended);
    show.hidden = !model.get("can_show");
  }

  function sentence(): string {
    if (model.get("problem")) return `○ ${model.get("problem")}`;
    const words = model.get("said"), state = model.get("state"), right = model.get("right");
    if (state === "open") return "";
    const known = model.get("solution") && !right ? `The answer: ${model.get("solution")}.` : "";
    const wrong = once ? "○ Not this time." : state === "shown" ? "" : "○ Not yet.";
    const verdict = !right ? wrong : once ? "✓ You were right." : "✓ Right.";
    return [verdict, known, words].filter(Boolean).join(" ");
  }

  function tell(words: string) {
    write(said, words);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (finished()) return model.send({ kind: "reset" });
    const given = answer.read();
    if (given) model.send({ kind: "submit", answer: given });
    else tell(`○ ${answer.missing}`);
  }, { signal });
  show.addEventListener("click", () => {
    model.send({ kind: "show" });
    main.focus();
  }, { signal });
  // Keys typed here are no commands to the notebook.
  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey || event.altKey)) event.stopPropagation();
  }, { signal });
  const seen: (keyof Traits)[] = ["title", "prompt", "hint", "state", "answer_given", "tries"];
  listen(model, [...seen, "right", "said", "problem", "solution", "can_show"], signal, refresh);
  remember(model, signal);
  refresh();
}

function verdictOf(state: Traits["state"], once: boolean): [string, string] {
  if (state === "right") return ["✓", "right"];
  if (state === "shown") return once ? ["○", "answered"] : ["○", "answer shown"];
  return ["○", state === "tried" ? "not right yet" : "not answered yet"];
}

export default { render: card(render) };
