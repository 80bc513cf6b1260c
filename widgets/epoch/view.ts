/** EpochRace on the page: two decks, one surface, one clock. Draws what Python computed. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { createProblem } from "../problem.ts";
import { type Palette, readPalette, watchTheme } from "../plot/palette.ts";
import { createTween } from "../plot/tween.ts";
import { Frames, receiveFrames } from "../recording.ts";
import { hideStill } from "../still.ts";
import { createCurves } from "./curves.ts";
import { createForm } from "./form.ts";
import { createLandscape } from "./landscape.ts";
import { createPanel } from "./panel.ts";
import { panelStates } from "./panels.ts";
import { createTables } from "./tables.ts";
import { type Moment, orderOf, Timeline } from "./timeline.ts";
import type { EpochTraits } from "./traits.ts";
import { figures, type Scene, sentenceOf, shownUpdate } from "./words.ts";

const EPOCH_SECONDS = 18;
const SETTINGS = [
  "title",
  "batch_size",
  "learning_rate",
  "epochs",
  "shuffle",
  "seed",
  "model",
  "features",
  "plane",
  "fan",
];

function render({ model, el, signal }: RenderProps<EpochTraits>) {
  const report = () => model.get("report");
  let frames = new Frames();
  let palette: Palette | null = null;
  let timeline = new Timeline(0, 1);
  let orders = new Map<number, Int32Array>();
  let targets: Uint8Array = new Uint8Array();
  let place: { moment: Moment; processed: number } | null = null;

  const heading = h("h2");
  const numbers = h("span", { class: "fe-state fe-number" });
  const lead = h(
    "p",
    { class: "fe-lead" },
    "An epoch is one pass through all rows. Watch how many updates each method makes of it.",
  );
  const tell = (at: number) => tellRow(at);
  const gd = createPanel("Gradient descent", "gd", signal, tell);
  const sgd = createPanel("Stochastic gradient descent (SGD)", "sgd", signal, tell);
  const key = h("p", { class: "fe-legend" });
  const landscape = createLandscape(signal, () => redraw());
  const curves = createCurves(signal, () => redraw());
  const tween = createTween(signal);
  const player = createPlayer({
    signal,
    unit: "stage",
    section: { unit: "update", frames: 1 },
    onFrame: (frame, slow) => show(frame, slow),
    onState: () => speak(),
    label: (frame) => {
      const { stage, update, epoch } = timeline.at(frame);
      const which = stage === "done"
        ? `update ${figures(timeline.updates)} / ${figures(timeline.updates)}`
        : `update ${figures(update + 1)} / ${figures(timeline.updates)}`;
      return made().epochs > 1 ? `epoch ${epoch + 1}, ${which}` : which;
    },
  });
  const form = createForm(model as unknown as AnyModel<EpochTraits>, signal);
  const sentence = h("p", { class: "fe-sentence" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const tables = createTables(signal, () => redraw());
  const root = h(
    "section",
    { class: "fe fe-epoch" },
    h("header", {}, heading, numbers, lead),
    createProblem(model, signal, "⚠"),
    h("div", { class: "fe-panels" }, gd.element, sgd.element),
    key,
    h("div", { class: "fe-charts" }, landscape.element, ...curves.elements),
    h("div", { class: "fe-dock" }, player.element, sentence),
    spoken,
    form.element,
    h("div", { class: "fe-folds" }, ...tables.elements),
  );
  attachKeys(root, player, signal);
  el.append(root);

  function colours(): Palette {
    return palette ??= readPalette(root);
  }

  function orderIn(epoch: number): Int32Array {
    let order = orders.get(epoch);
    if (!order) orders.set(epoch, order = orderOf(frames, timeline, epoch, report().rows));
    return order;
  }

  function orderBefore(epoch: number): Int32Array {
    return epoch ? orderIn(epoch - 1) : Int32Array.from({ length: report().rows }, (_, row) => row);
  }

  function tellRow(at: number): string {
    if (!frames.length) return "";
    const { epoch } = timeline.at(player.frame);
    const row = orderIn(epoch)[at];
    const size = frames.value("count", epoch * timeline.batches);
    const kind = report().classes[targets[row]] ?? String(targets[row]);
    return `row ${row}: target ${targets[row]}${
      kind === String(targets[row]) ? "" : ` (${kind})`
    }, batch ${Math.floor(at / size) + 1} of ${timeline.batches}`;
  }

  /** What the run was made with: a setting just changed on the page is not yet in it. */
  function made(): { batch_size: number; learning_rate: number; epochs: number; shuffle: boolean } {
    return frames.settings as ReturnType<typeof made>;
  }

  function sceneAt(moment: Moment): Scene {
    const { epochs, learning_rate: learningRate, shuffle: shuffled } = made();
    return { frames, report: report(), moment, epochs, learningRate, shuffled };
  }

  function show(frame: number, slow: boolean): void {
    tween.finish();
    if (!frames.length || !root.isConnected) return;
    const moment = timeline.at(frame);
    const scene = sceneAt(moment);
    const shown = shownUpdate(moment);
    place = { moment, processed: frames.value("processed", moment.update) };
    const states = panelStates(scene, orderIn(moment.epoch), colours());
    const gdUpdates = frames.value("gd_updates", shown);
    const drawSurface = (share: number) =>
      landscape.draw({
        update: shown,
        gdUpdates,
        arrows: moment.stage === "gradient",
        fan: model.get("fan"),
        share,
        sgdMoves: moment.stage === "update",
        gdMoves: moment.stage === "update" &&
          gdUpdates > frames.value("gd_updates", moment.update),
      }, colours());
    const { stage } = moment;
    const decks = (share: number) => {
      for (const [panel, state] of [[gd, states.gd], [sgd, states.sgd]] as const) {
        if (stage === "shuffle") panel.shuffle(state, orderBefore(moment.epoch), share, colours());
        else panel.fly(state, share, colours());
      }
    };
    if (slow && (stage === "shuffle" || stage === "deal")) {
      decks(0);
      tween.run(350, decks);
    } else {
      gd.draw(states.gd, colours());
      sgd.draw(states.sgd, colours());
    }
    drawSurface(slow && stage === "update" ? 0 : 1);
    if (slow && stage === "update") tween.run(300, drawSurface);
    curves.draw(shown, gdUpdates, colours());
    tables.update(frames, timeline, report(), shown, model.get("code"));
    text(sentence, sentenceOf(scene));
    root.classList.toggle("fe-diverged", stage === "done" && report().diverged !== null);
    speak();
  }

  /** Said aloud only at rest: a playing race would talk without end. */
  function speak(): void {
    if (frames.length && !player.clock.playing) text(spoken, sentence.textContent ?? "");
  }

  function redraw(): void {
    if (!frames.length || !root.isConnected) return;
    for (const panel of [gd, sgd]) panel.layOut(report().rows, targets);
    const [zero, one] = report().classes, [large, small] = gd.signs;
    text(key, `${large}: target ${name(one, 1)} · ${small}: target ${name(zero, 0)}`);
    show(player.frame, false);
  }

  function settings(): void {
    text(heading, model.get("title"));
    form.update();
  }

  /** Another run: the learner stays where as many rows were processed. */
  function take(): void {
    const before = place, playing = player.clock.playing;
    const facts = report();
    timeline = new Timeline(frames.length - 1, facts.batches);
    orders = new Map();
    const { buffer, byteOffset, byteLength } = model.get("deck").targets;
    targets = new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
    landscape.setRun(frames, model.get("surface"), facts);
    curves.setRun(frames);
    text(
      numbers,
      `n = ${figures(facts.rows)} · batch size ${
        figures(made().batch_size)
      } · α = ${made().learning_rate}`,
    );
    player.clock.setGroup(timeline.epochStarts);
    player.clock.setSection(timeline.updateStarts);
    player.clock.setRate(Math.max(2.5, (5 * timeline.batches + 1) / EPOCH_SECONDS));
    const target = before ? timeline.find(before.moment, before.processed, frames) : 0;
    player.clock.frame = target;
    player.setLength(timeline.length, false);
    if (player.frame !== target) player.seek(target);
    settings();
    redraw();
    if (playing) player.clock.play();
  }

  listen(model, [...SETTINGS, "problem"], signal, settings);
  watchTheme(signal, () => {
    palette = null;
    redraw();
  });
  hideStill(model as unknown as AnyModel, signal);
  frames = receiveFrames(model as unknown as AnyModel, signal, take);
  const widths = new ResizeObserver(() => redraw());
  widths.observe(root);
  signal.addEventListener("abort", () => widths.disconnect());
  settings();
}

function name(kind: string, target: number): string {
  return kind === String(target) ? kind : `${target} (${kind})`;
}

export default { render: card(render) };
