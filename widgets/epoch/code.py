"""A plain program that repeats both paths of a race, with nothing of firstepoch in it. No widget."""

from __future__ import annotations

from collections.abc import Sequence

from firstepoch.widgets.epoch.race import Plan

_HEAD = """\
import numpy as np

# x: your table as an array of shape ({rows}, {columns}); y: {rows} labels, 0 or 1.
"""

_LOGISTIC = """\
features = x[:, {features}]  # {names}


def gradient(w, rows):
    p = 1 / (1 + np.exp(-features[rows] @ w))
    return features[rows].T @ (p - y[rows]) / len(rows)


def descend(batch_size):
    random = np.random.default_rng({seed})
    w = np.array({start})
    for epoch in range({epochs}):
        order = {order}
        for at in range(0, {rows}, batch_size):
            w = w - {rate} * gradient(w, order[at : at + batch_size])
    return w


print("gradient descent:", descend({rows}))
print("SGD:", descend({batch_size}))
"""

_NETWORK = """\
import keras

inputs = keras.Input(shape=({columns},), dtype="float64")
hidden = keras.layers.Dense(16, activation="relu", dtype="float64")(inputs)
output = keras.layers.Dense(1, activation="sigmoid", dtype="float64")(hidden)
model = keras.Model(inputs, output)


{first}


def descend(batch_size):
    random = np.random.default_rng({seed})
    model.set_weights({weights})
    model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD({rate}))
    random = np.random.default_rng({seed})
    for epoch in range({epochs}):
        order = {order}
        model.fit(x[order], y[order], batch_size=batch_size, shuffle=False, verbose=0)
    return model.evaluate(x, y, batch_size={rows}, verbose=0)


print("gradient descent, loss:", descend({rows}))
print("SGD, loss:", descend({batch_size}))
"""


_GLOROT = """\
def glorot(random, inputs, outputs):
    limit = np.sqrt(6 / (inputs + outputs))
    return random.uniform(-limit, limit, (inputs, outputs))
"""

_GIVEN = """\
def layers(start):  # start: the {count} weights you gave
    kernel, bias, out, out_bias = np.split(np.array(start), [{ends}])
    return [kernel.reshape({columns}, 16), bias, out.reshape(16, 1), out_bias]
"""


def program(
    plan: Plan,
    columns: int,
    features: tuple[int, int],
    names: Sequence[str],
    start: list[float] | None,
    *,
    given: bool = False,
) -> str:
    """The program, in numpy for the two weights and in Keras for the network.

    Args:
        plan: The settings.
        columns: Columns of the table.
        features: Numbers of the two columns of the logistic regression.
        names: Their names.
        start: Where the two weights begin; None for the network.
        given: Whether the network's first weights were given; the program calls them `start`.
    """
    rate = repr(plan.learning_rate)
    order = f"random.permutation({plan.rows})" if plan.shuffle else f"np.arange({plan.rows})"
    body = _LOGISTIC if start is not None else _NETWORK
    first, weights = _GLOROT, f"[glorot(random, {columns}, 16), np.zeros(16), glorot(random, 16, 1), np.zeros(1)]"
    if given:
        ends = [16 * columns, 16 * columns + 16, 16 * columns + 32]
        first = _GIVEN.format(count=ends[-1] + 1, ends=", ".join(map(str, ends)), columns=columns)
        weights = "layers(start)"
    return (_HEAD + ("\n" if start is not None else "") + body).format(
        rows=plan.rows,
        columns=columns,
        features=list(features),
        names=", ".join(names),
        seed=plan.seed,
        start=start,
        epochs=plan.epochs,
        order=order,
        rate=rate,
        batch_size=plan.batch_size,
        first=first.rstrip(),
        weights=weights,
    )
