"""The plain tf.distribute program of a run, with nothing of firstepoch in it. No widget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PROGRAM = """\
# Start this in a Python of its own: TensorFlow divides a processor only before it is used.
import keras
import numpy as np
import tensorflow as tf

processor = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
# strategy = tf.distribute.OneDeviceStrategy("CPU:0")  # the same program on one device

# x, y: your rows, float32; build_model: your function that returns a compiled model.
keras.utils.set_random_seed({seed})
with strategy.scope():  # each weight gets a copy on each device
    model = build_model()
    model.optimizer.build(model.trainable_variables)
losses = {losses}  # one for each row
order = np.random.default_rng({seed}).permutation(len(x))
rows = tf.data.Dataset.from_tensor_slices((x[order], y[order].reshape(len(y), -1))).batch({batch_size})
batches = strategy.experimental_distribute_dataset(rows)  # deals the rows of each batch


def on_each_device(x, y):
    device = tf.distribute.get_replica_context()
    whole = tf.cast(device.all_reduce("sum", tf.shape(x)[0]), tf.float32)  # rows on all devices
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(losses(y, model(x, training=True))) / whole
{penalty}    gradient = tape.gradient(loss, model.trainable_variables)
    model.optimizer.apply_gradients(zip(gradient, model.trainable_variables))  # adds up over devices, then updates
    return loss


@tf.function(input_signature=[batches.element_spec])
def update(batch):
    parts = strategy.run(on_each_device, args=batch)
    return strategy.reduce("SUM", parts, axis=None)


for number, batch in enumerate(batches, 1):
    print(number, float(update(batch)))
"""

_PENALTY = """\
        loss += sum(model.losses) / strategy.num_replicas_in_sync  # the penalty of L2, once over all devices
"""


def program(made: Mapping[str, Any], batch_size: int, seed: int) -> str:
    """The program; it prints the number and the loss of each update.

    Args:
        made: Settings of the run that is shown; empty if there is none.
        batch_size: Rows of an update, where nothing is shown.
        seed: Of weights and order, where nothing is shown.
    """
    return _PROGRAM.format(
        batch_size=made.get("batch_size", batch_size),
        seed=made.get("seed", seed),
        losses="model.loss.call" if made.get("loss_object") else "keras.losses.get(model.loss)",
        penalty=_PENALTY if made.get("penalised") else "",
    )
