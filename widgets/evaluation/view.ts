/** Evaluation on the page: the seal, counts and curves on one threshold, and what else there is to know. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { createCommands } from "../command.ts";
import { card } from "../card.ts";
import { h, text } from "../dom.ts";
import { createGlossary } from "../glossary.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { createProblem } from "../problem.ts";
import { Frames, receiveFrames } from "../recording.ts";
import { looks } from "../seals.ts";
import { hideStill } from "../still.ts";
import { createControls } from "./controls.ts";
import { createCounts } from "./counts.ts";
import { entriesOf } from "./glossary.ts";
import { createPanels } from "./panels.ts";
import { createScatter } from "./scatter.ts";
import { cutOf, isExact, rowsOf, type Scene, short } from "./scene.ts";
import { createSeal } from "./seal.ts";
import { createNumbers } from "./tables.ts";
import type { EvaluationTraits } from "./traits.ts";
import { sentenceOf } from "./words.ts";

/** Rest before Python hears of a moved threshold. */
const REST = 200;
const TRAITS = ["title", "row_name", "rows", "opened", "seal", "code", "positive"];

function render({ model, el, signal }: RenderProps<EvaluationTraits>) {
  const own = model as unknown as AnyModel<EvaluationTraits>;
  const { say: send, visit } = createCommands(model as unknown as AnyModel, []);
  let frames = new Frames();
  let threshold = model.get("threshold");
  /** A threshold whose counts Python is asked for: it lies between two frames. */
  let wanted: number | null = null;
  let waiting = 0;

  const scene = (): Scene => ({
    report: model.get("report"),
    frames,
    cut: player.frame,
    threshold,
    noun: model.get("row_name"),
  });
  const sealed = () => !model.get("report").task;
  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h("p", { class: "fe-lead" });
  const seal = createSeal(own, signal, send);
  const counts = createCounts();
  const scatter = createScatter(signal, "actual");
  const panels = createPanels(own, signal, scene, send);
  const player = createPlayer({
    signal,
    unit: "cut",
    framesPerSecond: 5,
    onFrame: (frame) => move(frame),
    onState: () => rest(),
    label: () => `threshold ${short(threshold)}`,
  });
  const controls = createControls(own, signal, (value) => seek(value));
  const sentence = h("p", { class: "fe-sentence" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const notes = h("div", { class: "fe-eval-notes" });
  const glossary = createGlossary();
  const numbers = createNumbers(signal);
  const source = h("code");
  const main = h("div", { class: "fe-eval-main" }, counts.element, scatter.element);
  const body = h(
    "div",
    { class: "fe-eval-off" },
    notes,
    h("div", { class: "fe-eval-body" }, main, panels.element),
    h("div", { class: "fe-dock" }, player.element, sentence),
    controls.element,
  );
  const folds = h(
    "div",
    { class: "fe-folds" },
    glossary.element,
    numbers.element,
    h(
      "details",
      { "data-fe-part": "code" },
      h("summary", {}, "The code"),
      h("pre", { class: "fe-code", tabindex: 0, role: "group", "aria-label": "Code" }, source),
    ),
  );
  const root = h(
    "section",
    { class: "fe fe-evaluation" },
    h("header", {}, heading, state, lead),
    createProblem(model, signal, "⚠"),
    seal.choice,
    seal.panel,
    body,
    spoken,
    folds,
  );
  attachKeys(root, player, signal);
  el.append(root);

  /** The clock has come to another cut. */
  function move(frame: number): void {
    if (!frames.length) return;
    wanted = null;
    if (cutOf(frames, threshold) !== frame) threshold = frames.value("threshold", frame);
    draw();
  }

  /** A threshold was typed, or Python has set one. */
  function seek(value: number): void {
    const cut = frames.length ? cutOf(frames, value) : 0;
    const exact = !frames.length || isExact(frames, cut, value);
    threshold = exact ? value : frames.value("threshold", cut);
    player.clock.pause();
    if (frames.length && cut !== player.frame) player.seek(cut);
    else draw();
    wanted = exact ? null : value;
    if (!exact && model.get("threshold") !== value) {
      model.set("threshold", value);
      model.save_changes();
    }
    rest();
  }

  function rest(): void {
    clearTimeout(waiting);
    if (player.clock.playing || sealed() || !frames.length) return;
    if (wanted !== null) return;
    text(spoken, sentence.textContent ?? "");
    if (threshold === model.get("threshold")) return;
    waiting = setTimeout(() => {
      model.set("threshold", threshold);
      model.save_changes();
    }, REST);
  }

  function draw(): void {
    const now = scene();
    if (sealed() || (now.report.task !== "regression" && !frames.length)) return;
    text(sentence, sentenceOf(now));
    controls.show(now);
    panels.show();
    numbers.show(now);
    if (now.report.task !== "regression") counts.show(now);
  }

  /** Other rows, another model, another class: everything anew. */
  function take(): void {
    const report = model.get("report");
    const hidden = sealed();
    root.dataset.state = hidden ? "sealed" : "open";
    body.classList.toggle("fe-eval-off", hidden);
    folds.hidden = hidden;
    seal.panel.hidden = !hidden;
    settings();
    if (hidden) {
      text(spoken, "");
      return;
    }
    const numeric = report.task === "regression";
    // Frames and what is said of them come in two messages.
    if (!numeric && !frames.length) return;
    player.element.hidden = controls.element.hidden = counts.element.hidden = numeric;
    scatter.element.hidden = !numeric;
    notes.replaceChildren(...report.notes.map((note) => h("p", { class: "fe-eval-note" }, note)));
    notes.hidden = !report.notes.length;
    panels.take(report);
    glossary.show(entriesOf(report, model.get("row_name")));
    if (numeric) scatter.show(report);
    else {
      threshold = model.get("threshold");
      wanted = null;
      player.clock.frame = cutOf(frames, threshold);
      player.setLength(frames.length, false);
      player.clock.setRate(Math.max(5, frames.length / 12));
      counts.take(model.get("points"), scene());
    }
    draw();
    rest();
  }

  function settings(): void {
    const kept = model.get("seal"), rows = model.get("rows"), noun = model.get("row_name");
    text(heading, model.get("title"));
    text(
      state,
      `${rows}: ${rowsOf(kept.counts[rows], noun)}${rows === "test" ? ` · ${looks(kept)}` : ""}`,
    );
    text(
      lead,
      sealed()
        ? `What is the model worth on ${noun}s it has not learnt from?`
        : kept.task === "regression"
        ? "How far off is the model, and how sure can these rows make you of it?"
        : `Move the threshold: which ${noun}s change sides, and what does it cost?`,
    );
    seal.update(sealed());
    text(source, model.get("code"));
  }

  listen(model, [...TRAITS, "problem"], signal, settings);
  listen(model, ["report"], signal, take);
  listen(
    model,
    ["reliability", "luck", "status", "split_count", "bins", "strategy"],
    signal,
    () => {
      if (!sealed()) panels.show();
    },
  );
  listen(model, ["threshold"], signal, () => {
    if (model.get("threshold") !== threshold) seek(model.get("threshold"));
  });
  hideStill(model as unknown as AnyModel, signal);
  frames = receiveFrames(model as unknown as AnyModel, signal, take);
  const widths = new ResizeObserver(() => counts.layOut());
  widths.observe(root);
  visit(signal);
  signal.addEventListener("abort", () => {
    clearTimeout(waiting);
    widths.disconnect();
  });
  take();
}

export default { render: card(render) };
