"""The picture under a run: which part of the function is drawn, and its values there. No widget.

A run that runs away needs more than one view: each is a larger part of the function, and every frame says which view
shows all frames up to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from firstepoch.widgets.descent.calling import quietly
from firstepoch.widgets.descent.compute import Run
from firstepoch.widgets.descent.gradient import Differentiable

Domain = tuple[tuple[float, float], ...]

_ALONG, _GRID = 301, (81, 61)
_COARSE_ALONG, _COARSE_GRID = 121, (41, 31)
_ASPECT = 4 / 3
_MOST_VIEWS = 24
_LARGEST = 4e307


@dataclass(frozen=True)
class View:
    """A part of the function.

    `values` has shape (columns,) for one weight and (rows, columns) for two, the lowest w₂ first; NaN where the
    function has none. `height` is the range of g to be drawn.
    """

    domain: Domain
    values: np.ndarray
    height: tuple[float, float]


@dataclass(frozen=True)
class Picture:
    """All views of a run, the first for its start, and for each frame the number of its view."""

    views: tuple[View, ...]
    frames: np.ndarray

    def same_as(self, other: Picture | None) -> bool:
        """Whether the same views are drawn."""
        return (
            other is not None
            and len(self.views) == len(other.views)
            and all(
                one.values is another.values and one.height == another.height
                for one, another in zip(self.views, other.views, strict=True)
            )
        )


@dataclass
class Painter:
    """Draws the pictures of one function; remembers what it has worked out, and keeps the view while it fits."""

    function: Differentiable
    _known: dict[tuple[Domain, bool], np.ndarray] = field(default_factory=dict)
    _last: Domain | None = None

    def picture(self, run: Run) -> Picture:
        """The views of a run, and the view of each of its frames."""
        base = self._base(run)
        reach = _reach(run, base)
        largest = float(reach[-1])
        if 1 < largest <= 3:
            base = _around(base, run.w)
            reach = np.ones_like(reach)
        self._last = base if largest <= 3 else self._last
        factor = max(3.0, largest ** (1 / _MOST_VIEWS))
        level = np.ceil(np.log(np.maximum(1, reach)) / np.log(factor) - 1e-9).astype(int)
        used = sorted(set(level.tolist()))
        views = []
        for number in used:
            domain = _scaled(base, factor**number)
            shown = run.value[level <= number]
            values = self._values(domain, rough=number > 0)
            views.append(View(domain, values, _height(values, shown)))
        return Picture(tuple(views), np.searchsorted(used, level).astype(np.int32))

    def _base(self, run: Run) -> Domain:
        """The part to begin with: the function's own, or what the run needs."""
        if self.function.named:
            return _around(self.function.named.domain, run.w[:1])
        settled = np.abs(run.gradient[-1]).max() <= np.abs(run.gradient[0]).max() and not run.ended
        seen = run.w if settled else run.w[:1]
        low, high = seen.min(axis=0), seen.max(axis=0)
        reach = np.maximum(high - low, 0.5 * np.maximum(1, np.abs(run.w[0])))
        wanted = tuple((float(a), float(b)) for a, b in zip(low - 0.6 * reach, high + 0.6 * reach, strict=True))
        last = self._last
        if (
            last
            and _inside(last, seen)
            and all(b - a > (d - c) / 6 for (a, b), (c, d) in zip(wanted, last, strict=True))
        ):
            return last
        return wanted if len(wanted) == 1 else _in_aspect(wanted)

    def _values(self, domain: Domain, rough: bool) -> np.ndarray:
        if (domain, rough) not in self._known:
            if len(self._known) > 64:
                self._known.clear()
            self._known[domain, rough] = sample(self.function, domain, rough)
        return self._known[domain, rough]


def sample(function: Differentiable, domain: Domain, rough: bool = False) -> np.ndarray:
    """Values of a function over a domain, shape (columns,) or (rows, columns); NaN where it has none.

    Args:
        function: The function.
        domain: Lowest and highest value of each weight.
        rough: Fewer points. A function that takes one point at a time always gets fewer.
    """
    with np.errstate(all="ignore"):
        for small in (True,) if rough else (False, True):
            counts = (_COARSE_GRID if small else _GRID) if len(domain) == 2 else (_COARSE_ALONG if small else _ALONG,)
            axes = [np.linspace(*part, count) for part, count in zip(domain, counts, strict=True)]
            points = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="xy")], axis=-1)
            values = function.many(points)
            if values is None and small:
                values = np.array([quietly(function.value, point) for point in points])
            if values is not None:
                finite = np.where(np.isfinite(values) & (np.abs(values) < _LARGEST), values, np.nan)
                return finite.reshape(counts[::-1])
    raise AssertionError("a coarse grid is always worked out")


def _reach(run: Run, base: Domain) -> np.ndarray:
    """How many times the base must grow to show all frames up to each; at least 1."""
    low, high = np.array(base).T
    middle, half = low / 2 + high / 2, high / 2 - low / 2
    with np.errstate(all="ignore"):
        at = np.max(np.abs(run.w - middle) / half, axis=1) / 0.95
        ahead = np.max(np.abs(run.next - middle) / half, axis=1) / 0.95
    at = np.maximum.accumulate(np.clip(np.nan_to_num(at, nan=1.0, posinf=1e300), 1, 1e300))
    # The next point is shown too, unless everything before it would shrink to a dot.
    ahead = np.where(np.isfinite(ahead) & (ahead < 8 * at), ahead, 1)
    return np.maximum.accumulate(np.maximum(at, ahead))


def _scaled(base: Domain, factor: float) -> Domain:
    if factor == 1:
        return base
    scaled = []
    for low, high in base:
        middle, half = low / 2 + high / 2, (high / 2 - low / 2) * factor
        scaled.append((max(-_LARGEST, middle - half), min(_LARGEST, middle + half)))
    return tuple(scaled)


def _around(domain: Domain, points: np.ndarray) -> Domain:
    """The domain, grown just enough to hold points."""
    grown = []
    for (low, high), values in zip(domain, points.T, strict=True):
        room = 0.06 * (max(high, values.max()) - min(low, values.min()))
        grown.append(
            (
                low if values.min() >= low else float(values.min() - room),
                high if values.max() <= high else float(values.max() + room),
            )
        )
    return tuple(grown)


def _inside(domain: Domain, points: np.ndarray) -> bool:
    return all(
        low <= values.min() and values.max() <= high for (low, high), values in zip(domain, points.T, strict=True)
    )


def _in_aspect(domain: Domain) -> Domain:
    """Both weights to the same scale, so that the gradient stands upright on the contour lines; unless far apart."""
    (a, b), (c, d) = domain
    wide, high = b - a, d - c
    if not 1 / 8 < wide / high < 8:
        return domain
    more = (max(wide, _ASPECT * high) - wide) / 2, (max(high, wide / _ASPECT) - high) / 2
    return (a - more[0], b + more[0]), (c - more[1], d + more[1])


def _height(values: np.ndarray, path: np.ndarray) -> tuple[float, float]:
    """The range of g to draw: all of the path, and of the function what is not a peak towards infinity.

    Below a curve there is room for the arrow.
    """
    seen = values[np.isfinite(values)]
    path = np.clip(path, -_LARGEST, _LARGEST)
    low, high = float(path.min()), float(path.max())
    if len(seen):
        few, most = np.quantile(seen, [0.1, 0.9])
        low = min(low, max(float(seen.min()), float(few - 1.5 * (most - few))))
        high = max(high, min(float(seen.max()), float(most + 1.5 * (most - few))))
    room = 0.5 * max(1.0, abs(low)) if high <= low else 0.08 * (high - low)
    below = 2 * room if values.ndim == 1 else room
    return max(-2 * _LARGEST, low - below), min(2 * _LARGEST, high + room)


def valleys(values: np.ndarray) -> list[tuple[int, ...]]:
    """Where the drawn values have a minimum inside: lower than all neighbours."""
    padded = np.pad(values, 1, constant_values=-np.inf)
    inner = np.ones(values.shape, bool)
    for shift in np.ndindex(*(3,) * values.ndim):
        if any(part != 1 for part in shift):
            place = tuple(slice(part, part + size) for part, size in zip(shift, values.shape, strict=True))
            inner &= values < padded[place]
    return [tuple(map(int, place)) for place in np.argwhere(inner)]


def facts(picture: Picture) -> tuple[list[dict[str, Any]], bytes]:
    """The views as a page takes them: their ranges and sizes, and all values as float64."""
    told = [
        {
            "domain": [list(part) for part in view.domain],
            "height": list(view.height),
            "columns": view.values.shape[-1],
            "rows": view.values.shape[0] if view.values.ndim == 2 else 1,
        }
        for view in picture.views
    ]
    return told, b"".join(np.ascontiguousarray(view.values).tobytes() for view in picture.views)
