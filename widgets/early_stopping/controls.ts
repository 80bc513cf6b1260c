/** The settings as fields: monitor, mode, patience, min_delta, start_from_epoch, baseline, restore_best_weights. */
import { fill, h, part } from "../dom.ts";
import type { EarlyStoppingTraits, Facts } from "./traits.ts";

export interface Controls {
  readonly element: HTMLElement;
  update(facts: Facts): void;
}

export type Get = <K extends keyof EarlyStoppingTraits>(name: K) => EarlyStoppingTraits[K];
export type Send = <K extends keyof EarlyStoppingTraits>(
  name: K,
  value: EarlyStoppingTraits[K],
) => void;

const MODES = { auto: "auto", min: "min: less is better", max: "max: more is better" };

export function createControls(signal: AbortSignal, get: Get, send: Send): Controls {
  let facts: Facts | null = null;
  const field = (name: string, control: Node) =>
    h(
      "div",
      { class: "fe-field", "data-fe-part": name },
      h("span", { class: "fe-field-name", "aria-hidden": "true" }, name),
      control,
    );
  const numeric = (
    name: "patience" | "min_delta" | "start_from_epoch" | "baseline",
    step: string,
  ) => {
    const input = h("input", {
      type: "number",
      min: name === "baseline" ? null : 0,
      step,
      "aria-label": name,
      class: "fe-number",
    });
    input.addEventListener("change", () => {
      const written = input.value.trim();
      if (written && Number.isFinite(Number(written))) send(name, Number(written));
      else if (!written && name === "baseline") send(name, null);
      else if (facts) update(facts);
    }, { signal });
    return input;
  };
  const choice = (name: "monitor" | "mode") => {
    const select = h("select", { "aria-label": name });
    select.addEventListener("change", () => send(name, select.value), { signal });
    return select;
  };
  const monitor = choice("monitor"), mode = choice("mode");
  mode.append(...Object.entries(MODES).map(([value, words]) => h("option", { value }, words)));
  const numbers = {
    patience: numeric("patience", "1"),
    min_delta: numeric("min_delta", "any"),
    start_from_epoch: numeric("start_from_epoch", "1"),
    baseline: numeric("baseline", "any"),
  };
  numbers.baseline.placeholder = "none";
  const restore = h("input", { type: "checkbox" });
  restore.addEventListener("change", () => send("restore_best_weights", restore.checked), {
    signal,
  });

  function update(next: Facts): void {
    facts = next;
    if (monitor.options.length !== next.monitors.length) {
      monitor.replaceChildren(...next.monitors.map((name) => h("option", { value: name }, name)));
    }
    choose(monitor, get("monitor"));
    choose(mode, get("mode"));
    mode.title = `now: ${next.falls ? "less" : "more"} of ${next.monitor} is better`;
    for (const [name, input] of Object.entries(numbers)) {
      const value = get(name as keyof typeof numbers);
      fill(input, value === null ? "" : String(value));
    }
    restore.checked = get("restore_best_weights");
  }

  return {
    element: h(
      "div",
      {
        class: "fe-settings fe-early-form",
        role: "group",
        "aria-label": "settings",
        "data-fe-part": "settings",
      },
      field("monitor", monitor),
      field("patience", numbers.patience),
      field("min_delta", numbers.min_delta),
      field("start_from_epoch", numbers.start_from_epoch),
      field("baseline", numbers.baseline),
      field("mode", mode),
      part(
        "restore_best_weights",
        h("label", { class: "fe-inline" }, restore, "restore_best_weights"),
      ),
    ),
    update,
  };
}

function choose(select: HTMLSelectElement, value: string): void {
  for (const option of select.options) option.selected = option.value === value;
  select.value = value;
}
