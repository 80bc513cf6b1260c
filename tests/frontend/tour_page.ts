/** Traits of a DataTour of four rows, as Python would send them, and a page with its view. */
import type { Step, TourTraits } from "../../widgets/tour/traits.ts";
import view from "../../widgets/tour/view.ts";
import { openPage } from "./page.ts";

type Listener = (...values: unknown[]) => void;

const step = (column: string, value: string, kind: Step["kind"], made: number[]): Step => ({
  column,
  value,
  kind,
  sum: kind === "number" ? "(63 − 54) / 9 = 1" : "",
  sentence: `${column} is turned.`,
  made,
});

export function traits(): TourTraits & { problem: string; _still: string } {
  return {
    title: "From the table to the inputs",
    stage: "table",
    row: 0,
    filters: {},
    sort: "",
    descending: false,
    top: 0,
    marked: [],
    column: "age",
    standardised: false,
    facts: {
      rows: 120,
      noun: "patient",
      size: "120 patients, 3 columns: 96 to train on, 24 for the test",
      out: false,
      notes: [],
      columns: [
        {
          name: "age",
          kind: "number",
          meaning: "in years",
          became: "",
          inputs: 1,
          holds: "41 different numbers",
          span: ["29", "54.6", "77"],
          choices: null,
        },
        {
          name: "cp",
          kind: "category",
          meaning: "",
          became: "",
          inputs: 2,
          holds: "0: 4 · 1: 116",
          span: ["", "", ""],
          choices: ["0", "1"],
        },
        {
          name: "target",
          kind: "target",
          meaning: "",
          became: "",
          inputs: 0,
          holds: "0: 80 · 1: 40",
          span: ["0", "0.33", "1"],
          choices: ["0", "1"],
        },
      ],
      balance: {
        heads: ["no", "yes"],
        lines: [{ part: "all", counts: ["80", "40"], shares: [2 / 3, 1 / 3] }],
        said: ["Always answering 0 is right for 16 of 24.", "A model has to be better."],
        task: "binary",
      },
      counts: { inputs: 3, numbers: 1, flags: 2 },
      groups: ["no", "yes"],
      code: "import pandas",
      exercise: { question: "Why are there four?", hint: "Look." },
    },
    window: {
      top: 0,
      fit: 120,
      size: 50,
      rows: [
        { row: 0, label: "a", part: "train", cells: ["63", "1", "0"] },
        { row: 1, label: "b", part: "test", cells: ["67", "0", "1"] },
      ],
    },
    turned: {
      row: 0,
      label: "a",
      part: "train",
      begin: "Patient a as the table has it.",
      end: "All 3 inputs are made: 1 + 2.",
      steps: [
        step("age", "63", "number", [1, 0]),
        step("cp", "1", "category", [1, 2]),
        step("target", "0", "target", [1, 2]),
      ],
      inputs: [
        { name: "age", text: "1", exact: "1.00000012", step: 0, zero: false },
        { name: "cp_0", text: "0", exact: "0", step: 1, zero: true },
        { name: "cp_1", text: "1", exact: "1", step: 1, zero: false },
      ],
      before: null,
      after: 1,
      number: 1,
    },
    spread: {
      column: "age",
      numeric: true,
      scalable: true,
      scaled: false,
      groups: ["no", "yes"],
      bins: ["20 to below 40", "40 to 60"],
      counts: [[3, 1], [5, 7]],
      shares: [[37.5, 12.5], [62.5, 87.5]],
      missing: [],
      said: "The 16 training patients by age.",
      axis: { x: [19, 61], y: [0, 100], log: false, edges: [20, 40, 60] },
    },
    found: { solved: false, said: "Mark the patients you mean.", explanation: [], shown: false },
    chart: "IPY_MODEL_a",
    problem: "",
    _still: "",
  };
}

export function mount(changes: Partial<TourTraits> = {}) {
  const page = openPage();
  Object.assign(globalThis, {
    MutationObserver: class {
      observe() {}
      disconnect() {}
    },
  });
  // linkedom's select can be read but not set.
  Object.defineProperty(Object.getPrototypeOf(page.document.createElement("select")), "value", {
    configurable: true,
    get(this: HTMLSelectElement) {
      return this.getAttribute("data-value") ?? "";
    },
    set(this: HTMLSelectElement, value: string) {
      this.setAttribute("data-value", value);
    },
  });
  const values = { ...traits(), ...changes } as unknown as Record<string, unknown>;
  const on = new Map<string, Set<Listener>>();
  const sent: Record<string, unknown>[] = [];
  let attached = 0;
  const model = {
    get: (name: string) => values[name],
    set(name: string, value: unknown) {
      values[name] = value;
      on.get(`change:${name}`)?.forEach((call) => call());
    },
    save_changes: () => {},
    send: (content: Record<string, unknown>) => sent.push(content),
    on(name: string, call: Listener) {
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
  return {
    page,
    el,
    values: values as unknown as TourTraits,
    sent,
    find,
    all: (selector: string) => [...el.querySelectorAll(selector)] as HTMLElement[],
    attached: () => attached,
    heard: () => [...on.values()].reduce((sum, calls) => sum + calls.size, 0),
    /** Python changes a trait. */
    change: (name: string, value: unknown) => model.set(name, value),
    button(label: string) {
      const named = (one: Element) => one.getAttribute("aria-label") ?? one.textContent.trim();
      return [...el.querySelectorAll("button")].find((one) => named(one) === label)!;
    },
    fire(target: Element, type: string) {
      const Event = page.document.defaultView!.Event;
      target.dispatchEvent(new Event(type, { bubbles: true }));
    },
    close() {
      controller.abort();
      page.restore();
    },
  };
}
