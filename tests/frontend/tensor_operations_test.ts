import { createOperations } from "../../widgets/tensor/operations.ts";
import { createStage, type OperationScene, type Side } from "../../widgets/tensor/stage.ts";
import { short, tuple } from "../../widgets/tensor/format.ts";
import type { TensorTraits } from "../../widgets/tensor/traits.ts";
import { assert, assertEquals } from "./assert.ts";
import { arrange, fakeModel, openTensorPage } from "./tensor_page.ts";

const bytesOf = (values: Float64Array | Int32Array | Uint8Array) =>
  new DataView(values.slice().buffer as ArrayBuffer);

function side(name: string, shape: number[], values: number[]): Side {
  return {
    name,
    shape,
    roles: shape.map(() => "new"),
    dtype: "float64",
    arrangement: arrange(shape.length),
    values: bytesOf(Float64Array.from(values)),
  };
}

interface Played {
  scene: OperationScene;
  /** What each result cell shows in each frame; null while it is empty. */
  frames: (number | null)[][];
}

/** An operation whose result is made of `moves`: [step, operand, source, target]. */
function played(
  name: string,
  operands: [number[], number[]][],
  shape: number[],
  frames: (number | null)[][],
  moves: number[][],
  number = 1,
): Played {
  const names = ["x", "y", "z"];
  return {
    frames,
    scene: {
      number,
      name,
      arguments: "axis=5",
      other: "",
      code: `tf.${name}(x)`,
      numpy_code: `np.${name}(x)`,
      rule: "as it is",
      note: "",
      result_shape: tuple(shape),
      operands: operands.map(([shape, values], k) => side(names[k], shape, values)),
      result: side("result", shape, frames[frames.length - 1].map((value) => value ?? 0)),
      sentences: frames.map((_, k) => `Step ${k} of ${name}.`),
      moves: bytesOf(Int32Array.from(moves.flat())),
      shown: bytesOf(Float64Array.from(frames.flat().map((value) => value ?? NaN))),
      filled: bytesOf(Uint8Array.from(frames.flat().map((value) => value === null ? 0 : 1))),
    },
  };
}

const X = [3, 1, 2, 10, 5, 4];
const range = (count: number) => Array.from({ length: count }, (_, k) => k);

const RESHAPE = played(
  "reshape",
  [[[2, 3], X]],
  [3, 2],
  range(7).map((step) => X.map((value, k) => k < step ? value : null)),
  range(6).map((k) => [k + 1, 0, k, k]),
);
const SUM = played(
  "reduce_sum",
  [[[2, 3], X]],
  [2],
  [[null, null], [3, 10], [4, 15], [6, 19]],
  [[1, 0, 0, 0], [1, 0, 3, 1], [2, 0, 1, 0], [2, 0, 4, 1], [3, 0, 2, 0], [3, 0, 5, 1]],
);
const STACK = played(
  "stack",
  [[[2], [1, 2]], [[2], [-3, 4]]],
  [2, 2],
  [[null, null, null, null], [1, 2, null, null], [1, 2, -3, 4]],
  [[1, 0, 0, 0], [1, 0, 1, 1], [2, 1, 0, 2], [2, 1, 1, 3]],
);
const SCALAR = played("reduce_sum", [[[2], [1, 2]]], [], [[null], [1], [3]], [[1, 0, 0, 0], [
  2,
  0,
  1,
  0,
]]);
const CUBE = played(
  "expand_dims",
  [[[2, 2], [1, 2, 3, 4]]],
  [1, 2, 2],
  [[null, null, null, null], [1, 2, 3, 4]],
  range(4).map((k) => [1, 0, k, k]),
);

function openStage({ scene }: Played, width = 900) {
  const page = openTensorPage(width);
  const controller = new AbortController();
  const stage = createStage(controller.signal, () => page.document.body as HTMLElement);
  page.document.body.append(stage.element);
  const canvas = stage.element.querySelector("canvas")!;
  stage.set(scene);
  /** The last picture: for every tensor its name and, cell by cell, what is written, after `milliseconds`. */
  const picture = (milliseconds = 0) => {
    page.frames(milliseconds);
    const all = page.painted(canvas);
    const last = all.slice(all.map((one) => one.call).lastIndexOf("clearRect"));
    const tensors: { name: string; texts: string[]; dashed: number }[] = [];
    for (const { call, with: values } of last) {
      if (call === "fillText" && values.length === 3) {
        tensors.push({ name: String(values[0]), texts: [], dashed: 0 });
      } else if (call === "fillText") tensors[tensors.length - 1].texts.push(String(values[0]));
      else if (call === "setLineDash" && (values[0] as number[]).length) {
        tensors[tensors.length - 1].dashed++;
      }
    }
    return tensors;
  };
  return { page, controller, stage, canvas, picture };
}

const write = (values: (number | null)[]) =>
  values.filter((value) => value !== null).map((value) => short(value!, "float64"));

Deno.test("stage: every frame shows the operands and of the result what is there by then", () => {
  for (const one of [RESHAPE, SUM, STACK, SCALAR, CUBE]) {
    const { page, controller, stage, picture } = openStage(one);
    const { operands, result } = one.scene;
    const order = [...range(one.frames.length), ...range(one.frames.length).reverse()];
    for (const frame of order) {
      stage.show(frame, false);
      const tensors = picture();
      assertEquals(
        tensors.map(({ name }) => name),
        [...operands, result].map(({ name, shape }) => `${name} ${tuple(shape)}`),
      );
      operands.forEach(({ values }, k) => {
        const cells = new Float64Array(values.buffer as ArrayBuffer);
        assertEquals(tensors[k].texts, write([...cells]));
      });
      const shown = tensors[operands.length];
      assertEquals(shown.texts, write(one.frames[frame]));
      assertEquals(shown.dashed, one.frames[frame].filter((value) => value === null).length);
    }
    controller.abort();
    page.restore();
  }
});

Deno.test("stage: while cells fly their places are empty, then they are there", () => {
  const { page, controller, stage, picture } = openStage(STACK);
  stage.show(0, false);
  picture();
  stage.show(1, true);
  const flying = picture()[2];
  // The result is empty, and the two numbers on their way are painted over it.
  assertEquals([flying.texts, flying.dashed], [["1", "2"], 4]);
  const arrived = picture(1000)[2];
  assertEquals([arrived.texts, arrived.dashed], [["1", "2"], 2]);
  assertEquals(page.frames(1000), 0);
  controller.abort();
  page.restore();
});

Deno.test("stage: while a number is added the sum before it is shown", () => {
  const { page, controller, stage, picture } = openStage(SUM);
  stage.show(1, false);
  picture();
  stage.show(2, true);
  assertEquals(picture()[1].texts, ["3", "10", "1", "5"]);
  assertEquals(picture(1000)[1].texts, ["4", "15"]);
  controller.abort();
  page.restore();
});

Deno.test("stage: a jump is not animated, nor is a step back", () => {
  const { page, controller, stage, picture } = openStage(RESHAPE);
  for (const [from, to] of [[0, 3], [3, 2], [2, 6], [6, 0]]) {
    stage.show(from, false);
    picture();
    stage.show(to, true);
    assertEquals(picture()[1].texts, write(RESHAPE.frames[to]));
    assertEquals(page.frames(), 0);
  }
  controller.abort();
  page.restore();
});

Deno.test("stage: NaN and infinities are written, and colours come from the finite ones", () => {
  const values = [NaN, Infinity, -Infinity, 0];
  const one = played("reshape", [[[4], values]], [4], [[null, null, null, null], values], []);
  const { page, controller, stage, picture, canvas } = openStage(one);
  stage.show(1, false);
  page.frames();
  const fills = page.painted(canvas).filter(({ call }) => call === "fill").map(({ fill }) => fill);
  assert(fills.length >= 8 && fills.every((fill) => !fill.includes("NaN")), fills.join());
  stage.repaint();
  assertEquals(picture()[1].texts, ["NaN", "inf", "−inf", "0"]);
  controller.abort();
  page.restore();
});

Deno.test("stage: on a narrow page the tensors stand one above the other, inside the page", () => {
  for (const width of [200, 1200]) {
    const { page, controller, stage, canvas } = openStage(STACK, width);
    stage.show(2, false);
    page.frames();
    const names = page.painted(canvas).filter(({ call, with: values }) =>
      call === "fillText" && values.length === 3
    );
    const [xs, ys] = [1, 2].map((k) => names.map((one) => one.with[k] as number));
    assertEquals(new Set(width < 500 ? xs : [1]).size, 1);
    if (width < 500) assert(ys[0] < ys[1] && ys[1] < ys[2]);
    else assert(xs[0] < xs[1] && xs[1] < xs[2]);
    assert(xs.every((x) => x >= 0 && x < width));
    controller.abort();
    page.restore();
  }
});

// The form and the player around the stage.

const OFFERED = [
  { name: "reshape", arguments: "shape=[3, 2]", other: "", says: "Same elements.", takes: true },
  { name: "stack", arguments: "axis=0", other: "x", says: "Side by side.", takes: true },
  { name: "add", arguments: "", other: "2", says: "Element by element.", takes: false },
];

function openForm() {
  const page = openTensorPage();
  const controller = new AbortController();
  const python = fakeModel<Partial<TensorTraits>>({ operation: { number: 0, offered: OFFERED } });
  const root = page.document.createElement("div");
  page.document.body.append(root);
  const operations = createOperations(
    // deno-lint-ignore no-explicit-any
    python.model as any,
    controller.signal,
    () => root as HTMLElement,
  );
  root.append(operations.element);
  const find = <E extends HTMLElement = HTMLElement>(selector: string) =>
    root.querySelector<E>(selector)!;
  const tell = ({ scene }: Played, number: number) =>
    python.change({ operation: { ...scene, number, error: "", offered: OFFERED } });
  return { page, controller, python, find, tell, operations };
}

Deno.test("operations: what is offered is filled in and sent as it is written", () => {
  const { page, controller, python, find } = openForm();
  const select = find<HTMLSelectElement>("select");
  assertEquals([...select.querySelectorAll("option")].map((it) => it.textContent), [
    "reshape",
    "stack",
    "add",
  ]);
  const written = find<HTMLInputElement>("[aria-label=arguments]");
  const other = find<HTMLInputElement>("[aria-label=y]");
  assertEquals([written.value, find(".fe-note").textContent], ["shape=[3, 2]", "Same elements."]);
  assert(find(".fe-operation-other").hidden && find(".fe-operation").hidden);
  written.value = "shape=[6]";
  page.fire(find("form"), "submit");
  select.value = "stack";
  page.fire(select, "change");
  assertEquals([written.value, other.value], ["axis=0", "x"]);
  assert(!find(".fe-operation-other").hidden);
  select.value = "add";
  page.fire(select, "change");
  assert(written.hidden && other.value === "2");
  select.value = "stack";
  page.fire(select, "change");
  assert(!written.hidden);
  other.value = "[1, 2]";
  assert(page.fire(find("form"), "submit").defaultPrevented);
  assertEquals(python.sent, [
    { kind: "apply", name: "reshape", arguments: "shape=[6]", others: "" },
    { kind: "apply", name: "stack", arguments: "axis=0", others: "[1, 2]" },
  ]);
  controller.abort();
  page.restore();
});

Deno.test("operations: an answer is told with its code, its rule and the same in numpy", () => {
  const { page, controller, find, tell } = openForm();
  tell(STACK, 1);
  assert(!find(".fe-operation").hidden);
  assertEquals(find(".fe-operation-code").textContent, "tf.stack(x)  →  (2, 2)");
  assertEquals(find(".fe-operation-rule").textContent, "as it is");
  assert(find(".fe-operation").textContent!.includes("The same in numpy: np.stack(x)"));
  assertEquals(find<HTMLSelectElement>("select").value, "stack");
  assertEquals(find<HTMLInputElement>("[aria-label=arguments]").value, "axis=5");
  controller.abort();
  page.restore();
});

Deno.test("operations: every step has its sentence, reached by keys, spoken as a status", () => {
  const { page, controller, python, find, tell } = openForm();
  tell(SUM, 1);
  const sentence = () => find(".fe-operation > [role=status]").textContent;
  const press = (key: string) => page.press(find(".fe-operation"), key);
  assertEquals(find(".fe-operation").getAttribute("tabindex"), "0");
  press("Home");
  assertEquals(sentence(), "Step 0 of reduce_sum.");
  press("ArrowRight");
  press("ArrowRight");
  assertEquals(sentence(), "Step 2 of reduce_sum.");
  press("End");
  assertEquals(sentence(), "Step 3 of reduce_sum.");
  press("ArrowLeft");
  assertEquals(sentence(), "Step 2 of reduce_sum.");
  assertEquals(python.sent, []);
  controller.abort();
  page.restore();
});

Deno.test("operations: an error is an alert, what was played stays and the next answer takes the error away", () => {
  const { page, controller, python, find, tell } = openForm();
  tell(SUM, 1);
  python.change({ operation: { ...python.traits.operation, error: "These shapes do not fit." } });
  const alert = find("[role=alert]");
  assertEquals([alert.hidden, alert.textContent], [false, "These shapes do not fit."]);
  assertEquals(find(".fe-operation-code").textContent, "tf.reduce_sum(x)  →  (2,)");
  tell(RESHAPE, 2);
  assert(alert.hidden);
  assertEquals(find(".fe-operation-sentence").textContent, "Step 0 of reshape.");
  controller.abort();
  page.restore();
});

Deno.test("operations: what is too large to follow has its result, its rule and the reason, and no player", () => {
  const { page, controller, python, find, tell } = openForm();
  tell(SUM, 1);
  const {
    number: _,
    operands: __,
    moves: ___,
    shown: ____,
    filled: _____,
    result: ______,
    ...rest
  } = RESHAPE.scene;
  python.change({
    operation: {
      ...rest,
      number: 2,
      note: "Too many to follow.",
      operands: [],
      sentences: [],
      offered: OFFERED,
    },
  });
  assert(!find(".fe-operation").hidden && find(".fe-player").hidden && find(".fe-stage").hidden);
  assertEquals(
    find(".fe-operation-code").textContent,
    `tf.reshape(x)  →  ${RESHAPE.scene.result_shape}`,
  );
  assert(find(".fe-operation").textContent!.includes("Too many to follow."));
  assert(find("[role=alert]").hidden);
  page.frames();
  tell(SUM, 3);
  assert(!find(".fe-player").hidden && !find(".fe-stage").hidden);
  assert(!find(".fe-operation").textContent!.includes("Too many to follow."));
  controller.abort();
  page.restore();
});

Deno.test("operations: for another tensor the stage is cleared", () => {
  const { page, controller, python, find, tell } = openForm();
  tell(SUM, 1);
  python.change({ operation: { number: 0, offered: OFFERED.slice(0, 1) } });
  assert(find(".fe-operation").hidden);
  assertEquals(find("select").children.length, 1);
  controller.abort();
  page.restore();
});

Deno.test("operations: closing leaves no listener, no frame and no observer", () => {
  const { page, controller, python, tell } = openForm();
  tell(SUM, 1);
  assert(page.listeners() > 10 && python.heard() === 1);
  controller.abort();
  assertEquals([page.listeners(), python.heard(), page.observers()], [0, 0, 0]);
  page.frames(1000);
  assertEquals(page.frames(1000), 0);
  page.restore();
});
