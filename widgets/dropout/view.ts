/** DropoutView on the page: the network, the masks of a batch, the means. Draws what Python and Keras computed. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { createNetwork, type NetworkState } from "../network/network.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { type Palette, readPalette, watchTheme } from "../plot/palette.ts";
import { createProblem } from "../problem.ts";
import { Frames, receiveFrames } from "../recording.ts";
import { hideStill } from "../still.ts";
import { outputCourse, unitCourse } from "./courses.ts";
import { createFolds } from "./folds.ts";
import { createForm } from "./form.ts";
import { createMasks } from "./masks.ts";
import { createKey, createMeans, createUnits } from "./means.ts";
import type { DropoutTraits, Facts } from "./traits.ts";
import {
  networksSentence,
  outputSentence,
  powerOfTwo,
  sentenceOf,
  sourceSentence,
  whole,
} from "./words.ts";

const SETTINGS = ["title", "rate", "batch_size", "batches", "seed", "training", "layer", "row"];

function render({ model, el, signal }: RenderProps<DropoutTraits>) {
  let frames = new Frames();
  let palette: Palette | null = null;
  /** The unit whose mean is followed; null for the one that inference finds largest. */
  let picked: number | null = null;
  const any = model as unknown as AnyModel;
  const facts = () => frames.settings as unknown as Facts;

  const heading = h("h2");
  const numbers = h("span", { class: "fe-state fe-number" });
  const lead = h(
    "p",
    { class: "fe-lead" },
    "Play: in every batch chance sends other units away. Watch the means below come back to what the whole network gives.",
  );
  const network = createNetwork({
    signal,
    droppedWords: "dropped for this row in this batch",
    onPin(place) {
      const at = place ? unitOf(place.layer, place.position) : null;
      if (at !== null) pick(at);
    },
  });
  const masks = createMasks(signal, (row) => {
    model.set("row", row);
    model.save_changes();
  });
  const form = createForm(model as unknown as AnyModel<DropoutTraits>, signal);
  const chosen = h("select", { "aria-label": "unit whose mean is followed" });
  chosen.addEventListener("change", () => pick(Number(chosen.value)), { signal });
  const units = createUnits(signal, () => redraw());
  const unit = createMeans(
    signal,
    () => redraw(),
    h("h3", { class: "fe-mean-head" }, "Mean of ", chosen),
    "Mean of one unit over the masks so far",
  );
  const output = createMeans(
    signal,
    () => redraw(),
    h("h3", { class: "fe-mean-head" }, "Mean of the network's output"),
    "Mean of the network's output over the masks so far",
  );
  const player = createPlayer({
    signal,
    unit: "batch",
    framesPerSecond: 4,
    onFrame: show,
    onState: () => speak(),
  });
  const sentence = h("p", { class: "fe-sentence" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const verdict = h("p", { class: "fe-verdict fe-number" });
  const count = h("p", { class: "fe-networks fe-number" });
  const source = h("p", { class: "fe-source" });
  const folds = createFolds(signal, () => redraw());
  const root = h(
    "section",
    { class: "fe fe-dropout" },
    h("header", {}, heading, numbers, lead),
    h(
      "div",
      { class: "fe-dropout-body" },
      h("section", { class: "fe-dropout-net" }, form.mode, network.element),
      masks.element,
    ),
    h("div", { class: "fe-means" }, units.element, unit.element, output.element),
    h("div", { class: "fe-means-key" }, createKey(), verdict),
    h("div", { class: "fe-dock" }, player.element, sentence),
    spoken,
    createProblem(model, signal, "⚠"),
    form.element,
    h("div", { class: "fe-told" }, count, source),
    h("div", { class: "fe-folds" }, ...folds.elements),
  );
  attachKeys(root, player, signal);
  el.append(root);

  function colours(): Palette {
    return palette ??= readPalette(root);
  }

  /** The number of a unit of the picture in its layer, if Dropout is at work on it and it is listed. */
  function unitOf(layer: number, position: number): number | null {
    const { network: { layers }, layer: name, listed } = facts();
    const here = layers[layer];
    const at = here.shown[position];
    return here.dropouts.some((one) => one.name === name) && at < listed ? at : null;
  }

  function pick(at: number): void {
    picked = at;
    chosen.value = String(at);
    redraw();
  }

  function followed(): number {
    const { expected } = facts();
    if (picked !== null && picked < expected.length) return picked;
    return expected.indexOf(Math.max(...expected));
  }

  function state(frame: number): NetworkState {
    const { drawn, scales, training } = facts();
    const values = { drawn, activations: frames.row("values", frame) };
    if (!training) return values;
    return {
      ...values,
      raw: frames.row("raw", frame),
      dropped: frames.row("dropped", frame),
      scales,
    };
  }

  function show(frame: number): void {
    if (!frames.length || !root.isConnected) return;
    const told = facts(), hand = followed();
    network.draw(told.network, state(frame));
    masks.draw(frames, told, frame, colours());
    units.draw(
      told.expected,
      frames.row("mean", frame),
      frames.row("error", frame),
      told.scale,
      hand,
    );
    unit.draw(`unit ${hand + 1}`, unitCourse(frames, told, hand), frame);
    output.draw(told.output, outputCourse(frames, told), frame);
    text(sentence, sentenceOf(frames, told, frame));
    text(verdict, outputSentence(frames, told, frame));
    text(count, networksSentence(frames, told, frame));
    folds.update(frames, told, frame, hand, model.get("code"));
    speak();
  }

  /** Said aloud only at rest: playing masks would talk without end. */
  function speak(): void {
    if (frames.length && !player.clock.playing) {
      text(spoken, `${sentence.textContent} ${verdict.textContent}`.trim());
    }
  }

  function redraw(): void {
    if (frames.length) show(player.frame);
  }

  function settings(): void {
    text(heading, model.get("title"));
    form.update(frames.length ? facts() : null);
  }

  /** Another run: the learner stays at the batch in hand. */
  function take(): void {
    const told = facts();
    text(
      numbers,
      `${whole(told.units)} ${told.units === 1 ? "unit" : "units"} · rate ${told.rate} · ${
        powerOfTwo(told.units)
      } networks`,
    );
    text(source, sourceSentence(told));
    const names = told.expected.map((_, at) => `unit ${at + 1}`);
    if (chosen.children.length !== names.length) {
      chosen.replaceChildren(...names.map((name, at) => h("option", { value: at }, name)));
    }
    chosen.value = String(followed());
    player.setLength(frames.length, false);
    settings();
    redraw();
  }

  listen(model, [...SETTINGS, "problem"], signal, settings);
  listen(model, ["code"], signal, redraw);
  watchTheme(signal, () => {
    palette = null;
    redraw();
  });
  hideStill(any, signal);
  frames = receiveFrames(any, signal, take);
  const widths = new ResizeObserver(() => redraw());
  widths.observe(root);
  signal.addEventListener("abort", () => widths.disconnect());
  settings();
}

export default { render: card(render) };
