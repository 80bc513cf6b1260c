"""The program of the second Python: times one product of two matrices, with so many threads, and says what it saw.

It imports nothing of firstepoch. It reads `settings.json` in its folder and leaves `result.json` there. How many
threads NumPy has is said by the environment, because NumPy asks only when it is loaded.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

_LEAST, _MOST, _SECONDS = 3, 50, 1.0


def times(work: Callable[[], Any], fewest: int = _LEAST) -> dict[str, Any]:
    """Median, fastest and slowest of several repetitions, in seconds, after one that is not counted."""
    work()
    taken: list[float] = []
    while len(taken) < fewest or (sum(taken) < _SECONDS and len(taken) < _MOST):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return {
        "seconds": float(np.median(taken)),
        "fastest": min(taken),
        "slowest": max(taken),
        "repetitions": len(taken),
    }


def matrices(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Two matrices of float32, shape (size, size)."""
    rng = np.random.default_rng(0)
    return rng.random((size, size), np.float32), rng.random((size, size), np.float32)


def difference(product: Any, a: np.ndarray, b: np.ndarray) -> float:
    """Largest difference of the first row of a product from the same in float64, as a share of the largest."""
    exact = a[0].astype(np.float64) @ b.astype(np.float64)
    return float(np.abs(np.asarray(product[0], np.float64) - exact).max() / exact.max())


def loop(a: list[list[float]], b: list[list[float]]) -> list[list[float]]:
    """The product, one number after the other."""
    size = len(a)
    product = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(size):
            total = 0.0
            for k in range(size):
                total += a[i][k] * b[k][j]
            product[i][j] = total
    return product


def by_python(size: int) -> list[dict[str, Any]]:
    """The loop in plain Python."""
    a, b = matrices(size)
    lists = a.tolist(), b.tolist()
    return [{"way": 0, **times(lambda: loop(*lists)), "difference": difference(loop(*lists), a, b)}]


def by_numpy(size: int) -> list[dict[str, Any]]:
    """NumPy."""
    a, b = matrices(size)
    return [{"way": 1, **times(lambda: a @ b), "difference": difference(a @ b, a, b)}]


def by_tensorflow(size: int, threads: int, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """TensorFlow, on the processor and on every graphics card it sees."""
    import keras
    import tensorflow as tf

    sys.stdout.write(json.dumps({"loaded": True}) + "\n")
    sys.stdout.flush()
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    facts["tensorflow"], facts["keras"] = tf.__version__, keras.__version__
    facts["devices"] = [
        {
            "name": device.name.removeprefix("/physical_device:"),
            "kind": device.device_type,
            "model": tf.config.experimental.get_device_details(device).get("device_name", ""),
        }
        for device in tf.config.list_physical_devices()
    ]
    layer, x = keras.layers.Dense(1), np.ones((32, 29), np.float32)
    facts["placed"] = layer(x).device.rpartition("device:")[2]
    with tf.device("CPU:0"):
        facts["asked"] = layer(x).device.rpartition("device:")[2]
    found = []
    a, b = matrices(size)
    cards = [device["name"] for device in facts["devices"] if device["kind"] == "GPU"]
    for way, name in [(2, "CPU:0"), *((3, card) for card in cards)]:
        with tf.device(name):
            left, right = tf.constant(a), tf.constant(b)

            def work(left: Any = left, right: Any = right) -> Any:
                # A graphics card may answer before it is done; its first number is there only then.
                product = tf.linalg.matmul(left, right)
                product[0, 0].numpy()
                return product

            found.append({"way": way, **times(work), "difference": difference(work().numpy(), a, b)})
    return found


def main() -> None:
    """Do what the settings say."""
    with open("settings.json", encoding="utf-8") as file:
        wanted = json.load(file)
    size, facts = wanted["size"], {"numpy": np.__version__}
    if wanted["kind"] == "tensorflow":
        rows = by_tensorflow(size, wanted["threads"], facts)
    else:
        rows = by_python(size) if wanted["kind"] == "python" else by_numpy(size)
    with open("result.json", "w", encoding="utf-8") as file:
        json.dump({"facts": facts, "rows": rows}, file)


if __name__ == "__main__":
    main()
