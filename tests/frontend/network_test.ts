import { walk } from "../../widgets/network/follow.ts";
import { layOut } from "../../widgets/network/layout.ts";
import {
  createNetwork,
  type NetworkPlan,
  type NetworkState,
} from "../../widgets/network/network.ts";
import { offsetsOf, type PlanLayer } from "../../widgets/network/plan.ts";
import { assert, assertEquals } from "./assert.ts";
import { openPage } from "./page.ts";

function layer(name: string, units: number, more: Partial<PlanLayer> = {}): PlanLayer {
  return {
    name,
    kind: "dense",
    units,
    activation: "relu",
    shown: Array.from({ length: units }, (_, i) => i),
    names: [],
    groups: [],
    dropouts: [],
    kernel: 0,
    bias: 0,
    steps: [{ op: "activation", name: more.activation ?? "relu" }],
    ...more,
  };
}

/** 3 → 2 → 1, as plan.py writes it. */
function planOf(): NetworkPlan {
  const names = ["age", "sex_0", "sex_1"];
  return {
    inputs: 3,
    total: 11,
    dropouts: 1,
    parameters: [
      { layer: "dense", formula: "(3 + 1) × 2 = 8", count: 8 },
      { layer: "output", formula: "(2 + 1) × 1 = 3", count: 3 },
    ],
    layers: [
      layer("input", 3, {
        kind: "input",
        activation: "",
        names,
        groups: [["age", 0, 0], ["sex", 1, 2]],
        steps: [],
      }),
      layer("dense", 2, { dropouts: [{ name: "dropout", rate: 0.5, slot: 0 }] }),
      layer("output", 1, { activation: "sigmoid" }),
    ],
  };
}

const drawn = [0.5, -0.5, 1, 2, -3, 0.25, 0.1, -0.2, 1.5, -1.5, 0.7];
const state: NetworkState = {
  drawn,
  activations: [1, -2, 0, 1.27, 0, 0.83],
  sums: [1, -2, 0, 1.27, -0.4, 1.5856],
};

function bench(options = {}) {
  const page = openPage();
  const controller = new AbortController();
  const network = createNetwork({ signal: controller.signal, document: page.document, ...options });
  page.document.body.append(network.element);
  const all = (selector: string) => [...network.element.querySelectorAll(selector)];
  const readout = () => network.element.querySelector(".fe-net-readout")!.textContent!;
  return { page, controller, network, all, readout };
}

Deno.test("one line a weight, one circle a unit, words for each", () => {
  const { page, network, all } = bench();
  network.draw(planOf(), state);
  assertEquals(all(".fe-gap line").length, 3 * 2 + 2 * 1);
  assertEquals(all(".fe-layer .fe-unit").length, 6);
  assertEquals(all(".fe-net-label").map((label) => label.textContent), ["age", "sex"]);
  assertEquals(all(".fe-formula").map((text) => text.textContent), [
    "(3 + 1) × 2 = 8",
    "(2 + 1) × 1 = 3",
  ]);
  assertEquals(all(".fe-caption").map((text) => text.textContent).filter(Boolean), [
    "3 inputs",
    "2 relu",
    "1 sigmoid",
  ]);
  assertEquals(network.element.querySelector(".fe-net-sum")!.textContent, "8 + 3 = 11 parameters");
  const labels = all(".fe-layer .fe-unit").map((unit) => unit.getAttribute("aria-label"));
  assertEquals(labels[1], "sex_0 = −2.0000");
  assertEquals(labels[3], "unit 1: Σ w·x + b = 1.2700 → relu → 1.2700 (bias 0.10000)");
  assertEquals(all(".fe-layer .fe-value").at(-1)!.textContent, "σ(1.59) = 0.830");
  page.restore();
});

Deno.test("a frame changes the nodes there are and makes none", () => {
  const { page, network, all } = bench();
  const plan = planOf();
  network.draw(plan, state);
  const before = all("*");
  const [width, dash] = [
    all(".fe-gap line")[0].getAttribute("stroke-width"),
    all("line.fe-negative").length,
  ];
  network.draw(plan, {
    drawn: drawn.map((weight) => -2 * weight),
    activations: [0, 1, 2, 3, 4, 0.5],
  });
  network.draw(structuredClone(plan), { drawn, activations: [0, 1, 2, 3, 4, 0.5] });
  network.draw(plan, {
    drawn: drawn.map((weight) => -2 * weight),
    activations: [0, 1, 2, 3, 4, 0.5],
  });
  const after = all("*");
  assert(before.length === after.length && before.every((node, i) => node === after[i]));
  assert(all(".fe-gap line")[0].getAttribute("stroke-width") !== width);
  assert(all("line.fe-negative").length !== dash);
  assertEquals(all(".fe-layer .fe-value").at(-1)!.textContent, "P = 0.500");
  page.restore();
});

Deno.test("a wider line is a larger weight and a negative one is marked", () => {
  const { page, network, all } = bench();
  network.draw(planOf(), state);
  const lines = all(".fe-gap line");
  const width = (i: number) => Number(lines[i].getAttribute("stroke-width"));
  assert(width(5) < width(0) && width(0) < width(2) && width(2) < width(3) && width(3) < width(4));
  assertEquals(width(0), width(1));
  assertEquals([0, 1, 4].map((i) => lines[i].getAttribute("class")), [
    "",
    "fe-negative",
    "fe-negative",
  ]);
  page.restore();
});

Deno.test("dropped units are crossed out and counted, their lines faded; none at inference", () => {
  const { page, network, all } = bench();
  const plan = planOf();
  network.draw(plan, { drawn, dropped: [0, 0, 0, 0, 1, 0] });
  const off = all(".fe-layer .fe-off");
  assertEquals(off.length, 1);
  assert(off[0].getAttribute("aria-label")!.endsWith("dropped in this batch"));
  assertEquals(all(".fe-dropped-count")[1].textContent, "1 dropped");
  assertEquals(all(".fe-gap line").map((line) => line.getAttribute("stroke-opacity") === "0.04"), [
    false,
    true,
    false,
    true,
    false,
    true,
    false,
    true,
  ]);
  network.draw(plan, state);
  assertEquals([all(".fe-layer .fe-off").length, all(".fe-dropped-count")[1].textContent], [0, ""]);
  page.restore();
});

Deno.test("arrow keys go from unit to unit, Enter pins, Escape clears; the player sees none of it", () => {
  const pins: unknown[] = [];
  const { page, network, all, readout } = bench({ onPin: (place: unknown) => pins.push(place) });
  let leaked = 0;
  network.element.addEventListener("keydown", () => leaked++);
  network.draw(planOf(), state);
  const units = all(".fe-layer .fe-unit");
  let at: Element | null = null;
  const Event = (page.document.defaultView as typeof globalThis & Window).Event;
  for (const unit of units as SVGElement[]) {
    unit.focus = () => {
      at = unit;
      unit.dispatchEvent(new Event("focusin", { bubbles: true }));
    };
  }
  assertEquals(all('.fe-unit[tabindex="0"]').length, 1);
  (units[3] as SVGElement).focus();
  assert(readout().startsWith("unit 1: Σ"));
  assertEquals(all("line[data-on]").length, 3 + 1);
  for (
    const [key, index] of [["ArrowDown", 4], ["ArrowRight", 5], ["ArrowLeft", 4], [
      "ArrowLeft",
      2,
    ]] as const
  ) {
    page.press(at!, key);
    assertEquals(units.indexOf(at!), index);
    assertEquals(all('.fe-unit[tabindex="0"]'), [at]);
  }
  page.press(at!, "Enter");
  assertEquals([at!.getAttribute("aria-pressed"), pins.at(-1)], ["true", {
    layer: 0,
    position: 2,
  }]);
  page.press(at!, "Escape");
  assertEquals([at!.getAttribute("aria-pressed"), pins.at(-1)], ["false", null]);
  assertEquals(leaked, 0);
  page.press(at!, "Home");
  assertEquals(leaked, 1);
  page.restore();
});

Deno.test("pointing at a line reads its exact weight", () => {
  const { page, network, all, readout } = bench();
  network.draw(planOf(), state);
  const line = all(".fe-gap line")[4];
  const [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map((name) => Number(line.getAttribute(name)));
  const svg = network.element.querySelector("svg")!;
  svg.getBoundingClientRect = () => ({ left: 0, top: 0 }) as DOMRect;
  const move = new (page.document.defaultView as typeof globalThis & Window).Event("pointermove");
  Object.assign(move, { clientX: x1 + 0.2 * (x2 - x1), clientY: y1 + 0.2 * (y2 - y1) });
  svg.dispatchEvent(move);
  assertEquals(readout(), "weight from sex_1 to unit 1: −3.000000");
  assertEquals(all("line[data-on]"), [line]);
  page.restore();
});

Deno.test("a summarised layer says how many units it leaves out", () => {
  const { page, network, all } = bench();
  const plan = planOf();
  plan.layers[1] = layer("wide", 128, { shown: [0, 1, 126, 127] });
  network.draw(plan, { drawn: new Float32Array(3 * 4 + 4 + 4 + 1) });
  assertEquals(all(".fe-more").map((text) => text.textContent), ["⋮ +124 more"]);
  assertEquals(offsetsOf(plan), { units: [0, 3, 7], kernel: [0, 0, 16], bias: [0, 12, 20] });
  page.restore();
});

Deno.test("where columns are close, a summarised layer gives the number alone", () => {
  const { page, network, all } = bench();
  Object.defineProperty(network.element.querySelector(".fe-net-picture"), "clientWidth", {
    value: 180,
  });
  const plan = planOf();
  plan.layers[1] = layer("wide", 128, { shown: [0, 1, 126, 127] });
  network.draw(plan, { drawn: new Float32Array(3 * 4 + 4 + 4 + 1) });
  assertEquals(all(".fe-more").map((text) => text.textContent), ["+124"]);
  page.restore();
});

Deno.test("following a patient says each layer's arithmetic and leaves nothing behind", async () => {
  const { page, network, all, readout } = bench({ walk });
  network.draw(planOf(), state);
  const said = await network.follow();
  assertEquals(said.length, 2);
  assert(said[0].startsWith("unit 1: Σ w·x + b = 1.2700 → relu"), said[0]);
  assert(said[1].startsWith("output: Σ"), said[1]);
  assertEquals(readout(), said.join(" · "));
  assertEquals([all(".fe-waiting").length, all(".fe-dot").length], [0, 0]);
  page.restore();
});

Deno.test("with reduced motion every layer speaks at once", async () => {
  const { page, network } = bench({ walk });
  const view = page.document.defaultView as unknown as { matchMedia: unknown };
  view.matchMedia = () => ({ matches: true });
  network.draw(planOf(), state);
  const start = performance.now();
  assertEquals((await network.follow()).length, 2);
  assert(performance.now() - start < 200);
  page.restore();
});

Deno.test("the picture fits every width from 280 to 1400 without text on text", () => {
  for (const width of [280, 320, 480, 800, 1400]) {
    const layout = layOut(planOf(), width);
    const xs = layout.columns.map((column) => column.x);
    assert(xs[0] > 0 && xs.at(-1)! + layout.columns.at(-1)!.radius <= width, `${width}: ${xs}`);
    const ys = layout.columns[0].ys;
    assert(ys.slice(1).every((y, i) => y - ys[i] >= 14), `${width}: inputs too close`);
    assert(layout.height > ys.at(-1)!);
  }
});

Deno.test("no listener is left after the signal", () => {
  const { page, controller, network } = bench();
  network.draw(planOf(), state);
  assert(page.listeners() > 4);
  controller.abort();
  assertEquals(page.listeners(), 0);
  page.restore();
});

Deno.test("a thousand lines change well within a frame of 60 a second", () => {
  const { page, network } = bench();
  const plan = planOf();
  plan.layers[1] = layer("wide", 32);
  plan.layers[0] = layer("input", 32, { kind: "input", names: Array(32).fill("x"), steps: [] });
  const frames = [1, 2].map((seed) => ({
    drawn: Float32Array.from({ length: 32 * 32 + 32 + 32 + 1 }, (_, i) => Math.sin(i * seed)),
    activations: Float32Array.from({ length: 65 }, (_, i) => Math.cos(i * seed)),
  }));
  network.draw(plan, frames[0]);
  let best = Infinity;
  for (let n = 0; n < 8; n++) {
    const start = performance.now();
    network.draw(plan, frames[n % 2]);
    if (n > 1) best = Math.min(best, performance.now() - start);
  }
  assert(best < 30, `${best} ms`);
  page.restore();
});

Deno.test("where columns are narrow a caption is wrapped and keeps every word", () => {
  const plan = planOf();
  const hidden = ["one", "two", "three"].map((name) =>
    layer(name, 16, { activation: "batch norm, leaky_relu" })
  );
  const layers = [plan.layers[0], ...hidden, plan.layers[2]];
  const { columns } = layOut({ ...plan, layers }, 330);
  assertEquals(columns[1].caption, ["16", "batch", "norm,", "leaky_", "relu"]);
  const wide = layOut({ ...plan, layers }, 1100).columns;
  assertEquals(wide[1].caption, ["16 batch norm, leaky_relu"]);
});
