/** The measured numbers in words: beside the pointer, and in the table. */
import { h, number } from "../dom.ts";
import type { Frames } from "../recording.ts";

/** A whole number with its thousands apart. */
export const whole = (value: number) => value.toLocaleString("en-US");

const FULL = ["seconds", "fastest", "slowest"];
const BATCH = FULL.map((name) => `batch_${name}`);

const milliseconds = (frames: Frames, name: string, frame: number) =>
  number(1000 * frames.value(name, frame), 6);

/** What was measured at the number of rows nearest to 10 ** power. */
export function atPower(frames: Frames, power: number): { x: number; lines: string[] } | null {
  let best = -1, distance = Infinity;
  for (let frame = 0; frame < frames.length; frame++) {
    const away = Math.abs(Math.log10(frames.value("rows", frame)) - power);
    if (away < distance) [best, distance] = [frame, away];
  }
  if (best < 0) return null;
  const told = (names: string[], repetitions: string) => {
    const [median, fastest, slowest] = names.map((name) => milliseconds(frames, name, best));
    return [
      `${median} ms`,
      `${fastest} to ${slowest} ms in ${frames.value(repetitions, best)} repetitions`,
    ];
  };
  const rows = frames.value("rows", best);
  const [full, fullRange] = told(FULL, "repetitions");
  const [batch, batchRange] = told(BATCH, "batch_repetitions");
  return {
    x: Math.log10(rows),
    lines: [
      `${whole(rows)} rows: ${full}`,
      fullRange,
      `batch of ${whole(Number(frames.settings.batch_size))}: ${batch}`,
      batchRange,
      `${number(frames.value("ratio", best), 5)} times as long`,
    ],
  };
}

export function createTable(): { element: HTMLElement; fill(frames: Frames): void } {
  const caption = h("caption");
  const body = h("tbody");
  const group = h("th", { scope: "colgroup", colspan: 4 });
  const heads = ["median", "fastest", "slowest", "repetitions"];
  const table = h(
    "table",
    {},
    caption,
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("td", {}),
        h("th", { scope: "colgroup", colspan: 4 }, "all n rows"),
        group,
        h("td", {}),
      ),
      h(
        "tr",
        {},
        ...["n", ...heads, ...heads, "times as long"].map((name) =>
          h("th", { scope: "col" }, name)
        ),
      ),
    ),
    body,
  );
  const region = { class: "fe-scroll", tabindex: 0, role: "group" };
  return {
    element: h("div", { ...region, "aria-label": "Times by number of rows" }, table),
    fill(frames) {
      const batch = frames.length ? `a batch of ${whole(Number(frames.settings.batch_size))}` : "";
      group.textContent = batch;
      caption.textContent = frames.length
        ? "Milliseconds of one gradient, measured by the kernel's machine."
        : "Nothing is measured yet.";
      body.replaceChildren(...Array.from({ length: frames.length }, (_, frame) => {
        const cells = [
          ...FULL.map((name) => milliseconds(frames, name, frame)),
          whole(frames.value("repetitions", frame)),
          ...BATCH.map((name) => milliseconds(frames, name, frame)),
          whole(frames.value("batch_repetitions", frame)),
          number(frames.value("ratio", frame), 6),
        ];
        return h(
          "tr",
          {},
          h("th", { scope: "row", class: "fe-number" }, whole(frames.value("rows", frame))),
          ...cells.map((cell) => h("td", { class: "fe-number" }, cell)),
        );
      }));
    },
  };
}
