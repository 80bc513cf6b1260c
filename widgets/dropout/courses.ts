/** What the plots of means show of a recording: one unit, or the network's output, through the batches. */
import type { Frames } from "../recording.ts";
import type { Course } from "./means.ts";
import type { Facts } from "./traits.ts";

/** The unit of this number, from 0. */
export function unitCourse(frames: Frames, { expected, scale }: Facts, unit: number): Course {
  const of = (name: string) => (frame: number) => frames.row(name, frame)[unit];
  // At a high rate a survivor's value is far off; what matters is where the mean goes.
  const far = (expected[unit] || 1) * Math.min(scale, 3);
  return {
    length: frames.length,
    expected: expected[unit],
    value: of("after"),
    mean: of("mean"),
    error: of("error"),
    low: Math.min(0, far),
    high: Math.max(0, far),
  };
}

export function outputCourse(frames: Frames, { output_expected: expected }: Facts): Course {
  const of = (name: string) => (frame: number) => frames.value(name, frame);
  let low = expected, high = expected;
  for (let frame = 0; frame < frames.length; frame++) {
    low = Math.min(low, frames.value("output", frame));
    high = Math.max(high, frames.value("output", frame));
  }
  return {
    length: frames.length,
    expected,
    value: of("output"),
    mean: of("output_mean"),
    error: of("output_error"),
    low,
    high,
  };
}
