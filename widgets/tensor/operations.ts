/** Operations on the tensor: a form that asks Python, and the stage that plays the steps it sends back. */
import type { AnyModel } from "@anywidget/types";
import { h, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { createStage, type OperationScene } from "./stage.ts";
import type { TensorTraits } from "./traits.ts";

interface Offered {
  name: string;
  arguments: string;
  other: string;
  says: string;
  /** Whether it has arguments besides the tensors. */
  takes: boolean;
}

export interface Operations {
  element: HTMLElement;
  repaint(): void;
}

export function createOperations(
  model: AnyModel<TensorTraits>,
  signal: AbortSignal,
  root: () => HTMLElement,
): Operations {
  const choose = h("select", { "aria-label": "operation" });
  const written = h("input", {
    type: "text",
    "aria-label": "arguments",
    spellcheck: "false",
    autocomplete: "off",
  });
  const other = h("input", {
    type: "text",
    "aria-label": "y",
    spellcheck: "false",
    autocomplete: "off",
  });
  const otherRow = h("label", { class: "fe-inline fe-operation-other" }, "y = ", other);
  const go = h("button", { type: "submit", class: "fe-primary" }, "Show it");
  const says = h("p", { class: "fe-note" });
  const form = h(
    "form",
    { class: "fe-operation-form" },
    h("span", { class: "fe-operation-call" }, "tf.", choose, "(x, ", written, ")"),
    otherRow,
    go,
  );
  const wrong = h("p", { class: "fe-error", role: "alert", hidden: true });
  const code = h("code", { class: "fe-operation-code" });
  const same = h("code", { class: "fe-operation-code" });
  const rule = h("p", { class: "fe-operation-rule" });
  const sentence = h("p", { class: "fe-operation-sentence" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const note = h("p", { class: "fe-note", hidden: true });
  const stage = createStage(signal, root);
  const player = createPlayer({
    signal,
    unit: "step",
    first: 0,
    framesPerSecond: 1.6,
    onFrame: (frame, tween) => show(frame, tween),
    onState: () => speak(),
  });
  const result = h(
    "div",
    {
      class: "fe-operation",
      tabindex: 0,
      role: "group",
      "aria-label": "the operation, step by step",
      hidden: true,
    },
    h("p", {}, code),
    rule,
    note,
    stage.element,
    player.element,
    sentence,
    spoken,
    h("p", { class: "fe-note" }, "The same in numpy: ", same),
  );
  const element = h(
    "details",
    { "data-fe-part": "operations" },
    h("summary", {}, "Operations"),
    form,
    says,
    wrong,
    result,
  );
  attachKeys(result, player, signal);

  let scene: OperationScene | null = null;
  let offered: Offered[] = [];

  function show(frame: number, tween: boolean) {
    if (!scene) return;
    stage.show(frame, tween);
    text(sentence, scene.sentences[frame] ?? "");
    speak();
  }

  /** Said aloud only at rest: steps that play would talk without end. */
  function speak() {
    if (scene && !player.clock.playing) text(spoken, sentence.textContent ?? "");
  }

  function fill() {
    const chosen = offered.find((one) => one.name === choose.value);
    if (!chosen) return;
    written.value = chosen.arguments;
    written.hidden = !chosen.takes;
    otherRow.hidden = !chosen.other;
    other.value = chosen.other;
    text(says, chosen.says);
  }
  choose.addEventListener("change", fill, { signal });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const others = otherRow.hidden ? "" : other.value;
    model.send({ kind: "apply", name: choose.value, arguments: written.value, others });
  }, { signal });
  element.addEventListener("toggle", () => stage.resize(), { signal });

  let offeredKey = "";
  function refresh() {
    const told = model.get("operation") as unknown as OperationScene & {
      offered?: Offered[];
      error?: string;
    };
    const next = JSON.stringify(told.offered ?? []);
    if (next !== offeredKey) {
      offeredKey = next;
      offered = told.offered ?? [];
      choose.replaceChildren(...offered.map((one) => h("option", { value: one.name }, one.name)));
      fill();
    }
    wrong.hidden = !told.error;
    text(wrong, told.error ?? "");
    if (told.number === scene?.number) return;
    scene = told.number ? told : null;
    result.hidden = !scene;
    if (!scene) return;
    element.open = true;
    if (choose.value !== scene.name) {
      choose.value = scene.name;
      fill();
    }
    written.value = scene.arguments;
    if (scene.other) other.value = scene.other;
    text(code, `${scene.code}  →  ${scene.result_shape}`);
    text(same, scene.numpy_code);
    text(rule, scene.rule);
    const frames = scene.sentences.length;
    text(note, scene.note);
    note.hidden = !scene.note;
    stage.element.hidden = sentence.hidden = !frames;
    player.element.hidden = frames < 2;
    player.setLength(0, false);
    if (!frames) return;
    stage.set(scene);
    player.setLength(frames, false);
    show(0, false);
    player.clock.play();
  }
  listen(model, ["operation"], signal, refresh);
  refresh();
  return { element, repaint: () => stage.repaint() };
}
