/** The page of an Evaluation with four rows, for its tests. */
import type { EvaluationTraits, Luck, Report } from "../../widgets/evaluation/traits.ts";
import view from "../../widgets/evaluation/view.ts";
import { openPage } from "./page.ts";

type Listener = (...values: unknown[]) => void;

/** Four rows with outputs 0.1, 0.4, 0.6 (class 0, 1, 0) and 0.9 (class 1). */
export const ARRAYS: Record<string, number[]> = {
  low: [-Infinity, 0.1, 0.4, 0.6, 0.9],
  high: [0.1, 0.4, 0.6, 0.9, Infinity],
  threshold: [0.05, 0.2, 0.5, 0.7, 1],
  tn: [0, 1, 1, 2, 2],
  fp: [2, 1, 1, 0, 0],
  fn: [0, 0, 1, 1, 2],
  tp: [2, 2, 1, 1, 0],
  right: [2, 3, 2, 3, 2],
  fpr: [1, 0.5, 0.5, 0, 0],
  holds: [1, 1, 1, 0, 1],
};
for (const name of ["accuracy", "sensitivity", "specificity", "precision"]) {
  ARRAYS[name] = [0.5, 0.75, 0.5, 0.75, NaN];
  ARRAYS[`${name}_low`] = [0.1, 0.3, 0.1, 0.3, 0.1];
  ARRAYS[`${name}_high`] = [0.9, 0.95, 0.9, 0.95, 0.9];
}

export function report(changes: Partial<Report> = {}): Report {
  return {
    task: "binary",
    rows: "test",
    n: 4,
    wrong: 0,
    method: "bootstrap",
    classes: ["well", "ill"],
    note: "",
    positive: 1,
    figures: { auc: 0.75, average_precision: 0.8, loss: 0.4, brier: null },
    baseline: { name: "always 0", right: 2, share: 0.5 },
    intervals: [
      {
        figure: "accuracy",
        method: "Wilson",
        value: "accuracy",
        low: "accuracy_low",
        high: "accuracy_high",
      },
      { figure: "auc", method: "bootstrap", value: 0.75, low: null, high: null },
    ],
    notes: [],
    matrix: [],
    per_class: [],
    scatter: {},
    ...changes,
  };
}

export const NO_LUCK: Luck = {
  missing: "",
  done: 0,
  of: 0,
  share: 0,
  outcome: "",
  error: "",
  results: [],
  median: 0,
  threshold: 0.5,
};

export function traits(): EvaluationTraits & { problem: string; _still: string } {
  return {
    title: "What the model is worth",
    row_name: "patient",
    rows: "test",
    threshold: 0.5,
    positive: 1,
    bins: 5,
    strategy: "quantile",
    split_count: 10,
    seed: 0,
    opened: true,
    seal: {
      times: 1,
      models: 1,
      counts: { training: 9, validation: 0, test: 4 },
      asks: true,
      task: "binary",
    },
    report: report(),
    points: {
      actual: [0, 1, 0, 1],
      falls: [1, 2, 3, 4],
      outputs: [0.1, 0.4, 0.6, 0.9],
      names: ["3", "5", "8", "9"],
    },
    table: {
      columns: ["age"],
      rows: [
        { row: 2, name: "8", output: 0.6, falls: 3, said: "", actual: "well", cells: ["70"] },
        { row: 1, name: "5", output: 0.4, falls: 2, said: "", actual: "ill", cells: ["50"] },
        { row: 0, name: "3", output: 0.1, falls: 1, said: "", actual: "well", cells: ["30"] },
        { row: 3, name: "9", output: 0.9, falls: 4, said: "", actual: "ill", cells: ["90"] },
      ],
    },
    reliability: [],
    status: "idle",
    luck: NO_LUCK,
    code: "import numpy",
    roc_chart: "IPY_MODEL_a",
    pr_chart: "IPY_MODEL_b",
    problem: "",
    _still: "",
  };
}

export function mount(changes: Partial<EvaluationTraits> = {}, framed = true) {
  const page = openPage();
  const observer = class {
    observe() {}
    disconnect() {}
  };
  Object.assign(globalThis, { MutationObserver: observer, ResizeObserver: observer });
  const values = { ...traits(), ...changes } as unknown as Record<string, unknown>;
  const on = new Map<string, Set<Listener>>();
  const sent: { kind: string }[] = [];
  let saves = 0, attached = 0;
  const model = {
    get: (name: string) => values[name],
    set: (name: string, value: unknown) => values[name] = value,
    save_changes: () => saves++,
    send: (content: { kind: string }) => sent.push(content),
    on: (name: string, call: Listener) => {
      if (!on.has(name)) on.set(name, new Set());
      on.get(name)!.add(call);
    },
    off: (name: string, call: Listener) => on.get(name)?.delete(call),
    widget_manager: {
      get_model: () => Promise.resolve({}),
      create_view: () => {
        attached++;
        const el = page.document.createElement("div");
        return Promise.resolve({ el, remove: () => attached-- });
      },
    },
  };
  const controller = new AbortController();
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model, el, signal: controller.signal } as any);
  const find = (selector: string) => el.querySelector(selector)! as HTMLElement;
  const made = {
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
    frames(run = 1, values = ARRAYS, cuts = 5) {
      const names = Object.keys(values);
      const arrays = names.map((name) => ({ name, dtype: "float64", shape: [5] }));
      const buffers = names.map((name) => new DataView(new Float64Array(values[name]).buffer));
      const settings = { rows: 4, single: true, cuts };
      const header = { kind: "frames", run, start: 0, stop: 5, arrays, settings };
      on.get("msg:custom")!.forEach((call) => call(header, buffers));
    },
    counts: () =>
      [...el.querySelectorAll(".fe-eval-counts b")].map((one) => one.textContent).join(),
    sentence: () => find(".fe-sentence").textContent,
    button(label: string) {
      return [...el.querySelectorAll("button")].find((one) => one.textContent.trim() === label)!;
    },
    radio(label: string) {
      return [...el.querySelectorAll("label")].find((one) => one.textContent === label)!
        .querySelector("input") as HTMLInputElement;
    },
    fire(target: Element, type: string) {
      target.dispatchEvent(new (page.document.defaultView!.Event)(type, { bubbles: true }));
    },
    wrong: () =>
      [...el.querySelectorAll('[aria-label="Rows the model got wrong"] tbody th')]
        .map((one) => one.textContent).join(),
  };
  if (framed) made.frames();
  return made;
}
