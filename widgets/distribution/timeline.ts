/** The stages of the player: the start, then four for each update. Numbers of frames only. */

export const STAGES = ["deal", "gradient", "reduce", "update"] as const;
export type Stage = typeof STAGES[number] | "start";

export interface Moment {
  stage: Stage;
  /** Frame of the recording that tells of this update; 0 at the start. */
  update: number;
}

export class Timeline {
  constructor(readonly updates: number) {}

  get length(): number {
    return 1 + STAGES.length * this.updates;
  }

  at(frame: number): Moment {
    if (frame <= 0) return { stage: "start", update: 0 };
    const place = frame - 1;
    return {
      stage: STAGES[place % STAGES.length],
      update: 1 + Math.floor(place / STAGES.length),
    };
  }

  /** First frame of each update, and of the start. */
  get starts(): number[] {
    return [0, ...Array.from({ length: this.updates }, (_, update) => 1 + STAGES.length * update)];
  }
}
