import type { CostTraits } from "../../widgets/cost/traits.ts";
import view from "../../widgets/cost/view.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

type Listener = (...values: unknown[]) => void;

const NAMES = [
  "rows",
  "seconds",
  "fastest",
  "slowest",
  "repetitions",
  "batch_seconds",
  "batch_fastest",
  "batch_slowest",
  "batch_repetitions",
  "ratio",
];
const ROWS = [
  [1000, 0.00016, 0.00015, 0.0002, 51, 0.00007, 0.00006, 0.003, 201, 0.00016 / 0.00007],
  [1_000_000, 0.164993, 0.164385, 0.167611, 5, 0.000070953, 0.000068258, 0.0008, 201, 2325.3845],
];

function traits(): CostTraits & { problem: string; _still: string } {
  return {
    title: "What one gradient costs",
    batch_size: 32,
    largest: 1_000_000,
    inputs: 29,
    hidden: 16,
    seed: 0,
    ask: false,
    guess: null,
    status: "idle",
    report: {
      share: 0,
      doing: "",
      done: 0,
      of: 0,
      outcome: "",
      error: "",
      axis: { x: [2.85, 6.15], y: [-5, 0], log: false },
    },
    said: ["Nothing is measured yet."],
    facts: {
      plan: "29 → 16 → 1 · 497 parameters",
      rows: "The rows are made up.",
      question: "How many times as long?",
      waiting: [],
    },
    code: "import numpy",
    chart: "IPY_MODEL_a",
    problem: "",
    _still: "",
  };
}

function mount(changes: Partial<CostTraits> = {}) {
  const page = openPage();
  Object.assign(globalThis, {
    MutationObserver: class {
      observe() {}
      disconnect() {}
    },
  });
  const values = { ...traits(), ...changes } as unknown as Record<string, unknown>;
  const on = new Map<string, Set<Listener>>();
  const sent: { kind: string; view: string }[] = [];
  let saves = 0, attached = 0;
  const model = {
    get: (name: string) => values[name],
    set: (name: string, value: unknown) => values[name] = value,
    save_changes: () => saves++,
    send: (content: { kind: string; view: string }) => sent.push(content),
    on: (name: string, call: Listener) => {
      if (!on.has(name)) on.set(name, new Set());
      on.get(name)!.add(call);
    },
    off: (name: string, call: Listener) => on.get(name)?.delete(call),
    widget_manager: {
      get_model: () => Promise.resolve({}),
      create_view: () => {
        attached++;
        return Promise.resolve({
          el: page.document.createElement("div"),
          remove: () => attached--,
        });
      },
    },
  };
  const controller = new AbortController();
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model, el, signal: controller.signal } as any);
  const find = (selector: string) => el.querySelector(selector)! as HTMLElement;
  return {
    page,
    el,
    values,
    sent,
    find,
    saves: () => saves,
    attached: () => attached,
    heard: () => [...on.values()].reduce((sum, calls) => sum + calls.size, 0),
    close() {
      controller.abort();
      page.restore();
    },
    change(name: string, value: unknown) {
      values[name] = value;
      on.get(`change:${name}`)?.forEach((call) => call());
    },
    report(values_: Partial<CostTraits["report"]>) {
      this.change("report", { ...(values.report as CostTraits["report"]), ...values_ });
    },
    /** Python sends these frames of measurement `run`. */
    frames(rows: number[][], run = 1, settings: Record<string, unknown> = {}) {
      const arrays = NAMES.map((name) => ({ name, dtype: "float64", shape: [rows.length] }));
      const buffers = NAMES.map((_, k) =>
        new DataView(new Float64Array(rows.map((row) => row[k])).buffer)
      );
      const header = { kind: "frames", run, start: 0, stop: rows.length };
      const content = {
        ...header,
        arrays: rows.length ? arrays : [],
        settings: { batch_size: 32, ...settings },
      };
      on.get("msg:custom")!.forEach((call) => call(content, rows.length ? buffers : []));
    },
    button(label: string) {
      return [...el.querySelectorAll("button")].find((one) => one.textContent.trim() === label)!;
    },
    field(label: string) {
      return [...el.querySelectorAll("label")].find((one) => one.textContent.startsWith(label))!
        .querySelector("input, select") as HTMLInputElement;
    },
    fire(target: Element, type: string) {
      target.dispatchEvent(new (page.document.defaultView!.Event)(type));
    },
  };
}

Deno.test("cost: nothing is left after the signal, and the page says that it came and left", async () => {
  const view = mount();
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(view.attached(), 1);
  assert(view.page.listeners() > 5 && view.heard() > 5);
  const entered = view.sent.find(({ kind }) => kind === "enter")!;
  view.close();
  assertEquals(view.page.listeners(), 0);
  assertEquals(view.heard(), 0);
  assertEquals(view.attached(), 0);
  assertEquals(view.sent.at(-1)!.kind, "leave");
  assertEquals(view.sent.at(-1)!.view, entered.view);
});

Deno.test("cost: buttons send commands, say why they cannot be pressed, and Stop is heard at once", () => {
  const view = mount();
  assert(view.button("Stop").disabled && view.button("Reset").disabled);
  assertEquals(view.button("Stop").title, "Nothing is being measured");
  view.fire(view.button("Measure"), "click");
  const { kind, settings } = view.sent.at(-1)! as { kind: string; settings?: unknown };
  assertEquals(kind, "measure");
  const { batch_size, largest, guess } = view.values;
  assertEquals(settings, { batch_size, largest, guess });
  view.change("status", "measuring");
  assert(view.button("Measure").disabled && view.field("batch size").disabled);
  assert(view.field("largest n").title.includes("Stop the measurement first"));
  view.fire(view.button("Stop"), "click");
  assertEquals(view.sent.at(-1)!.kind, "stop");
  assert(view.button("Stopping…").disabled);
  view.change("status", "done");
  assert(!view.button("Measure").disabled && view.button("Stop"));
  view.fire(view.button("Reset"), "click");
  assertEquals(view.sent.at(-1)!.kind, "reset");
  view.close();
});

Deno.test("cost: settings go to Python, and its sentence stands on the card", () => {
  const view = mount({ largest: 50_000 });
  const sizes = [...view.field("largest n").querySelectorAll("option")].map((it) => it.textContent);
  assertEquals(sizes.join(" "), "10,000 30,000 50,000 100,000 300,000 1,000,000");
  const batch = view.field("batch size");
  batch.value = "64";
  view.fire(batch, "change");
  assertEquals(view.values.batch_size, 64);
  assertEquals(view.saves(), 1);
  batch.value = "";
  view.fire(batch, "change");
  assertEquals(batch.value, "64");
  assertEquals(view.saves(), 1);
  const alarm = view.find("[role=alert]");
  assert(alarm.hasAttribute("hidden"));
  view.change("problem", "The batch size is 5,000; use a whole number.");
  assert(!alarm.hasAttribute("hidden") && alarm.textContent.includes("5,000"));
  view.close();
});

Deno.test("cost: the table holds every measured number, the bar tells how far it is", () => {
  const view = mount({ status: "measuring" });
  assert(view.find("caption").textContent.includes("Nothing"));
  view.report({ done: 1, of: 7, share: 0.2, doing: "3,000 rows: all rows" });
  assertEquals((view.find("progress") as HTMLProgressElement).value, 0.2);
  assert(view.find(".fe-job-progress").textContent.includes("1 of 7 · 3,000 rows: all rows"));
  view.frames(ROWS);
  const rows = [...view.el.querySelectorAll("tbody tr")]
    .map((row) => [...row.children].map((cell) => cell.textContent));
  assertEquals(rows.length, 2);
  assertEquals(
    rows[1].join(" "),
    "1,000,000 164.993 164.385 167.611 5 0.0709530 0.0682580 0.800000 201 2325.38",
  );
  assert(view.find("thead").textContent.includes("a batch of 32"));
  view.frames([], 2);
  assertEquals(view.el.querySelectorAll("tbody tr").length, 0);
  view.close();
});

Deno.test("cost: a screen reader hears the end and not every point", () => {
  const view = mount({ status: "measuring" });
  const spoken = view.find(".fe-hidden[role=status]");
  view.change("said", ["At 1,000 rows …"]);
  assertEquals(spoken.textContent, "");
  assert(view.find(".fe-sentence").textContent.includes("At 1,000 rows"));
  view.change("said", ["At 1,000,000 rows …", "In that time …"]);
  view.change("status", "done");
  assertEquals(spoken.textContent, "At 1,000,000 rows … In that time …");
  view.close();
});

Deno.test("cost: the guess is asked, sent, and cannot be changed once it was measured", () => {
  const hidden = mount();
  assert(hidden.find(".fe-cost-question").hasAttribute("hidden"));
  hidden.close();
  const view = mount({ ask: true });
  assert(view.find(".fe-cost-question").textContent.includes("How many times as long?"));
  const guess = view.find(".fe-cost-question input") as HTMLInputElement;
  guess.value = "200";
  view.fire(guess, "change");
  assertEquals(view.values.guess, 200);
  view.change("status", "done");
  assert(guess.disabled && guess.title.includes("Reset"));
  view.report({ outcome: "finished" });
  view.frames(ROWS, 1, { guess: 200 });
  assert(view.find(".fe-chart-note").textContent.includes("your guess: 200 times"));
  view.change("status", "idle");
  guess.value = "";
  view.fire(guess, "change");
  assertEquals(view.values.guess, null);
  view.close();
});

Deno.test("cost: settings that wait for Measure are named", () => {
  const view = mount({ status: "done" });
  assert(view.find(".fe-cost-note").textContent.includes("made up"));
  view.change("facts", { ...traits().facts, waiting: ["batch_size", "largest"] });
  assertEquals(
    view.find(".fe-cost-note").textContent,
    "Changed: batch size, largest. Press Measure to measure with the new settings.",
  );
  view.close();
});

Deno.test("cost: keys typed on the card are no commands to the notebook", () => {
  const view = mount();
  let heard = 0;
  view.el.addEventListener("keydown", () => heard++);
  view.page.press(view.field("batch size"), "d");
  assertEquals(heard, 0);
  view.page.press(view.field("batch size"), "s", { ctrlKey: true });
  assertEquals(heard, 1);
  assert(view.find(".fe-cost").hasAttribute("data-lm-suppress-shortcuts"));
  view.close();
});
