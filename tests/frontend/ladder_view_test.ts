import view from "../../widgets/ladder/view.ts";
import type { LadderTraits, Rung } from "../../widgets/ladder/traits.ts";
import { assert, assertEquals } from "./assert.ts";
import { arrange, fakeModel, openTensorPage, product } from "./tensor_page.ts";

function rung(name: string, axes: string[], shape: number[], more: Partial<Rung> = {}): Rung {
  const channels = axes[axes.length - 1] === "channels";
  const roles: Record<string, string> = { features: "channels", units: "width" };
  const cells = channels
    ? Uint8Array.from({ length: product(shape) }, (_, k) => k % 256)
    : Float32Array.from({ length: product(shape) }, (_, k) => k / 2);
  return {
    name,
    shape,
    axes,
    dtype: channels ? "uint8" : "float32",
    bytes: cells.byteLength,
    roles: axes.map((axis) => roles[axis] ?? axis),
    grown: null,
    words: `This is ${name}.`,
    code: "x = it",
    labels: [],
    unit: "",
    question: false,
    arrangement: arrange(shape.length, channels ? (shape.length === 3 ? "layers" : "picture") : ""),
    cells_dtype: channels ? "uint8" : "float32",
    cells: new DataView(cells.buffer),
    ...more,
  };
}

const PICTURE = ["height", "width", "channels"];
const STORY = [
  rung("one blood pressure", [], [], { unit: "mmHg" }),
  rung("one patient", ["features"], [3], { grown: 0, labels: ["age", "trestbps", "chol"] }),
  rung("a minibatch", ["samples", "features"], [2, 3], { grown: 0 }),
  rung("the training table", ["samples", "features"], [4, 3]),
  rung("one colour picture", PICTURE, [4, 4, 3], { grown: 2 }),
  rung("a batch of pictures", ["samples", ...PICTURE], [2, 4, 4, 3], { grown: 0, question: true }),
  rung("one film", ["time", ...PICTURE], [5, 4, 4, 3]),
  rung("a batch of films", ["samples", "time", ...PICTURE], [2, 5, 4, 4, 3], { grown: 0 }),
];
const BEFORE = 4;

function open(more: Partial<LadderTraits> = {}) {
  const page = openTensorPage();
  const controller = new AbortController();
  const python = fakeModel<LadderTraits>({
    title: "From a number to a batch of films",
    rung: 0,
    reached: 0,
    asking: false,
    told: {},
    story: STORY,
    choices: ["one film", "one colour picture"],
    ...more,
  });
  const el = page.document.createElement("div");
  page.document.body.append(el);
  // deno-lint-ignore no-explicit-any
  view.render({ model: python.model, el, signal: controller.signal, experimental: {} } as any);
  page.frames();
  const find = <E extends HTMLElement = HTMLElement>(selector: string) => {
    const found = el.querySelector<E>(selector);
    assert(found, `no ${selector}`);
    return found;
  };
  const [down, up] = [...find(".fe-ladder-bar").querySelectorAll<HTMLButtonElement>("button")];
  const go = (rung: number, reached = rung) =>
    python.change({ rung, reached: Math.max(python.traits.reached, reached), asking: false });
  const close = () => {
    controller.abort();
    page.restore();
  };
  return {
    page,
    controller,
    python,
    el,
    find,
    down,
    up,
    go,
    close,
    text: (selector: string) => find(selector).textContent!.trim(),
    spoken: () => find(".fe-ladder > [role=status]").textContent!,
    press: (key: string, init = {}) => page.press(find(".fe-tensor-stage"), key, init),
  };
}

Deno.test("ladder: it begins with one number, and says so in figures, words and code", () => {
  const { text, find, spoken, down, up, close } = open();
  assertEquals(text("h2"), "From a number to a batch of films");
  assertEquals(text(".fe-state"), "rank 0 · () · float32 · 1 element · 4 bytes");
  assertEquals([text("h3"), text(".fe-words")], [
    "Rank 0: one blood pressure",
    "This is one blood pressure.",
  ]);
  assertEquals(text(".fe-hand"), "x = 0 mmHg");
  assertEquals(text(".fe-legend"), "there is none yet.");
  assertEquals(spoken(), "Rank 0: one blood pressure, shape (). This is one blood pressure.");
  assertEquals([down.disabled, up.disabled, up.textContent], [true, false, "+ axis"]);
  assert(
    find(".fe-tensor-stage").getAttribute("aria-label")!.startsWith(
      "one blood pressure: a tensor of rank 0",
    ),
  );
  close();
});

Deno.test("ladder: the buttons ask Python to climb and to descend, and change nothing themselves", () => {
  const { up, down, python, text, go, close } = open();
  up.click();
  assertEquals([python.sent, text("h3")], [[{ kind: "climb" }], "Rank 0: one blood pressure"]);
  go(1);
  assertEquals(text("h3"), "Rank 1: one patient");
  down.click();
  assertEquals(python.sent[1], { kind: "descend" });
  close();
});

Deno.test("ladder: the buttons say whether an axis comes, goes, or it is another example", () => {
  const { up, down, go, close } = open();
  const said = STORY.map((_, number) => {
    go(number);
    return [down.textContent, up.textContent, up.disabled];
  });
  assertEquals(said, [
    ["− axis", "+ axis", false],
    ["− axis", "+ axis", false],
    ["− axis", "another: the training table", false],
    ["back: a minibatch", "+ axis", false],
    ["− axis", "+ axis", false],
    ["− axis", "another: one film", false],
    ["back: a batch of pictures", "+ axis", false],
    ["− axis", "the end", true],
  ]);
  close();
});

Deno.test("ladder: each rung is spoken, and its axes are named in their colours", () => {
  const { go, spoken, text, find, close } = open();
  for (const [number, it] of STORY.entries()) {
    if (!number) continue;
    go(number);
    const shape = it.shape.length === 1 ? `(${it.shape},)` : `(${it.shape.join(", ")})`;
    assertEquals(spoken(), `Rank ${it.shape.length}: ${it.name}, shape ${shape}. ${it.words}`);
    assertEquals(text(".fe-legend"), `${it.axes.join(", ")}.`);
    assert(text(".fe-state").startsWith(`rank ${it.shape.length} · ${shape}`));
  }
  const chips = [...find(".fe-legend").querySelectorAll("b")].map((chip) => chip.className);
  assertEquals(chips.length, new Set(chips).size);
  close();
});

Deno.test("ladder: only rungs that were reached can be gone to, and the one in hand is marked", () => {
  const { find, go, python, close } = open();
  const buttons = () => [...find(".fe-rungs").querySelectorAll<HTMLButtonElement>("button")];
  const names = () => buttons().map((button) => button.firstChild!.textContent);
  assertEquals(names(), ["one blood pressure"]);
  go(3);
  assertEquals(names(), STORY.slice(0, 4).map((it) => it.name));
  const current = () =>
    buttons().filter((button) => button.getAttribute("aria-current") === "step").map((button) =>
      button.firstChild!.textContent
    );
  assertEquals(current(), ["the training table"]);
  buttons()[1].click();
  assertEquals([python.traits.rung, python.saves(), python.sent], [1, 1, []]);
  go(1);
  assertEquals([current(), names().length], [["one patient"], 4]);
  assertEquals(
    [...find(".fe-rungs").querySelectorAll("li b")].map((it) => it.textContent),
    [0, 1, 2, 3, 4, 5].map((rank) => `rank ${rank}`),
  );
  close();
});

Deno.test("ladder: at rank 4 the question stands in place of the picture", () => {
  const { find, go, python, up, down, text, close } = open();
  go(BEFORE);
  assert(find(".fe-question").hidden && !find(".fe-tensor-stage").hidden);
  python.change({ asking: true });
  assert(!find(".fe-question").hidden && find(".fe-tensor-stage").hidden);
  assertEquals(text(".fe-asked"), "Can you give an example of a rank-4 tensor?");
  assertEquals([up.disabled, down.textContent], [true, "back"]);
  assert(!find(".fe-rungs").textContent!.includes("a batch of pictures"));
  down.click();
  assertEquals(python.sent, [{ kind: "descend" }]);
  python.change({ asking: false });
  assert(find(".fe-question").hidden && !find(".fe-tensor-stage").hidden && !up.disabled);
  close();
});

Deno.test("ladder: an answer is chosen or typed, and Python judges it", () => {
  const { page, find, go, python, close } = open();
  go(BEFORE);
  python.change({ asking: true });
  const choices = [...find(".fe-choices").querySelectorAll<HTMLButtonElement>("button")];
  assertEquals(choices.map((choice) => choice.textContent), ["one film", "one colour picture"]);
  choices[1].click();
  const own = find<HTMLInputElement>(".fe-own input");
  assertEquals(find(".fe-own label").getAttribute("for"), own.id);
  own.value = "a photo album";
  assert(page.fire(find(".fe-own"), "submit").defaultPrevented);
  assertEquals(python.sent, [
    { kind: "answer", text: "one colour picture" },
    { kind: "answer", text: "a photo album" },
  ]);
  close();
});

Deno.test("ladder: the answer to the answer is told with a mark, as a status, and opens the next rung", () => {
  const { find, go, python, text, close } = open();
  go(BEFORE);
  python.change({ asking: true });
  const on = () => [...find(".fe-question").children].pop() as HTMLButtonElement;
  const pressed = () =>
    [...find(".fe-choices").children].map((choice) => choice.getAttribute("aria-pressed"));
  const verdict = () => [text(".fe-verdict[role=status]"), find(".fe-verdict").className.trim()];
  assertEquals([verdict(), on().textContent, pressed()], [["", "fe-verdict"], "Show me", [
    "false",
    "false",
  ]]);
  python.change({ told: { answer: "one colour picture", right: false, words: "Not quite." } });
  assertEquals(verdict(), ["✗ Not quite.", "fe-verdict fe-wrong"]);
  assertEquals([on().textContent, pressed()], ["Show me", ["false", "true"]]);
  python.change({ told: { answer: "my dog", right: null, words: "Check it yourself." } });
  assertEquals([verdict(), pressed()], [["Check it yourself.", "fe-verdict"], ["false", "false"]]);
  python.change({ told: { answer: "one film", right: true, words: "Yes." } });
  assertEquals([verdict(), on().textContent], [["✓ Yes.", "fe-verdict fe-right"], "Go on"]);
  on().click();
  assertEquals(python.sent, [{ kind: "skip" }]);
  go(BEFORE + 1);
  assert(find(".fe-question").hidden);
  assertEquals(text("h3"), "Rank 4: a batch of pictures");
  close();
});

Deno.test("ladder: what a learner typed is never markup", () => {
  const { el, go, python, close } = open();
  go(BEFORE);
  python.change({
    asking: true,
    told: { answer: "<img>", right: null, words: "<img src=x> & <b>" },
  });
  assertEquals([el.querySelectorAll("img").length, el.querySelectorAll(".fe-verdict b").length], [
    0,
    0,
  ]);
  close();
});

Deno.test("ladder: arrows go from cell to cell, with names, values and units", () => {
  const { press, go, text, spoken, close } = open();
  go(1);
  press("ArrowRight");
  assertEquals(text(".fe-hand"), "x[1] = 0.5 features 1 (trestbps)");
  assertEquals(spoken(), "x[1] = 0.5. features 1 (trestbps)");
  press("End");
  press("ArrowRight");
  assertEquals(text(".fe-hand"), "x[2] = 1 features 2 (chol)");
  go(5);
  assertEquals(text(".fe-hand"), "x[0, 0, 0] = (0, 1, 2) samples 0, height 0, width 0");
  press("PageDown");
  press("ArrowDown");
  assertEquals(text(".fe-hand"), "x[1, 1, 0] = (60, 61, 62) samples 1, height 1, width 0");
  close();
});

Deno.test("ladder: a film can be played along time, a batch of pictures cannot", () => {
  const { page, find, go, press, text, close } = open();
  const bar = find(".fe-ladder-words input[type=checkbox]").parentElement!;
  go(5);
  assert(bar.hidden && find(".fe-player").hidden);
  go(6);
  assert(!bar.hidden && find(".fe-player").hidden);
  const box = bar.querySelector<HTMLInputElement>("input")!;
  box.checked = true;
  page.fire(box, "change");
  assert(!find(".fe-player").hidden);
  find(".fe-play").click();
  press("PageDown");
  assertEquals([text(".fe-position"), text(".fe-hand").split(" = ")[0]], ["time 1", "x[1, 0, 0]"]);
  find("[aria-label='last frame']").click();
  assertEquals(text(".fe-position"), "time 4");
  go(2);
  assert(find(".fe-player").hidden && bar.hidden);
  close();
});

Deno.test("ladder: every rung is drawn, and a new axis grows to its place", () => {
  const { page, find, go, close } = open();
  const canvas = find(".fe-tensor-picture canvas");
  const images = () => page.painted(canvas).filter(({ call }) => call === "drawImage").length;
  images();
  for (const [number, panels] of [1, 1, 1, 3, 2, 5, 10].entries()) {
    go(number + 1);
    page.frames();
    assertEquals(images(), panels);
    let frames = 0;
    while (page.frames(100) && frames < 50) frames++;
    assert(frames > 3 && frames < 20, `${frames} frames`);
    images();
  }
  close();
});

Deno.test("ladder: going back and forth sends nothing and keeps what was reached", () => {
  const { go, python, find, close } = open();
  go(7);
  for (const number of [3, 5, 0, 7]) go(number, 7);
  assertEquals([python.sent.length, python.saves()], [0, 0]);
  assertEquals(find(".fe-rungs").querySelectorAll("button").length, 8);
  close();
});

Deno.test("ladder: before the story has come the card is empty, and not broken", () => {
  const { python, text, close } = open({ story: [] });
  assertEquals(text("h3"), "");
  python.change({ story: STORY });
  assertEquals(text("h3"), "Rank 0: one blood pressure");
  close();
});

Deno.test("ladder: closing the view leaves no listener on the page or on the model, and asks for no frame", () => {
  const { page, controller, python, go } = open();
  go(6);
  python.change({ told: { answer: "one film", right: true, words: "Yes." } });
  assert(page.listeners() > 20 && python.heard() > 5 && page.observers() > 1);
  controller.abort();
  assertEquals([page.listeners(), python.heard(), page.observers()], [0, 0, 0]);
  page.frames(1000);
  assertEquals(page.frames(1000), 0);
  page.restore();
});
