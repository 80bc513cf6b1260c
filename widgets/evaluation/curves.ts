/** The ROC and the precision-recall curve with the point of the threshold, and the point in numbers beside them. */
import type { AnyModel } from "@anywidget/types";
import { h, text } from "../dom.ts";
import { createChart } from "../training/chart.ts";
import { count, type Scene, share, short, told } from "./scene.ts";
import type { EvaluationTraits } from "./traits.ts";

const AXIS = { x: [-0.02, 1.02], y: [-0.02, 1.02], log: false } as const;

interface Kind {
  figure: string;
  title: string;
  /** Arrays of the recording across and upwards, and their names. */
  x: [string, string];
  y: [string, string];
  chance: string;
  /** What the vertical axis is a share of. */
  up: string;
  area(scene: Scene): string;
}

export function createCurves(
  model: AnyModel<EvaluationTraits>,
  signal: AbortSignal,
  scene: () => Scene,
): { element: HTMLElement; show(): void } {
  const kinds: Kind[] = [
    {
      figure: model.get("roc_chart"),
      title: "ROC curve",
      x: ["fpr", "false alarms"],
      y: ["sensitivity", "found"],
      chance: "by chance",
      up: "found (recall)",
      area: ({ report }) => `area under it (AUC) ${share(report.figures.auc)}`,
    },
    {
      figure: model.get("pr_chart"),
      title: "Precision-recall curve",
      x: ["sensitivity", "recall"],
      y: ["precision", "precision"],
      chance: "by chance",
      up: "precision: right among those predicted",
      area: ({ report }) => `average precision ${share(report.figures.average_precision)}`,
    },
  ];
  const made = kinds.map((kind) => {
    const chart = createChart({
      model: model as unknown as AnyModel,
      signal,
      figure: kind.figure,
      title: kind.title,
      keys: [{ mark: "fe-key-chance", text: kind.chance }],
      describe: (x) => nearest(scene(), kind, x),
    });
    chart.note(kind.up);
    const point = h("p", { class: "fe-eval-point fe-number" });
    return { kind, chart, point, element: h("div", {}, chart.element, point) };
  });
  return {
    element: h("div", { class: "fe-eval-curves" }, ...made.map(({ element }) => element)),
    show() {
      const now = scene();
      for (const { kind, chart, point } of made) {
        const [x, y] = [told(now, kind.x[0]), told(now, kind.y[0])];
        const seen = Number.isFinite(x) && Number.isFinite(y);
        const at = short(now.threshold);
        chart.place(AXIS as never, seen ? [{ kind: "best", x, y, text: `at ${at}` }] : []);
        text(
          point,
          `At ${at}: ${kind.x[1]} ${share(x)}, ${kind.y[1]} ${share(y)}; ${kind.area(now)}.`,
        );
      }
    },
  };
}

function nearest({ frames }: Scene, kind: Kind, x: number): { x: number; lines: string[] } | null {
  let best = -1, away = Infinity;
  for (let cut = 0; cut < frames.length; cut++) {
    const distance = Math.abs(frames.value(kind.x[0], cut) - x);
    if (distance < away && Number.isFinite(frames.value(kind.y[0], cut))) {
      [best, away] = [cut, distance];
    }
  }
  if (best < 0) return null;
  const at = { frames, cut: best } as Scene;
  return {
    x: told(at, kind.x[0]),
    lines: [
      `threshold ${short(count(at, "threshold"))}`,
      `${kind.x[1]} ${share(told(at, kind.x[0]))}`,
      `${kind.y[1]} ${share(told(at, kind.y[0]))}`,
    ],
  };
}
