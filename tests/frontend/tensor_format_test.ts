import { bytes, exact, short, signed, tuple } from "../../widgets/tensor/format.ts";
import { assert, assertEquals } from "./assert.ts";

/** The numbers nearest to 0.1 and so on in types the browser has no array for. */
const HALF_TENTH = 0.0999755859375, BRAIN_TENTH = 0.10009765625;

Deno.test("a number is written with the digits its type has", () => {
  assertEquals(exact(Math.fround(0.1), "float32"), "0.1");
  assertEquals(exact(Math.fround(0.1), "float64"), "0.10000000149011612");
  assertEquals(exact(0.1, "float64"), "0.1");
  assertEquals(exact(HALF_TENTH, "float16"), "0.1");
  assertEquals(exact(BRAIN_TENTH, "bfloat16"), "0.1");
  assertEquals(exact(65504, "float16"), "65500");
  assertEquals(exact(1 / 3, "float64"), "0.3333333333333333");
  assertEquals(exact(-2.5, "float32"), "−2.5");
  assertEquals(exact(0, "float16"), "0");
});

Deno.test("what is written reads as the same element", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const read = (written: string) => Number(written.replaceAll("−", "-"));
  for (let k = 0; k < 500; k++) {
    const value = (random() - 0.5) * 10 ** Math.floor(random() * 20 - 10);
    assertEquals(read(exact(value, "float64")), value);
    assertEquals(Math.fround(read(exact(Math.fround(value), "float32"))), Math.fround(value));
  }
});

Deno.test("the written half is the shortest that is nearest to the element", () => {
  // Every number with 11 binary digits between 1 and 2, and the least ones.
  for (let k = 0; k < 1024; k++) {
    for (const unit of [2 ** -10, 2 ** -24]) {
      const value = (unit === 2 ** -10 ? 1 : 0) + k * unit;
      const written = Number(exact(value, "float16").replace("−", "-"));
      assert(Math.abs(written - value) <= unit / 2, `${value} is written ${written}`);
    }
  }
});

Deno.test("bools, NaN and infinities are words; whole numbers are grouped", () => {
  assertEquals([exact(1, "bool"), exact(0, "bool")], ["True", "False"]);
  for (const dtype of ["float16", "float32", "float64", "bfloat16"]) {
    assertEquals([NaN, Infinity, -Infinity].map((it) => exact(it, dtype)), ["NaN", "inf", "−inf"]);
  }
  assertEquals(exact(1234567, "int64"), "1,234,567");
  assertEquals(exact(-128, "int8"), "−128");
  assertEquals(exact(255, "uint8"), "255");
});

Deno.test("in a cell there are at most four figures", () => {
  const cases: [number, string, string][] = [
    [0, "float64", "0"],
    [42, "int64", "42"],
    [-7, "float32", "−7"],
    [99999, "int64", "99999"],
    [123456, "int64", "1.2e+5"],
    [0.123456, "float64", "0.123"],
    [12.3456, "float64", "12.3"],
    [1234.5, "float64", "1230"],
    [0.00012, "float64", "1.2e−4"],
    [-0.00012, "float64", "−1.2e−4"],
    [1, "bool", "True"],
    [NaN, "float32", "NaN"],
    [-Infinity, "float32", "−inf"],
  ];
  for (const [value, dtype, written] of cases) {
    assertEquals(short(value, dtype), written);
  }
  assertEquals(signed("-1"), "−1");
});

Deno.test("a shape is written as Python writes it", () => {
  assertEquals([tuple([]), tuple([3]), tuple([2, 3]), tuple([0])], [
    "()",
    "(3,)",
    "(2, 3)",
    "(0,)",
  ]);
});

Deno.test("bytes are told in the unit that fits", () => {
  assertEquals(
    [0, 8, 9999, 10_000, 345_600, 4e8, 8e9, 5e15].map(bytes),
    ["0 bytes", "8 bytes", "9,999 bytes", "10 kB", "346 kB", "400 MB", "8 GB", "5000 TB"],
  );
});
