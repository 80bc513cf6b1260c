"""LiveTraining: traits, validation and wiring. The session trains, figures and scenes show, view.ts draws."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import bqplot
import numpy as np
import pandas as pd
import traitlets as t

from firstepoch.widgets import seals
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.training import compare, describe, export
from firstepoch.widgets.training.code import program
from firstepoch.widgets.training.curves import Curves
from firstepoch.widgets.training.histogram_scene import HistogramScene
from firstepoch.widgets.training.histograms import Histogram, histograms
from firstepoch.widgets.training.kept import KeptRuns
from firstepoch.widgets.training.run import Run, RunHistory
from firstepoch.widgets.training.scenes import Scenes
from firstepoch.widgets.training.session import RUNNING, Session, accepted_settings
from firstepoch.widgets.training.settings import Settings, check_data, problem
from firstepoch.widgets.training.traits import NOT_TRAINED, TrainingTraits
from firstepoch.widgets.training.values import plain

_REPORTS_A_SECOND = 12.0
_AT_FULL_SPEED = 3.0
"""Reports a second at full speed, where drawing takes its time from the training."""
_LONE_SECONDS = 150.0
"""A run started from a page ends when no page was heard for so long; a hidden tab may speak once a minute only."""
_SETTINGS = tuple(Settings.__dataclass_fields__)


class LiveTraining(TrainingTraits):
    """Train a real Keras model live: real `keras.callbacks`, Keras's own numbers, and Stop answers at once.

    Args:
        build_model: Returns a compiled keras.Model. It is called with those of `units`, `activation`, `dropout`,
            `batch_normalization`, `l2`, `optimizer` and `learning_rate` that it accepts, for example
            `firstepoch.heart.build_model`; `firstepoch.widgets.model_builder(data)` makes one for any data.
        data: A TabularData, for example `firstepoch.heart.load()` or `TabularData.from_frame(table, target="price")`.
        **settings: The settings below, by name.

    Raises:
        SettingsError: (a ValueError) Settings or data cannot be trained with.
        TypeError: An argument has a name or a type that does not fit.

    Example:
        >>> live = LiveTraining(heart.build_model, heart.load(), epochs=50)  # doctest: +SKIP
        >>> live.train()  # doctest: +SKIP
        >>> live.wait()  # doctest: +SKIP
        >>> live.history["val_loss"][-1]  # doctest: +SKIP
    """

    _ready = False

    def __init__(
        self,
        build_model: Callable[..., Any],
        data: Any,
        *,
        units: int | Sequence[int] = (16,),
        **settings: Any,
    ) -> None:
        if not callable(build_model) or hasattr(build_model, "train_step"):
            raise SettingsError(
                f"build_model is {type(build_model).__name__}, not a function that builds and compiles a keras.Model: "
                "every run starts from a new one. Try firstepoch.widgets.model_builder(data)."
            )
        self._data = data = check_data(data)
        self._reporting = threading.RLock()
        self._last_report = 0.0
        self._number = 0
        self._test_opened = False
        self._looked: set[int] = set()
        self._started_in_view = False
        self._views: set[str] = set()
        self._heard = 0.0
        self._curves = Curves(data)
        self._session = Session(build_model, data, self._on_progress)
        self._runs = KeptRuns(self._session)
        self._scenes = Scenes(self, data)
        self._histograms = HistogramScene(self.send, data)
        self._seal = seals.Seal(data, self._tell_seal)
        super().__init__(
            units=np.atleast_1d(units).tolist(),
            **{name: plain(value) for name, value in settings.items()},
        )
        self.set_trait("choices", describe.choices(self._data, accepted_settings(build_model)))
        self._check_settings()
        if self.problem:
            raise SettingsError(self.problem)
        self._session.set_speed(self.speed)
        self._follow()
        self._tell_seal()
        self.observe(self._check_settings, _SETTINGS)
        self.observe(lambda change: self._session.set_speed(change["new"]), "speed")
        self.observe(self._exchange, "shown")
        self.observe(lambda _: self._redraw(), ("log_scale", "shown", "compared"))
        self.observe(lambda _: self._follow(), "patient")
        self.observe(lambda _: self._tell(), "histograms")
        self.on_msg(type(self)._command)
        self._redraw()
        self._ready = True

    @t.default("loss_chart")
    def _loss_figure(self) -> bqplot.Figure:
        return self._curves.loss.figure

    @t.default("metric_chart")
    def _metric_figure(self) -> bqplot.Figure:
        return self._curves.metric.figure

    def train(self) -> None:
        """Start a run with the present settings; returns at once. `wait()` waits for its end.

        Raises:
            SettingsError: The settings cannot be trained with.
            RuntimeError: A run is going on.
        """
        self._start(one_epoch=False)

    def pause(self) -> None:
        """Halt the run after the epoch (or followed batch) in hand; `resume()` goes on."""
        self._session.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        self._session.resume()

    def step(self) -> None:
        """Train one epoch and pause: of the paused run, or of a new one.

        While the speed follows batches, a paused run is taken on by one batch.

        Raises:
            SettingsError: The settings cannot be trained with.
            RuntimeError: A run is going on and not paused.
        """
        if self._session.status == "paused":
            self._session.step()
        else:
            self._start(one_epoch=True)

    def stop(self) -> None:
        """End the run after the epoch in hand (a long epoch is cut short); all its frames are kept."""
        self._session.stop()

    def reset(self) -> None:
        """Forget the run in hand and be idle; earlier runs are kept for comparison."""
        self._session.stop(discard=True)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the run to end.

        Args:
            timeout: Seconds to wait at most; None for as long as it takes.

        Returns:
            False if it still goes on after `timeout`.

        Raises:
            Exception: What made the run fail, for example TrainingDiverged.
        """
        ended = self._session.wait(timeout)
        run = self._session.run
        if ended and run is not None and run.error is not None:
            raise run.error
        return ended

    def close(self) -> None:
        """Stop training and take the widget and its charts off every page."""
        if self._ready:
            if self._session.status in RUNNING:
                self._session.stop()
            self._curves.close()
            super().close()

    def open_test_set(self) -> dict[str, float]:
        """Reveal the test results of all runs, on the screen too, and of those to come.

        Evaluation and every other card on this test set tell that it was opened, and for how many models.

        Returns:
            Loss and metrics of the newest run on the test rows.

        Raises:
            RuntimeError: No run has ended yet.
        """
        run = self._session.run
        if run is None or not run.test:
            raise RuntimeError(
                "The newest run has no test result: it has to end first, and not to fail. Try .train(), then .wait()."
            )
        self._test_opened = True
        self._settle(self._on_card)
        return dict(run.test)

    def histograms_of(self, run: int = 0) -> list[Histogram]:
        """How the weights, biases and outputs of each layer are spread, epoch by epoch.

        The outputs are those for the rows trained on (or for 1,000 of them, evenly spaced), with Dropout off. Of more
        than 1,000 epochs every second is counted, or every fourth, ..., and the last.

        Args:
            run: Number of the run, from 1; 0 for the newest.

        Returns:
            For each layer with weights one Histogram of its weights, one of its biases, and one of its outputs.

        Raises:
            ValueError: There is no such run, or no histogram of it; the sentence says why.
        """
        return histograms(self._runs.of(run) if run else self._session.run, self._data.x_train)

    @property
    def data(self) -> Any:
        """The table it trains on."""
        return self._data

    def untrained(self) -> Any:
        """A new keras.Model with the weights from which the newest run started: its seed draws them again."""
        return self._session.untrained(self.run.settings)

    @property
    def recording(self) -> Recording:
        """The newest run, one frame an epoch; see `Run.recording`. Empty before the first run."""
        return self._run.recording

    @property
    def updates(self) -> Recording:
        """The single updates of the newest run that were followed batch by batch; see `Run.updates`."""
        return self._run.updates

    @property
    def history(self) -> RunHistory:
        """Metric name to one value an epoch, as in the `history` of Keras's History."""
        return self._run.history

    @property
    def model(self) -> Any:
        """The newest run's keras.Model; None before the first run."""
        return self._run.model

    @property
    def run(self) -> Run:
        """The newest run: outcome, best, stopped and restored epoch (from 0), test result."""
        return self._run

    @property
    def kept_runs(self) -> dict[int, Run]:
        """The runs in the table by their number, oldest first: the newest, and up to eight before it."""
        return {run.number: run for run in self._runs}

    def compare(self, first: int, second: int) -> pd.DataFrame:
        """Settings and results of two kept runs side by side; the test set takes no part.

        Args:
            first: Number of a run, as in the table of runs.
            second: Number of another.

        Returns:
            One row a setting or result (index `part` and `name`; an epoch counts from 0), one column a run, and
            `difference`: the second less the first. The results are `parameters`, `epochs`, `loss` and `gap`
            (validation less training loss) at the end, `lowest val_loss`, its epoch and the validation metric there,
            and `seconds`, pauses included.

        Raises:
            ValueError: There is no such run.
        """
        return compare.table(self._runs.of(first), self._runs.of(second))

    def export(self, folder: str | os.PathLike[str] = ".", run: int = 0) -> dict[str, Path]:
        """Write a run as `run_3.csv`, `.recording`, `.keras`, `.py`, `.svg` and `.png`.

        Each can be had alone: `Run.to_csv`, `Run.recording.save`, `Run.model.save`, `Run.picture`.

        Args:
            folder: Where to; it is made if only its last part is missing. Files of the same name are replaced.
            run: Number of a kept run; 0 for the newest.

        Returns:
            The path of each kind of file.

        Raises:
            ValueError: There is no such run.
            RuntimeError: The run has not ended, or recorded no epoch.
            OSError: The folder cannot be made or written to.
        """
        chosen = self._runs.of(run) if run else self._run
        return export.export(chosen, folder, self._program(chosen))

    @property
    def _run(self) -> Run:
        return self._session.run or Run(0, self._settings())

    def _settings(self) -> Settings:
        return Settings(**{name: getattr(self, name) for name in _SETTINGS})

    def _check_settings(self, _: Any = None) -> None:
        settings, run = self._settings(), self._session.run
        self.set_trait("problem", problem(settings, len(self._data.x_train)) or "")
        self.set_trait(
            "schedule_words", "" if self.problem else describe.schedule_words(settings, self.choices["accepted"])
        )
        self.set_trait("pending", settings.changed_from(run.settings) if run else [])

    def _start(self, *, one_epoch: bool) -> None:
        self._check_settings()
        if self.problem:
            raise SettingsError(self.problem)
        self._started_in_view = False
        self._session.start(Run(self._number + 1, self._settings()), self._runs.keep, one_epoch=one_epoch)
        self._number += 1
        if not self._runs.find(self.compared):
            self.compared = 0
        self.shown = 0
        self._show_others()
        self._settle(self._on_card)

    def _on_progress(self, run: Run | None, changed: bool) -> None:
        now = time.perf_counter()
        rate = _AT_FULL_SPEED if self.speed == "full speed" else _REPORTS_A_SECOND
        if not changed and now - self._last_report < 1 / rate:
            return
        if not changed and self._started_in_view and now - self._heard > _LONE_SECONDS:
            self._session.stop()
        self._last_report = now
        self._tell()

    @property
    def _on_card(self) -> Run | None:
        """The run the card shows: an earlier one if the learner chose it, or the newest."""
        return self._runs.find(self.shown) or self._runs.newest

    def _tell(self) -> None:
        """The one place that turns frames into trait changes."""
        with self._reporting, contextlib.ExitStack() as held:
            run, status = self._on_card, self._session.status
            held.enter_context(self._curves.held())
            try:
                ranges = self._curves.draw(run, run.settings if run else self._settings())
                self._scenes.show(run)
                if self.histograms:
                    self._histograms.show(run)
                note = self._session.note if run is self._session.run else ""
                self.set_trait("report", describe.report(run, status, ranges, self._data, note))
                if status != self.status:
                    self._settle(run)
            finally:
                if status != self.status:
                    self.set_trait("status", status)
                    self._check_settings()

    def _settle(self, run: Run | None) -> None:
        seen = [one for one in self._runs if one.test and one.number not in self._looked]
        if self._test_opened and seen:
            self._looked |= {one.number for one in seen}
            self._seal.remember(*(one.known_by for one in seen))
        self.set_trait("runs", describe.rows(list(self._runs), self._test_opened))
        self.set_trait("code", self._program(run))
        other = self._runs.find(self.compared)
        told = compare.comparison(run, other, self._data, self.choices["accepted"]) if run and other else None
        self.set_trait("comparison", told)
        self.set_trait("compared_curves", compare.curves(other) if other else b"")

    def _program(self, run: Run | None) -> str:
        return program(run, self._data) if run and run.model_code else NOT_TRAINED

    def _tell_seal(self) -> None:
        self.set_trait("seal", self._seal.told())

    def _redraw(self) -> None:
        self._curves.set_log(self.log_scale)
        self._show_others()
        self._tell()
        self._settle(self._on_card)

    def _show_others(self) -> None:
        others = [run for run in self._runs if run is not self._on_card]
        self._curves.beside(others, self._runs.find(self.compared))

    def _exchange(self, change: dict[str, Any]) -> None:
        """The compared run was put on the card: what stood there is compared with it."""
        if self._on_card and self.compared == self._on_card.number:
            before = change["old"] or self._run.number
            self.compared = before if self._runs.find(before) else 0

    def _follow(self) -> None:
        self.set_trait("chosen", describe.chosen(self._data, self.patient))
        self._scenes.follow(self.patient)

    def admit(self, values: Mapping[str, Any]) -> None:
        """A link names what the card offers: what else the model's builder takes, only a run would tell."""
        for name in ("optimizer", "monitor"):
            self.admit_offered(values, name, self.choices[f"{name}s"])

    @t.validate("patient")
    def _known_patient(self, proposal: Any) -> int:
        rows = len(self._data.y_train)
        if not 0 <= proposal["value"] < rows:
            raise t.TraitError(f"patient is a training row from 0 to {rows - 1}; got {proposal['value']}.")
        return int(proposal["value"])

    @t.validate("shown")
    def _known_run(self, proposal: Any) -> int:
        numbers = self._runs.numbers
        if proposal["value"] not in (0, *numbers):
            raise t.TraitError(
                f"shown is 0 (the newest run) or the number of a run in {numbers}; got {proposal['value']}."
            )
        return int(proposal["value"])

    @t.validate("compared")
    def _known_other(self, proposal: Any) -> int:
        others = [run.number for run in self._runs if run is not self._on_card]
        if proposal["value"] not in (0, *others):
            raise t.TraitError(
                f"compared is 0 (none) or the number of a run beside the card, in {others}; got {proposal['value']}."
            )
        return int(proposal["value"])

    def _command(self, content: dict[str, Any], _: list[memoryview]) -> None:
        """Buttons of the view; what they do is what the methods do, errors become a sentence."""
        kind, view = content.get("kind"), str(content.get("view", ""))
        self._heard = time.perf_counter()
        if kind == "enter":
            self._views.add(view)
        elif kind == "histograms?" and self.histograms:
            with self._reporting:
                self._histograms.answer(content, self._on_card)
        elif kind == "leave":
            self._leave(view)
        elif kind == "export":
            export.answer(self.send, content, self._runs.find(content.get("run", 0)), self._program)
        elif kind in ("train", "pause", "resume", "step", "stop", "reset", "open_test_set", "forget"):
            try:
                self._take(content)
                getattr(self, kind if kind != "forget" else "forget_runs")()
                self._started_in_view = self._started_in_view or kind in ("train", "step")
            except t.TraitError as error:
                self.set_trait("problem", str(error))
            except RuntimeError as error:
                self.log.info("Button %s did nothing: %s", kind, error)

    def forget_runs(self) -> None:
        """Drop the earlier runs from the charts and the table."""
        self._runs.forget()
        self.compared = self.shown = 0
        self._redraw()

    def _leave(self, view: str) -> None:
        """The last view closed: a run started from a page does not outlive the page."""
        self._views.discard(view)
        if not self._views and self._started_in_view and self._session.status in RUNNING:
            self._session.stop()
