"""Still pictures: what stands for a widget where nothing runs, as in an exported notebook. Plain HTML, no scripts."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

_HIGH, _LOW = "#02419e", "#aa5c3c"


def figure(identity: str, title: str, parts: Iterable[str]) -> str:
    """The whole still.

    Args:
        identity: Class by which the live view finds and hides it.
        title: Heading.
        parts: HTML, one part after the other.
    """
    inside = "".join(parts)
    return (
        f'<div class="{escape(identity)}" style="font: 15px/1.5 system-ui, sans-serif; margin: 8px 0">'
        f'<p style="margin: 0"><b>{escape(title)}</b></p>{inside}</div>'
    )


def paragraph(text: str) -> str:
    """A paragraph of plain text."""
    return f'<p style="margin: 4px 0">{escape(text)}</p>'


def heading(text: str) -> str:
    """A heading within the still."""
    return f'<p style="margin: 12px 0 0"><b>{escape(text)}</b></p>'


def code(text: str) -> str:
    """A line of Python."""
    return f'<p style="margin: 4px 0"><code>{escape(text)}</code></p>'


def block(text: str) -> str:
    """Several lines of Python."""
    return f'<pre style="margin: 4px 0; overflow-x: auto"><code>{escape(text)}</code></pre>'


def table(caption: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[tuple[str, float]]]]) -> str:
    """A table of numbers; the colour of a cell is its share of the scale.

    Args:
        caption: What the table shows.
        columns: Heads of the columns; empty for none.
        rows: Head of the row, and for each cell its text and its colour from -1 (low) over 0 (none) to 1 (high).
    """
    heads = "".join(f'<th scope="col" style="padding: 2px 8px">{escape(name)}</th>' for name in columns)
    head = f"<thead><tr><th></th>{heads}</tr></thead>" if columns else ""
    lines = "".join(
        f'<tr><th scope="row" style="padding: 2px 8px">{escape(name)}</th>{"".join(map(_cell, cells))}</tr>'
        for name, cells in rows
    )
    return (
        '<div style="overflow-x: auto"><table style="border-collapse: collapse; font-variant-numeric: tabular-nums">'
        f'<caption style="text-align: left">{escape(caption)}</caption>{head}<tbody>{lines}</tbody></table></div>'
    )


def _cell(cell: tuple[str, float]) -> str:
    text, share = cell
    colour = _HIGH if share > 0 else _LOW
    # Half strength at most: the text stands out on it in a light and in a dark page.
    ground = (
        f"background: color-mix(in srgb, {colour} {50 * min(1.0, abs(share)):.0f}%, transparent); " if share else ""
    )
    style = f"{ground}border: 1px solid rgb(128 128 128 / 40%); padding: 2px 8px; text-align: right"
    return f'<td style="{style}">{escape(text)}</td>'


def pictures(arrays: Sequence[np.ndarray], alt: str, side: int = 96) -> str:
    """Colour pictures in a row.

    Args:
        arrays: Each uint8 (or floats from 0 to 1) of shape (height, width, 3 or 4).
        alt: What they show, in words.
        side: Width of each, in pixels of the page.
    """
    images = "".join(
        f'<img alt="{escape(alt)}, {number}" width="{side}" style="image-rendering: pixelated; margin: 2px" '
        f'src="data:image/png;base64,{base64.b64encode(png(array)).decode()}">'
        for number, array in enumerate(arrays)
    )
    return f"<p>{images}</p>"


def png(array: np.ndarray) -> bytes:
    """A PNG file (ISO/IEC 15948) of an array of shape (height, width, 3 or 4), uint8 or floats from 0 to 1."""
    if array.dtype != np.uint8:
        high = 255.0 if array.dtype.kind in "iu" else 1.0
        clean = np.nan_to_num(np.asarray(array, np.float64) / high * 255)
        array = np.clip(np.round(clean), 0, 255).astype(np.uint8)
    height, width, channels = array.shape

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + row.tobytes() for row in np.ascontiguousarray(array))
    header = struct.pack(">IIBBBBB", width, height, 8, 2 if channels == 3 else 6, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(lines)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
