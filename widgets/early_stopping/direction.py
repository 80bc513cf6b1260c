"""Which way is better: mode "auto" as Keras finds it, by the name of what is monitored."""

from __future__ import annotations

import re

from firstepoch.widgets.errors import SettingsError

MODES = ("auto", "min", "max")
_UP = frozenset(
    [
        "accuracy",
        "acc",
        "binaryaccuracy",
        "categoricalaccuracy",
        "sparsecategoricalaccuracy",
        "topkcategoricalaccuracy",
        "sparsetopkcategoricalaccuracy",
        "auc",
        "precision",
        "recall",
        "sensitivityatspecificity",
        "specificityatsensitivity",
        "precisionatrecall",
        "recallatprecision",
        "f1score",
        "fbetascore",
        "iou",
        "binaryiou",
        "meaniou",
        "onehotiou",
        "onehotmeaniou",
        "cosinesimilarity",
        "pearsoncorrelation",
        "concordancecorrelation",
        "r2score",
    ]
)
_DOWN = frozenset(
    [
        "loss",
        "meansquarederror",
        "mse",
        "meanabsoluteerror",
        "mae",
        "meanabsolutepercentageerror",
        "mape",
        "meansquaredlogarithmicerror",
        "msle",
        "rootmeansquarederror",
        "logcosh",
        "logcosherror",
        "binarycrossentropy",
        "bce",
        "categoricalcrossentropy",
        "sparsecategoricalcrossentropy",
        "kldivergence",
        "poisson",
        "hinge",
        "squaredhinge",
        "categoricalhinge",
    ]
)
"""Keras's metrics by every name `compile` takes, without underscores and capitals."""


def falls(monitor: str, mode: str) -> bool:
    """Whether a smaller value is better.

    In mode "auto" Keras asks the metric itself; here its name stands for it. For Keras's own metrics under their own
    names that is the same.

    Args:
        monitor: Name of the quantity.
        mode: "min", "max", or "auto".

    Raises:
        SettingsError: Mode "auto" does not know this name.
    """
    if mode != "auto":
        return mode == "min"
    name = re.sub(r"_\d+$", "", monitor.removeprefix("val_")).replace("_", "").lower()
    if name in _UP:
        return False
    if name in _DOWN:
        return True
    raise SettingsError(
        f'mode "auto" does not know whether {monitor} should fall or rise. Try mode "min" if less of it is better, '
        'or "max".'
    )
