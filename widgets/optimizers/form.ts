/** The settings of the whole race: function, start, steps, schedule, and who joins. */
import type { AnyModel } from "@anywidget/types";
import { fill, h, part } from "../dom.ts";
import type { OptimizerTraits, Schedule } from "./traits.ts";

export interface Form {
  readonly element: HTMLElement;
  update(): void;
}

type Send = <K extends keyof OptimizerTraits & string>(
  name: K,
  value: OptimizerTraits[K],
  more?: Partial<OptimizerTraits>,
) => void;

const WORDS: Record<string, string> = {
  decay_steps: "decay steps",
  decay_rate: "decay rate",
  alpha: "alpha, lowest share",
  warmup_steps: "warm-up steps",
  boundaries: "new rate after steps",
  factors: "factors of the rate",
  end: "end, last share",
};

export function createForm(
  model: AnyModel<OptimizerTraits>,
  signal: AbortSignal,
  send: Send,
): Form {
  const field = (name: string, ...controls: Node[]) =>
    h(
      "div",
      { class: "fe-field" },
      h("span", { class: "fe-field-name", "aria-hidden": "true" }, name),
      ...controls,
    );
  const numeric = (name: string, step: string, take: (value: number) => void) => {
    const input = h("input", { type: "number", "aria-label": name, step, class: "fe-number" });
    input.addEventListener("change", () => {
      // An empty field is no number: Python would have no sentence for it.
      if (input.value !== "" && Number.isFinite(input.valueAsNumber)) take(input.valueAsNumber);
      else update();
    }, { signal });
    return input;
  };

  const surface = h("select", { "aria-label": "function" });
  surface.addEventListener(
    "change",
    () => send("function", surface.value, { start: null }),
    { signal },
  );
  const start = ["w₁", "w₂"].map((name, axis) =>
    numeric(`start ${name}`, "any", (value) => {
      const now = [...model.get("report").start];
      now[axis] = value;
      send("start", now);
    })
  );
  const steps = numeric("steps", "1", (value) => send("steps", value));
  const schedule = h("select", { "aria-label": "schedule of the learning rates" });
  schedule.addEventListener(
    "change",
    () => send("schedule", { name: schedule.value }),
    { signal },
  );
  const details = h("span", { class: "fe-schedule" });
  const joining = h("select", { "aria-label": "optimizer to add" });
  const add = h("button", { type: "button" }, "Add");
  add.addEventListener("click", () => {
    const specs = model.get("optimizers");
    const twin = specs.filter(({ name }) => name === joining.value);
    // A second one of a kind begins with half of the smallest rate there is.
    const rate = Math.min(...twin.map(({ learning_rate }) => learning_rate)) / 2;
    const spec = twin.length ? { ...twin[0], learning_rate: rate } : { name: joining.value };
    send("optimizers", [...specs, spec] as OptimizerTraits["optimizers"]);
  }, { signal });

  const element = h(
    "div",
    {
      class: "fe-settings fe-race-form",
      role: "group",
      "aria-label": "settings of the race",
      "data-fe-part": "settings",
    },
    part("function", field("function", surface)),
    part("start", field("start w₁, w₂", ...start)),
    part("steps", field("steps", steps)),
    part("schedule", field("schedule", schedule, details)),
    part("optimizers", field("join the race", joining, add)),
  );
  let shown = "", kept = new AbortController();
  signal.addEventListener("abort", () => kept.abort());

  /** Inputs for what the schedule takes. */
  function showDetails(now: Schedule): void {
    const names = Object.keys(now).filter((name) => name !== "name");
    const key = `${now.name} ${names}`;
    const set = (name: string, value: unknown) =>
      send("schedule", { ...model.get("schedule"), [name]: value });
    if (key !== shown) {
      shown = key;
      kept.abort();
      kept = new AbortController();
      details.replaceChildren(...names.map((name) => {
        const words = WORDS[name] ?? name;
        const value = now[name];
        const kind = typeof value === "boolean"
          ? "checkbox"
          : Array.isArray(value)
          ? "text"
          : "number";
        const input = h("input", { type: kind, step: "any", "data-name": name });
        input.setAttribute("aria-label", `schedule: ${words}`);
        input.addEventListener("change", () => {
          if (kind === "checkbox") set(name, input.checked);
          else if (kind === "text") set(name, numbersIn(input.value));
          else if (input.value !== "") set(name, input.valueAsNumber);
          else update();
        }, { signal: kept.signal });
        return h("label", { class: "fe-inline" }, words, input);
      }));
    }
    for (const input of details.querySelectorAll("input")) {
      const value = now[input.dataset.name!];
      if (typeof value === "boolean") input.checked = value;
      else fill(input, Array.isArray(value) ? value.join(", ") : String(value));
    }
  }

  function update(): void {
    const report = model.get("report");
    if (!report.runs) return;
    options(surface, report.functions, model.get("function"));
    options(schedule, Object.keys(report.schedules), model.get("schedule").name);
    const there = new Set(model.get("optimizers").map(({ name }) => name));
    const before = joining.value;
    options(
      joining,
      report.offered,
      before || report.offered.find((name) => !there.has(name)) || report.offered[0],
    );
    start.forEach((input, axis) => fill(input, String(report.start[axis])));
    fill(steps, String(model.get("steps")));
    showDetails(model.get("schedule"));
    const full = report.runs.length >= report.most;
    add.disabled = full;
    add.title = full ? `a race has room for ${report.most}` : "";
  }
  return { element, update };
}

/** The numbers of a list that was typed; what is no number stays as it is, for Python to say so. */
function numbersIn(typed: string): unknown[] {
  return typed.split(/[\s,;]+/).filter(Boolean).map((part) => {
    const value = Number(part.replace("−", "-"));
    return Number.isFinite(value) ? value : part;
  });
}

function options(select: HTMLSelectElement, names: string[], chosen: string): void {
  const same = select.children.length === names.length &&
    names.every((name, at) => select.children[at].textContent === name);
  if (!same) select.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
  select.value = chosen;
}
