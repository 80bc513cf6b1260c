"""Overfitting: traits, validation and wiring. session.py trains in its threads, results.py reads, view.ts draws."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pandas as pd

from firstepoch.widgets import still
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.overfitting import describe, words
from firstepoch.widgets.overfitting.code import NOT_TRAINED, program
from firstepoch.widgets.overfitting.plan import PLAIN, Plan, patience_problem
from firstepoch.widgets.overfitting.results import Results
from firstepoch.widgets.overfitting.session import RUNNING, Session
from firstepoch.widgets.overfitting.traits import OverfittingTraits
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.training.session import accepted_settings
from firstepoch.widgets.training.settings import check_data

_REPORTS_A_SECOND = 4.0
_PLANNED = ("units", "seeds", "epochs", "learning_rate", "batch_size", "validation_split", "dropout")


class Overfitting(OverfittingTraits):
    """Networks of several widths trained side by side on the same data, each with several seeds.

    Every fit has the numbers of `Model.fit` after `keras.utils.set_random_seed(seed)`; the engine trains it in a small
    share of the time. The curves are medians over the seeds, the bands their range. Dropout is a second set of fits;
    early stopping is read off the fits there are, because it changes nothing before it stops. See Srivastava et al.
    (2014) for dropout and Prechelt (1998) for early stopping.

    Args:
        build_model: Returns a compiled keras.Model. It is called with those of `units`, `dropout` and `learning_rate`
            (and of LiveTraining's other model settings) that it accepts, `units` as a tuple of one width; for example
            `firstepoch.heart.build_model`.
        data: A TabularData, for example `firstepoch.heart.load()`.
        units: Widths of the hidden layer, 1 to 4 of them.
        **settings: The settings below, by name.

    Raises:
        SettingsError: (a ValueError) Settings or data cannot be trained with.
        TypeError: An argument is unknown.

    Example:
        >>> fits = Overfitting(heart.build_model, heart.load(), units=(2, 16, 128))  # doctest: +SKIP
        >>> fits.train()  # doctest: +SKIP
        >>> fits.wait()  # doctest: +SKIP
        >>> fits.summary()["gap"]  # doctest: +SKIP
    """

    COMMANDS = "train", "stop", "reset"
    _session: Session
    _ready = False

    def __init__(self, build_model: Callable[..., Any], data: Any, units: Any = (2, 16, 128), **settings: Any) -> None:
        if not callable(build_model) or hasattr(build_model, "train_step"):
            raise SettingsError(
                f"build_model is {type(build_model).__name__}, not a function that builds and compiles a keras.Model: "
                "every fit starts from a new one. Try firstepoch.heart.build_model."
            )
        self._accepted = accepted_settings(build_model)
        if "units" not in self._accepted:
            raise SettingsError(
                "build_model takes no argument units, so every width would give the same network. "
                "Write it as def build_model(units): ..., with units a tuple of one width."
            )
        self._data = check_data(data)
        self._reporting = threading.RLock()
        self._last_report = 0.0
        self._session = Session(build_model, self._data, self._on_report)
        super().__init__(units=units, **settings)
        self.follow(*_PLANNED, "patience", "guess")
        self.observe(lambda _: self._tell(), ["log_scale"])
        self._ready = True

    def recompute(self) -> None:
        """Check the settings and show what is trained in their light; fits stay as they are."""
        self._checked()
        self._tell()

    def train(self) -> None:
        """Train the fits that are missing; returns at once, `wait()` waits for the end.

        Fits are kept while epochs, learning rate, batch size and validation split stay the same: another width or one
        more seed trains only what is new.

        Raises:
            RuntimeError: A training is going on.
        """
        self._started_in_view = False
        self._session.start(self._checked())

    def stop(self) -> None:
        """End the training after the epoch in hand; whole fits are kept, and `train()` goes on with the others."""
        self._session.stop()

    def reset(self) -> None:
        """Forget all fits and be idle."""
        self._session.stop(discard=True)

    @property
    def results(self) -> Results:
        """The fits of what is shown, by width and variant."""
        session = self._session
        return Results(session.plan or self._plan(), session.fits, self.dropout, self.patience)

    @property
    def recordings(self) -> dict[tuple[int, int, str], Recording]:
        """A Recording for each (units, seed, variant), one frame an epoch: `epoch` (from 0) and Keras's logs.

        Variants are "plain", "dropout", and with a `patience` "early stopping" and "dropout + early stopping". A fit
        that was stopped or diverged has the epochs it got to.
        """
        return self.results.recordings

    @property
    def bands(self) -> dict[tuple[int, str], Recording]:
        """A Recording for each (units, variant), over the fits that ended well, one frame an epoch.

        Arrays: `epoch`, `seeds`, and for each of Keras's logs `..._median`, `..._lowest` and `..._highest`.
        """
        return self.results.bands

    def summary(self) -> pd.DataFrame:
        """A row for each width and variant: medians and ranges (`..._low`, `..._high`) over the seeds.

        Columns: `parameters`, `training_rows`, `parameters_per_row`, `seeds`, `diverged`, `lowest_val_loss` and its
        `lowest_epoch` (from 0), `epochs` trained, and of the weights that are kept (the last, or the restored ones)
        `final_loss`, `final_val_loss`, `gap` (their difference) and, where there is one, `final_val_accuracy`.
        """
        return self.results.summary()

    def still(self) -> str:
        """The numbers on a page where nothing runs. Plain HTML."""
        told = [f"{panel['head']}: {panel['verdict']}" for panel in self.panels if panel["verdict"]]
        parts = [still.paragraph(line) for line in told or ["Nothing is trained yet."]]
        if self.rows:
            parts += [still.paragraph(words.RULES)]
            lines = [(row[0], [(cell, 0.0) for cell in row[1:]]) for row in self.rows]
            parts.append(still.table("Median over the seeds, and range", describe.HEADS[1:], lines))
        return still.figure(self._still, self.title, parts)

    def close(self) -> None:
        """Stop training and take the widget off every page."""
        if self._ready:
            self._session.stop()
            super().close()

    def _plan(self) -> Plan:
        return Plan(**{name: getattr(self, name) for name in _PLANNED} | {"units": tuple(self.units)})

    def _checked(self) -> Plan:
        plan = self._plan()
        plan.check(len(self._data.x_train), self._accepted)
        wrong = patience_problem(self.patience)
        if wrong:
            raise SettingsError(wrong)
        if self.guess is not None and self.guess not in self.units:
            raise SettingsError(
                f"The guess is {self.guess}; it is one of the widths {', '.join(map(str, self.units))}."
            )
        return plan

    def _on_report(self, kind: str) -> None:
        now = time.perf_counter()
        if kind == "epoch":
            if now - self._last_report < 1 / _REPORTS_A_SECOND:
                return
            self._last_report = now
            with self._reporting:
                self._tell_progress()
        else:
            self._last_report = now
            self._tell()

    def _tell(self) -> None:
        """The one place that turns fits into trait changes."""
        with self._reporting:
            results, status = self.results, self._session.status
            self._latest = results
            shown = results.shown
            self.set_trait("panels", results.panels())
            self.set_trait("curves", describe.curves(results.drawn, results.plan.epochs))
            self.set_trait("rows", describe.table(self.summary()))
            self._tell_facts(results, shown)
            self._tell_progress()
            if status not in RUNNING:
                sources = results.sources(shown)
                written = program(results.plan, self._data, sources, self.patience) if sources else NOT_TRAINED
                self.set_trait("code", written)
            self.set_trait("status", status)

    def _tell_facts(self, results: Results, shown: str) -> None:
        plan, wanted = self._session.plan, self._plan()
        waiting = [name for name in _PLANNED if plan is not None and getattr(plan, name) != getattr(wanted, name)]
        missing = self._session.missing(wanted)
        if "dropout" in waiting and not any(key.dropout for key in missing):
            waiting.remove("dropout")
        finals = results.finals(PLAIN)
        told = ""
        if self.guess is not None and self._session.status == "done":
            told = words.of_guess(self.guess, finals, results.plan.epochs)
        self.set_trait(
            "facts",
            {
                "variant": shown,
                "note": words.measured_note(shown),
                "rules": words.RULES,
                "heads": list(describe.HEADS),
                "question": words.question(self.epochs),
                "guessed": told,
                "best": words.at_best(results.lowest(shown), shown),
                "waiting": waiting,
                "missing": len(missing),
                "accepted": list(self._accepted),
            },
        )

    def _tell_progress(self) -> None:
        self.set_trait("live", describe.live(self._session, self._latest))
        self.set_trait("report", describe.report(self._session, self._latest))
