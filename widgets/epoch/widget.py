"""EpochRace: traits, validation and wiring. race.py runs, scene.py and plane.py prepare, view.ts draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets as t

from firstepoch.widgets import still
from firstepoch.widgets.epoch import race as racing
from firstepoch.widgets.epoch.code import program
from firstepoch.widgets.epoch.logistic import Logistic
from firstepoch.widgets.epoch.network import Network
from firstepoch.widgets.epoch.plane import Plane, exact_plane, pca_plane, random_plane, surface
from firstepoch.widgets.epoch.rows import Rows, take
from firstepoch.widgets.epoch.scene import fan, fan_size, scene
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.settings_view import SettingsView

_STILL_ROWS = 12


class _Feature(t.Unicode):
    """Name of a column; its number is taken too."""

    def validate(self, obj: Any, value: Any) -> str:
        rows: Rows = obj._rows
        if isinstance(value, int | np.integer) and not isinstance(value, bool):
            value = rows.names[rows.column(value)]
        return str(super().validate(obj, value))


class EpochRace(SettingsView):
    """One epoch of gradient descent beside one of stochastic gradient descent: same rows, same start, same cost.

    Args:
        x: Inputs: an array of shape (n, columns), or a DataFrame.
        y: n labels, 0 or 1.
        names: Names of the columns; default those of a DataFrame, else x0, x1, ...
        class_names: What the labels 0 and 1 mean. Default: "0" and "1".
        features: The two features of the logistic regression, by name or number. Default: the only two, or the pair
            that promises the lowest loss; see `Rows.two`.
        start: Where both methods begin; default a fixed place for the logistic regression, Glorot's draw for the
            network.
        **settings: The settings below, by name.

    Raises:
        SettingsError: (a ValueError) The rows or the settings cannot be raced with; the message says why.
        TypeError: An argument is unknown.

    Example:
        >>> data = heart.load()  # doctest: +SKIP
        >>> race = EpochRace(data.x_train, data.y_train, names=data.feature_names)  # doctest: +SKIP
        >>> len(race.gd) - 1, len(race.sgd) - 1  # doctest: +SKIP
        (1, 8)
    """

    linked = ("batch_size", "learning_rate", "epochs", "shuffle", "seed", "model", "features", "start", "plane", "fan")
    parts = (
        *("batch_size", "learning_rate", "epochs", "shuffle", "seed", "model", "features", "plane", "fan"),
        *("settings", "player", "numbers", "code"),
    )

    title = t.Unicode("One epoch, two ways").tag(sync=True)
    """Heading of the card. Input."""
    batch_size = t.Int(32).tag(sync=True)
    """Rows in a batch of SGD, 1 to n; at n both methods are one. Default 32, or n where there are fewer. Control."""
    learning_rate = t.Float(0.1).tag(sync=True)
    """The share of the gradient that a step goes, above 0; of both methods. Control."""
    epochs = t.Int(1).tag(sync=True)
    """Passes through all rows, 1 or more. Control."""
    shuffle = t.Bool(True).tag(sync=True)
    """Whether each epoch deals the rows in a new order. Control."""
    seed = t.Int(42).tag(sync=True)
    """Seed of the orders, of the network's first weights and of random directions, 0 to 2**32 - 1. Control."""
    model = t.Enum(("logistic", "network"), "logistic").tag(sync=True)
    """Logistic regression on two features (its surface is exact), or inputs to 16 ReLU units to 1. Control."""
    features = t.List(_Feature(), []).tag(sync=True)
    """Names of the two features of the logistic regression. Control."""
    start = t.List(t.Float(), []).tag(sync=True)
    """Weights both methods begin with; empty for the default. Input."""
    plane = t.Enum(("pca", "random"), "pca").tag(sync=True)
    """Which plane through the network's weights is drawn: PCA of the paths, or random filter-normalised. Control."""
    fan = t.Bool(False).tag(sync=True)
    """Whether the steps of all batches of the epoch are drawn from where SGD is. Control."""
    report = t.Dict(read_only=True).tag(sync=True)
    """Facts of the run: rows, inputs, classes, batches, updates, divergence, axes of the picture. Report."""
    deck = t.Dict(read_only=True).tag(sync=True)
    """`targets`: the label of each row, one byte each. Report."""
    surface = t.Dict(read_only=True).tag(sync=True)
    """The loss over the plane of the picture; see `plane.surface`. Report."""
    code = t.Unicode(read_only=True).tag(sync=True)
    """A plain program that repeats the run. Report."""

    def __init__(
        self,
        x: Any,
        y: Any,
        *,
        names: Sequence[str] | None = None,
        class_names: Sequence[str] = ("0", "1"),
        features: Sequence[str | int] | None = None,
        start: Sequence[float] | None = None,
        **settings: Any,
    ) -> None:
        self._rows: Rows = take(x, y, names)
        self._classes = [str(name) for name in class_names]
        if len(self._classes) != 2:
            raise SettingsError(f"class_names is {class_names!r}; give two names, for labels 0 and 1.")
        self._runs: tuple[Recording, Recording] = (Recording(), Recording())
        self._scene = Recording()
        self._model: Logistic | Network
        try:
            pair: Sequence[int] = self._rows.two() if features is None else self._rows.pair(features)
        except SettingsError:
            if features is not None or settings.get("model") != "network":
                raise
            pair = ()
        settings.setdefault("batch_size", min(32, len(self._rows)))
        try:
            given = [] if start is None else np.asarray(start, np.float64).ravel().tolist()
        except (TypeError, ValueError) as error:
            raise SettingsError(f"start is {start!r}; give a list of numbers, or leave it out.") from error
        super().__init__(features=[self._rows.names[column] for column in pair], start=given, **settings)
        self.set_trait("deck", {"targets": self._rows.y.astype(np.uint8).tobytes()})
        self.follow(*self.linked)

    @property
    def gd(self) -> Recording:
        """Gradient descent's run; a frame is the state after as many updates.

        Arrays: `w` (weights), `loss` over all rows at `w`, `full_gradient` there, and of the batch that is used next
        its `rows` (numbers of rows, padded with -1), `batch_loss` and `gradient`; `epoch` from 0. In the last frame no
        batch is left: `rows` is -1 and `gradient` 0.
        """
        return self._runs[0]

    @property
    def sgd(self) -> Recording:
        """Stochastic gradient descent's run; the arrays are those of `gd`."""
        return self._runs[1]

    @property
    def shown(self) -> Recording:
        """What the page plays: one frame for each state of SGD, with gradient descent at the same cost.

        Arrays: on the plane of the picture `point`, `batch_step`, `full_step`, `gd_point`; `loss`, `batch_loss`,
        `gd_loss`; the `angle` in degrees between batch and full gradient in the space of all weights and their sizes
        `gradient_size`, `full_size`, `gd_gradient_size`; `rows`, `count`, `epoch`, `batch`, `processed`, `gd_updates`.
        """
        return self._scene

    @property
    def batch_sizes(self) -> list[int]:
        """Rows in each batch of an epoch of SGD; the last may be short."""
        return [len(part) for part in racing.batches(np.arange(len(self._rows)), self.batch_size)]

    def batch_gradients(self, frame: int = 0) -> np.ndarray:
        """Gradients of all batches of a frame's epoch at that frame's weights.

        Args:
            frame: Frame of `sgd`.

        Returns:
            Shape (batches, weights); their mean, weighted by `batch_sizes`, is the full gradient.
        """
        order = self._plan().orders()[int(self.sgd["epoch"][frame])]
        parts = racing.batches(order, self.batch_size)
        return np.stack([self._model.gradient(self.sgd["w"][frame], np.sort(part))[1] for part in parts])

    def reached(self, loss: float) -> dict[str, int | None]:
        """Rows each method had processed when its loss over all rows was first `loss` or less; None if it never was."""
        return {"gd": racing.reached(self.gd, loss), "sgd": racing.reached(self.sgd, loss)}

    def recompute(self) -> None:
        """Run both methods with the settings as they are, and show them."""
        plan, rows = self._plan(), self._rows
        columns = rows.pair(list(self.features)) if self.model == "logistic" or self.features else (0, 1)
        model = Logistic(rows.x[:, columns], rows.y) if self.model == "logistic" else Network(rows.x, rows.y)
        plan.check_cost(model)
        start = self._start_of(model, plan)
        settings = {
            "batch_size": plan.batch_size,
            "learning_rate": plan.learning_rate,
            "epochs": plan.epochs,
            "shuffle": plan.shuffle,
            "seed": plan.seed,
            "model": self.model,
            "features": [rows.names[column] for column in columns] if self.model == "logistic" else list(rows.names),
            "start": start.tolist(),
        }
        gd, sgd = racing.race(model, plan, start, settings)
        plane = self._plane_of(model, gd, sgd)
        shown = scene(gd, sgd, plane, plan)
        if self.fan:
            shown = _with(shown, "fan", fan(model, sgd, plane, plan))
        points = plane.coordinates(np.concatenate([sgd["w"], gd["w"]]))
        drawn = surface(model, plane, points)
        names = tuple(rows.names[column] for column in columns)
        self._model, self._runs, self._scene = model, (gd, sgd), shown
        with self.hold_sync():
            self.set_trait("surface", drawn)
            self.set_trait("report", self._report(model, plan, plane))
            weights = start.tolist() if isinstance(model, Logistic) else None
            self.set_trait("code", program(plan, rows.x.shape[1], columns, names, weights, given=bool(self.start)))
        self.publish(shown)

    def still(self) -> str:
        """Both runs as a table, for pages where nothing runs."""
        ends = [
            (name, [(f"{len(run) - 1:,}", 0.0), (f"{run['loss'][-1]:.4g}", 0.0)])
            for name, run in (("gradient descent", self.gd), ("SGD", self.sgd))
        ]
        path = [
            (f"{frame}", [(f"{value:.4g}", 0.0)]) for frame, value in enumerate(self.sgd["loss"][:_STILL_ROWS].tolist())
        ]
        rest = len(self.sgd) - _STILL_ROWS
        return still.figure(
            self._still,
            self.title,
            [
                still.paragraph(
                    f"{len(self._rows):,} rows, {self.epochs} epoch{'s' * (self.epochs > 1)}, batches of "
                    f"{self.batch_size:,}, learning rate {self.learning_rate:g}."
                ),
                still.table("After as many rows each", ["updates", "loss over all rows"], ends),
                still.table(
                    f"SGD, update by update{f', the first {_STILL_ROWS}' if rest > 0 else ''}",
                    ["loss over all rows"],
                    path,
                ),
            ],
        )

    def _plan(self) -> racing.Plan:
        return racing.Plan(
            rows=len(self._rows),
            batch_size=int(self.batch_size),
            learning_rate=self.learning_rate,
            epochs=self.epochs,
            shuffle=self.shuffle,
            seed=self.seed,
        )

    def _start_of(self, model: Logistic | Network, plan: racing.Plan) -> np.ndarray:
        if not self.start:
            return model.start(plan.seed)
        given = np.array(self.start, np.float64)
        if len(given) != model.weights or not np.isfinite(given).all():
            raise SettingsError(
                f"start has {len(given)} {'weight' if len(given) == 1 else 'weights'}; this model has {model.weights}, "
                "each a finite number. Leave it out for the default."
            )
        return given

    def _plane_of(self, model: Logistic | Network, gd: Recording, sgd: Recording) -> Plane:
        if isinstance(model, Logistic):
            return exact_plane((self.features[0], self.features[1]))
        origin = sgd["w"][-1]
        if self.plane == "random":
            return random_plane(model, origin, self.seed)
        return pca_plane(np.concatenate([sgd["w"], gd["w"]]), origin)

    def _report(self, model: Logistic | Network, plan: racing.Plan, plane: Plane) -> dict[str, Any]:
        gd, sgd = self._runs
        return {
            "rows": plan.rows,
            "inputs": list(self._rows.names),
            "classes": self._classes,
            "batches": plan.batches,
            "last_batch": self.batch_sizes[-1],
            "updates": {"gd": len(gd) - 1, "sgd": len(sgd) - 1},
            "diverged": _divergence(gd, sgd, plan),
            "axes": list(plane.axes),
            "share": plane.share(np.concatenate([sgd["w"], gd["w"]])),
            "weights": model.weights,
            "fan_batches": fan_size(plan, len(sgd)) if self.fan else 0,
            "all_batches": plan.batches,
        }


def _divergence(gd: Recording, sgd: Recording, plan: racing.Plan) -> dict[str, Any] | None:
    lost = {
        name: update
        for name, run, updates in (("gd", gd, plan.epochs), ("sgd", sgd, plan.epochs * plan.batches))
        if (update := racing.diverged(run, updates)) is not None
    }
    if not lost:
        return None
    who = {"gd": "Gradient descent", "sgd": "SGD", "both": "Both methods"}
    method = "both" if len(lost) == 2 else next(iter(lost))
    update = lost.get("sgd", lost.get("gd", 0))
    when = f"at update {update:,}" if method != "both" else f"SGD at update {lost['sgd']:,}"
    return {
        "method": method,
        "update": update,
        "sentence": (
            f"{who[method]} diverged, {when}: the loss rose above a thousand times its start, because the learning "
            f"rate {plan.learning_rate:g} is too large here. Try {_smaller(plan.learning_rate):g}."
        ),
    }


def _smaller(rate: float) -> float:
    return 0.1 if rate > 1 else rate / 10


def _with(recording: Recording, name: str, values: np.ndarray) -> Recording:
    made = Recording(recording.settings, versions=recording.versions)
    made.extend({array: recording[array] for array in recording} | {name: values})
    return made
