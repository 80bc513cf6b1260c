"""Small pictures and films, computed from a formula: no files, no licence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_FINE = 4
"""Points along each side of a pixel; their share inside the heart is the pixel's."""
_PAPER = (245, 236, 225)
_COLOURS = ((200, 40, 60), (62, 120, 205), (232, 122, 60), (122, 58, 158), (36, 148, 112), (200, 162, 40))


def heart(size: int = 24, colour: Sequence[int] = _COLOURS[0], scale: float = 1.0) -> np.ndarray:
    """One colour picture of a heart.

    The heart is where (x² + y² - 1)³ < x² y³, a plane curve of degree six known as the heart curve.

    Args:
        size: Height and width in pixels. Default: 24.
        colour: Red, green and blue, each 0 to 255.
        scale: How large the heart is; 1 fills most of the picture.

    Returns:
        uint8, shape (size, size, 3).
    """
    fine = size * _FINE
    across = (np.arange(fine) + 0.5) / fine * 2.7 - 1.35
    x, y = across[None, :] / scale, (0.12 - across[:, None]) / scale
    inside = (x**2 + y**2 - 1) ** 3 < x**2 * y**3
    cover = inside.reshape(size, _FINE, size, _FINE).mean(axis=(1, 3))[..., None]
    return np.round(np.array(_PAPER) + cover * (np.array(colour) - _PAPER)).astype(np.uint8)


def batch(count: int = 6, size: int = 24) -> np.ndarray:
    """A batch of hearts, each in its own colour: uint8, shape (count, size, size, 3)."""
    return np.stack([heart(size, _COLOURS[number % len(_COLOURS)]) for number in range(count)])


def film(frames: int = 8, size: int = 24, colour: Sequence[int] = _COLOURS[0], faster: int = 1) -> np.ndarray:
    """A film of one beating heart: uint8, shape (frames, size, size, 3).

    Args:
        frames: Pictures one after the other.
        size: Height and width in pixels.
        colour: Red, green and blue.
        faster: Beats in the whole film.
    """
    beat = np.sin(2 * np.pi * faster * np.arange(frames) / frames)
    return np.stack([heart(size, colour, 0.82 + 0.16 * float(at)) for at in beat])


def films(count: int = 4, frames: int = 8, size: int = 24) -> np.ndarray:
    """A batch of films: uint8, shape (count, frames, size, size, 3); every heart beats at its own pace."""
    return np.stack([film(frames, size, _COLOURS[number % len(_COLOURS)], 1 + number % 3) for number in range(count)])
