import type { OverfittingTraits, PanelFacts } from "../../widgets/overfitting/traits.ts";
import view from "../../widgets/overfitting/view.ts";
import { assert, assertEquals } from "./assert.ts";
import { fakeModel, openTensorPage } from "./tensor_page.ts";

type Told = OverfittingTraits & { problem: string; _still: string };

const EPOCHS = 10;

/** Numbers that can be told apart: the panel, the loss, the statistic and the epoch can be read off. */
function curvesOf(series: { units: number; variant: string; seeds: number }[]) {
  const values: number[] = [];
  series.forEach((_, place) => {
    for (const loss of [0, 1]) {
      for (const statistic of [0, -0.05, 0.05]) {
        for (let epoch = 0; epoch < EPOCHS; epoch++) {
          values.push(0.1 + 0.2 * place + 0.3 * loss + statistic + 0.001 * epoch);
        }
      }
    }
  });
  return { epochs: EPOCHS, series, values: new DataView(Float32Array.from(values).buffer) };
}

function panelOf(units: number, more: Partial<PanelFacts> = {}): PanelFacts {
  return {
    units,
    head: `${units} units · ${31 * units + 1} parameters`,
    rows: "0.3 parameters for each training row",
    kind: "",
    verdict: "",
    compare: "",
    trouble: "",
    seeds: 0,
    of: 3,
    stops: [],
    restored: [],
    ...more,
  };
}

const REPORT = {
  done: 0,
  of: 0,
  share: 0,
  doing: "",
  outcome: "" as const,
  error: "",
  axis: {
    y: [0, 1] as [number, number],
    log: [-2, 0] as [number, number],
    highest: 1,
    cut: false,
  },
};
const FACTS = {
  variant: "plain",
  note: "How the losses are measured.",
  rules: "Rules.",
  heads: ["network", "variant"],
  question: "Which network will end lowest?",
  guessed: "",
  best: "",
  waiting: [],
  missing: 6,
  accepted: ["units", "dropout", "learning_rate"],
};
const PLAIN = [{ units: 2, variant: "plain", seeds: 3 }, { units: 16, variant: "plain", seeds: 3 }];
const DONE: Partial<Told> = {
  status: "done",
  curves: curvesOf(PLAIN),
  panels: [
    panelOf(2, { kind: "fits", verdict: "fits with all 3 seeds: lowest.", seeds: 3 }),
    panelOf(16, { kind: "over-fits", verdict: "over-fits with 2 of 3 seeds: it rises.", seeds: 3 }),
  ],
  facts: { ...FACTS, missing: 0 },
  report: { ...REPORT, done: 6, of: 6, share: 1, outcome: "finished" },
};

function open(more: Partial<Told> = {}) {
  const page = openTensorPage();
  const controller = new AbortController();
  const python = fakeModel<Told>({
    title: "Under-fit, fit, over-fit",
    units: [2, 16],
    seeds: 3,
    epochs: EPOCHS,
    learning_rate: null,
    batch_size: 32,
    validation_split: 0.2,
    dropout: 0,
    patience: 0,
    log_scale: false,
    ask: false,
    guess: null,
    status: "idle",
    report: REPORT,
    facts: FACTS,
    panels: [panelOf(2), panelOf(16)],
    curves: curvesOf([]),
    live: [],
    rows: [],
    code: "print('fits')",
    problem: "",
    _still: "",
    ...more,
  });
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model: python.model, el, signal: controller.signal, experimental: {} } as any);
  const find = <E extends HTMLElement = HTMLElement>(selector: string) => {
    const found = el.querySelector<E>(selector);
    assert(found, `no ${selector}`);
    return found;
  };
  const all = (selector: string) => [...el.querySelectorAll<HTMLElement>(selector)];
  const change = (values: Partial<Told>) => {
    python.change(values);
    page.frames();
  };
  const say = () => find(".fe-sentence").textContent!;
  const button = (name: string) =>
    all("button").find((one) => one.textContent === name) as HTMLButtonElement;
  const cells = (panel: number) =>
    [...all(".fe-over-panel")[panel].querySelectorAll("tbody td")].map((one) => one.textContent);
  const close = () => {
    controller.abort();
    page.restore();
  };
  return { page, python, el, find, all, change, say, button, cells, close, controller };
}

Deno.test("overfitting: an empty card says what to do, and Train is all it takes", () => {
  const { find, say, button, python, all, close } = open();
  assertEquals(find(".fe-state").textContent, "2 × 3 seeds × 10 epochs");
  assertEquals(say(), "Nothing is trained yet. Press Train: the curves appear as they come.");
  assertEquals(all(".fe-over-panel h3").map((one) => one.textContent), [
    "2 units · 63 parameters",
    "16 units · 497 parameters",
  ]);
  assertEquals(button("Train").title, "6 fits to train");
  assert(button("Stop").disabled && button("Reset").disabled);
  button("Train").click();
  assertEquals(python.sent.map(({ kind }) => kind), ["enter", "train"]);
  close();
});

Deno.test("overfitting: medians, ranges and gaps at the cursor, in every panel and in one sentence", () => {
  const { cells, say, find, page, close } = open(DONE);
  assertEquals(say().startsWith("Epoch 1 of 10: with 2 units the training loss is 0.100"), true);
  find("[aria-label='last epoch']").click();
  assertEquals(cells(1).slice(0, 5), ["0.309", "0.259–0.359", "", "0.609", "0.559–0.659"]);
  assertEquals(cells(1).slice(6, 8), ["0.300", "of medians"]);
  assertEquals(
    say(),
    "Epoch 10 of 10: with 2 units the training loss is 0.109, the validation loss 0.409 " +
      "(median of 3 seeds; 0.359 to 0.459); with 16 units the training loss is 0.309, " +
      "the validation loss 0.609 (median of 3 seeds; 0.559 to 0.659).",
  );
  assertEquals(find("[role=status]").textContent, say());
  page.press(find(".fe-play"), "Home");
  assertEquals(cells(0)[0], "0.100");
  close();
});

Deno.test("overfitting: the pointer moves the cursor in all panels and gives it back", () => {
  const { all, cells, page, close } = open(DONE);
  const plot = all(".fe-plot")[0];
  Object.assign(plot, { getBoundingClientRect: () => ({ left: 0, top: 0 }) });
  page.fire(plot, "pointermove", { clientX: 584 });
  assertEquals(cells(1)[0], "0.309");
  page.fire(plot, "pointerleave");
  assertEquals(cells(1)[0], "0.300");
  page.fire(plot, "click", { clientX: 584 });
  page.fire(plot, "pointerleave");
  assertEquals(cells(0)[0], "0.109");
  close();
});

Deno.test("overfitting: a fit appears as it comes, before and beside the band", () => {
  const { change, cells, all, say, find, button, close } = open();
  const live = (units: number, epochs: number) => ({
    units,
    variant: "plain",
    seed: 1,
    state: "in training" as const,
    values: new DataView(
      Float32Array.from({ length: 2 * epochs }, (_, at) => at < epochs ? 0.2 : 0.5).buffer,
    ),
  });
  change({
    status: "training",
    live: [live(16, 4)],
    report: { ...REPORT, of: 6, doing: "fit 1 of 6 · 16 units, seed 1" },
  });
  assertEquals(all(".fe-over-panel")[0].querySelectorAll(".fe-over-live").length, 0);
  assertEquals(all(".fe-over-panel")[1].querySelectorAll(".fe-over-live").length, 2);
  assertEquals(cells(1)[0], "0.200");
  assertEquals(all("thead th")[2].textContent, "seed 1, in training");
  assert(say().includes("Epoch 4 of 10: with 16 units"), say());
  assert(say().includes("(seed 1, in training)"), say());
  assertEquals(find(".fe-job-progress span").textContent, "fit 1 of 6 · 16 units, seed 1");
  assert(button("Train").disabled && !button("Stop").disabled);
  change({
    curves: curvesOf([{ units: 16, variant: "plain", seeds: 1 }]),
    live: [live(2, 7)],
    panels: [
      panelOf(2),
      panelOf(16, { seeds: 1, kind: "fits", verdict: "fits with the one seed" }),
    ],
  });
  const verdict = all(".fe-over-verdict")[1].textContent!;
  assertEquals(verdict, "fits with the one seed (1 of 3 seeds so far)");
  assertEquals(all(".fe-over-panel")[1].querySelectorAll(".fe-over-band").length, 2);
  close();
});

Deno.test("overfitting: dropout stands in front of the plain fits, with marks, and both can be read", () => {
  const { change, cells, all, close } = open(DONE);
  assertEquals(all(".fe-over-back").length, 0);
  change({
    facts: { ...FACTS, variant: "dropout", missing: 0 },
    curves: curvesOf([...PLAIN, ...PLAIN.map((one) => ({ ...one, variant: "dropout" }))]),
  });
  assertEquals(all(".fe-over-back").length, 4);
  assertEquals(all(".fe-over-mark").length, 32);
  assertEquals([cells(0)[0], cells(0)[2]], ["0.500", "0.100"]);
  assertEquals(
    [...all(".fe-over-panel")[0].querySelectorAll("thead th")].map((one) => one.textContent),
    ["dropout", "plain"],
  );
  assert(all(".fe-over-key span").some((one) => one.textContent === "with dropout"));
  close();
});

Deno.test("overfitting: early stopping shows where it stops and what it restores", () => {
  const { change, all, close } = open(DONE);
  change({
    facts: { ...FACTS, variant: "early stopping", missing: 0 },
    panels: [
      panelOf(2),
      panelOf(16, { stops: [5, 7, 7], restored: [[2, 0.6], [4, 0.61], [4, 0.62]], seeds: 3 }),
    ],
  });
  assertEquals(all(".fe-over-restored").length, 3);
  assertEquals(all(".fe-over-after").length, 1);
  assert(all(".fe-layer-veil text").some((one) => one.textContent === "stops after 5 to 7"));
  change({ facts: { ...FACTS, missing: 0 }, panels: DONE.panels });
  assertEquals(all(".fe-over-restored").length, 0);
  close();
});

Deno.test("overfitting: settings go to Python; what is no number goes as it is", () => {
  const { page, find, all, python, close } = open(DONE);
  const field = (name: string) => find<HTMLInputElement>(`input[aria-label^="${name}"]`);
  const put = (name: string, value: string) => {
    field(name).value = value;
    Object.defineProperty(field(name), "valueAsNumber", {
      configurable: true,
      value: Number(value),
    });
    page.fire(field(name), "change");
  };
  put("units", "4, 8;  x");
  assertEquals(python.traits.units, [4, 8, "x"] as unknown as number[]);
  put("seeds", "7");
  put("learning", "");
  assertEquals([python.traits.seeds, python.traits.learning_rate], [7, null]);
  const boxes = all("input[type=checkbox]") as HTMLInputElement[];
  Object.defineProperty(field("dropout"), "valueAsNumber", { configurable: true, value: 0.5 });
  boxes[0].checked = true;
  page.fire(boxes[0], "change");
  assertEquals(python.traits.dropout, 0.5);
  const { kind, settings } = python.sent.at(-1)! as { kind: string; settings: Partial<Told> };
  assertEquals([kind, settings.dropout, settings.seeds], ["train", 0.5, 7]);
  Object.defineProperty(field("patience"), "valueAsNumber", { configurable: true, value: 15 });
  boxes[1].checked = true;
  page.fire(boxes[1], "change");
  boxes[2].checked = true;
  page.fire(boxes[2], "change");
  assertEquals([python.traits.patience, python.traits.log_scale], [15, true]);
  assertEquals(python.sent.filter((one) => one.kind === "train").length, 1);
  close();
});

Deno.test("overfitting: what the builder does not take cannot be set, and says so", () => {
  const { find, all, close } = open({ facts: { ...FACTS, accepted: ["units"] } });
  const box = all("input[type=checkbox]")[0] as HTMLInputElement;
  assert(box.disabled && box.title === "build_model takes no dropout");
  assert(find<HTMLInputElement>("input[aria-label^=learning]").disabled);
  close();
});

Deno.test("overfitting: a guess is asked before training and compared after it", () => {
  const { page, find, all, python, change, close } = open({ ask: true });
  assert(find("legend").textContent!.includes("Which network will end lowest?"));
  const radios = all("input[type=radio]") as HTMLInputElement[];
  assertEquals(radios.map((one) => one.parentElement!.textContent), ["2 units", "16 units"]);
  page.fire(radios[1], "change");
  assertEquals(python.traits.guess, 16);
  change({ status: "training" });
  assert(radios[0].disabled && radios[0].title.startsWith("It was trained already"));
  change({ status: "done", facts: { ...FACTS, guessed: "You said 16 units." } });
  assertEquals(find(".fe-over-guessed").textContent, "You said 16 units.");
  close();
});

Deno.test("overfitting: what went wrong is said, and what waits for Train", () => {
  const { find, change, close } = open(DONE);
  change({
    report: { ...REPORT, error: "2 of 4 fits failed: no room" },
    panels: [panelOf(2, { trouble: "Seed 1 diverged: try less." }), panelOf(16)],
    facts: { ...FACTS, waiting: ["batch_size", "seeds"], missing: 3 },
    problem: "units is wrong",
  });
  assertEquals(find(".fe-error").textContent, "2 of 4 fits failed: no room");
  assertEquals(find(".fe-over-trouble").textContent, "Seed 1 diverged: try less.");
  assertEquals(find(".fe-problem").textContent, "⚠ units is wrong");
  assertEquals(
    find(".fe-over-note").textContent,
    "Changed: batch size, seeds. Press Train for the 3 fits this asks for.",
  );
  close();
});

Deno.test("overfitting: the tables hold the summary, and every epoch once they are looked at", () => {
  const { page, find, all, close } = open({ ...DONE, rows: [["2 units", "plain"]] });
  assertEquals(all(".fe-scroll")[0].querySelector("tbody")!.textContent, "2 unitsplain");
  assertEquals(all(".fe-scroll")[1].querySelectorAll("tr").length, 0);
  const details = find<HTMLDetailsElement>(".fe-folds details");
  Object.defineProperty(details, "open", { value: true });
  page.fire(details, "toggle");
  const lines = [...all(".fe-scroll")[1].querySelectorAll("tbody tr")];
  assertEquals(lines.length, EPOCHS);
  assertEquals([...lines[9].children].map((one) => one.textContent), [
    "10",
    "0.109000",
    "0.409000",
    "0.300000",
    "0.309000",
    "0.609000",
    "0.300000",
  ]);
  close();
});

Deno.test("overfitting: a closed card listens to nothing and tells Python that it left", () => {
  const one = open(DONE);
  one.controller.abort();
  one.page.frames();
  assertEquals(one.page.listeners(), 0);
  assertEquals(one.page.observers(), 0);
  assertEquals(one.python.heard(), 0);
  assertEquals(one.python.sent.at(-1)!.kind, "leave");
  one.page.restore();
});
