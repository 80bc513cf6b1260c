"""Session: one fit after the other in a worker thread. It knows no widget."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

from firstepoch.data.loading import load_keras
from firstepoch.widgets.background import Background
from firstepoch.widgets.overfitting.fits import Fit
from firstepoch.widgets.overfitting.plan import Key, Plan
from firstepoch.widgets.training.hold import HOLD
from firstepoch.widgets.training.turns import TURNS

RUNNING = ("loading", "training", "stopping")
STATES = ("idle", *RUNNING, "done", "failed")


class Session(Background):
    """Trains the fits of a plan that are not trained yet.

    Args:
        build_model: Returns a compiled keras.Model.
        data: A TabularData.
        report: See `Background`; called with "fit" and "epoch" too.

    Attributes:
        outcome: See `Background`; "failed" if no fit ended well.
        plan: The newest plan that was started; None before there is one.
        fits: All fits of what the plan has in common with those before it, by key.
        current: The fit that is being trained now.
    """

    BUSY = "A training is going on. Stop it first: .stop(), then .wait()."

    def __init__(self, build_model: Callable[..., Any], data: Any, report: Callable[[str], None]) -> None:
        super().__init__(report)
        self._build, self._data = build_model, data
        self._todo: list[Key] = []
        self.plan: Plan | None = None
        self.fits: dict[Key, Fit] = {}
        self.current: Fit | None = None
        self._wake = threading.Condition(self._lock)
        HOLD.watch(self)

    def hold_changed(self) -> None:
        """All trainings of this process are to halt, or may go on."""
        with self._lock:
            self._wake.notify_all()
        if self.status in RUNNING:
            self._report("state")

    def missing(self, plan: Plan) -> list[Key]:
        """The fits of a plan that are not trained yet, in order."""
        if self.plan is None or plan.shared != self.plan.shared:
            return plan.keys
        return [key for key in plan.keys if key not in self.fits or not self.fits[key].complete]

    def start(self, plan: Plan) -> None:
        """Train what is missing; fits that no longer belong to what is shared are forgotten.

        Raises:
            RuntimeError: A training is going on.
        """

        def prepare() -> bool:
            self._todo = self.missing(plan)
            if self.plan is None or plan.shared != self.plan.shared:
                self.fits = {}
            self.plan = plan
            if self._todo:
                self.status = "training" if "keras" in sys.modules else "loading"
            return bool(self._todo)

        self._begin(prepare, self._train)

    def _halt(self) -> None:
        self._wake.notify_all()
        model = self.current.model if self.current else None
        if model is not None:
            model.stop_training = True

    def _forget(self) -> None:
        super()._forget()
        self.current, self.plan, self.fits = None, None, {}

    def _train(self) -> bool:
        load_keras()
        with self._lock:
            loaded = self.status == "loading"
            if loaded:
                self.status = "training"
        if loaded:
            self._report("state")
        HOLD.count(self, True)
        try:
            while (fit := self._next()) is not None:
                fit.train(self._build, self._data, self._stopped, self._after_epoch)
                with self._lock:
                    self.current = None
                self._report("fit")
        finally:
            HOLD.count(self, False)
        return not self._stop

    def _after_epoch(self) -> None:
        self._report("epoch")
        if HOLD.on and not self._stop:
            HOLD.count(self, False)
            with TURNS.lent(self._stopped), self._lock:
                while HOLD.on and not self._stop:
                    self._wake.wait()
            HOLD.count(self, True)
        else:
            TURNS.next(self._stopped)

    def _next(self) -> Fit | None:
        with self._lock:
            if self._stop or not self._todo or self.plan is None:
                return None
            key = self._todo.pop(0)
            fit = self.fits[key] = Fit(key, self.plan.settings(key))
            self.current = fit
            return fit

    def _conclude(self, error: BaseException | None, finished: bool) -> None:
        self.current = None
        failures = [fit.error for fit in self.fits.values() if fit.outcome == "failed"]
        if error is None and failures and not any(fit.complete for fit in self.fits.values()):
            error = failures[0]
        super()._conclude(error, finished)
