"""The addresses that a class opens, and their QR codes."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

import psutil
import segno

ANY: Final = {"": 4, "0.0.0.0": 4, "::": 6}
"""Addresses to listen on that stand for all of this machine's, with the version of the protocol."""
ELSEWHERE: Final = {4: "192.0.2.1", 6: "2001:db8::1"}
"""Addresses of no machine, on the way to which the one that leads out is asked for."""
FAMILY: Final = {4: socket.AF_INET, 6: socket.AF_INET6}
QUIET: Final = 4
"""Light squares around a QR code, as its standard asks."""
ON_WHITE: Final = "\x1b[38;5;16;48;5;231m"
PLAIN: Final = "\x1b[0m"


def link(host: str, port: int) -> str:
    """The address to open in a browser."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def reachable(host: str) -> list[str]:
    """The numbers others reach this machine by, the most likely first; empty if it is in no network.

    Args:
        host: The address the server listens on.
    """
    if host not in ANY:
        return [host]
    version = ANY[host]
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = [
        one.address.partition("%")[0]
        for name, addresses in psutil.net_if_addrs().items()
        for one in addresses
        if name in up and one.family == FAMILY[version]
    ]
    first = leading_out(version)
    known = [one for one in found if not ip_address(one).is_loopback and not ip_address(one).is_link_local]
    return sorted(dict.fromkeys(known), key=lambda one: one != first)


def leading_out(version: int) -> str | None:
    """The address of this machine that others beyond its own network would see; nothing is sent to find it."""
    with suppress(OSError), socket.socket(FAMILY[version], socket.SOCK_DGRAM) as probe:
        probe.connect((ELSEWHERE[version], 9))
        return str(probe.getsockname()[0])
    return None


def picture(address: str) -> str:
    """The QR code of an address as SVG, dark on light in every theme: scanners look for that."""
    code = segno.make_qr(address, error="m")
    return str(code.svg_inline(border=QUIET, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None))


def for_terminal(address: str) -> str:
    """The QR code of an address in the characters of a terminal, two squares in each, in colours of its own."""
    rows = [list(row) for row in segno.make_qr(address, error="m").matrix_iter(border=QUIET)]
    pairs = zip(rows[::2], [*rows[1::2], [0] * len(rows[0])], strict=False)
    lines = ["".join(" ▄▀█"[2 * upper + lower] for upper, lower in zip(*pair, strict=True)) for pair in pairs]
    return "\n".join(f"{ON_WHITE}{line}{PLAIN}" for line in lines)
