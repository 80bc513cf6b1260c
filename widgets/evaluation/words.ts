/** What the card says of the cut in hand. */
import { number } from "../dom.ts";
import { count, rowsOf, type Scene, share, short, told, whole } from "./scene.ts";

/** The live sentence. */
export function sentenceOf(scene: Scene): string {
  const { report, noun } = scene;
  const { figures } = report;
  if (report.task === "regression") {
    const [unit] = report.classes;
    return `The ${whole(report.n)} ${report.rows} ${noun}s are off by ${
      number(figures.mae, 4)
    } on average (MAE, in units of ${unit}), ` +
      `RMSE ${number(figures.rmse, 4)}, R² ${share(figures.r2)}. ${
        capital(report.baseline.name)
      } is off by ${number(figures.baseline_mae, 4)}.`;
  }
  const [tn, fp, fn, tp] = ["tn", "fp", "fn", "tp"].map((name) => count(scene, name));
  const parts = `${whole(fp)} of ${whole(fp + tn)} false alarms; ${
    fn + tp ? `${whole(fn)} of ${whole(fn + tp)} missed` : "none there to miss"
  }.`;
  if (report.task === "multiclass") {
    return `The largest output is right for ${whole(figures.right ?? 0)} of ${whole(report.n)}. ${
      report.classes[report.positive]
    } against the rest at ${short(scene.threshold)}: ${parts}`;
  }
  return `At ${short(scene.threshold)}: ${whole(tn + tp)} of ${whole(report.n)} right; ${parts}`;
}

const NORMAL =
  "Normal: with so many rows a bootstrap comes to a bell curve, whose width is worked out without drawing.";

/** Of how much one row is, and what the interval says of the baseline. */
export function intervalWords(scene: Scene): string[] {
  const { report, noun, frames } = scene;
  if (report.task === "regression") {
    return [
      report.method === "normal"
        ? NORMAL
        : `Bootstrap: the ${
          rowsOf(report.n, noun)
        } drawn anew 2,000 times; from the 2.5th to the 97.5th percentile.`,
    ];
  }
  const words = [
    report.method === "normal"
      ? NORMAL
      : `Of ${whole(report.n)}: one ${noun} is ${number(100 / report.n, 3)} points.`,
  ];
  const { baseline } = report;
  if (report.task === "binary" && frames.length) {
    const holds = count(scene, "holds");
    const [low, high] = ["accuracy_low", "accuracy_high"].map((name) => share(told(scene, name)));
    const own = `${capital(baseline.name)} is right for ${whole(baseline.right)} of ${
      whole(report.n)
    }, ${share(baseline.share)}`;
    const better = told(scene, "accuracy") > baseline.share;
    words.push(
      holds
        ? `${own}: inside ${low} to ${high}, so these ${noun}s do not tell the model from it.`
        : `${own}: outside ${low} to ${high}. The model is ${
          better ? "better" : "worse"
        } than that.`,
    );
  } else {
    words.push(
      `${capital(baseline.name)} is right for ${whole(baseline.right)} of ${whole(report.n)}, ${
        share(baseline.share)
      }.`,
    );
  }
  return words;
}

export const capital = (words: string) => words[0].toUpperCase() + words.slice(1);
