"""The plane the paths are drawn on, and the loss over it. No widget."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from firstepoch.widgets.epoch.logistic import Logistic
from firstepoch.widgets.epoch.network import Network

_SIDES: dict[type, tuple[int, int, float]] = {Logistic: (48, 32, 1e7), Network: (41, 21, 1e7)}
"""Most and least grid points along a side, and rows times grid points that are worked out in a moment."""
_SMALL, _BLOCK, _ITERATIONS = 64, 4, 60
"""A matrix LAPACK solves at once; vectors of the subspace, and rounds after which it should have settled."""
_MARGIN, _LEAST_RANGE, _FARTHEST = 0.14, 0.4, 20.0


@dataclass(frozen=True, eq=False)
class Plane:
    """All weights `origin + a * directions[0] + b * directions[1]`.

    Attributes:
        origin: Shape (weights,).
        directions: Shape (2, weights); not always at right angles.
        axes: What the coordinates a and b are.
        exact: Whether every weight vector lies on it.
    """

    origin: np.ndarray
    directions: np.ndarray
    axes: tuple[str, str]
    exact: bool = False

    def coordinates(self, points: np.ndarray, *, steps: bool = False) -> np.ndarray:
        """Least-squares coordinates of weight vectors, or of steps, shape (n, 2)."""
        moved = points if steps else points - self.origin
        if self.exact:
            return np.array(moved)
        return np.asarray(moved @ self.onto.T)

    @cached_property
    def onto(self) -> np.ndarray:
        """Shape (2, weights): `onto @ step` are the least-squares coordinates of a step."""
        return np.eye(2) if self.exact else np.linalg.pinv(self.directions.T)

    def share(self, points: np.ndarray) -> float | None:
        """Share of the squared distance from the origin that the plane holds; None where that is all of it."""
        if self.exact:
            return None
        moved = points - self.origin
        total = float((moved**2).sum())
        held = float(((self.coordinates(points) @ self.directions) ** 2).sum())
        return min(1.0, held / total) if total > 0 else 1.0


def exact_plane(names: tuple[str, str]) -> Plane:
    """The plane of two weights."""
    return Plane(np.zeros(2), np.eye(2), (f"weight of {names[0]}", f"weight of {names[1]}"), exact=True)


def pca_plane(paths: np.ndarray, origin: np.ndarray) -> Plane:
    """The two directions along which the paths move most, as Li et al. 2018 (section 7) draw trajectories.

    Args:
        paths: Weight vectors of both paths, shape (frames, weights).
        origin: SGD's last weights.

    Returns:
        The leading right singular vectors of `paths - origin`, each with its largest component positive.
    """
    directions = _leading(paths - origin)
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)
    return Plane(origin, directions * np.sign(largest), ("first PCA direction", "second PCA direction"))


def _leading(moved: np.ndarray) -> np.ndarray:
    """The two leading right singular vectors, from the smaller of the two Gram matrices: frames may be many."""
    scaled = moved / (np.abs(moved).max() or 1.0)
    vectors = _top(scaled @ scaled.T) @ scaled if len(scaled) < scaled.shape[1] else _top(scaled.T @ scaled)
    # The second is taken at right angles to the first; where a path is straight, any direction serves.
    made: list[np.ndarray] = []
    for vector in (*vectors, *np.eye(2, scaled.shape[1])):
        size = np.linalg.norm(vector)
        for one in made:
            vector = vector - (vector @ one) * one
        if len(made) < 2 and np.linalg.norm(vector) > 1e-6 * size:
            made.append(vector / np.linalg.norm(vector))
    return np.stack(made)


def _top(gram: np.ndarray) -> np.ndarray:
    """The two leading eigenvectors, as rows, by subspace iteration (Golub and Van Loan 2013, section 8.2.4).

    LAPACK's threads wait for each other on a busy machine, for more than a second; it is asked only where the
    iteration does not settle.
    """
    if len(gram) > _SMALL:
        block = np.random.default_rng(0).normal(size=(len(gram), _BLOCK))
        for _ in range(_ITERATIONS):
            block = np.linalg.qr(gram @ block)[0]
            moved = gram @ block
            values, small = np.linalg.eigh(block.T @ moved)
            values, small = values[:-3:-1], small[:, :-3:-1]
            wrong = np.linalg.norm(moved @ small - block @ small * values, axis=0).max()
            if wrong <= 1e-11 * values[1]:
                return np.asarray((block @ small).T)
    return np.asarray(np.linalg.eigh(gram)[1][:, :-3:-1].T)


def random_plane(network: Network, origin: np.ndarray, seed: int) -> Plane:
    """Two random directions, filter-normalised after Li et al. 2018 (section 4): each unit as large as at the origin.

    Args:
        network: Whose weights they are.
        origin: SGD's last weights.
        seed: Of the Gaussian draw.
    """
    random = np.random.default_rng(seed)
    directions = []
    for _ in range(2):
        parts = []
        for weight in network.parts(origin):
            drawn = random.normal(size=weight.shape)
            # A bias is no filter: it stays as it is.
            sizes = np.linalg.norm(drawn, axis=0) if weight.ndim == 2 else np.inf
            parts.append((drawn / sizes * np.linalg.norm(weight, axis=0)).ravel())
        directions.append(np.concatenate(parts))
    return Plane(origin, np.stack(directions), ("first random direction", "second random direction"))


def surface(model: Logistic | Network, plane: Plane, points: np.ndarray) -> dict[str, Any]:
    """The loss over the part of the plane where the points lie.

    Args:
        model: Whose loss.
        plane: The plane.
        points: Coordinates of both paths, shape (n, 2), the start first.

    Returns:
        `x` and `y` (each [low, high]), `columns`, `rows`, `values` (float32 bytes, row by row from the lowest y), and
        `minimum` ([x, y] of the lowest loss, or None).
    """
    lowest = model.minimum() if isinstance(model, Logistic) else None
    x, y = _domain(points, lowest)
    columns = rows = _side(model)
    grid = np.stack(np.meshgrid(np.linspace(x[0], x[1], columns), np.linspace(y[0], y[1], rows)), axis=-1).reshape(
        -1, 2
    )
    values = model.surface(plane.origin, plane.directions, grid)
    inside = lowest is not None and x[0] < lowest[0] < x[1] and y[0] < lowest[1] < y[1]
    return {
        "x": x,
        "y": y,
        "columns": columns,
        "rows": rows,
        "values": values.astype(np.float32).tobytes(),
        "minimum": lowest.tolist() if lowest is not None and inside else None,
    }


def _side(model: Logistic | Network) -> int:
    most, least, work = _SIDES[type(model)]
    return int(np.clip(np.sqrt(work / len(model.x)), least, most))


def _domain(points: np.ndarray, lowest: np.ndarray | None) -> tuple[list[float], list[float]]:
    start = points[0]
    way = float(np.linalg.norm(lowest - start)) if lowest is not None else 0.0
    reach = _FARTHEST * way if way > 0 else np.inf
    seen = np.clip(points, start - reach, start + reach)
    if lowest is not None:
        seen = np.vstack([seen, lowest])
    low, high = seen.min(axis=0), seen.max(axis=0)
    widest = float((high - low).max()) or 1.0
    middle, half = (low + high) / 2, np.maximum(high - low, _LEAST_RANGE * widest) * (0.5 + _MARGIN)
    return [[float(middle[k] - half[k]), float(middle[k] + half[k])] for k in range(2)]  # type: ignore[return-value]
