/** Overfitting on the page: panels side by side, one cursor through the epochs. Draws what Python trained. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { createCommands } from "../command.ts";
import { card } from "../card.ts";
import { h, number, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { attachKeys, createPlayer } from "../playback/player.ts";
import { createProblem } from "../problem.ts";
import { hideStill } from "../still.ts";
import { createControls, going } from "./controls.ts";
import { createForm } from "./form.ts";
import { createKey } from "./key.ts";
import { createPanel, type Panel } from "./panel.ts";
import { createQuestion } from "./question.ts";
import { ofPanel, type PanelSeries, readBands, readLive } from "./series.ts";
import { createTables } from "./tables.ts";
import type { OverfittingTraits } from "./traits.ts";
import { sentenceOf } from "./words.ts";

const NAMES: (keyof OverfittingTraits)[] = [
  "title",
  "units",
  "seeds",
  "epochs",
  "learning_rate",
  "batch_size",
  "dropout",
  "patience",
  "ask",
  "guess",
  "status",
  "report",
  "facts",
  "rows",
  "code",
];

const SENT: (keyof OverfittingTraits)[] = [
  "units",
  "seeds",
  "epochs",
  "learning_rate",
  "batch_size",
  "dropout",
  "patience",
  "guess",
];
const DRAWN = ["curves", "live", "panels", "report", "facts", "log_scale", "status"];

function render({ model, el, signal }: RenderProps<OverfittingTraits>) {
  const typed = model as unknown as AnyModel<OverfittingTraits>;
  const commands = createCommands(model as unknown as AnyModel, SENT);
  const send = (kind: string) => kind === "train" ? commands.order(kind) : commands.say(kind);
  let bands = readBands(model.get("curves"));
  let shown: PanelSeries[] = [];
  let hovered: number | null = null;
  const panels: Panel[] = [];

  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h(
    "p",
    { class: "fe-lead" },
    "Watch the gap: the training loss falls in every network; the validation loss shows what was learned that holds for others.",
  );
  const question = createQuestion(typed, signal);
  const controls = createControls(typed, signal, send);
  const form = createForm(typed, signal, send);
  const alarm = h("p", { class: "fe-error", role: "alert", hidden: true });
  const waits = h("p", { class: "fe-over-note" });
  const body = h("div", { class: "fe-over-panels" });
  const key = createKey();
  const best = h("p", { class: "fe-over-best" });
  const note = h("p", { class: "fe-over-note" });
  const guessed = h("p", { class: "fe-over-guessed" });
  const sentence = h("p", { class: "fe-sentence" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const player = createPlayer({
    signal,
    unit: "epoch",
    framesPerSecond: 30,
    onFrame: () => point(),
    onState: () => speak(),
    label: (frame) => `epoch ${frame + 1} / ${model.get("curves").epochs}`,
  });
  const tables = createTables(signal);
  const rules = h("p", {});
  const source = h("code");
  const root = h(
    "section",
    { class: "fe fe-overfitting fe-works" },
    h("header", {}, heading, state, lead),
    createProblem(model, signal, "⚠"),
    question.element,
    controls.element,
    alarm,
    waits,
    guessed,
    body,
    key.element,
    best,
    note,
    h("div", { class: "fe-dock" }, player.element),
    sentence,
    spoken,
    form.element,
    h(
      "div",
      { class: "fe-folds" },
      tables.element,
      h(
        "details",
        { "data-fe-part": "rules" },
        h("summary", {}, "The rules of the verdicts"),
        rules,
      ),
      h(
        "details",
        { "data-fe-part": "code" },
        h("summary", {}, "The code"),
        h("pre", { class: "fe-code", tabindex: 0, role: "group", "aria-label": "Code" }, source),
      ),
    ),
  );
  attachKeys(root, player, signal);
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);

  const epoch = () => hovered ?? player.frame;

  function point(): void {
    for (const panel of panels) panel.point(epoch());
    const epochs = model.get("curves").epochs;
    text(
      sentence,
      shown.some(({ front, live }) => front || live)
        ? sentenceOf(shown, epoch(), epochs)
        : "Nothing is trained yet. Press Train: the curves appear as they come.",
    );
    speak();
  }

  /** Said aloud only at rest: a playing clock or a training would talk without end. */
  function speak(): void {
    if (!player.clock.playing && hovered === null && !going(typed)) {
      text(spoken, sentence.textContent ?? "");
    }
  }

  function draw(): void {
    const facts = model.get("panels"), { variant } = model.get("facts");
    const { epochs } = model.get("curves");
    const live = readLive(model.get("live"));
    shown = facts.map(({ units }) => ofPanel(units, variant, bands, live));
    while (panels.length < facts.length) {
      panels.push(createPanel(signal, (at) => {
        hovered = at;
        point();
      }, (at) => player.seek(at)));
      body.append(panels[panels.length - 1].element);
    }
    panels.forEach(({ element }, place) => element.hidden = place >= facts.length);
    const { axis } = model.get("report");
    facts.forEach((one, place) =>
      panels[place].draw({
        facts: one,
        series: shown[place],
        epochs,
        axis,
        log: model.get("log_scale"),
      })
    );
    const longest = Math.max(
      0,
      ...shown.flatMap(({ front, live }) => [front?.epochs ?? 0, live?.epochs ?? 0]),
    );
    player.setLength(longest, model.get("status") === "training");
    tables.epochs(shown, longest);
    key.show(
      shown,
      model.get("facts").variant,
      axis.cut && !model.get("log_scale")
        ? `The axis is cut: the highest loss is ${number(axis.highest)}.`
        : "",
    );
    point();
  }

  function refresh(): void {
    const status = model.get("status"), report = model.get("report"), facts = model.get("facts");
    root.dataset.status = status;
    text(heading, model.get("title"));
    const seeds = model.get("seeds");
    text(
      state,
      `${model.get("units").length} × ${seeds} ${seeds === 1 ? "seed" : "seeds"} × ${
        model.get("epochs")
      } epochs`,
    );
    for (const part of [question, controls, form]) part.update();
    alarm.hidden = !report.error;
    text(alarm, report.error);
    const changed = facts.waiting.map((name) => name.replaceAll("_", " ")).join(", ");
    const idle = status === "done" || status === "failed";
    waits.hidden = !(idle && changed && facts.missing);
    text(
      waits,
      `Changed: ${changed}. Press Train for the ${facts.missing} ${
        facts.missing === 1 ? "fit" : "fits"
      } this asks for.`,
    );
    guessed.hidden = !facts.guessed;
    text(guessed, facts.guessed);
    best.hidden = !facts.best;
    text(best, facts.best);
    text(note, facts.note);
    text(rules, facts.rules);
    tables.summary(facts.heads, model.get("rows"));
    text(source, model.get("code"));
    if (status === "done") speak();
  }

  let drawing = false;
  /** Python changes several traits at a time: they are drawn once, together. */
  const drawLater = () => {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      if (!signal.aborted) draw();
    });
  };

  listen(model, NAMES, signal, refresh);
  listen(model, ["curves"], signal, () => bands = readBands(model.get("curves")));
  listen(model, DRAWN, signal, drawLater);
  commands.visit(signal);
  refresh();
  draw();
}

export default { render: card(render) };
