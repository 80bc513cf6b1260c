"""Times EpochRace: its updates against plain numpy, and in a browser its frames, messages and the answer to a slider.

* Updates: gradient descent and SGD with all that is recorded of each update (both losses, both gradients), against a
  loop of plain numpy that works out the same and keeps nothing. Limit: 2 times plain numpy, medians of runs in turn.
* Settings: `recompute`, from a changed setting to the last message, with both runs, plane, surface and program.
* Frames: 1x and 4x, from the first frame on and over again, for 242 and 10,000 rows and batches of 1, 7, 32 and all.
  Limit: the median is 55 frames a second or more, and no message goes to the kernel while it plays.
* Slider: the batch size is moved (242 rows, two weights), timed in the page from the event to the new numbers drawn.
  Limit: 200 ms, the median of 30 moves.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

import servers
import tensor_page
from chromium import FLAGS, find
from pages import open_voila, watch

from firstepoch.widgets import EpochRace
from firstepoch.widgets.epoch.logistic import Logistic
from firstepoch.widgets.epoch.network import Network
from firstepoch.widgets.epoch.race import Plan, race

UPDATE_LIMIT, FRAME_LIMIT_MS, SLIDER_LIMIT_MS = 2.0, 1000 / 55, 200
CASES = (
    ("logistic", 242, 1),
    ("logistic", 242, 32),
    ("logistic", 10_000, 32),
    ("network", 242, 1),
    ("network", 242, 32),
)
SETTING_LIMITS_MS = {("logistic", 242): 30, ("network", 242): 100, ("logistic", 10_000): 4000}
SETTING_CASES = (
    ("logistic", 242, 1),
    ("logistic", 242, 32),
    ("logistic", 242, 242),
    ("logistic", 10_000, 1),
    ("network", 242, 1),
    ("network", 242, 32),
    ("network", 242, 242),
)
PLAYED = 400
SETUP = """
from firstepoch import heart
data = heart.load()
def race(n, batch):
    if n == 242:
        names = list(data.feature_names)
        return widgets.EpochRace(data.x_train, data.y_train, names=names, features=["oldpeak", "thal_normal"],
                                 batch_size=batch, learning_rate=0.5, epochs=2)
    random = np.random.default_rng(0)
    x = random.normal(size=(n, 2))
    y = (x @ [1.0, -2.0] + random.normal(size=n) > 0).astype(int)
    return widgets.EpochRace(x, y, batch_size=batch, learning_rate=0.5, epochs=1)
"""
PLAY = """([card, frames]) => new Promise((resolve) => {
  const times = [];
  const button = (name) => card.querySelector(`.fe-player [aria-label="${name}"]`);
  if (button("loop").getAttribute("aria-pressed") !== "true") button("loop").click();
  button("first stage").click();
  button("play").click();
  const frame = (time) => {
    times.push(time);
    if (times.length > frames) {
      button("pause")?.click();
      resolve(times.slice(1).map((time, k) => time - times[k]));
    } else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""
MOVE = """([card, notch]) => new Promise((resolve, reject) => {
  const slider = card.querySelector('[aria-label^="batch size, from"]'), state = card.querySelector(".fe-state");
  const before = state.textContent, began = performance.now();
  setTimeout(() => reject(new Error("nothing has changed")), 20000);
  new MutationObserver((_, observer) => {
    if (state.textContent === before) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
  }).observe(state, { childList: true, characterData: true, subtree: true });
  slider.value = String(notch);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
})"""


def plain(
    kind: str, x: np.ndarray, y: np.ndarray, start: np.ndarray, order: np.ndarray, sizes: tuple[int, int]
) -> None:
    """What a race records of each update, written as one would by hand."""
    inputs = x.shape[1]

    def logistic(w: np.ndarray, rows: np.ndarray | slice) -> tuple[float, np.ndarray]:
        p = 1 / (1 + np.exp(-(x[rows] @ w)))
        return -np.mean(np.log(np.where(y[rows] == 1, p, 1 - p))), x[rows].T @ (p - y[rows]) / len(p)

    def network(w: np.ndarray, rows: np.ndarray | slice) -> tuple[float, np.ndarray]:
        cut = 16 * inputs
        kernel, bias, out = w[:cut].reshape(inputs, 16), w[cut : cut + 16], w[cut + 16 : -1]
        hidden = np.maximum(x[rows] @ kernel + bias, 0)
        p = 1 / (1 + np.exp(-(hidden @ out + w[-1])))
        error = (p - y[rows]) / len(p)
        back = np.outer(error, out) * (hidden > 0)
        parts = (x[rows].T @ back).ravel(), back.sum(axis=0), hidden.T @ error, [error.sum()]
        return -np.mean(np.log(np.where(y[rows] == 1, p, 1 - p))), np.concatenate(parts)

    both = logistic if kind == "logistic" else network
    for size in sizes:
        w = start.copy()
        for at in range(0, len(x), size):
            both(w, slice(None))
            w = w - 0.1 * both(w, order[at : at + size])[1]
        both(w, slice(None))


def updates() -> dict[tuple[str, int, int], tuple[float, float]]:
    """Seconds of one update of EpochRace and of plain numpy, medians, by model, rows and batch size."""
    found = {}
    for kind, n, size in CASES:
        random = np.random.default_rng(0)
        x, y = random.normal(size=(n, 2 if kind == "logistic" else 29)), (random.random(n) < 0.3).astype(float)
        model = Logistic(x, y) if kind == "logistic" else Network(x, y)
        plan = Plan(rows=n, batch_size=size, learning_rate=0.1, epochs=1, shuffle=True, seed=42)
        start, order, made = model.start(42), plan.orders()[0], plan.batches + 1
        ours, theirs = [], []
        for _ in range(7):
            began = time.perf_counter()
            race(model, plan, start, {})
            ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            plain(kind, x, y, start, order, (n, size))
            theirs.append(time.perf_counter() - began)
        found[kind, n, size] = statistics.median(ours) / made, statistics.median(theirs) / made
    return found


def settings() -> dict[tuple[str, int, int], float]:
    """Median seconds of `recompute`, by model, rows and batch size."""
    found = {}
    for kind, n, size in SETTING_CASES:
        random = np.random.default_rng(0)
        x, y = random.normal(size=(n, 2 if kind == "logistic" else 29)), (random.random(n) < 0.3).astype(int)
        view, taken = EpochRace(x, y, model=kind, batch_size=size), []
        for _ in range(5 if n > 1000 else 31):
            began = time.perf_counter()
            view.recompute()
            taken.append(time.perf_counter() - began)
        found[kind, n, size] = statistics.median(taken)
        view.close()
    return found


def measure() -> tuple[dict[str, tuple[list[float], int]], list[float]]:
    """Plays and moves.

    Returns:
        By what was played: milliseconds of each frame, messages to the kernel; and milliseconds of each move.
    """
    from playwright.sync_api import sync_playwright

    found: dict[str, tuple[list[float], int]] = {}
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        servers.write_notebook(folder, "tensor", tensor_page.HOLDER)
        (folder / "voila").mkdir()
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        with servers.voila(folder, folder / "voila") as server:
            page = watch(browser.new_context(viewport={"width": 1400, "height": 1200}).new_page())
            it = tensor_page.TensorPage(page, server.kernel(open_voila(page, server, "tensor")), "voila")
            page.wait_for_selector(".fe-tensor")
            it.kernel.run(SETUP)

            def show(n: int, batch: int) -> Any:
                it.show(f"race({n}, {batch})", ".fe-epoch")
                it.root.locator(".fe-contour").first.wait_for()
                page.wait_for_timeout(1000)
                return it.root.element_handle()

            for n in (242, 10_000):
                for batch in (1, 7, 32, n):
                    card = show(n, batch)
                    for speed in ("1", "4"):
                        it.root.get_by_label("speed").select_option(speed)
                        before = len(it.messages())
                        times = page.evaluate(PLAY, [card, PLAYED])
                        found[f"n = {n}, batch {batch}, {speed}x"] = times, len(it.messages()) - before
            card = show(242, 32)
            sizes = [size for size in np.unique(np.round(242 ** np.linspace(0, 1, 40))) if size != 32]
            notches = np.random.default_rng(0).permutation(1000 * np.log(sizes) / np.log(242))[:30]
            moves = [page.evaluate(MOVE, [card, round(notch)]) for notch in notches]
            assert page.problems == [], page.problems
            it.kernel.close()
        browser.close()
    return found, moves


def main() -> None:
    """Prints the tables and fails if a limit is missed."""
    missed = False
    print(f"microseconds an update, all of it recorded (limit {UPDATE_LIMIT:g}x plain numpy)\n")
    print(f"{'model':10} {'rows':>7} {'batch':>6} {'ours':>8} {'numpy':>8} {'ratio':>6}")
    for (kind, n, size), (ours, theirs) in updates().items():
        ok = ours <= UPDATE_LIMIT * theirs
        missed |= not ok
        told = f"{1e6 * ours:8.1f} {1e6 * theirs:8.1f} {ours / theirs:6.2f}  {'ok' if ok else 'MISSED'}"
        print(f"{kind:10} {n:7,} {size:6} {told}")
    print("\nmilliseconds from a changed setting to the last message\n")
    print(f"{'model':10} {'rows':>7} {'batch':>6} {'time':>8} {'limit':>6}")
    for (kind, n, size), seconds in settings().items():
        limit = SETTING_LIMITS_MS[kind, n]
        missed |= 1e3 * seconds > limit
        told = f"{1e3 * seconds:8.1f} {limit:6}  {'ok' if 1e3 * seconds <= limit else 'MISSED'}"
        print(f"{kind:10} {n:7,} {size:6} {told}")
    found, moves = measure()
    print(f"\nEpochRace in Chromium (limit of the median {FRAME_LIMIT_MS:.1f} ms a frame; 0 messages)\n")
    print(f"{'what plays':32} {'frames':>7} {'median':>7} {'95 %':>6} {'messages':>9}")
    for name, (times, messages) in found.items():
        middle = statistics.median(times)
        ok = middle <= FRAME_LIMIT_MS and messages == 0
        missed |= not ok
        late = np.percentile(times, 95)
        print(f"{name:32} {len(times):7} {middle:7.2f} {late:6.1f} {messages:9}  {'ok' if ok else 'MISSED'}")
    middle = statistics.median(moves)
    missed |= middle > SLIDER_LIMIT_MS
    print(
        f"\nslider to picture, n = 242: median {middle:.0f} ms, slowest {max(moves):.0f} ms (limit {SLIDER_LIMIT_MS})"
    )
    if missed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
