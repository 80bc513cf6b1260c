/** What the page says in words: sentences and flags, true of the frame or the run they stand beside. */
import { number } from "../dom.ts";
import type { Frames } from "../recording.ts";
import { type NetworkPlan, type NetworkState, shapeOf } from "../network/plan.ts";
import type { Flag } from "./chart.ts";
import { type Compared, SIGN } from "./compare.ts";
import type { Choices, Report, RunRow, Status, TrainingTraits } from "./traits.ts";

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** A metric as people read it: an accuracy as a share, any other as a number. */
export const metricWords = (metric: string, value: number, digits = 3) =>
  metric.includes("accuracy") ? percent(value) : number(value, digits);

/** A mean absolute error in the target's own unit: " (44.1 of price)"; empty for another metric. */
const inUnit = (metric: string, value: number, { scale }: Choices) =>
  scale && metric === "mae" ? ` (${number(value * scale.std)} of ${scale.name})` : "";

/** The name of the metric, and what a mean absolute error is counted in. */
export const metricTitle = (metric: string, { scale }: Choices) =>
  scale && metric === "mae" ? `mae (1 is ${number(scale.std)} of ${scale.name})` : metric;

/** The test result in a few words: how many are right, or the metric; then the loss. */
export function testedWords(run: RunRow, { test_rows: rows }: Choices): string {
  const value = run.test?.[run.metric];
  const got = value === undefined
    ? ""
    : run.metric.includes("accuracy")
    ? `${Math.round(value * rows)} of ${rows}, `
    : `${run.metric} ${number(value)}, `;
  return `${got}loss ${number(run.test?.loss)}`;
}

/** One sentence about the run as a whole. */
export function progressSentence(report: Report, status: Status): string {
  if (status === "idle") return "Nothing has been trained yet.";
  if (status === "loading") {
    return report.note ||
      "Loading Keras and building the network: the first time this takes some seconds.";
  }
  if (status === "paused") return report.note || "Paused.";
  if (status === "stopping") return "Stopping after the epoch in hand.";
  if (status === "failed") {
    return `The run ended at epoch ${report.epoch}; what was recorded is kept.`;
  }
  if (status === "training") return `Training: epoch ${report.epoch} of ${report.planned}.`;
  const restored = report.restored
    ? ` The weights of epoch ${report.restored}, the best, were brought back.`
    : "";
  if (report.stopped) {
    return `Early stopping ended the run after epoch ${report.stopped}: ${report.patience} epochs without a better ${
      report.monitor?.replace("_", " ")
    } than epoch ${report.best}.${restored}`;
  }
  const ended = report.outcome !== "stopped"
    ? "The run is complete"
    : report.note
    ? "The run was stopped"
    : "You stopped the run";
  const partial = report.partial ? ` The last epoch is partial: ${report.partial} batches.` : "";
  return `${ended} after ${report.epoch} of ${report.planned} epochs. The best epoch was ${report.best}.${partial}${restored} ${
    report.note ?? ""
  }`
    .trim();
}

/** The state in numbers: "29 → 16 → 1 · 497 parameters · epoch 140 / 300". */
export function stateWords(frames: Frames, report: Report): string {
  const plan = frames.settings.network as NetworkPlan | undefined;
  return [
    plan ? shapeOf(plan) : "",
    report.parameters ? `${report.parameters.toLocaleString("en")} parameters` : "",
    report.planned ? `epoch ${report.epoch} / ${report.planned}` : "",
  ].filter(Boolean).join(" · ");
}

/** The test result of a run, beside what always giving one answer gets. */
export function testWords(run: RunRow, choices: Choices): string {
  const { test_rows: rows, guess } = choices, value = run.test?.[run.metric];
  const exact = value === undefined
    ? ""
    : run.metric.includes("accuracy")
    ? `${Math.round(value * rows)} of ${rows} right (${percent(value)}), `
    : `${run.metric} ${number(value)}${inUnit(run.metric, value, choices)}, `;
  const always = `Always answering ${guess.answer}${
    guess.right === null ? " of the training rows" : ""
  }`;
  const gets = guess.right === null
    ? `mae ${number(guess.level)}${inUnit("mae", guess.level, choices)}`
    : `${guess.right} of ${rows} right (${percent(guess.level)})`;
  return `${exact}loss ${number(run.test?.loss)}. ${always} gets ${gets}.`;
}

/** Where a frame lies on the axis of epochs. */
export function positionOf(frames: Frames, frame: number): number {
  const epoch = frames.value("epoch", frame), batch = frames.value("batch", frame);
  return epoch + (batch < 0 ? 1 : (batch + 1) / Number(frames.settings.batches));
}

/** Where a frame stands: "epoch 3 / 300", with the batch if it is one update. */
export function frameLabel(frames: Frames, frame: number): string {
  if (!frames?.length || frame >= frames.length) return "";
  const batch = frames.value("batch", frame);
  const epoch = `epoch ${frames.value("epoch", frame) + 1} / ${frames.settings.planned}`;
  return batch < 0 ? epoch : `${epoch}, batch ${batch + 1} / ${frames.settings.batches}`;
}

/** The learning rate of a frame, in a run that has a schedule. */
const rateWords = (frames: Frames, frame: number) =>
  `learning rate ${number(frames.value("learning_rate", frame))}`;

/** One sentence about one frame: an epoch, or a followed batch. */
export function sceneSentence(frames: Frames, frame: number, report: Report): string {
  const epoch = frames.value("epoch", frame) + 1;
  const batch = frames.value("batch", frame);
  const loss = number(frames.value("loss", frame));
  if (batch >= 0) {
    return `Epoch ${epoch}, batch ${batch + 1} of ${frames.settings.batches}: ${
      frames.value("rows", frame)
    } rows, loss ${loss} before the update${
      frames.has("learning_rate") ? `, ${rateWords(frames, frame)}` : ""
    }.`;
  }
  const valid = frames.value("val_loss", frame);
  const parts = [`Epoch ${epoch}: training loss ${loss}`];
  if (!Number.isNaN(valid)) parts.push(`validation loss ${number(valid)}`);
  if (frames.has("learning_rate")) parts.push(rateWords(frames, frame));
  const best = frames.value("best", frame) + 1, wait = frames.value("wait", frame);
  const patience = report.patience == null ? "" : `, patience ${report.patience}`;
  return `${parts.join(", ")}. ${
    wait === 0
      ? "This is the best epoch so far."
      : `The best epoch so far is ${best}; ${wait} ${
        wait === 1 ? "epoch" : "epochs"
      } without improvement${patience}.`
  }`;
}

/** The words on the loss chart. */
export function flagsOf(report: Report): Flag[] {
  const flags: Flag[] = [];
  if (report.best) {
    flags.push({
      x: report.best,
      text: report.restored ? `best, restored: epoch ${report.best}` : `best: epoch ${report.best}`,
      kind: report.restored ? "restored" : "best",
    });
  }
  if (report.stopped) {
    flags.push({ x: report.stopped, text: `stopped: epoch ${report.stopped}`, kind: "stopped" });
  }
  return flags;
}

/** The exact numbers of the epoch nearest to a position on the horizontal axis, and those of a compared run. */
export function atPosition(
  frames: Frames | undefined,
  report: Report,
  x: number,
  other: Compared | null = null,
) {
  if (!frames?.length) return null;
  let low = 0, high = frames.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames.value("epoch", middle) + 1 < Math.round(x)) low = middle + 1;
    else high = middle;
  }
  while (low < frames.length - 1 && frames.value("batch", low) >= 0) low++;
  const reached = frames.value("epoch", low) + 1;
  // Where the run on the card has ended, the compared one may go on.
  const epoch = Math.max(reached, Math.min(Math.round(x), other?.epochs ?? 0));
  const lines = [`epoch ${epoch}${other ? ` · run ${report.run} ${SIGN} run ${other.run}` : ""}`];
  const tell = (label: string, name: string, words: (value: number) => string) => {
    const value = epoch > reached ? NaN : frames.value(name, low);
    const beside = other ? other.value(name, epoch) : NaN;
    if (Number.isNaN(value) && Number.isNaN(beside)) return;
    const shown = [value, ...(other ? [beside] : [])]
      .map((one) => Number.isNaN(one) ? "–" : words(one));
    lines.push(`${label} ${shown.join(` ${SIGN} `)}`);
  };
  const exact = (value: number) => number(value, 6);
  const metric = (value: number) => metricWords(report.metric, value, 6);
  tell("training loss", "loss", exact);
  tell("validation loss", "val_loss", exact);
  tell(`training ${report.metric}`, "metric", metric);
  tell(`validation ${report.metric}`, "val_metric", metric);
  if (frames.has("learning_rate") && epoch === reached) lines.push(rateWords(frames, low));
  return { x: epoch, lines };
}

/**
 * What the network picture draws of a frame; null where the run recorded no network. Dropout belongs to training and
 * a patient's values to inference: one picture never mixes the two.
 */
export function networkState(
  frames: Frames,
  frame: number,
  training: boolean,
): { plan: NetworkPlan; state: NetworkState } | null {
  const plan = frames.settings.network as NetworkPlan | undefined;
  if (!plan || !frames.has("drawn")) return null;
  const drawn = frames.row("drawn", frame);
  const state = training && frames.has("dropped")
    ? { drawn, dropped: frames.row("dropped", frame) }
    : { drawn, activations: frames.row("activations", frame), sums: frames.row("sums", frame) };
  return { plan, state };
}

/** One sentence under the network: what this batch dropped, or what the network answers for the row. */
export function networkSentence(
  plan: NetworkPlan,
  state: NetworkState,
  { target, label, noun }: TrainingTraits["chosen"],
  row: number,
  choices: Choices,
): string {
  if (state.dropped) {
    const dropped = Array.from(state.dropped).filter(Boolean).length;
    return `Training: this batch dropped ${dropped} of the units shown (crossed out) for its first ${noun}; every ${noun} draws its own.`;
  }
  return `Inference, nothing dropped: for training row ${row} the network ${
    answerWords(plan, state, choices)
  }; its target is ${named(target, label)}.`;
}

/** "1 (yes)", or "1" where the number is the name. */
export function named(value: number | null, name: string): string {
  const shown = String(value ?? "–").replace("-", "−");
  return name === String(value) || !name ? shown : `${shown} (${name})`;
}

/** "answers 0.43", with the price that stands for or the class that is likeliest. */
function answerWords(plan: NetworkPlan, state: NetworkState, { classes, scale }: Choices): string {
  const last = plan.layers[plan.layers.length - 1];
  const outputs = Array.from(state.activations ?? []).slice(-last.shown.length);
  if (last.units > 1 && last.shown.length === last.units && classes.length === last.units) {
    const most = outputs.indexOf(Math.max(...outputs));
    return `finds class ${named(most, classes[most])} the likeliest, with ${number(outputs[most])}`;
  }
  if (last.units > 1) return `gives ${last.units} outputs`;
  const unit = scale ? ` (${scale.name} ${number(outputs[0] * scale.std + scale.mean, 4)})` : "";
  return `answers ${number(outputs[0])}${unit}`;
}

/** What always giving one answer gets, for the legend of the metric. */
export function baselineWords({ charts: { baseline } }: Report): string {
  if (!baseline) return "";
  const { answer, level, right, rows, validation } = baseline;
  const judged = `${validation ? "validation " : ""}rows`;
  return right === null
    ? `always ${answer}: ${number(level)} on ${rows} ${judged}`
    : `always ${answer}: ${right} of ${rows} ${judged} (${percent(level)})`;
}
