import type { AutodiffTraits, Graph } from "../../widgets/autodiff/traits.ts";
import view from "../../widgets/autodiff/view.ts";
import { shown } from "../../widgets/autodiff/words.ts";
import { assert, assertEquals } from "./assert.ts";
import { openTensorPage } from "./tensor_page.ts";

type Listener = (...values: unknown[]) => void;
type Traits = AutodiffTraits & { problem: string };

/** w * x + w at w = 2: what Python sends. */
const GRAPH: Graph = {
  nodes: [
    node("w", "variable", "w", ""),
    node("x", "data", "x", "", false),
    node("v1", "operation", "×", "w × x"),
    node("loss", "operation", "+", "v1 + w"),
  ],
  edges: [
    { start: 0, stop: 2, slot: 0, flow: 2, rule: "x", numbers: "3", local: 3 },
    { start: 1, stop: 2, slot: 1, flow: -1, rule: "", numbers: "", local: null },
    { start: 2, stop: 3, slot: 0, flow: 0, rule: "1", numbers: "1", local: 1 },
    { start: 0, stop: 3, slot: 1, flow: 1, rule: "1", numbers: "1", local: 1 },
  ],
  flow: 3,
  loss: "loss",
};

function node(
  name: string,
  kind: "variable" | "data" | "operation",
  symbol: string,
  formula: string,
  asked = true,
) {
  return { name, kind, symbol, formula, numbers: formula && "2 and 3", operation: "", asked };
}

function recording(x: number, name: string) {
  const v1 = 2 * x, loss = v1 + 2, none = NaN;
  const graph = structuredClone(GRAPH);
  graph.edges[0].local = x;
  graph.nodes[1].name = name;
  const rows: Record<string, number[][]> = {
    phase: [[0], [0], [0], [1], [1], [1], [1]],
    node: [[-1], [2], [3], [3], [3], [3], [2]],
    edge: [[-1], [-1], [-1], [-1], [0], [1], [2]],
    value: [[2, x, none, none], [2, x, v1, none], ...Array(5).fill([2, x, v1, loss])],
    gradient: [
      ...Array(3).fill([none, none, none, none]),
      [none, none, none, 1],
      [none, none, 1, 1],
      [1, none, 1, 1],
      [1 + x, none, 1, 1],
    ],
    upstream: [[none], [none], [none], [none], [1], [1], [1]],
    local: [[none], [none], [none], [none], [1], [1], [x]],
    passed: [[none], [none], [none], [none], [1], [1], [x]],
  };
  const sentences = [...Array(7).keys()].map((k) => `Sentence ${k} at x = ${x}.`);
  return {
    settings: { graph, sentences },
    arrays: Object.entries(rows).map(([name, values]) => ({
      name,
      dtype: "float64",
      shape: [7, values[0].length],
    })),
    buffers: Object.values(rows).map((values) =>
      new DataView(new Float64Array(values.flat()).buffer)
    ),
  };
}

function open(more: Partial<Traits> = {}, width = 1000) {
  const page = openTensorPage(width);
  const controller = new AbortController();
  const traits: Traits = {
    title: "The gradient, automatically",
    expression: "w * x + w",
    editable: true,
    values: { w: 2, x: 3 },
    variables: ["w"],
    checked: { state: "", words: "", rows: [] },
    code: "import tensorflow as tf",
    problem: "",
    ...more,
  };
  const on = new Map<string, Set<Listener>>();
  const sent: unknown[] = [];
  let saves = 0, run = 0;
  const model = {
    get: (name: keyof Traits) => traits[name],
    set: (name: keyof Traits, value: unknown) => Object.assign(traits, { [name]: value }),
    save_changes: () => saves++,
    on: (name: string, listener: Listener) =>
      on.set(name, (on.get(name) ?? new Set()).add(listener)),
    off: (name: string, listener: Listener) => on.get(name)?.delete(listener),
    send: (content: unknown) => sent.push(content),
  };
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model, el, signal: controller.signal, experimental: {} } as any);
  const publish = (x: number, name = "x") => {
    const { settings, arrays, buffers } = recording(x, name);
    const header = { kind: "frames", run: ++run, start: 0, stop: 7, settings, arrays };
    on.get("msg:custom")?.forEach((listener) => listener(header, buffers));
  };
  const find = <E extends Element = HTMLElement>(selector: string) => {
    const found = el.querySelector<E>(selector);
    assert(found, `no ${selector}`);
    return found;
  };
  const all = (selector: string) => [...el.querySelectorAll(selector)];
  return {
    page,
    el,
    sent,
    traits,
    controller,
    publish,
    find,
    all,
    saves: () => saves,
    change(values: Partial<Traits>) {
      Object.assign(traits, values);
      for (const name of Object.keys(values)) on.get(`change:${name}`)?.forEach((it) => it());
    },
    heard: () => [...on.values()].reduce((sum, listeners) => sum + listeners.size, 0),
    text: (selector: string) => find(selector).textContent!.replace(/\s+/g, " ").trim(),
    texts: (selector: string) => all(selector).map((it) => it.textContent!.trim()),
    key: (key: string, init = {}) => page.press(find(".fe-autodiff"), key, init),
    close() {
      controller.abort();
      page.restore();
    },
  };
}

Deno.test("autodiff: at the start only the names have values, and nothing is sent but the question for frames", () => {
  const it = open();
  assert(it.find(".fe-autodiff").hidden, "without frames the still stays alone");
  it.publish(3);
  assert(!it.find(".fe-autodiff").hidden);
  assertEquals(it.text("h2"), "The gradient, automatically");
  assertEquals(it.text(".fe-state"), "2 operations · 3 steps back");
  assertEquals(it.find<HTMLTextAreaElement>(".fe-ad-source textarea").value, "w * x + w");
  assertEquals(it.texts(".fe-ad-node .fe-ad-value"), ["→ 2", "→ 3", "", ""]);
  assertEquals(it.texts(".fe-ad-node .fe-ad-gradient"), ["", "", "", ""]);
  assertEquals(it.text(".fe-sentence"), "Sentence 0 at x = 3.");
  assertEquals(it.text(".fe-autodiff > [role=status]"), "Sentence 0 at x = 3.");
  assertEquals(it.text("output"), "forward 0 / 2");
  assertEquals(it.sent.length, 1);
  it.close();
});

Deno.test("autodiff: arrows go forward and back through it, the node and the edge in hand are marked", () => {
  const it = open();
  it.publish(3);
  const rule = () => it.texts(".fe-ad-tile b").join(" ");
  const seen = [...Array(6)].map(() => {
    it.key("ArrowRight");
    const edge = it.all(".fe-ad-edge").map((path) =>
      /fe-ad-(on|back)/.exec(path.getAttribute("class")!)?.[1] ?? ""
    );
    const hand = it.all(".fe-ad-node").findIndex((node) =>
      node.getAttribute("class")!.includes("fe-ad-hand")
    );
    return [it.text("output"), hand, edge.join(), rule()];
  });
  assertEquals(seen, [
    ["forward 1 / 2", 2, "on,on,,", "w × x 2 and 3 6"],
    ["forward 2 / 2", 3, ",,on,on", "v1 + w 2 and 3 8"],
    ["backward 0 / 3", 3, ",,,", "1"],
    ["backward 1 / 3", 3, ",,back,", "1 1 1"],
    ["backward 2 / 3", 3, ",,,back", "1 1 1"],
    ["backward 3 / 3", 2, "back,,,", "1 3 3 1 4"],
  ]);
  assertEquals(it.texts(".fe-ad-node .fe-ad-gradient"), ["← 4", "", "← 1", "← 1"]);
  assertEquals(it.texts(".fe-ad-label"), ["×3", "", "×1", "×1"]);
  it.key("ArrowLeft", { shiftKey: true });
  assertEquals(it.text("output"), "backward 0 / 3");
  it.key("Home");
  assertEquals(it.texts(".fe-ad-label").join(""), "");
  assertEquals(it.sent.length, 1);
  it.close();
});

Deno.test("autodiff: a dot runs along the edge in hand and is gone at its end; a jump has none", () => {
  const it = open();
  it.publish(3);
  it.key("ArrowRight");
  assertEquals(it.all(".fe-ad-dot").length, 2);
  const place = () => Number(it.find(".fe-ad-dot").getAttribute("cx"));
  const before = place();
  it.page.frames(100);
  assert(place() > before);
  it.key("End");
  assertEquals(it.all(".fe-ad-dot").length, 0);
  it.key("ArrowLeft");
  const back = place();
  it.page.frames(100);
  assert(place() < back, "backward it runs against the edge");
  it.page.frames(1000);
  assertEquals(it.all(".fe-ad-dot").length, 0);
  it.close();
});

Deno.test("autodiff: a value typed on the card is a setting, and the learner keeps their place", () => {
  const it = open();
  it.publish(3);
  it.key("End");
  const group = it.find(".fe-ad-node");
  const field = it.all(".fe-ad-field input")[1] as HTMLInputElement;
  assertEquals(it.texts(".fe-ad-field label"), ["w", "x (data)"]);
  field.value = "5";
  it.page.fire(field, "change");
  assertEquals([it.traits.values, it.saves()], [{ w: 2, x: 5 }, 1]);
  it.publish(5);
  assertEquals([it.text("output"), it.texts(".fe-ad-node .fe-ad-gradient")[0]], [
    "backward 3 / 3",
    "← 6",
  ]);
  assertEquals(it.text(".fe-sentence"), "Sentence 6 at x = 5.");
  assert(it.find(".fe-ad-node") === group, "the picture is not built anew, so focus stays");
  it.close();
});

Deno.test("autodiff: another expression is typed, sent by a button or ctrl+enter, and begins at its start", () => {
  const it = open();
  it.publish(3);
  it.key("End");
  const field = it.find<HTMLTextAreaElement>(".fe-ad-source textarea");
  const draw = it.find<HTMLButtonElement>(".fe-ad-source button");
  assert(draw.hidden);
  field.value = "w *";
  it.page.fire(field, "input");
  assert(!draw.hidden);
  draw.click();
  assertEquals(it.sent[1], { kind: "expression", text: "w *" });
  it.change({ problem: "The expression ends too early." });
  assertEquals([field.value, it.text("output")], ["w *", "backward 3 / 3"]);
  field.value = "w * q";
  assert(it.page.press(field, "Enter", { ctrlKey: true }).defaultPrevented);
  assert(!it.page.press(field, "Enter").defaultPrevented);
  assertEquals(it.sent.slice(2), [{ kind: "expression", text: "w * q" }]);
  it.change({ expression: "w * q", problem: "", values: { w: 2, q: 1 } });
  it.publish(3, "q");
  assertEquals([it.text("output"), draw.hidden, field.value], ["forward 0 / 2", true, "w * q"]);
  assertEquals(it.texts(".fe-ad-field label"), ["w", "q (data)"]);
  it.close();
});

Deno.test("autodiff: a function is shown and cannot be typed over", () => {
  const it = open({ expression: "lambda w: w ** 2", editable: false });
  it.publish(3);
  assertEquals(it.text(".fe-ad-source pre"), "lambda w: w ** 2");
  assert(it.find(".fe-ad-source textarea").hidden && it.find(".fe-ad-source button").hidden);
  it.close();
});

Deno.test("autodiff: an empty field is told to Python, which refuses it in a sentence beside a mark", () => {
  const it = open();
  it.publish(3);
  const field = it.all(".fe-ad-field input")[0] as HTMLInputElement;
  field.value = "";
  it.page.fire(field, "change");
  assertEquals(it.traits.values, { w: null as unknown as number, x: 3 });
  it.change({ values: { w: 2, x: 3 }, problem: "w is None; it needs to be one number." });
  assertEquals(it.text(".fe-problem"), "⚠ Not changed: w is None; it needs to be one number.");
  assertEquals([field.value, it.find(".fe-problem").hidden], ["2", false]);
  assertEquals(it.texts(".fe-ad-node .fe-ad-value")[0], "→ 2");
  it.change({ problem: "" });
  assert(it.find(".fe-problem").hidden);
  it.close();
});

Deno.test("autodiff: up and down go from node to node and read each exactly; left and right stay the player's", () => {
  const it = open();
  it.publish(3);
  it.key("End");
  const nodes = it.all(".fe-ad-node");
  const tabs = () => nodes.map((node) => node.getAttribute("tabindex")).join();
  assertEquals(tabs(), "0,-1,-1,-1");
  // linkedom moves no focus; the event a browser sends stands for it.
  for (const node of nodes) Object.assign(node, { focus: () => it.page.fire(node, "focus") });
  assert(it.page.press(nodes[0], "ArrowDown").defaultPrevented);
  assertEquals([tabs(), it.text(".fe-ad-readout")], [
    "-1,0,-1,-1",
    "x: value 3, no gradient is asked",
  ]);
  it.page.press(nodes[1], "ArrowUp");
  it.page.press(nodes[0], "ArrowUp");
  assertEquals(
    [tabs(), it.text(".fe-ad-readout")],
    ["-1,-1,-1,0", "loss = v1 + w: value 8, gradient dloss/dloss = 1"],
  );
  it.page.press(nodes[3], "ArrowLeft");
  assertEquals([it.text("output"), tabs()], ["backward 2 / 3", "-1,-1,-1,0"]);
  assertEquals(nodes[0].getAttribute("aria-label"), "w: value 2, gradient dloss/dw = 1");
  it.key("Home");
  assertEquals(
    nodes[2].getAttribute("aria-label"),
    "v1 = w × x: not calculated yet, no gradient yet",
  );
  it.close();
});

Deno.test("autodiff: the check is asked for, says that TensorFlow loads, and shows both numbers", () => {
  const it = open();
  it.publish(3);
  const button = it.find<HTMLButtonElement>(".fe-ad-check button");
  assert(it.find(".fe-ad-check .fe-scroll").hidden);
  button.click();
  assertEquals(it.sent[1], { kind: "check" });
  it.change({ checked: { state: "loading", words: "Loading TensorFlow …", rows: [] } });
  assertEquals([it.text(".fe-ad-words"), button.disabled], ["Loading TensorFlow …", true]);
  const rows = [
    { name: "dloss/dw", ours: 4, tape: 4, words: "equal to the last bit", agrees: true },
    { name: "dloss/db", ours: -1e-7, tape: null, words: "None", agrees: false },
  ];
  it.change({ checked: { state: "done", words: "All agree.", rows: rows.slice(0, 1) } });
  assertEquals([it.text(".fe-ad-words"), button.disabled], ["✓ All agree.", false]);
  it.change({ checked: { state: "done", words: "They differ.", rows } });
  assertEquals(it.text(".fe-ad-words"), "✗ They differ.");
  assertEquals(it.texts(".fe-ad-check td"), [
    "4",
    "4",
    "✓ equal to the last bit",
    "−1e−7",
    "–",
    "✗ None",
  ]);
  it.change({ checked: { state: "failed", words: "No.", rows: [] } });
  assertEquals([it.text(".fe-ad-words"), it.find(".fe-ad-check .fe-scroll").hidden], [
    "✗ No.",
    true,
  ]);
  it.close();
});

Deno.test("autodiff: the table has what is known in this frame, and the code is the code", () => {
  const it = open();
  it.publish(3);
  const row = (name: string) =>
    it.all("details tbody tr").map((tr) => [...tr.children].map((cell) => cell.textContent)).find((
      [first],
    ) => first === name);
  assertEquals(row("v1"), ["v1", "w × x", "–", "d/dw = x", "–"]);
  it.key("End");
  assertEquals(row("v1"), ["v1", "w × x", "6", "d/dw = x = 3", "1"]);
  assertEquals(row("loss"), ["loss", "v1 + w", "8", "d/dv1 = 1; d/dw = 1", "1"]);
  assertEquals(row("x"), ["x", "data", "3", "", "not asked"]);
  assertEquals(it.text("details pre"), "import tensorflow as tf");
  it.close();
});

Deno.test("autodiff: a narrow card goes from top to bottom, with its arrows", () => {
  const it = open({}, 290);
  it.publish(3);
  it.key("End");
  assertEquals(it.find(".fe-ad-picture svg").getAttribute("class"), "fe-ad-vertical");
  assertEquals(it.texts(".fe-ad-node .fe-ad-value")[0], "↓ 2");
  assertEquals(it.texts(".fe-ad-node .fe-ad-gradient")[0], "↑ 4");
  assert(it.text(".fe-ad-legend").startsWith("↓ value↑ gradient of the loss"));
  it.close();
});

Deno.test("autodiff: what a learner wrote is never markup", () => {
  const it = open({ expression: "<img src=x>", editable: false, problem: "<b>no</b>" });
  it.publish(3);
  assertEquals(it.all("img, .fe-problem b").length, 0);
  it.close();
});

Deno.test("autodiff: numbers are written as Python writes them", () => {
  // tests/unit/test_autodiff_widget.py has the same numbers.
  const expected: [number, string][] = [
    [0, "0"],
    [1, "1"],
    [-0.5, "−0.5"],
    [0.1 + 0.2, "0.300"],
    [1 / 3, "0.333"],
    [-1.744, "−1.74"],
    [12345.678, "12346"],
    [123456, "1.23e+5"],
    [-4.57e-10, "−4.57e−10"],
    [1e-5, "1.00e−5"],
    [0.00123, "0.00123"],
    [99.96, "100.0"],
    [250, "250"],
  ];
  assertEquals(expected.map(([value]) => shown(value)), expected.map(([, text]) => text));
});

Deno.test("autodiff: closing the view leaves no listener and asks for no frame", () => {
  const it = open();
  it.publish(3);
  it.key("ArrowRight");
  assert(it.page.listeners() > 20 && it.heard() >= 8 && it.page.observers() === 1);
  it.controller.abort();
  assertEquals([it.page.listeners(), it.heard(), it.page.observers()], [0, 0, 0]);
  it.page.frames(1000);
  assertEquals(it.page.frames(1000), 0);
  it.page.restore();
});
