/** What a frame of the race shows, in sentences and in the few words of the boxes. */
import { number } from "../dom.ts";
import type { Frames } from "../recording.ts";
import type { BOXES } from "./panel.ts";
import { type Moment, type Stage, STAGES } from "./timeline.ts";
import type { Report } from "./traits.ts";

export interface Scene {
  frames: Frames;
  report: Report;
  moment: Moment;
  epochs: number;
  learningRate: number;
  shuffled: boolean;
}

type Boxes = Record<typeof BOXES[number], string>;

/** A count as people read it. */
export const figures = (count: number) => count.toLocaleString("en");
const rowsOf = (count: number) => count === 1 ? "1 row" : `${figures(count)} rows`;
const times = (count: number) => count === 1 ? "1 update" : `${figures(count)} updates`;
const reached = (stage: Stage, wanted: Stage) =>
  stage === "done" ||
  STAGES.indexOf(stage as typeof STAGES[number]) >= STAGES.indexOf(wanted as typeof STAGES[number]);

/** The frame of the recording that is shown: after the update where the stage is the update. */
export function shownUpdate({ stage, update }: Moment): number {
  return stage === "update" ? update + 1 : update;
}

/** Rows of this epoch that have been read when this batch is. */
export function read({ frames, report, moment }: Scene): number {
  const { stage, update, batch } = moment;
  if (stage === "shuffle") return 0;
  if (stage === "done") {
    // A run that diverged ends within an epoch.
    return frames.value("processed", update) -
      frames.value("processed", moment.epoch * report.batches);
  }
  const before = frames.value("processed", update) - frames.value("processed", update - batch);
  return before + frames.value("count", update);
}

export function isLastBatch({ report, moment }: Scene): boolean {
  return moment.batch === report.batches - 1;
}

export function sgdBoxes({ frames, moment, learningRate }: Scene): Boxes {
  const { stage, update } = moment;
  if (stage === "shuffle" || stage === "done") {
    return { predictions: "", loss: "", gradient: "", update: "" };
  }
  const size = frames.value("gradient_size", update);
  const when = (wanted: Stage, words: string) => reached(stage, wanted) ? words : "";
  return {
    predictions: when("predictions", rowsOf(frames.value("count", update))),
    loss: when("loss", number(frames.value("batch_loss", update))),
    gradient: when("gradient", `size ${number(size)}`),
    update: when("update", `moved ${number(learningRate * size)}`),
  };
}

export function gdBoxes(scene: Scene): Boxes {
  const { frames, report, moment, learningRate } = scene;
  const { stage, update } = moment;
  if (stage === "shuffle" || stage === "done") {
    return { predictions: "", loss: "", gradient: "", update: "" };
  }
  const rows = read(scene), all = isLastBatch(scene);
  const size = frames.value("gd_gradient_size", update);
  const when = (wanted: Stage, words: string, wait: string) =>
    reached(stage, wanted) ? all ? words : wait : "";
  return {
    predictions: when(
      "predictions",
      rowsOf(report.rows),
      `${figures(rows)} of ${figures(report.rows)}`,
    ),
    loss: when("loss", number(frames.value("gd_loss", update)), "adding up"),
    gradient: when("gradient", `size ${number(size)}`, "adding up"),
    update: when("update", `moved ${number(learningRate * size)}`, "not yet"),
  };
}

export function sentenceOf(scene: Scene): string {
  const { frames, report, moment, epochs } = scene;
  const { stage, update, epoch, batch } = moment;
  const n = report.rows;
  const where = `Batch ${figures(batch + 1)} of ${figures(report.batches)}`;
  const value = (name: string, at = update) => frames.value(name, at);
  switch (stage) {
    case "shuffle": {
      const cut = report.batches === 1
        ? `one batch of all ${figures(n)}`
        : report.last_batch === value("count")
        ? `${figures(report.batches)} batches of ${figures(value("count"))}`
        : `${figures(report.batches)} batches of ${figures(value("count"))}, the last one of ${
          figures(report.last_batch)
        }`;
      return `Epoch ${epoch + 1} of ${epochs} begins: the ${figures(n)} rows are ${
        scene.shuffled ? "shuffled and " : ""
      }cut into ${cut}.`;
    }
    case "deal":
      return `${where}: ${rowsOf(value("count"))} ${
        value("count") === 1 ? "is" : "are"
      } dealt. Gradient descent reads the same rows.`;
    case "predictions":
      return `${where}: the model predicts ${
        rowsOf(value("count"))
      } with the weights as they are now.`;
    case "loss":
      return `${where}: the mean loss of its rows is ${number(value("batch_loss"))}; over all ${
        figures(n)
      } rows it is ${number(value("loss"))} at the same weights.`;
    case "gradient":
      return report.batches === 1
        ? `The batch is the whole training set: its gradient is the full gradient, of size ${
          number(value("full_size"))
        }.`
        : `${where}: its gradient points ${
          degrees(value("angle"))
        } away from the full gradient; its size is ${
          number(value("gradient_size"))
        }, the full one’s ${number(value("full_size"))}.`;
    case "update": {
      const went = `SGD’s update ${figures(update + 1)}: the loss over all rows goes from ${
        number(value("loss"))
      } to ${number(value("loss", update + 1))}.`;
      const made = value("gd_updates", update + 1);
      if (isLastBatch(scene)) {
        return `${went} All ${figures(n)} rows are read: gradient descent makes its update ${
          figures(made)
        }, to ${number(value("gd_loss", update + 1))}.`;
      }
      return `${went} Gradient descent has read the same ${figures(read(scene))} rows and ${
        made ? `not moved since its update ${figures(made)}` : "not moved yet"
      }.`;
    }
    case "done": {
      if (report.diverged) return report.diverged.sentence;
      const made = value("gd_updates"), rows = value("processed");
      const same = report.batches === 1
        ? " The batch is the whole training set: both are the same method, and the same numbers."
        : "";
      return `After ${figures(rows)} rows each: gradient descent made ${times(made)}, loss ${
        number(value("gd_loss"))
      }; SGD made ${times(update)}, loss ${number(value("loss"))}.${same}`;
    }
  }
}

function degrees(angle: number): string {
  return `${angle < 1 ? angle.toFixed(1) : Math.round(angle)}°`;
}
