"""DropoutView: traits, validation and wiring. net.py and compute.py run Keras's layer, scene.py cuts, view.ts draws."""

from __future__ import annotations

from typing import Any

import traitlets as t

from firstepoch.widgets import still
from firstepoch.widgets.dropout.code import program
from firstepoch.widgets.dropout.compute import Plan, Run, run
from firstepoch.widgets.dropout.net import MADE_INPUTS, Network
from firstepoch.widgets.dropout.rows import Rows
from firstepoch.widgets.dropout.scene import scene
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.settings_view import SettingsView

_STILL_UNITS = 16


class DropoutView(SettingsView):
    """What Dropout does to a network: the masks Keras's layer draws, batch by batch, and their average.

    The same rows go through the network again and again while its weights stand still, so that only the masks change;
    the model is copied and left as it is. Making the widget loads Keras, which takes some seconds the first time.
    The network is called layer by layer, without XLA: compiled by XLA (`jit_compile`), the same seed draws other masks.

    Source: Srivastava et al. 2014, JMLR 15:1929-1958. Their p is the share kept; Keras's rate is the share dropped.

    Args:
        model_or_units: A number of units (inputs, Dense of so many with relu, Dropout, one sigmoid output, all made up
            from a fixed seed), or a built keras.Model: a chain of Dense layers with Dropout.
        rate: The share dropped, from 0 to below 1. Default: the layer's own rate; 0.5 for a number of units.
        data: A TabularData, for example `heart.load()`, whose training rows flow through, or an array of shape
            (n, inputs). Default: standard-normal rows from a fixed seed.
        **settings: The settings below, by name.

    Raises:
        SettingsError: (a ValueError) The model, the data or the settings cannot be worked with; the message says why.
        TypeError: An argument is unknown.

    Example:
        >>> view = DropoutView(16, rate=0.5)  # doctest: +SKIP
        >>> view.recording["mask"].shape  # batches, rows, units  # doctest: +SKIP
        (100, 32, 16)
    """

    linked = ("layer", "rate", "batch_size", "batches", "seed", "training", "row")
    brings = {"layer": ("rate",)}
    parts = (*linked, "settings", "player", "why", "numbers", "code")

    title = t.Unicode("Dropout").tag(sync=True)
    """Heading of the card. Input."""
    rate = t.Float(0.5).tag(sync=True)
    """The share of units dropped while training, from 0 to below 1. Another layer brings its own rate. Control."""
    batch_size = t.Int(32).tag(sync=True)
    """Rows in a batch, 1 to the rows there are; the first ones are taken. Default 32, or all if fewer. Control."""
    batches = t.Int(100).tag(sync=True)
    """How often the batch goes through the network, 1 to 1,000; one frame each. Control."""
    seed = t.Int(42).tag(sync=True)
    """Seed of the masks, 0 to 2**32 - 1: of the first Dropout layer; the next has seed + 1. Control."""
    training = t.Bool(True).tag(sync=True)
    """Whether the layers are called as in training; at inference nothing is dropped and nothing scaled. Control."""
    layer = t.Unicode("").tag(sync=True)
    """Name of the Dropout layer shown; empty for the first. Control."""
    row = t.Int(0).tag(sync=True)
    """The row of the batch, from 0, whose way through the network is drawn. The page counts from 1. Control."""
    code = t.Unicode(read_only=True).tag(sync=True)
    """A plain Keras program that draws the same masks. Report."""

    def __init__(self, model_or_units: Any = 16, rate: float | None = None, data: Any = None, **settings: Any) -> None:
        self._rows = Rows(data)
        self._net = Network(model_or_units, self._rows.inputs or MADE_INPUTS)
        self._rows.check(self._net.inputs)
        self._run: Run | None = None
        self._scene = Recording()
        chosen = self._net.drop(str(settings.get("layer", "")))
        settings.setdefault("batch_size", min(32, len(self._rows)))
        super().__init__(rate=chosen.rate if rate is None else rate, **settings)
        # Before the settings are followed: another layer and its rate make one run.
        self.observe(lambda change: self._take_rate(change["new"]), "layer")
        self.follow("rate", "batch_size", "batches", "seed", "training", "layer", "row")

    @property
    def recording(self) -> Recording:
        """What was run; a frame is a batch.

        Arrays: `mask` (True where a unit was kept), shape (batch_size, units) in each frame. Of the row in hand, for
        each unit: `before` and `after` the Dropout layer, the running `mean` of `after`, its standard `error`, and what
        is `expected`, which is the value at inference; of the network's `output` likewise `output_mean`, `output_error`
        (NaN in the first frame) and `output_expected`. `scale` is what survivors are multiplied by, `dropped` counts
        the units dropped in this row, `share` is the share dropped in all rows so far, and `distinct` the number of
        different masks seen so far.
        """
        assert self._run is not None
        return self._run.recording

    @property
    def shown(self) -> Recording:
        """What the page plays; see `scene.scene`."""
        return self._scene

    @property
    def layers(self) -> list[str]:
        """Names of the Dropout layers that can be shown."""
        return [drop.layer.name for drop in self._net.drops]

    def recompute(self) -> None:
        """Run the network with the settings as they are, and show it."""
        net, drop = self._net, self._net.drop(self.layer)
        plan = Plan(
            rate=self.rate,
            batch_size=self.batch_size,
            batches=self.batches,
            seed=self.seed,
            training=self.training,
            row=self.row,
            rows=len(self._rows),
        )
        settings = {
            "layer": drop.layer.name,
            "rate": plan.rate,
            "batch_size": plan.batch_size,
            "batches": plan.batches,
            "seed": plan.seed,
            "training": plan.training,
            "row": plan.row,
        }
        made = run(net, drop, self._rows.first(plan.batch_size, net.inputs), plan, settings)
        facts = {"made_rows": self._rows.made, "made_network": net.made}
        shown = scene(made, net, drop, plan, facts, self._rows.names, self._rows.columns)
        self._run, self._scene = made, shown
        self.set_trait("code", program(net, drop, plan, self._rows.made))
        self.publish(shown)

    def still(self) -> str:
        """The last batch and the means as a table, for pages where nothing runs."""
        record, facts = self.recording, self.shown.settings
        units = record["before"].shape[1]
        last = {name: record[name][-1] for name in record}
        kept = last["mask"][self.row]
        rows = [
            (
                f"unit {unit + 1}",
                [
                    (f"{last['before'][unit]:.4g}", 0.0),
                    ("kept" if kept[unit] else "dropped", 0.0),
                    (f"{last['after'][unit]:.4g}", 0.0),
                    (f"{last['mean'][unit]:.4g}", 0.0),
                    (f"{last['expected'][unit]:.4g}", 0.0),
                ],
            )
            for unit in range(min(units, _STILL_UNITS))
        ]
        more = f", the first {_STILL_UNITS} of {units:,} units" if units > _STILL_UNITS else ""
        said = (
            f"{units:,} units, rate {self.rate:g}: {last['share']:.1%} of all units dropped in {len(record):,} batches "
            f"of {self.batch_size:,} rows; survivors are multiplied by {last['scale']:.4g}. "
            f"2^{units} = {facts['networks']} thinned networks, {last['distinct']:,} different ones seen."
        )
        if not self.training:
            said = f"{units:,} units at inference: nothing is dropped and nothing is scaled."
        caption = f"Batch {len(record):,}, row {self.row + 1}, and the means over all {len(record):,} batches{more}"
        heads = ["before", "kept?", "after", "mean so far", "at inference"]
        return still.figure(self._still, self.title, [still.paragraph(said), still.table(caption, heads, rows)])

    def _take_rate(self, name: str) -> None:
        if self._restoring:
            return
        try:
            self.rate = self._net.drop(name).rate
        except SettingsError:
            return  # `recompute` says so.
