/** Autodiff on the page: the graph, the player, the values, the check. Draws what Python computed. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { createProblem } from "../problem.ts";
import { Frames, receiveFrames } from "../recording.ts";
import { hideStill } from "../still.ts";
import {
  createCheck,
  createLegend,
  createNumbers,
  createRule,
  createSource,
  createValues,
} from "./panels.ts";
import { createPicture, spokenOf } from "./picture.ts";
import { type AutodiffTraits, type Moment, momentOf } from "./traits.ts";

function render({ model, el, signal }: RenderProps<AutodiffTraits>) {
  let frames = new Frames();
  let moment: Moment | null = null;
  let pointed = -1;
  let shape = "";
  const typed = model as unknown as AnyModel<AutodiffTraits>;
  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h(
    "p",
    { class: "fe-lead" },
    "Each operation knows its own derivative. Values go forward; then each operation multiplies the gradient that reaches it by its local derivative and passes it on.",
  );
  const problem = createProblem(model, signal, "⚠ Not changed:");
  const legend = createLegend();
  const picture = createPicture({
    signal,
    onLayout: legend.update,
    onNode: (node) => {
      pointed = node;
      read();
    },
  });
  const readout = h("p", { class: "fe-ad-readout fe-number" });
  const rule = createRule();
  const source = createSource(typed, signal);
  const values = createValues(typed, signal);
  const check = createCheck(typed, signal);
  const numbers = createNumbers();
  const code = h("code");
  const player = createPlayer({
    signal,
    unit: "step",
    framesPerSecond: 1,
    label: (frame) => placeOf(frame),
    onFrame: show,
    onState: () => speak(),
  });
  const sentence = h("p", { class: "fe-sentence" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const root = h(
    "section",
    { class: "fe fe-autodiff" },
    h("header", {}, heading, state, lead),
    h("div", { class: "fe-ad-top" }, source.element, values.element),
    problem,
    h("div", { class: "fe-ad-body" }, picture.element, legend.element, readout, rule.element),
    h("div", { class: "fe-dock" }, player.element, sentence),
    spoken,
    check.element,
    h(
      "div",
      { class: "fe-folds" },
      numbers.element,
      h(
        "details",
        { "data-fe-part": "code" },
        h("summary", {}, "The code"),
        h(
          "div",
          { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "Code" },
          h("pre", {}, code),
        ),
      ),
    ),
  );
  // Where no kernel answers, as in an exported notebook, the still says it all.
  root.hidden = true;
  el.append(root);
  attachKeys(root, player, signal);

  function placeOf(frame: number): string {
    if (!frames.length) return "–";
    const { graph } = momentOf(frames, frame);
    const operations = frames.length - graph.flow - 2;
    return frame <= operations
      ? `forward ${frame} / ${operations}`
      : `backward ${frame - operations - 1} / ${graph.flow}`;
  }

  function show(frame: number, tween = false): void {
    if (!frames.length) return;
    moment = momentOf(frames, frame);
    picture.draw(moment, tween);
    rule.update(moment);
    numbers.update(moment);
    text(sentence, (frames.settings.sentences as string[])[frame]);
    read();
    speak();
  }

  /** The node pointed at or focused, exactly. */
  function read(): void {
    if (!moment) return;
    text(
      readout,
      pointed >= 0 && pointed < moment.graph.nodes.length
        ? spokenOf(moment, pointed)
        : "Point at a node, or go to one with Tab and ↑ ↓, to read it exactly.",
    );
  }

  function speak(): void {
    if (frames.length && !player.clock.playing) text(spoken, sentence.textContent ?? "");
  }

  function refresh(): void {
    text(heading, model.get("title"));
    text(code, model.get("code"));
    source.update();
    values.update();
    check.update();
  }

  const names = [
    "title",
    "expression",
    "editable",
    "values",
    "variables",
    "checked",
    "code",
    "problem",
  ];
  listen(model, names, signal, refresh);
  frames = receiveFrames(model as unknown as AnyModel, signal, (received) => {
    frames = received;
    if (root.hidden) {
      root.hidden = false;
      hideStill(model as unknown as AnyModel, signal);
    }
    const { graph } = momentOf(received, 0);
    const operations = received.length - graph.flow - 2;
    const drawn = JSON.stringify(graph.nodes.map(({ name, formula }) => [name, formula]));
    // A change of values keeps the learner's place; another graph begins at its start.
    if (shape && drawn !== shape) {
      player.clock.pause();
      player.clock.frame = 0;
    }
    shape = drawn;
    const starts = graph.edges.filter(({ flow }) => flow >= 0).map(({ start }) => start);
    root.classList.toggle("fe-ad-sums", new Set(starts).size < starts.length);
    player.clock.setGroup([0, operations + 1]);
    player.setLength(received.length, false);
    text(state, `${operations} operations · ${graph.flow} steps back`);
    refresh();
    show(player.frame);
  });
  refresh();
}

export default { render: card(render) };
