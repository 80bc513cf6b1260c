"""What the card says of a run: true of the recording, and no more than was measured."""

from __future__ import annotations

from typing import Any

from firstepoch.widgets.recording import Recording


def said(recording: Recording) -> list[str]:
    """Sentences about the times, what crosses the wire, and what other machines would gain."""
    if not len(recording):
        return []
    facts = recording.settings
    two, one = (float(facts[name]["median"]) * 1000 for name in ("two_seconds", "one_seconds"))
    return [
        f"Measured here: one update took {one:.2g} ms on one device and {two:.2g} ms on two (medians of "
        f"{facts['one_seconds']['updates']} and {facts['two_seconds']['updates']}). {_verdict(one, two)}",
        f"Why: both devices are this machine's one processor ({_cores(facts)}), divided by name only. They share its "
        "cores, so no time can be gained by dealing the rows.",
        f"On two machines: each would send its gradient once per update, {facts['parameters']:,} numbers of 4 bytes, "
        f"{facts['bytes']:,} bytes out and as many in, however many rows there are. Both would compute at the same "
        "time, each half of the rows: that pays where computing a gradient takes much longer than sending it.",
    ]


def _verdict(one: float, two: float) -> str:
    if two > 1.1 * one:
        return f"Two took {two / one:.2g} times as long: dealing and adding up are extra work."
    if one > 1.1 * two:
        return f"Two took {two / one:.2g} of the time, which says more about what else ran here than about the devices."
    return "There is hardly a difference."


def _cores(facts: dict[str, Any]) -> str:
    return "1 core" if facts["cores"] == 1 else f"{facts['cores']} cores"
