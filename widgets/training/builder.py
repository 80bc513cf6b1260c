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
        `build_model(units=(16,), activation="relu", dropout=0.0, batch_normalization=False, l2=0.0, optimizer="adam",
        learning_rate=None)`, which returns a compiled keras.Model: `units` of each hidden layer; for all of them or
        for each the name of Keras's activation, the share dropped, whether the sums are normalised over the batch, and
        the strength of the L2 penalty on the weights; the name of the optimizer and its learning rate (None: its own).
        With batch normalization a hidden layer is Dense without bias, BatchNormalization, Activation, in the order of
        Ioffe and Szegedy (2015); Dropout comes last.

    Example:
        >>> data = TabularData.from_frame(table, target="price")  # doctest: +SKIP
        >>> LiveTraining(model_builder(data), data)  # doctest: +SKIP
    """
    output, inputs = output_of(data), len(data.feature_names)

    def build_model(
        units: Sequence[int] = (16,),
        activation: str | Sequence[str] = "relu",
        dropout: float | Sequence[float] = 0.0,
        batch_normalization: bool | Sequence[bool] = False,
        l2: float | Sequence[float] = 0.0,
        optimizer: str = "adam",
        learning_rate: float | None = None,
    ) -> Any:
        """Build and compile a network for these data: dense hidden layers and the output the target asks for."""
        keras = load_keras()
        per_layer = [
            _each(value, len(units), noun)
            for value, noun in (
                (activation, "activations"),
                (dropout, "dropout rates"),
                (batch_normalization, "values of batch_normalization"),
                (l2, "values of l2"),
            )
        ]
        first = hidden = keras.Input((inputs,))
        for width, kind, rate, normalize, strength in zip(units, *per_layer, strict=True):
            penalty = keras.regularizers.L2(strength) if strength else None
            if normalize:
                hidden = keras.layers.Dense(width, use_bias=False, kernel_regularizer=penalty)(hidden)
                hidden = keras.layers.BatchNormalization()(hidden)
                hidden = keras.layers.Activation(kind)(hidden)
            else:
                hidden = keras.layers.Dense(width, activation=kind, kernel_regularizer=penalty)(hidden)
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


def _each(value: Any, layers: int, noun: str) -> list[Any]:
    """One value for each hidden layer, of one for all or of a list."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return [value] * layers
    if len(value) != layers:
        raise ValueError(f"{len(value)} {noun} for {layers} hidden layers. Give one, or one for each.")
    return list(value)
