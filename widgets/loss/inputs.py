"""What LossView is given, taken in and checked: outputs and targets, a model, or the recorded epochs of a training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.network import compute
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.training.code import program as program_of
from firstepoch.widgets.training.session import RUNNING
from firstepoch.widgets.training.widget import LiveTraining

MOST_ROWS = 10_000
MOST_NUMBERS = 2_000_000
_CHUNK = 4_000_000
_EXAMPLE = "For example: LossView([0.83, 0.4], [1, 0])."


@dataclass(frozen=True)
class Outputs:
    """What a model said of some rows, after each of some epochs.

    Attributes:
        outputs: float32 of shape (frames, rows), each from 0 to 1.
        y: The targets, 0 or 1, shape (rows,).
        sets: The sets of rows and how many each has, in the order of the rows.
        first: Epochs trained before the first frame.
        row_name: What one row is, in the singular.
        program: Python source that leaves `outputs` and `y` defined for all rows, with numpy imported as `np`.
    """

    outputs: np.ndarray
    y: np.ndarray
    sets: dict[str, int]
    first: int
    row_name: str
    program: str

    def of(self, name: str) -> slice:
        """Where the rows of a set are."""
        names = list(self.sets)
        start = sum(self.sets[one] for one in names[: names.index(name)])
        return slice(start, start + self.sets[name])


def take(given: Any, data: Any) -> Outputs:
    """Outputs of anything that has some.

    Args:
        given: Outputs, one a row; a keras.Model; a LiveTraining; or its recording.
        data: The targets of the rows, or the TabularData the model is of; a LiveTraining brings its own.

    Raises:
        SettingsError: It cannot be worked with; the sentence says why.
    """
    if isinstance(given, LiveTraining):
        return _of_training(given)
    if isinstance(given, Recording):
        return _of_recording(given, _binary(data), given.settings.get("network"))
    if hasattr(given, "predict"):
        return _of_model(given, _binary(data))
    return _of_arrays(given, data)


def _of_arrays(given: Any, data: Any) -> Outputs:
    if data is None:
        raise SettingsError(f"There are no targets: give y, 0 or 1 for each row, beside the outputs. {_EXAMPLE}")
    outputs, y = _column(given, "outputs"), _column(data, "y")
    if len(outputs) != len(y):
        raise SettingsError(f"There are {len(outputs):,} outputs and {len(y):,} targets: give one of each a row.")
    y = _targets(y, "y")
    outputs = _outputs(outputs)
    few = len(y) <= 20
    program = (
        f"outputs = np.array({[float(f'{one:.7g}') for one in outputs]}, dtype=np.float32)\ny = np.array({y.tolist()})"
        if few
        else "# outputs and y: the arrays you gave, one number a row."
    )
    return Outputs(outputs[None], y, {"rows": len(y)}, 0, "row", program)


def _of_model(model: Any, data: Any) -> Outputs:
    x, y = np.asarray(data.x_train), _targets(np.asarray(data.y_train).ravel(), "y_train")
    if not getattr(model, "built", True):
        raise SettingsError("The model is not built, so it has no weights yet. Train it, or begin it with keras.Input.")
    try:
        said = np.asarray(model.predict(x, verbose=0))
    except Exception as error:
        words = (str(error).splitlines() or [type(error).__name__])[0]
        raise SettingsError(f"The model could not be asked about the training rows: {words}") from error
    if said.size != len(y):
        raise SettingsError(f"The outputs have shape {said.shape}; binary cross-entropy needs one number a row.")
    code = getattr(data, "code", "")
    program = f"{code}\n# model: your trained model.\noutputs, y = model.predict(x_train, verbose=0)[:, 0], y_train"
    return Outputs(_outputs(said.ravel())[None], y, {"training": len(y)}, 0, _row_name(data), program)


def _of_training(live: LiveTraining) -> Outputs:
    run = live.run
    if live.status in RUNNING:
        raise SettingsError("The training is going on. Wait for its end first: live.wait().")
    if run.model is None or not len(run.recording):
        raise SettingsError("Nothing is trained yet. Train first: live.train(), then live.wait().")
    data = _binary(live.data)
    start = compute.parameters(live.untrained())
    found = _of_recording(run.recording, data, run.plan, start)
    program = f"{program_of(run, live.data)}\noutputs = model.predict(x_train, verbose=0)[:, 0]\ny = y_train"
    return Outputs(found.outputs, found.y, found.sets, found.first, found.row_name, program)


def _of_recording(recording: Recording, data: Any, plan: Any, start: np.ndarray | None = None) -> Outputs:
    if not len(recording) or "weights" not in recording or not plan:
        raise SettingsError(
            "This recording has no weights of a network that can be followed (a chain of Dense layers). Give the "
            "trained model and its data instead: LossView(model, data)."
        )
    weights = recording["weights"]
    first = int(recording["epoch"][0]) + 1 if "epoch" in recording else 1
    if start is not None and start.size == weights.shape[1]:
        weights, first = np.concatenate([start[None], weights]), first - 1
    x, y = np.asarray(data.x_train, np.float32), _targets(np.asarray(data.y_train).ravel(), "y_train")
    if x.shape[1] != plan["inputs"]:
        raise SettingsError(f"The network has {plan['inputs']} inputs and the data {x.shape[1]}: give its own data.")
    if weights.shape[0] * len(y) > MOST_NUMBERS:
        raise SettingsError(
            f"{weights.shape[0]:,} epochs of {len(y):,} rows are more than the {MOST_NUMBERS:,} outputs that can be "
            "shown. Train fewer epochs, or give the trained model and its data: LossView(model, data)."
        )
    widest = max(layer["units"] for layer in plan["layers"])
    step = max(1, _CHUNK // (len(y) * widest))
    parts = []
    for at in range(0, len(weights), step):
        *_, (_, last) = compute.through(weights[at : at + step], plan, x)
        parts.append(last)
    said = np.concatenate(parts)
    if said.shape[2] != 1:
        raise SettingsError(f"The network has {said.shape[2]} outputs; binary cross-entropy needs one number a row.")
    outputs = _outputs(said[:, :, 0])
    training = int(len(y) * (1 - float(recording.settings.get("validation_split") or 0)))
    sets = {"training": training} | ({"validation": len(y) - training} if training < len(y) else {})
    program = f"{getattr(data, 'code', '')}\n# model: the trained model.\n" + (
        "outputs, y = model.predict(x_train, verbose=0)[:, 0], y_train"
    )
    return Outputs(outputs, y, sets, first, _row_name(data), program)


def _row_name(data: Any) -> str:
    return str(getattr(data, "row_name", "") or "row")


def _binary(data: Any) -> Any:
    if not hasattr(data, "x_train"):
        raise SettingsError(
            f"data is {type(data).__name__}; give the TabularData the model is of, for example firstepoch.heart.load()."
        )
    if getattr(data, "task", "binary") != "binary":
        raise SettingsError(f"The target is {data.task}; binary cross-entropy is for a target that is 0 or 1.")
    return data


def _column(given: Any, name: str) -> np.ndarray:
    try:
        array = np.asarray(given)
    except ValueError:
        array = np.asarray("ragged")
    if array.dtype.kind not in "fiub":
        raise SettingsError(f"{name} is {type(given).__name__}, which does not hold numbers only. {_EXAMPLE}")
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise SettingsError(f"{name} has shape {array.shape}; give one number for each row. {_EXAMPLE}")
    if not len(array):
        raise SettingsError(f"{name} is empty; a mean needs one row at least. {_EXAMPLE}")
    if len(array) > MOST_ROWS:
        raise SettingsError(f"{name} has {len(array):,} rows; at most {MOST_ROWS:,} can be shown. Give the first.")
    return array


def _targets(y: np.ndarray, name: str) -> np.ndarray:
    odd = y[(y != 0) & (y != 1)]
    if len(odd):
        raise SettingsError(f"{name} has the value {odd[0]:g}; a target is 0 or 1.")
    return y.astype(np.int8)


def _outputs(outputs: np.ndarray) -> np.ndarray:
    values = np.asarray(outputs, np.float64)
    odd = int((~np.isfinite(values)).sum())
    if odd:
        raise SettingsError(f"{odd:,} of the outputs {'is' if odd == 1 else 'are'} NaN or infinite: there is no loss.")
    low, high = float(values.min()), float(values.max())
    if low < 0 or high > 1:
        raise SettingsError(
            f"The outputs reach from {low:.3g} to {high:.3g}; the model's output is from 0 to 1. If these are logits, "
            "apply keras.activations.sigmoid first."
        )
    return values.astype(np.float32)
