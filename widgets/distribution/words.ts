/** What the card says of a frame. Numbers are formatted, never computed. */
import { number } from "../dom.ts";
import type { Frames } from "../recording.ts";
import type { Moment } from "./timeline.ts";
import type { Facts } from "./traits.ts";

export const whole = (value: number) => value.toLocaleString("en-US");

export const rowsOf = (count: number, { row_name: name }: Facts) =>
  `${whole(count)} ${name}${count === 1 ? "" : "s"}`;

/** A difference as it is: exactly 0, or how small. */
export function apart(value: number): string {
  return value === 0 ? "exactly 0" : `at most ${number(value, 2)}`;
}

export function sentenceOf(frames: Frames, facts: Facts, { stage, update }: Moment): string {
  const numbers = `${whole(facts.parameters)} numbers`;
  if (stage === "start") {
    return `The start: both devices hold a copy of the same network, ${
      whole(facts.parameters)
    } weights. Difference between the copies: ${apart(frames.value("replica_difference", 0))}.`;
  }
  const [first, second] = frames.row("dealt", update);
  const head = `Update ${whole(update)} of ${whole(facts.updates)}`;
  if (stage === "deal") {
    return second
      ? `${head}: the batch's ${rowsOf(first + second, facts)} are dealt, ${
        whole(first)
      } to device 1 and ${whole(second)} to device 2.`
      : `${head}: the batch has ${
        rowsOf(first, facts)
      } left, which cannot be divided. Device 1 takes it and device 2 has nothing to do.`;
  }
  const [one, other] = frames.row("gradient_norm", update);
  if (stage === "gradient") {
    if (!second) {
      return `${head}: device 1 computes its gradient, length ${
        number(one)
      }. Device 2 has no ${facts.row_name} and will send zeros.`;
    }
    const angle = frames.value("angle", update);
    return `${head}: each device computes the gradient of its own ${facts.row_name}s: lengths ${
      number(one)
    } and ${number(other)}${
      Number.isNaN(angle)
        ? ""
        : `, ${angle.toFixed(0)}° apart. Other ${facts.row_name}s, another direction`
    }.`;
  }
  if (stage === "reduce") {
    return `${head}, all-reduce: the two gradients are added and both devices get the sum: ${numbers} each way. Largest difference from the gradient of one device with all ${
      whole(first + second)
    } ${facts.row_name}s: ${number(frames.value("gradient_difference", update), 2)}.`;
  }
  const lone = frames.value("single_difference", update);
  return `${head}: both devices make the same update with the same sum. Difference between their weights: ${
    apart(frames.value("replica_difference", update))
  }; from one device alone: ${apart(lone)}${
    lone ? ", because float32 adds up in another order" : ""
  }.`;
}
