/** What the page says in words: sentences and flags, true of the frame or the run they stand beside. */
import { number } from "../dom.ts";
import type { Frames } from "../recording.ts";
import { type NetworkPlan, type NetworkState, shapeOf } from "../network/plan.ts";
import type { Flag } from "./chart.ts";
import type { Choices, Report, RunRow, Status, TrainingTraits } from "./traits.ts";

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** One sentence about the run as a whole. */
export function progressSentence(report: Report, status: Status): string {
  if (status === "idle") return "Nothing has been trained yet.";
  if (status === "loading") {
    return "Loading Keras and building the network: the first time this takes some seconds.";
  }
  if (status === "paused") return "Paused.";
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
  const ended = report.outcome === "stopped" ? "You stopped the run" : "The run is complete";
  const partial = report.partial ? ` The last epoch is partial: ${report.partial} batches.` : "";
  return `${ended} after ${report.epoch} of ${report.planned} epochs. The best epoch was ${report.best}.${partial}${restored}`;
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

/** The test result of a run, beside what always answering 0 gets. */
export function testWords(run: RunRow, choices: Choices): string {
  const rows = choices.test_rows, share = run.test?.[run.metric];
  const right = share === undefined
    ? ""
    : `${Math.round(share * rows)} of ${rows} right (${percent(share)}), `;
  return `${right}loss ${
    number(run.test?.loss)
  }. Always answering 0 gets ${choices.test_baseline} of ${rows} right (${
    percent(choices.test_baseline / rows)
  }).`;
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

/** One sentence about one frame: an epoch, or a followed batch. */
export function sceneSentence(frames: Frames, frame: number, report: Report): string {
  const epoch = frames.value("epoch", frame) + 1;
  const batch = frames.value("batch", frame);
  const loss = number(frames.value("loss", frame));
  if (batch >= 0) {
    return `Epoch ${epoch}, batch ${batch + 1} of ${frames.settings.batches}: ${
      frames.value("rows", frame)
    } rows, loss ${loss} before the update.`;
  }
  const valid = frames.value("val_loss", frame);
  const parts = [`Epoch ${epoch}: training loss ${loss}`];
  if (!Number.isNaN(valid)) parts.push(`validation loss ${number(valid)}`);
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

/** The exact numbers of the epoch nearest to a position on the horizontal axis. */
export function atPosition(frames: Frames | undefined, report: Report, x: number) {
  if (!frames?.length) return null;
  let low = 0, high = frames.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames.value("epoch", middle) + 1 < Math.round(x)) low = middle + 1;
    else high = middle;
  }
  while (low < frames.length - 1 && frames.value("batch", low) >= 0) low++;
  const lines = [`epoch ${frames.value("epoch", low) + 1}`];
  const tell = (label: string, name: string) => {
    const value = frames.value(name, low);
    if (!Number.isNaN(value)) lines.push(`${label} ${number(value, 6)}`);
  };
  tell("training loss", "loss");
  tell("validation loss", "val_loss");
  for (const [label, name] of [["training", "metric"], ["validation", "val_metric"]]) {
    const value = frames.value(name, low);
    if (!Number.isNaN(value)) {
      lines.push(
        `${label} ${report.metric} ${
          report.metric.includes("accuracy") ? percent(value) : number(value, 6)
        }`,
      );
    }
  }
  return { x: frames.value("epoch", low) + 1, lines };
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

/** One sentence under the network: what this batch dropped, or what the network answers for the patient. */
export function networkSentence(
  state: NetworkState,
  traits: TrainingTraits["chosen"],
  row: number,
): string {
  if (state.dropped) {
    const dropped = Array.from(state.dropped).filter(Boolean).length;
    return `Training: this batch dropped ${dropped} units (crossed out) for its first patient; every patient draws its own.`;
  }
  const answer = state.activations?.[state.activations.length - 1];
  return `Inference, nothing dropped: for training row ${row} the network answers ${
    number(answer)
  }; its target is ${traits.target} (${traits.label}).`;
}

/** What always answering 0 gets right, for the legend of the accuracy. */
export function baselineWords({ charts: { baseline } }: Report): string {
  if (!baseline) return "";
  const { right, rows, validation } = baseline;
  return `always 0: ${right} of ${rows} ${validation ? "validation " : ""}rows (${
    percent(right / rows)
  })`;
}
