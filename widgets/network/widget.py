"""NetworkView: traits, validation and wiring. plan.py and compute.py make its numbers, view.ts draws them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets as t

from firstepoch.widgets.base import View
from firstepoch.widgets.network import compute
from firstepoch.widgets.network.plan import named
from firstepoch.widgets.recording import Recording


class NetworkView(View):
    """A network of dense layers drawn with its weights, and one patient followed through it.

    Args:
        source: A built keras.Model, or the Recording of a training: `settings["network"]` holds the plan and the
            array "weights" the flat parameters of each frame; an array "dropped" marks dropped units.
        data: A TabularData, for the names of the inputs and the patients; without it no patient is followed.
        max_units: Layers of more than `max_units + 8` units are drawn by their first and last ones, so many together.
        **settings: The settings below, by name.

    Raises:
        ValueError: The model is no plain chain of dense layers, or does not fit the data; the message says where.
        TypeError: `source` is neither a model nor a Recording, or an argument is unknown.

    Example:
        >>> NetworkView(heart.build_model(), heart.load(), patient=12)  # doctest: +SKIP
    """

    linked = ("patient",)
    parts = ("patient", "dropout", "player", "numbers")

    title = t.Unicode("The network").tag(sync=True)
    """Heading of the card. Input."""
    patient = t.Int(0).tag(sync=True)
    """The training row (from 0) that is followed through the network. Control."""
    unit = t.Unicode("epoch").tag(sync=True)
    """What one frame of the recording is, for example "epoch" or "update". Input."""
    chosen = t.Dict(read_only=True).tag(sync=True)
    """Facts of the row: `rows` to choose from (0 without data), `target`, its `label`, `noun` for a row. Report."""

    def __init__(self, source: Any, data: Any = None, *, max_units: int = 24, **settings: Any) -> None:
        self._data = None if data is None else _rows_of(data)
        names = getattr(data, "feature_names", None)
        columns = getattr(data, "source_columns", None)
        self._classes = tuple(getattr(data, "class_names", ()))
        self._noun = str(getattr(data, "row_name", "patient"))
        self._recording: Recording | None = None
        if isinstance(source, Recording):
            self._recording = source
            self._plan = _plan_of(source)
            if names is not None:
                self._plan = named(self._plan, names, columns)
        elif hasattr(source, "get_weights"):
            self._plan = compute.plan(source, names, max_units, columns)
            self._model = source
        else:
            raise TypeError(
                f"source is {type(source).__name__}; NetworkView draws a keras.Model or a Recording. "
                "Try NetworkView(model) or NetworkView(live.recording)."
            )
        self._check_data()
        super().__init__(**settings)
        self.observe(lambda _: self.refresh(), "patient")
        self.refresh()

    @t.validate("patient")
    def _valid_patient(self, proposal: dict[str, Any]) -> int:
        row = int(proposal["value"])
        rows = 1 if self._data is None else len(self._data[0])
        if not 0 <= row < rows:
            hint = "Give data to follow a patient." if self._data is None else f"Use a row from 0 to {rows - 1}."
            raise t.TraitError(f"There is no training row {row}. {hint}")
        return row

    def refresh(self) -> None:
        """Read the model, or the recording as far as it has grown, again and show it."""
        with_dropout = None
        if self._recording is not None:
            weights = self._recording["weights"]
            if "dropped" in self._recording:
                with_dropout = self._recording["dropped"]
        else:
            weights = compute.parameters(self._model)[None]
        frames: dict[str, Any] = {"drawn": compute.drawn(weights, self._plan)}
        facts: dict[str, Any] = {"rows": 0, "target": None, "label": "", "noun": self._noun}
        if self._data is not None:
            x, y = self._data
            frames["sums"], frames["activations"] = compute.forward(weights, self._plan, x[self.patient])
            target = float(f"{y[self.patient]:.6g}")
            facts |= {"rows": len(x), "target": target, "label": self._label(target)}
        if with_dropout is not None:
            frames["dropped"] = np.asarray(with_dropout, bool)
        shown = Recording({"network": self._plan})
        shown.extend(frames)
        self.set_trait("chosen", facts)
        self.publish(shown)

    def _label(self, target: float) -> str:
        known = target.is_integer() and 0 <= target < len(self._classes)
        return str(self._classes[int(target)]) if known else ""

    def _check_data(self) -> None:
        if self._data is None:
            return
        columns = int(np.prod(self._data[0].shape[1:]))
        if columns != self._plan["inputs"]:
            raise ValueError(f"x_train has {columns} values in each row; the model has {self._plan['inputs']} inputs.")


def _rows_of(data: Any) -> tuple[np.ndarray, np.ndarray]:
    x, y = getattr(data, "x_train", None), getattr(data, "y_train", None)
    if x is None or y is None:
        raise ValueError(f"data is {type(data).__name__}, without x_train and y_train. Try firstepoch.heart.load().")
    x, y = np.asarray(x), np.asarray(y)
    if x.ndim < 2 or len(x) == 0 or y.ndim == 0 or len(x) != len(y):
        raise ValueError(f"x_train has shape {x.shape} and y_train {y.shape}; one row for each patient is needed.")
    return x, y if y.ndim == 1 else y.reshape(len(y), -1)[:, 0]


def _plan_of(recording: Recording) -> dict[str, Any]:
    plan = recording.settings.get("network")
    if not isinstance(plan, Mapping) or "weights" not in recording or not len(recording):
        raise ValueError(
            'This recording holds no network: its settings need "network" (the plan) and its frames "weights".'
        )
    units = sum(len(layer["shown"]) for layer in plan["layers"])
    if "dropped" in recording and recording["dropped"].shape[1:] != (units,):
        raise ValueError(
            f'"dropped" has shape {recording["dropped"].shape[1:]} in each frame; the plan needs ({units},).'
        )
    return dict(plan)
