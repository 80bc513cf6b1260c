import view from "../../widgets/optimizers/view.ts";
import { stylesOf } from "../../widgets/optimizers/race.ts";
import type { OptimizerTraits } from "../../widgets/optimizers/traits.ts";
import { assert, assertEquals } from "./assert.ts";
import { type Race, raceOf, SPECS, traitsOf } from "./optimizers_page.ts";
import { fakeModel, openTensorPage } from "./tensor_page.ts";

type Told = OptimizerTraits & { problem: string; _still: string };
const THREE = [SPECS[0], SPECS[1], SPECS[5]];

function open(race: Race = raceOf(THREE), more: Partial<Told> = {}) {
  const page = openTensorPage();
  const controller = new AbortController();
  const python = fakeModel<Told>({ ...traitsOf(race), problem: "", _still: "", ...more });
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model: python.model, el, signal: controller.signal, experimental: {} } as any);
  const publish = (next: Race) => {
    python.change({ optimizers: next.specs, report: next.report });
    python.receive(...next.message);
  };
  python.receive(...race.message);
  const find = <E extends HTMLElement = HTMLElement>(selector: string) => {
    const found = el.querySelector<E>(selector);
    assert(found, `no ${selector}`);
    return found;
  };
  const named = <E extends HTMLElement = HTMLInputElement>(name: string) =>
    find<E>(`[aria-label="${name}"]`);
  const type = (name: string, value: string) => {
    const input = named(name);
    input.value = value;
    Object.assign(input, { valueAsNumber: value === "" ? NaN : Number(value) });
    page.fire(input, "change");
  };
  const picture = () => find(".fe-race-charts").outerHTML + find(".fe-racers").outerHTML;
  const say = () => find(".fe-sentence").textContent!;
  /** One step on, to the end of its motion. */
  const on_ = () => {
    named<HTMLButtonElement>("one step on").click();
    page.frames(1000);
  };
  const close = () => {
    controller.abort();
    page.restore();
  };
  return { page, python, el, find, named, type, picture, say, on: on_, publish, close, controller };
}

Deno.test("optimizers: the start is told in figures, words and aloud", () => {
  const { find, say, close } = open();
  assertEquals(find(".fe-state").textContent, "g(w₁, w₂) = w₁² + 4 w₂² · 3 optimizers · 6 steps");
  assertEquals(
    say(),
    "Step 0: all 3 start at w = (2.00, 1.00), where the loss is 8.00.",
  );
  assertEquals(find("[role=status]").textContent, say());
  assertEquals(find(".fe-position").textContent, "step 0 / 6");
  close();
});

Deno.test("optimizers: who is lowest, who turns first and who goes uphill is what the numbers say", () => {
  const race = raceOf(THREE);
  const { say, on, close } = open(race);
  const loss = (place: number, frame: number) => {
    const [a, b] = race.runs[place].w[frame];
    return a * a + 4 * b * b;
  };
  for (let frame = 1; frame <= 6; frame++) {
    on();
    const sorted = [0, 1, 2].sort((one, other) => loss(one, frame) - loss(other, frame));
    const names = ["SGD", "MOMENTUM", "ADAM"];
    assert(
      say().startsWith(`Step ${frame}: ${names[sorted[0]]} has the lowest loss`) &&
        say().includes(`; ${names[sorted[2]]} the highest`),
      say(),
    );
    assertEquals(say().includes("MOMENTUM is the first to turn"), frame === 3);
    const risen = [0, 1, 2].some((place) => loss(place, frame) > loss(place, frame - 1));
    if (frame !== 3) assertEquals(say().includes("went uphill in this step"), risen);
  }
  close();
});

Deno.test("optimizers: every number of every rule adds up", () => {
  const { el, on, close } = open(raceOf(SPECS));
  el.querySelectorAll<HTMLDetailsElement>(".fe-racer details").forEach((fold) => fold.open = true);
  let checked = 0;
  for (let frame = 0; frame <= 6; frame++) {
    const lines = [...el.querySelectorAll(".fe-rule .fe-numbers")].map((it) => it.textContent!);
    if (frame === 0) assert(lines.every((line) => line === "No step yet."));
    else {
      for (const line of lines) {
        const [left, right] = line.replace(/^w.: /, "").replaceAll("−", "-").replaceAll("×", "*")
          .replaceAll("²", "**2").replaceAll("^", "**").replace(/√([\d.e-]+)/g, "Math.sqrt($1)")
          .replaceAll("√(", "Math.sqrt(").split(" = ");
        const [found, told] = [left, right].map((part) => new Function(`return ${part}`)());
        const rough = 0.01 * (1 + Math.abs(told));
        assert(Math.abs(found - told) < rough, `${line}: ${found}`);
        checked++;
      }
    }
    on();
  }
  assertEquals(checked, 6 * 2 * (1 + 2 + 2 + 2 + 3 + 3 + 4));
  close();
});

Deno.test("optimizers: back at a frame the picture is the same, whichever way it was reached", () => {
  const { page, find, named, picture, close } = open(raceOf(SPECS));
  const slider = named("step");
  const go = (frame: number) => {
    slider.value = String(frame);
    page.fire(slider, "input");
    page.frames(1000);
  };
  const seen = [0, 1, 2, 3, 4, 5, 6].map((frame) => (go(frame), picture()));
  assertEquals(new Set(seen).size, 7);
  for (const frame of [6, 0, 4, 1, 5]) {
    go(frame);
    assert(picture() === seen[frame], `frame ${frame} differs`);
  }
  assertEquals(find(".fe-plot-over").querySelectorAll("ellipse").length, 4);
  close();
});

Deno.test("optimizers: what they remember is drawn with its scale said, and can be left out", () => {
  const { page, el, find, on, close } = open();
  on();
  const arrows = () => el.querySelectorAll(".fe-push").length;
  assertEquals([arrows(), el.querySelectorAll("ellipse").length], [2, 1]);
  const legend = find(".fe-legend").textContent!;
  assert(/velocity \(MOMENTUM\), or −α × averaged gradient \(ADAM\), drawn/.test(legend), legend);
  assert(/a gradient of 1 is drawn [\d.]+ long/.test(legend), legend);
  const box = find<HTMLInputElement>(".fe-legend input");
  box.checked = false;
  page.fire(box, "change");
  assertEquals([arrows(), el.querySelectorAll("ellipse").length], [0, 0]);
  close();
});

Deno.test("optimizers: a hyper-parameter goes to Python, an empty field comes back", () => {
  const { python, type, named, publish, close } = open();
  type("ADAM: beta_1 β₁", "0.5");
  assertEquals(python.saves(), 1);
  assertEquals(python.traits.optimizers.map((spec) => spec.beta_1 ?? null), [null, null, 0.5]);
  assertEquals(python.traits.optimizers[2].name, "adam");
  type("ADAM: beta_1 β₁", "");
  assertEquals([python.saves(), named("ADAM: beta_1 β₁").value], [1, "0.5"]);
  const field = named("ADAM: beta_1 β₁");
  publish(raceOf([THREE[0], THREE[1], { ...THREE[2], beta_1: 0.5 }], 6, 2));
  assert(named("ADAM: beta_1 β₁") === field, "the field stays, and so does the focus");
  close();
});

Deno.test("optimizers: the start is moved by keys, once for a held key, and typed", () => {
  const { page, find, python, type, close } = open();
  const start = find(".fe-start");
  assert(start.getAttribute("aria-label")!.startsWith("start: w₁ and w₂ are 2.00, 1.00;"));
  for (let times = 0; times < 3; times++) {
    assert(page.press(start, "ArrowLeft").defaultPrevented);
  }
  page.press(start, "ArrowUp", { shiftKey: true });
  assertEquals(python.saves(), 0);
  const up = new (page.document.defaultView as unknown as { Event: typeof Event }).Event("keyup");
  start.dispatchEvent(Object.assign(up, { key: "ArrowLeft" }));
  assertEquals([python.saves(), python.traits.start], [1, [1.64, 1.4]]);
  assertEquals(find(".fe-position").textContent, "step 0 / 6");
  type("start w₂", "-1.5");
  assertEquals(python.traits.start, [2, -1.5]);
  close();
});

Deno.test("optimizers: function, steps, schedule, joining and leaving go to Python", () => {
  const { page, python, named, type, close } = open();
  type("steps", "12");
  assertEquals(python.traits.steps, 12);
  python.traits.start = [1, 1];
  const choose = (name: string, value: string) => {
    const select = named<HTMLSelectElement>(name);
    select.value = value;
    page.fire(select, "change");
  };
  choose("function", "saddle");
  assertEquals([python.traits.function, python.traits.start], ["saddle", null]);
  choose("schedule of the learning rates", "cosine");
  assertEquals(python.traits.schedule, { name: "cosine" });
  python.change({ schedule: { name: "cosine", decay_steps: 6, cycle: true, factors: [1, 0.5] } });
  type("schedule: decay steps", "3");
  type("schedule: factors of the rate", "1, −2 x");
  assertEquals(python.traits.schedule, {
    name: "cosine",
    decay_steps: 3,
    cycle: true,
    factors: [1, -2, "x"],
  });
  choose("optimizer to add", "adam");
  const add = [...named("settings of the race").querySelectorAll("button")].pop()!;
  add.click();
  assertEquals(python.traits.optimizers[3], { ...THREE[2], learning_rate: 0.1 });
  named<HTMLButtonElement>("take SGD out of the race").click();
  assertEquals(python.traits.optimizers.map(({ name }) => name), ["momentum", "adam", "adam"]);
  close();
});

Deno.test("optimizers: one that is hidden is neither drawn nor spoken of", () => {
  const { page, python, el, named, say, on, close } = open();
  on();
  const paths = () => el.querySelectorAll(".fe-landscape .fe-head").length;
  assertEquals(paths(), 3);
  const box = named("show SGD");
  box.checked = false;
  page.fire(box, "change");
  assertEquals(python.traits.hidden, ["sgd"]);
  python.change({ hidden: ["sgd"] });
  assertEquals([paths(), say().includes("SGD"), named("show SGD").checked], [2, false, false]);
  python.change({ hidden: ["sgd", "momentum", "adam"] });
  assertEquals(say(), "All optimizers are hidden: tick “show” to see one.");
  close();
});

Deno.test("optimizers: one that diverges stops, is said so, and leaves the ranking", () => {
  const { find, say, on, el, close } = open(raceOf(THREE, 6, 1, { place: 0, at: 2 }));
  on();
  assert(!say().includes("it ends") && !find(".fe-optimizers").classList.contains("fe-diverged"));
  on();
  assert(say().endsWith("SGD: it ends after step 2: try 0.05."), say());
  assert(find(".fe-optimizers").classList.contains("fe-diverged"));
  on();
  assert(!/SGD (has|the)/.test(say()), say());
  assert(!el.innerHTML.includes("NaN"));
  close();
});

Deno.test("optimizers: an error is a sentence with a mark, and the picture stays", () => {
  const { find, python, picture, on, close } = open();
  on();
  const before = picture();
  assert(find(".fe-problem").hidden);
  python.change({ problem: "beta_1 of adam is 1." });
  assertEquals(find(".fe-problem").textContent, "⚠ beta_1 of adam is 1.");
  assert(!find(".fe-problem").hidden && picture() === before);
  close();
});

Deno.test("optimizers: another race leaves the learner at the same step", () => {
  const { find, on, publish, el, close } = open();
  on();
  on();
  on();
  publish(raceOf([...THREE, SPECS[3]], 6, 2));
  assertEquals(find(".fe-position").textContent, "step 3 / 6");
  assertEquals(el.querySelectorAll(".fe-racer").length, 4);
  publish(raceOf(THREE, 2, 3));
  assertEquals(find(".fe-position").textContent, "step 2 / 2");
  close();
});

Deno.test("optimizers: the table holds every frame of the one chosen, the code its program", () => {
  const race = raceOf(THREE);
  const { page, el, find, named, on, close } = open(race);
  const [numbers, code] = [...el.querySelectorAll<HTMLDetailsElement>(".fe-folds > details")];
  for (const fold of [numbers, code]) {
    fold.open = true;
    page.fire(fold, "toggle");
  }
  assertEquals(find(".fe-code").textContent, "print('race')");
  assertEquals([...numbers.querySelectorAll("th[scope=col]")].map((it) => it.textContent), [
    "step",
    "SGD",
    "MOMENTUM",
    "ADAM",
  ]);
  const select = named<HTMLSelectElement>("numbers of");
  select.value = "ADAM";
  page.fire(select, "change");
  on();
  const rows = [...numbers.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => Number(cell.textContent!.replaceAll("−", "-")))
  );
  assertEquals(rows.length, 7);
  rows.forEach((row, frame) => {
    const { w, m, v } = race.runs[2];
    [[1, w[frame][0]], [2, w[frame][1]], [7, m[frame][0]], [10, v[frame][1]]].forEach(
      ([column, exact]) => assert(Math.abs(row[column] - exact) < 1e-6 * (1 + Math.abs(exact))),
    );
  });
  assertEquals(numbers.querySelectorAll("[aria-current]").length, 1);
  close();
});

Deno.test("optimizers: seven look like seven, and twins like kin", () => {
  const look = (names: string[]) =>
    stylesOf(names).map(({ token, dash, shape }) => `${token} ${dash} ${shape}`);
  const all = SPECS.map(({ name }) => name);
  assertEquals(new Set(look(all)).size, 7);
  assertEquals(new Set(stylesOf(all).map(({ shape }) => shape)).size, 7);
  assertEquals(stylesOf(["adam", "adam"]).map(({ token }) => token), ["best", "best"]);
  assertEquals(new Set(look(["adam", "adam", "adam", "lion", "sgd"])).size, 5);
});

Deno.test("optimizers: closing the view leaves no listener", () => {
  const { page, python, controller, el, on } = open();
  on();
  el.querySelectorAll<HTMLDetailsElement>("details").forEach((fold) => fold.open = true);
  assert(page.listeners() > 20 && python.heard() > 5);
  controller.abort();
  assertEquals([page.listeners(), python.heard(), page.observers()], [0, 0, 0]);
  page.restore();
});
