"""The plain program that asks TensorFlow and measures the same. No widget, nothing of firstepoch."""

PROGRAM = """\
import time

import keras
import numpy as np
import tensorflow as tf

for device in tf.config.list_physical_devices():
    print("TensorFlow sees", device.name)

layer = keras.layers.Dense(1)
x = np.ones((32, 29), "float32")
print("placed by TensorFlow itself:", layer(x).device)
with tf.device("CPU:0"):  # "GPU:0" on a machine with a graphics card
    print("placed where it was told to: ", layer(x).device)


def seconds(work, repetitions=10):
    work()  # the first call is slower
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return np.median(times)


# How many threads they use is settled when they start: OMP_NUM_THREADS=1 and TF_NUM_INTRAOP_THREADS=1 for one.
a, b = np.random.default_rng(0).random((2, {size}, {size}), "float32")
print("NumPy:     ", seconds(lambda: a @ b), "s")
with tf.device("CPU:0"):
    left, right = tf.constant(a), tf.constant(b)
    print("TensorFlow:", seconds(lambda: tf.linalg.matmul(left, right).numpy()), "s")
"""


def program(size: int) -> str:
    """The program, for matrices of this size."""
    return PROGRAM.format(size=size)
