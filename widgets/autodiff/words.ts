/** How numbers are written; words.py writes them the same way. */
import { number } from "../dom.ts";

/** Three significant digits, fewer where the number needs fewer: 0.5 is "0.5", 0.1 + 0.2 is "0.300". */
export function shown(value: number): string {
  const text = number(value).replaceAll("-", "−");
  if (!text.includes(".") || text.includes("e") || Number(text.replaceAll("−", "-")) !== value) {
    return text;
  }
  return text.replace(/\.?0+$/, "");
}

/** All digits of a number. */
export function exact(value: number): string {
  return String(value).replaceAll("-", "−");
}
