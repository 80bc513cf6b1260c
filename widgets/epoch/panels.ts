/** What both sides show of a frame: which rows are in hand, which stage is at work, and the counts. */
import type { Palette } from "../plot/palette.ts";
import { BOXES, type PanelState } from "./panel.ts";
import { figures, gdBoxes, isLastBatch, read, type Scene, sgdBoxes, shownUpdate } from "./words.ts";

export function panelStates(
  scene: Scene,
  order: Int32Array,
  palette: Palette,
): { gd: PanelState; sgd: PanelState } {
  const { frames, moment, epochs, report: { rows, batches } } = scene;
  const { stage, update, batch } = moment;
  const dealing = stage !== "done" && stage !== "shuffle";
  const to = read(scene);
  const size = dealing ? frames.value("count", update) : 0;
  const shown = shownUpdate(moment);
  const done = frames.value("processed", shown);
  const active = BOXES.find((name) => name === stage) ?? null;
  const gdUpdates = frames.value("gd_updates", shown);
  const gdMoves = stage === "update" && gdUpdates > frames.value("gd_updates", update);
  const counts = (updates: number, moved: boolean): [string, string][] => [
    [
      "rows processed",
      `${figures(dealing && stage !== "update" ? done + size : done)} / ${figures(epochs * rows)}`,
    ],
    ["updates", moved ? `${figures(updates - 1)} → ${figures(updates)}` : figures(updates)],
    ["epochs", `${Math.floor(done / rows)} / ${epochs}`],
  ];
  const dealt = `${figures(to)} of ${figures(rows)} rows of this epoch are read`;
  const all = `${figures(batches)} ${batches === 1 ? "batch" : "batches"}`;
  const inHand = `${batches === 1 ? "all " : ""}${figures(size)} ${size === 1 ? "row" : "rows"}`;
  const deck = { order, from: to - size, to };
  return {
    gd: {
      ...deck,
      keeps: true,
      colour: palette.train,
      batch: `1 batch: all ${figures(rows)} rows`,
      active: active === "update" && !isLastBatch(scene) ? null : active,
      boxes: gdBoxes(scene),
      counts: counts(gdUpdates, gdMoves),
      label: `Training set of gradient descent: ${dealt}.`,
    },
    sgd: {
      ...deck,
      keeps: false,
      colour: palette.valid,
      batch: stage === "done"
        ? all
        : stage === "shuffle"
        ? `${all} to come`
        : `batch ${figures(batch + 1)} of ${figures(batches)}: ${inHand}`,
      active,
      boxes: sgdBoxes(scene),
      counts: counts(shown, stage === "update"),
      label: `Training set of SGD: ${dealt}${size ? `, ${size} in hand` : ""}.`,
    },
  };
}
