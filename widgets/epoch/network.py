"""The lecture's network, inputs to 16 ReLU units to 1 sigmoid, with its gradient by hand. No Keras, no widget."""

from __future__ import annotations

import numpy as np

from firstepoch.widgets.epoch.logistic import losses_and_p

HIDDEN = 16


class Network:
    """A dense network with one hidden layer, and the mean binary cross-entropy of its output.

    Weights are flat, in the order of `keras.Model.get_weights()`: kernel (inputs, 16), bias (16,), kernel (16, 1),
    bias (1,). The backward pass is Goodfellow et al. 2016, algorithm 6.4; ReLU's derivative at 0 is 0, as TensorFlow's.

    Args:
        x: Inputs, float64, shape (n, inputs).
        y: Targets, 0.0 or 1.0, shape (n,).
    """

    row_updates = 1.5e8
    """Rows times updates that are measured within a minute."""

    def __init__(self, x: np.ndarray, y: np.ndarray) -> None:
        self.x, self.y = np.ascontiguousarray(x), y
        inputs = x.shape[1]
        self.shapes = ((inputs, HIDDEN), (HIDDEN,), (HIDDEN, 1), (1,))
        self._ends = np.cumsum([int(np.prod(shape)) for shape in self.shapes])

    @property
    def weights(self) -> int:
        """Number of weights: 497 for 29 inputs."""
        return int(self._ends[-1])

    def parts(self, w: np.ndarray) -> list[np.ndarray]:
        """The flat weights as the arrays of the layers, without a copy."""
        pieces = np.split(w, self._ends[:-1])
        return [piece.reshape(shape) for piece, shape in zip(pieces, self.shapes, strict=True)]

    def start(self, seed: int) -> np.ndarray:
        """Glorot uniform kernels (Glorot and Bengio 2010, as Keras's default) and biases of 0."""
        random = np.random.default_rng(seed)
        made = []
        for shape in self.shapes:
            limit = np.sqrt(6 / sum(shape)) if len(shape) == 2 else 0.0
            made.append(random.uniform(-limit, limit, shape).ravel() if limit else np.zeros(shape))
        return np.concatenate(made)

    def gradient(self, w: np.ndarray, rows: np.ndarray | slice = slice(None)) -> tuple[float, np.ndarray]:
        """Mean loss over some rows and its gradient, shape (weights,)."""
        x, y = self.x[rows], self.y[rows]
        kernel, bias, out, out_bias = self.parts(w)
        sums = x @ kernel + bias
        hidden = np.maximum(sums, 0)
        z = (hidden @ out)[:, 0] + out_bias[0]
        losses, p = losses_and_p(z, y)
        error = (p - y)[:, None] / len(y)
        back = (error @ out.T) * (sums > 0)
        parts = x.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)
        return float(np.mean(losses)), np.concatenate([part.ravel() for part in parts])

    def full(self, path: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Loss over all rows and its gradient at many weight vectors, shape (frames, weights)."""
        losses, gradients = np.empty(len(path)), np.empty(path.shape)
        for frame, w in enumerate(path):
            losses[frame], gradients[frame] = self.gradient(w)
        return losses, gradients

    def losses(self, path: np.ndarray) -> np.ndarray:
        """Loss over all rows at many weight vectors; float32 suffices for the picture of a surface."""
        x, y = self.x.astype(np.float32), self.y.astype(np.float32)
        made = np.empty(len(path))
        for frame, w in enumerate(path.astype(np.float32)):
            kernel, bias, out, out_bias = self.parts(w)
            z = (np.maximum(x @ kernel + bias, 0) @ out)[:, 0] + out_bias[0]
            made[frame] = losses_and_p(z, y)[0].mean()
        return made
