/** The frames of the race: each update in five stages, and before each epoch the shuffle. Numbers of frames only. */
import type { Frames } from "../recording.ts";

export const STAGES = ["shuffle", "deal", "predictions", "loss", "gradient", "update"] as const;
export type Stage = typeof STAGES[number] | "done";

const STEPS = 5;

export interface Moment {
  stage: Stage;
  /** Frame of the recording the stage begins from: updates made before it. */
  update: number;
  epoch: number;
  /** Batch in the epoch, from 0. */
  batch: number;
}

export class Timeline {
  /**
   * @param updates Updates made in all.
   * @param batches Batches in an epoch.
   */
  constructor(readonly updates: number, readonly batches: number) {}

  private get perEpoch(): number {
    return 1 + STEPS * this.batches;
  }

  /** First frame of a stage of an update. */
  frameOf(update: number, stage: Stage = "deal"): number {
    const epoch = Math.floor(update / this.batches);
    if (update >= this.updates || stage === "done") return this.length - 1;
    const before = epoch * this.perEpoch;
    if (stage === "shuffle") return before;
    return before + 1 + STEPS * (update - epoch * this.batches) + STAGES.indexOf(stage) - 1;
  }

  get length(): number {
    const epochs = Math.floor(this.updates / this.batches), rest = this.updates % this.batches;
    return epochs * this.perEpoch + (rest ? 1 + STEPS * rest : 0) + 1;
  }

  at(frame: number): Moment {
    const epoch = Math.floor(frame / this.perEpoch), within = frame % this.perEpoch;
    const batch = within ? Math.floor((within - 1) / STEPS) : 0;
    const update = epoch * this.batches + batch;
    if (frame >= this.length - 1) {
      const last = Math.max(0, this.updates - 1);
      const lastEpoch = Math.floor(last / this.batches);
      return {
        stage: "done",
        update: this.updates,
        epoch: lastEpoch,
        batch: last - lastEpoch * this.batches,
      };
    }
    return { stage: within ? STAGES[1 + (within - 1) % STEPS] : "shuffle", update, epoch, batch };
  }

  get epochStarts(): number[] {
    const epochs = Math.ceil(this.updates / this.batches);
    return Array.from({ length: epochs }, (_, epoch) => epoch * this.perEpoch);
  }

  get updateStarts(): number[] {
    return Array.from({ length: this.updates }, (_, update) => this.frameOf(update));
  }

  /** The place in this timeline where as many rows were processed, at the same stage. */
  find(moment: Moment, processed: number, frames: Frames): number {
    if (moment.stage === "done") return this.length - 1;
    let low = 0, high = this.updates;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (frames.value("processed", middle) <= processed) low = middle;
      else high = middle - 1;
    }
    const stage = moment.stage === "shuffle" && low % this.batches ? "deal" : moment.stage;
    return this.frameOf(low, stage);
  }
}

/** Rows of an epoch in the order they are dealt; those a broken-off epoch did not deal follow in the table's order. */
export function orderOf(
  frames: Frames,
  timeline: Timeline,
  epoch: number,
  rows: number,
): Int32Array {
  const order = new Int32Array(rows);
  const seen = new Uint8Array(rows);
  let place = 0;
  const first = epoch * timeline.batches;
  for (
    let update = first;
    update < Math.min(first + timeline.batches, timeline.updates);
    update++
  ) {
    const batch = frames.row("rows", update), count = frames.value("count", update);
    for (let row = 0; row < count; row++) {
      order[place++] = batch[row];
      seen[batch[row]] = 1;
    }
  }
  for (let row = 0; row < rows; row++) if (!seen[row]) order[place++] = row;
  return order;
}
