import view, { type NetworkTraits } from "../../widgets/network/view.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

type Listener = (...values: unknown[]) => void;

/** Plays Python: holds the traits, answers "frames?" with three frames of a 2 → 1 network. */
function fakeModel(withDropout: boolean) {
  const traits: NetworkTraits = {
    title: "The network",
    patient: 1,
    unit: "epoch",
    chosen: { rows: 5, target: 1, label: "ill" },
  };
  const on = new Map<string, Set<Listener>>();
  let sent = 0;
  const layer = { names: [], groups: [], dropouts: [], kernel: 0, bias: 2, shown: [0], units: 1 };
  const plan = {
    inputs: 2,
    total: 3,
    dropouts: withDropout ? 1 : 0,
    parameters: [{ layer: "out", formula: "(2 + 1) × 1 = 3", count: 3 }],
    layers: [
      {
        ...layer,
        name: "in",
        kind: "input",
        units: 2,
        shown: [0, 1],
        names: ["a", "b"],
        activation: "",
        steps: [],
        dropouts: withDropout ? [{ name: "dropout", rate: 0.5, slot: 0 }] : [],
      },
      {
        ...layer,
        name: "out",
        kind: "dense",
        activation: "sigmoid",
        steps: [{ op: "activation", name: "sigmoid" }],
      },
    ],
  };
  const arrays: [string, ArrayBuffer, string, number][] = [
    ["drawn", new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, 9]).buffer, "float32", 3],
    ["sums", new Float32Array([1, 2, 0, 1, 2, 1, 1, 2, 2]).buffer, "float32", 3],
    ["activations", new Float32Array([1, 2, 0.5, 1, 2, 0.73, 1, 2, 0.88]).buffer, "float32", 3],
  ];
  if (withDropout) {
    arrays.push(["dropped", new Uint8Array([0, 1, 0, 1, 0, 0, 0, 0, 0]).buffer, "uint8", 3]);
  }
  const header = {
    kind: "frames",
    run: 1,
    start: 0,
    stop: 3,
    settings: { network: plan },
    arrays: arrays.map(([name, , dtype, size]) => ({ name, dtype, shape: [3, size] })),
  };
  const model = {
    get: (name: keyof NetworkTraits) => traits[name],
    set: (name: keyof NetworkTraits, value: unknown) => Object.assign(traits, { [name]: value }),
    save_changes: () => sent++,
    on: (name: string, listener: Listener) =>
      on.set(name, (on.get(name) ?? new Set()).add(listener)),
    off: (name: string, listener: Listener) => on.get(name)?.delete(listener),
    send: () => sent++,
  };
  return {
    model,
    traits,
    messages: () => sent,
    answer: () =>
      on.get("msg:custom")?.forEach((listener) =>
        listener(header, arrays.map(([, data]) => new DataView(data)))
      ),
    tell: (name: string) => on.get(`change:${name}`)?.forEach((listener) => listener()),
    heard: () => [...on.values()].reduce((sum, listeners) => sum + listeners.size, 0),
  };
}

function open(withDropout = false) {
  const page = openPage();
  const controller = new AbortController();
  const python = fakeModel(withDropout);
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model: python.model, el, signal: controller.signal, experimental: {} } as any);
  const before = python.messages();
  python.answer();
  const text = (selector: string) => el.querySelector(selector)!.textContent!;
  return { page, controller, python, el, text, asked: before };
}

Deno.test("the card says what the network is and what it answers for this patient", () => {
  const { page, el, text, asked } = open();
  assertEquals(asked, 1);
  assertEquals(text("h2"), "The network");
  assertEquals(text(".fe-state"), "2 → 1 · 3 parameters");
  assertEquals(text("output"), "epoch 3 / 3");
  assertEquals(
    text(".fe-sentence"),
    "Epoch 3 of 3: for training row 1 the network answers P = 0.880. Its target is 1 (ill). Nothing is dropped at inference.",
  );
  assertEquals(text("[role=status]"), text(".fe-sentence"));
  assert(el.querySelector<HTMLElement>(".fe-inline")!.hidden);
  page.restore();
});

Deno.test("stepping through the frames sends nothing to Python", () => {
  const { page, el, python, text } = open();
  const before = python.messages();
  page.press(el.querySelector(".fe-network")!, "Home");
  assert(
    text(".fe-sentence").startsWith(
      "Epoch 1 of 3: for training row 1 the network answers P = 0.500",
    ),
  );
  page.press(el.querySelector(".fe-network")!, "ArrowRight");
  assertEquals([text("output"), python.messages()], ["epoch 2 / 3", before]);
  page.restore();
});

Deno.test("the next patient is asked of Python, one beyond the last is not", () => {
  const { page, el, python } = open();
  const before = python.messages();
  el.querySelector<HTMLElement>("[aria-label='next patient']")!.click();
  assertEquals([python.traits.patient, python.messages()], [2, before + 1]);
  const input = el.querySelector<HTMLInputElement>(".fe-patient input")!;
  input.value = "99";
  input.dispatchEvent(
    new (page.document.defaultView as typeof globalThis & Window).Event("change"),
  );
  assertEquals([python.traits.patient, input.value], [2, "2"]);
  page.restore();
});

Deno.test("training shows what was dropped, inference shows the patient, never both", () => {
  const { page, el, text } = open(true);
  page.press(el.querySelector(".fe-network")!, "Home");
  assert(
    text(".fe-sentence").includes("dropped for the first patient of this batch: 1 of 2 in in."),
  );
  assertEquals(el.querySelectorAll(".fe-layer .fe-off").length, 1);
  assertEquals(text(".fe-layer-dense .fe-value"), "");
  const box = el.querySelector<HTMLInputElement>(".fe-inline input")!;
  box.checked = false;
  box.dispatchEvent(new (page.document.defaultView as typeof globalThis & Window).Event("change"));
  assertEquals(el.querySelectorAll(".fe-layer .fe-off").length, 0);
  assertEquals(text(".fe-layer-dense .fe-value"), "σ(0.00) = 0.500");
  page.restore();
});

Deno.test("closing the view leaves no listener on the page or on the model", () => {
  const { page, controller, python } = open(true);
  assert(page.listeners() > 10 && python.heard() > 2);
  controller.abort();
  assertEquals([page.listeners(), python.heard()], [0, 0]);
  page.restore();
});
