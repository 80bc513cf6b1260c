/** Devices on the page: what there is, the job's bar, bars of times on an axis of powers of ten. Draws what was measured. */
import type { AnyModel, RenderProps } from "@anywidget/types";
import { card } from "../card.ts";
import { createCommands } from "../command.ts";
import { h, number, text } from "../dom.ts";
import { createGlossary, type Entry } from "../glossary.ts";
import { createJobBar, isGoing } from "../job.ts";
import { listen } from "../listen.ts";
import { hideStill } from "../still.ts";
import type { Bar, Bars, DevicesTraits } from "./traits.ts";

const WORDS: readonly Entry[] = [
  ["CPU", "The processor every computer has: a few cores, each of which can do anything."],
  [
    "GPU",
    "A graphics card: thousands of small cores that all do the same to other numbers. Products of matrices suit it.",
  ],
  ["TPU", "A chip made for neural networks alone, found in data centres."],
  ["logical core", "What the operating system counts as one place to run a thread."],
  [
    "thread",
    "A line of work; several of them can run at the same time, each on a core of its own.",
  ],
  ["placement", "On which device TensorFlow lets an operation run. Without a word it chooses."],
];

function render({ model, el, signal }: RenderProps<DevicesTraits>) {
  const commands = createCommands(model as unknown as AnyModel, []);
  const heading = h("h2");
  const state = h("span", { class: "fe-state fe-number" });
  const lead = h(
    "p",
    { class: "fe-lead" },
    "The same product of two matrices, by other means. Each line further to the right is ten times as long.",
  );
  const list = h("dl", { class: "fe-machine" });
  const bar = createJobBar(signal, commands.order, {
    name: "Measurement",
    start: ["Measure", "measure"],
    share: "share measured",
    idle: "Nothing is being measured",
  });
  const alarm = h("p", { class: "fe-error", role: "alert", hidden: true });
  const empty = h(
    "p",
    { class: "fe-empty" },
    "Nothing is measured yet. “Measure” takes some 20 seconds, longer on a busy machine: most of it goes into loading " +
      "TensorFlow, in a Python of its own for each number of threads.",
  );
  const chart = h("div", { class: "fe-bars" });
  const said = h("div", { class: "fe-told" });
  const spoken = h("div", { class: "fe-hidden", role: "status" });
  const caption = h("caption"), body = h("tbody");
  const heads = ["", "median", "fastest", "slowest", "repetitions", "scaled from a part"];
  const glossary = createGlossary();
  glossary.show(WORDS);
  const source = h("pre", { class: "fe-code", tabindex: 0, role: "group", "aria-label": "Code" });
  const root = h(
    "section",
    { class: "fe fe-devices fe-works", "data-lm-suppress-shortcuts": "true" },
    h("header", {}, heading, state, lead),
    list,
    bar.element,
    alarm,
    empty,
    chart,
    said,
    spoken,
    h(
      "div",
      { class: "fe-folds" },
      h(
        "details",
        { "data-fe-part": "numbers" },
        h("summary", {}, "The numbers"),
        h(
          "div",
          { class: "fe-scroll", tabindex: 0, role: "group", "aria-label": "Times" },
          h(
            "table",
            {},
            caption,
            h("thead", {}, h("tr", {}, ...heads.map((name) => h("th", { scope: "col" }, name)))),
            body,
          ),
        ),
      ),
      glossary.element,
      h("details", { "data-fe-part": "code" }, h("summary", {}, "The code"), source),
    ),
  );
  // Keys typed here are no commands to the notebook.
  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey || event.altKey)) event.stopPropagation();
  }, { signal });
  el.append(root);
  hideStill(model as unknown as AnyModel, signal);

  function draw({ bars, axis }: Bars): void {
    const first = axis[0], span = axis[axis.length - 1] - first;
    const place = (seconds: number) => (100 * (Math.log10(seconds) - first)) / span;
    const lines = axis.map((power) => {
      const tick = h("span", { class: "fe-tick fe-number" }, powerWords(power));
      tick.style.left = `${(100 * (power - first)) / span}%`;
      return tick;
    });
    const rows = bars.map((one) => {
      const fill = h("span", { class: `fe-bar fe-bar-${kind(one)}`, "aria-hidden": "true" });
      fill.style.width = `${place(one.seconds)}%`;
      return h(
        "div",
        { class: "fe-bar-row" },
        h("span", { class: "fe-bar-name" }, one.name),
        h("span", { class: "fe-bar-track" }, fill),
        h("span", { class: "fe-bar-told fe-number" }, one.scaled ? `≈ ${one.told}` : one.told),
      );
    });
    chart.replaceChildren(
      ...rows,
      h("span", { class: "fe-ticks", "aria-hidden": "true" }, ...lines),
    );
    chart.style.setProperty("--fe-powers", String(span));
    caption.textContent = bars.length
      ? "Seconds of one product, measured by the kernel's machine."
      : "Nothing is measured yet.";
    body.replaceChildren(...bars.map((one) => {
      const cells = [
        ...[one.seconds, one.fastest, one.slowest].map((value) => number(value, 4)),
        String(one.repetitions),
        one.scaled || "no",
      ];
      return h(
        "tr",
        {},
        h("th", { scope: "row" }, one.name),
        ...cells.map((cell) => h("td", { class: "fe-number" }, cell)),
      );
    }));
  }

  function refresh(): void {
    const status = model.get("status"), report = model.get("report"), bars = model.get("bars");
    const going = isGoing(status);
    root.dataset.status = status;
    text(heading, model.get("title"));
    text(state, bars.bars.length ? `${bars.bars.length} ways measured` : "");
    list.replaceChildren(
      ...model.get("facts").flatMap((
        [name, told],
      ) => [h("dt", {}, name), h("dd", {}, ...withCode(told))]),
    );
    bar.start.element.disabled = going;
    bar.start.element.title = going ? "Stop the measurement first, or let it end" : "";
    bar.update({ status, share: report.share, told: report.doing || report.outcome });
    alarm.hidden = !report.error;
    text(alarm, report.error);
    empty.hidden = bars.bars.length > 0;
    for (const part of [chart, said]) part.hidden = !bars.bars.length;
    draw(bars);
    said.replaceChildren(
      ...model.get("said").map((one) => {
        const end = one.indexOf(":") + 1;
        return h("p", {}, h("b", {}, one.slice(0, end)), one.slice(end));
      }),
    );
    text(source, model.get("code"));
    if (status === "done") text(spoken, `${report.outcome}. ${model.get("said").join(" ")}`);
    else text(spoken, report.doing);
  }

  const names = ["title", "status", "report", "facts", "bars", "said", "code"];
  listen(model, names, signal, refresh);
  commands.visit(signal);
  refresh();
}

function kind(bar: Bar): string {
  return bar.scaled ? "scaled" : bar.way.startsWith("NumPy") ? "numpy" : "tensorflow";
}

/** What stands between backticks is code. */
function withCode(told: string): (Node | string)[] {
  return told.split("`").map((part, at) => at % 2 ? h("code", {}, part) : part);
}

function powerWords(power: number): string {
  if (power >= 0) return `${(10 ** power).toLocaleString("en-US")} s`;
  return power >= -3 ? `${10 ** (power + 3)} ms` : `${10 ** (power + 6)} µs`;
}

export default { render: card(render) };
