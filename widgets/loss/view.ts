/** LossView on the page: two curves, bars, a bias and one clock. Draws what Python worked out. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, part, text } from "../dom.ts";
import { createGlossary } from "../glossary.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { createProblem } from "../problem.ts";
import { type Frames, receiveFrames } from "../recording.ts";
import { hideStill } from "../still.ts";
import { createBars } from "./bars.ts";
import { createBias } from "./bias.ts";
import { createCurves } from "./curves.ts";
import { createForm } from "./form.ts";
import { ENTRIES } from "./glossary.ts";
import { createTable } from "./tables.ts";
import { type Facts, type LossTraits, type State, stateOf } from "./traits.ts";
import { formula, numbers, sentence } from "./words.ts";

function render({ model, el, signal }: RenderProps<LossTraits>) {
  let frames: Frames | null = null, hand: Frames | null = null, high = 1, settled = false;
  const heading = h("h2"), state = h("span", { class: "fe-state fe-number" });
  const start = h("span"), result = h("b");
  const words = h("p", { class: "fe-sentence fe-number" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const code = h("code");
  const curves = createCurves({ signal, redraw, move: (output) => send({ output }) });
  const bars = createBars(signal, redraw, (row) => send({ row, output: null, target: null }));
  const bias = createBias(signal, redraw, (change) => send({ bias_change: change }));
  const form = createForm(signal, send);
  const table = createTable(signal);
  const glossary = createGlossary();
  glossary.show(ENTRIES);
  const all = part("bars", h("section", {}, h("h3", {}, "All rows"), legend(), bars.element));
  const player = createPlayer({
    signal,
    unit: "epoch",
    first: 0,
    framesPerSecond: 8,
    onFrame: () => redraw(),
    onState: () => rest(),
    label: (frame) => `epoch ${firstOf() + frame} / ${firstOf() + (frames?.length ?? 1) - 1}`,
  });
  const root = h(
    "section",
    { class: "fe fe-loss" },
    h(
      "header",
      {},
      heading,
      state,
      h("p", { class: "fe-lead" }, "Drag the point: what does it cost to be sure and wrong?"),
    ),
    createProblem(model, signal, "⚠ Not changed:"),
    h(
      "div",
      { class: "fe-loss-body" },
      h(
        "section",
        {},
        h("h3", {}, "One row"),
        h("p", { class: "fe-rule fe-number" }, start, " ", result),
        curves.element,
      ),
      all,
      bias.element,
    ),
    form.element,
    h("div", { class: "fe-dock" }, player.element, words),
    spoken,
    h(
      "div",
      { class: "fe-folds" },
      glossary.element,
      table.element,
      part(
        "code",
        h(
          "details",
          {},
          h("summary", {}, "The code"),
          h("pre", { class: "fe-code", tabindex: 0, role: "group", "aria-label": "Code" }, code),
        ),
      ),
    ),
  );
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);
  attachKeys(root, player, signal);

  function firstOf(): number {
    return (frames?.settings as unknown as Facts | undefined)?.first ?? 0;
  }

  function send(values: Partial<LossTraits>): void {
    for (const [name, value] of Object.entries(values)) {
      model.set(name as keyof LossTraits, value as never);
    }
    model.save_changes();
    redraw();
  }

  function shown(): State | null {
    if (!frames || !hand) return null;
    const asked = {
      rows: model.get("rows"),
      row: model.get("row"),
      epoch: model.get("epoch"),
      output: model.get("output"),
      target: model.get("target"),
      bias_change: model.get("bias_change"),
    };
    return stateOf(frames, hand, player.frame, asked);
  }

  function redraw(): void {
    const now = shown();
    if (!now) return;
    curves.draw(now);
    const alone = now.set.count < 2;
    for (const one of [all, bias.element]) one.hidden = alone;
    root.classList.toggle("fe-alone", alone);
    bars.draw(now, model.get("by_size"), high);
    bias.draw(now);
    form.update(now, { by_size: model.get("by_size"), output: model.get("output") });
    table.update(now);
    const [left, right] = formula(now);
    text(start, left);
    text(result, right);
    text(state, numbers(now));
    text(words, sentence(now));
    if (!player.clock.playing) text(spoken, words.textContent ?? "");
  }

  /** Python hears where the player came to rest; what was changed by hand belonged to the epoch before. */
  function rest(): void {
    if (!settled || player.clock.playing) return;
    const epoch = firstOf() + player.frame;
    if (epoch !== model.get("epoch")) send({ epoch, output: null, target: null, bias_change: 0 });
    else redraw();
  }

  function take(): void {
    if (!frames?.length) return;
    high = (frames.settings as unknown as Facts).high;
    player.setLength(frames.length, false);
    player.element.hidden = frames.length < 2;
    player.seek(model.get("epoch") - firstOf());
    settled = true;
    redraw();
  }

  function settings(): void {
    text(heading, model.get("title"));
    text(code, model.get("code"));
    if (settled && !player.clock.playing) player.seek(model.get("epoch") - firstOf());
    redraw();
  }

  listen(
    model,
    [
      "rows",
      "row",
      "epoch",
      "output",
      "target",
      "bias_change",
      "by_size",
      "title",
      "code",
      "problem",
    ],
    signal,
    settings,
  );
  hand = receiveFrames(model as unknown as AnyModel, signal, redraw, "hand");
  frames = receiveFrames(model as unknown as AnyModel, signal, take);
  settings();
}

function legend(): HTMLElement {
  const key = (name: string, words: string) =>
    h("span", {}, h("i", { class: `fe-key ${name}` }), words);
  return h(
    "p",
    { class: "fe-legend" },
    key("fe-key-y1", "y = 1, ticked below"),
    key("fe-key-y0", "y = 0"),
    key("fe-key-hand", "the row in hand"),
  );
}

export default { render: card(render) };
