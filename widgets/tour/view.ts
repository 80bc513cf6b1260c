/** DataTour on the page: the stages of the walk, the player, what is said of each. Draws what Python worked out. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { h, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { createProblem } from "../problem.ts";
import { hideStill } from "../still.ts";
import { createBalance } from "./balance.ts";
import { createColumns } from "./columns.ts";
import { createInputs } from "./inputs.ts";
import { createPuzzle } from "./puzzle.ts";
import { createRow } from "./row.ts";
import { createSpread } from "./spread.ts";
import { createTable } from "./table.ts";
import type { Stage, TourTraits } from "./traits.ts";
import { lead as leadOf, stageName, STAGES, tableSentence } from "./words.ts";

type Model = AnyModel<TourTraits>;
const SETTINGS = ["stage", "row", "filters", "sort", "descending", "top", "marked", "column"];
const REPORTS = ["title", "standardised", "window", "turned", "spread", "found", "problem"];

function render({ model, el, signal }: RenderProps<TourTraits & { problem: string }>) {
  const tour = model as unknown as Model;
  const facts = tour.get("facts");
  const go = (stage: Stage) => {
    tour.set("stage", stage);
    tour.save_changes();
  };

  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h("p", { class: "fe-lead" });
  const stages = STAGES.filter((stage) => stage !== "exercise" || facts.exercise);
  const steps = stages.map((stage, number) => {
    const button = h("button", { type: "button" }, `${number + 1} ${stageName(stage, facts)}`);
    button.addEventListener("click", () => go(stage), { signal });
    return button;
  });
  const table = createTable(tour, signal, (place) => {
    tour.set("row", place);
    go("row");
  });
  const columns = createColumns(facts);
  const row = createRow(
    tour,
    signal,
    (frame) => player.clock.step(frame - player.frame),
    (label) => tour.send({ kind: "row", label }),
  );
  const balance = createBalance(facts);
  const spread = createSpread(tour, signal);
  const puzzle = createPuzzle(tour, signal, () => tour.send({ kind: "answer" }));
  const player = createPlayer({
    signal,
    unit: "column",
    first: 0,
    framesPerSecond: 0.8,
    onFrame: () => refreshRow(),
    onState: () => speak(),
    label: (frame, length) =>
      frame ? `column ${frame} / ${length - 1}` : `before column 1 / ${length - 1}`,
  });
  const sentence = h("p", { class: "fe-sentence" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const inputs = createInputs();
  const code = h(
    "details",
    { hidden: !facts.code, "data-fe-part": "code" },
    h("summary", {}, "The code"),
    h(
      "pre",
      { class: "fe-code", tabindex: 0, role: "group", "aria-label": "Code" },
      h("code", {}, facts.code),
    ),
  );
  const root = h(
    "section",
    { class: "fe fe-tour" },
    h("header", {}, heading, state, lead),
    h(
      "nav",
      { "aria-label": "Steps of the tour", "data-fe-part": "stage" },
      h("ol", { class: "fe-tour-stages" }, ...steps.map((button) => h("li", {}, button))),
    ),
    createProblem(model, signal, "⚠"),
    puzzle.element,
    table.element,
    columns,
    row.element,
    balance,
    spread.element,
    h("div", { class: "fe-dock" }, player.element, sentence),
    spoken,
    h("div", { class: "fe-folds" }, inputs.element, code),
  );
  attachKeys(root, player, signal);
  root.addEventListener("keydown", (event) => {
    const typing = (event.target as Element).closest("input, select, textarea, .fe-scroll");
    if (tour.get("stage") !== "row" || typing || event.defaultPrevented) return;
    const act = { PageDown: row.next, PageUp: row.previous }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }, { signal });
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);

  /** Said aloud only at rest: a playing player would talk without end. */
  function speak() {
    if (!player.clock.playing) text(spoken, sentence.textContent ?? "");
  }

  function say(words: string) {
    text(sentence, words);
    speak();
  }

  function refreshRow() {
    if (tour.get("stage") !== "row") return;
    const turned = tour.get("turned"), frame = player.frame;
    row.update(frame);
    const last = frame === turned.steps.length ? ` ${turned.end}` : "";
    say(frame ? `${turned.steps[frame - 1].sentence}${last}` : turned.begin);
  }

  function refresh() {
    const stage = tour.get("stage");
    text(heading, tour.get("title"));
    text(state, facts.size);
    text(lead, leadOf(stage, facts));
    root.dataset.stage = stage;
    stages.forEach((one, number) => {
      if (one === stage) steps[number].setAttribute("aria-current", "step");
      else steps[number].removeAttribute("aria-current");
    });
    const tabled = stage === "table" || stage === "exercise";
    table.element.hidden = !tabled;
    columns.hidden = stage !== "table";
    puzzle.element.hidden = stage !== "exercise";
    row.element.hidden = player.element.hidden = inputs.element.hidden = stage !== "row";
    balance.hidden = stage !== "balance";
    spread.element.hidden = stage !== "distributions";
    if (stage !== "row") player.clock.pause();
    if (tabled) {
      table.update();
      puzzle.update();
      const marked = tour.get("marked").length;
      say(tableSentence(facts, tour.get("window"), tour.get("filters"), marked));
    } else if (stage === "row") {
      inputs.update(tour.get("turned"));
      player.setLength(tour.get("turned").steps.length + 1, false);
      refreshRow();
    } else if (stage === "distributions") {
      spread.show();
      spread.update();
      say(tour.get("spread").said);
    } else say(facts.balance.said.slice(1).join(" "));
  }

  listen(model, [...SETTINGS, ...REPORTS], signal, refresh);
  refresh();
}

export default { render: card(render) };
