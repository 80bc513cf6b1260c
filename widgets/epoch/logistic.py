"""Logistic regression on two features, without a bias: its loss over two weights can be drawn exactly. No widget."""

from __future__ import annotations

import numpy as np

DEFAULT_START = (-1.5, 2.0)
"""Away from where the minimum of the heart table lies, so that there is a way to go."""
_CHUNK = 100_000
"""Values held at once: rows times weight vectors."""
_GROUP = 500
"""Factors between 1/2 and 1 whose product is far from the smallest number there is."""


class Logistic:
    """p = sigmoid(x @ w), and the mean binary cross-entropy (Goodfellow et al. 2016, section 6.2.2.2).

    The loss of a row is log(1 + exp(z)) - y z with z = x @ w, which never overflows.

    Args:
        x: Inputs, float64, shape (n, 2).
        y: Targets, 0.0 or 1.0, shape (n,).
    """

    row_updates = 4e8
    """Rows times updates that are measured within a few seconds."""

    def __init__(self, x: np.ndarray, y: np.ndarray) -> None:
        self.x, self.y = np.ascontiguousarray(x), y

    @property
    def weights(self) -> int:
        """Number of weights."""
        return self.x.shape[1]

    def start(self, seed: int) -> np.ndarray:
        """Where both methods begin; the seed changes nothing."""
        return np.array(DEFAULT_START)

    def gradient(self, w: np.ndarray, rows: np.ndarray | slice = slice(None)) -> tuple[float, np.ndarray]:
        """Mean loss over some rows and its gradient, shape (2,)."""
        x, y = self.x[rows], self.y[rows]
        losses, p = losses_and_p(x @ w, y)
        return float(np.mean(losses)), x.T @ (p - y) / len(y)

    def full(self, path: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Loss over all rows and its gradient at many weight vectors.

        Args:
            path: Shape (frames, 2).

        Returns:
            Losses, shape (frames,), and gradients, shape (frames, 2); each as `gradient` gives it.
        """
        n, targets = len(self.x), self.y @ self.x
        gradients = np.empty(path.shape)
        losses = path @ (0.5 * self.x.sum(axis=0) - targets) / n
        step, groups = max(1, _CHUNK // n), np.arange(0, n, _GROUP)
        for at in range(0, len(path), step):
            half = path[at : at + step] @ (0.5 * self.x.T)
            p = np.tanh(half)
            # log(1 + exp(z)) is z/2 + |z|/2 - log((1 + tanh|z/2|)/2); one logarithm of a product for many rows.
            np.abs(half, out=half)
            losses[at : at + step] += half.mean(axis=1)
            np.abs(p, out=half)
            half += 1
            half *= 0.5
            losses[at : at + step] -= np.log(np.multiply.reduceat(half, groups, axis=1)).sum(axis=1) / n
            p += 1
            p *= 0.5
            gradients[at : at + step] = (p @ self.x - targets) / n
        return losses, gradients

    def row_gradients(self, w: np.ndarray, rows: np.ndarray, onto: np.ndarray) -> np.ndarray:
        """The gradient of each row's loss, as coordinates.

        Args:
            w: Shape (2,).
            rows: Numbers of rows.
            onto: Shape (2, weights); makes coordinates of a gradient, `onto @ gradient`.

        Returns:
            Shape (rows, 2).
        """
        x = self.x[rows]
        error = 0.5 + 0.5 * np.tanh(0.5 * (x @ w)) - self.y[rows]
        return error[:, None] * (x @ onto.T)

    def surface(self, origin: np.ndarray, directions: np.ndarray, coordinates: np.ndarray) -> np.ndarray:
        """Loss over all rows at `origin + coordinates @ directions`, shape (points,); to float32's digits."""
        path, inputs = origin + coordinates @ directions, self.x.T.astype(np.float32)
        # The part that is linear in z needs no row on its own.
        made = path @ (self.x.T @ (0.5 - self.y)) / len(self.x)
        step = max(1, _CHUNK // len(self.x))
        for at in range(0, len(path), step):
            size = np.abs(path[at : at + step].astype(np.float32) @ inputs)
            made[at : at + step] += (0.5 * size + np.log(1 + np.exp(-size))).mean(axis=1)
        return made

    def minimum(self) -> np.ndarray | None:
        """The weights of the lowest loss, by Newton's method; None where the classes can be told apart perfectly."""
        w = np.zeros(self.weights)
        for _ in range(60):
            p = losses_and_p(self.x @ w, self.y)[1]
            gradient = self.x.T @ (p - self.y) / len(self.x)
            curvature = (self.x * (p * (1 - p))[:, None]).T @ self.x / len(self.x)
            try:
                step = np.linalg.solve(curvature, gradient)
            except np.linalg.LinAlgError:
                return None
            w = w - step * min(1.0, 5.0 / max(1e-12, float(np.linalg.norm(step))))
            if np.linalg.norm(step) < 1e-12 * (1 + np.linalg.norm(w)):
                return w if np.linalg.norm(w) < 1e3 else None
        return None


def losses_and_p(z: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Binary cross-entropy of each logit z, and the probability it stands for; without overflow, with one exponential.

    Args:
        z: Logits, shape (..., n).
        y: Targets, shape (n,).

    Returns:
        log(1 + exp(z)) - y z, and 1 / (1 + exp(-z)).
    """
    small = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1, small) / (1 + small)
    return np.maximum(z, 0) + np.log(1 + small) - y * z, p
