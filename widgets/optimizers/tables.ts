/** The numbers behind the picture, and the code that repeats the race. */
import { h, text } from "../dom.ts";
import type { Race, Runner } from "./race.ts";

export interface Tables {
  readonly elements: HTMLElement[];
  update(race: Race, frame: number, code: string): void;
}

const LOSSES = "loss of all";

export function createTables(signal: AbortSignal, opened: () => void): Tables {
  const caption = h("caption"), head = h("thead"), body = h("tbody");
  const which = h("select", { "aria-label": "numbers of" });
  const numbers = h(
    "details",
    { "data-fe-part": "numbers" },
    h("summary", {}, "The numbers"),
    which,
    h("div", {
      class: "fe-scroll",
      tabindex: 0,
      role: "group",
      "aria-label": "the numbers, scrolls",
    }, h("table", {}, caption, head, body)),
  );
  const program = h("pre", { class: "fe-code", tabindex: 0 });
  const code = h("details", { "data-fe-part": "code" }, h("summary", {}, "The code"), program);
  which.addEventListener("change", opened, { signal });
  for (const fold of [numbers, code]) fold.addEventListener("toggle", opened, { signal });
  let filled: unknown[] = [];

  function fill(race: Race, runner: Runner | undefined): void {
    const exact = (value: number) =>
      Number.isNaN(value) ? "–" : value.toPrecision(7).replaceAll("-", "−");
    const columns: [string, (frame: number) => string][] = runner
      ? columnsOf(race, runner, exact)
      : (
        race.runners.map((one) => [
          one.label,
          (frame) => frame < one.frames ? exact(race.value(one, "value", frame)) : "–",
        ])
      );
    head.replaceChildren(
      h(
        "tr",
        {},
        ...["step", ...columns.map(([name]) => name)].map((name) =>
          h("th", { scope: "col" }, name)
        ),
      ),
    );
    const rows = runner ? runner.frames : race.length;
    body.replaceChildren(...Array.from({ length: rows }, (_, frame) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, String(frame)),
        ...columns.map(([, cell]) => h("td", {}, cell(frame))),
      )));
    text(
      caption,
      runner
        ? `${runner.label} after each step; the learning rate is that of the step that follows, states have Keras’s names.`
        : "Loss after each step.",
    );
  }

  return {
    elements: [numbers, code],
    update(race, frame, source) {
      if (code.open) text(program, source);
      if (!numbers.open) return;
      const names = [LOSSES, ...race.runners.map(({ label }) => label)];
      if ([...which.children].map((it) => it.textContent).join() !== names.join()) {
        const before = which.value;
        which.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
        which.value = names.includes(before) ? before : LOSSES;
      }
      const runner = race.runners.find(({ label }) => label === which.value);
      const key = [race, which.value];
      if (key.some((part, at) => part !== filled[at])) {
        filled = key;
        fill(race, runner);
      }
      for (const [at, row] of [...body.children].entries()) {
        row.classList.toggle("fe-current", at === frame);
        if (at === frame) row.setAttribute("aria-current", "true");
        else row.removeAttribute("aria-current");
      }
    },
  };
}

function columnsOf(
  race: Race,
  runner: Runner,
  exact: (value: number) => string,
): [string, (frame: number) => string][] {
  const pair = (name: string, label: string): [string, (frame: number) => string][] =>
    [0, 1].map((axis) => [
      `${label}${"₁₂"[axis]}`,
      (frame: number) => exact(race.row(runner, name, frame)[axis]),
    ]);
  return [
    ...pair("w", "w"),
    ["loss", (frame) => exact(race.value(runner, "value", frame))],
    ...pair("gradient", "g"),
    ["learning rate", (frame) => exact(race.value(runner, "learning_rate", frame))],
    ...runner.states.flatMap((name) => pair(name, `${name} `)),
    ...(runner.drawn.includes("effective_rate") ? pair("effective_rate", "effective rate ") : []),
  ];
}
