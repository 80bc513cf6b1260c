/** Interval estimates as ranges on a number line, with the baseline where it can be compared. */
import { h, number, text } from "../dom.ts";
import { type Scene, share, told } from "./scene.ts";
import type { Line } from "./traits.ts";
import { intervalWords } from "./words.ts";

/** The name, and what it is the share of. */
const NAMES: Record<string, [string, string]> = {
  accuracy: ["accuracy", "predicted right, of all"],
  sensitivity: ["sensitivity", "found, of class 1"],
  specificity: ["specificity", "right, of class 0"],
  precision: ["precision", "right, of those predicted 1"],
  auc: ["AUC", "area under the ROC curve"],
  loss: ["loss", "cross-entropy, mean over the rows"],
  mae: ["MAE", "mean absolute error"],
  rmse: ["RMSE", "root of the mean squared error"],
  r2: ["R²", "share of the variance that is explained"],
};
const SHARES = ["accuracy", "sensitivity", "specificity", "precision", "auc"];

export function createRanges(): { element: HTMLElement; show(scene: Scene): void } {
  const list = h("div", { class: "fe-eval-ranges" });
  const words = h("p", { class: "fe-eval-note" });
  let rows: { name: HTMLElement; track: HTMLElement; value: Element }[] = [];

  function make(lines: Line[]): void {
    rows = lines.map(() => {
      const name = h("span", { class: "fe-eval-range-name" });
      const track = h(
        "span",
        { class: "fe-eval-track", "aria-hidden": "true" },
        h("i", { class: "fe-eval-base" }),
        h("i", { class: "fe-eval-band" }),
        h("i", { class: "fe-eval-value" }),
      );
      const value = h("span", { class: "fe-eval-range-text fe-number" });
      return { name, track, value };
    });
    list.replaceChildren(
      ...rows.map(({ name, track, value }) => h("div", {}, name, track, value)),
    );
  }

  return {
    element: h("div", {}, list, words),
    show(scene) {
      const { report } = scene;
      const lines = report.intervals ?? [];
      if (rows.length !== lines.length) make(lines);
      lines.forEach((line, row) => {
        const [value, low, high] = [line.value, line.low, line.high].map((one) => told(scene, one));
        const { name, track, value: words } = rows[row];
        const isShare = SHARES.includes(line.figure);
        const top = isShare || line.figure === "r2" ? 1 : ceiling(lines, scene);
        const bottom = line.figure === "r2" ? Math.min(0, Math.floor(low)) : 0;
        const [short, long] = NAMES[line.figure];
        text(name, `${short} · ${line.method}`);
        name.title = long;
        const seen = [value, low, high].every(Number.isFinite);
        const at = (one: number) => `${100 * (one - bottom) / (top - bottom)}%`;
        const [base, band, dot] = track.children as unknown as HTMLElement[];
        band.hidden = dot.hidden = !seen;
        band.style.left = at(low);
        band.style.width = `${100 * (high - low) / (top - bottom)}%`;
        dot.style.left = at(value);
        base.hidden = line.figure !== "accuracy" && line.figure !== "mae";
        base.style.left = at(report.baseline.share);
        const write = isShare ? share : (one: number) => number(one, 3);
        text(
          words,
          seen
            ? `${write(value)}  (${write(low)} to ${write(high)})`
            : Number.isFinite(value)
            ? `${write(value)}  (no interval)`
            : "not defined",
        );
      });
      text(
        words,
        `${intervalWords(scene).join(" ")} Lines: 95 % intervals from 0 to ${
          report.task === "regression" ? "the widest" : "1"
        }; ┆ ${report.baseline.name}.`,
      );
    },
  };
}

/** Errors and losses have one scale: up to the highest end among them. */
function ceiling(lines: Line[], scene: Scene): number {
  const ends = lines.filter(({ figure }) => !SHARES.includes(figure) && figure !== "r2")
    .map(({ high }) => told(scene, high)).filter(Number.isFinite);
  return Math.max(scene.report.task === "regression" ? 0 : 1, 1.05 * Math.max(...ends, 1e-12));
}
