"""Session: one run at a time in a worker thread, the state machine of a training, and nothing that knows a widget.

Methods called from outside only set flags under one lock; the worker alone touches Keras.
"""

from __future__ import annotations

import atexit
import inspect
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from firstepoch.data.loading import load_keras
from firstepoch.widgets import seals
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.training import schedule, worker
from firstepoch.widgets.training.code import model_source
from firstepoch.widgets.training.hold import HOLD, PAUSED, PAUSED_TWICE, TOO_LONG, longest
from firstepoch.widgets.training.outputs import loss_words, output_of, task_of
from firstepoch.widgets.training.run import BestEpoch, DivergenceWatch, EpochWriter, Run
from firstepoch.widgets.training.settings import MODEL_SETTINGS, Settings, missing_monitor
from firstepoch.widgets.training.turns import TURNS, WAITS

RUNNING = ("loading", "training", "paused", "stopping")
SPEEDS: dict[str, tuple[str, float]] = {
    "1 batch a second": ("batch", 1.0),
    "4 batches a second": ("batch", 4.0),
    "2 epochs a second": ("epoch", 2.0),
    "10 epochs a second": ("epoch", 10.0),
    "50 epochs a second": ("epoch", 50.0),
    "full speed": ("epoch", float("inf")),
}
"""What is waited for after each batch or epoch, and how many of those a second."""

SEEDING = threading.Lock()
"""Held from setting the global seed to drawing the row order: Keras's random state is one for the process."""

_STOP_GRACE = 0.15
"""Seconds an epoch may still take after Stop before it is cut short; a small table's epoch takes 4 ms."""

_STOPPING_SECONDS = 30.0
"""Seconds a new run waits at most for the end of one that was told to stop."""

_open: weakref.WeakSet[Session] = weakref.WeakSet()


class Session:
    """Trains models one after the other in a worker thread.

    Args:
        build_model: Returns a compiled keras.Model; called with those of `MODEL_SETTINGS` that it accepts.
        data: A TabularData.
        report: Called with True when the state changed and with False when only frames were added; from the
            worker or from the caller's thread, never while the lock is held.
    """

    def __init__(self, build_model: Callable[..., Any], data: Any, report: Callable[[Run | None, bool], None]) -> None:
        self._build = build_model
        self._data = data
        self._report = report
        self._wake = threading.Condition()
        self._ended: threading.Event | None = None
        self._pause = False
        self._stop = False
        self._discard = False
        self._halt = False
        self._paused = 0.0
        self._waits = False
        self._training: Any = None
        self.status = "idle"
        self.speed = "full speed"
        self.run: Run | None = None
        _open.add(self)
        HOLD.watch(self)

    def start(self, run: Run, replaced: Callable[[Run | None], None], *, one_epoch: bool = False) -> None:
        """Start this run; with `one_epoch` pause after its first. A run that is stopping is waited for.

        Args:
            run: The new run.
            replaced: Called with the run before it, before anything is reported of the new one.
            one_epoch: Whether to pause after the first epoch.

        Raises:
            RuntimeError: A run is going on.
        """
        if self.status == "stopping":
            self.wait(_STOPPING_SECONDS)
        with self._wake:
            if self.status in RUNNING:
                raise RuntimeError(f"A run is {self.status}. Stop it first: .stop(), then .wait().")
            before = self.run
            self.run = run
            self._set("loading")
            self._pause, self._stop, self._discard, self._halt = one_epoch, False, False, False
            self._training, self._paused, self._waits = None, 0.0, False
        try:
            replaced(before)
            self._report(run, True)
        finally:
            self._ended = worker.begin(lambda: self._work(run))

    def pause(self) -> None:
        """Halt after the batch or epoch in hand; does nothing unless training."""
        with self._wake:
            if self.status in ("loading", "training"):
                self._pause = self._halt = True
            self._wake.notify_all()
        TURNS.look()

    def resume(self) -> None:
        """Go on after a pause; during a hold, once it is over."""
        with self._wake:
            self._pause = False
            self._wake.notify_all()
        if HOLD.on:
            self._report(self.run, True)

    @property
    def note(self) -> str:
        """What the learner is to know of a run beside what it shows; empty if it is nothing."""
        if self.status == "paused" and HOLD.on:
            return PAUSED_TWICE if self._pause else PAUSED
        if self.status == "loading" and self._waits:
            return WAITS
        return self.run.note if self.run else ""

    def hold_changed(self) -> None:
        """All trainings are to halt, or may go on; what was paused before stays paused."""
        with self._wake:
            if not self._pause:
                self._halt = HOLD.on and self.status in ("loading", "training")
            self._wake.notify_all()
        TURNS.look()
        if self.status in RUNNING:
            self._report(self.run, True)

    def step(self) -> None:
        """From a pause: one epoch (while batches are followed: one batch), then pause again; not during a hold."""
        with self._wake:
            if self.status == "paused" and not HOLD.on:
                self._set("training")
                self._wake.notify_all()

    def stop(self, *, discard: bool = False) -> None:
        """End the run after the epoch in hand, or in mid-epoch if that epoch is long; its frames are kept.

        Args:
            discard: Forget the run afterwards and be idle.
        """
        with self._wake:
            running = self.status in RUNNING
            self._discard = self._discard or (discard and running)
            if running:
                self._stop = True
                self._set("stopping")
                self._cut_short_later()
            elif discard:
                self._set("idle")
                self.run = None
            self._wake.notify_all()
        TURNS.look()
        self._report(self.run, True)

    def set_speed(self, speed: str) -> None:
        """Change the speed at once; see SPEEDS."""
        with self._wake:
            self.speed = speed
            self._wake.notify_all()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the worker to end; False if it still runs after `timeout` seconds."""
        return self._ended is None or self._ended.wait(timeout)

    @property
    def follows_batches(self) -> bool:
        """Whether each batch is to be followed: at a speed of batches, and on the way to a pause in a long epoch."""
        return (SPEEDS[self.speed][0] == "batch" or self._halt) and not self._stop

    def _set(self, status: str) -> None:
        self.status = status
        HOLD.count(self, status in RUNNING and status != "paused")

    def _cut_short_later(self) -> None:
        """Cut the epoch in hand short if it is still going on after the grace; tracing does not count."""
        run = self.run

        def cut() -> None:
            if self.run is not run or run is None or self.status != "stopping":
                return
            if self._training is not None and len(self._training.batch_loss):
                run.model.stop_training = True
            else:
                self._cut_short_later()

        timer = threading.Timer(_STOP_GRACE, cut)
        timer.daemon = True
        timer.start()

    def _end_in_time(self, run: Run, seconds: float, began: float) -> None:
        """Stop a run that goes on for longer than so many seconds, its pauses not counted."""

        def look() -> None:
            if self.run is not run or run.outcome or self.status not in ("training", "paused"):
                return
            left = seconds - (time.perf_counter() - began - self._paused)
            if left > 0 or self.status == "paused":
                timer = threading.Timer(max(left, 0.5), look)
                timer.daemon = True
                timer.start()
            else:
                minutes = "a minute" if seconds == 60 else f"{seconds / 60:g} minutes"
                run.note = TOO_LONG.format(minutes=minutes)
                self.stop()

        look()

    def _work(self, run: Run) -> None:
        try:
            self._train(run)
            outcome = "done"
        except BaseException as error:
            run.error = error
            run.outcome, outcome = "failed", "failed"
        with self._wake:
            if self._discard:
                outcome, self.run = "idle", None
            self._set(outcome)
        self._report(run if self.run is run else None, True)

    def untrained(self, settings: Settings) -> Any:
        """A new keras.Model with the weights from which a run with these settings starts: its seed draws them."""
        keras = load_keras()
        with SEEDING:
            keras.utils.set_random_seed(settings.seed)
            return build(self._build, settings, self._data)

    def _train(self, run: Run) -> None:
        keras, settings, data = load_keras(), run.settings, self._data
        from firstepoch.widgets.training import engine

        early = _early_stopping(keras, settings)
        with TURNS.taken(self._enough, lambda: self._tell_wait(run)):
            self._fit(run, early)
        if run.outcome:
            return
        # What comes now is short, and somebody waits for it: without a turn.
        model = run.model
        if early and early.stopped_epoch:
            run.stopped_epoch = early.stopped_epoch
        if early and early.best_weights is not None and _same(model.get_weights(), early.best_weights):
            run.restored_epoch = early.best_epoch
        run.known_by = seals.known_by(model)
        run.test = engine.evaluate(model, data.x_test, data.y_test)
        complete = len(run.recording) == settings.epochs and run.partial_batches is None
        run.outcome = "early stopped" if run.stopped_epoch else "finished" if complete else "stopped"

    def _fit(self, run: Run, early: Any) -> None:
        """Build the model and train it; the run has an outcome afterwards if it was stopped before it began."""
        keras, settings, data = load_keras(), run.settings, self._data
        from firstepoch.widgets.training import engine
        from firstepoch.widgets.training.live import LiveCallback

        live = LiveCallback(self, run)
        with SEEDING:
            keras.utils.set_random_seed(settings.seed)
            model = build(self._build, settings, data)
            run.model = model
            rates = schedule.callbacks(settings, model)
            training = engine.Training(
                model,
                data.x_train,
                data.y_train,
                batch_size=settings.batch_size,
                epochs=settings.epochs,
                validation_split=settings.validation_split,
                callbacks=[*([early] if early else []), *rates, live],
            )
        run.first_rate = schedule.learning_rate(model)
        run.parameters = model.count_params()
        run.training_rows = settings.split_rows(len(data.x_train))[0]
        run.updates_per_epoch = -(-run.training_rows // settings.batch_size)
        run.model_code, run.jit_compile = model_source(model), bool(model.jit_compile)
        run.loss, run.penalised = loss_words(model.loss), bool(model.losses)
        run.plan = _plan(model, data)
        if run.plan is not None:
            for recording in (run.recording, run.updates):
                recording.settings["network"] = run.plan
        live.prepare(
            training,
            EpochWriter(run, training),
            BestEpoch(settings.monitor, early),
            DivergenceWatch(run.first_rate, settings, _floor(data, run.training_rows)),
        )
        with self._wake:
            if self.status == "loading":
                self._set("training")
        self._report(run, True)
        self._training = training
        if HOLD.on:
            self._halt_here(run, lambda: HOLD.on)
        if self._stop:
            run.outcome = "stopped"
            return
        if seconds := longest():
            self._end_in_time(run, seconds, time.perf_counter() - self._paused)
        try:
            training.run()
        except ValueError as error:
            names = model.get_metrics_result()
            if settings.watcher and settings.monitor.removeprefix("val_") not in names:
                raise SettingsError(missing_monitor(settings.monitor, sorted(names), settings.watcher)) from error
            raise

    def _after(self, run: Run, batch: bool, last: bool = False) -> None:
        """Called by the worker after each batch that is followed, and after each epoch: report, pace, pause."""
        self._report(run, False)
        if last:
            return
        since = time.perf_counter()
        if self._left(batch, since) > 0:
            with TURNS.lent(self._enough), self._wake:
                while not self._enough() and (left := self._left(batch, since)) > 0:
                    self._wake.wait(left)
        else:
            TURNS.next(self._enough)
        self._halt_here(run, self._halting)

    def _left(self, batch: bool, since: float) -> float:
        """Seconds to wait after a batch or an epoch that ended at `since`."""
        unit, rate = SPEEDS[self.speed]
        return 1 / rate - (time.perf_counter() - since) if (unit == "batch") == batch else 0.0

    def _halting(self) -> bool:
        return self._pause or HOLD.on

    def _tell_wait(self, run: Run) -> None:
        self._waits = True
        self._report(run, True)

    def _enough(self) -> bool:
        """Whether to wait for nothing more: not for the pace, nor for a turn."""
        return self._stop or self._halting()

    def _halt_here(self, run: Run, halting: Callable[[], bool]) -> None:
        """In the worker: be paused for as long as `halting` says so."""
        with self._wake:
            if self._stop or not halting():
                return
            self._halt = False
            self._set("paused")
        self._report(run, True)
        with TURNS.lent(lambda: self._stop), self._wake:
            since = time.perf_counter()
            while self.status == "paused" and halting() and not self._stop:
                self._wake.wait()
            self._paused += time.perf_counter() - since
            if self.status == "paused" and not self._stop:
                self._set("training")
        self._report(run, True)


def build(build_model: Callable[..., Any], settings: Settings, data: Any) -> Any:
    """Build the model and check that it can be trained on the data.

    Raises:
        SettingsError: It is no compiled model, or its inputs do not fit the data.
    """
    model = build_model(**settings.for_model(accepted_settings(build_model)))
    if not hasattr(model, "train_step"):
        raise SettingsError(
            f"build_model returned {type(model).__name__}, not a keras.Model. Return the compiled model."
        )
    if not getattr(model, "compiled", False):
        raise SettingsError(
            "The model is not compiled. Call model.compile(loss=..., optimizer=...) before returning it."
        )
    inputs = np.asarray(data.x_train).shape[1]
    if not model.built:
        model.build((None, inputs))
    expected = getattr(model, "input_shape", None)
    if isinstance(expected, tuple) and len(expected) == 2 and expected[1] not in (None, inputs):
        raise SettingsError(
            f"The model takes {expected[1]} inputs but the data has {inputs}. Build it with Input(({inputs},)), or by "
            "firstepoch.widgets.model_builder(data)."
        )
    _check_outputs(model, data)
    return model


def _check_outputs(model: Any, data: Any) -> None:
    found, output = getattr(model, "output_shape", None), output_of(data)
    if not isinstance(found, tuple) or len(found) != 2:
        return
    # Two classes may also be told apart by two softmax units.
    if found[1] not in (output.units, 2 if task_of(data) == "binary" else output.units):
        asked = "is a number" if task_of(data) == "regression" else f"has {len(data.class_names)} classes"
        raise SettingsError(
            f"The model has {found[1]} output{'' if found[1] == 1 else 's'} but the target {asked}. End it with "
            f'Dense({output.units}, activation="{output.activation}") and compile it with loss="{output.loss}", '
            "or build it by firstepoch.widgets.model_builder(data)."
        )


def _floor(data: Any, rows: int) -> float:
    """The loss up to which a run has not diverged: for a regression, twice what always answering 0 gets."""
    if task_of(data) != "regression":
        return 1.0
    return max(1.0, 2 * float(np.mean(np.square(data.y_train[:rows], dtype="float64"))))


def accepted_settings(build_model: Callable[..., Any]) -> tuple[str, ...]:
    """Which of the model's settings `build_model` takes as keyword arguments."""
    try:
        parameters = inspect.signature(build_model).parameters.values()
    except (TypeError, ValueError):
        return MODEL_SETTINGS
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return MODEL_SETTINGS
    names = {p.name for p in parameters if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)}
    return tuple(name for name in MODEL_SETTINGS if name in names)


def _plan(model: Any, data: Any) -> dict[str, Any] | None:
    from firstepoch.widgets.network import compute

    try:
        plan = compute.plan(model, data.feature_names, source_columns=getattr(data, "source_columns", None))
    except ValueError:
        return None
    last = plan["layers"][-1]
    if last["units"] == len(data.class_names):
        last["names"] = [str(data.class_names[unit]) for unit in last["shown"]]
    return plan


def _early_stopping(keras: Any, settings: Settings) -> Any:
    if not settings.early_stopping:
        return None
    return keras.callbacks.EarlyStopping(
        monitor=settings.monitor,
        patience=settings.patience,
        min_delta=settings.min_delta,
        restore_best_weights=settings.restore_best_weights,
    )


def _same(weights: list[np.ndarray], others: list[np.ndarray]) -> bool:
    return all(np.array_equal(one, other) for one, other in zip(weights, others, strict=True))


@atexit.register
def _end_all() -> None:
    for session in list(_open):
        session.stop()
    for session in list(_open):
        session.wait(2.0)
