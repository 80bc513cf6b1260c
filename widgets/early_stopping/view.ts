/** EarlyStoppingExplorer on the page: the curve, the handles, the strip, one clock. Draws what Python worked out. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, text } from "../dom.ts";
import { createGlossary } from "../glossary.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { createProblem } from "../problem.ts";
import { receiveFrames } from "../recording.ts";
import { hideStill } from "../still.ts";
import { createControls } from "./controls.ts";
import { entriesOf } from "./glossary.ts";
import { createHandles } from "./handles.ts";
import { createPicture } from "./picture.ts";
import { createStrip } from "./strip.ts";
import { createTables } from "./tables.ts";
import { type EarlyStoppingTraits, type Facts, type Story, storyOf } from "./traits.ts";
import { sentence, state } from "./words.ts";

const SETTINGS = [
  "monitor",
  "mode",
  "patience",
  "min_delta",
  "start_from_epoch",
  "baseline",
  "restore_best_weights",
];

function render({ model, el, signal }: RenderProps<EarlyStoppingTraits>) {
  let story: Story | null = null;
  const heading = h("h2");
  const numbers = h("span", { class: "fe-state fe-number" });
  const lead = h("p", { class: "fe-lead" });
  const picture = createPicture(signal, () => redraw());
  const handles = createHandles({
    plot: picture.plot,
    signal,
    get: (name) => model.get(name),
    set: send,
    changed: () => redraw(),
  });
  const strip = createStrip(signal, (patience) => send("patience", patience));
  const controls = createControls(signal, (name) => model.get(name), send);
  const words = h("p", { class: "fe-sentence fe-number" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const outcome = h("div", { class: "fe-outcome fe-number" });
  const tables = createTables(signal);
  const glossary = createGlossary();
  const code = h("code");
  const axis = h("p", { class: "fe-axis-name" }), legend = h("p", { class: "fe-legend" });
  const player = createPlayer({
    signal,
    unit: "epoch",
    framesPerSecond: 6,
    onFrame: () => redraw(),
    onState: () => speak(),
    label: (frame) => story ? `epoch ${story.at(frame).epoch + 1} / ${lastOf(story)}` : "",
  });
  const root = h(
    "section",
    { class: "fe fe-early-stopping" },
    h("header", {}, heading, numbers, lead),
    createProblem(model, signal, "⚠ Not changed:"),
    axis,
    h("div", { class: "fe-early-picture" }, picture.plot.element, ...handles.elements),
    legend,
    strip.element,
    controls.element,
    h("div", { class: "fe-dock" }, player.element, words),
    spoken,
    outcome,
    h(
      "div",
      { class: "fe-folds" },
      glossary.element,
      tables.element,
      h(
        "details",
        { "data-fe-part": "code" },
        h("summary", {}, "The code"),
        h(
          "pre",
          { class: "fe-code", tabindex: 0, role: "group", "aria-label": "Code" },
          code,
        ),
      ),
    ),
  );
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);
  attachKeys(root, player, signal);

  function send<K extends keyof EarlyStoppingTraits>(name: K, value: EarlyStoppingTraits[K]): void {
    model.set(name, value);
    model.save_changes();
    redraw();
  }

  function redraw(): void {
    if (!story) return;
    const frame = player.frame, patience = model.get("patience");
    picture.draw(frame, patience, handles.held());
    handles.place(story, frame);
    strip.update(story.facts, patience);
    tables.update(story, frame);
    text(numbers, state(story, frame));
    text(words, sentence(story, frame));
    speak();
  }

  /** Said aloud only at rest: a playing story would talk without end. */
  function speak(): void {
    if (!story || player.clock.playing) return;
    const { facts } = story, { epoch } = story.at(player.frame);
    const ends = epoch === (facts.stopped_epoch ?? facts.first + story.length - 1);
    text(spoken, [words.textContent, ...(ends ? facts.outcome : [])].join(" "));
  }

  /** Another story: the learner stays at the same epoch; the very first opens at its end. */
  function take(): void {
    const fresh = !story, playing = player.clock.playing;
    story = storyOf(frames);
    if (!story) return;
    const { facts } = story;
    picture.setStory(story);
    player.clock.setGroup(turns(story));
    player.setLength(story.length, false);
    if (fresh && facts.stopped_epoch !== null) player.seek(facts.stopped_epoch - facts.first);
    else if (fresh) player.seek(story.length - 1);
    text(lead, leadOf(facts));
    text(axis, facts.twin ? `${facts.monitor} and ${facts.twin}` : facts.monitor);
    text(legend, legendOf(story));
    outcome.replaceChildren(...facts.outcome.map((one) => h("p", {}, one)));
    settings();
    redraw();
    if (playing) player.clock.play();
  }

  function settings(): void {
    text(heading, model.get("title"));
    text(code, model.get("code"));
    if (!story) return;
    controls.update(story.facts);
    glossary.show(entriesOf(story.facts));
  }

  listen(model, [...SETTINGS, "title", "code", "problem"], signal, () => {
    settings();
    redraw();
  });
  const frames = receiveFrames(model as unknown as AnyModel, signal, take);
  settings();
}

const lastOf = ({ facts, length }: Story) => facts.first + length;

/** Frames at which the story turns: shift and an arrow go from one to the next. */
function turns({ facts, length }: Story): number[] {
  const { first, start_from_epoch, best_epoch, stopped_epoch } = facts;
  const found = [0, length - 1];
  for (const epoch of [start_from_epoch, best_epoch, stopped_epoch]) {
    if (epoch !== null && epoch >= first && epoch < first + length) found.push(epoch - first);
  }
  return [...new Set(found)].sort((one, other) => one - other);
}

function leadOf({ falls, monitor }: Facts): string {
  return `Drag the end of the patience bar: where does training stop, and which epoch of ${monitor} (${
    falls ? "less" : "more"
  } is better) comes back?`;
}

function legendOf({ facts, epochs }: Story): string {
  const { monitor, twin, falls } = facts;
  const holes = epochs.some(({ value }) => !Number.isFinite(value)) ? " ×: no finite number." : "";
  const handle = facts.start_from_epoch > facts.first
    ? ""
    : " The handle at the left edge sets a warm-up.";
  const line = (name: string) => name.startsWith("val_") ? `${name} dashed` : `${name} solid`;
  const curves = twin ? `${line(monitor)}, ${line(twin)} and thin` : line(monitor);
  return `${curves}; pale: recorded, but not reached. Ticks ${
    falls ? "below" : "above"
  } the curve: improvements.${handle}${holes}`;
}

export default { render: card(render) };
