"""Small drawings that are seen with a question, before its run: SVG, without a number that the run would give away."""

from __future__ import annotations

import numpy as np

from firstepoch.widgets.descent import functions


def curve(name: str, start: float) -> str:
    """A drawing of a function of one weight with its start, as SVG."""
    function = functions.named(name)
    low, high = function.domain[0]
    grid = np.linspace(low, high, 81)
    values = function.value(grid[:, None])
    top = float(values.max())

    def place(w: float, g: float) -> str:
        return f"{20 + 380 * (w - low) / (high - low):.1f},{150 - 135 * g / top:.1f}"

    points = " ".join(place(w, g) for w, g in zip(grid, values, strict=True))
    x, y = place(start, float(function.value(np.array([start])))).split(",")
    left, right = (f"{end:g}".replace("-", "−") for end in (low, high))
    return (
        f'<svg viewBox="0 0 420 175" role="img" aria-label="The curve of {function.formula}, start at {start:g}">'
        '<path d="M20 150H400" stroke="currentColor" stroke-opacity=".4"/>'
        f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="2"/>'
        f'<circle cx="{x}" cy="{y}" r="6" fill="var(--jp-brand-color1, #0b5cab)"/>'
        '<g fill="currentColor" font-size="14" text-anchor="middle">'
        f'<text x="20" y="170">{left}</text><text x="210" y="170">w</text><text x="400" y="170">{right}</text>'
        f'<text x="{float(x) - 12}" y="{float(y) + 5}" text-anchor="end">start</text></g></svg>'
    )


def contours(start: np.ndarray) -> str:
    """Contour lines of the ill-conditioned bowl with a start, as SVG."""
    scale = 65
    lines = "".join(
        f'<ellipse cx="210" cy="90" rx="{scale * (2 * level) ** 0.5:.1f}" ry="{scale * (level / 8) ** 0.5:.1f}"/>'
        for level in (0.25, 1, 2.25, 4)
    )
    x, y = 210 + scale * float(start[0]), 90 - scale * float(start[1])
    return (
        '<svg viewBox="0 0 420 180" role="img" aria-label="Contour lines of g: ellipses four times as wide as high">'
        f'<g fill="none" stroke="currentColor" stroke-opacity=".6">{lines}</g>'
        f'<circle cx="{x}" cy="{y}" r="6" fill="var(--jp-brand-color1, #0b5cab)"/>'
        '<path d="M205 90h10M210 85v10" stroke="currentColor" stroke-width="2"/>'
        '<g fill="currentColor" font-size="14"><text x="222" y="95" stroke="var(--jp-layout-color1, Canvas)" '
        'stroke-width="5" paint-order="stroke">minimum</text>'
        f'<text x="{x + 12}" y="{y + 5}">start</text></g></svg>'
    )
