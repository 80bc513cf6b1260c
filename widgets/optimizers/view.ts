/** OptimizerRace on the page: the paths, the curves, a panel for each optimizer, one clock. Draws what Python ran. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { createProblem } from "../problem.ts";
import { createTween } from "../plot/tween.ts";
import { receiveFrames } from "../recording.ts";
import { hideStill } from "../still.ts";
import { createCharts } from "./charts.ts";
import { createForm } from "./form.ts";
import { createLandscape } from "./landscape.ts";
import { createPanels } from "./panels.ts";
import { Race, stylesOf } from "./race.ts";
import { createTables } from "./tables.ts";
import type { OptimizerTraits } from "./traits.ts";
import { scheduleWords, sentenceOf } from "./words.ts";

const FRAMES_A_SECOND = 5;
const SETTINGS = ["title", "optimizers", "function", "start", "steps", "schedule"];

function render({ model, el, signal }: RenderProps<OptimizerTraits>) {
  let race: Race | null = null;
  const settingsModel = model as unknown as AnyModel<OptimizerTraits>;
  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h(
    "p",
    { class: "fe-lead" },
    "All start at the same point of the same loss. Which one turns first? Which one is lowest in the end?",
  );
  const landscape = createLandscape(signal, () => redraw(), (start) => send("start", start));
  const charts = createCharts(signal, () => redraw());
  const tween = createTween(signal);
  const player = createPlayer({
    signal,
    unit: "step",
    first: 0,
    framesPerSecond: FRAMES_A_SECOND,
    onFrame: (frame, slow) => show(frame, slow),
    onState: () => speak(),
  });
  const form = createForm(settingsModel, signal, send);
  const panels = createPanels(settingsModel, signal, send, () => redraw());
  const sentence = h("p", { class: "fe-sentence" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const tables = createTables(signal, () => redraw());
  const root = h(
    "section",
    { class: "fe fe-optimizers" },
    h("header", {}, heading, state, lead),
    createProblem(model, signal, "⚠"),
    h(
      "div",
      { class: "fe-race-charts" },
      landscape.element,
      h("div", { class: "fe-race-side" }, ...charts.elements),
    ),
    player.element,
    sentence,
    spoken,
    form.element,
    panels.element,
    h("div", { class: "fe-folds" }, ...tables.elements),
  );
  attachKeys(root, player, signal);
  el.append(root);

  function send<K extends keyof OptimizerTraits & string>(
    name: K,
    value: OptimizerTraits[K],
    more: Partial<OptimizerTraits> = {},
  ): void {
    model.set(name, value);
    for (const [other, its] of Object.entries(more)) {
      model.set(other as K, its as OptimizerTraits[K]);
    }
    model.save_changes();
  }

  function show(frame: number, slow: boolean): void {
    tween.finish();
    if (!race || !root.isConnected) return;
    landscape.draw(frame, slow && frame > 0 ? 0 : 1);
    if (slow && frame > 0) tween.run(180, (share) => landscape.draw(frame, share));
    charts.draw(frame);
    panels.draw(frame);
    tables.update(race, frame, model.get("code"));
    text(sentence, sentenceOf(race, frame));
    const ended = race.shown.some((runner) => runner.ended && frame >= runner.frames - 1);
    root.classList.toggle("fe-diverged", ended);
    speak();
  }

  /** Said aloud only at rest: a playing race would talk without end. */
  function speak(): void {
    if (race && !player.clock.playing) text(spoken, sentence.textContent ?? "");
  }

  function redraw(): void {
    if (race) show(player.frame, false);
  }

  function settings(): void {
    text(heading, model.get("title"));
    form.update();
    panels.update();
  }

  function hide(): void {
    if (!race) return settings();
    const hidden = model.get("hidden");
    for (const runner of race.runners) runner.hidden = hidden.includes(runner.key);
    charts.setRace(race, noteOf());
    settings();
    redraw();
  }

  function noteOf(): string {
    const { name } = model.get("schedule");
    return scheduleWords(name, model.get("report").schedules[name] ?? "");
  }

  /** Another race: the learner stays at the same step. */
  function take(): void {
    const report = model.get("report");
    const styles = stylesOf(model.get("optimizers").map(({ name }) => name));
    const hidden = model.get("hidden");
    race = new Race(
      frames,
      report.runs.map((run, number) => ({
        ...run,
        number,
        spec: model.get("optimizers")[number],
        style: styles[number],
        hidden: hidden.includes(run.key),
      })),
    );
    landscape.setRace(race, model.get("surface"), report.start);
    charts.setRace(race, noteOf());
    panels.setRace(race);
    const count = report.runs.length;
    text(
      state,
      `${report.formula} · ${count} ${count === 1 ? "optimizer" : "optimizers"} · ${
        model.get("steps")
      } ${model.get("steps") === 1 ? "step" : "steps"}`,
    );
    const playing = player.clock.playing;
    player.setLength(frames.length, false);
    settings();
    redraw();
    if (playing) player.clock.play();
  }

  listen(model, [...SETTINGS, "problem"], signal, settings);
  listen(model, ["hidden"], signal, hide);
  hideStill(model as unknown as AnyModel, signal);
  const frames = receiveFrames(model as unknown as AnyModel, signal, take);
  settings();
}

export default { render: card(render) };
