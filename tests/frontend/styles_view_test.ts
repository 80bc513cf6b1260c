import type { Measured, StylesTraits } from "../../widgets/styles/traits.ts";
import view from "../../widgets/styles/view.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

type Listener = (...values: unknown[]) => void;

const MEASURED: Measured = {
  shapes: { inputs: "(None, 29)", hidden: "(None, 16)", outputs: "(None, 1)" },
  counts: Object.fromEntries(
    ["sequential", "functional", "subclassed"].map((
      name,
    ) => [name, { inputs: 0, hidden: 480, outputs: 17 }]),
  ),
  totals: { sequential: 497, functional: 497, subclassed: 497 },
  before: { sequential: 497, functional: 497, subclassed: 0 },
  refused: {},
  largest: 0,
  rows: 2,
};

function traits(): StylesTraits & { problem: string; _still: string } {
  return {
    title: "One model, written three ways",
    inputs: 29,
    second: 0,
    units: [16],
    activation: "relu",
    dropout: 0,
    outputs: 1,
    output_activation: "sigmoid",
    seed: 42,
    status: "done",
    layers: [
      { key: "inputs", label: "Input(29)", kind: "input", formula: "" },
      { key: "hidden", label: "Dense(16, relu)", kind: "dense", formula: "(29 + 1) × 16" },
      { key: "outputs", label: "Dense(1, sigmoid)", kind: "dense", formula: "(16 + 1) × 1" },
    ],
    styles: [
      {
        name: "sequential",
        title: "Sequential",
        good: "Good for a chain.",
        lines: [
          { text: "model = keras.Sequential([", layers: [] },
          { text: "    keras.Input((29,)),", layers: ["inputs"] },
          { text: "    layers.Dense(16),", layers: ["hidden"] },
          { text: "    layers.Dense(1),", layers: ["outputs"] },
          { text: "])", layers: [] },
        ],
      },
      {
        name: "functional",
        title: "Functional",
        good: "Good for any plan.",
        lines: [
          { text: "inputs = keras.Input((29,))", layers: ["inputs"] },
          { text: "h = layers.Dense(16)(inputs)", layers: ["hidden"] },
          { text: "outputs = layers.Dense(1)(h)", layers: ["outputs"] },
        ],
      },
      {
        name: "subclassed",
        title: "Subclassed",
        good: "Good where `call` needs Python.",
        lines: [
          { text: "        self.hidden = layers.Dense(16)", layers: ["hidden"] },
          { text: "", layers: [] },
          { text: "        h = self.hidden(inputs)", layers: ["hidden"] },
          { text: "        return self.out(h)", layers: ["outputs"] },
        ],
      },
    ],
    measured: MEASURED,
    said: "480 + 17 = 497 parameters, all three ways.",
    code: "import keras",
    problem: "",
    _still: "",
  };
}

function mount(changes: Partial<StylesTraits> = {}) {
  const page = openPage();
  const values = { ...traits(), ...changes } as unknown as Record<string, unknown>;
  const on = new Map<string, Set<Listener>>();
  let saves = 0;
  const model = {
    get: (name: string) => values[name],
    set: (name: string, value: unknown) => {
      values[name] = value;
      on.get(`change:${name}`)?.forEach((call) => call());
    },
    save_changes: () => saves++,
    send: () => {},
    on: (name: string, call: Listener) => {
      if (!on.has(name)) on.set(name, new Set());
      on.get(name)!.add(call);
    },
    off: (name: string, call: Listener) => on.get(name)?.delete(call),
  };
  const el = page.document.createElement("div");
  page.document.body.append(el);
  const closing = new AbortController();
  // deno-lint-ignore no-explicit-any
  view.render({ model, el, signal: closing.signal } as any);
  return {
    page,
    el,
    values,
    saves: () => saves,
    heard: () => [...on.values()].reduce((sum, calls) => sum + calls.size, 0),
    find: (selector: string) => el.querySelector(selector)! as HTMLElement,
    all: (selector: string) => [...el.querySelectorAll(selector)] as HTMLElement[],
    layer: (at: number) => el.querySelectorAll(".fe-styles-unit")[at] as HTMLElement,
    lit: () =>
      [...el.querySelectorAll(".fe-styles-code .fe-lit")].map((line) => line.textContent!.trim()),
    change(name: string, value: unknown) {
      values[name] = value;
      on.get(`change:${name}`)?.forEach((call) => call());
    },
    fire(target: Element, type: string) {
      target.dispatchEvent(new (page.document.defaultView!.Event)(type, { bubbles: true }));
    },
    frames(rows: number[]) {
      const names = ["sequential", "functional", "subclassed"];
      const header = {
        kind: "frames",
        run: 1,
        start: 0,
        stop: rows.length,
        settings: {},
        arrays: names.map((name) => ({ name, dtype: "float32", shape: [1] })),
      };
      const buffer = () => new DataView(new Float32Array(rows).buffer);
      on.get("msg:custom")!.forEach((call) => call(header, names.map(buffer)));
    },
    close() {
      closing.abort();
      page.restore();
    },
  };
}

Deno.test("styles: a layer pointed at, focused or held lights its lines in all three, and says where it stands", () => {
  const view = mount();
  const hidden = [
    "layers.Dense(16),",
    "h = layers.Dense(16)(inputs)",
    "self.hidden = layers.Dense(16)",
    "h = self.hidden(inputs)",
  ];
  assertEquals(view.lit(), []);
  view.fire(view.layer(1), "focus");
  assertEquals(view.lit(), hidden);
  assertEquals(
    view.find(".fe-styles-layer").textContent,
    "Dense(16, relu): Sequential line 3; Functional line 2; Subclassed lines 1 and 3. " +
      "It learns (29 + 1) × 16 = 480 parameters; out of it comes (None, 16).",
  );
  view.fire(view.layer(1), "blur");
  assertEquals(view.lit(), []);
  view.fire(view.layer(1), "click");
  assertEquals(view.layer(1).getAttribute("aria-pressed"), "true");
  view.fire(view.layer(0), "pointerenter");
  assertEquals(view.lit()[0], "keras.Input((29,)),");
  assert(
    view.find(".fe-styles-layer").textContent!.includes("Subclassed nowhere. It learns nothing"),
  );
  view.fire(view.layer(0), "pointerleave");
  assertEquals(view.lit(), hidden);
  view.page.press(view.layer(1), "Escape");
  assertEquals(view.lit(), []);
  view.fire(view.all(".fe-styles-linked").at(-1)!, "click");
  assertEquals(view.layer(2).getAttribute("aria-pressed"), "true");
  view.change("layers", traits().layers.slice(0, 2));
  assertEquals(view.lit(), []);
  view.close();
});

Deno.test("styles: what Keras counted stands under each, in the layers and in the tables", () => {
  const view = mount();
  view.frames([0.25, 0.75]);
  const facts = view.all(".fe-styles-facts").map((one) => one.textContent);
  assertEquals(
    facts[0],
    "497 parameters, all there before the first row. Outputs: 0.2500, 0.7500",
  );
  assertEquals(facts[2], "497 parameters, 0 before the first row. Outputs: 0.2500, 0.7500");
  assertEquals(view.layer(1).textContent, "Dense(16, relu)(None, 16)(29 + 1) × 16 = 480");
  assertEquals(view.find(".fe-state").textContent, "497 parameters, 2 layers");
  const rows = view.all("tbody tr").map((row) =>
    [...row.children].map((cell) => cell.textContent).join(" ")
  );
  assertEquals(rows, [
    "Input(29) (None, 29) 0 0 0",
    "Dense(16, relu) (None, 16) 480 480 480",
    "Dense(1, sigmoid) (None, 1) 17 17 17",
    "all  497 497 497",
    "before the first row  497 497 0",
    "1 0.25 0.25 0.25",
    "2 0.75 0.75 0.75",
  ]);
  assertEquals(view.all(".fe-styles-good")[2].querySelector("code")!.textContent, "call");
  view.close();
});

Deno.test("styles: while Keras is loaded it says so, and shows the code all the same", () => {
  // deno-lint-ignore no-explicit-any
  const view = mount({ status: "loading", measured: {} as any, said: "" });
  assert(view.find(".fe-styles-found").textContent!.startsWith("Loading Keras"));
  assertEquals(view.find(".fe-styles").getAttribute("aria-busy"), "true");
  assertEquals(view.all(".fe-styles-code li").length, 12);
  assertEquals(view.all(".fe-styles-facts")[0].textContent, "…");
  view.change("measured", MEASURED);
  view.change("said", "480 + 17");
  view.change("status", "done");
  assertEquals(view.find(".fe-styles-found").textContent, "480 + 17");
  assertEquals(view.find(".fe-styles").getAttribute("aria-busy"), "false");
  view.close();
});

Deno.test("styles: a Sequential that Keras refuses has Keras's words, and no numbers", () => {
  const refused = "You cannot add a different Input layer to it.";
  const { sequential: _, ...totals } = MEASURED.totals;
  const { sequential: __, ...counts } = MEASURED.counts;
  const view = mount({
    measured: { ...MEASURED, totals, counts, refused: { sequential: refused } },
  });
  assertEquals(
    view.all(".fe-styles-facts")[0].textContent,
    `✕ Keras refuses it: “${refused}”`,
  );
  const heads = view.all("thead th").map((head) => head.textContent);
  assertEquals(heads.slice(0, 4), ["layer", "what comes out", "Functional", "Subclassed"]);
  view.close();
});

Deno.test("styles: layers of two inputs stand side by side", () => {
  const keys = ["first", "second", "first_hidden", "second_hidden", "join", "outputs"];
  const layers = keys.map((key) => ({
    key,
    label: key,
    kind: "dense" as const,
    formula: "",
  }));
  // deno-lint-ignore no-explicit-any
  const view = mount({ layers, measured: {} as any });
  const rows = view.all(".fe-styles-row").map((row) => row.children.length);
  assertEquals(rows, [2, 2, 1, 1]);
  view.close();
});

Deno.test("styles: settings go to Python; what is no number goes as it was typed", () => {
  const view = mount();
  const field = (name: string) => view.find(`[name=${name}]`) as HTMLInputElement;
  const type = (name: string, value: string) => {
    field(name).value = value;
    view.fire(field(name), "change");
  };
  type("units", "64, 32");
  assertEquals(view.values.units, [64, 32]);
  assertEquals(field("units").value, "64, 32");
  type("units", "sixteen");
  assertEquals(view.values.units, "sixteen");
  type("dropout", "0.5");
  assertEquals(view.values.dropout, 0.5);
  type("activation", "tanh");
  assertEquals(view.values.activation, "tanh");
  assertEquals(view.saves(), 4);
  type("inputs", "");
  assertEquals(field("inputs").value, "29");
  assertEquals(view.saves(), 4);
  view.change("problem", "The number of units is 2,000; use 1 to 1,000.");
  assert(view.find("[role=alert]").textContent!.includes("2,000"));
  view.close();
});

Deno.test("styles: nothing is left after the signal, and keys typed here stay here", () => {
  const view = mount();
  let heard = 0;
  view.el.addEventListener("keydown", () => heard++);
  view.page.press(view.layer(0), "d");
  assertEquals(heard, 0);
  view.page.press(view.layer(0), "s", { ctrlKey: true });
  assertEquals(heard, 1);
  assert(view.page.listeners() > 10 && view.heard() > 5);
  view.close();
  assertEquals(view.heard(), 0);
});
