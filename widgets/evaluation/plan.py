"""The model that is evaluated, and how it is trained anew on other splits. It trains nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.evaluation.luck import RUNNING, Luck
from firstepoch.widgets.evaluation.rows import task_of
from firstepoch.widgets.training.session import RUNNING as TRAINING
from firstepoch.widgets.training.session import accepted_settings
from firstepoch.widgets.training.settings import MODEL_SETTINGS, Settings, problem
from firstepoch.widgets.training.widget import LiveTraining

MISSING = (
    "To see the luck of the split, give two functions: splits, which makes the data of a split seed, and build_model. "
    "For example Evaluation(model, data, splits=heart.load, build_model=heart.build_model)."
)


class Plan:
    """What was given to the card.

    Args:
        model: A keras.Model, a LiveTraining, or an array of outputs.
        splits: Gives the data of a split seed, or None.
        build_model: Gives a compiled model, or None.
        training: Settings of the training, by name, or None.

    Raises:
        SettingsError: One of them is of another kind.

    Attributes:
        asks: Whether the model is asked, and not an array of its outputs.
        missing: What to give for other splits; empty if it was given.
    """

    def __init__(
        self,
        model: Any,
        splits: Callable[[int], Any] | None,
        build_model: Callable[..., Any] | None,
        training: Mapping[str, Any] | None,
    ) -> None:
        self._model, self._splits, self._build_model = model, splits, build_model
        self._training = dict(training or {})
        known = [field.name for field in fields(Settings)]
        unknown = sorted(set(self._training) - set(known))
        if unknown:
            raise SettingsError(f"training has no setting {unknown[0]!r}. It has: {', '.join(known)}.")
        for name, function in (("splits", splits), ("build_model", build_model)):
            if function is not None and (not callable(function) or hasattr(function, "train_step")):
                raise SettingsError(f"{name} is {type(function).__name__}, not a function. {MISSING}")
        if model is None:
            raise SettingsError("There is no model. Train one first, or give a LiveTraining.")
        self.asks = isinstance(model, LiveTraining) or hasattr(model, "predict")
        self.missing = "" if splits and build_model else MISSING

    def model(self) -> Any:
        """The model as it is now, or the array.

        Raises:
            SettingsError: A LiveTraining has not trained yet, or is training.
        """
        if not isinstance(self._model, LiveTraining):
            return self._model
        if self._model.status in TRAINING:
            raise SettingsError("The model is being trained. Let the run end, or stop it, then try again.")
        if self._model.model is None:
            raise SettingsError("No model is trained yet. Press Train on the training card first (or .train()).")
        return self._model.model

    def validation_split(self) -> float:
        """Share of the training rows that was kept out for validation, as far as it is known."""
        if "validation_split" in self._training:
            return float(self._training["validation_split"])
        return self._model.run.settings.validation_split if isinstance(self._model, LiveTraining) else 0.0

    def functions(self) -> tuple[Callable[[int], Any], Callable[..., Any]]:
        """`splits` and `build_model`.

        Raises:
            SettingsError: One was not given.
        """
        if self._splits is None or self._build_model is None:
            raise SettingsError(MISSING)
        return self._splits, self._build_model

    def settings(self, rows: int) -> tuple[Settings, tuple[str, ...]]:
        """How to train, and which of the settings are handed to `build_model`.

        Args:
            rows: Number of training rows.

        Raises:
            SettingsError: They cannot be trained with.
        """
        base = self._model.run.settings.to_json() if isinstance(self._model, LiveTraining) else {}
        merged = base | self._training
        for name in ("units", "dropout"):
            if isinstance(merged.get(name), list | np.ndarray):
                merged[name] = tuple(merged[name])
        if isinstance(merged.get("units"), int):
            merged["units"] = (merged["units"],)
        settings = Settings(**merged)
        wrong = problem(settings, rows)
        if wrong:
            raise SettingsError(wrong)
        accepted = accepted_settings(self._build_model) if self._build_model else ()
        return settings, tuple(name for name in MODEL_SETTINGS if name in merged and name in accepted)


def told(luck: Luck, plan: Plan) -> dict[str, Any]:
    """How far the training on other splits is, for the page."""
    done, planned = len(luck.results), luck.planned
    going = luck.status in RUNNING
    error = f"It failed: {luck.error or type(luck.error).__name__}" if luck.error else ""
    results = list(luck.results)
    unit = "right" if any("right" in one for one in results) else "mae"
    values = sorted(float(one[unit]) for one in results)
    return {
        "missing": plan.missing,
        "done": done,
        "of": planned,
        "share": (done + (luck.share if going else 0.0)) / planned if planned else 0.0,
        "outcome": luck.outcome,
        "error": error,
        "results": results,
        "median": float(np.median(values)) if values else 0.0,
        "threshold": luck.threshold,
    }


def check_settings(values: Mapping[str, Any], data: Any, validation_split: float) -> None:
    """Say in a sentence what the card cannot be set to.

    Args:
        values: The settings of the card, by name.
        data: The TabularData.
        validation_split: Share of the training rows that was kept out for validation.

    Raises:
        SettingsError: A setting is out of its range, or there are no such rows.
    """
    threshold, positive, task = values["threshold"], values["positive"], task_of(data)
    if not -1 <= threshold <= 1:
        raise SettingsError(f"The threshold is {threshold:g}; outputs are from 0 to 1. Try 0.5.")
    if task == "binary" and positive != 1:
        raise SettingsError(f"positive is {positive}; of two classes class 1 is told from 0.")
    if task == "multiclass" and not 0 <= positive < len(data.class_names):
        raise SettingsError(f"positive is {positive}; use a class from 0 to {len(data.class_names) - 1}.")
    for name, low, high in (("bins", 2, 50), ("split_count", 2, 50), ("seed", 0, 2**32 - 1)):
        if not low <= values[name] <= high:
            words = name.replace("_", " ")
            raise SettingsError(f"{words} is {values[name]}; use a whole number from {low} to {high}.")
    if values["rows"] == "validation" and not validation_split:
        raise SettingsError(
            "No rows were kept out for validation: the training had no validation_split, or it was not told. Give "
            "training=dict(validation_split=0.2), or a LiveTraining."
        )
