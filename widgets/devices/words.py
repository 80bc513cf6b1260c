"""What the card says of the machine and of what was measured on it, and no more."""

from __future__ import annotations

import math
from typing import Any

from firstepoch.widgets.cost.words import duration, times
from firstepoch.widgets.recording import Recording

NOTHING = "Nothing is measured yet."


def facts(here: dict[str, Any], asked: dict[str, Any]) -> list[list[str]]:
    """What this machine has, as pairs of a name and a sentence.

    Args:
        here: See `machine`.
        asked: What TensorFlow said; empty before it was asked.
    """
    cores = f"{here['cores']} logical {'core' if here['cores'] == 1 else 'cores'}"
    if here["usable"] != here["cores"]:
        cores += f", {here['usable']} of them for this process"
    if here["limit"] is not None and here["limit"] < here["usable"]:
        cores += f"; its container may use the time of {here['limit']:.3g} at most"
    found = [["processor (CPU)", f"{here['processor']}, {here['system']}"], ["cores", cores]]
    if not asked.get("devices"):
        return [*found, ["TensorFlow sees", "not asked yet: “Measure” asks"]]
    names = [f"{device['name']}{_of(device)}" for device in asked["devices"]]
    kinds = {device["kind"] for device in asked["devices"]}
    missing = [name for kind, name in (("GPU", "graphics card (GPU)"), ("TPU", "TPU")) if kind not in kinds]
    none = f". No {' and no '.join(missing)}" if missing else ""
    return [
        *found,
        ["TensorFlow sees", f"{', '.join(names)}{none}"],
        [
            "a Keras layer",
            f'TensorFlow put it on {asked["placed"]} by itself; inside `with tf.device("CPU:0")` it ran on '
            f"{asked['asked']}",
        ],
    ]


def _of(device: dict[str, str]) -> str:
    return f" ({device['model']})" if device["model"] else ""


def threads(count: int) -> str:
    """So many threads, in words."""
    return "1 thread" if count == 1 else f"{count} threads"


def lines(recording: Recording) -> list[dict[str, Any]]:
    """One for each way measured: its name, its numbers, and how it was measured."""
    found = []
    for frame in range(len(recording)):
        row = {name: recording[name][frame].item() for name in recording}
        way = recording.settings["ways"][int(row["way"])]
        loop, gpu = row["way"] == 0, row["way"] == 3
        part = int(row["measured"])
        found.append(
            {
                "name": way if loop or gpu else f"{way}, {threads(int(row['threads']))}",
                "way": way,
                "threads": int(row["threads"]),
                "seconds": row["seconds"],
                "told": duration(row["seconds"]) if row["seconds"] < 120 else f"{row['seconds'] / 60:.2g} min",
                "fastest": row["fastest"],
                "slowest": row["slowest"],
                "repetitions": int(row["repetitions"]),
                "scaled": f"{part} × {part} took {duration(row['seconds'] / row['scale'])}, times {row['scale']:,.0f}"
                if row["scale"] != 1
                else "",
            }
        )
    return found


def axis(bars: list[dict[str, Any]]) -> list[int]:
    """Powers of ten of seconds from below the shortest bar to above the longest."""
    if not bars:
        return []
    logs = [math.log10(bar["seconds"]) for bar in bars]
    return list(range(math.floor(min(logs) - 0.3), math.ceil(max(logs)) + 1))


def said(recording: Recording, asked: dict[str, Any]) -> list[str]:
    """Sentences about what was measured."""
    bars = lines(recording)
    if not bars:
        return [NOTHING]
    size = recording.settings["size"]
    found = [
        f"The work: two matrices of {size:,} × {size:,} numbers multiplied, {size**3:,} multiplications and as many "
        "additions. Every bar is the same product."
    ]
    by = {(bar["way"], bar["threads"]): bar["seconds"] for bar in bars}
    loop, one = by.get(("Python loop", 1)), by.get(("NumPy", 1))
    if loop and one:
        found.append(
            f"The loop: number after number, with Python between them, would take {times(loop / one)} times as long as "
            "NumPy on one thread, which hands the whole product to compiled code. It was measured over a small part "
            "and scaled, because nobody wants to wait."
        )
    several = max(bar["threads"] for bar in bars)
    for way in ("NumPy", "TensorFlow"):
        if several > 1 and (way, 1) in by and (way, several) in by:
            gain = by[way, 1] / by[way, several]
            found.append(f"{way}: {threads(several)} instead of 1 made it {_gain(gain)}; the code is the same.")
    here = recording.settings.get("machine", {})
    if (here.get("load") or 0.0) > here.get("usable", 1) / 2:
        found.append(
            f"Not alone: when this began, other work kept {here['load']:.2g} threads busy, so these times are longer "
            "than they need be, and threads gain less."
        )
    if asked.get("devices"):
        cards = [device for device in asked["devices"] if device["kind"] == "GPU"]
        found.append(
            f"Other hardware: TensorFlow sees {len(cards)} graphics {'card' if len(cards) == 1 else 'cards'} here, and "
            "the same line ran on it."
            if cards
            else "Other hardware: there is no graphics card here, so nothing of it was measured. On a machine with "
            "one, the same Keras code runs there without a change: TensorFlow has the same operations for both."
        )
    return found


def _gain(gain: float) -> str:
    if gain >= 1.1:
        return f"{times(gain)} times as fast"
    if gain <= 0.9:
        return f"{times(1 / gain)} times as slow, which happens where other programs use the cores meanwhile"
    return "neither faster nor slower"
