"""The Keras program with these settings."""

from __future__ import annotations

import json

from firstepoch.widgets.early_stopping.compute import Settings
from firstepoch.widgets.early_stopping.curves import Curves

_PASSED_ON = ("batch_size", "validation_split")


def program(curves: Curves, monitor: str, mode: str, settings: Settings) -> str:
    """`model.fit` with an EarlyStopping of these settings.

    Args:
        curves: The recorded run: as many epochs as it has, and its batch size and validation split where known.
        monitor: What is monitored.
        mode: "auto", "min" or "max".
        settings: The other arguments.

    Returns:
        Python source that needs a compiled `model`, and `x` and `y` to train it on.
    """
    arguments = [f"monitor={json.dumps(monitor)}", f"patience={settings.patience}"]
    arguments += [f"mode={json.dumps(mode)}"] * (mode != "auto")
    arguments += [f"min_delta={settings.min_delta!r}"] * (settings.min_delta != 0)
    arguments += [f"start_from_epoch={settings.start_from_epoch}"] * (settings.start_from_epoch != 0)
    arguments += [f"baseline={settings.baseline!r}"] * (settings.baseline is not None)
    arguments += [f"restore_best_weights={settings.restore_best_weights}"]
    known = {name: curves.settings[name] for name in _PASSED_ON if curves.settings.get(name)}
    if any(name.startswith("val_") for name in curves.values):
        known.setdefault("validation_split", 0.2)
    fit = ["x", "y", f"epochs={curves.first + len(curves)}"]
    fit += [f"initial_epoch={curves.first}"] * (curves.first > 0)
    fit += [f"{name}={value!r}" for name, value in known.items()]
    fit += ["callbacks=[stopping]"]
    return "\n".join(
        [
            "import keras",
            "",
            "# model is your compiled model, x and y are what it is trained on.",
            "stopping = keras.callbacks.EarlyStopping(",
            *(f"    {argument}," for argument in arguments),
            ")",
            "history = model.fit(",
            *(f"    {argument}," for argument in fit),
            ")",
            "",
        ]
    )
