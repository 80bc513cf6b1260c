import { createIndexBar } from "../../widgets/tensor/index_bar.ts";
import { createScaleBar } from "../../widgets/tensor/scale_bar.ts";
import { readPalette, scaleOf } from "../../widgets/tensor/palette.ts";
import { canZoom, createWindowBar, type Window, zoomed } from "../../widgets/tensor/window_bar.ts";
import type { Arrangement, Drawing } from "../../widgets/tensor/drawing.ts";
import type { Chosen, Facts } from "../../widgets/tensor/traits.ts";
import { assert, assertEquals } from "./assert.ts";
import { arrange, drawingOf, everything, factsOf, openTensorPage, product } from "./tensor_page.ts";

// The index bar.

function indexBar(facts: Facts) {
  const page = openTensorPage();
  const controller = new AbortController();
  const sent: string[] = [];
  const bar = createIndexBar(controller.signal, (text) => sent.push(text));
  page.document.body.append(bar.element);
  const update = (more: Partial<Chosen> = {}) =>
    bar.update(facts, { ...everything(facts.shape), ...more });
  update();
  const find = (name: string) => {
    const found = bar.element.querySelector<HTMLInputElement>(`[aria-label="${name}"]`);
    assert(found, `no ${name}`);
    return found;
  };
  const choose = (name: string, value: string, event: string) => {
    find(name).value = value;
    page.fire(find(name), event);
    return sent[sent.length - 1];
  };
  const said = () => [...bar.element.querySelectorAll("output")].map((it) => it.textContent);
  const takes = () => bar.element.querySelector(".fe-takes")!.textContent;
  return { page, controller, sent, bar, update, find, choose, said, takes };
}

Deno.test("index bar: what is written is sent on enter and when the field is left", () => {
  const { page, bar, sent } = indexBar(factsOf([3, 4]));
  const field = bar.element.querySelector<HTMLInputElement>("input[type=text]")!;
  field.value = "..., -1";
  page.press(field, "Enter");
  field.value = "1:3";
  page.press(field, "a");
  page.fire(field, "change");
  assertEquals(sent, ["..., -1", "1:3"]);
  page.restore();
});

Deno.test("index bar: each axis takes all, one or a slice, and the index is written from all of them", () => {
  const { page, choose, said } = indexBar(factsOf([5, 4, 6]));
  assertEquals(said(), [":", ":", ":"]);
  assertEquals(choose("axis 1: take", "one", "change"), ":, 0");
  assertEquals(choose("axis 1: index", "3", "input"), ":, 3");
  assertEquals(choose("axis 2: take", "slice", "change"), ":, 3, :3");
  assertEquals(choose("axis 2: start", "2", "input"), ":, 3, 2:3");
  assertEquals(choose("axis 2: stop", "6", "input"), ":, 3, 2:");
  assertEquals(choose("axis 1: take", "all", "change"), ":, :, 2:");
  assertEquals(choose("axis 2: take", "all", "change"), "");
  page.restore();
});

Deno.test("index bar: start and stop never cross", () => {
  const { page, choose } = indexBar(factsOf([6]));
  choose("axis 0: take", "slice", "change");
  assertEquals(choose("axis 0: start", "5", "input"), "5:");
  assertEquals(choose("axis 0: stop", "2", "input"), "1:2");
  page.restore();
});

Deno.test("index bar: it shows what Python took, also with steps", () => {
  const { page, update, find, said, takes } = indexBar(factsOf([5, 4]));
  assertEquals(takes(), "takes everything");
  update({ text: "2, 1:3", shape: [2], elements: 2, taken: [[2, 1, 1, false], [1, 1, 2, true]] });
  assertEquals(said(), ["2", "1:3"]);
  assertEquals(takes(), "takes (2,), rank 1, 2 elements");
  assertEquals([find("axis 0: take").value, find("axis 1: take").value], ["one", "slice"]);
  update({ text: "::-2", shape: [3, 4], elements: 12, taken: [[4, -2, 3, true], [0, 1, 4, true]] });
  assertEquals(said(), ["4 to 0, step -2", ":"]);
  update({
    text: "2, 1",
    shape: [],
    elements: 1,
    value: "9",
    taken: [[2, 1, 1, false], [1, 1, 1, false]],
  });
  assertEquals(takes(), "takes (), rank 0, 1 element: 9");
  page.restore();
});

Deno.test("index bar: slices with steps, backwards or of nothing stay as they are while another axis moves", () => {
  const cases: [number, [number, number, number, boolean], string][] = [
    [5, [4, -2, 2, true], ":0:-2"],
    [5, [4, -2, 3, true], "::-2"],
    [5, [3, -1, 2, true], "3:1:-1"],
    [6, [1, 2, 2, true], "1:5:2"],
    [6, [0, 3, 2, true], ":6:3"],
    [6, [1, 3, 2, true], "1::3"],
    [1, [0, 1, 0, true], "0:0"],
    [5, [0, -1, 0, true], "0:0"],
  ];
  for (const [size, taken, written] of cases) {
    const { page, update, choose } = indexBar(factsOf([size, 4]));
    update({ taken: [taken, [0, 1, 4, true]] });
    assertEquals(choose("axis 1: take", "one", "change"), `${written}, 0`);
    page.restore();
  }
});

Deno.test("index bar: what is wrong is said as an alert and goes with the next index", () => {
  const { page, bar, update } = indexBar(factsOf([3]));
  const alert = bar.element.querySelector<HTMLElement>("[role=alert]")!;
  assert(alert.hidden);
  update({ error: "Index 9 is out of range." });
  assertEquals([alert.hidden, alert.textContent], [false, "Index 9 is out of range."]);
  update();
  assert(alert.hidden);
  page.restore();
});

Deno.test("index bar: all is taken again by a button that is off while it is so", () => {
  const { page, bar, sent, update } = indexBar(factsOf([3]));
  const button = bar.element.querySelector<HTMLButtonElement>("button")!;
  assert(button.disabled);
  update({ text: "1", shape: [], elements: 1, taken: [[1, 1, 1, false]] });
  assert(!button.disabled);
  button.click();
  assertEquals(sent, [""]);
  page.restore();
});

Deno.test("index bar: axes have their names, colours and sizes; another tensor has other rows", () => {
  const { page, bar } = indexBar(factsOf([242, 29], { axes: ["samples", "features"] }));
  const names = () =>
    [...bar.element.querySelectorAll(".fe-axis-name")].map((it) => [it.textContent, it.className]);
  assertEquals(names(), [
    ["axis 0: samples 242", "fe-axis-name fe-axis-train"],
    ["axis 1: features 29", "fe-axis-name fe-axis-best"],
  ]);
  bar.update(factsOf([]), everything([]));
  assertEquals(names(), []);
  bar.update(factsOf([0]), everything([0]));
  assert(bar.element.querySelector("select")!.disabled);
  page.restore();
});

Deno.test("index bar: closing it leaves no listener", () => {
  const { page, controller } = indexBar(factsOf([3, 4, 5]));
  assert(page.listeners() > 12);
  controller.abort();
  assertEquals(page.listeners(), 0);
  page.restore();
});

// The window.

/** As Python chooses them: powers of two, few enough cells along each axis and in all. */
function blocks(window: Window, { columns, rows, layers }: Arrangement): number[] {
  const limits = window.map((_, axis) =>
    axis === layers ? 24 : [columns, rows].includes(axis) ? (layers === null ? 256 : 64) : Infinity
  );
  const block = window.map(() => 1);
  const cells = (axis: number) => Math.ceil((window[axis][1] - window[axis][0]) / block[axis]);
  for (let axis = 0; axis < window.length; axis++) {
    while (cells(axis) > limits[axis]) block[axis] *= 2;
  }
  const inner = [columns, rows, layers].filter((axis): axis is number => axis !== null);
  while (product(window.map((_, axis) => cells(axis))) > 10_000) {
    const widest = inner.reduce((one, other) => cells(other) > cells(one) ? other : one);
    block[widest] *= 2;
  }
  return block;
}

function drawn(shape: number[], window: Window): Drawing {
  const arrangement = arrange(shape.length);
  const block = blocks(window, arrangement);
  const cells = window.map(([start, stop], axis) => Math.ceil((stop - start) / block[axis]));
  return drawingOf(cells, { window, block, arrangement, shown: "mean" });
}

Deno.test("zooming in on any element of any tensor ends with cells of one element, that one among them", () => {
  for (
    const shape of [
      [300],
      [100_000_000],
      [1000, 700],
      [3, 100_000],
      [10_000, 10_000],
      [120, 110, 100],
      [500, 500, 500],
      [2, 100, 100, 100],
      [2, 2, 70, 90, 110],
    ]
  ) {
    for (const share of [0, 0.37, 0.5, 1]) {
      const element = shape.map((size) => Math.round(share * (size - 1)));
      const facts = factsOf(shape);
      let drawing = drawn(shape, shape.map((size) => [0, size]));
      let steps = 0;
      while (canZoom(drawing)) {
        const next = zoomed(facts, drawing, element, 1);
        next.forEach(([start, stop], axis) => {
          assert(start >= 0 && stop <= shape[axis], `${shape}: ${next}`);
          assert(
            start <= element[axis] && element[axis] < stop,
            `${shape} lost ${element} in ${next}`,
          );
        });
        drawing = drawn(shape, next);
        assert(++steps < 40, `${shape} ${element} does not come to an end`);
      }
      assert(drawing.block.every((size) => size === 1));
    }
  }
});

Deno.test("zooming out again ends with the whole tensor", () => {
  for (const shape of [[300], [1000, 700], [120, 110, 100]]) {
    let drawing = drawn(shape, shape.map((size) => [size - 1, size]));
    for (let k = 0; k < 30; k++) {
      drawing = drawn(shape, zoomed(factsOf(shape), drawing, drawing.window.map(([at]) => at), -1));
    }
    assertEquals(drawing.window, shape.map((size) => [0, size]));
    assertEquals(zoomed(factsOf(shape), drawing, shape.map(() => 0), -1), drawing.window);
  }
});

function windowBar(shape: number[], window: Window, more: Partial<Facts> = {}) {
  const page = openTensorPage();
  const controller = new AbortController();
  const shown: Window[] = [], zooms: number[] = [];
  const bar = createWindowBar({
    signal: controller.signal,
    show: (window) => shown.push(window),
    zoom: (way) => zooms.push(way),
  });
  page.document.body.append(bar.element);
  bar.update(factsOf(shape, more), drawn(shape, window));
  const buttons = [...bar.element.querySelectorAll<HTMLButtonElement>("button")];
  return { page, controller, shown, zooms, bar, buttons };
}

Deno.test("window bar: it is away where everything is shown element by element", () => {
  for (const shape of [[], [5], [4, 4], [2, 3, 4]]) {
    const { page, bar } = windowBar(shape, shape.map((size) => [0, size]));
    assert(bar.element.hidden);
    page.restore();
  }
});

Deno.test("window bar: it says what a cell stands for and zooms", () => {
  const { page, bar, buttons, shown, zooms } = windowBar([1000, 700], [[0, 1000], [0, 700]]);
  assertEquals(
    bar.element.querySelector(".fe-note")!.textContent,
    "Each cell is the mean of 16 × 8 elements.",
  );
  assertEquals(buttons.map((button) => button.disabled), [false, true, true]);
  buttons[0].click();
  bar.update(factsOf([1000, 700]), drawn([1000, 700], [[0, 50], [650, 700]]));
  assertEquals(buttons.map((button) => button.disabled), [true, false, false]);
  buttons[1].click();
  buttons[2].click();
  assertEquals([zooms, shown], [[1, -1], [[[0, 1000], [0, 700]]]]);
  page.restore();
});

Deno.test("window bar: an axis shown in part has a slider that moves the part", () => {
  const { page, bar, shown } = windowBar(
    [40, 6, 5, 5, 3],
    [[3, 4], [0, 6], [0, 5], [0, 5], [0, 3]],
    {
      axes: ["samples", "time", "height", "width", "channels"],
    },
  );
  const sliders = bar.element.querySelectorAll<HTMLInputElement>("input[type=range]");
  assertEquals(sliders.length, 1);
  assertEquals(sliders[0].getAttribute("aria-label"), "first of samples shown");
  assertEquals(bar.element.querySelector("output")!.textContent, "samples at 3 (of 40)");
  assertEquals([sliders[0].max, sliders[0].value], ["39", "3"]);
  sliders[0].value = "17";
  page.fire(sliders[0], "input");
  assertEquals(shown, [[[17, 18], [0, 6], [0, 5], [0, 5], [0, 3]]]);
  page.restore();
});

Deno.test("window bar: closing it leaves no listener", () => {
  const { page, controller } = windowBar([1000, 700], [[0, 100], [0, 100]]);
  assert(page.listeners() >= 5);
  controller.abort();
  assertEquals(page.listeners(), 0);
  page.restore();
});

// The scale.

function scaleBar(statistics = {}, facts: Partial<Facts> = {}) {
  const page = openTensorPage();
  const controller = new AbortController();
  const set: [string, number | null][] = [];
  const bar = createScaleBar(controller.signal, (end, value) => set.push([end, value]));
  page.document.body.append(bar.element);
  const known = {
    count: 6,
    nan: 0,
    positive_infinite: 0,
    negative_infinite: 0,
    minimum: -1,
    maximum: 4,
    mean: 1.25,
    std: 0.5,
    histogram: { counts: [1, 3, 2], edges: [-1, 0, 2, 4], of: 6, exact: true },
    ...statistics,
  };
  const update = (low: number | null = null, high: number | null = null) =>
    bar.update(
      factsOf([6], facts),
      known,
      scaleOf(low ?? -1, high ?? 4),
      readPalette(page.document.body as HTMLElement),
      { low, high },
      "value",
    );
  update();
  const inputs = [...bar.element.querySelectorAll<HTMLInputElement>("input")];
  const rows = () =>
    Object.fromEntries(
      [...bar.element.querySelectorAll("dt")].map((name) => [
        name.textContent,
        name.nextElementSibling!.textContent,
      ]),
    );
  return { page, controller, set, bar, update, inputs, rows };
}

Deno.test("scale: it says the statistics, and what is not finite only where there is some", () => {
  const all = scaleBar();
  assertEquals(all.rows(), { min: "−1", max: "4", mean: "1.2500", std: "0.50000" });
  assertEquals(
    all.bar.element.querySelector("canvas")!.getAttribute("aria-label"),
    "colours from −1 to 4; most elements between 0 and 2.00",
  );
  all.page.restore();
  const some = scaleBar({ nan: 2, negative_infinite: 1200 });
  assertEquals([some.rows()["✕ NaN"], some.rows()["↓ −inf"], some.rows()["↑ +inf"]], [
    "2",
    "1,200",
    undefined,
  ]);
  some.page.restore();
});

Deno.test("scale: whole numbers beyond what a browser holds come as text", () => {
  const { page, rows } = scaleBar({ maximum: "9223372036854775807" }, { dtype: "int64" });
  assertEquals(rows().max, "9223372036854775807");
  page.restore();
});

Deno.test("scale: the ends of the colours can be set and freed", () => {
  const { page, inputs, set, update } = scaleBar();
  inputs[0].value = "0.5";
  page.fire(inputs[0], "change");
  inputs[1].value = "";
  page.fire(inputs[1], "change");
  assertEquals(set, [["low", 0.5], ["high", null]]);
  update(0.5, null);
  assertEquals(inputs.map((input) => input.value), ["0.5", ""]);
  page.restore();
});

Deno.test("scale: there is none for words and for nothing", () => {
  for (const facts of [{ text: true }, { elements: 0 }]) {
    const { page, bar } = scaleBar({}, facts);
    assert(bar.element.hidden);
    page.restore();
  }
});

Deno.test("scale: it says what is a sample, what is an absolute value, and what is still being computed", () => {
  const note = (statistics: object, facts: Partial<Facts> = {}) => {
    const { page, bar } = scaleBar(statistics, facts);
    const words = bar.element.querySelector(".fe-note")!.textContent;
    page.restore();
    return words;
  };
  assertEquals(note({}), "");
  assert(note({ count: undefined, histogram: undefined })!.includes("are being computed"));
  const sample = { counts: [9], edges: [0, 1], of: 65_000, exact: false };
  assert(note({ histogram: sample })!.includes("65,000 elements evenly drawn"));
  assert(note({}, { dtype: "complex64" })!.includes("absolute value"));
});

Deno.test("scale: closing it leaves no listener", () => {
  const { page, controller } = scaleBar();
  assertEquals(page.listeners(), 2);
  controller.abort();
  assertEquals(page.listeners(), 0);
  page.restore();
});
