/** The update rules in symbols, and with the numbers of one step. */
import { number } from "../dom.ts";
import type { Race, Runner } from "./race.ts";

export interface Line {
  symbols: string;
  /** One for each weight; none before the first step. */
  numbers: string[];
}

/** Keras's rule line by line, as it made this frame. Empty for an optimizer whose rule is not known here. */
export function ruleOf(race: Race, runner: Runner, frame: number): Line[] {
  const { spec } = runner;
  const now = race.frameOf(runner, frame), before = now - 1;
  const plain = (name: string) => Number(spec[name] ?? 0);
  const rate = now ? race.value(runner, "learning_rate", before) : spec.learning_rate;
  const at = (name: string, step: number, axis: number) => race.row(runner, name, step)[axis];
  const n = (value: number) => number(value, 3);
  /** A hyper-parameter as it was given. */
  const own = (value: number) => String(Number(value.toPrecision(7))).replace("-", "−");
  const signed = (value: number) => value < 0 ? `(${n(value)})` : n(value);
  const line = (symbols: string, numbers: (axis: number) => string): Line => ({
    symbols,
    numbers: now ? [0, 1].map((axis) => `w${"₁₂"[axis]}: ${numbers(axis)}`) : [],
  });
  const g = (axis: number) => at("gradient", before, axis);
  const was = (name: string, axis: number) => at(name, before, axis);
  const is = (name: string, axis: number) => at(name, now, axis);
  const a = race.has(runner, "learning_rate") && runner.schedule !== "constant"
    ? n(rate)
    : own(rate);
  const e = own(plain("epsilon"));
  const decay = plain("weight_decay");
  /** Weight decay comes first: the step begins from the decayed weights. */
  const from = (axis: number) => was("w", axis) * (1 - decay * rate);
  const lines: Line[] = decay
    ? [line("w ← w − α λ w", (axis) => {
      const w = was("w", axis);
      return `${n(w)} − ${a} × ${own(decay)} × ${signed(w)} = ${n(from(axis))}`;
    })]
    : [];

  switch (spec.name) {
    case "sgd":
      lines.push(
        line(
          "w ← w − α g",
          (axis) => `${n(from(axis))} − ${a} × ${signed(g(axis))} = ${n(is("w", axis))}`,
        ),
      );
      break;
    case "momentum":
    case "nesterov": {
      const beta = own(plain("momentum"));
      lines.push(
        line(
          "m ← β m − α g",
          (axis) =>
            `${beta} × ${signed(was("momentum", axis))} − ${a} × ${signed(g(axis))} = ${
              n(is("momentum", axis))
            }`,
        ),
      );
      lines.push(
        spec.name === "momentum"
          ? line(
            "w ← w + m",
            (axis) => `${n(from(axis))} + ${signed(is("momentum", axis))} = ${n(is("w", axis))}`,
          )
          : line(
            "w ← w + β m − α g",
            (axis) =>
              `${n(from(axis))} + ${beta} × ${signed(is("momentum", axis))} − ${a} × ${
                signed(g(axis))
              } = ${n(is("w", axis))}`,
          ),
      );
      break;
    }
    case "adagrad":
      lines.push(
        line(
          "s ← s + g²",
          (axis) =>
            `${n(was("accumulator", axis))} + ${signed(g(axis))}² = ${n(is("accumulator", axis))}`,
        ),
      );
      lines.push(
        line(
          "w ← w − α g / √(s + ε)",
          (axis) =>
            `${n(from(axis))} − ${a} × ${signed(g(axis))} / √(${
              n(is("accumulator", axis))
            } + ${e}) = ${n(is("w", axis))}`,
        ),
      );
      break;
    case "rmsprop": {
      const rho = own(plain("rho")), rest = own(1 - plain("rho"));
      lines.push(
        line(
          "v ← ρ v + (1 − ρ) g²",
          (axis) =>
            `${rho} × ${n(was("velocity", axis))} + ${rest} × ${signed(g(axis))}² = ${
              n(is("velocity", axis))
            }`,
        ),
      );
      const step = (axis: number) =>
        `${a} × ${signed(g(axis))} / √(${n(is("velocity", axis))} + ${e})`;
      if (plain("momentum")) {
        lines.push(
          line(
            "m ← β m + α g / √(v + ε)",
            (axis) =>
              `${own(plain("momentum"))} × ${signed(was("momentum", axis))} + ${step(axis)} = ${
                n(is("momentum", axis))
              }`,
          ),
        );
        lines.push(
          line(
            "w ← w − m",
            (axis) => `${n(from(axis))} − ${signed(is("momentum", axis))} = ${n(is("w", axis))}`,
          ),
        );
      } else {
        lines.push(
          line(
            "w ← w − α g / √(v + ε)",
            (axis) => `${n(from(axis))} − ${step(axis)} = ${n(is("w", axis))}`,
          ),
        );
      }
      break;
    }
    case "adam":
    case "adamw": {
      const one = plain("beta_1"), two = plain("beta_2");
      lines.push(
        line(
          "m ← β₁ m + (1 − β₁) g",
          (axis) =>
            `${own(one)} × ${signed(was("momentum", axis))} + ${own(1 - one)} × ${
              signed(g(axis))
            } = ${n(is("momentum", axis))}`,
        ),
      );
      lines.push(
        line(
          "v ← β₂ v + (1 − β₂) g²",
          (axis) =>
            `${own(two)} × ${n(was("velocity", axis))} + ${own(1 - two)} × ${signed(g(axis))}² = ${
              n(is("velocity", axis))
            }`,
        ),
      );
      lines.push(
        line(
          "w ← w − α √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)",
          (axis) =>
            `${n(from(axis))} − ${a} × √(1 − ${own(two)}^${now}) / (1 − ${own(one)}^${now}) × ${
              signed(is("momentum", axis))
            } / (√${n(is("velocity", axis))} + ${e}) = ${n(is("w", axis))}`,
        ),
      );
      break;
    }
    default:
      return [];
  }
  return lines;
}
