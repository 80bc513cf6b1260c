/** LiveTraining on the page: settings, curves, network, controls, player. Draws what Python recorded. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { h, number, text } from "../dom.ts";
import { walk } from "../network/follow.ts";
import { createNetwork } from "../network/network.ts";
import { createPatient } from "../network/patient.ts";
import type { NetworkTraits } from "../network/view.ts";
import { attachKeys } from "../playback/keys.ts";
import { createPlayer } from "../playback/player.ts";
import { type Frames, receiveFrames } from "../recording.ts";
import { createChart } from "./chart.ts";
import { createControls } from "./controls.ts";
import { createForm } from "./form.ts";
import { createRuns } from "./runs.ts";
import {
  atPosition,
  baselineWords,
  flagsOf,
  frameLabel,
  networkSentence,
  networkState,
  progressSentence,
  sceneSentence,
} from "./story.ts";
import type { TrainingTraits } from "./traits.ts";

type Model = AnyModel<TrainingTraits>;

function render({ model, el, signal }: RenderProps<TrainingTraits>) {
  const view = crypto.randomUUID();
  const send = (kind: string) => model.send({ kind, view });
  let frames: Frames;

  const heading = h("h2", {}, model.get("title"));
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h(
    "p",
    { class: "fe-lead" },
    "Watch the two loss curves: when validation turns up while training goes on down, the network has begun to learn the training rows by heart.",
  );
  const form = createForm(model, signal);
  const describe = (x: number) => atPosition(frames, model.get("report"), x);
  const charts = (["loss", "metric"] as const).map((name) =>
    createChart({
      model: model as unknown as AnyModel,
      signal,
      figure: model.get(`${name}_chart`),
      title: name === "loss" ? "loss (binary cross-entropy)" : "accuracy",
      describe,
    })
  );
  const logScale = h("input", { type: "checkbox" });
  logScale.addEventListener("change", () => {
    model.set("log_scale", logScale.checked);
    model.save_changes();
  }, { signal });
  const runs = createRuns();
  const forget = h(
    "button",
    { type: "button", class: "fe-small", hidden: true },
    "Forget earlier runs",
  );
  forget.addEventListener("click", () => send("forget"), { signal });

  const network = createNetwork({ signal, walk });
  const training = h("input", { type: "checkbox" });
  training.checked = true;
  const trainingLabel = h(
    "label",
    { class: "fe-inline" },
    training,
    "show what this batch dropped",
  );
  training.addEventListener("change", () => show(shown), { signal });
  const patient = createPatient(model as unknown as AnyModel<NetworkTraits>, signal, () => {
    training.checked = false;
    show(shown);
    network.follow();
  });
  const networkWords = h("p", { class: "fe-note" });
  const networkSlot = h(
    "section",
    { class: "fe-training-network", "aria-label": "The network" },
    network.element,
    networkWords,
    patient.element,
    trainingLabel,
  );
  const patience = h("meter", { min: 0 });
  const patienceWords = h("span", { class: "fe-number" });
  const patienceRow = h("label", { class: "fe-patience" }, patienceWords, patience);
  const empty = h(
    "p",
    { class: "fe-empty" },
    "Press Train to build the network and watch it learn. Every setting on the left has the name it has in Keras.",
  );
  const controls = createControls(model, signal, send);
  const player = createPlayer({
    signal,
    unit: "epoch",
    framesPerSecond: 20,
    label: (frame) => frameLabel(frames, frame),
    onFrame: (frame) => show(frame),
  });
  const sentence = h("p", { class: "fe-sentence" });
  const outcome = h("p", { class: "fe-sentence fe-outcome", hidden: true });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const alarm = h("p", { class: "fe-error", role: "alert", hidden: true });
  const code = h("pre", { tabindex: 0 }, h("code"));
  const copy = h("button", { type: "button", class: "fe-small" }, "Copy the code");
  copy.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(model.get("code"));
    text(copy, "Copied");
  }, { signal });
  const table = h("tbody");
  const numbers = h(
    "details",
    {},
    h("summary", {}, "The numbers"),
    h(
      "div",
      { class: "fe-scroll", tabindex: 0, role: "region", "aria-label": "Numbers by epoch" },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ...["epoch", "loss", "val loss", "accuracy", "val accuracy"].map((name) =>
              h("th", { scope: "col" }, name)
            ),
          ),
        ),
        table,
      ),
    ),
  );
  const open = h("button", { type: "button" }, "Open the test set");
  open.addEventListener("click", () => send("open_test_set"), { signal });
  const test = h("p", { class: "fe-number" });
  const sealed = h(
    "details",
    {},
    h("summary", {}, "The test set"),
    h(
      "p",
      {},
      `${
        model.get("choices").test_rows
      } rows the network has never seen. Open them once, when you have decided on your settings: choosing settings by the test result would make it a second validation set.`,
    ),
    open,
    test,
  );

  const settings = h(
    "details",
    { class: "fe-training-settings", open: el.clientWidth === 0 || el.clientWidth >= 640 },
    h("summary", {}, "Settings"),
    form.element,
  );
  const root = h(
    "section",
    { class: "fe fe-training" },
    h("header", {}, heading, state, lead),
    h(
      "div",
      { class: "fe-training-body" },
      settings,
      h(
        "div",
        { class: "fe-training-charts" },
        empty,
        charts[0].element,
        patienceRow,
        h("label", { class: "fe-inline" }, logScale, "logarithmic loss axis"),
        charts[1].element,
      ),
      networkSlot,
      h("div", { class: "fe-training-runs" }, runs.element, forget),
    ),
    controls.element,
    player.element,
    alarm,
    outcome,
    sentence,
    spoken,
    h(
      "div",
      { class: "fe-folds" },
      numbers,
      h("details", {}, h("summary", {}, "The Keras code of this run"), copy, code),
      sealed,
    ),
  );
  attachKeys(root, player, signal);
  el.append(root);

  let shown = -1;
  function show(frame: number) {
    shown = frame;
    if (!frames || frame < 0 || frame >= frames.length) return;
    const batch = frames.value("batch", frame);
    const batches = Number(frames.settings.batches ?? 1);
    const at = frames.value("epoch", frame) + (batch < 0 ? 1 : (batch + 1) / batches);
    charts.forEach((chart) => chart.cursor(at));
    const drawn = networkState(frames, frame, training.checked);
    if (drawn) {
      network.draw(drawn.plan, drawn.state);
      text(networkWords, networkSentence(drawn.state, model.get("chosen"), model.get("patient")));
    }
    const limit = model.get("report").patience;
    patienceRow.hidden = limit == null;
    if (limit != null) {
      const left = Math.max(0, limit - frames.value("wait", frame));
      patience.max = Math.max(1, limit);
      patience.value = left;
      text(patienceWords, `patience left: ${left} of ${limit} epochs`);
    }
    text(sentence, sceneSentence(frames, frame, model.get("report")));
  }

  let lastSpoken = 0;
  function refresh() {
    const report = model.get("report"), status = model.get("status");
    const running = status === "training" || status === "loading" || status === "stopping";
    root.dataset.status = status;
    text(heading, model.get("title"));
    const parts = [String((frames?.settings.network as { shape?: string })?.shape ?? "")];
    if (report.parameters) parts.push(`${report.parameters} parameters`);
    if (report.planned) parts.push(`epoch ${report.epoch} / ${report.planned}`);
    text(state, parts.filter(Boolean).join(" · "));
    empty.hidden = status !== "idle";
    networkSlot.hidden = !frames?.length;
    trainingLabel.hidden = !frames?.has("dropped");
    patienceRow.hidden = report.patience == null || !frames?.length;
    outcome.hidden = !["paused", "done", "failed"].includes(status);
    player.element.hidden = !frames?.length;
    logScale.checked = model.get("log_scale");
    charts[0].place(report.charts.loss, flagsOf(report));
    charts[1].place(report.charts.metric, []);
    charts[1].title(report.metric);
    charts[1].note(baselineWords(report));
    controls.update();
    const wrong = report.error || model.get("problem");
    alarm.hidden = !wrong;
    text(alarm, wrong ?? "");
    if (!frames?.length) charts.forEach((chart) => chart.cursor(null));
    const told = progressSentence(report, status);
    text(outcome, told);
    if (!running || performance.now() - lastSpoken > 5000) {
      lastSpoken = performance.now();
      text(spoken, told);
    }
    if (!frames?.length || status === "loading") text(sentence, told);
  }

  function settle() {
    const rows = model.get("runs");
    runs.update(rows, model.get("choices").test_rows);
    forget.hidden = rows.length < 2;
    text(code.firstElementChild!, model.get("code"));
    text(copy, "Copy the code");
    const newest = rows.at(-1);
    open.disabled = !newest?.has_test;
    open.title = newest?.has_test ? "" : "Train first";
    const result = newest?.test;
    const accuracy = result?.[newest!.metric];
    const count = model.get("choices").test_rows;
    text(
      test,
      result
        ? `${
          accuracy === undefined
            ? ""
            : `${Math.round(accuracy * count)} of ${count} right (${
              (100 * accuracy).toFixed(1)
            } %), `
        }loss ${number(result.loss)}. Always answering 0 gets ${
          model.get("choices").test_baseline
        } of ${count} right.`
        : "",
    );
    fillNumbers();
  }

  function fillNumbers() {
    if (!numbers.open || !frames) return;
    const rows: Node[] = [];
    for (let frame = 0; frame < frames.length; frame++) {
      if (frames.value("batch", frame) >= 0) continue;
      rows.push(
        h(
          "tr",
          {},
          h("th", { scope: "row" }, String(frames.value("epoch", frame) + 1)),
          ...["loss", "val_loss", "metric", "val_metric"].map((name) =>
            h("td", { class: "fe-number" }, number(frames.value(name, frame), 4))
          ),
        ),
      );
    }
    table.replaceChildren(...rows);
  }
  numbers.addEventListener("toggle", fillNumbers, { signal });

  const listen = (names: string[], callback: () => void) =>
    names.forEach((name) => {
      model.on(`change:${name}`, callback);
      signal.addEventListener("abort", () => model.off(`change:${name}`, callback));
    });
  listen(["report", "status", "problem", "title", "log_scale", "speed"], refresh);
  listen(["runs", "code", "status"], settle);
  listen(["chosen", "patient"], () => {
    patient.update();
    show(shown);
  });
  listen(
    [
      "units",
      "activation",
      "dropout",
      "optimizer",
      "learning_rate",
      "batch_size",
      "epochs",
      "validation_split",
      "early_stopping",
      "patience",
      "min_delta",
      "monitor",
      "restore_best_weights",
      "seed",
      "pending",
    ],
    () => {
      form.update();
      controls.update();
    },
  );
  frames = receiveFrames(model as unknown as AnyModel, signal, (received, isNew) => {
    const status = model.get("status");
    const live = status === "training" || status === "paused" || status === "stopping";
    if (isNew) shown = -1;
    player.setLength(received.length, live || isNew);
    if (shown < 0 && received.length) show(received.length - 1);
    refresh();
  });
  send("enter");
  const leave = () => send("leave");
  signal.addEventListener("abort", leave);
  globalThis.addEventListener("pagehide", leave, { signal });
  patient.update();
  refresh();
  settle();
}

export default { render };
