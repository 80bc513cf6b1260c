"""Values, gradients and whole runs against GradientTape, numpy's polynomials and keras.optimizers."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from firstepoch.widgets import SettingsError
from firstepoch.widgets.descent.compute import descend
from firstepoch.widgets.descent.functions import FUNCTIONS, named
from firstepoch.widgets.descent.gradient import differentiable
from firstepoch.widgets.optimizers import steps

RATE = 0.1


def by_tape(function, w):
    x = tf.constant(w, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = function(x)
    return value.numpy(), tape.gradient(value, x).numpy()


def in_numbers(function):
    """The function that its code defines, for one number or an array of two."""
    names = {"np": np}
    exec(function.code, names)
    return names["g"], names["gradient"]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda it: it.name)
def test_value_and_gradient_by_hand_are_those_of_the_tape_on_the_written_code(function):
    g, gradient = in_numbers(function)
    low, high = np.array(function.domain).T
    points = np.random.default_rng(0).uniform(low, high, (25, function.weights))
    for point in points:
        w = point[0] if function.weights == 1 else point
        value, slope = by_tape(g, w)
        np.testing.assert_allclose(function.value(point), value, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(function.gradient(point), np.ravel(slope), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(gradient(w), slope, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(function.value(points), [function.value(point) for point in points])
    np.testing.assert_array_equal(function.gradient(points), [function.gradient(point) for point in points])


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda it: it.name)
def test_a_run_is_gradient_tape_and_plain_updates(function):
    g, _ = in_numbers(function)
    run = descend(differentiable(function.name), 30, "sgd", RATE)
    w = np.array(function.start)
    for frame in range(31):
        value, slope = by_tape(g, w[0] if function.weights == 1 else w)
        np.testing.assert_allclose(run.w[frame], w, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(run.value[frame], value, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(run.gradient[frame], np.ravel(slope), rtol=1e-9, atol=1e-9)
        w = w - RATE * np.ravel(slope)
        np.testing.assert_allclose(run.next[frame], w, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(run.w[1:], run.w[:-1] - RATE * run.gradient[:-1])
    np.testing.assert_array_equal(run.next[:-1], run.w[1:])


MADE = {
    "momentum": lambda: keras.optimizers.SGD(RATE, momentum=0.9),
    "nesterov": lambda: keras.optimizers.SGD(RATE, momentum=0.9, nesterov=True),
    "adagrad": lambda: keras.optimizers.Adagrad(RATE),
    "rmsprop": lambda: keras.optimizers.RMSprop(RATE),
    "adam": lambda: keras.optimizers.Adam(RATE),
    "sgd": lambda: keras.optimizers.SGD(RATE),
    "Nadam": lambda: keras.optimizers.Nadam(RATE),
}


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("function", ["two minima", "valley"])
def test_a_run_is_that_of_keras_with_tape_gradients(name, function):
    g, _ = in_numbers(named(function))
    run = descend(differentiable(function), 20, name, RATE)
    start = named(function).start
    weight = keras.Variable(start[0] if len(start) == 1 else start, dtype="float64")
    optimizer = MADE[name]()
    for frame in range(21):
        np.testing.assert_allclose(run.w[frame], np.ravel(weight), rtol=1e-6, atol=1e-6)
        with tf.GradientTape() as tape:
            value = g(weight.value)
        slope = tape.gradient(value, weight.value)
        np.testing.assert_allclose(run.gradient[frame], np.ravel(slope), rtol=1e-5, atol=1e-5)
        optimizer.apply([slope], [weight])


def test_what_an_optimizer_remembers_is_recorded_for_each_frame():
    run = descend(differentiable("bowl", 2.0), 3, "momentum", RATE)
    velocity = [0.0]
    for frame in range(3):
        velocity.append(0.9 * velocity[-1] - RATE * run.gradient[frame, 0])
    np.testing.assert_allclose(run.state["momentum"][:, 0], velocity, rtol=1e-6)


def test_an_optimizer_given_is_cloned_and_left_alone():
    own = keras.optimizers.Adam(0.3, beta_1=0.5)
    first = steps.run(own, [2.0], lambda w: 2 * w, 5)
    again = steps.run(own, [2.0], lambda w: 2 * w, 5)
    np.testing.assert_array_equal(first["w"], again["w"])
    assert int(own.iterations) == 0 and not own.built
    assert abs(first["w"][1, 0] - 1.7) < 1e-4, "its own learning rate: Adam's first step is as long as that"
    other = steps.run(own, [2.0], lambda w: 2 * w, 5, learning_rate=0.1)
    assert abs(other["w"][1, 0] - 1.9) < 1e-4
    scheduled = keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.4, 1, 0.5))
    halving = steps.run(scheduled, [1.0], lambda w: np.ones(1), 3)
    np.testing.assert_allclose(np.diff(halving["w"][:, 0]), [-0.4, -0.2, -0.1], rtol=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(-2, 2, allow_subnormal=False), min_size=3, max_size=5),
    st.floats(-1.5, 1.5),
    st.floats(1e-3, 0.05),
)
def test_random_polynomials(coefficients, start, rate):
    coefficients = [*np.round(coefficients, 3), 1.0]
    polynomial = np.polynomial.Polynomial(coefficients)

    def g(w):
        value = 0.0
        for coefficient in coefficients[::-1]:
            value = value * w + float(coefficient)
        return value

    function = differentiable(g, start)
    assert function.differentiated_by == "GradientTape"
    run = descend(function, 8, "sgd", rate)
    w = start
    for frame in range(len(run)):
        np.testing.assert_allclose(run.w[frame, 0], w, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(run.value[frame], polynomial(w), rtol=1e-6, atol=1e-6)
        w = w - rate * polynomial.deriv()(w)


CALLS = {
    "a number": (lambda w: (w - 3) ** 2, 1.0, "GradientTape", [-4.0]),
    "an array of one": (lambda w: (w[0] - 3) ** 2, 1.0, "GradientTape", [-4.0]),
    "a list of one": (lambda w: (w[0] - 3) ** 2, [1.0], "GradientTape", [-4.0]),
    "an array of two": (lambda w: w[0] ** 2 + 10 * w[1] ** 2, [1.0, 2.0], "GradientTape", [2.0, 40.0]),
    "two numbers": (lambda a, b: a**2 * b, [1.0, 2.0], "GradientTape", [4.0, 1.0]),
    "a sum": (lambda w: tf.reduce_sum(w**2), [1.0, 2.0], "GradientTape", [2.0, 4.0]),
    "float32": (lambda w: tf.constant(3.0) * w**2, 1.0, "GradientTape", [6.0]),
    "keras.ops": (lambda w: keras.ops.exp(w), 0.5, "GradientTape", [math.exp(0.5)]),
    "a branch": (lambda w: w**2 if w > 0 else -w, 1.0, "GradientTape", [2.0]),
    "a gather": (lambda w: tf.gather(w, [1])[0] ** 2, [1.0, 2.0], "GradientTape", [0.0, 4.0]),
    "numpy": (lambda w: np.sin(w), 1.0, "finite differences", [math.cos(1)]),
    "math": (lambda w: math.sin(w), 1.0, "finite differences", [math.cos(1)]),
    "a ufunc": (np.cos, 1.0, "finite differences", [-math.sin(1)]),
    "methods of an array": (lambda w: (w**2).sum(), [1.0, 2.0], "finite differences", [2.0, 4.0]),
    "numpy in a part": (lambda w: w**2 + np.sin(w), 1.0, "finite differences", [2 + math.cos(1)]),
    "numpy in a tensor": (lambda w: tf.constant(np.sin(w)), 1.0, "finite differences", [math.cos(1)]),
}


@pytest.mark.parametrize("case", CALLS)
def test_how_a_function_is_called_and_differentiated(case):
    function, start, by, slope = CALLS[case]
    found = differentiable(function, start)
    assert found.differentiated_by == by
    assert bool(found.note) == (by == "finite differences")
    np.testing.assert_allclose(found.gradient(np.array(found.start)), slope, rtol=1e-5, atol=1e-7)
    points = np.random.default_rng(1).uniform(0.5, 2, (50, found.weights))
    many = found.many(points)
    if many is not None:
        np.testing.assert_allclose(many, [found.value(point) for point in points], rtol=1e-5, atol=1e-6)


def test_without_a_start_a_function_is_tried_with_one_weight_and_with_two():
    assert differentiable(lambda w: (w - 3) ** 2).start == (2.0,)
    assert differentiable(lambda w: w[0] ** 2 + w[1] ** 2).start == (2.0, 1.0)
    assert differentiable(lambda a, b: a * b).start == (2.0, 1.0)
    assert differentiable("Ill_Conditioned-BOWL").name == "ill-conditioned bowl"


def raising(w):
    raise RuntimeError("the dog ate it")


REFUSED = {
    "unknown name": ("hill", None, "no function 'hill'.*two minima.*lambda"),
    "two weights for one": ("bowl", [1.0, 2.0], "one weight, but start has 2. Try start=2.5"),
    "one weight for two": ("valley", 1.0, r"two weights, but start has 1. Try start=\[-1.2, 2.5\]"),
    "three weights": (lambda w: w, [1.0, 2.0, 3.0], "one weight or two"),
    "words": ("bowl", "left", "start is 'left'"),
    "not finite": ("bowl", math.nan, "must be finite"),
    "no function": (3, 1.0, "function is 3; give a name"),
    "raises": (raising, 1.0, r"RuntimeError \(the dog ate it\) at w = 1"),
    "a vector": (lambda w: tf.stack([w, w]), 1.0, r"2 numbers \(shape \(2,\)\).*tf.reduce_sum"),
    "a vector of two": (lambda w: w**2, [1.0, 2.0], r"shape \(2,\)"),
    "None": (lambda w: None, 1.0, "returns None. Does it end with `return`"),
    "complex": (lambda w: 1j, 1.0, "1j; it must return one real number"),
    "text": (lambda w: "low", 1.0, "'low'"),
    "nan": (lambda w: tf.math.log(w), -1.0, "is nan at w = -1"),
    "rounded": (lambda w: tf.round(w) ** 2, 1.0, "TensorFlow finds no gradient.*tf.round"),
    "whole numbers": (lambda w: tf.cast(w, tf.int32), 1.5, "TensorFlow finds no gradient"),
    "stopped": (lambda w: tf.stop_gradient(w**2), 1.0, "TensorFlow finds no gradient"),
    "constant": (lambda w: 3.0, 1.0, "is 3 wherever it was tried.*does not depend on w"),
    "steep": (lambda w: tf.sqrt(w), 0.0, "gradient is not finite at w = 0"),
    "needs two": (lambda a, b: a * b, 1.0, "takes two numbers"),
    "needs three": (lambda a, b, c: a, 1.0, "needs 3 arguments"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_descended_is_refused_with_a_sentence(case):
    function, start, words = REFUSED[case]
    with pytest.raises(SettingsError, match=words):
        differentiable(function, start)


def test_a_run_ends_where_the_function_does():
    run = descend(differentiable(lambda w: math.log(w), 1.0), 10, "sgd", 0.7)
    assert len(run) == 2 and "math domain error" in run.ended
    assert np.isfinite(run.value).all()


@pytest.mark.parametrize(("function", "rate"), [("bowl", 1e6), ("two minima", 1.0), ("valley", 0.5)])
def test_a_run_ends_with_its_last_finite_frame(function, rate):
    run = descend(differentiable(function), 1000, "sgd", rate)
    assert run.ended == "overflow" and len(run) < 1000
    for array in (run.w, run.value, run.gradient):
        assert np.isfinite(array).all()


def test_there_is_no_such_optimizer():
    with pytest.raises(SettingsError, match=r"no optimizer 'adamant'\. There are: sgd, momentum"):
        descend(differentiable("bowl"), 3, "adamant", 0.1)
    with pytest.raises(SettingsError, match="optimizer is a int"):
        descend(differentiable("bowl"), 3, 3, 0.1)
