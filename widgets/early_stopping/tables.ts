/** The story as tables: every epoch, and every range of patiences. They are filled when they are opened. */
import { h } from "../dom.ts";
import { AFTER, type Epoch, STOPPED, type Story, WARM_UP } from "./traits.ts";
import { number, patiences } from "./words.ts";

export interface Tables {
  readonly element: HTMLElement;
  update(story: Story, frame: number): void;
}

export function createTables(signal: AbortSignal): Tables {
  let story: Story | null = null, built: Story | null = null, at = 0;
  let rows: HTMLElement = h("table"), marked: HTMLElement | null = null;
  const scroll = h("div", {
    class: "fe-scroll fe-number",
    tabindex: 0,
    role: "group",
    "aria-label": "Every epoch and every patience",
  });
  const element = h(
    "details",
    { "data-fe-part": "numbers" },
    h("summary", {}, "The numbers"),
    scroll,
  );
  element.addEventListener("toggle", () => fill(), { signal });

  function fill(): void {
    if (!element.open || !story) return;
    if (built !== story) build(story);
    marked?.classList.remove("fe-current");
    marked = rows.querySelectorAll<HTMLElement>("tbody tr")[at] ?? null;
    marked?.classList.add("fe-current");
  }

  function build({ facts, epochs }: Story): void {
    built = story;
    marked = null;
    const write = (value: number) => number(value, 6);
    const twin = (one: Epoch) => facts.twin ? [write(one.twin)] : [];
    const heads = ["epoch", facts.monitor, ...(facts.twin ? [facts.twin] : [])];
    rows = table(
      "Every recorded epoch, counted from 1",
      [...heads, "best so far", "wait", "what it is"],
      epochs.map((one) => [
        String(one.epoch + 1),
        write(one.value),
        ...twin(one),
        one.best_epoch < 0 ? "–" : write(one.best),
        String(one.wait),
        verdict(one),
      ]),
    );
    const ranges = table(
      "What each patience leads to",
      ["patience", "best epoch", facts.monitor, "stops after epoch"],
      facts.plateaus.map((one) => [
        patiences(one),
        String(one.best_epoch + 1),
        write(one.value ?? NaN),
        stops(one.stops),
      ]),
    );
    scroll.replaceChildren(ranges, rows);
  }

  return {
    element,
    update(next, frame) {
      story = next;
      at = frame;
      fill();
    },
  };
}

function table(caption: string, heads: string[], rows: string[][]): HTMLElement {
  return h(
    "table",
    {},
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
    h(
      "tbody",
      {},
      ...rows.map(([name, ...cells]) =>
        h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((cell) => h("td", {}, cell)))
      ),
    ),
  );
}

function verdict({ state, improved }: Epoch): string {
  if (state === WARM_UP) return "warm-up";
  if (state === STOPPED) return "■ stop";
  if (state === AFTER) return "not trained";
  return improved ? "✓ improved" : "–";
}

function stops(ends: (number | null)[]): string {
  const [low, high] = ends.map((end) => end === null ? "the end" : String(end + 1));
  return low === high ? low : `${low} to ${high}`;
}
