/** GradientStep on the page: picture, rule, table, settings, player. Draws what Python computed. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, number, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { createProblem } from "../problem.ts";
import { createTween } from "../plot/tween.ts";
import { Frames, receiveFrames } from "../recording.ts";
import { hideStill } from "../still.ts";
import { createControls } from "./controls.ts";
import { createRule } from "./rule.ts";
import { createStage } from "./stage.ts";
import { createTables } from "./table.ts";
import { type GradientStepTraits, type Run, runOf } from "./traits.ts";
import { sentence, short, verdictWord } from "./words.ts";

type Model = AnyModel<GradientStepTraits & { problem: string }>;
const TWEEN = 380;

function render({ model, el, signal }: RenderProps<GradientStepTraits & { problem: string }>) {
  let frames = new Frames();
  let run: Run | null = null, shown: Run | null = null;
  const send = sender(model, signal);
  const tween = createTween(signal);

  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h("p", { class: "fe-lead" });
  const stage = createStage(signal, () => root, () => draw(player.frame, 1), (start) => {
    send.later("start", start);
  });
  const rule = createRule();
  const tables = createTables(signal);
  const controls = createControls(signal, (name, value) => send.later(name, value));
  const words = h("p", { class: "fe-sentence fe-number" });
  const kind = h("b"), why = h("span");
  const verdict = h("p", { class: "fe-verdict fe-number" }, "This run: ", kind, ". ", why);
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const code = h("code");
  const player = createPlayer({
    signal,
    unit: "step",
    first: 0,
    framesPerSecond: 2,
    onFrame: show,
    onState: () => speak(),
  });
  const root = h(
    "section",
    { class: "fe fe-descent" },
    h("header", {}, heading, state, lead),
    h(
      "div",
      { class: "fe-descent-body" },
      stage.element,
      h("div", { class: "fe-descent-side" }, rule.element, tables.side),
    ),
    player.element,
    controls.element,
    createProblem(model, signal, "⚠ Not changed:"),
    words,
    verdict,
    spoken,
    h(
      "div",
      { class: "fe-folds" },
      tables.all,
      h(
        "details",
        { "data-fe-part": "code" },
        h("summary", {}, "The code"),
        h("pre", { tabindex: 0, role: "group", "aria-label": "Code" }, code),
      ),
    ),
  );
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);
  attachKeys(root, player, signal);

  function show(frame: number, moves: boolean): void {
    tween.finish();
    if (!run) return;
    const forward = moves && frame > 0 && run === shown;
    shown = run;
    tell(frame);
    if (forward) tween.run(TWEEN, (share) => draw(frame, share));
    else draw(frame, 1);
  }

  function draw(frame: number, share: number): void {
    if (run && frame < run.length) stage.draw(run, frame, share);
  }

  /** Everything in words and numbers that belongs to a frame. */
  function tell(frame: number, fresh = false): void {
    if (!run) return;
    const { facts } = run;
    text(
      state,
      `step ${frame} · α = ${short(facts.learning_rate)} · g = ${number(run.value(frame))}`,
    );
    rule.update(run, frame);
    tables.update(run, frame, fresh);
    const wider = frame > 0 && run.view(frame) !== run.view(frame - 1)
      ? " The picture now shows a larger part of g: the steps left the one before."
      : "";
    const last = frame === run.length - 1
      ? facts.ended ? " The recording ends here." : " This is the last step."
      : "";
    text(words, sentence(run, frame) + wider + last);
    speak();
  }

  /** Said aloud only at rest: a playing recording would talk without end. */
  function speak(): void {
    if (!run || player.clock.playing) return;
    const end = player.frame === run.length - 1 ? ` ${verdict.textContent}` : "";
    text(spoken, `${words.textContent}${end}`);
  }

  function arrived(): void {
    const next = runOf(frames, model.get("picture"));
    if (!next) return;
    tween.finish();
    run = shown = next;
    const { facts } = next;
    player.setLength(next.length, false);
    text(
      lead,
      `${facts.formula}. Go downhill: the steeper the ${
        facts.weights === 1 ? "slope" : "ground"
      }, the longer the step.`,
    );
    controls.update(facts);
    // A start that is still on its way to Python stays where the learner put it.
    stage.setRun(next, player.frame, !send.waits("start"));
    text(kind, verdictWord(facts.verdict));
    text(why, facts.explanation);
    verdict.dataset.kind = facts.verdict;
    text(code, model.get("code"));
    tell(player.frame, true);
    draw(player.frame, 1);
    send.answered();
  }

  function refresh(): void {
    text(heading, model.get("title"));
    text(code, model.get("code"));
    const wrong = model.get("problem");
    if (wrong) send.answered();
    if (wrong && run) {
      controls.update(run.facts);
      stage.setRun(run, player.frame, true);
    }
  }

  listen(model, ["title", "problem", "code"], signal, refresh);
  listen(model, ["picture"], signal, arrived);
  listen(model, ["learning_rate"], signal, () => run && controls.update(run.facts));
  frames = receiveFrames(model as unknown as AnyModel, signal, (received) => {
    frames = received;
    arrived();
  });
  refresh();
}

/** Sends settings one at a time: while Python works on one, only the newest of the next waits. */
function sender(model: Model, signal: AbortSignal) {
  let busy = false, timer = 0;
  const waiting = new Map<string, unknown>();
  function next(): void {
    const first = waiting.entries().next().value;
    if (!first || busy) return;
    waiting.delete(first[0]);
    busy = true;
    // A setting that changes nothing is never answered.
    timer = setTimeout(answered, 400);
    model.set(first[0] as keyof GradientStepTraits, first[1] as never);
    model.save_changes();
  }
  function answered(): void {
    clearTimeout(timer);
    busy = false;
    next();
  }
  signal.addEventListener("abort", () => clearTimeout(timer));
  return {
    later(name: string, value: unknown): void {
      waiting.set(name, value);
      next();
    },
    answered,
    waits: (name: string) => waiting.has(name),
  };
}

export default { render: card(render) };
