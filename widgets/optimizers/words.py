"""Sentences about a race as a whole, for pages where nothing moves. No widget."""

from __future__ import annotations

from firstepoch.widgets.optimizers.compute import Run


def summary(runs: dict[str, Run], labels: dict[str, str]) -> str:
    """Who is lowest in the end, and who turned first."""
    last = {key: float(run.arrays["value"][-1]) for key, run in runs.items()}
    best = min(last, key=lambda key: last[key])
    said = f"{labels[best]} ends lowest, at a loss of {last[best]:.3g} after {len(runs[best]) - 1} steps."
    turned = {key: run.turn for key, run in runs.items() if run.turn is not None}
    if turned:
        step = min(turned.values())
        names = [labels[key] for key, turn in turned.items() if turn == step]
        said += f" {' and '.join(names)} turned first, at step {step}."
    for key, run in runs.items():
        if run.ended:
            said += f" {labels[key]}: {run.ended}"
    return said
