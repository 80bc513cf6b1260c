"""The rungs of the ladder: the course's own tensors from rank 0 to rank 5, and what to say about each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from firstepoch.data import load_heart
from firstepoch.widgets.ladder import pictures

_NUMERIC = ["age", "trestbps", "chol", "thalach", "oldpeak", "slope"]
_CATEGORICAL = ["sex", "cp", "fbs", "restecg", "exang", "ca", "thal"]


@dataclass(frozen=True)
class Rung:
    """One tensor of the story.

    Attributes:
        name: What it is, for example "a minibatch".
        array: Its elements.
        axes: The name of each axis.
        roles: The role of each axis, which is its colour.
        grown: The axis that is new since the rung before; None if this is another example of the same rank.
        words: What to see.
        code: The Python that makes it from what is known by then.
        labels: Labels of the last axis, "" where there are none.
        unit: What the elements are.
        question: Whether the learner is asked before this rung is shown.
    """

    name: str
    array: np.ndarray
    axes: tuple[str, ...]
    roles: tuple[str, ...]
    grown: int | None
    words: str
    code: str
    labels: tuple[str, ...] = ()
    unit: str = ""
    question: bool = False


def rungs() -> list[Rung]:
    """The story, rung by rung.

    Returns:
        From one blood pressure, rank 0, to a batch of films, rank 5.
    """
    table = load_heart()
    names, x, mean, std = _inputs(table)
    first = table.loc[x.index[0]]
    pressure = float(first["trestbps"])
    patients = x.to_numpy(np.float32)
    shown = f"{(pressure - mean) / std:.2f}"
    return [
        Rung(
            "one blood pressure",
            np.array(pressure),
            (),
            (),
            None,
            "One number, measured in one patient at rest. It takes no index to read it: rank 0, a scalar.",
            f"x = {pressure:.0f}",
            unit="mmHg",
        ),
        Rung(
            "one patient",
            patients[0],
            ("features",),
            ("channels",),
            0,
            f"29 numbers about the same patient in a row: rank 1, a vector. One index says which feature; x[1] is the "
            f"blood pressure, normalised: ({pressure:.0f} − {mean:.1f}) / {std:.1f} = {shown}.",
            "x = x_train[0]",
            names,
        ),
        Rung(
            "a minibatch",
            patients[:32],
            ("samples", "features"),
            ("samples", "channels"),
            0,
            "32 patients, one under the other: rank 2, a matrix. This is what one step of training gets to see.",
            "x = x_train[:32]",
            names,
        ),
        Rung(
            "the training table",
            patients,
            ("samples", "features"),
            ("samples", "channels"),
            None,
            "All 242 training patients. More rows, but no new axis: still two indices, still rank 2.",
            "x = x_train",
            names,
        ),
        Rung(
            "the first weights",
            _weights(),
            ("features", "units"),
            ("channels", "units"),
            None,
            "The weights between 29 inputs and 16 hidden units, as Keras draws them before training (Glorot's "
            "distribution). Rank counts axes, so this is rank 2. The rank of a matrix in linear algebra is something "
            "else: a (29, 16) matrix of ones has matrix rank 1, and its tensor rank is still 2.",
            "x = model.layers[1].kernel",
        ),
        Rung(
            "one colour picture",
            pictures.heart(),
            ("height", "width", "channels"),
            ("height", "width", "channels"),
            2,
            "Three matrices behind each other, how red, how green and how blue each pixel is: rank 3, a cube.",
            "x = picture",
        ),
        Rung(
            "a batch of pictures",
            pictures.batch(),
            ("samples", "height", "width", "channels"),
            ("samples", "height", "width", "channels"),
            0,
            "Six cubes in a row: rank 4. x[4, 17, 6, 2] says: picture 4, row 17, column 6, how blue.",
            "x = tf.stack(pictures)",
            question=True,
        ),
        Rung(
            "one film",
            pictures.film(),
            ("time", "height", "width", "channels"),
            ("time", "height", "width", "channels"),
            None,
            "The same rank, another meaning: the first axis is time. Only the name tells a film from a batch.",
            "x = film",
        ),
        Rung(
            "a batch of films",
            pictures.films(),
            ("samples", "time", "height", "width", "channels"),
            ("samples", "time", "height", "width", "channels"),
            0,
            "Four films: rank 5, five indices to one number. There is no end to it, but you will seldom need more.",
            "x = tf.stack(films)",
        ),
    ]


def _inputs(table: pd.DataFrame) -> tuple[tuple[str, ...], pd.DataFrame, float, float]:
    """The lecture's 29 inputs of the 242 training rows, and mean and standard deviation of the blood pressure."""
    encoded = pd.get_dummies(table.drop(columns="target"), columns=_CATEGORICAL, dtype="float64")
    train = encoded.drop(encoded.sample(frac=0.2, random_state=42).index)
    mean, std = train[_NUMERIC].mean(), train[_NUMERIC].std()
    train = train.astype(dict.fromkeys(_NUMERIC, "float64"))
    train[_NUMERIC] = (train[_NUMERIC] - mean) / std
    return tuple(map(str, train.columns)), train, float(mean["trestbps"]), float(std["trestbps"])


def _weights() -> np.ndarray:
    """Glorot uniform: U(-r, r) with r = √(6 / (inputs + outputs)); Glorot and Bengio 2010, eq. 16."""
    reach = np.sqrt(6 / (29 + 16))
    return np.random.default_rng(42).uniform(-reach, reach, (29, 16)).astype(np.float32)
