/** Hears of changed traits until the view closes. */

/** What an AnyModel gives for it, whatever its traits. */
interface Heard {
  on(event: string, heard: () => void): void;
  off(event: string, heard: () => void): void;
}

/** Calls `changed` whenever one of these traits changes. */
export function listen(
  model: unknown,
  names: readonly string[],
  signal: AbortSignal,
  changed: () => void,
): void {
  const heard = model as Heard;
  for (const name of names) {
    heard.on(`change:${name}`, changed);
    signal.addEventListener("abort", () => heard.off(`change:${name}`, changed));
  }
}
