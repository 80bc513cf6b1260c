"""The plain numpy program that counts the same: no widget, nothing of firstepoch."""

from __future__ import annotations

_WILSON = """

def wilson(k, n, z=1.959963984540054):
    \"\"\"The 95 % interval of k of n (Wilson 1927, J. Am. Stat. Assoc. 22, 209-212).\"\"\"
    share = k / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return middle - half, middle + half


low, high = wilson(right, n)
print(f"{right} of {n} right: {right / n:.3f}, 95 % interval {low:.3f} to {high:.3f}")
print("one row is", round(100 / n, 2), "points")
"""

_BINARY = """\
threshold = {threshold!r}
predicted = outputs > outputs.dtype.type(threshold)  # strictly above, as Keras's accuracy asks
actual = y == 1
tn, fp = int(np.sum(~predicted & ~actual)), int(np.sum(predicted & ~actual))
fn, tp = int(np.sum(~predicted & actual)), int(np.sum(predicted & actual))
print(f"tn {{tn}}, fp {{fp}}, fn {{fn}}, tp {{tp}}")
right, n = tn + tp, len(y)
"""

_MANY = """\
actual, predicted = y.astype(int), outputs.argmax(axis=1)  # the class with the largest output
confusion = np.zeros(({classes}, {classes}), int)
np.add.at(confusion, (actual, predicted), 1)
print(confusion)
right, n = int(np.trace(confusion)), len(y)
"""

_NUMBERS = """\
predicted = outputs * data.target_std + data.target_mean  # back to the target's own unit
actual = y * data.target_std + data.target_mean
error = predicted - actual
mae = np.abs(error).mean()
rmse = np.sqrt(np.mean(error**2))
r2 = 1 - np.sum(error**2) / np.sum((actual - actual.mean()) ** 2)
print(f"MAE {{mae:.4g}}, RMSE {{rmse:.4g}}, R² {{r2:.3f}}")
"""

_RESAMPLED = """
rng = np.random.default_rng({seed})
drawn = rng.integers(0, len(error), (2000, len(error)))  # rows drawn with replacement
print("95 % interval of the MAE", np.percentile(np.abs(error)[drawn].mean(axis=1), [2.5, 97.5]))
"""

_NORMAL = """
half = 1.959963984540054 * np.abs(error).std() / np.sqrt(len(error))  # what a bootstrap of so many rows comes to
print("95 % interval of the MAE", mae - half, mae + half)
"""


def program(
    task: str, rows: str, *, training: int, asks: bool, threshold: float, classes: int, seed: int | None
) -> str:
    """A program that recomputes the counts and their interval from `model` and `data`.

    Args:
        task: binary, multiclass or regression.
        rows: training, validation or test.
        training: Number of training rows before those that validate.
        asks: Whether `model` is a model, and not an array of its outputs.
        threshold: Predict 1 above it.
        classes: Number of classes.
        seed: Of the bootstrap; None for the normal interval of many rows.
    """
    part = {"training": f"train[:{training}]", "validation": f"train[{training}:]", "test": "test"}[rows]
    outputs = "model.predict(x, verbose=0)" if asks else "np.asarray(model)"
    column = "" if task == "multiclass" else ".reshape(len(y))"
    numbers = _NUMBERS + (_NORMAL if seed is None else _RESAMPLED)
    body = {"binary": _BINARY, "multiclass": _MANY, "regression": numbers}[task]
    return (
        "import numpy as np\n\n"
        f"# model and data: as they were given to the card.\nx, y = data.x_{part}, data.y_{part}\n"
        f"outputs = {outputs}{column}\n"
        + body.format(threshold=threshold, classes=classes, seed=seed)
        + (_WILSON if task != "regression" else "")
    )
