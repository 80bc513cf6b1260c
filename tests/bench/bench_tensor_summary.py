"""Times the summary of an array against numpy's mean, min and max of it.

Run `python tests/bench/bench_tensor_summary.py`, or call `measure()` for the ratios. Each ratio comes from interleaved
repetitions in one process.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from firstepoch.widgets.tensor.summary import summarise

LIMIT, SEED = 3.0, 42
REPETITIONS = {10**6: 101, 10**8: 7}
# At most 10,000 blocks each, some of which do not divide the axis.
CASES: list[tuple[tuple[int, ...], tuple[int, ...]]] = [
    ((10**6,), (100,)),
    ((10**6,), (101,)),
    ((1000, 1000), (10, 10)),
    ((1000, 1000), (7, 16)),
    ((1000, 1000), (64, 64)),
    ((10, 100, 1000), (1, 10, 10)),
    ((10, 100, 1000), (3, 7, 13)),
    ((10**5, 10), (20, 5)),
    ((10**5, 10), (70, 3)),
    ((10, 10**5), (10, 10)),
    ((10, 10**5), (3, 50)),
    ((32, 32, 32, 32), (4, 4, 4, 4)),
    ((10**8,), (10_000,)),
    ((10**8,), (10_007,)),
    ((10**4, 10**4), (100, 100)),
    ((10**4, 10**4), (128, 128)),
    ((10**4, 10**4), (700, 16)),
    ((100, 1000, 1000), (5, 50, 50)),
    ((100, 1000, 1000), (7, 13, 1000)),
    ((10**7, 10), (2000, 5)),
    ((10**7, 10), (10_007, 3)),
    ((10, 10**7), (10, 1000)),
    ((10, 10**7), (3, 4096)),
    ((100, 100, 100, 100), (10, 10, 10, 10)),
    ((100, 100, 100, 100), (7, 13, 11, 10)),
]


def timed(run: Callable[[], Any]) -> float:
    """Seconds that `run` takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def ratio(array: np.ndarray, block: tuple[int, ...], repetitions: int) -> float:
    """Median time of `summarise` over the median time of mean, min and max."""
    ours, numpys = [], []
    summarise(array, block)
    for _ in range(repetitions):
        numpys.append(timed(lambda: (array.mean(), array.min(), array.max())))
        ours.append(timed(lambda: summarise(array, block)))
    return statistics.median(ours) / statistics.median(numpys)


def measure() -> dict[str, float]:
    """Times every shape, with elements around 0 and with elements around 10,000 (which are centred first).

    Returns:
        The ratio of the time of `summarise` to the time of `a.mean(); a.min(); a.max()`, by shape, block and mean.
    """
    found = {}
    for mean in (0, 10_000):
        numbers = np.random.default_rng(SEED).standard_normal(10**8, np.float32)
        numbers += np.float32(mean)
        for shape, block in CASES:
            size = int(np.prod(shape))
            repetitions = REPETITIONS[10**6 if size < 10**7 else 10**8]
            array = np.resize(numbers[:size], shape) if size < 10**7 else numbers.reshape(shape)
            found[f"{' x '.join(map(str, shape))}, blocks of {' x '.join(map(str, block))}, mean {mean}"] = ratio(
                array, block, repetitions
            )
    return found


def main() -> None:
    """Prints the table and fails if a ratio is above the limit."""
    found = measure()
    print(f"time of summarise / time of a.mean(); a.min(); a.max(), float32 (limit {LIMIT:g})\n")
    for name, value in found.items():
        print(f"{name:70} {value:5.2f} {'ok' if value <= LIMIT else 'MISSED'}")
    if any(value > LIMIT for value in found.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
