/** NetworkView on the page: the picture, the patient, the player and the numbers. Draws what Python computed. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { Frames, receiveFrames } from "../recording.ts";
import { walk } from "./follow.ts";
import { createNetwork } from "./network.ts";
import { createPatient, type PatientTraits } from "./patient.ts";
import { type NetworkPlan, type NetworkState, offsetsOf, type Place, shapeOf } from "./plan.ts";
import { createTables } from "./tables.ts";
import { outputWords } from "./words.ts";

export interface NetworkTraits {
  title: string;
  patient: number;
  unit: string;
  chosen: { rows: number; target: number | null; label: string; noun?: string };
}

function render({ model, el, signal }: RenderProps<NetworkTraits>) {
  let frames = new Frames();
  let pinned: Place | null = null;
  const heading = h("h2");
  const numbers = h("span", { class: "fe-state fe-number" });
  const lead = h("p", { class: "fe-lead" });
  const network = createNetwork({
    signal,
    walk,
    onPin: (place) => {
      pinned = place;
      if (frames.length) tables.update(plan(), state(player.frame), pinned);
    },
  });
  const dropout = h("input", { type: "checkbox", checked: true });
  dropout.checked = true;
  const dropoutLabel = h(
    "label",
    { class: "fe-inline", "data-fe-part": "dropout" },
    dropout,
    "training: show what this batch dropped",
  );
  const patient = createPatient(model as unknown as AnyModel<PatientTraits>, signal, follow);
  const player = createPlayer({
    signal,
    unit: model.get("unit"),
    framesPerSecond: 10,
    onFrame: show,
    onState: () => speak(),
  });
  const sentence = h("p", { class: "fe-sentence" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const tables = createTables(signal, () => refresh());
  const root = h(
    "section",
    { class: "fe fe-network" },
    h("header", {}, heading, numbers, lead),
    h("div", { class: "fe-body-wrap" }, network.element),
    h("div", { class: "fe-bar" }, patient.element, dropoutLabel),
    player.element,
    sentence,
    spoken,
    h("div", { class: "fe-folds" }, ...tables.elements),
  );
  attachKeys(root, player, signal);
  el.append(root);

  const plan = () => frames.settings.network as NetworkPlan;
  const showsDropout = () => frames.has("dropped") && dropout.checked;

  /** Dropout belongs to training and a patient's values to inference: one picture never mixes the two. */
  function state(frame: number): NetworkState {
    const row = (name: string) => frames.has(name) ? frames.row(name, frame) : undefined;
    const drawn = frames.row("drawn", frame);
    return showsDropout()
      ? { drawn, dropped: row("dropped") }
      : { drawn, activations: row("activations"), sums: row("sums") };
  }

  function show(frame: number): void {
    if (!frames.length) return;
    const now = state(frame);
    network.draw(plan(), now);
    tables.update(plan(), now, pinned);
    text(sentence, capital(sentenceOf(frame, now)));
    speak();
  }

  /** Said aloud only at rest: a playing recording would talk without end. */
  function speak(): void {
    if (frames.length && !player.clock.playing) text(spoken, sentence.textContent ?? "");
  }

  function sentenceOf(frame: number, now: NetworkState): string {
    const { target, label, noun = "patient" } = model.get("chosen");
    const when = frames.length > 1
      ? `${capital(model.get("unit"))} ${frame + 1} of ${frames.length}: `
      : "";
    if (now.dropped) {
      const offsets = offsetsOf(plan());
      const parts = plan().layers.flatMap((layer, l) => {
        const all = layer.shown.map((_, position) => now.dropped![offsets.units[l] + position]);
        return layer.dropouts.length
          ? [`${all.filter(Boolean).length} of ${all.length} in ${layer.name}`]
          : [];
      });
      return `${when}dropped for the first ${noun} of this batch: ${
        parts.join(", ")
      }. Every ${noun} draws its own.`;
    }
    if (!now.activations) return `${when}no ${noun} is followed; give data to choose one.`;
    const last = plan().layers.length - 1;
    const start = offsetsOf(plan()).units[last];
    const outputs = plan().layers[last].shown.map((_, position) =>
      outputWords(plan(), last, now.activations![start + position])
    );
    const meaning = target === null ? "" : ` Its target is ${target}${label ? ` (${label})` : ""}.`;
    return `${when}for training row ${model.get("patient")} the network answers ${
      outputs.join(", ")
    }.${meaning} Nothing is dropped at inference.`;
  }

  async function follow(): Promise<void> {
    if (!frames.length) return;
    player.clock.pause();
    dropout.checked = false;
    show(player.frame);
    const said = await network.follow();
    if (said.length && !signal.aborted) {
      text(spoken, `${said.join("; ")}. ${sentence.textContent}`);
    }
  }

  function refresh(): void {
    text(heading, model.get("title"));
    if (!frames.length) return;
    text(numbers, `${shapeOf(plan())} · ${plan().total.toLocaleString("en")} parameters`);
    text(
      lead,
      frames.length > 1
        ? "Play, and watch the weights change: a wide line is a large weight, blue adds, dashed orange takes away."
        : "Every line is one weight, every circle one unit: a wide line is a large weight, blue adds, dashed orange takes away.",
    );
    player.element.hidden = frames.length < 2;
    dropoutLabel.hidden = !frames.has("dropped");
    patient.update();
    show(player.frame);
  }

  dropout.addEventListener("change", () => refresh(), { signal });
  listen(model, ["title", "patient", "chosen"], signal, refresh);
  frames = receiveFrames(model as unknown as AnyModel, signal, (received) => {
    const last = player.clock.length === 0;
    player.setLength(received.length, false);
    if (last) player.seek(received.length - 1);
    refresh();
  });
  refresh();
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export default { render: card(render) };
