import view from "../../widgets/loss/view.ts";
import type { LossTraits, Report } from "../../widgets/loss/traits.ts";
import { percent, shown, signed } from "../../widgets/loss/words.ts";
import { assert, assertEquals } from "./assert.ts";
import { fakeModel, openTensorPage } from "./tensor_page.ts";

type Traits = LossTraits & { problem: string };
type Listener = (content: unknown, buffers: DataView[]) => void;

const Y = [1, 0, 1, 1], SETS = [["training", 0, 3], ["validation", 3, 1]] as const;
const EPOCHS = [[0.5, 0.5, 0.5, 0.5], [0.8, 0.3, 0.4, 0.6], [0.9, 0.2, 0.01, 0.7]];
const SHIFTS = [-6, 0, 6], STEPS = [-6, -3, 0, 3, 6];
const termOf = (p: number, y: number) => -Math.log(y ? p : 1 - p);
const meanOf = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

/** A message of one Stream: arrays of frames, each frame a list of numbers. */
function message(kind: string, run: number, settings: unknown, arrays: Record<string, number[][]>) {
  const names = Object.keys(arrays), stop = arrays[names[0]].length;
  return {
    content: {
      kind,
      run,
      start: 0,
      stop,
      settings,
      arrays: names.map((name) => ({
        name,
        dtype: "float64",
        shape: [stop, ...(arrays[name][0].length > 1 ? [arrays[name][0].length] : [])],
      })),
    },
    buffers: names.map((name) =>
      new DataView(new Float64Array(arrays[name].flat()).buffer as ArrayBuffer)
    ),
  };
}

/** What Python sends at first. */
function recorded(
  epochs = EPOCHS,
  y = Y,
  sets: readonly (readonly [string, number, number])[] = SETS,
) {
  const of = (values: number[], [, first, count]: readonly [string, number, number]) =>
    values.slice(first, first + count);
  const terms = epochs.map((row) => row.map((p, k) => termOf(p, y[k])));
  const facts = {
    sets: sets.map(([name, first, count]) => ({ name, first, count })),
    first: 0,
    row_name: "patient",
    y,
    shifts: SHIFTS,
    steps: STEPS,
    high: 5,
    bias_high: 3,
  };
  return message("frames", 1, facts, {
    output: epochs,
    term: terms,
    mean: terms.map((row) => sets.map((set) => meanOf(of(row, set)))),
    wrong: epochs.map((row) =>
      sets.map((set) => of(row, set).filter((p, k) => (p > 0.5) !== (of(y, set)[k] === 1)).length)
    ),
    slope: epochs.map(() => sets.map(() => 0.25)),
    over_bias: epochs.map(() => sets.flatMap(() => SHIFTS.map((shift) => Math.abs(shift) / 3))),
    wrong_over_bias: epochs.map(() => sets.flatMap(() => STEPS.map((_, k) => k % 2))),
  });
}

/** What Python answers to a change by hand. */
function answered(traits: Traits, outputs: number[], y: number[], run: number) {
  const terms = outputs.map((p, k) => termOf(p, y[k])), { row } = traits;
  const report: Report = {
    rows: traits.rows,
    row,
    epoch: traits.epoch,
    output: traits.output,
    target: traits.target,
    bias_change: traits.bias_change,
    y: y[row],
    own_y: Y[row],
    own_output: EPOCHS[traits.epoch][row],
    shown_output: outputs[row],
    term: terms[row],
    share: terms[row] / terms.reduce((sum, one) => sum + one, 0),
    mean: meanOf(terms),
    mean_before: 1.5,
    slope: -0.125,
    wrong: 0,
    count: y.length,
    largest: 0,
  };
  return message("hand", run, report, {
    output: [outputs],
    term: [terms],
    y: [y],
    over_bias: [SHIFTS.map(() => 1)],
    wrong_over_bias: [STEPS.map(() => 1)],
  });
}

function open(settings: Partial<Traits> = {}, first = recorded()) {
  const page = openTensorPage(800);
  const controller = new AbortController();
  const python = fakeModel<Traits>({
    title: "Row by row",
    rows: "training",
    row: 0,
    epoch: 2,
    output: null,
    target: null,
    bias_change: 0,
    by_size: true,
    code: "import keras",
    problem: "",
    ...settings,
  });
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model: python.model, el, signal: controller.signal, experimental: {} } as any);
  const receive = ({ content, buffers }: ReturnType<typeof message>) => {
    python.receive(content, buffers);
    page.frames();
  };
  receive(first);
  const find = <E extends Element = HTMLElement>(selector: string) => {
    const found = el.querySelector<E>(selector);
    assert(found, `no ${selector}`);
    return found;
  };
  return {
    page,
    python,
    el,
    find,
    receive,
    text: (selector: string) => find(selector).textContent!.trim(),
    button: (words: string) =>
      [...el.querySelectorAll("button")].find((one) => one.textContent === words)!,
    choose(label: string, value: string) {
      const field = find<HTMLInputElement>(`[aria-label='${label}']`);
      field.value = value;
      page.fire(field, "change");
    },
    controller,
    close() {
      controller.abort();
      page.restore();
    },
  };
}

Deno.test("loss: it opens at its epoch, with the formula, the sentence and the mean", () => {
  const { text, find, el, python, close } = open({ row: 2 });
  assertEquals(text(".fe-position"), "epoch 2 / 2");
  assertEquals(text(".fe-rule"), "−(1·log 0.010 + 0·log 0.990) = 4.605");
  assertEquals(text(".fe-state"), "mean 1.645 · 2 of 3 right");
  assertEquals(
    text(".fe-sentence"),
    "Patient 2 of the training rows: y = 1, model(x) = 0.010, sure and wrong: term 4.605, 93 % of the sum of all 3. " +
      "Mean 1.645; 1 on the wrong side of 0.5.",
  );
  assertEquals(text("[role=status]"), text(".fe-sentence"));
  const words = [...el.querySelectorAll(".fe-plot-over text")].map((one) => one.textContent);
  assert(words.includes("mean 1.645"), `${words}`);
  assertEquals(find(".fe-grip").getAttribute("aria-valuetext"), "output 0.010, y = 1");
  const slider = find<HTMLInputElement>("[aria-label='row in hand']");
  assertEquals(slider.getAttribute("aria-valuetext"), "patient 2, 1 of 3, term 4.605");
  assertEquals([python.saves(), text(".fe-loss-bias .fe-bias-told").includes("slope +0.25")], [
    0,
    true,
  ]);
  close();
});

Deno.test("loss: playing asks Python nothing; at rest Python hears of the epoch, and what was changed is put back", () => {
  const { text, find, page, python, close } = open({ output: 0.4 });
  page.press(find(".fe-loss"), "Home");
  assertEquals([python.traits.epoch, python.traits.output, python.saves()], [0, null, 1]);
  assertEquals(text(".fe-rule"), "−(1·log 0.500 + 0·log 0.500) = 0.693");
  const play = find(".fe-play");
  page.fire(play, "click");
  page.frames(200);
  assertEquals(text(".fe-position"), "epoch 1 / 2");
  assertEquals([python.traits.epoch, python.saves()], [0, 1]);
  page.fire(play, "click");
  assertEquals([python.traits.epoch, python.saves()], [1, 2]);
  assertEquals(text(".fe-rule"), "−(1·log 0.800 + 0·log 0.200) = 0.223");
  close();
});

Deno.test("loss: a change by hand is Python's to work out, and shown when it is answered", () => {
  const { text, find, page, python, receive, el, button, choose, close } = open();
  page.press(find(".fe-grip"), "ArrowLeft");
  assertEquals(python.traits.output, 0.89);
  assertEquals(text(".fe-rule"), "−(1·log 0.900 + 0·log 0.100) = 0.105");
  receive(answered(python.traits, [0.89, 0.2, 0.01], [1, 0, 1], 1));
  assertEquals(text(".fe-rule"), "−(1·log 0.890 + 0·log 0.110) = 0.117");
  assert(text(".fe-sentence").includes("Mean 1.648, before your change 1.500"));
  assert(el.querySelector(".fe-before"));
  choose("y of this row", "0");
  assertEquals(python.traits.target, 0);
  receive(answered(python.traits, [0.89, 0.2, 0.01], [0, 0, 1], 2));
  assertEquals(text(".fe-rule"), "−(0·log 0.890 + 1·log 0.110) = 2.207");
  assert(find(".fe-grip").classList.contains("fe-y0"));
  page.press(find(".fe-bias-grip"), "ArrowRight");
  assertEquals(python.traits.bias_change, 0.1);
  receive(answered(python.traits, [0.89, 0.25, 0.02], [0, 0, 1], 3));
  assertEquals(
    text(".fe-bias-told"),
    "Bias +0.10: every output moved, and every term. Mean 2.136, slope −0.13: downhill is to the right.",
  );
  page.fire(button("put back"), "click");
  const { output, target, bias_change } = python.traits;
  assertEquals([output, target, bias_change], [null, null, 0]);
  assertEquals(text(".fe-rule"), "−(1·log 0.900 + 0·log 0.100) = 0.105");
  assert(!el.querySelector(".fe-before") && button("put back").disabled);
  close();
});

Deno.test("loss: rows are taken by bar, by number, by size and by set", () => {
  const { find, page, python, button, choose, text, close } = open();
  page.fire(button("largest term"), "click");
  assertEquals(python.traits.row, 2);
  const slider = find<HTMLInputElement>("[aria-label='row in hand']");
  slider.value = "1";
  page.fire(slider, "input");
  assertEquals(python.traits.row, 1);
  choose("bars", "as in the table");
  assertEquals(python.traits.by_size, false);
  slider.value = "2";
  page.fire(slider, "input");
  assertEquals(python.traits.row, 2);
  choose("row", "");
  assertEquals([python.traits.row, find<HTMLInputElement>("[aria-label=row]").value], [2, "2"]);
  choose("rows", "validation");
  assertEquals([python.traits.rows, python.traits.row], ["validation", 0]);
  assertEquals(text(".fe-rule"), "−(1·log 0.700 + 0·log 0.300) = 0.357");
  close();
});

Deno.test("loss: one row alone has no bars; the table, the words and a problem are there", () => {
  const one = open({ rows: "rows", epoch: 0 }, recorded([[0]], [1], [["rows", 0, 1]]));
  const infinite = one.text(".fe-rule");
  assert(infinite.startsWith("−(1·log 0.0000001 + 0·log 0.9999999) ="), infinite);
  assert(one.find("[data-fe-part=bars]").hidden && one.find("[data-fe-part=bias]").hidden);
  assert(one.find(".fe-player").hidden);
  one.close();

  const { find, el, page, python, close, text } = open();
  for (const details of el.querySelectorAll("details")) {
    details.setAttribute("open", "");
    (details as { open: boolean }).open = true;
    page.fire(details, "toggle");
  }
  assertEquals(
    [...el.querySelectorAll(".fe-scroll tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent).join(" ")
    ),
    ["0 1 0.900 0.105 2.1 %", "1 0 0.200 0.223 4.5 %", "2 1 0.010 4.605 93 %"],
  );
  assertEquals(text(".fe-code"), "import keras");
  python.change({ problem: "output is 2." });
  assertEquals(text(".fe-problem"), "⚠ Not changed: output is 2.");
  assertEquals(find(".fe-glossary").querySelectorAll("dt").length, 8);
  close();
  assertEquals([page.listeners(), python.heard(), page.observers()], [0, 0, 0]);
});

Deno.test("loss: numbers are not rounded to nothing", () => {
  assertEquals([0, 1, 0.5, 1e-7, 0.00034, 0.9999999, 16.118].map(shown), [
    "0",
    "1",
    "0.500",
    "0.0000001",
    "0.00034",
    "0.9999999",
    "16.118",
  ]);
  assertEquals([0.0001, 0.012, 0.88].map(percent), ["less than 0.1 %", "1.2 %", "88 %"]);
  assertEquals([0, -0.8, 0.003, 0.00001].map(signed), ["0", "−0.80", "+0.003", "0"]);
});
