"""Traces one function that runs many updates (or many test batches) of a model, and keeps it for models like it.

The traced function takes every variable as an argument, so that a second model of the same shape runs through
the trace of the first. Which models are alike is decided in `share`; the loop over epochs lives in `engine`.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

from firstepoch.widgets.training.rows import Rows
from firstepoch.widgets.training.share import model_key

_KEPT = 8
_kept: OrderedDict[Any, Any] = OrderedDict()
_lock = threading.RLock()
_count = 0


def trace_count() -> int:
    """Number of traces made in this process so far."""
    return _count


class Runner:
    """The traced steps of one model over one table.

    Attributes:
        shared: True if the trace serves other models too. Such a trace resets the metrics itself when it
            starts at batch 0, and its logs are the metrics' results.
    """

    def __init__(self, model: Any, rows: Rows, training: bool) -> None:
        import tensorflow as tf

        _build(model, rows)
        variables = _variables(model)
        key = model_key(model, variables)
        self.shared = key is not None
        self._data = rows.data
        self._batch_size = tf.constant(rows.batch_size, tf.int64)
        with _lock:
            if key is None:
                self._function = _trace(model, rows, training, [])
            else:
                full_key = (key, _data_key(model, rows), training)
                self._function = _kept.pop(full_key, None)
                if self._function is None:
                    self._function = _trace(model, rows, training, variables)
                    # A captured tensor belongs to this model alone.
                    self.shared = not self._function.captured_inputs
                if self.shared:
                    _kept[full_key] = self._function
                while len(_kept) > _KEPT:
                    _kept.popitem(last=False)
        self._arguments = [variable._value for variable in variables] if key is not None else []

    def __call__(self, first: int, last: int, order: Any) -> tuple[dict[str, Any], Any, Any]:
        """Runs the batches first <= number < last.

        Args:
            first: Number of the first batch.
            last: Number after the last batch.
            order: int64 tensor of shape (rows,): the row numbers of this pass.

        Returns:
            The logs after the last batch (dict of scalar tensors), the loss of each batch, a float32 tensor
            of shape (last - first,), and, in training, all weights in the order of `model.get_weights()` as one
            float32 tensor.
        """
        import tensorflow as tf

        start, stop = tf.constant(first, tf.int64), tf.constant(last, tf.int64)
        logs, losses, weights = self._function(start, stop, self._batch_size, order, self._data, self._arguments)
        return logs, losses, weights


def _build(model: Any, rows: Rows) -> None:
    """Creates every variable a step needs, before it is traced."""
    from keras.src import tree

    built = [part.built for part in (model._compile_metrics, model._compile_loss, model.optimizer) if part is not None]
    if not all([*built, *(layer.built for layer in model._flatten_layers())]):
        batch = min(rows.batch_size, rows.count)
        model._symbolic_build(data_batch=tree.map_structure(lambda t: t[:batch], rows.data))


def _variables(model: Any) -> list[Any]:
    """Every Keras variable of the model, its optimizer and its metrics, each once, in a stable order."""
    found = [*model.variables, *model.metrics_variables]
    if model.optimizer is not None:
        found += model.optimizer.variables
    return list({id(variable): variable for variable in found}.values())


def _data_key(model: Any, rows: Rows) -> str:
    from keras.src import tree

    shapes = tree.map_structure(lambda t: f"{t.dtype.name}{t.shape[1:]}", rows.data)
    leaves = tree.flatten(shapes)
    structure = repr(tree.pack_sequence_as(shapes, leaves))
    if "{" in structure:
        structure += repr((getattr(model, "input_names", None), getattr(model, "output_names", None)))
    return f"{structure} batch={rows.static_batch}"


def _trace(model: Any, rows: Rows, training: bool, variables: list[Any]) -> Any:
    """Returns a concrete function (first, last, batch size, order, data, variables) -> (logs, losses, weights)."""
    global _count
    import tensorflow as tf
    from keras.src import tree

    batch = rows.static_batch
    table_spec = tree.map_structure(lambda t: tf.TensorSpec([None, *t.shape[1:]], t.dtype), rows.data)
    batch_spec = tree.map_structure(lambda t: tf.TensorSpec([batch, *t.shape[1:]], t.dtype), rows.data)

    def run(first: Any, last: Any, batch_size: Any, order: Any, data: Any, arguments: Any) -> Any:
        with _standing_in(model, variables, arguments):
            # A function of its own, as in Keras, so that jit_compile means what it means there.
            step = tf.function(_step(model, training), jit_compile=model.jit_compile)
            step = step.get_concrete_function(batch_spec)
            blank = tree.map_structure(lambda spec: tf.zeros(spec.shape, spec.dtype), step.structured_outputs[0])
            weights = [weight._value for weight in model.weights] if training else []
            if variables:
                tf.cond(first == 0, lambda: _reset(model), lambda: tf.constant(0))

        def body(number: Any, losses: Any, logs: Any) -> Any:
            chosen = order[number * batch_size : tf.minimum((number + 1) * batch_size, tf.size(order, tf.int64))]
            chosen.set_shape([batch])
            logs, loss = step(tree.map_structure(lambda t: tf.gather(t, chosen), data))
            return number + 1, losses.write(tf.cast(number - first, tf.int32), loss), logs

        empty = tf.TensorArray(tf.float32, size=tf.cast(last - first, tf.int32), element_shape=[])
        _, losses, logs = tf.while_loop(lambda number, *_: number < last, body, (first, empty, blank))
        flat = [tf.reshape(tf.cast(weight, tf.float32), [-1]) for weight in weights]
        return logs, losses.stack(), tf.concat(flat, 0) if flat else tf.zeros([0])

    _count += 1
    number, order = tf.TensorSpec([], tf.int64), tf.TensorSpec([None], tf.int64)
    function = tf.function(tf.autograph.experimental.do_not_convert(run))
    values = [variable._value for variable in variables]
    return function.get_concrete_function(number, number, number, order, table_spec, values)


def _reset(model: Any) -> Any:
    import tensorflow as tf

    model.reset_metrics()
    return tf.constant(0)


def _step(model: Any, training: bool) -> Callable[[Any], Any]:
    """Returns the model's own step with the loss of the batch beside its logs (NaN if it keeps none)."""
    import tensorflow as tf

    @tf.autograph.experimental.do_not_convert
    def step(data: Any) -> Any:
        seen: list[Any] = []
        with _recording_loss(model, seen):
            logs = (model.train_step if training else model.test_step)(data)
        graph = tf.compat.v1.get_default_graph()
        losses = [loss for loss in seen if getattr(loss, "graph", graph) is graph]
        return logs, tf.cast(losses[-1], tf.float32) if losses else tf.constant(float("nan"))

    return step


@contextlib.contextmanager
def _recording_loss(model: Any, seen: list[Any]) -> Iterator[None]:
    """Appends to `seen` each value handed to the model's loss tracker."""
    tracker = model._loss_tracker
    update_state = tracker.update_state

    def update_and_record(values: Any, sample_weight: Any = None) -> Any:
        seen.append(values)
        return update_state(values, sample_weight=sample_weight)

    tracker.__dict__["update_state"] = update_and_record
    try:
        yield
    finally:
        del tracker.__dict__["update_state"]


@contextlib.contextmanager
def _standing_in(model: Any, variables: list[Any], arguments: list[Any]) -> Iterator[None]:
    """Lets the traced function's arguments stand in for the model's variables while it is traced."""
    if not variables:
        yield
        return
    optimizer = model.optimizer
    values = [variable._value for variable in variables]
    # Optimizers find their slots by the identity of the variable behind a weight.
    optimizer_state = {
        name: getattr(optimizer, name)
        for name in ("_trainable_variables_indices", "_exclude_from_weight_decay_cache")
        if hasattr(optimizer, name)
    }
    try:
        for variable, argument in zip(variables, arguments, strict=True):
            variable._value = argument
        keys = {optimizer._var_key(weight): i for i, weight in enumerate(optimizer._trainable_variables)}
        optimizer.__dict__["_trainable_variables_indices"] = keys
        optimizer.__dict__["_exclude_from_weight_decay_cache"] = {}
        yield
    finally:
        for variable, value in zip(variables, values, strict=True):
            variable._value = value
        optimizer.__dict__.pop("_exclude_from_weight_decay_cache", None)
        optimizer.__dict__.update(optimizer_state)
