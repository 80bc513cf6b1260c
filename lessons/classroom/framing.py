"""Whether what a page sends on its socket has the parts that it counts: jupyter_server believes any count it reads.

The framings are those of jupyter_server: v1 has numbers of 8 bytes, little-endian; the old one, of 4, big-endian.
"""

from __future__ import annotations


def sound(message: str | bytes, *, v1: bool) -> bool:
    """Whether a message can be taken apart at its offsets, so that a short one is never many parts.

    Args:
        message: As it came.
        v1: Whether it came by the framing `v1.kernel.websocket.jupyter.org`, else by the old one.
    """
    if isinstance(message, str):
        return not v1
    width = 8 if v1 else 4

    def number(place: int) -> int:
        return int.from_bytes(message[width * place : width * (place + 1)], "little" if v1 else "big")

    count = number(0)
    if count < 1 or width * (count + 1) > len(message):
        return False
    offsets = [width * (count + 1), *(number(place) for place in range(1, count + 1)), len(message)]
    return offsets == sorted(offsets)
