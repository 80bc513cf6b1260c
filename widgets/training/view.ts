/** LiveTraining on the page: settings, curves, network, controls, player. Draws what Python recorded. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { createCommands } from "../command.ts";
import { card } from "../card.ts";
import { h, part, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { attachKeys } from "../playback/keys.ts";
import { createPlayer } from "../playback/player.ts";
import { Frames, receiveFrames } from "../recording.ts";
import { createChart } from "./chart.ts";
import { createCompare } from "./compare.ts";
import { createControls } from "./controls.ts";
import { createFolds } from "./folds.ts";
import { createForm, SETTINGS } from "./form.ts";
import { createHistograms } from "./histograms.ts";
import { createNetworkPanel } from "./network_panel.ts";
import { createPatience } from "./patience.ts";
import { createRuns } from "./runs.ts";
import {
  atPosition,
  baselineWords,
  flagsOf,
  frameLabel,
  metricTitle,
  positionOf,
  progressSentence,
  sceneSentence,
  stateWords,
} from "./story.ts";
import type { TrainingTraits } from "./traits.ts";

/** Milliseconds between two sentences spoken while a training runs. */
const SPOKEN_EVERY = 5000;

/** Milliseconds between two pictures of the network at full speed: painting them takes the time of training. */
const NETWORK_EVERY = 900;

/** Traits that change when a run begins or ends, or another one is looked at. */
const SETTLED = ["runs", "seal", "code", "status", "compared", "comparison", "compared_curves"];

/** Milliseconds between two signs of life. */
const PULSE = 10_000;

function render({ model, el, signal }: RenderProps<TrainingTraits>) {
  const commands = createCommands(model as unknown as AnyModel, SETTINGS);
  let frames = new Frames();
  let played: unknown, followed: unknown = model.get("patient");
  let lastSpoken = -Infinity, settled = -1;
  let lastNetwork = -Infinity, networkIsOld = false;

  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h(
    "p",
    { class: "fe-lead" },
    "Watch the two loss curves: when validation turns up while training goes on down, the network has begun to learn the training rows by heart.",
  );
  const empty = h(
    "p",
    { class: "fe-empty" },
    "Press Train to build the network and watch it learn. Every setting has the name it has in Keras.",
  );
  const form = createForm(model, signal);
  const compare = createCompare(model, signal);
  const [loss, metric] = (["loss", "metric"] as const).map((name) =>
    createChart({
      model: model as unknown as AnyModel,
      signal,
      figure: model.get(`${name}_chart`),
      title: name,
      describe: (x) => atPosition(frames, model.get("report"), x, compare.other()),
    })
  );
  const patience = createPatience();
  const logScale = h("input", { type: "checkbox" });
  logScale.addEventListener("change", () => {
    model.set("log_scale", logScale.checked);
    model.save_changes();
  }, { signal });
  const runs = createRuns(signal, model.get("choices"), (run) => {
    model.set("shown", run);
    model.save_changes();
  });
  const forget = h("button", { type: "button", class: "fe-small" }, "Forget earlier runs");
  forget.addEventListener("click", () => commands.say("forget"), { signal });
  const network = createNetworkPanel(model, signal);
  const histograms = createHistograms(model, signal);
  const controls = createControls(model, signal, commands.order);
  const player = createPlayer({
    signal,
    unit: "epoch",
    framesPerSecond: 20,
    label: (frame) => frameLabel(frames, frame),
    onFrame: (frame) => {
      show(frame);
      // Said aloud only at rest: a playing recording would talk without end.
      if (frames.length && !goesOn() && !player.clock.playing) {
        text(spoken, `${sentence.textContent} ${network.words}`);
      }
    },
  });
  const alarm = h("p", { class: "fe-error", role: "alert", hidden: true });
  const outcome = h("p", { class: "fe-sentence fe-outcome", hidden: true });
  const sentence = h("p", { class: "fe-sentence" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const folds = createFolds(model, signal, commands.say);

  const root = h(
    "section",
    { class: "fe fe-training" },
    h("header", {}, heading, state, lead),
    h(
      "div",
      { class: "fe-training-body" },
      h(
        "details",
        {
          class: "fe-training-settings",
          "data-fe-part": "settings",
          open: el.clientWidth === 0 || el.clientWidth >= 640,
        },
        h("summary", {}, "Settings"),
        form.element,
      ),
      empty,
      h(
        "div",
        { class: "fe-training-charts" },
        loss.element,
        patience.element,
        part("log_scale", h("label", { class: "fe-inline" }, logScale, "logarithmic loss axis")),
        metric.element,
        network.followed,
      ),
      network.element,
      h(
        "div",
        { class: "fe-training-runs", "data-fe-part": "runs" },
        runs.element,
        h("div", { class: "fe-runs-row" }, compare.choice, forget),
        compare.element,
      ),
    ),
    controls.element,
    player.element,
    alarm,
    outcome,
    sentence,
    spoken,
    h("div", { class: "fe-folds" }, histograms.element, ...folds.elements),
  );
  attachKeys(root, player, signal);
  el.append(root);

  function show(frame: number) {
    if (frame < 0 || frame >= frames.length) return;
    const at = positionOf(frames, frame);
    loss.cursor(at);
    metric.cursor(at);
    const racing = model.get("status") === "training" && model.get("speed") === "full speed";
    networkIsOld = racing && player.clock.following &&
      performance.now() - lastNetwork < NETWORK_EVERY;
    if (!networkIsOld) {
      lastNetwork = performance.now();
      network.show(frames, frame);
      histograms.show(frames, frame);
    }
    patience.show(model.get("report").patience ?? null, frames.value("wait", frame));
    text(sentence, sceneSentence(frames, frame, model.get("report")));
  }

  function refresh() {
    const report = model.get("report"), status = model.get("status");
    const running = status === "training" || status === "loading" || status === "stopping";
    root.dataset.status = status;
    text(heading, model.get("title"));
    text(state, stateWords(frames, report));
    empty.hidden = status !== "idle";
    player.element.hidden = frames.length === 0;
    logScale.checked = model.get("log_scale");
    loss.place(report.charts.loss, flagsOf(report));
    loss.title(`loss (${report.loss})`);
    metric.place(report.charts.metric, []);
    metric.title(metricTitle(report.metric, model.get("choices")));
    metric.note(baselineWords(report));
    controls.update();
    if (report.run !== settled) settle();
    if (networkIsOld && status !== "training") show(player.frame);
    const wrong = report.error || model.get("problem");
    alarm.hidden = !wrong;
    text(alarm, wrong ?? "");
    const told = progressSentence(report, status);
    outcome.hidden = !["paused", "done", "failed"].includes(status);
    text(outcome, told);
    if (frames.length === 0) {
      loss.cursor(null);
      metric.cursor(null);
      network.show(frames, -1);
      histograms.show(frames, -1);
      lastNetwork = -Infinity;
      patience.show(null, 0);
      text(sentence, told);
    }
    if (!running || performance.now() - lastSpoken > SPOKEN_EVERY) {
      lastSpoken = performance.now();
      text(spoken, told);
    }
  }

  const goesOn = () => ["loading", "training", "paused", "stopping"].includes(model.get("status"));

  function settle() {
    settled = model.get("report").run;
    const rows = model.get("runs");
    player.setLength(frames.length, goesOn());
    runs.update(rows, model.get("report").run, goesOn());
    forget.hidden = rows.length < 2;
    compare.update();
    for (const chart of [loss, metric]) chart.compare(compare.legend());
    folds.settle(frames);
  }

  listen(model, ["report", "status", "problem", "title", "log_scale", "speed"], signal, refresh);
  listen(model, SETTLED, signal, settle);
  listen(model, [...SETTINGS, "pending", "schedule_words"], signal, () => {
    form.update();
    controls.update();
  });
  frames = receiveFrames(model as unknown as AnyModel, signal, (received, isNew) => {
    const live = goesOn();
    player.setLength(received.length, live);
    if (received.length && received.settings.run !== played) {
      played = received.settings.run;
      if (!live) player.seek(received.length - 1);
    }
    if (isNew || !live) show(player.frame);
    refresh();
    const other = received.settings.patient !== followed;
    if (other) folds.settle(received);
    if (other && !live && network.words) text(spoken, network.words);
    followed = received.settings.patient;
  });
  commands.visit(signal);
  // A page that vanishes without a word (a crash, a lost network) must not leave its training running.
  const pulse = setInterval(() => {
    if (model.get("status") === "training") commands.say("here");
  }, PULSE);
  signal.addEventListener("abort", () => clearInterval(pulse));
  refresh();
  settle();
}

export default { render: card(render) };
