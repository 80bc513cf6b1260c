import { atPower } from "../../widgets/cost/numbers.ts";
import { Frames } from "../../widgets/recording.ts";
import { assert, assertEquals } from "./assert.ts";

function frames(values: Record<string, number[]>): Frames {
  const made = new Frames();
  const names = Object.keys(values), length = values[names[0]].length;
  const arrays = names.map((name) => ({ name, dtype: "float64", shape: [length] }));
  const header = { kind: "frames" as const, run: 1, start: 0, stop: length, arrays };
  made.append(
    { ...header, settings: { batch_size: 32 } },
    names.map((name) => new DataView(new Float64Array(values[name]).buffer)),
  );
  return made;
}

Deno.test("cost: beside the pointer stand the exact numbers of the nearest n", () => {
  const measured = frames({
    rows: [1000, 30_000],
    seconds: [0.00016, 0.0045],
    fastest: [0.00015, 0.0044],
    slowest: [0.0002, 0.0061],
    repetitions: [51, 50],
    batch_seconds: [0.00007, 0.00007],
    batch_fastest: [0.00006, 0.00006],
    batch_slowest: [0.003, 0.003],
    batch_repetitions: [201, 201],
    ratio: [2.2857, 64.2857],
  });
  const seen = atPower(measured, 4.1)!;
  assertEquals(seen.x, Math.log10(30_000));
  assertEquals(
    seen.lines.join("\n"),
    [
      "30,000 rows: 4.50000 ms",
      "4.40000 to 6.10000 ms in 50 repetitions",
      "batch of 32: 0.0700000 ms",
      "0.0600000 to 3.00000 ms in 201 repetitions",
      "64.286 times as long",
    ].join("\n"),
  );
  assertEquals(atPower(measured, 3)!.x, 3);
  assert(atPower(new Frames(), 3) === null);
});
