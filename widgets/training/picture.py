"""A picture of the curves of one run, as PNG and SVG; it needs no display. matplotlib is loaded when one is drawn."""

from __future__ import annotations

import io
import math
import textwrap
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from firstepoch.widgets.training.describe import in_words, metric_of
from firstepoch.widgets.training.run import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLORS = {
    "ink": "#1a1d23",
    "muted": "#59616c",
    "line": "#d3d8df",
    "train": "#02419e",
    "valid": "#aa5c3c",
    "best": "#4a9686",
}
"""The tokens of a light page."""

_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": 10,
    "text.color": COLORS["ink"],
    "axes.edgecolor": COLORS["line"],
    "axes.labelcolor": COLORS["muted"],
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": COLORS["line"],
    "grid.linewidth": 0.6,
    "xtick.color": COLORS["muted"],
    "ytick.color": COLORS["muted"],
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "firstepoch",
    "savefig.dpi": 160,
}
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
}
"""matplotlib writes its version and the time of day into a file unless told not to."""

_drawing = threading.Lock()
"""matplotlib's settings are one for the process: they are set for the moment of drawing."""


def picture(run: Run, kind: str) -> bytes:
    """Loss and metric over the epochs, as a file; the same run gives the same file.

    Args:
        run: A run with one epoch or more.
        kind: "png" or "svg".
    """
    import matplotlib

    made = io.BytesIO()
    plain = {name: value for name, value in matplotlib.rcParamsDefault.items() if not name.startswith("backend")}
    with _drawing, matplotlib.rc_context(plain | _STYLE):
        draw(run).savefig(made, format=kind, metadata=_METADATA[kind])
    return made.getvalue()


def draw(run: Run) -> Figure:
    """The same as a matplotlib Figure that no window and no pyplot knows."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=(10, 4.6), layout=ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.08))
    title = textwrap.fill(f"Run {run.number}: {in_words(run.settings)}", 100)
    figure.suptitle(title, x=0.012, ha="left", fontsize=12, fontweight="bold")
    metric = metric_of(run)
    axes = figure.subplots(1, 2)
    for ax, name, label in zip(axes, ("loss", metric), (_loss_label(run), _metric_label(metric)), strict=True):
        _curves(ax, run, name)
        ax.set(xlabel="epoch", ylabel=label)
        ax.xaxis.get_major_locator().set_params(integer=True)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def _curves(ax: Axes, run: Run, name: str) -> None:
    epochs = np.arange(1, len(run.recording) + 1)
    lone = "o" if len(epochs) == 1 else None
    for log, words, color, dash in (
        (name, "training", "train", "-"),
        (f"val_{name}", "validation", "valid", (0, (4, 2))),
    ):
        if log in run.recording:
            values = np.where(np.isfinite(run.recording[log]), run.recording[log], math.nan)
            ax.plot(epochs, values, color=COLORS[color], linestyle=dash, linewidth=1.6, marker=lone, label=words)
    if run.best_epoch is not None:
        best = run.best_epoch + 1
        words = f"best epoch: {best}" + (", restored" if run.restored_epoch == run.best_epoch else "")
        ax.axvline(best, color=COLORS["best"], linestyle=":", linewidth=1.6, label=words)
    ax.set_xlim(left=0)
    if name == "loss":
        ax.set_ylim(bottom=0)


def _loss_label(run: Run) -> str:
    return f"loss ({run.loss})" if run.loss else "loss"


def _metric_label(metric: str) -> str:
    return {"accuracy": "accuracy (share of rows that are right)", "mae": "mean absolute error"}.get(metric, metric)
