/** The fold of histograms: how weights, biases and outputs are spread after the epoch shown. Counts nothing itself. */
import type { AnyModel } from "@anywidget/types";
import { h, text } from "../dom.ts";
import { listen } from "../listen.ts";
import { type Frames, receiveFrames } from "../recording.ts";
import { createSpread, type Spread } from "./spread.ts";
import { createSpreadTable } from "./spread_table.ts";
import { countedWords, layerWords } from "./spread_words.ts";
import type { TrainingTraits } from "./traits.ts";

/** One quantity of one layer, as histogram_scene.py sends it. */
export interface Panel {
  layer: string;
  kind: "weights" | "biases" | "activations";
  units: number;
  activation: string;
  relu: boolean;
  /** Where the first bin begins, how wide each is, and how many there are. */
  first: number;
  width: number;
  bins: number;
  /** Values at each epoch. */
  values: number;
}

export interface Counted {
  /** Why there is nothing to show; empty if there is. */
  why: string;
  run?: number;
  panels: Panel[];
  /** One epoch in so many is counted. */
  every: number;
  /** Rows whose outputs are counted, out of those trained on. */
  rows: number;
  training_rows: number;
  noun: string;
  /** Frames to come; null while the run goes on. */
  total: number | null;
}

export interface Histograms {
  element: HTMLElement;
  /** The page shows this frame of the run. */
  show(frames: Frames, frame: number): void;
}

export function createHistograms(
  model: AnyModel<TrainingTraits>,
  signal: AbortSignal,
): Histograms {
  let run: Frames | null = null, frame = -1;
  let asked = "", drawn = "";
  let spreads: Spread[] = [];
  let layers: { panels: number[]; words: Element }[] = [];
  const note = h("p", { class: "fe-note" });
  const rows = h("div");
  const table = createSpreadTable(signal, () => draw());
  const element = h(
    "details",
    { class: "fe-histograms", "data-fe-part": "histograms" },
    h("summary", {}, "Histograms: how the weights and outputs are spread"),
    note,
    rows,
    table.element,
  );
  element.addEventListener("toggle", () => {
    if (element.open === model.get("histograms")) return;
    model.set("histograms", element.open);
    model.save_changes();
  }, { signal });
  const counted = receiveFrames(
    model as unknown as AnyModel,
    signal,
    () => {
      ask();
      draw();
    },
    "histograms",
  );
  const settings = () => counted.settings as unknown as Counted;
  listen(model, ["histograms"], signal, draw);
  listen(model, ["status", "histograms"], signal, ask);
  draw();

  /** A run that goes on sends what it has counted; one that rests is asked for the rest, once for each part. */
  function ask(): void {
    const { total, every = 1 } = settings(), now = `${counted.run} ${counted.length}`;
    const rests = model.get("status") === "paused" ? model.get("report").epoch / every : 0;
    if (!model.get("histograms") || counted.length >= (total ?? rests) || asked === now) return;
    asked = now;
    model.send({ kind: "histograms?", run: counted.run, start: counted.length });
  }

  /** The picture of each layer, built anew where there are other bins. */
  function build({ panels }: Counted): void {
    const now = JSON.stringify(panels);
    if (now === drawn) return;
    drawn = now;
    spreads = panels.map(createSpread);
    layers = [];
    panels.forEach((panel, place) => {
      if (!place || panels[place - 1].layer !== panel.layer) {
        layers.push({ panels: [], words: h("p", { class: "fe-note fe-number" }) });
      }
      layers.at(-1)!.panels.push(place);
    });
    rows.replaceChildren(...layers.map(({ panels: inside, words }) => {
      const { layer, units, activation } = panels[inside[0]];
      const name = `${layer}: ${units} ${units === 1 ? "unit" : "units"}, ${activation}`;
      return h(
        "section",
        { class: "fe-spread-layer", role: "group", "aria-label": layer },
        h("h3", {}, name),
        h("div", { class: "fe-spreads" }, ...inside.map((place) => spreads[place].element)),
        words,
      );
    }));
    table.build(panels);
  }

  /** The counted epoch that stands for the frame shown: the last one that had ended by then; -1 if none had. */
  function place(): number {
    if (!run || frame < 0 || frame >= run.length) return -1;
    const epoch = run.value("epoch", frame) - (run.value("batch", frame) < 0 ? 0 : 1);
    let low = -1, high = counted.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (counted.value("epoch", middle) <= epoch) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function draw(): void {
    const open = model.get("histograms");
    if (element.open !== open) element.open = open;
    if (!open) return;
    const told = settings(), known = !told.why && told.panels?.length > 0;
    const same = known && !!run?.length && run.settings.run === told.run;
    const at = same ? place() : -1;
    rows.hidden = table.element.hidden = at < 0;
    text(note, told.why || countedWords(told, counted, at, same));
    if (at < 0) return;
    build(told);
    let first = 0;
    told.panels.forEach((panel, number) => {
      spreads[number].draw(counted, number, first, at);
      first += panel.bins;
    });
    layers.forEach(({ panels, words }) => text(words, layerWords(told, counted, panels, at)));
    table.draw(told.panels, counted, at);
  }

  return {
    element,
    show(received, shown) {
      run = received;
      frame = shown;
      draw();
    },
  };
}
