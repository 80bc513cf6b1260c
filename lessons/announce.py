"""What `firstepoch serve --class` prints: the link for the class, its QR code, and the lecturer's own link."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from firstepoch.lessons.classroom.links import for_terminal


def announcement(links: Sequence[str], key: str, *, alone: bool, drawn: bool) -> str:
    """The lines to print.

    Args:
        links: The addresses that students open, the most likely first.
        key: The lecturer's key. It stands behind #, where no server and no log sees it.
        alone: Whether no other machine can open them.
        drawn: Whether the terminal shows colours and the characters of a QR code.
    """
    link, *others = links
    lines = [f"The class opens {link}  (Ctrl+C stops the lessons)"]
    if others:
        lines.append(f"If that does not open, try {' or '.join(others)}")
    if alone:
        lines.append("Only this machine can open that. To let a class in, connect it to their network, without --host.")
    elif drawn:
        lines += ["", for_terminal(link), ""]
    lines.append(f"Your own page, with the switch that pauses all trainings: {link}class#{key}")
    return "\n".join(lines)


def loopback(host: str) -> bool:
    """Whether an address is known to this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
