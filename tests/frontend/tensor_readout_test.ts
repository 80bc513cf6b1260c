import { readout } from "../../widgets/tensor/readout.ts";
import { tableOf } from "../../widgets/tensor/table.ts";
import { describe } from "../../widgets/tensor/shape_line.ts";
import { flat } from "../../widgets/tensor/drawing.ts";
import { assert, assertEquals } from "./assert.ts";
import { arrange, drawingOf, factsOf, indexes, openTensorPage } from "./tensor_page.ts";

Deno.test("the cell in hand says the code that reads it and its value", () => {
  for (const shape of [[], [3], [2, 3], [2, 2, 3], [2, 2, 2, 2]]) {
    const drawing = drawingOf(shape);
    for (const index of indexes(shape)) {
      const said = readout(factsOf(shape), drawing, index);
      assertEquals(said.code, index.length ? `x[${index.join(", ")}]` : "x");
      assertEquals([said.value, said.words], [String(flat(shape, index)), ""]);
    }
  }
});

Deno.test("in a window the index counts from the beginning of the tensor", () => {
  const drawing = drawingOf([2, 3], { window: [[10, 12], [100, 103]] });
  assertEquals(readout(factsOf([50, 500]), drawing, [1, 2]).code, "x[11, 102]");
});

Deno.test("axes and entries are told by their names", () => {
  const facts = factsOf([32, 2], { axes: ["samples", "features"], dtype: "float32" });
  const drawing = drawingOf([32, 2], { labels: { 1: ["age", "chol"] } });
  assertEquals(readout(facts, drawing, [3, 1]).words, "samples 3, features 1 (chol)");
  const part = drawingOf([2, 1], {
    window: [[4, 6], [1, 2]],
    labels: { 1: ["chol"] },
  });
  assertEquals(readout(facts, part, [1, 0]).words, "samples 5, features 1 (chol)");
});

Deno.test("a block says of what it is the mean, the last one of what is left", () => {
  const drawing = drawingOf([2, 3], {
    window: [[0, 100], [0, 130]],
    block: [64, 64],
    shown: "mean",
  });
  const facts = factsOf([100, 130], { dtype: "int64", axes: ["samples", "axis 1"] });
  assertEquals(readout(facts, drawing, [0, 1]), {
    code: "x[0:64, 64:128].mean()",
    value: "1",
    words: "samples 0 to 63: 4,096 elements",
  });
  const last = readout(facts, drawing, [1, 2]);
  assertEquals(last.code, "x[64:100, 128:130].mean()");
  assertEquals(last.words, "samples 64 to 99: 72 elements");
  const first = readout(facts, { ...drawing, shown: "first" }, [0, 1]);
  assertEquals(first.code, "the first of x[0:64, 64:128]");
});

Deno.test("a mean of whole numbers is no whole number", () => {
  const drawing = drawingOf([1], {
    window: [[0, 2]],
    block: [2],
    shown: "mean",
    cells: Float64Array.of(1.5),
  });
  assertEquals(readout(factsOf([2], { dtype: "int64" }), drawing, [0]).value, "1.5");
});

Deno.test("what is left out of a mean is said", () => {
  const drawing = drawingOf([1], {
    window: [[0, 9]],
    block: [16],
    shown: "mean",
    marks: Uint8Array.of(1 + 4),
  });
  assertEquals(
    readout(factsOf([9]), drawing, [0]).words,
    "9 elements, NaN and −inf among them (left out of the mean)",
  );
});

Deno.test("a pixel says all its channels", () => {
  const shape = [2, 4, 5, 3];
  const drawing = drawingOf(shape, { arrangement: arrange(4, "picture") });
  const facts = factsOf(shape, {
    dtype: "uint8",
    axes: ["samples", "height", "width", "channels"],
  });
  assertEquals(readout(facts, drawing, [1, 2, 3, 2]), {
    code: "x[1, 2, 3]",
    value: "(99, 100, 101)",
    words: "samples 1, height 2, width 3",
  });
});

Deno.test("numbers no browser holds, complex ones and words are shown as Python writes them", () => {
  const drawing = drawingOf([2], { texts: ["9223372036854775807", "(1+2j)"] });
  assertEquals(
    readout(factsOf([2], { dtype: "int64" }), drawing, [0]).value,
    "9223372036854775807",
  );
  assertEquals(readout(factsOf([2], { dtype: "complex64" }), drawing, [1]).value, "(1+2j)");
});

function table(shape: number[], at: number[], more = {}, facts = {}) {
  const page = openTensorPage();
  const made = tableOf(factsOf(shape, facts), drawingOf(shape, more), at);
  const texts = (selector: string) =>
    [...made.querySelectorAll(selector)].map((cell) => cell.textContent);
  const found = {
    caption: texts("caption")[0],
    heads: texts("thead th"),
    rows: [...made.querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent)
    ),
    scopes: [...made.querySelectorAll("th")].map((head) => head.getAttribute("scope")),
  };
  page.restore();
  return found;
}

Deno.test("the table has the numbers of the tile in hand, under the indices that read them", () => {
  const found = table([2, 3, 2], [1, 0, 0], {}, { axes: ["samples", "time", "features"] });
  assertEquals(found.caption, "x[1, :, :]");
  assertEquals(found.heads, ["time \\ features", "0", "1"]);
  assertEquals(found.rows, [["0", "6", "7"], ["1", "8", "9"], ["2", "10", "11"]]);
  assertEquals(new Set(found.scopes), new Set(["col", "row"]));
});

Deno.test("a number and a row have a table too", () => {
  assertEquals(table([], []).rows, [["0"]]);
  assertEquals(table([], []).caption, "x");
  assertEquals(table([3], [0]).rows, [["0", "1", "2"]]);
});

Deno.test("the table names entries, windows and blocks", () => {
  const named = table([2, 2], [0, 0], { labels: { 0: ["p1", "p2"], 1: ["age", "chol"] } });
  assertEquals([named.heads.slice(1), named.rows.map((row) => row[0])], [["age", "chol"], [
    "p1",
    "p2",
  ]]);
  const blocks = table([2, 2], [0, 0], {
    window: [[10, 13], [0, 4]],
    block: [2, 2],
    shown: "mean",
  });
  assertEquals(blocks.caption, "means of blocks, x[:, :]");
  assertEquals([blocks.heads.slice(1), blocks.rows.map((row) => row[0])], [["0:2", "2:4"], [
    "10:12",
    "12",
  ]]);
});

Deno.test("a large table is cut and says so", () => {
  const found = table([200, 50], [0, 0]);
  assertEquals([found.rows.length, found.rows[0].length], [60, 31]);
  assertEquals(found.caption, "x[:, :], the first 60 of 200 rows, the first 30 of 50 columns");
});

Deno.test("the line over the picture says rank, shape in the colours of its axes, type, elements and bytes", () => {
  const page = openTensorPage();
  const line = page.document.createElement("p");
  line.append(
    ...describe(factsOf([32, 1029], { axes: ["samples", "features"], dtype: "float32" })),
  );
  assertEquals(line.textContent, "rank 2 · (32, 1029) · float32 · 32,928 elements · 263 kB");
  const axes = [...line.querySelectorAll("[title]")].map((
    it,
  ) => [it.className, it.getAttribute("title")]);
  assertEquals(axes, [["fe-axis-train", "samples"], ["fe-axis-best", "features"]]);
  line.replaceChildren(...describe(factsOf([])));
  assertEquals(line.textContent, "rank 0 · () · float64 · 1 element · 8 bytes");
  line.replaceChildren(...describe(factsOf([3], { roles: ["unheard of"] })));
  assert(line.textContent!.includes("(3,)") && line.querySelector(".fe-axis-muted"));
  page.restore();
});
