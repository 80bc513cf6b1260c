import view from "../../widgets/descent/view.ts";
import type { Drawn, GradientStepTraits } from "../../widgets/descent/traits.ts";
import { decimals, ruleLines, sentence, short, writer } from "../../widgets/descent/words.ts";
import { assert, assertEquals } from "./assert.ts";
import { fakeModel, openTensorPage } from "./tensor_page.ts";

type Traits = GradientStepTraits & { problem: string };

const bytes = (values: number[]) => new DataView(new Float64Array(values).buffer);

/** Steps on the bowl w², or w₁² + w₂², in plain numbers. */
function descend(start: number[], rate: number, steps: number) {
  const w = [start];
  for (let step = 0; step <= steps; step++) {
    w.push(w[step].map((value) => value - rate * 2 * value));
  }
  return {
    w: w.slice(0, -1),
    next: w.slice(1),
    value: w.slice(0, -1).map((at) => at.reduce((sum, one) => sum + one * one, 0)),
    gradient: w.slice(0, -1).map((at) => at.map((one) => 2 * one)),
  };
}

function pictureOf(weights: number, number: number, reach = [3]): Drawn {
  const values: number[] = [];
  const views = reach.map((far) => {
    const [columns, rows] = weights === 1 ? [61, 1] : [31, 21];
    const at = (place: number, count: number) => -far + 2 * far * place / (count - 1);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        values.push(at(column, columns) ** 2 + (weights === 1 ? 0 : at(row, rows) ** 2));
      }
    }
    const domain: [number, number][] = Array.from({ length: weights }, () => [-far, far]);
    return { domain, height: [-1, far * far] as [number, number], columns, rows };
  });
  return { number, weights, views, values: bytes(values) };
}

function message(run: number, start: number[], rate: number, steps: number, more = {}) {
  const it = descend(start, rate, steps);
  const frames = it.w.length, weights = start.length;
  const arrays = [
    ["w", it.w.flat(), weights],
    ["value", it.value, 0],
    ["gradient", it.gradient.flat(), weights],
    ["next", it.next.flat(), weights],
  ] as [string, number[], number][];
  const settings = {
    function: weights === 1 ? "bowl" : "bowl in two weights",
    formula: "g(w) = w²",
    weights,
    start,
    learning_rate: rate,
    steps,
    optimizer: "sgd",
    rule: "",
    plain: true,
    differentiated_by: "formula",
    note: "",
    verdict: "good",
    explanation: "It settles.",
    flat_from: -1,
    ended: "",
    picture: run,
    functions: ["bowl", "bowl in two weights"],
    optimizers: ["sgd", "adam"],
    ...more,
  };
  const views = new Int32Array(it.w.map((w) => Math.abs(w[0]) > 3 ? 1 : 0));
  return {
    content: {
      kind: "frames",
      run,
      start: 0,
      stop: frames,
      settings,
      arrays: [
        ...arrays.map(([name, , size]) => ({
          name,
          dtype: "float64",
          shape: size ? [frames, size] : [frames],
        })),
        { name: "view", dtype: "int32", shape: [frames] },
      ],
    },
    buffers: [...arrays.map(([, values]) => bytes(values)), new DataView(views.buffer)],
  };
}

function open(start = [2.5], rate = 0.1, steps = 10, more = {}, reach = [3]) {
  const page = openTensorPage(800);
  const controller = new AbortController();
  const python = fakeModel<Traits>({
    title: "One gradient-descent step",
    function: "bowl",
    start,
    learning_rate: rate,
    steps,
    optimizer: "sgd",
    verdict: "good",
    explanation: "It settles.",
    code: "w = 2.5",
    problem: "",
    picture: pictureOf(start.length, 1, reach),
  });
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model: python.model, el, signal: controller.signal, experimental: {} } as any);
  const publish = (run: number, start: number[], rate: number, steps: number, more = {}) => {
    const { content, buffers } = message(run, start, rate, steps, more);
    python.receive(content, buffers);
    page.frames();
  };
  publish(1, start, rate, steps, more);
  const find = <E extends HTMLElement = HTMLElement>(selector: string) => {
    const found = el.querySelector<E>(selector);
    assert(found, `no ${selector}`);
    return found;
  };
  return {
    page,
    controller,
    python,
    el,
    find,
    publish,
    text: (selector: string) => find(selector).textContent!.trim(),
    picture: () => find(".fe-descent-body").innerHTML.replaceAll(' class=""', ""),
    button: (name: string) => find(`[aria-label='${name}']`),
    settle: () => {
      for (let round = 0; round < 20; round++) page.frames(100);
    },
    close() {
      controller.abort();
      page.restore();
    },
  };
}

Deno.test("descent: numbers are written with the decimals that show the step, and the sum is right", () => {
  assertEquals(writer(decimals([-0.063], [1.7]))(1.7), "1.70");
  assertEquals(writer(decimals([-0.0004], [1.7]))(1.7), "1.7000");
  assertEquals(writer(decimals([-340], [141.7]))(141.73), "141.7");
  assertEquals(writer(2)(-0.001), "0.00");
  assertEquals([short(0.05), short(1e-5), short(1.25)], ["0.05", "1.00e−5", "1.25"]);
  for (const rate of [0.003, 0.05, 0.45, 1.2, 7]) {
    const { w, gradient, next } = descend([2.35], rate, 6);
    const run = {
      facts: { weights: 1, plain: true, learning_rate: rate },
      length: 7,
      w: (k: number) => w[k],
      gradient: (k: number) => gradient[k],
      next: (k: number) => next[k],
      // deno-lint-ignore no-explicit-any
    } as any;
    for (let frame = 0; frame < 6; frame++) {
      const { sum, result } = ruleLines(run, frame)[0];
      if (result.includes("e")) continue;
      const shown = result.split(".")[1]?.length ?? 0;
      const told = sum.replaceAll("−", "-").replace(" - ", " + -1 * ").replace("×", "*");
      const value = Function(`return ${told}`)();
      assert(
        Math.abs(value - Number(result.replace("−", "-"))) <= 1.6 * 10 ** -shown,
        `${sum} = ${result}`,
      );
    }
  }
});

Deno.test("descent: the start is told in words, numbers and marks", () => {
  const { text, find, el, close } = open();
  assertEquals(text("h2"), "One gradient-descent step");
  assertEquals(text(".fe-state"), "step 0 · α = 0.1 · g = 6.25");
  assertEquals(text(".fe-rule-numbers"), "w ← 2.50 − 0.1 × 5.00 = 2.00");
  assertEquals(
    text(".fe-sentence"),
    "At w = 2.50 the slope is 5.00, uphill to the right, so w goes left, to 2.50 − 0.1 × 5.00 = 2.00: g falls from 6.25 to 4.00.",
  );
  assert(text("[role=status]").startsWith("At w = 2.50"));
  assertEquals(text(".fe-verdict"), "This run: ✓ good. It settles.");
  assertEquals(el.querySelectorAll(".fe-past").length, 0);
  assert(find(".fe-tangent") && find(".fe-next"));
  assertEquals(
    find(".fe-ball title").textContent,
    "w = 2.5, g(w) = 6.25, g′(w) = 5",
  );
  close();
});

for (const start of [[2.5], [2.5, -1.5]]) {
  Deno.test(`descent: scrubbing to a frame gives the picture of playing to it, ${start.length} weights`, () => {
    const { page, button, find, picture, settle, close } = open(start, 0.9);
    const range = find<HTMLInputElement>(".fe-player input[type=range]");
    const scrub = (frame: number) => {
      range.value = String(frame);
      page.fire(range, "input");
    };
    const played = [picture()];
    for (let frame = 1; frame <= 10; frame++) {
      button("one step on").click();
      settle();
      played.push(picture());
    }
    assertEquals(new Set(played).size, 11);
    for (const frame of [4, 9, 0, 10, 3]) {
      scrub(frame);
      settle();
      assertEquals(picture(), played[frame]);
    }
    close();
  });
}

Deno.test("descent: a step is a motion, and less motion is asked for or not, it ends in the same place", () => {
  const { button, find, settle, page, close } = open();
  button("one step on").click();
  page.frames(60);
  const half = Number(find(".fe-ball").getAttribute("cx"));
  settle();
  const end = Number(find(".fe-ball").getAttribute("cx"));
  assert(half > end + 1, `${half} ${end}`);
  close();
});

Deno.test("descent: going through the run sends nothing", () => {
  const { button, python, settle, close } = open();
  const before = python.sent.length;
  for (const name of ["one step on", "last step", "one step back", "first step", "play"]) {
    button(name).click();
    settle();
  }
  assertEquals([python.sent.length, python.saves()], [before, 0]);
  close();
});

Deno.test("descent: a new run keeps the learner's place", () => {
  const { button, text, publish, python, close } = open();
  for (let step = 0; step < 4; step++) button("one step on").click();
  publish(1, [2.5], 0.1, 10);
  assertEquals(text(".fe-position"), "step 4 / 10");
  python.traits.picture = pictureOf(1, 2);
  publish(2, [1.5], 0.2, 10);
  assertEquals(text(".fe-position"), "step 4 / 10");
  assert(text(".fe-state").startsWith("step 4 · α = 0.2"));
  python.traits.picture = pictureOf(1, 3);
  publish(3, [1.5], 0.2, 2);
  assertEquals(text(".fe-position"), "step 2 / 2");
  close();
});

Deno.test("descent: a run waits for its picture", () => {
  const { text, publish, python, close } = open();
  publish(2, [1, 1], 0.2, 5);
  assert(text(".fe-state").startsWith("step 0 · α = 0.1"), "the picture of it has not come");
  python.change({ picture: pictureOf(2, 2) });
  assert(text(".fe-state").startsWith("step 0 · α = 0.2"));
  close();
});

Deno.test("descent: settings go to Python one at a time, the newest last", () => {
  const { page, find, python, publish, close } = open();
  const alpha = find<HTMLInputElement>("[aria-label='learning rate α']");
  const type = (value: string) => {
    alpha.value = value;
    page.fire(alpha, "change");
  };
  type("0.3");
  assertEquals([python.traits.learning_rate, python.saves()], [0.3, 1]);
  type("0.4");
  type("0.5");
  assertEquals([python.traits.learning_rate, python.saves()], [0.3, 1]);
  publish(1, [2.5], 0.3, 10);
  assertEquals([python.traits.learning_rate, python.saves()], [0.5, 2]);
  python.change({ problem: "learning_rate is 0." });
  assertEquals(find(".fe-problem").textContent, "⚠ Not changed: learning_rate is 0.");
  assertEquals([find(".fe-problem").hidden, alpha.value], [false, "0.3"]);
  python.change({ problem: "" });
  assert(find(".fe-problem").hidden);
  close();
});

Deno.test("descent: arrow keys on the start move it, and not the player", () => {
  const { page, find, python, text, close } = open();
  const handle = find("[role=slider]");
  assertEquals(handle.getAttribute("aria-valuetext"), "start w = 2.500");
  page.press(handle, "ArrowLeft");
  assertEquals([python.traits.start, text(".fe-position")], [[2.44], "step 0 / 10"]);
  page.press(handle, "ArrowRight", { shiftKey: true });
  assertEquals(handle.getAttribute("aria-valuenow"), "3");
  close();
});

Deno.test("descent: an answer to an earlier move does not pull the start back", () => {
  const { page, find, python, publish, close } = open();
  const handle = find("[role=slider]");
  for (let press = 0; press < 3; press++) page.press(handle, "ArrowLeft");
  assertEquals([python.traits.start, handle.dataset.at], [[2.44], "2.32"]);
  publish(1, [2.44], 0.1, 10);
  assertEquals([python.traits.start, handle.dataset.at], [[2.32], "2.32"]);
  publish(1, [2.32], 0.1, 10);
  assertEquals(handle.dataset.at, "2.32");
  publish(1, [1], 0.1, 10);
  assertEquals(handle.dataset.at, "1");
  close();
});

Deno.test("descent: two weights have two lines of the rule, contour lines, and both starts", () => {
  const { page, find, text, el, python, close } = open([2, -1]);
  const lines = [...el.querySelectorAll<HTMLElement>(".fe-rule-numbers")].map((it) =>
    it.textContent
  );
  assertEquals(lines, ["w₁ ← 2.00 − 0.1 × 4.00 = 1.60", "w₂ ← −1.00 − 0.1 × (−2.00) = −0.80"]);
  assert(el.querySelectorAll(".fe-contour").length > 8);
  assert(find(".fe-uphill") && find(".fe-arrow"));
  assert(
    text(".fe-sentence").startsWith("At (w₁, w₂) = (2.00, −1.00) the gradient is (4.00, −2.00)"),
  );
  const second = find<HTMLInputElement>("[aria-label='start w₂']");
  second.value = "0.5";
  page.fire(second, "change");
  assertEquals(python.traits.start, [2, 0.5]);
  close();
});

Deno.test("descent: the surface is painted, turned by keys, and the keys do not reach the player", () => {
  const { page, find, text, close } = open([2, -1]);
  const surface = find(".fe-surface");
  const canvas = surface.querySelector("canvas")!;
  const first = page.painted(canvas);
  assert(first.filter(({ call }) => call === "fill").length > 300, `${first.length}`);
  page.press(surface, "ArrowLeft");
  page.frames();
  const turned = page.painted(canvas);
  assert(turned.length > 300);
  assert(
    JSON.stringify(turned.map((it) => it.with)) !== JSON.stringify(first.map((it) => it.with)),
  );
  page.press(surface, "Home");
  page.frames();
  assertEquals(
    JSON.stringify(page.painted(canvas).map((it) => it.with)),
    JSON.stringify(first.map((it) => it.with)),
  );
  assertEquals(text(".fe-position"), "step 0 / 10");
  close();
});

Deno.test("descent: a run that diverges shows a larger part of the function, and says so", () => {
  const { button, text, find, settle, close } = open([2.5], 1.2, 3, { verdict: "diverging" }, [
    3,
    12,
  ]);
  const ticks = () => text(".fe-plot-axes");
  const before = ticks();
  button("one step on").click();
  settle();
  assert(ticks() !== before);
  assert(text(".fe-sentence").includes("The picture now shows a larger part of g"));
  assert(text(".fe-sentence").includes("g rises from 12.25 to 24.01, the step is too long"));
  assertEquals(find(".fe-verdict").dataset.kind, "diverging");
  button("first step").click();
  assertEquals(ticks(), before);
  close();
});

Deno.test("descent: where the numbers end and where nothing moves is told", () => {
  const run = (next: number, slope: number) => ({
    facts: { weights: 1, plain: true, learning_rate: 1, flat_from: -1 },
    length: 1,
    w: () => [2],
    value: () => 4,
    gradient: () => [slope],
    next: () => [next],
    // deno-lint-ignore no-explicit-any
  } as any);
  assert(
    sentence(run(NaN, 4), 0).endsWith("The next step leads to numbers too large for a computer."),
  );
  assert(sentence(run(2, 0), 0).endsWith("α × 0 is 0, so w stays where it is."));
});

Deno.test("descent: the table holds every step exactly, with the one in hand marked", () => {
  const { page, el, find, button, close } = open();
  const fold = find<HTMLDetailsElement>("details");
  fold.open = true;
  page.fire(fold, "toggle");
  const rows = () => [...fold.querySelectorAll("tbody tr")];
  assertEquals(rows().length, 11);
  assertEquals([...rows()[1].children].map((it) => it.textContent), ["1", "2", "4", "4"]);
  button("one step on").click();
  assertEquals(rows().map((row) => row.getAttribute("aria-current")).indexOf("step"), 1);
  const side = [...el.querySelectorAll(".fe-steps-table tbody tr:not(.fe-empty)")];
  assertEquals(side.map((row) => row.children[0].textContent), ["0", "1"]);
  close();
});

Deno.test("descent: closing the view leaves no listener, and asks for no frame", () => {
  const { page, controller, python, button } = open([2, 1]);
  button("one step on").click();
  assert(page.listeners() > 20 && python.heard() > 4 && page.observers() > 1);
  controller.abort();
  assertEquals([page.listeners(), python.heard(), page.observers()], [0, 0, 0]);
  page.frames(1000);
  assertEquals(page.frames(1000), 0);
  page.restore();
});
