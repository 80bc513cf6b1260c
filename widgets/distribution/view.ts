/** Distribution on the page: the job's bar, the picture, the player, what the numbers say. Draws what was recorded. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { createCommands } from "../command.ts";
import { fill, h, text } from "../dom.ts";
import { createGlossary } from "../glossary.ts";
import { createJobBar, isGoing } from "../job.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { type Palette, readPalette, watchTheme } from "../plot/palette.ts";
import { createTween } from "../plot/tween.ts";
import { Frames, receiveFrames } from "../recording.ts";
import { hideStill } from "../still.ts";
import { WORDS } from "./glossary.ts";
import { createPicture } from "./picture.ts";
import { createTable } from "./table.ts";
import { Timeline } from "./timeline.ts";
import type { DistributionTraits, Facts } from "./traits.ts";
import { sentenceOf, whole } from "./words.ts";

const SETTINGS = ["batch_size"] as const;
const FRAMES_A_SECOND = 1;
const TWEEN = 500;

function render({ model, el, signal }: RenderProps<DistributionTraits & { problem: string }>) {
  const commands = createCommands(model as unknown as AnyModel, SETTINGS);
  let frames = new Frames();
  let palette: Palette | null = null;
  let timeline = new Timeline(0);
  const facts = () => frames.settings as unknown as Facts;

  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h(
    "p",
    { class: "fe-lead" },
    "Watch the rows divide, and the two gradients become one.",
  );
  const batch = h("input", { type: "number", min: 1, step: 1 });
  batch.addEventListener("change", () => {
    if (batch.value.trim() === "") batch.value = String(model.get("batch_size"));
    else {
      model.set("batch_size", Number(batch.value));
      model.save_changes();
    }
  }, { signal });
  const bar = createJobBar(signal, commands.order, {
    name: "Run",
    start: ["Run it", "run"],
    share: "share done",
    idle: "Nothing is running",
    fields: [h("label", { class: "fe-inline", "data-fe-part": "batch_size" }, "batch size", batch)],
  });
  const alarm = h("p", { class: "fe-error", role: "alert", hidden: true });
  const empty = h("p", { class: "fe-empty" });
  const picture = createPicture();
  const tween = createTween(signal);
  const player = createPlayer({
    signal,
    unit: "stage",
    framesPerSecond: FRAMES_A_SECOND,
    section: { unit: "update", frames: 1 },
    onFrame: (frame, slow) => show(frame, slow),
    onState: () => speak(),
    label: (frame) => {
      const { update } = timeline.at(frame);
      return update ? `update ${whole(update)} / ${whole(timeline.updates)}` : "start";
    },
  });
  const sentence = h("p", { class: "fe-sentence" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const dock = h("div", { class: "fe-dock" }, player.element, sentence);
  const said = h("div", { class: "fe-told" });
  const table = createTable();
  const glossary = createGlossary();
  glossary.show(WORDS);
  const source = h("pre", { class: "fe-code", tabindex: 0, role: "group", "aria-label": "Code" });
  const root = h(
    "section",
    { class: "fe fe-distribution fe-works" },
    h("header", {}, heading, state, lead),
    bar.element,
    alarm,
    empty,
    picture.element,
    dock,
    spoken,
    said,
    h(
      "div",
      { class: "fe-folds" },
      h("details", { "data-fe-part": "numbers" }, h("summary", {}, "The numbers"), table.element),
      glossary.element,
      h("details", { "data-fe-part": "code" }, h("summary", {}, "The code"), source),
    ),
  );
  attachKeys(root, player, signal);
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);

  function show(frame: number, slow: boolean): void {
    tween.finish();
    if (!frames.length || !root.isConnected) return;
    palette ??= readPalette(root);
    const colours = palette, moment = timeline.at(frame);
    const draw = (share: number) => picture.draw(frames, facts(), moment, colours, share);
    draw(slow ? 0 : 1);
    if (slow) tween.run(TWEEN, draw);
    table.mark(moment.update);
    text(sentence, sentenceOf(frames, facts(), moment));
    speak();
  }

  /** Said aloud only at rest: a playing run would talk without end. */
  function speak(): void {
    if (frames.length && !player.clock.playing) text(spoken, sentence.textContent ?? "");
  }

  function refresh(): void {
    const status = model.get("status"), report = model.get("report");
    root.dataset.status = status;
    const going = isGoing(status);
    text(heading, model.get("title"));
    text(
      state,
      frames.length
        ? `${whole(facts().parameters)} parameters · ${
          whole(facts().updates)
        } updates · batch size ${whole(facts().batch_size)}`
        : "",
    );
    fill(batch, String(model.get("batch_size")));
    batch.max = String(report.rows);
    batch.disabled = going || report.played;
    bar.start.element.disabled = going || report.played;
    bar.start.element.title = report.played
      ? "This is a recorded run"
      : going
      ? "Stop the run first, or let it end"
      : "";
    bar.element.hidden = report.played;
    bar.update({ status, share: report.share, told: report.doing || report.outcome });
    const wrong = report.error || model.get("problem");
    alarm.hidden = !wrong;
    text(alarm, wrong);
    for (const part of [picture.element, dock]) part.hidden = !frames.length;
    empty.hidden = frames.length > 0;
    text(
      empty,
      going
        ? "A second Python is at work; this page stays free meanwhile."
        : "Nothing has been run yet. “Run it” starts a second Python with TensorFlow, which takes some 15 seconds, " +
          "longer on a busy machine. It divides this machine's processor into two devices and trains one epoch twice " +
          "from the same start: on both devices together, and on one alone.",
    );
    const waits = frames.length && !report.played && facts().batch_size !== model.get("batch_size");
    said.replaceChildren(
      ...(waits ? ["Changed: batch size. Press Run it for a run with it."] : []).concat(
        model.get("said"),
      )
        .map((one) => {
          const end = one.indexOf(":") + 1;
          return h("p", {}, h("b", {}, one.slice(0, end)), one.slice(end));
        }),
    );
    text(source, model.get("code"));
  }

  function take(): void {
    timeline = new Timeline(Math.max(0, frames.length - 1));
    player.clock.setSection(timeline.starts);
    player.clock.setGroup(timeline.starts);
    player.clock.frame = 0;
    player.setLength(frames.length ? timeline.length : 0, false);
    table.fill(frames);
    refresh();
    if (frames.length) show(player.frame, false);
  }

  const redraw = () => {
    if (frames.length) show(player.frame, false);
  };
  listen(
    model,
    ["title", "batch_size", "status", "report", "said", "code", "problem"],
    signal,
    refresh,
  );
  watchTheme(signal, () => {
    palette = null;
    redraw();
  });
  frames = receiveFrames(model as unknown as AnyModel, signal, take);
  const widths = new ResizeObserver(redraw);
  widths.observe(root);
  signal.addEventListener("abort", () => widths.disconnect());
  commands.visit(signal);
  refresh();
}

export default { render: card(render) };
