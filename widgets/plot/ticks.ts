/** Round numbers along an axis, and how they are written. */
// @ts-types="@types/d3-array"
import { ticks as roundNumbers } from "d3-array";

export function ticks(low: number, high: number, count: number): number[] {
  return Number.isFinite(high - low) && high > low ? roundNumbers(low, high, count) : [];
}

/** The ticks as text: as many decimals as tell them apart, thousands apart, powers of ten where they are huge. */
export function tickTexts(values: number[]): string[] {
  const largest = Math.max(...values.map(Math.abs));
  const step = values.length > 1 ? Math.abs(values[1] - values[0]) : Math.abs(values[0] || 1);
  const exponent = largest >= 1e6 || largest > 0 && largest < 1e-4;
  const decimals = Math.max(0, Math.min(12, -Math.floor(Math.log10(step) + 1e-9)));
  const one = (value: number) =>
    exponent
      ? value === 0 ? "0" : value.toExponential(largest / step >= 10 ? 1 : 0).replace("e+", "e")
      : value.toLocaleString("en", {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      });
  return values.map((value) => one(value).replaceAll("-", "−"));
}
