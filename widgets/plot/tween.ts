/** One transition at a time: a new one takes the place of the old, which is then at its end. */

export interface Tween {
  /** Calls `step` once a frame with a share from 0 to 1, eased out; the last call is always 1. */
  run(milliseconds: number, step: (share: number) => void): void;
  /** To the end at once. */
  finish(): void;
}

export function createTween(signal: AbortSignal): Tween {
  let handle = 0;
  let current: ((share: number) => void) | null = null;

  function finish(): void {
    if (!current) return;
    cancelAnimationFrame(handle);
    const step = current;
    current = null;
    step(1);
  }
  signal.addEventListener("abort", () => {
    cancelAnimationFrame(handle);
    current = null;
  });

  return {
    run(milliseconds, step) {
      finish();
      const began = performance.now();
      current = step;
      const next = () => {
        const share = Math.min(1, (performance.now() - began) / milliseconds);
        if (share >= 1) return finish();
        step(1 - (1 - share) ** 3);
        handle = requestAnimationFrame(next);
      };
      handle = requestAnimationFrame(next);
    },
    finish,
  };
}
