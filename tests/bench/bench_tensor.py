"""Times TensorView against treescope, numpy and lovely-numpy, weighs what it sends, and counts frames in a browser.

Run `python tests/bench/bench_tensor.py`, or call `measure()` for the numbers. Needs a Chromium. Each ratio is of two
medians of repetitions in turn in one process. What is compared:

* First drawing: `TensorView(x)` up to the last message of the constructor, written as JSON as a kernel would, against
  `treescope.render_array(x, truncate=True)` written as HTML, which shows the edges, at most 10,000 cells. Of 10^8
  elements TensorView shows a part and computes the rest in a thread, which is waited for outside the time.
* Statistics: `summarise` with the blocks the view draws, against `x.mean(), x.min(), x.max()`. The view also counts a
  histogram of a sample; it is beside the target, and its time is printed.
* Frames: intervals of requestAnimationFrame in which the picture was painted anew. The page turns the cube by itself,
  by one dispatched pointer or key event a frame, so that the speed of the driver is not measured.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

import comm
import lovely_numpy
import numpy as np
import servers
import treescope
from chromium import FLAGS, find
from comm.base_comm import BaseComm
from pages import open_voila, watch
from tensor_page import HOLDER, TensorPage

from firstepoch.widgets import TensorView
from firstepoch.widgets.tensor.summary import histogram, summarise

SEED = 42
SHAPES = {10**3: (20, 50), 10**6: (1000, 1000), 10**8: (10**4, 10**4)}
TIMES = {10**3: (101, 1001), 10**6: (51, 101), 10**8: (15, 15)}
"""Repetitions of the first drawing, and of the statistics."""
FIRST_LIMIT, PASS_LIMIT, BYTES_LIMIT = 2.0, 3.0, 300_000
FRAME_LIMIT_MS = 1000 / 60 + 0.5
"""60 frames a second; half a millisecond is for the rounding of the browser's timer."""
TURN_FRAMES = 300
OPERATIONS = {
    "transpose of (6, 8)": ("np.arange(48).reshape(6, 8)", "'transpose'"),
    "matmul of (6, 8) and (8, 5)": ("np.arange(48).reshape(6, 8)", "'matmul', np.ones((8, 5), int)"),
}

FRAMES = """() => {
  window.frames_until = (canvas, act, ended) => new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("the animation does not end")), 60000);
    const pen = canvas?.getContext("2d"), times = [], painted = [];
    let paints = 0;
    if (pen) {
      pen.clearRect = (...box) => {
        paints++;
        CanvasRenderingContext2D.prototype.clearRect.apply(pen, box);
      };
    }
    const frame = (time) => {
      times.push(time);
      painted.push(paints);
      if (ended(times.length)) {
        if (pen) delete pen.clearRect;
        const intervals = times.slice(1).map((time, k) => time - times[k]);
        resolve(intervals.filter((_, k) => !pen || painted[k + 1] > painted[k]));
      } else {
        act(times.length);
        requestAnimationFrame(frame);
      }
    };
    requestAnimationFrame(frame);
  });
}"""
"""Milliseconds of the frames in which the canvas was cleared, thus painted anew, until the end; of all without one."""
IDLE = "(frames) => frames_until(null, () => {}, (count) => count > frames)"
DRAG = """(stage, frames) => {
  const canvas = stage.querySelector("canvas"), box = canvas.getBoundingClientRect();
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const fire = (type, movementX, movementY) => canvas.dispatchEvent(new PointerEvent(type, {
    bubbles: true, pointerId: 1, pointerType: "mouse", button: 0, buttons: 1,
    clientX: at.x += movementX, clientY: at.y += movementY, movementX, movementY,
  }));
  fire("pointerdown", 0, 0);
  return frames_until(canvas, (count) => {
    const way = count % 80 < 40 ? 1 : -1;
    fire("pointermove", 6 * way, 2 * way);
  }, (count) => count > frames).finally(() => fire("pointerup", 0, 0));
}"""
KEYS = """(stage, frames) => frames_until(stage.querySelector("canvas"), (count) => {
  const key = ["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"][Math.floor(count / 8) % 4];
  stage.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey: true, bubbles: true, cancelable: true }));
}, (count) => count > frames)"""
PLAY = """(card) => {
  const button = (name) => card.querySelector(`.fe-player button[aria-label="${name}"]`);
  const slider = card.querySelector(".fe-player input[type=range]");
  button("first step").click();
  let ended = 0;
  return frames_until(card.querySelector("canvas"), (count) => {
    if (count === 10) button("play").click();
    if (slider.value === slider.max) ended ||= performance.now();
  }, () => ended && performance.now() - ended > 1000);
}"""
"""Plays an operation at 1x from its first step to its last, and one second on for the last transition."""


class Weighed(BaseComm):
    """Writes every message as a kernel would, and adds up the bytes."""

    sent = 0

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        if msg_type != "comm_close":
            Weighed.sent += len(json.dumps(data).encode()) + sum(memoryview(part).nbytes for part in buffers or [])


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that `run` takes, and what it returns."""
    started = time.perf_counter()
    result = run()
    return time.perf_counter() - started, result


def in_turn(times: int, *runs: Callable[[], Any], after: Callable[[Any], Any] = lambda _: None) -> list[float]:
    """Median seconds of each run, all repeated in turn; `after` gets each result, outside the time."""
    seconds: list[list[float]] = [[] for _ in runs]
    for number in range(times + 1):
        for run, taken in zip(runs, seconds, strict=True):
            needed, result = timed(run)
            after(result)
            if number:
                taken.append(needed)
    return [statistics.median(taken) for taken in seconds]


def one_pass(x: np.ndarray) -> tuple[Any, Any, Any]:
    """What numpy needs three calls for."""
    return x.mean(), x.min(), x.max()


def finish(result: Any) -> None:
    """Let a view come to its end."""
    if isinstance(result, TensorView):
        result.wait()
        result.close()


def first_drawing(x: np.ndarray) -> list[float]:
    """Seconds to the first drawing of TensorView and of treescope."""
    return in_turn(
        TIMES[x.size][0],
        lambda: TensorView(x),
        lambda: treescope.render_array(x, truncate=True)._repr_html_(),
        after=finish,
    )


def exact_statistics(x: np.ndarray, block: tuple[int, ...]) -> list[float]:
    """Seconds of numpy's pass, of statistics and block means, of the histogram, and of lovely-numpy's summary."""
    told, blocks = summarise(x, block)
    assert (told.minimum, told.maximum) == (x.min(), x.max())
    assert abs(told.mean - x.mean(dtype=np.float64)) < 1e-6
    first = x[: block[0], : block[1]].mean(dtype=np.float64)
    assert abs(blocks.means[0, 0] - first) < 1e-5
    return in_turn(
        TIMES[x.size][1],
        lambda: one_pass(x),
        lambda: summarise(x, block),
        lambda: histogram(x),
        lambda: str(lovely_numpy.lo(x)),
    )


def value_in(view: TensorView, index: tuple[int, ...]) -> float:
    """What the cell that holds an element shows, as the browser got it."""
    drawn = view.drawn
    cells = np.frombuffer(drawn["cells"], drawn["dtype"]).reshape(drawn["shape"])
    places = zip(index, drawn["window"], drawn["block"], strict=True)
    return float(cells[tuple((at - start) // size for at, (start, _), size in places)])


def zoom(view: TensorView, index: tuple[int, ...]) -> tuple[int, int]:
    """Zooms as the page does, twice as near around an element, until each cell is one.

    Returns:
        Number of steps, and bytes of the heaviest of them.
    """
    view.window = [[0, size] for size in view.value.shape]
    view.wait()
    steps = heaviest = 0
    while max(view.drawn["block"]) > 1:
        before, window = Weighed.sent, []
        sizes = zip(index, view.window, view.drawn["block"], view.value.shape, strict=True)
        for at, (start, stop), block, most in sizes:
            size = -(-(stop - start) // 2) if block > 1 else stop - start
            first = max(0, min(most - size, round(at - size / 2))) if block > 1 else start
            window.append([first, first + size])
        view.window = window
        view.wait()
        steps, heaviest = steps + 1, max(heaviest, Weighed.sent - before)
    return steps, heaviest


def numbers() -> dict[str, Any]:
    """Times, bytes and zooms by number of elements."""
    kept, comm.create_comm = comm.create_comm, Weighed
    found: dict[str, Any] = {}
    try:
        for size, shape in SHAPES.items():
            x = np.random.default_rng(SEED).standard_normal(shape, np.float32)
            before = Weighed.sent
            view = TensorView(x)
            view.wait()
            opened, zoomed, most_steps = Weighed.sent - before, 0, 0
            block = tuple(view.drawn["block"])
            picked = np.random.default_rng(SEED).integers(0, shape, (20, 2)).tolist()
            for index in [(0, 0), (shape[0] - 1, shape[1] - 1), *map(tuple, picked)]:
                steps, heaviest = zoom(view, index)
                most_steps, zoomed = max(steps, most_steps), max(heaviest, zoomed)
                assert view.drawn["shown"] == "value" and value_in(view, index) == x[index], index
            view.close()
            found[f"{size}: bytes"] = opened, zoomed
            found[f"{size}: steps"] = most_steps
            found[f"{size}: first"] = first_drawing(x)
            found[f"{size}: pass"] = exact_statistics(x, block)
            found[f"{size}: block"] = block
    finally:
        comm.create_comm = kept
    return found


def frames() -> dict[str, tuple[list[float], int]]:
    """Milliseconds between painted frames, and messages to and from the kernel meanwhile, by what moves."""
    from playwright.sync_api import sync_playwright

    found = {}
    with tempfile.TemporaryDirectory(prefix="firstepoch-bench-") as folder, sync_playwright() as playwright:
        home = Path(folder)
        for name in ("notebooks", "Voilà"):
            (home / name).mkdir()
        servers.write_notebook(home / "notebooks", "tensor", HOLDER)
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        with servers.voila(home / "notebooks", home / "Voilà") as server:
            page = watch(browser.new_context(viewport={"width": 1400, "height": 1000}).new_page())
            page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: page.sent.append(frame)))
            it = TensorPage(page, server.kernel(open_voila(page, server, "tensor")), "voila")
            page.wait_for_selector(".fe-tensor")
            page.evaluate(FRAMES)

            def watched(name: str, run: Callable[[], list[float]]) -> None:
                page.wait_for_timeout(1000)
                before = len(it.messages())
                found[name] = run(), len(it.messages()) - before

            watched("nothing", lambda: page.evaluate(IDLE, TURN_FRAMES))
            it.show("widgets.TensorView(np.random.default_rng(0).normal(size=(20, 20, 20)))")
            for name, script in (("pointer", DRAG), ("keys", KEYS)):
                before = it.settled()
                watched(f"cube of 20 x 20 x 20, {name}", lambda script=script: it.stage.evaluate(script, TURN_FRAMES))
                assert len(found[f"cube of 20 x 20 x 20, {name}"][0]) > 0.9 * TURN_FRAMES
                assert it.settled() != before
            for name, (value, asked) in OPERATIONS.items():
                it.show(f"widgets.TensorView({value})")
                it.kernel.run(f"view.apply({asked})")
                card = it.root.locator(".fe-operation")
                card.wait_for()
                watched(name, lambda card=card: card.evaluate(PLAY))
            assert page.problems == [], page.problems
            it.kernel.close()
        browser.close()
    return found


def measure() -> dict[str, Any]:
    """Everything: `numbers()` and `frames()`.

    Returns:
        By number of elements: "N: first" (seconds of TensorView and treescope), "N: pass" (seconds of numpy, summarise,
        histogram, lovely-numpy), "N: block", "N: bytes" (of opening, of the heaviest zoom) and "N: steps"; by what
        moves: milliseconds of each painted frame, and messages to and from the kernel.
    """
    return numbers() | frames()


def main() -> None:
    """Prints the tables and fails if a limit is missed."""
    found, missed = measure(), False

    def verdict(ok: bool) -> str:
        nonlocal missed
        missed |= not ok
        return "ok" if ok else "MISSED"

    blas = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS")}
    print(f"float32, 2-D, medians in milliseconds; numpy {np.__version__}, environment for BLAS: {blas or 'none'}")
    print(f"\nfirst drawing (limit {FIRST_LIMIT:g}x)\n")
    print(f"{'elements':>10} {'TensorView':>11} {'treescope':>10} {'ratio':>6}")
    for size in SHAPES:
        ours, theirs = found[f"{size}: first"]
        ok = verdict(ours <= FIRST_LIMIT * theirs)
        print(f"{size:10} {1e3 * ours:11.2f} {1e3 * theirs:10.2f} {ours / theirs:6.2f}  {ok}")
    print(f"\nexact statistics and block means of all elements (limit {PASS_LIMIT:g}x numpy's mean, min and max)\n")
    print(
        f"{'elements':>10} {'block':>10} {'numpy':>8} {'ours':>8} {'ratio':>6} {'':6} {'histogram':>10} {'lovely':>8}"
    )
    for size in SHAPES:
        base, ours, counted, lovely = found[f"{size}: pass"]
        ok, block = verdict(ours <= PASS_LIMIT * base), " x ".join(map(str, found[f"{size}: block"]))
        print(
            f"{size:10} {block:>10} {1e3 * base:8.3f} {1e3 * ours:8.3f} {ours / base:6.2f} {ok:6} "
            f"{1e3 * counted:10.3f} {1e3 * lovely:8.3f}   with the histogram {(ours + counted) / base:.2f}"
        )
    print(f"\nbytes to the browser (limit {BYTES_LIMIT:,}), and zoom steps to single elements, all equal to x[i, j]\n")
    print(f"{'elements':>10} {'opening':>9} {'heaviest zoom':>14} {'steps':>6}")
    for size in SHAPES:
        opened, zoomed = found[f"{size}: bytes"]
        ok = verdict(max(opened, zoomed) < BYTES_LIMIT)
        print(f"{size:10} {opened:9,} {zoomed:14,} {found[f'{size}: steps']:6}  {ok}")
    print(f"\nmilliseconds of a frame in Chromium (limit of the median {FRAME_LIMIT_MS:.1f}), messages (limit 0)\n")
    print(f"{'what moves':30} {'frames':>7} {'median':>7} {'95 %':>6} {'messages':>9}")
    for name, told in found.items():
        if name.partition(":")[0].isdigit():
            continue
        times, messages = told
        middle = statistics.median(times)
        ok = verdict(middle <= FRAME_LIMIT_MS and messages == 0)
        late = np.percentile(times, 95)
        print(f"{name:30} {len(times):7} {middle:7.2f} {late:6.1f} {messages:9}  {ok}")
    if missed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
