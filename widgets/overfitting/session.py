"""Session: one fit after the other in a worker thread, and the states of it. It knows no widget.

Methods called from outside only set flags under one lock.
"""

from __future__ import annotations

import atexit
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

from firstepoch.data.loading import load_keras
from firstepoch.widgets.overfitting.fits import Fit
from firstepoch.widgets.overfitting.plan import Key, Plan
from firstepoch.widgets.training import worker

RUNNING = ("loading", "training", "stopping")
STATES = ("idle", *RUNNING, "done", "failed")

_STOPPING_SECONDS = 30.0
"""Seconds a new start waits at most for the end of one that was told to stop."""

_open: weakref.WeakSet[Session] = weakref.WeakSet()


class Session:
    """Trains the fits of a plan that are not trained yet.

    Args:
        build_model: Returns a compiled keras.Model.
        data: A TabularData.
        report: Called with what happened, one of "state", "fit" and "epoch", from the worker or from the caller's
            thread, never while the lock is held.

    Attributes:
        status: One of STATES.
        outcome: How the newest start ended: "", "finished", "stopped" or "failed" (no fit ended well).
        error: What made it fail.
        plan: The newest plan that was started; None before there is one.
        fits: All fits of what the plan has in common with those before it, by key.
        current: The fit that is being trained now.
    """

    def __init__(self, build_model: Callable[..., Any], data: Any, report: Callable[[str], None]) -> None:
        self._build, self._data, self._report = build_model, data, report
        self._lock = threading.Lock()
        self._ended: threading.Event | None = None
        self._todo: list[Key] = []
        self._stop = self._discard = False
        self.status, self.outcome = "idle", ""
        self.error: BaseException | None = None
        self.plan: Plan | None = None
        self.fits: dict[Key, Fit] = {}
        self.current: Fit | None = None
        _open.add(self)

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
        if self.status == "stopping":
            self.wait(_STOPPING_SECONDS)
        with self._lock:
            if self.status in RUNNING:
                raise RuntimeError("A training is going on. Stop it first: .stop(), then .wait().")
            todo = self.missing(plan)
            if self.plan is None or plan.shared != self.plan.shared:
                self.fits = {}
            self.plan, self._todo = plan, todo
            self._stop = self._discard = False
            if todo:
                self.status = "training" if "keras" in sys.modules else "loading"
                self.outcome, self.error = "", None
        try:
            self._report("state")
        finally:
            if todo:
                self._ended = worker.begin(self._work)

    def stop(self, *, discard: bool = False) -> None:
        """End the training after the epoch in hand; fits and epochs that are whole are kept.

        Args:
            discard: Forget all fits afterwards and be idle.
        """
        with self._lock:
            running = self.status in RUNNING
            if running:
                self._stop, self.status = True, "stopping"
                self._discard = self._discard or discard
                model = self.current.model if self.current else None
                if model is not None:
                    model.stop_training = True
            elif discard:
                self._forget()
        if running or discard:
            self._report("state")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the worker to end; False if it still runs after `timeout` seconds."""
        return self._ended is None or self._ended.wait(timeout)

    def _forget(self) -> None:
        self.status, self.outcome, self.error, self.plan, self.fits = "idle", "", None, None, {}

    def _work(self) -> None:
        error: BaseException | None = None
        try:
            self._train()
        except BaseException as raised:
            error = raised
        with self._lock:
            self.current = None
            if self._discard:
                self._forget()
            else:
                self._conclude(error)
        self._report("state")

    def _train(self) -> None:
        load_keras()
        with self._lock:
            loaded = self.status == "loading"
            if loaded:
                self.status = "training"
        if loaded:
            self._report("state")
        while (fit := self._next()) is not None:
            fit.train(self._build, self._data, lambda: self._stop, lambda: self._report("epoch"))
            with self._lock:
                self.current = None
            self._report("fit")

    def _next(self) -> Fit | None:
        with self._lock:
            if self._stop or not self._todo or self.plan is None:
                return None
            key = self._todo.pop(0)
            fit = self.fits[key] = Fit(key, self.plan.settings(key))
            self.current = fit
            return fit

    def _conclude(self, error: BaseException | None) -> None:
        failures = [fit.error for fit in self.fits.values() if fit.outcome == "failed"]
        if error is None and failures and not any(fit.complete for fit in self.fits.values()):
            error = failures[0]
        self.error = error
        self.status = "failed" if error else "done"
        self.outcome = "failed" if error else "stopped" if self._stop else "finished"


@atexit.register
def _end_all() -> None:
    for session in list(_open):
        session.stop()
    for session in list(_open):
        session.wait(2.0)
