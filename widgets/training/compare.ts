/** Two runs side by side: the choice of the second one, what differs between them, and its numbers for the charts. */
import type { AnyModel } from "@anywidget/types";
import { h } from "../dom.ts";
import type { Comparison, TrainingTraits } from "./traits.ts";

/** The sign the compared run carries in the charts and in the table. */
export const SIGN = "◆";

/** The compared run by epoch. */
export interface Compared {
  run: number;
  epochs: number;
  /** Of an epoch from 1; NaN where there is no number. */
  value(name: string, epoch: number): number;
}

const ROWS = ["loss", "val_loss", "metric", "val_metric"];

export interface Compare {
  /** The select of the second run. */
  choice: HTMLElement;
  /** The table and the sentences. */
  element: HTMLElement;
  update(): void;
  /** Null while no run is compared. */
  other(): Compared | null;
  /** Which curves are whose; empty while no run is compared. */
  legend(): string;
}

export function createCompare(model: AnyModel<TrainingTraits>, signal: AbortSignal): Compare {
  const select = h("select");
  select.addEventListener("change", () => {
    model.set("compared", Number(select.value));
    model.save_changes();
  }, { signal });
  const choice = h("label", { class: "fe-inline", hidden: true }, "compare with", select);
  const element = h("section", {
    class: "fe-compare",
    role: "group",
    "aria-label": "Two runs compared",
    hidden: true,
  });
  let offered = "", shown = "";
  let other: Compared | null = null;

  const offer = () => {
    const runs = model.get("runs").filter(({ run }) => run !== model.get("report").run);
    const next = JSON.stringify(runs.map(({ run, settings }) => [run, settings]));
    choice.hidden = runs.length === 0;
    if (next !== offered) {
      offered = next;
      select.replaceChildren(
        h("option", { value: 0 }, "no other run"),
        ...runs.map(({ run, settings }) => h("option", { value: run }, `run ${run}: ${settings}`)),
      );
    }
    select.value = String(model.get("compared"));
  };
  return {
    choice,
    element,
    update() {
      offer();
      const two = model.get("comparison");
      const next = JSON.stringify(two);
      other = two && numbers(two.other, model.get("compared_curves"));
      if (next === shown) return;
      shown = next;
      element.hidden = !two;
      element.replaceChildren(
        ...(two ? [...two.words.map((words) => h("p", {}, words)), table(two)] : []),
      );
    },
    other: () => other,
    legend: () =>
      other ? `lines with ${SIGN}: run ${other.run}; without: run ${model.get("report").run}` : "",
  };
}

function numbers(run: number, bytes: DataView<ArrayBuffer>): Compared {
  const { buffer, byteOffset, byteLength } = bytes;
  const all = new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const epochs = all.length / ROWS.length;
  return {
    run,
    epochs,
    value: (name, epoch) => epoch > epochs ? NaN : all[ROWS.indexOf(name) * epochs + epoch - 1],
  };
}

function table({ run, other, settings, results }: Comparison): HTMLElement {
  const head = (name: string) => h("th", { scope: "col" }, name);
  const row = ([name, ...values]: string[]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      ...values.map((value) => h("td", { class: "fe-number" }, value)),
    );
  return h(
    "table",
    {},
    h("caption", { class: "fe-hidden" }, `Run ${run} and run ${other}`),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("td"),
        head(`run ${run}`),
        head(`${SIGN} run ${other}`),
        head("difference"),
      ),
    ),
    h("tbody", {}, ...settings.map((one) => row([...one, "differs"]))),
    h("tbody", {}, ...results.map(row)),
  );
}
