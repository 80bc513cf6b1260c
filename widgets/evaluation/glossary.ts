/** What the words of Evaluation mean, one plain sentence each. */
import type { Entry } from "../glossary.ts";
import type { Report } from "./traits.ts";

export function entriesOf(report: Report, noun: string): Entry[] {
  const { task, classes, positive, method, baseline } = report;
  const rows = `${noun}s`;
  const intervals: Entry[] = [
    [
      baseline.name,
      "The simplest guess, made without looking at the inputs: a model is worth what it is better than this.",
    ],
    [
      "95 % interval",
      `Other ${rows} would give another figure: of 100 ranges made like this, about 95 hold the true one.`,
    ],
    method === "bootstrap"
      ? [
        "bootstrap",
        `An interval by trying: ${rows} are drawn from these ${rows}, with repeats, 2,000 times, and each time ` +
        "the figure is worked out again.",
      ]
      : [
        "normal",
        "An interval from a bell curve: what a bootstrap (drawing the rows anew again and again) comes to when there " +
        "are many rows.",
      ],
  ];
  if (task === "regression") {
    const unit = classes[0];
    return [
      ["residual", `How far off one prediction is: predicted ${unit} minus actual ${unit}.`],
      ["MAE", `Mean absolute error: how far off a prediction is on average, in units of ${unit}.`],
      [
        "RMSE",
        "Root of the mean squared error: like the MAE, but a few large errors count for more.",
      ],
      [
        "R²",
        "How much of the spread of the target is explained: 1 is perfect, 0 is no better than always saying the mean.",
      ],
      ...intervals,
    ];
  }
  const name = task === "binary" ? classes[1] ?? "1" : classes[positive];
  const rest = task === "binary" ? classes[0] ?? "0" : "the rest";
  const many: Entry[] = [
    [
      "F1",
      "Precision and recall in one number (their harmonic mean): high only if both are high.",
    ],
    ["support", `How many ${rows} are of this class.`],
  ];
  return [
    ["threshold", `A ${noun} is predicted ${name} if the model's output for it is above this.`],
    ["accuracy", `Of all ${rows}, the share that is predicted right.`],
    [
      "sensitivity, recall",
      `Of the ${rows} that are ${name}, the share that is found. Two names for the same.`,
    ],
    ["specificity", `Of the ${rows} that are ${rest}, the share that raises no false alarm.`],
    ["precision", `Of the ${rows} predicted ${name}, the share that really is.`],
    ...(task === "multiclass" ? many : []),
    [
      "loss",
      "What training makes small (cross-entropy): it is high where the model is sure and wrong.",
    ],
    [
      "ROC curve",
      "A point for every threshold: false alarms across, found upwards. Good models come near the upper left corner.",
    ],
    [
      "AUC",
      `Area under the ROC curve: how often a ${noun} that is ${name} has a higher output than one that is ${rest}. ` +
      "1 is perfect, 0.5 is chance.",
    ],
    [
      "precision-recall curve",
      "A point for every threshold: recall across, precision upwards. Good models come near the upper right corner.",
    ],
    [
      "average precision",
      `Area under the precision-recall curve: 1 is perfect, chance gives the share of ${rows} that are ${name}.`,
    ],
    [
      "calibration",
      `Whether an output can be read as a share: of ${rows} with outputs near 0.8, are eight in ten ${name}?`,
    ],
    ...(task === "binary"
      ? [
        [
          "Brier score",
          "The mean of (output − target)²: 0 is perfect, and always saying 0.5 gives 0.25.",
        ] as const,
      ]
      : []),
    ...intervals,
    [
      "Wilson",
      "A 95 % interval of a share by a formula (Wilson 1927) that holds for few rows too.",
    ],
  ];
}
