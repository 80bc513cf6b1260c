/** The colours of the page as numbers. */

export type Rgb = [number, number, number];

const TOKENS = [
  "surface",
  "raised",
  "ink",
  "muted",
  "line",
  "accent",
  "train",
  "valid",
  "best",
  "batch",
  "width",
  "bad",
] as const;
export type Token = typeof TOKENS[number];
export type Palette = Record<Token, Rgb>;

export function readPalette(root: HTMLElement): Palette {
  const probe = root.ownerDocument.createElement("i");
  probe.hidden = true;
  root.append(probe);
  const found = {} as Palette;
  for (const token of TOKENS) {
    probe.style.color = `var(--fe-${token})`;
    found[token] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).slice(0, 3).map(
      Number,
    ) as Rgb;
  }
  probe.remove();
  return found;
}

/** Calls back when the page changes between light and dark. */
export function watchTheme(signal: AbortSignal, changed: () => void): void {
  const observer = new MutationObserver(changed);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, {
      attributeFilter: ["data-jp-theme-light", "data-fe-theme", "class", "style"],
    });
  }
  const media = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
  media?.addEventListener("change", changed, { signal });
  signal.addEventListener("abort", () => observer.disconnect());
}

export const css = ([r, g, b]: Rgb, opacity = 1) => `rgb(${r} ${g} ${b} / ${opacity})`;

export const mix = (one: Rgb, other: Rgb, share: number): Rgb =>
  one.map((value, channel) => value + (other[channel] - value) * share) as Rgb;

/** Black or white, whichever stands out more: at least 4.5 to 1 on any colour (WCAG 2.2, contrast ratio). */
export function inkOn(colour: Rgb): Rgb {
  const [r, g, b] = colour.map((level) => {
    const share = level / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (luminance + 0.05) ** 2 < 1.05 * 0.05 ? [255, 255, 255] : [0, 0, 0];
}
