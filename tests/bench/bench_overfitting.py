"""Times Overfitting's fifteen fits against the same fits by `Model.fit`, and how soon Stop is heard meanwhile.

Run `python tests/bench/bench_overfitting.py`, or call `measure()` for the numbers. All rows come from one process.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

UNITS, SEEDS, EPOCHS, BATCH, SPLIT = (2, 16, 128), 5, 300, 32, 0.2
FEW, SHORT = 2, 22
STOPS = 9
ROUNDS = 2


def by_keras(data: Any, units: int, seed: int, epochs: int) -> tuple[float, dict[str, list[float]]]:
    """Seconds of one fit by `Model.fit`, building the model included, and its history."""
    import keras

    from firstepoch import heart

    started = time.perf_counter()
    keras.utils.set_random_seed(seed)
    model = heart.build_model(units=(units,))
    history = model.fit(
        data.x_train, data.y_train, batch_size=BATCH, epochs=epochs, validation_split=SPLIT, verbose=0
    ).history
    return time.perf_counter() - started, history


def scaled(data: Any, units: int) -> float:
    """Seconds of one fit of all epochs, from the slope between a short run and one of a few epochs."""
    few = by_keras(data, units, 0, FEW)[0]
    return few + (by_keras(data, units, 0, SHORT)[0] - few) * (EPOCHS - FEW) / (SHORT - FEW)


def measure() -> dict[str, float]:
    """Times both ways in turn, and Stop.

    Returns:
        Median seconds of all fits (`Overfitting, nothing traced before`, `Overfitting, traces reused`, `Model.fit
        (scaled)`), seconds from Stop to the end (`Stop, median`, `Stop, slowest`), live curves told meanwhile, and
        the largest difference between the numbers of one fit and those of `Model.fit`.
    """
    from firstepoch import heart
    from firstepoch.data.loading import load_keras
    from firstepoch.widgets.overfitting.widget import Overfitting
    from firstepoch.widgets.training import trace

    load_keras()
    data = heart.load()
    by_keras(data, 2, 0, 2)
    view = Overfitting(heart.build_model, data, units=UNITS, seeds=SEEDS, epochs=EPOCHS)
    live: list[int] = []
    view.observe(lambda change: live.append(len(change["new"])), "live")

    def all_fits(anew: bool) -> float:
        view.reset()
        if anew:
            trace._kept.clear()
        started = time.perf_counter()
        view.train()
        view.wait()
        return time.perf_counter() - started

    ours, again, theirs = [], [], []
    for _ in range(ROUNDS):
        ours.append(all_fits(anew=True))
        theirs.append(SEEDS * sum(scaled(data, units) for units in UNITS))
        again.append(all_fits(anew=False))
    told = sum(count > 0 for count in live) / (2 * ROUNDS)

    _, history = by_keras(data, UNITS[1], 3, 40)
    recording = view.recordings[UNITS[1], 3, "plain"]
    apart = max(abs(float(recording[name][epoch]) - history[name][epoch]) for name in history for epoch in range(40))

    stops = []
    for place in range(STOPS):
        view.reset()
        trace._kept.clear()
        view.train()
        time.sleep(0.1 + place * 0.37)
        started = time.perf_counter()
        view.stop()
        view.wait()
        stops.append(time.perf_counter() - started)
    return {
        "Overfitting, nothing traced before": statistics.median(ours),
        "Overfitting, traces reused": statistics.median(again),
        "Model.fit (scaled)": statistics.median(theirs),
        "Stop, median": statistics.median(stops),
        "Stop, slowest": max(stops),
        "live curves told": told,
        "apart": apart,
    }


def main() -> None:
    """Prints the table and fails if a target is missed or the numbers are not those of `Model.fit`."""
    found = measure()
    fits = len(UNITS) * SEEDS
    print(f"Overfitting: {len(UNITS)} widths x {SEEDS} seeds x {EPOCHS} epochs = {fits} fits on heart, one process,")
    print(f"median of {ROUNDS} rounds, both ways in turn. Model.fit: one seed a width, {FEW} and {SHORT} epochs,")
    print(f"the epochs after the first {FEW} scaled to {EPOCHS}, and that to {SEEDS} seeds.\n")
    theirs = found["Model.fit (scaled)"]
    for name in ("Model.fit (scaled)", "Overfitting, nothing traced before", "Overfitting, traces reused"):
        print(f"{name:36} {found[name]:8.2f} s   1/{theirs / found[name]:.1f}")
    print(f"{'Stop to the end, median and slowest':36} {found['Stop, median']:8.2f} s   {found['Stop, slowest']:.2f} s")
    print(f"{'live curves told in a run':36} {found['live curves told']:8.0f}")
    print(f"{'largest difference from Model.fit':36} {found['apart']:8.1e}\n")
    ratio = theirs / found["Overfitting, nothing traced before"]
    fast, heard = ratio >= 10, found["Stop, slowest"] <= 1.5
    print(f"{'fifteen fits against Model.fit':36} 1/{ratio:.1f} (target 1/10) {'ok' if fast else 'MISSED'}")
    print(f"{'Stop, slowest':36} {found['Stop, slowest']:.2f} s (target 1.5 s) {'ok' if heard else 'MISSED'}")
    assert found["apart"] == 0
    if not (fast and heard):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
