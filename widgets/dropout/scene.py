"""What the page plays: a frame for each batch, cut down to what can be seen. It computes no result."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from firstepoch.widgets.dropout.compute import Plan, Run
from firstepoch.widgets.dropout.net import Drop, Network
from firstepoch.widgets.network import compute as network
from firstepoch.widgets.recording import Recording

MOST_LISTED = 256
"""Units in the grid of masks, the plot of all units and the table."""
MOST_ROWS = 64
"""Rows of the batch in the grid of masks."""
MOST_DIGITS = 40


def scene(run: Run, net: Network, drop: Drop, plan: Plan, facts: dict[str, Any], names: Any, columns: Any) -> Recording:
    """The frames of the page.

    Args:
        run: What was run.
        net: The network, as it was for the run.
        drop: The Dropout layer that is shown.
        plan: The settings.
        facts: What the page is told besides.
        names: Names of the inputs, or None.
        columns: The raw column of each input, or None.

    Returns:
        One frame a batch. In the order of the picture (`network/compute.py`) `raw`, `values` and `dropped`; of the
        first units `before`, `after`, `mean`, `error`, and for the rows of the grid `kept`; of one output `output`,
        `output_mean`, `output_error` and whether inference lies within three standard errors (`within`); `count`
        (dropped in the row in hand), `share` and `distinct` over all rows and batches so far. The settings are the
        interface Facts of traits.ts.
    """
    record, frames = run.recording, len(run.recording)
    units = record["before"].shape[1]
    listed, rows = min(units, MOST_LISTED), min(plan.batch_size, MOST_ROWS)
    first = int(np.clip(plan.row - rows // 2, 0, plan.batch_size - rows))
    # Which output is drawn: the one that inference finds largest.
    output = int(np.argmax(record["output_expected"][0]))
    drawn = network.plan(net.model, names, source_columns=columns)
    shown = [layer["shown"] for layer in drawn["layers"]]
    mean, error, rest = (record[name][:, output] for name in ("output_mean", "output_error", "output_expected"))
    page = Recording(
        facts
        | {
            "network": drawn,
            "drawn": network.drawn(network.parameters(net.model)[None], drawn)[0].tolist(),
            "scales": _scales(net, len(shown), plan.training),
            "layer": drop.layer.name,
            "layers": [one.layer.name for one in net.drops],
            "units": units,
            "listed": listed,
            "first_row": first,
            "shown_rows": rows,
            "expected": record["expected"][0, :listed].tolist(),
            "output": _name(output, record["output"].shape[1]),
            "output_expected": float(rest[0]),
            "linear": drop.linear,
            "networks": _counted(units),
            "rate": plan.rate,
            "scale": plan.scale,
            "row": plan.row,
            "rows": plan.batch_size,
            "most_rows": plan.rows,
            "training": plan.training,
            "normalised": net.normalised,
        }
    )
    page.extend(
        {
            "raw": np.concatenate([part[:, at] for part, at in zip(run.raw, shown, strict=True)], axis=1),
            "values": np.concatenate([part[:, at] for part, at in zip(run.values, shown, strict=True)], axis=1),
            "dropped": np.concatenate([part[:, at] for part, at in zip(run.dropped, shown, strict=True)], axis=1),
            "kept": record["mask"][:, first : first + rows, :listed],
            "before": record["before"][:, :listed],
            "after": record["after"][:, :listed],
            "mean": record["mean"][:, :listed].astype(np.float32),
            "error": record["error"][:, :listed].astype(np.float32),
            "output": record["output"][:, output],
            "output_mean": mean,
            "output_error": error,
            "within": np.abs(mean - rest) <= np.where(np.isnan(error), np.inf, 3 * error),
            "count": record["dropped"],
            "share": record["share"],
            "distinct": record["distinct"],
            "batch": np.arange(frames, dtype=np.int32),
        }
    )
    return page


def _scales(net: Network, layers: int, training: bool) -> list[float]:
    """What the survivors of each layer of units are multiplied by; 1 where nothing is dropped."""
    scales = [1.0] * layers
    for drop in net.drops:
        if training:
            scales[drop.block] /= 1 - drop.layer.rate
    return scales


def _name(output: int, outputs: int) -> str:
    return "the network's output" if outputs == 1 else f"output {output + 1}"


def _counted(units: int) -> str:
    """2 to the number of units, all its digits where they can be read."""
    digits = math.floor(units * math.log10(2)) + 1
    return f"{2**units:,}" if digits <= MOST_DIGITS else f"a number of {digits:,} digits"
