"""The lecture's network, inputs to 16 ReLU units to 1 sigmoid, with its gradient by hand. No Keras, no widget."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from firstepoch.widgets.epoch.logistic import losses_and_p

HIDDEN = 16
_CHUNK = 80_000
"""Values held at once: rows times units times points of a surface."""


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
        ends = [0, *np.cumsum([int(np.prod(shape)) for shape in self.shapes]).tolist()]
        self._spans = [slice(start, stop) for start, stop in pairwise(ends)]

    @property
    def weights(self) -> int:
        """Number of weights: 497 for 29 inputs."""
        return int(self._spans[-1].stop)

    def parts(self, w: np.ndarray) -> list[np.ndarray]:
        """The flat weights as the arrays of the layers, without a copy."""
        return [w[span].reshape(shape) for span, shape in zip(self._spans, self.shapes, strict=True)]

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
        n, inputs = self.x.shape
        losses, gradients = np.empty(len(path)), np.empty(path.shape)
        kernels, biases, outs, out_biases = (path[:, span] for span in self._spans)
        step = max(1, _CHUNK // (n * HIDDEN))
        for at in range(0, len(path), step):
            part = slice(at, at + step)
            # A product a frame, each too small for BLAS to wait for a second thread, and no loop in Python.
            hidden = self.x @ kernels[part].reshape(-1, inputs, HIDDEN) + biases[part, None]
            np.maximum(hidden, 0, out=hidden)
            out = outs[part, :, None]
            each, p = losses_and_p((hidden @ out)[:, :, 0] + out_biases[part], self.y)
            losses[part] = each.mean(axis=1)
            error = (p - self.y)[:, :, None] / n
            back = (error * outs[part, None]) * (hidden > 0)
            made = self.x.T @ back, back.sum(axis=1), hidden.swapaxes(1, 2) @ error, error.sum(axis=1)
            for span, values in zip(self._spans, made, strict=True):
                gradients[part, span] = values.reshape(len(back), -1)
        return losses, gradients

    def row_gradients(self, w: np.ndarray, rows: np.ndarray, onto: np.ndarray) -> np.ndarray:
        """The gradient of each row's loss, as coordinates; no row's gradient is written out.

        Args:
            w: Shape (weights,).
            rows: Numbers of rows.
            onto: Shape (2, weights); makes coordinates of a gradient, `onto @ gradient`.

        Returns:
            Shape (rows, 2).
        """
        x, y = self.x[rows], self.y[rows]
        kernel, bias, out, out_bias = self.parts(w)
        sums = x @ kernel + bias
        hidden = np.maximum(sums, 0)
        error = losses_and_p((hidden @ out)[:, 0] + out_bias[0], y)[1] - y
        back = (error[:, None] * out[:, 0]) * (sums > 0)
        made = np.empty((len(x), len(onto)))
        for axis, direction in enumerate(onto):
            in_kernel, in_bias, in_out, in_out_bias = self.parts(direction)
            made[:, axis] = (back * (x @ in_kernel + in_bias)).sum(axis=1)
            made[:, axis] += error * ((hidden @ in_out)[:, 0] + in_out_bias[0])
        return made

    def surface(self, origin: np.ndarray, directions: np.ndarray, coordinates: np.ndarray) -> np.ndarray:
        """Loss over all rows at `origin + coordinates @ directions`, shape (points,); to float32's digits."""
        x, y = self.x.astype(np.float32), self.y.astype(np.float32)
        parts = [self.parts(flat) for flat in (origin, *directions)]
        # What enters the hidden units is linear in the coordinates: three products with x serve every point.
        entering = np.stack(
            [(x @ kernel.astype(np.float32) + bias.astype(np.float32)).ravel() for kernel, bias, *_ in parts]
        )
        leaving = np.stack([np.append(out, bias) for *_, out, bias in parts]).astype(np.float32)
        weights = np.column_stack([np.ones(len(coordinates)), coordinates]).astype(np.float32)
        made, step = np.empty(len(weights)), max(1, _CHUNK // entering.shape[1])
        for at in range(0, len(weights), step):
            hidden = (weights[at : at + step] @ entering).reshape(-1, len(x), HIDDEN)
            np.maximum(hidden, 0, out=hidden)
            out = weights[at : at + step] @ leaving
            z = (hidden @ out[:, :HIDDEN, None])[:, :, 0] + out[:, HIDDEN:]
            made[at : at + step] = losses_and_p(z, y)[0].mean(axis=1)
        return made
