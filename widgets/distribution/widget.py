"""Distribution: traits, validation and wiring. session.py runs the second Python, view.ts draws what it did."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pandas as pd

from firstepoch.widgets import still
from firstepoch.widgets.distribution import compute, words
from firstepoch.widgets.distribution.code import program
from firstepoch.widgets.distribution.session import RUNNING, Session
from firstepoch.widgets.distribution.traits import DistributionTraits
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording

_MOST_SEED = 2**32 - 1


class Distribution(DistributionTraits):
    """The same updates on one device and on two: rows dealt, two gradients, their sum, one and the same update.

    A real run of `tf.distribute.MirroredStrategy` over two logical devices of one processor. TensorFlow divides a
    processor only before it starts, so a second Python makes the run, which takes some 15 seconds; the kernel stays
    free meanwhile, and Stop ends it at once. One epoch is trained twice from the same start on the same batches: by
    both devices together, and by one alone. Two devices of one processor share its cores: no time is gained, and none
    is claimed.

    Args:
        source: A function that returns a compiled keras.Model (for example `heart.build_model`), such a model, or a
            Recording of an earlier run, which is only played. The model may have Dense layers, and others that do the
            same to a row on every device; its run does not change it.
        data: A TabularData, whose training rows are taken, or (x, y).
        **settings: The settings below, by name.

    Raises:
        SettingsError: (a ValueError) The source, the data or the settings cannot be worked with.
        TypeError: An argument is unknown.

    Example:
        >>> card = Distribution(heart.build_model, heart.load())  # doctest: +SKIP
        >>> card.run()  # doctest: +SKIP
        >>> card.wait()  # doctest: +SKIP
        True
        >>> card.recording["dealt"][1]  # doctest: +SKIP
        array([16, 16], dtype=int32)
    """

    COMMANDS = "run", "stop", "reset"
    _session: Session
    _ready = False

    def __init__(self, source: Any, data: Any = None, **settings: Any) -> None:
        played = source if isinstance(source, Recording) else None
        self._source: Callable[..., Any] | Any = None if played is not None else source
        self._rows: compute.Rows | None = None
        if played is not None:
            if "replica_difference" not in played:
                raise SettingsError("This recording is none of Distribution's; give one that its .recording was.")
            settings = {"batch_size": played.settings["batch_size"], "seed": played.settings["seed"], **settings}
        else:
            if not callable(source):
                raise SettingsError(
                    "Give a function that returns a compiled keras.Model, such a model, or a Recording."
                )
            self._rows = compute.Rows.of(data)
            settings.setdefault("batch_size", min(32, len(self._rows)))
        self._session = Session(self._on_report, played)
        self._reporting = threading.RLock()
        super().__init__(**settings)
        self.follow("batch_size", "seed")
        self._ready = True

    def recompute(self) -> None:
        """Check the settings; what was run stays."""
        if self._rows is not None and not 1 <= self.batch_size <= len(self._rows):
            raise SettingsError(
                f"The batch size is {self.batch_size:,}; use 1 to {len(self._rows):,}, the rows there are."
            )
        if not 0 <= self.seed <= _MOST_SEED:
            raise SettingsError(f"The seed is {self.seed}; use a whole number from 0 to 2**32 - 1.")
        self._on_report("state")

    def run(self) -> None:
        """Start the run; returns at once. `wait()` waits for its end.

        Raises:
            RuntimeError: A run is going on, or only a recorded run is shown here.
        """
        if self._rows is None:
            raise RuntimeError("This card plays a recorded run. Give a model and data to make a new one.")
        self._started_in_view = False
        self._session.start(self._source, self._rows, self.batch_size, self.seed)

    def stop(self) -> None:
        """End the second Python at once; the run shown before, if any, stays."""
        self._session.stop()

    def reset(self) -> None:
        """Forget the run and be idle."""
        self._session.stop(discard=True)

    @property
    def recording(self) -> Recording:
        """What was run: one frame before the first update, and one for each update.

        `rows` are the numbers of the batch's rows in the order dealt, -1 where there are fewer; `dealt` how many each
        device got. `gradient` of shape (2, parameters) is what each device sends: the gradient of the sum of its rows'
        losses, divided by the rows of the whole batch; `gradient_norm` its length and `angle` that between the two in
        degrees; `reduced` is their sum, `single_gradient` that of one device with all rows, and `gradient_difference`
        the largest difference of the two. `weights` of shape (2, parameters) are those on each device after the
        update, `single_weights` those of one device alone; `replica_difference` and `single_difference` are the
        largest differences. `loss` and `single_loss` are means over the batch before its update.
        Parameters are in the order of `settings["weights"]`; the times are in `settings`, in seconds.
        """
        return self._session.recording

    @property
    def replicas(self) -> pd.DataFrame:
        """One row for each update and device: its rows, the norm of its gradient, and how far its weights are apart.

        Raises:
            RuntimeError: Nothing has been run.
        """
        recording = self.recording
        if not len(recording):
            raise RuntimeError("Nothing has been run yet. Try .run(), then .wait().")
        lines = []
        for frame in range(1, len(recording)):
            ends = [0, *recording["dealt"][frame].cumsum()]
            for device in range(compute.REPLICAS):
                lines.append(
                    {
                        "update": frame,
                        "device": recording.settings["devices"][device].removeprefix("/device:"),
                        "rows": int(recording["dealt"][frame][device]),
                        "row_numbers": recording["rows"][frame][ends[device] : ends[device + 1]].tolist(),
                        "gradient_norm": float(recording["gradient_norm"][frame][device]),
                        "angle": float(recording["angle"][frame]),
                        "replica_difference": float(recording["replica_difference"][frame]),
                        "single_difference": float(recording["single_difference"][frame]),
                    }
                )
        return pd.DataFrame(lines)

    def still(self) -> str:
        """The updates as a table, for pages where nothing runs."""
        recording = self.recording
        if not len(recording):
            return still.figure(self._still, self.title, [still.paragraph("Nothing has been run yet.")])
        names = ("gradient_norm", "angle", "reduced_norm", "replica_difference", "single_difference")
        lines = []
        for frame in range(1, len(recording)):
            numbers = [value for name in names for value in recording[name][frame].reshape(-1)]
            dealt = " + ".join(str(count) for count in recording["dealt"][frame])
            lines.append((f"{frame}", [(dealt, 0.0), *((f"{value:.4g}", 0.0) for value in numbers)]))
        heads = (
            "rows dealt",
            "norm of gradient 1",
            "norm of gradient 2",
            "degrees between",
            "norm of their sum",
            "weights of devices 1 and 2 apart",
            "of one device apart",
        )
        parts = [*map(still.paragraph, words.said(recording)), still.table("Each update", heads, lines)]
        return still.figure(self._still, self.title, parts)

    def close(self) -> None:
        """End the second Python and take the widget off every page."""
        if self._ready:
            self._session.stop()
            super().close()

    def _on_report(self, _: str) -> None:
        """The one place that turns what the run did into trait changes."""
        with self._reporting:
            session = self._session
            self.set_trait("report", self._progress())
            if session.recording is not self._shown:
                self.publish(session.recording)
                self.set_trait("said", words.said(session.recording))
            if session.status not in RUNNING:
                self.set_trait("code", program(session.recording.settings, self.batch_size, self.seed))
            self.set_trait("status", session.status)

    def _progress(self) -> dict[str, Any]:
        session, error = self._session, self._session.error
        going = session.status in RUNNING
        return {
            "share": session.share if going else float(session.outcome == "finished"),
            "doing": session.doing if going else "",
            "outcome": session.outcome,
            "error": "" if error is None else f"{error}" or type(error).__name__,
            "played": self._rows is None,
            "rows": 0 if self._rows is None else len(self._rows),
        }
