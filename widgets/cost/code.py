"""The plain numpy program that measures the same: no widget, nothing of firstepoch."""

from __future__ import annotations

from firstepoch.widgets.cost.measure import BATCHES, FEWEST, Settings

_HEAD = """\
import time

import numpy as np

rng = np.random.default_rng({seed})
sizes = {sizes}
batch_size = {batch_size}
{note}x = rng.standard_normal((sizes[-1], {inputs}), dtype=np.float32)
y = rng.integers(0, 2, (sizes[-1], 1)).astype(np.float32)
"""

_HIDDEN = """\
w1 = rng.standard_normal(({inputs}, {hidden}), dtype=np.float32) / np.float32({inputs}**0.5)
b1 = np.zeros({hidden}, np.float32)
w2 = rng.standard_normal(({hidden}, 1), dtype=np.float32) / np.float32({hidden}**0.5)
b2 = np.zeros(1, np.float32)


def gradient(x, y):
    \"\"\"Of the binary cross-entropy, summed over these rows, for w1, b1, w2 and b2.\"\"\"
    hidden = np.maximum(x @ w1 + b1, 0)  # relu
    p = 0.5 + 0.5 * np.tanh((hidden @ w2 + b2) / 2)  # sigmoid
    error = p - y
    back = (error @ w2.T) * (hidden > 0)
    return x.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)
"""

_LOGISTIC = """\
w = rng.standard_normal(({inputs}, 1), dtype=np.float32) / np.float32({inputs}**0.5)
b = np.zeros(1, np.float32)


def gradient(x, y):
    \"\"\"Of the binary cross-entropy, summed over these rows, for w and b.\"\"\"
    p = 0.5 + 0.5 * np.tanh((x @ w + b) / 2)  # sigmoid
    return x.T @ (p - y), (p - y).sum(axis=0)
"""

_TAIL = """\


def all_rows(n):
    \"\"\"Gradient of the mean loss of n rows, some rows at a time: they stay in the processor's cache.\"\"\"
    parts = [slice(start, min(start + {chunk}, n)) for start in range(0, n, {chunk})]
    sums = [gradient(x[part], y[part]) for part in parts]
    return [sum(arrays) / n for arrays in zip(*sums)]


def one_batch(n):
    \"\"\"Gradient of the mean loss of a few of the n rows, chosen at random.\"\"\"
    chosen = rng.choice(n, batch_size, replace=False, shuffle=False)
    return [array / batch_size for array in gradient(x[chosen], y[chosen])]


def seconds(work, n, repetitions):
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work(n)
        times.append(time.perf_counter() - start)
    return np.median(times)


seconds(one_batch, sizes[0], 3)  # the first calls are slower
for n in sizes:
    everything, few = seconds(all_rows, n, {fewest}), seconds(one_batch, n, {batches})
    print(f"{{n:>9,}} rows: {{everything:.6f}} s, a batch: {{few:.6f}} s, {{everything / few:,.1f}} times as long")
"""


def program(settings: Settings, chunk: int) -> str:
    """A program that times the same gradients and prints a line for each n.

    Args:
        settings: What is measured.
        chunk: Rows at a time.
    """
    values = {
        "seed": settings.seed,
        "sizes": settings.sizes,
        "batch_size": settings.batch_size,
        "inputs": settings.inputs,
        "hidden": settings.hidden,
        "chunk": chunk,
        "fewest": FEWEST,
        "batches": BATCHES,
        "note": "" if settings.generated else "# The card repeated the rows it was given; these are made up.\n",
    }
    model = _HIDDEN if settings.hidden else _LOGISTIC
    return "".join(part.format(**values) for part in (_HEAD, model, _TAIL))
