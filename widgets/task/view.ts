/** Task on the page: what is asked, whether it is done, and what is still missing. Python checks. */
import type { RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { remember, type RememberedTraits } from "../progress.ts";
import { hideStill } from "../still.ts";
import { write } from "../words.ts";

export interface TaskTraits {
  title: string;
  prompt: string;
  hint: string;
  watching: boolean;
  done: boolean;
  said: string;
}

function render({ model, el, signal }: RenderProps<TaskTraits & RememberedTraits>) {
  const heading = h("h2");
  const state = h("span", { class: "fe-state" });
  const prompt = h("p", { class: "fe-prompt" });
  const said = h("p", { class: "fe-said", role: "status" });
  const button = h("button", { type: "button" });
  const hint = h("p");
  const fold = h("details", {}, h("summary", {}, "A hint"), hint);
  const root = h(
    "section",
    { class: "fe fe-task" },
    h("header", {}, heading, state),
    prompt,
    said,
    h("div", { class: "fe-folds" }, fold, button),
  );
  el.append(root);
  hideStill(model, signal);

  function refresh() {
    const done = model.get("done"), watching = model.get("watching"), words = model.get("said");
    text(heading, model.get("title"));
    text(state, done ? "✓ done" : "○ not done yet");
    write(prompt, model.get("prompt"));
    write(hint, model.get("hint"));
    fold.hidden = !model.get("hint");
    const empty = watching
      ? "This card watches what you do, and says when it is right."
      : "Press Check when you think it is right.";
    write(said, done ? `✓ ${words}` : words ? `○ Not yet. ${words}` : empty);
    said.classList.toggle("fe-done", done);
    said.classList.toggle("fe-missing", !done && words !== "");
    text(button, done ? "Start again" : "Check");
    button.hidden = watching && !done;
  }

  button.addEventListener(
    "click",
    () => model.send({ kind: model.get("done") ? "reset" : "check" }),
    { signal },
  );
  listen(model, ["title", "prompt", "hint", "watching", "done", "said"], signal, refresh);
  remember(model, signal);
  refresh();
}

export default { render: card(render) };
