/** The state in words and as the formula with this row's numbers. */
import type { State } from "./traits.ts";

/** An output or a term: three decimals, more where they would show nothing but zeros or nines. */
export function shown(value: number): string {
  if (value === 0 || value === 1) return String(value);
  const digits = value < 0.001
    ? 1 - Math.floor(Math.log10(value))
    : value > 0.999 && value < 1
    ? 7
    : 3;
  const words = value.toFixed(digits);
  return digits > 3 ? words.replace(/0+$/, "") : words;
}

/** With its sign, two decimals. */
export function signed(value: number): string {
  const size = Math.abs(value), digits = size && size < 0.1 ? 3 : 2;
  const words = size.toFixed(digits);
  return Number(words) ? `${value < 0 ? "−" : "+"}${words}` : "0";
}

/** −(1·log 0.830 + 0·log 0.170) = 0.186, with the output as Keras takes its logarithm. */
export function formula({ y, outputs, terms, row }: State): [start: string, result: string] {
  const p = Math.max(1e-7, Math.min(1 - 2 ** -23, outputs[row]));
  return [
    `−(${y[row]}·log ${shown(p)} + ${1 - y[row]}·log ${shown(1 - p)}) =`,
    shown(terms[row]),
  ];
}

export const total = ({ terms }: State): number => {
  let sum = 0;
  for (const term of terms) sum += term;
  return sum;
};

export const share = (state: State): number => state.terms[state.row] / (total(state) || 1);

export function percent(value: number): string {
  if (value < 0.0005) return "less than 0.1 %";
  return value >= 0.1 ? `${Math.round(100 * value)} %` : `${(100 * value).toFixed(1)} %`;
}

/** "patient 12 of the training rows"; "row 2" where there is one set. */
export function nameOf({ facts, set, row }: State): string {
  return facts.sets.length > 1
    ? `${facts.row_name} ${row} of the ${set.name} rows`
    : `${facts.row_name} ${row}`;
}

export function sentence(state: State): string {
  const { y, outputs, terms, row, set, mean, wrong, before, changed } = state;
  const p = outputs[row], right = y[row] === 1 ? p : 1 - p;
  const how = right > 0.895
    ? "sure and right"
    : right > 0.5
    ? "right, not sure"
    : right > 0.105
    ? "wrong, not sure"
    : "sure and wrong";
  const name = nameOf(state), one = `${name[0].toUpperCase()}${name.slice(1)}`;
  const term = `${one}: y = ${y[row]}, model(x) = ${shown(p)}, ${how}: term ${shown(terms[row])}${
    terms[row] > 15.9 ? ", the most that Keras gives" : ""
  }`;
  if (set.count === 1) return `${term}. With one row, the mean is that term.`;
  const moved = changed ? `, before your change ${shown(before)}` : "";
  return `${term}, ${percent(share(state))} of the sum of all ${set.count}. Mean ${
    shown(mean)
  }${moved}; ` +
    `${wrong} on the wrong side of 0.5.`;
}

export function numbers({ mean, wrong, set }: State): string {
  return `mean ${shown(mean)} · ${set.count - wrong} of ${set.count} right`;
}
