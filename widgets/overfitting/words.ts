/** The numbers at the cursor in words. */
import { type PanelSeries, read, type Series } from "./series.ts";

/** A loss with as many decimals as its neighbours, so that they stand under each other. */
export const loss = (value: number, decimals = 3) =>
  Number.isFinite(value) ? value.toFixed(decimals).replace("-", "−") : "–";

export const range = (series: Series, which: "train" | "valid", epoch: number, joint = " to ") =>
  `${loss(series.lowest(which, epoch))}${joint}${loss(series.highest(which, epoch))}`;

/** Validation less training, of the medians. */
export const gap = (series: Series, epoch: number) =>
  series.median("valid", epoch) - series.median("train", epoch);

export const unitsWords = (units: number) =>
  `${units.toLocaleString("en-US")} ${units === 1 ? "unit" : "units"}`;

/** "Epoch 120 of 300: with 2 units the training loss is ...". */
export function sentenceOf(panels: PanelSeries[], epoch: number, epochs: number): string {
  const told = panels.flatMap((panel) => {
    const series = read(panel);
    if (!series || epoch >= series.epochs) return [];
    const who = series.seeds
      ? series.seeds === 1
        ? "one seed"
        : `median of ${series.seeds} seeds; ${range(series, "valid", epoch)}`
      : series.who;
    return [
      `with ${unitsWords(series.units)} the training loss is ${
        loss(series.median("train", epoch))
      }, the validation loss ${loss(series.median("valid", epoch))} (${who})`,
    ];
  });
  return told.length
    ? `Epoch ${epoch + 1} of ${epochs}: ${told.join("; ")}.`
    : `Epoch ${epoch + 1} of ${epochs}: no fit has got so far.`;
}
