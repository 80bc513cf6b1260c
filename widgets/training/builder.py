"""model_builder: a function that builds a network for any table. Keras is loaded when it is called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from firstepoch.data.loading import load_keras
from firstepoch.widgets.training.outputs import output_of


def model_builder(data: Any) -> Callable[..., Any]:
    """Make the function that builds networks for a table, to be handed to LiveTraining beside it.

    The output layer and the loss are those the target asks for: one sigmoid unit and binary cross-entropy for two
    classes, a softmax unit a class and sparse categorical cross-entropy for more, one linear unit and mean squared
    error for a number. The metric is accuracy, for a number the mean absolute error.

    Args:
        data: A TabularData, for example `TabularData.from_frame(table, target="price")`.

    Returns:
        `build_model(units=(16,), activation="relu", dropout=0.0, optimizer="adam", learning_rate=None)`, which returns
        a compiled keras.Model: `units` of each hidden layer, the share dropped after each (one rate or one for each),
        the names of Keras's activation and optimizer, and the learning rate (None: the optimizer's own).

    Example:
        >>> data = TabularData.from_frame(table, target="price")  # doctest: +SKIP
        >>> LiveTraining(model_builder(data), data)  # doctest: +SKIP
    """
    output, inputs = output_of(data), len(data.feature_names)

    def build_model(
        units: Sequence[int] = (16,),
        activation: str = "relu",
        dropout: float | Sequence[float] = 0.0,
        optimizer: str = "adam",
        learning_rate: float | None = None,
    ) -> Any:
        """Build and compile a network for these data: dense hidden layers and the output the target asks for."""
        keras = load_keras()
        rates = list(dropout) if isinstance(dropout, Sequence) else [dropout] * len(units)
        if len(rates) != len(units):
            raise ValueError(f"{len(rates)} dropout rates for {len(units)} hidden layers. Give one, or one for each.")
        first = hidden = keras.Input((inputs,))
        for width, rate in zip(units, rates, strict=True):
            hidden = keras.layers.Dense(width, activation=activation)(hidden)
            if rate > 0:
                hidden = keras.layers.Dropout(rate)(hidden)
        last = keras.layers.Dense(output.units, activation=None if output.activation == "linear" else output.activation)
        model = keras.Model(first, last(hidden))
        settings = {} if learning_rate is None else {"learning_rate": learning_rate}
        model.compile(
            optimizer=keras.optimizers.get({"class_name": optimizer, "config": settings}),
            loss=output.loss,
            metrics=[output.metric],
        )
        return model

    return build_model
