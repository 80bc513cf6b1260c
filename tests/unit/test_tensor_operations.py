"""Operations on tensors against TensorFlow and numpy, and their steps against plain loops."""

import ast
import itertools
import json
import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstepoch.widgets.tensor import operations
from firstepoch.widgets.tensor.equations import combination, quotient, shown
from firstepoch.widgets.tensor.operations import OperationError, apply, arguments_of
from firstepoch.widgets.tensor.steps import steps

INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
FLOATS = ["float16", "float32", "float64"]
MOVING = ("expand_dims", "squeeze", "reshape", "transpose", "stack", "concat")
TOLERANCE = {"float16": 1e-2, "float32": 1e-5, "float64": 1e-12}
ROOT = Path(__file__).parents[2]


def cases(count):
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


# Calls that TensorFlow accepts or refuses, as it comes.

sizes = st.integers(0, 3) | st.integers(1, 3)
shapes = st.lists(sizes, max_size=6).map(tuple).filter(lambda shape: math.prod(shape) <= 144)


def filled(shape, dtype, seed, special):
    rng = np.random.default_rng(seed)
    if dtype == "bool":
        return rng.random(shape) < 0.5
    if dtype in INTEGERS:
        bounds = np.iinfo(dtype)
        low, high = (bounds.min, bounds.max) if special else (max(-9, bounds.min), 10)
        return rng.integers(low, high, shape, dtype=dtype, endpoint=True)
    values = rng.normal(size=shape).astype(dtype)
    if special and values.size:
        where = rng.random(shape) < 0.15
        values = np.where(where, rng.choice([np.nan, np.inf, -np.inf, -0.0], size=shape).astype(dtype), values)
    return np.asarray(values, dtype)


def arrays(shape, dtypes):
    return st.builds(filled, st.just(shape), st.sampled_from(dtypes), st.integers(0, 2**31), st.booleans())


def axis_of(rank, wrong=1):
    return st.integers(-rank - wrong, max(0, rank - 1 + wrong))


def axes_of(rank):
    several = st.lists(st.integers(-rank, max(0, rank - 1)), max_size=rank, unique_by=lambda axis: axis % max(1, rank))
    return st.none() | axis_of(rank) | several


@st.composite
def one_operand(draw, name, dtypes):
    if name == "squeeze":
        shape = tuple(draw(st.lists(st.sampled_from([1, 1, 2, 0]), max_size=6)))
        single = [axis - draw(st.sampled_from([0, len(shape)])) for axis, size in enumerate(shape) if size == 1]
        arguments = {"axis": draw(axes_of(len(shape)) | st.permutations(single))}
    else:
        shape = draw(shapes)
    x = draw(arrays(shape, dtypes))
    if name == "expand_dims":
        arguments = {"axis": draw(axis_of(x.ndim + 1))}
    elif name == "transpose":
        order = draw(st.permutations(range(x.ndim)))
        turned = [axis - draw(st.sampled_from([0, 0, x.ndim])) for axis in order]
        arguments = {"perm": draw(st.just(turned) | st.none() | st.lists(axis_of(x.ndim), max_size=x.ndim + 1))}
    elif name == "reshape":
        arguments = {"shape": draw(new_shapes(x.size))}
    elif name.startswith("reduce"):
        arguments = {"axis": draw(axes_of(x.ndim)), "keepdims": draw(st.booleans())}
    return name, [x], arguments


@st.composite
def new_shapes(draw, count):
    if not count or draw(st.sampled_from([False, False, True])):
        return draw(st.lists(st.integers(-2, 6), max_size=4))
    left, found = count, []
    while left > 1 and len(found) < 5:
        found.append(draw(st.sampled_from([size for size in range(1, left + 1) if left % size == 0])))
        left //= found[-1]
    found.append(left)
    found = draw(st.permutations(found))
    if draw(st.booleans()):
        found[draw(st.integers(0, len(found) - 1))] = -1
    return found


@st.composite
def several_operands(draw, name, dtypes):
    first, dtype = draw(shapes), draw(st.sampled_from(dtypes))
    axis = draw(axis_of(len(first) + (name == "stack"), draw(st.sampled_from([0, 0, 1]))))
    found = [first]
    for _ in range(draw(st.integers(1, 3))):
        other = list(first)
        if other and draw(st.sampled_from([False] * 12 + [True])):
            other[draw(st.integers(0, len(other) - 1))] += 1
        if name == "concat" and other and -len(other) <= axis < len(other):
            other[axis] = draw(sizes)
        found.append(tuple(other))
    return name, [draw(arrays(shape, [dtype])) for shape in found], {"axis": axis}


@st.composite
def two_matrices(draw):
    rows, inner, columns, dtype = (
        draw(sizes),
        draw(sizes),
        draw(sizes),
        draw(st.sampled_from(["int32", "int64", *FLOATS])),
    )
    other = draw(st.sampled_from([inner] * 6 + [inner + 1]))
    return "matmul", [draw(arrays((rows, inner), [dtype])), draw(arrays((other, columns), [dtype]))], {}


@st.composite
def two_that_broadcast(draw, name, most_rank=6):
    whole, dtype = draw(shapes), draw(st.sampled_from(INTEGERS + FLOATS))
    found = []
    for _ in range(2):
        shape = [draw(st.sampled_from([size, size, 1])) for size in whole]
        if shape and draw(st.sampled_from([False] * 12 + [True])):
            shape[draw(st.integers(0, len(shape) - 1))] += 1
        found.append(tuple(shape[draw(st.sampled_from([0, 0, len(shape) // 2])) :]))
    return name, [draw(arrays(shape, [dtype])) for shape in found], {}


# The oracles.


def tensors_of(operation, convert):
    return {name: convert(one) for name, one in zip(operation.names, operation.operands, strict=True)}


def of_tensorflow(name, operands, arguments):
    """What TensorFlow gives, or None if it refuses."""
    tensors = [tf.constant(one) for one in operands]
    try:
        first = [tensors] if name in ("stack", "concat") else tensors
        return getattr(tf, name)(*first, **arguments)
    except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError, ValueError):
        return None


def same_values(got, expected, dtype, exact):
    got, expected = np.asarray(got), np.asarray(expected)
    assert got.shape == expected.shape
    if exact:
        np.testing.assert_array_equal(got, expected)
    else:
        np.testing.assert_allclose(
            got.astype(np.float64), expected.astype(np.float64), rtol=TOLERANCE[dtype], atol=8 * TOLERANCE[dtype]
        )


def compare(case):
    """Both refuse, or the results agree in value, shape and dtype; so do those of the two lines of code."""
    name, operands, arguments = case
    expected = of_tensorflow(*case)
    try:
        operation = apply(name, operands, **arguments)
    except OperationError as error:
        assert expected is None, error
        assert re.fullmatch(r"[^\n]{20,}[.?]", str(error))
        return None
    assert expected is not None, f"TensorFlow refuses {operation.code} of {[one.shape for one in operands]}"
    json.dumps(operation.arguments)
    exact = name in (*MOVING, "add", "multiply") or operation.result.dtype.kind != "f"
    dtype = operation.result.dtype.name
    assert dtype == expected.dtype.name
    same_values(operation.result, expected, dtype, exact)
    coded = eval(operation.code, {"tf": tf, **tensors_of(operation, tf.constant)})
    assert coded.dtype == expected.dtype
    same_values(coded, expected, dtype, True)
    with np.errstate(all="ignore"):
        numpys = eval(operation.numpy_code, {"np": np, **tensors_of(operation, lambda one: one)})
    same_values(numpys, operation.result, dtype, exact)
    before, after = operation.shape_rule.split(":")[0].split(" → ")
    assert after == str(operation.result.shape) and before.startswith(str(operands[0].shape))
    return operation


def follow(operation, most_steps):
    """The steps, after everything that holds for all operations."""
    shown_steps = steps(operation, most_cells=10**6, most_steps=most_steps)
    frames, size = shown_steps.result.shape
    assert size == operation.result.size and shown_steps.filled.shape == (frames, size)
    assert len(shown_steps.sentences) == frames and 2 <= frames <= max(2, most_steps) + 1
    moves = (shown_steps.step, shown_steps.operand, shown_steps.source, shown_steps.target)
    assert {part.dtype.name for part in moves} == {"int32"} and len({part.shape for part in moves}) == 1
    assert np.all(np.diff(shown_steps.step) >= 0)
    assert set(shown_steps.step.tolist()) <= set(range(1, frames))
    for number, operand in enumerate(operation.operands):
        own = shown_steps.source[shown_steps.operand == number]
        assert np.all((own >= 0) & (own < operand.size))
    assert not shown_steps.filled[0].any() and shown_steps.filled[-1].all()
    assert np.all(shown_steps.filled[:-1] <= shown_steps.filled[1:])
    assert np.isnan(shown_steps.result[~shown_steps.filled]).all()
    np.testing.assert_array_equal(shown_steps.result[-1], operation.result.astype(np.float64).reshape(-1))
    for sentence in shown_steps.sentences:
        assert re.fullmatch(r"[^\n]{10,}\.", sentence) and "np." not in sentence, sentence
        check_equations(sentence)
    return shown_steps


NUMBER = r"\(?−?\d+(?:\.\d+)?(?:e−?\d+)?\)?"
EQUATION = re.compile(rf"({NUMBER}(?: [+×/] {NUMBER})+) (=|≈) ({NUMBER})")


def value_of(text):
    return Fraction(text.strip("()").replace("−", "-"))


def worked_out(text):
    if " / " in text:
        total, count = text.split(" / ")
        return value_of(total) / value_of(count)
    return sum(math.prod(map(value_of, term.split(" × "))) for term in text.split(" + "))


def check_equations(sentence):
    """What is said with "=" is true of the numbers as they are written."""
    for left, sign, right in EQUATION.findall(sentence):
        if sign == "=":
            assert worked_out(left) == value_of(right), sentence
        elif "rounds along the way" not in sentence:
            assert abs(worked_out(left) - value_of(right)) <= abs(value_of(right)) / 500 + Fraction(1, 10**9), sentence


# Elements that only move.


@pytest.mark.parametrize("name", MOVING)
def test_rearrangements(name):
    make = several_operands if name in ("stack", "concat") else one_operand
    seen = []

    @cases(100)
    @given(make(name, ["bool", *INTEGERS, *FLOATS]), st.sampled_from([1, 2, 5, 60]))
    def run(case, most_steps):
        operation = compare(case)
        if operation is None:
            return
        seen.append(case)
        found = follow(operation, most_steps)
        assert sorted(found.target.tolist()) == list(range(operation.result.size))
        elements = [operation.operands[k].flat[s] for k, s in zip(found.operand, found.source, strict=True)]
        np.testing.assert_array_equal(
            operation.result.reshape(-1)[found.target], np.array(elements, operation.result.dtype)
        )
        for frame in range(len(found.sentences)):
            arrived = np.isin(np.arange(operation.result.size), found.target[found.step <= frame])
            np.testing.assert_array_equal(found.filled[frame], arrived)
        assert found.stretched == (None,) * len(operation.operands)
        check_places(operation, found)

    run()
    assert len(seen) >= 30


def check_places(operation, found):
    """The indices a sentence names are those of a move in that step."""
    for frame, sentence in enumerate(found.sentences):
        named = re.search(r"(\S+),? (?:goes from|was at) (\[[\d, ]*\]) (?:and is now at|to) (\[[\d, ]*\])", sentence)
        if named:
            source, target = (tuple(ast.literal_eval(text)) for text in named.groups()[1:])
            x = operation.operands[0]
            assert named[1].strip(",") == shown(x[source])
            at = found.step == frame
            moves = set(zip(found.source[at].tolist(), found.target[at].tolist(), strict=True))
            pair = np.ravel_multi_index(source, x.shape), np.ravel_multi_index(target, operation.result.shape)
            assert pair in moves


def test_reshape_goes_in_row_major_order_one_by_one_or_in_equal_groups():
    operation = apply("reshape", [np.arange(100)], shape=(4, -1))
    found = steps(operation, most_steps=20)
    np.testing.assert_array_equal(found.source, np.arange(100))
    assert np.bincount(found.step).tolist() == [0] + [5] * 20
    assert found.sentences[2] == "Elements 5 to 9 in row-major order go from [5] ... [9] to [0, 5] ... [0, 9]."
    found = steps(apply("reshape", [np.arange(6).reshape(2, 3)], shape=(3, 2)))
    assert found.step.tolist() == [1, 2, 3, 4, 5, 6]
    assert found.sentences[6] == "Element 5 in row-major order, 5, goes from [1, 2] to [2, 1]."


def test_transpose_goes_row_by_row():
    found = steps(apply("transpose", [np.array([[3, 1, 2], [0, 5, 4]])]))
    assert found.source.tolist() == [0, 1, 2, 3, 4, 5] and found.step.tolist() == [1, 1, 1, 2, 2, 2]
    assert found.sentences[1] == "Row [0, :] of x becomes [:, 0]: 2 goes from [0, 2] to [2, 0]."


def test_expand_dims_and_squeeze_go_at_once_and_stack_and_concat_operand_by_operand():
    x = np.ones((2, 3))
    assert len(steps(apply("expand_dims", [x], axis=1)).sentences) == 2
    assert len(steps(apply("squeeze", [x[None]])).sentences) == 2
    for name, said in (
        ("stack", "y goes to index 1 of the new axis 0: to [1, :, :]."),
        ("concat", "y goes to indices 2 to 3 of axis 0: to [2:4, :]."),
    ):
        found = steps(apply(name, [x, 2 * x, 3 * x], axis=0))
        np.testing.assert_array_equal(found.step, found.operand + 1)
        assert found.sentences[2] == said


def test_text_moves_too():
    x = np.array([["age", "sex"]])
    operation = apply("transpose", [x])
    assert operation.result.tolist() == [["age"], ["sex"]]
    found = steps(operation)
    assert found.source.tolist() == [0, 1] and found.filled[-1].all() and np.isnan(found.result).all()
    assert "'sex' goes from [0, 1] to [1, 0]" in found.sentences[1]


# Sums and means.


@pytest.mark.parametrize("name", ["reduce_sum", "reduce_mean"])
def test_reductions(name):
    @cases(120)
    @given(one_operand(name, INTEGERS + FLOATS), st.sampled_from([1, 2, 5, 60]))
    def run(case, most_steps):
        operation = compare(case)
        if operation is None:
            return
        found = follow(operation, most_steps)
        x, size = operation.operands[0], operation.result.size
        axis = case[2]["axis"]
        axes = range(x.ndim) if axis is None else {a % x.ndim for a in ([axis] if isinstance(axis, int) else axis)}
        assert sorted(found.source.tolist()) == list(range(x.size))
        targets = {}
        for index in np.ndindex(x.shape):
            kept = tuple(i for a, i in enumerate(index) if a not in axes)
            sizes_kept = [s for a, s in enumerate(x.shape) if a not in axes]
            targets[int(np.ravel_multi_index(index, x.shape)) if index else 0] = (
                int(np.ravel_multi_index(kept, sizes_kept)) if kept else 0
            )
        assert all(targets[s] == t for s, t in zip(found.source.tolist(), found.target.tolist(), strict=True))
        last_sum = len(found.sentences) - 1 - (name == "reduce_mean" and x.size > 0 and len(axes) > 0)
        for frame in range(1, len(found.sentences)):
            if frame > last_sum or (name == "reduce_mean" and not len(axes)):
                continue
            sums = running_sums(x, size, found, frame, name)
            if name == "reduce_sum" and frame == last_sum and x.dtype.kind == "f":
                close = {"rtol": TOLERANCE[x.dtype.name], "atol": 8 * TOLERANCE[x.dtype.name]}
            else:
                close = {"rtol": 1e-14}
            if x.size:
                np.testing.assert_allclose(found.result[frame], sums, **close)

    run()


def running_sums(x, size, found, frame, name):
    """By plain loops: Python's numbers, wrapped around at the end as the dtype does."""
    sums = [0.0 if x.dtype.kind == "f" else 0] * size
    for step, source, target in zip(found.step.tolist(), found.source.tolist(), found.target.tolist(), strict=True):
        if step <= frame:
            sums[target] += x.reshape(-1)[source].item()
    if x.dtype.kind != "f":
        bits = 64 if name == "reduce_mean" else 8 * x.dtype.itemsize
        sums = [total % 2**bits for total in sums]
        if x.dtype.kind == "i":
            sums = [total - 2**bits if total >= 2 ** (bits - 1) else total for total in sums]
    return np.array(sums, np.float64)


def test_one_index_of_the_axis_a_step_and_the_sentences_say_it():
    x = np.array([[3, 1, 2], [0, 5, 4]], np.int32)
    found = steps(apply("reduce_sum", [x], axis=1))
    assert found.result[1:].tolist() == [[3, 0], [4, 5], [6, 9]]
    assert found.sentences[1:] == (
        "Index 0 of axis 1 comes first: [0] is 3 so far.",
        "Index 1 of axis 1 is added: [0] is 3 + 1 = 4 so far.",
        "Index 2 of axis 1 is added: [0] is 4 + 2 = 6. Axis 1 is gone.",
    )
    found = steps(apply("reduce_mean", [x.astype("float32")], axis=0, keepdims=True))
    assert found.result[1:].tolist() == [[3, 1, 2], [3, 6, 6], [1.5, 3, 3]]
    assert found.sentences[3] == "Divided by 2, the size of axis 0: [0, 0] is 3 / 2 = 1.5. Axis 0 stays, with size 1."
    found = steps(apply("reduce_sum", [x]), most_steps=2)
    assert (
        found.sentences[2]
        == "Elements [1, 0] to [1, 2] are added: the sum is 6 + 0 + 5 + 4 = 15. Axes 0 and 1 are gone."
    )


@pytest.mark.parametrize("dtype", INTEGERS)
def test_means_of_integers_are_cut_towards_zero_as_tensorflow_does(dtype):
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    for values in ([high, high, high], [low, high, high], [low, low, low], [high], [1, 2, 2], [0, 0, 1]):
        assert compare(("reduce_mean", [np.array(values, dtype)], {})).result.dtype == dtype
    if low:
        assert compare(("reduce_mean", [np.array([-1, -2, -2], dtype)], {})).result == -1
    assert compare(("reduce_mean", [np.zeros((0, 2), dtype)], {"axis": 0})).result.tolist() == [0, 0]


def test_sentences_say_when_the_result_is_not_that_of_the_numbers_as_written():
    found = steps(apply("reduce_sum", [np.array([200, 100], "uint8")]))
    assert "200 + 100 = 300, beyond uint8: it wraps around to 44." in found.sentences[2]
    found = steps(apply("reduce_mean", [np.array([7, 13], "int32")], axis=0))
    assert "20 / 2 = 10." in found.sentences[3]
    found = steps(apply("reduce_mean", [np.array([8, 13], "int32")], axis=0))
    assert "21 / 2 = 10.5, cut to 10 because int32 holds whole numbers." in found.sentences[3]
    found = steps(apply("add", [np.float32(3e38), np.float32(3e38)]))
    assert "3e38 + 3e38, more than float32 can hold: inf." in found.sentences[1]
    assert (
        combination([(1e8,), (1.0,), (-1e8,)], np.float32(0), "float32")
        == "1e8 + 1 + (−1e8) ≈ 0: float32 rounds along the way"
    )
    assert combination([(0.1,), (0.2,)], 0.1 + 0.2, "float64") == "0.1 + 0.2 = 0.3"
    assert combination([(1 / 3,), (1 / 3,)], 2 / 3, "float64") == "0.3333 + 0.3333 ≈ 0.6667"
    assert combination([(1000.44,), (-1000.33,)], 1000.44 - 1000.33, "float64") == "1000.44 + (−1000.33) = 0.11"
    assert combination([(np.inf,), (-np.inf,)], np.nan, "float64") == "inf + (−inf) = nan"
    assert combination([(-2, 3), (4, -5)], -26, "int64") == "−2 × 3 + 4 × (−5) = −26"
    assert quotient(0, 0, np.float32(np.nan), "float32") == "0 / 0 = nan"


def test_numbers_are_short_and_not_wrong():
    found = [shown(value) for value in (0.0, -0.0, 1.0, -0.5, 2 / 3, 12345.678, 999999.9, 1e6, 1.2344e-7, -1e300)]
    assert found == ["0", "0", "1", "−0.5", "0.6667", "12346", "1000000", "1e6", "1.234e−7", "−1e300"]
    assert [shown(np.int64(-(2**63))), shown(np.uint64(2**64 - 1))] == ["−9223372036854775808", "18446744073709551615"]
    assert [shown(np.float32(0.1)), shown(np.True_), shown(np.nan)] == ["0.1", "True", "nan"]


# Matrix products.


def test_matmul():
    @cases(100)
    @given(two_matrices(), st.sampled_from([1, 2, 5, 60]))
    def run(case, most_steps):
        operation = compare(case)
        if operation is None:
            return
        found = follow(operation, most_steps)
        (rows, inner), columns = case[1][0].shape, case[1][1].shape[1]
        expected = set()
        for i, j, k in itertools.product(range(rows), range(columns), range(inner)):
            expected |= {(0, i * inner + k, i * columns + j), (1, k * columns + j, i * columns + j)}
        moves = list(zip(found.operand.tolist(), found.source.tolist(), found.target.tolist(), strict=True))
        assert len(moves) == len(expected) and set(moves) == expected
        for frame in range(1, len(found.sentences)):
            for cell in set(found.target[found.step == frame].tolist()):
                assert found.filled[frame, cell] and not found.filled[frame - 1, cell]

    run()


def test_matmul_says_row_times_column():
    found = steps(apply("matmul", [np.array([[1, 2]]), np.array([[5, 6], [7, 8]])]))
    assert found.sentences[1:] == (
        "Row 0 times column 0: 1 × 5 + 2 × 7 = 19.",
        "Row 0 times column 1: 1 × 6 + 2 × 8 = 22.",
    )
    found = steps(apply("matmul", [np.ones((2, 9)), np.ones((9, 3))]), most_steps=2)
    assert found.sentences[2] == (
        "3 elements of the result, [1, 0] to [1, 2]; the last is row 1 times column 2: "
        "1 × 1 + 1 × 1 + 1 × 1 + ... + 1 × 1 = 9."
    )


# Broadcasting.


@pytest.mark.parametrize("name", ["add", "multiply"])
def test_broadcasting(name):
    @cases(100)
    @given(two_that_broadcast(name), st.sampled_from([1, 2, 5, 60]))
    def run(case, most_steps):
        operation = compare(case)
        if operation is None:
            return
        found = follow(operation, most_steps)
        operands, result = operation.operands, operation.result
        stretched = [number for number in (0, 1) if operands[number].size != result.size and result.size]
        for number, (one, source) in enumerate(zip(operands, found.stretched, strict=True)):
            whole = np.broadcast_to(one, result.shape)
            if source is None:
                assert one.size == result.size
            else:
                assert source.dtype == np.int32 and source.shape == result.shape
                np.testing.assert_array_equal(one.reshape(-1)[source], whole)
            mine = found.operand == number
            assert sorted(found.target[mine].tolist()) == list(range(result.size))
            np.testing.assert_array_equal(one.reshape(-1)[found.source[mine]], whole.reshape(-1)[found.target[mine]])
        if stretched:
            first = stretched[0]
            assert set(found.step[found.operand == first].tolist()) == {1}
            assert found.step[found.operand != first].min() == 2
            copies = np.broadcast_to(operands[first], result.shape).astype(np.float64).reshape(-1)
            for frame in range(1, len(found.sentences)):
                come = np.isin(np.arange(result.size), found.target[(found.operand != first) & (found.step <= frame)])
                np.testing.assert_array_equal(
                    found.result[frame], np.where(come, result.astype(np.float64).reshape(-1), copies)
                )

    run()


@cases(100)
@given(st.lists(st.sampled_from([(2, 2), (2, 1), (1, 2), (1, 1)]), min_size=4, max_size=9), st.integers(0, 3))
def test_patterns_tensorflow_cannot_broadcast_are_refused(pairs, short):
    x, y = (np.ones(shape, "float32") for shape in zip(*pairs, strict=True))
    compare(("add", [x, y.reshape(y.shape[short:]) if 2 not in y.shape[:short] else y], {}))


def test_the_smaller_operand_is_stretched_before_anything_is_added():
    x, y = np.array([[1, 2, 3], [4, 5, 6]]), np.array([10, 20, 30])
    operation = apply("add", [x, y])
    assert operation.shape_rule == "(2, 3) and (3,) → (2, 3): y is stretched along axis 0."
    found = steps(operation)
    assert found.result[1].tolist() == [10, 20, 30] * 2 and found.result[2].tolist() == [11, 20, 30, 10, 20, 30]
    assert found.sentences[1:3] == (
        "y is stretched along axis 0: each of its elements stands in 2 places.",
        "[0, 0]: 1 + 10 = 11.",
    )
    both = steps(apply("multiply", [x[:, :1], y]))
    assert both.stretched[0].tolist() == [[0] * 3, [1] * 3] and both.stretched[1].tolist() == [[0, 1, 2]] * 2
    assert both.sentences[1].startswith("x is stretched along axis 1") and both.sentences[2] == (
        "y is stretched along axis 0: each of its elements stands in 2 places. [0, 0]: 1 × 10 = 10."
    )


# What is refused, and what the sentences suggest.

X = np.arange(6, dtype="float32").reshape(2, 3)
I32 = X.astype("int32")
REFUSED = [
    ("turn", [X], {}, "There is no operation 'turn'. There are: expand_dims, squeeze, "),
    ("transpose", [X], {"axes": [1, 0]}, "transpose has no argument 'axes'. It has: perm."),
    ("matmul", [X, X.T], {"axis": 0}, "matmul has no argument 'axis'. It has none besides the tensors."),
    ("expand_dims", [X], {}, "expand_dims needs axis, for example axis=0."),
    ("matmul", [X], {}, "matmul takes 2 tensors; got 1."),
    ("stack", [], {}, "stack takes 1 tensor or more; got 0."),
    ("expand_dims", [X], {"axis": "1"}, "axis is a whole number, for example 0 or -1; got '1'."),
    ("expand_dims", [X], {"axis": True}, "axis is a whole number"),
    ("squeeze", [X], {"axis": [0.5]}, "axis is a whole number, several in a list, or None; got [0.5]."),
    ("reshape", [X], {"shape": "6"}, "shape is whole numbers, for example [3, 2] or [-1, 2]; got '6'."),
    ("transpose", [X], {"perm": 1}, "perm is the axes in their new order"),
    ("reduce_sum", [X], {"keepdims": 1}, "keepdims is True or False; got 1."),
    ("expand_dims", [X], {"axis": 3}, "shape (2, 3) with a new axis has rank 3, so its axes are 0 to 2, or -3 to -1"),
    ("reduce_sum", [X], {"axis": -3}, "axis=-3 is out of range: x has shape (2, 3), so its axes are 0 to 1"),
    ("reduce_sum", [X[0, 0]], {"axis": 0}, "axis=0 is out of range: x has shape (), so it has no axes."),
    ("concat", [X, X], {"axis": 2}, "axis=2 is out of range: x has shape (2, 3)"),
    ("stack", [X, X], {"axis": 3}, "axis=3 is out of range"),
    ("reduce_mean", [X], {"axis": [0, -2]}, "axis=[0, -2] names axis 0 of shape (2, 3) twice"),
    ("squeeze", [X[None]], {"axis": 1}, "Axis 1 of shape (1, 2, 3) has size 2; squeeze takes away axes of size 1"),
    ("squeeze", [X], {"axis": 0}, "and here there are none."),
    ("reshape", [X], {"shape": (4, -1)}, "(2, 3) has 6 elements, (4, -1) cannot hold them: 6 is not a multiple of 4."),
    ("reshape", [X], {"shape": (4, 2)}, "(2, 3) has 6 elements, (4, 2) holds 8. Try (-1, 2)."),
    ("reshape", [X], {"shape": (-1, -1)}, "(-1, -1) has more than one -1; only one size can be worked out"),
    ("reshape", [X], {"shape": (-2, 3)}, "(-2, 3) has a size of -2; a size is 0 or more"),
    ("reshape", [X], {"shape": (0, -1)}, "(2, 3) has 6 elements, (0, -1) holds none: it has a size of 0."),
    ("transpose", [X], {"perm": [0, 0]}, "perm=[0, 0] is no order of the axes: x has shape (2, 3), name each"),
    ("transpose", [X], {"perm": [0]}, "for example perm=[1, 0]."),
    ("transpose", [X[0, 0]], {"perm": [0]}, "it has no axes; try perm=[]."),
    ("stack", [X, X.T], {}, "x has shape (2, 3) and y has shape (3, 2); stack takes equal shapes. Try concat."),
    ("concat", [X, X[0]], {"axis": 0}, "x has shape (2, 3) and y has shape (3,); concat takes tensors of one rank"),
    ("concat", [X, X[:, :2]], {"axis": 0}, "takes equal sizes on axis 1, 3 and 2 differ. Try axis=1."),
    ("concat", [X[0, 0], X[0, 0]], {"axis": 0}, "x has shape () and no axis. Try stack."),
    ("matmul", [X, X], {}, "a row of x has 3 elements, a column of y has 2; matmul takes as many"),
    ("matmul", [X, X[0]], {}, "y has shape (3,), rank 1; matmul here takes matrices, rank 2."),
    ("matmul", [X[0, 0], X], {}, "x has shape (), rank 0; matmul here takes matrices, rank 2. Try multiply."),
    ("matmul", [X > 1, X.T > 1], {}, "x is bool, which matmul does not take. Try tf.cast(x, tf.int32)."),
    ("matmul", [I32.astype("int8"), I32.T.astype("int8")], {}, "x is int8, which matmul does not take."),
    ("add", [X, X[:, :2]], {}, "(2, 3) and (2, 2) do not broadcast: axis 1 has size 3 in x and 2 in y;"),
    ("add", [X, X[:, 0]], {}, "axis -1 has size 3 in x and 2 in y; sizes on one axis are equal, or"),
    ("add", [X, I32], {}, "x is float32 and y is int32; add takes one dtype. Try tf.cast(y, tf.float32)."),
    ("multiply", [I32.astype("uint8"), I32.astype("int8")], {}, "Try tf.cast(x, tf.int16) and tf.cast(y, tf.int16)."),
    ("concat", [X, X.astype("float64")], {"axis": 0}, "x is float32 and y is float64; concat takes one dtype."),
    ("stack", [X, X > 1], {}, "x is float32 and y is bool; stack takes one dtype. Try tf.cast(y, tf.float32)."),
    ("stack", [X, X.astype("U3")], {}, "x is float32 and y is string; stack takes one dtype."),
    ("add", [X > 1, X > 1], {}, "x is bool, which add does not take. Try tf.cast(x, tf.int32)."),
    ("reduce_sum", [X > 1], {}, "x is bool, which reduce_sum does not take. Try tf.cast(x, tf.int32)."),
    ("reduce_mean", [X.astype("U3")], {}, "x is string, which reduce_mean does not take. Try tf.strings.to_number(x)."),
]  # fmt: skip
TAKEN_OTHERWISE = ({"axis": True}, {"shape": "6"}, {"keepdims": 1})
OURS = [
    ("squeeze", [X[None]], {"axis": [0, 0]}, "axis=[0, 0] names axis 0 of shape (1, 2, 3) twice"),
    ("matmul", [np.ones((2, 2, 2)), np.ones((2, 2, 2))], {}, "x has shape (2, 2, 2), rank 3; matmul here"),
    ("add", [np.zeros((10**5, 1)), np.zeros(10**5)], {}, "10,000,000,000 elements; at most 100,000,000"),
    ("reduce_sum", [X.astype("complex64")], {}, "x is complex64, which reduce_sum does not take. Try tf.math.real(x)."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "operands", "arguments", "said"), REFUSED + OURS, ids=lambda value: str(value)[:40])
def test_refusals_say_what_is_wrong(name, operands, arguments, said):
    with pytest.raises(OperationError) as caught:
        apply(name, operands, **arguments)
    assert said in str(caught.value) and str(caught.value).endswith(".")
    assert "np." not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "operands", "arguments"),
    [one[:3] for one in REFUSED if one[0] != "turn" and one[1] and one[2] not in TAKEN_OTHERWISE],
    ids=lambda value: str(value)[:40],
)
def test_tensorflow_refuses_the_same(name, operands, arguments):
    tensors = [tf.constant(one) for one in operands]
    with pytest.raises((tf.errors.OpError, TypeError, ValueError)):
        getattr(tf, name)(*([tensors] if name in ("stack", "concat") else tensors), **arguments)


@pytest.mark.parametrize(
    ("name", "operands", "arguments", "said"),
    REFUSED,
    ids=lambda value: str(value)[:40],
)
def test_what_a_refusal_suggests_works(name, operands, arguments, said):
    with pytest.raises(OperationError) as caught:
        apply(name, operands, **arguments)
    if not re.search(r"Try (tf\.|\(|axis=)", str(caught.value)):
        assert "Try " not in said or "Try concat" in said or "Try stack" in said or "Try multiply" in said
        return
    tried = str(caught.value).split("Try ")[1].removesuffix(".")
    tensors = dict(zip("xy", operands, strict=False))
    if tried.startswith("axis="):
        arguments = {"axis": int(tried.removeprefix("axis="))}
    elif tried.startswith("("):
        arguments = {"shape": ast.literal_eval(tried)}
    else:
        for part in tried.split(" and "):
            which = re.search(r"\(([xy])[,)]", part)[1]
            changed = eval(part, {"tf": tf, **{key: tf.constant(value) for key, value in tensors.items()}}).numpy()
            tensors[which] = changed.astype("U") if changed.dtype == object else changed
        if name == "matmul" and "bool" in said:
            tensors["y"] = tensors["y"].astype("int32")
        elif name in ("matmul", "add") and tensors["y"].dtype != tensors["x"].dtype:
            tensors["y"] = tensors["y"].astype(tensors["x"].dtype)
    apply(name, list(tensors.values()), **arguments)


def test_too_many_elements_to_follow():
    operation = apply("reshape", [np.zeros((60, 28, 28))], shape=(60, -1))
    with pytest.raises(OperationError, match=r"94,080 elements.*up to 600"):
        steps(operation)
    assert len(steps(operation, most_cells=94_080).sentences) == 61


# The rest of the interface.


def test_arguments_of_is_plain_data_and_is_what_apply_takes():
    assert (
        json.loads(json.dumps(arguments_of("reduce_sum")))
        == arguments_of("reduce_sum")
        == {
            "operands": [1, 1],
            "arguments": [
                {"name": "axis", "kind": "axes", "required": False, "default": None, "example": "axis=0"},
                {"name": "keepdims", "kind": "flag", "required": False, "default": False, "example": "keepdims=True"},
            ],
        }
    )
    assert arguments_of("stack")["operands"] == [1, None]
    for name in operations.NAMES:
        for argument in arguments_of(name)["arguments"]:
            ast.parse(f"f({argument['example']})")
    with pytest.raises(OperationError, match="There is no operation"):
        arguments_of("turn")


def test_arguments_are_kept_as_given_and_json_can_hold_them():
    operation = apply("reduce_sum", [X], axis=(np.int64(-1),))
    assert operation.arguments == {"axis": [-1], "keepdims": False} and type(operation.arguments["axis"][0]) is int
    assert operation.code == "tf.reduce_sum(x, axis=[-1])" and operation.numpy_code == "np.sum(x, axis=(-1,))"
    assert apply("reshape", [X], shape=np.array([3, 2])).code == "tf.reshape(x, [3, 2])"
    assert apply("transpose", [X], perm=range(2)).code == "tf.transpose(x, perm=[0, 1])"
    assert apply("stack", [X] * 7).code == "tf.stack([x0, x1, x2, x3, x4, x5, x6], axis=0)"


@pytest.mark.parametrize(
    ("name", "operands", "arguments", "rule"),
    [
        ("expand_dims", [X], {"axis": -1}, "(2, 3) → (2, 3, 1): axis 2 is new, with size 1."),
        ("squeeze", [X[None, :, None]], {}, "(1, 2, 1, 3) → (2, 3): axes 0 and 2 had size 1 and are gone."),
        ("reshape", [X], {"shape": (3, -1)}, "(2, 3) → (3, 2): -1 becomes 6 / 3 = 2."),
        ("transpose", [X], {}, "(2, 3) → (3, 2): axis 1 comes first, then axis 0."),
        ("stack", [X, X], {}, "(2, 3) and (2, 3) → (2, 2, 3): axis 0 is new, with size 2, the number of tensors."),
        ("concat", [X, X], {"axis": 1}, "(2, 3) and (2, 3) → (2, 6): axis 1 has size 3 + 3 = 6, the others stay."),
        ("reduce_sum", [X], {"axis": 1}, "(2, 3) → (2,): axis 1 is summed and gone."),
        ("reduce_mean", [X], {"keepdims": True}, "(2, 3) → (1, 1): axes 0 and 1 are averaged, the size 1 stays."),
        ("matmul", [X, X.T], {}, "(2, 3) and (3, 2) → (2, 2): the inner sizes, 3 and 3, match and are gone; "),
        ("multiply", [X, X], {}, "(2, 3) and (2, 3) → (2, 3): the shapes are equal, nothing is stretched."),
    ],
)  # fmt: skip
def test_the_rule_of_the_shapes(name, operands, arguments, rule):
    assert apply(name, operands, **arguments).shape_rule.startswith(rule)


def test_other_byte_orders_and_lists_are_taken():
    operation = apply("add", [X.astype(">f4"), X])
    assert operation.result.dtype == np.float32 and operation.result.tolist() == (2 * X).tolist()
    assert apply("matmul", [[[1, 2]], [[3], [4]]]).result.tolist() == [[11]]


def test_numpy_is_the_only_library_used():
    allowed = {
        "__future__",
        "ast",
        "collections",
        "dataclasses",
        "fractions",
        "math",
        "numbers",
        "numpy",
        "typing",
        "firstepoch",
    }
    for name in ("arguments", "operations", "results", "equations", "frames", "steps", "worked"):
        for node in ast.walk(ast.parse((ROOT / "widgets" / "tensor" / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert {alias.name.split(".")[0] for alias in node.names} <= allowed
            elif isinstance(node, ast.ImportFrom):
                assert node.module.split(".")[0] in allowed
