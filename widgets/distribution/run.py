"""The program of the second Python: trains on two logical devices and on one, and writes down what happened.

It imports nothing of firstepoch. It reads `model.keras`, `rows.npz` and `settings.json` in its folder, and leaves
`frames.npz` and `result.json` there.
"""

import json
import os
import sys
import time
from typing import Any

import keras
import numpy as np
import tensorflow as tf

_TIMED = 40
"""Updates whose time is taken, after the first ones."""
_TIMED_SECONDS = 2.0


def tell(doing: str, share: float) -> None:
    """Say what is going on, to who started this."""
    sys.stdout.write(json.dumps({"doing": doing, "share": share}) + "\n")
    sys.stdout.flush()


class Training:
    """One model, its batches and its update under a strategy.

    Args:
        strategy: A tf.distribute.Strategy.
        rows: Numbers, inputs and targets of the rows, in the order in which they are dealt.
        batch_size: Rows of an update, over all replicas.
    """

    def __init__(self, strategy: Any, rows: tuple[np.ndarray, ...], batch_size: int) -> None:
        self.strategy = strategy
        with strategy.scope():
            self.model = keras.saving.load_model("model.keras")
            self.model.optimizer.build(self.model.trainable_variables)
        loss = keras.losses.get(self.model.loss)
        self.losses = loss.call if isinstance(loss, keras.losses.Loss) else loss
        batches = tf.data.Dataset.from_tensor_slices(rows).batch(batch_size)
        self.batches = strategy.experimental_distribute_dataset(batches)
        self.signature = [self.batches.element_spec]

    def step(self, x: Any, y: Any) -> tuple[Any, list[Any]]:
        """On one replica: the gradient of its part of the loss, and the update by the sum over all replicas."""
        replica = tf.distribute.get_replica_context()
        whole = tf.cast(replica.all_reduce("sum", tf.shape(x)[0]), tf.float32)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(self.losses(y, self.model(x, training=True))) / whole
            loss += sum(self.model.losses) / self.strategy.num_replicas_in_sync
        gradient = tape.gradient(loss, self.model.trainable_variables)
        # Before it updates, the optimizer adds the gradients of all replicas up: the all-reduce.
        self.model.optimizer.apply_gradients(zip(gradient, self.model.trainable_variables, strict=True))
        return loss, gradient

    def weights(self) -> list[np.ndarray]:
        """All weights in one vector, for each replica."""
        return self._vectors([variable.value for variable in self.model.trainable_variables])

    def _vectors(self, distributed: list[Any]) -> list[np.ndarray]:
        parts = [self._each(value) for value in distributed]
        return [np.concatenate([np.ravel(part.numpy()) for part in one]) for one in zip(*parts, strict=True)]

    def _each(self, value: Any) -> tuple[Any, ...]:
        return self.strategy.experimental_local_results(value)

    def run(self) -> list[dict[str, Any]]:
        """Train on all batches; what each update did, and the weights after it."""

        def local(numbers: Any, x: Any, y: Any) -> tuple[Any, ...]:
            loss, gradient = self.step(x, y)
            return numbers, loss, gradient, tf.distribute.get_replica_context().all_reduce("sum", gradient)

        @tf.function(input_signature=self.signature)
        def update(batch: Any) -> Any:
            return self.strategy.run(local, args=batch)

        frames = []
        for batch in self.batches:
            numbers, loss, gradient, reduced = update(batch)
            frames.append(
                {
                    "rows": [one.numpy() for one in self._each(numbers)],
                    "loss": [float(one) for one in self._each(loss)],
                    "gradient": self._vectors(gradient),
                    "reduced": self._vectors(reduced),
                    "weights": self.weights(),
                }
            )
        return frames

    def seconds(self) -> list[float]:
        """Times of updates on the first batch, without anything that is only written down."""

        @tf.function(input_signature=self.signature)
        def update(batch: Any) -> Any:
            return self.strategy.run(lambda _, x, y: self.step(x, y)[0], args=batch)

        batch = next(iter(self.batches))
        for _ in range(3):
            update(batch)
        times: list[float] = []
        while len(times) < _TIMED and sum(times) < _TIMED_SECONDS:
            start = time.perf_counter()
            update(batch)
            times.append(time.perf_counter() - start)
        return times


def main() -> None:
    """Train twice from the same start on the same batches."""
    tell("TensorFlow has started; making two devices of one processor", 0.4)
    with open("settings.json", encoding="utf-8") as file:
        batch_size = json.load(file)["batch_size"]
    with np.load("rows.npz") as kept:
        rows = kept["numbers"], kept["x"], kept["y"]
    # Nothing may have used TensorFlow before this: that is why it is another Python.
    processor = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)

    tell("training on two devices", 0.5)
    two = Training(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]), rows, batch_size)
    start = two.weights()
    both = two.run()
    tell("taking the time of two devices", 0.7)
    two_seconds = two.seconds()
    tell("training on one device", 0.8)
    one = Training(tf.distribute.OneDeviceStrategy("CPU:0"), rows, batch_size)
    alone = one.run()
    tell("taking the time of one device", 0.95)
    one_seconds = one.seconds()

    dealt = [[len(part) for part in frame["rows"]] for frame in both]
    numbers = np.full((len(both), batch_size), -1, np.int32)
    for line, frame in zip(numbers, both, strict=True):
        order = np.concatenate(frame["rows"])
        line[: len(order)] = order
    np.savez(
        "frames.npz",
        rows=numbers,
        dealt=np.array(dealt, np.int32),
        start=np.array(start),
        loss=np.array([frame["loss"] for frame in both]),
        gradient=np.array([frame["gradient"] for frame in both]),
        reduced=np.array([frame["reduced"] for frame in both]),
        weights=np.array([frame["weights"] for frame in both]),
        single_loss=np.array([frame["loss"][0] for frame in alone]),
        single_gradient=np.array([frame["gradient"][0] for frame in alone]),
        single_weights=np.array([frame["weights"][0] for frame in alone]),
        two_seconds=two_seconds,
        one_seconds=one_seconds,
    )
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    facts = {
        "devices": [device.name for device in tf.config.list_logical_devices("CPU")],
        "replicas": two.strategy.num_replicas_in_sync,
        "cores": cores,
        "versions": {"tensorflow": tf.__version__, "keras": keras.__version__, "numpy": np.__version__},
    }
    with open("result.json", "w", encoding="utf-8") as file:
        json.dump(facts, file)


if __name__ == "__main__":
    main()
