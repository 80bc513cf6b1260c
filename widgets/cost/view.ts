/** GradientCost on the page: controls, chart, what the numbers say. Draws what Python measured. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { createCommands } from "../command.ts";
import { card } from "../card.ts";
import { h, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { Frames, receiveFrames } from "../recording.ts";
import { hideStill } from "../still.ts";
import { createChart, type Flag } from "../training/chart.ts";
import { createControls } from "./controls.ts";
import { atPower, createTable, whole } from "./numbers.ts";
import type { CostTraits } from "./traits.ts";

/** What the card lets one change. */
const SETTINGS = ["batch_size", "largest", "guess"] as const;

function render({ model, el, signal }: RenderProps<CostTraits & { problem: string }>) {
  const commands = createCommands(model as unknown as AnyModel, SETTINGS);
  let frames = new Frames();

  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h(
    "p",
    { class: "fe-lead" },
    "Watch both lines as n grows: one gradient over all n rows, and one over a batch chosen from them at random.",
  );
  const controls = createControls(model as unknown as AnyModel<CostTraits>, signal, commands.order);
  const chart = createChart({
    model: model as unknown as AnyModel,
    signal,
    figure: model.get("chart"),
    title: "time of one gradient",
    keys: [
      { mark: "fe-key-train", text: "all n rows ●" },
      { mark: "fe-key-valid", text: "one batch ◆" },
    ],
    describe: (power) => atPower(frames, power),
  });
  const alarm = h("p", { class: "fe-error", role: "alert", hidden: true });
  const sentence = h("p", { class: "fe-sentence" });
  const note = h("p", { class: "fe-cost-note" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const table = createTable();
  const source = h("code");
  const root = h(
    "section",
    { class: "fe fe-cost fe-works", "data-lm-suppress-shortcuts": "true" },
    h("header", {}, heading, state, lead),
    controls.question,
    h("div", { class: "fe-cost-body" }, chart.element),
    controls.element,
    alarm,
    sentence,
    note,
    spoken,
    h(
      "div",
      { class: "fe-folds" },
      h("details", { "data-fe-part": "numbers" }, h("summary", {}, "The numbers"), table.element),
      h(
        "details",
        { "data-fe-part": "code" },
        h("summary", {}, "The code"),
        h("pre", { tabindex: 0, role: "group", "aria-label": "Code" }, source),
      ),
    ),
  );
  // Keys typed here are no commands to the notebook.
  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey || event.altKey)) event.stopPropagation();
  }, { signal });
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);

  function flags(): Flag[] {
    if (!frames.length) return [];
    const last = frames.length - 1;
    const [seconds, batch] = ["seconds", "batch_seconds"].map((name) => frames.value(name, last));
    const ratio = frames.value("ratio", last);
    if (ratio < 2) return [];
    return [{
      kind: "gap",
      x: Math.log10(frames.value("rows", last)),
      y: (Math.log10(seconds) + Math.log10(batch)) / 2,
      text: `${whole(Number(ratio.toPrecision(2)))} times`,
    }];
  }

  function refresh() {
    const status = model.get("status"), report = model.get("report"), facts = model.get("facts");
    root.dataset.status = status;
    text(heading, model.get("title"));
    text(state, facts.plan);
    controls.update();
    chart.place(report.axis, flags());
    const guess = frames.settings.guess;
    const shown = typeof guess === "number" && report.outcome === "finished";
    chart.note(
      `pale: fastest to slowest repetition${shown ? ` · ✚ your guess: ${whole(guess)} times` : ""}`,
    );
    const wrong = report.error || model.get("problem");
    alarm.hidden = !wrong;
    text(alarm, wrong);
    const said = model.get("said").join(" ");
    text(
      sentence,
      status === "idle" ? "Press Measure: the points appear as they are measured." : said,
    );
    const waits = facts.waiting.map((name) => name.replaceAll("_", " ")).join(", ");
    const changed = waits && status !== "measuring" && status !== "stopping";
    text(
      note,
      changed ? `Changed: ${waits}. Press Measure to measure with the new settings.` : facts.rows,
    );
    if (status === "done") text(spoken, said);
    else if (status === "measuring") text(spoken, "");
    text(source, model.get("code"));
  }

  const names = [
    ...SETTINGS,
    "title",
    "ask",
    "status",
    "report",
    "said",
    "facts",
    "code",
    "problem",
  ];
  listen(model, names, signal, refresh);
  frames = receiveFrames(model as unknown as AnyModel, signal, (received) => {
    table.fill(received);
    refresh();
  });
  table.fill(frames);
  commands.visit(signal);
  refresh();
}

export default { render: card(render) };
