/** Numbers as Python writes them: the shortest digits that give the element back. */

/** Digits enough for the element type; a float32 is not shown with the digits of a float64. */
export function exact(value: number, dtype: string): string {
  if (dtype === "bool") return value ? "True" : "False";
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "−inf";
  if (/int/.test(dtype)) return signed(value.toLocaleString("en"));
  const round = rounding[dtype];
  if (round) {
    for (let digits = 1; digits <= 9; digits++) {
      const shown = Number(value.toPrecision(digits));
      if (round(shown) === value) return signed(String(shown));
    }
  }
  return signed(String(value));
}

const rounding: Record<string, (value: number) => number> = {
  float32: Math.fround,
  float16: (value) => rounded(value, 10, -14),
  bfloat16: (value) => rounded(value, 7, -126),
};

/** The nearest number with so many binary digits after the first; ties go to the even one. */
function rounded(value: number, digits: number, least: number): number {
  if (value === 0) return 0;
  const power = Math.max(least, Math.floor(Math.log2(Math.abs(value))));
  const unit = 2 ** (power - digits);
  const whole = value / unit, down = Math.floor(whole), rest = whole - down;
  const up = rest > 0.5 || (rest === 0.5 && down % 2 !== 0);
  return (down + (up ? 1 : 0)) * unit;
}

/** At most four figures, for a cell of the picture. */
export function short(value: number, dtype: string): string {
  if (dtype === "bool" || !Number.isFinite(value)) return exact(value, dtype);
  if (Number.isInteger(value) && Math.abs(value) < 1e5) return signed(String(value));
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return signed(value.toExponential(1));
  return signed(String(Number(value.toPrecision(3))));
}

export const signed = (shown: string) => shown.replaceAll("-", "−");

/** A shape as Python writes it: (), (3,), (2, 3). */
export function tuple(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

export function bytes(count: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  if (count < 10_000) return `${count.toLocaleString("en")} bytes`;
  const power = Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  return `${Number((count / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
