"""One drawn tensor at a time, of any rank to 7, type and layout: all that TensorView says of it against numpy."""

import json
import math

import ml_dtypes
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstepoch.widgets import TensorView
from firstepoch.widgets.tensor.operations import OperationError

INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
DTYPES = [np.dtype(name) for name in ["bool", *INTEGERS, "float16", "float32", "float64", "complex64", "complex128"]]


def cells_of(view):
    """What the page has of the tensor: one number for every cell of the window."""
    drawn = view.drawn
    return np.frombuffer(drawn["cells"], drawn["dtype"]).reshape(drawn["shape"])


def marks_of(view):
    return np.frombuffer(view.drawn["marks"], np.uint8).reshape(view.drawn["shape"])


@st.composite
def tensors(draw, dtypes=(*DTYPES, BFLOAT16)):
    shape = tuple(draw(st.lists(st.integers(0, 5) | st.integers(1, 5), max_size=7)))
    dtype = draw(st.sampled_from(dtypes))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    if dtype.kind in "iu":
        bounds = np.iinfo(dtype)
        array = rng.integers(bounds.min, bounds.max, shape, dtype, endpoint=True)
    else:
        array = rng.normal(size=shape) * 10.0 ** rng.integers(-3, 4, shape)
        if dtype.kind == "c":
            array = array + 1j * rng.normal(size=shape)
        array = np.asarray(array > 0 if dtype.kind == "b" else array).astype(dtype)
        if dtype.kind != "b" and draw(st.booleans()):
            odd = rng.choice([np.nan, np.inf, -np.inf, 0.0, -0.0], shape).astype(dtype)
            array = np.asarray(np.where(rng.random(shape) < 0.3, odd, array), dtype)
    if draw(st.booleans()):
        array = np.asfortranarray(array)
    if array.ndim:
        array = array[tuple(slice(None, None, draw(st.sampled_from([1, 1, -1, 2, -2]))) for _ in shape)]
        array = array.transpose(draw(st.permutations(range(array.ndim))))
    if draw(st.booleans()):
        array = array.view()
        array.flags.writeable = False
    return array


def written(part):
    if part is Ellipsis or not isinstance(part, slice):
        return "..." if part is Ellipsis else str(part)
    ends = ["" if end is None else str(end) for end in (part.start, part.stop, part.step)]
    return ":".join(ends if part.step is not None else ends[:2])


@st.composite
def indexes(draw, shape):
    """An index of numpy: whole numbers, slices, perhaps one ellipsis."""
    parts = []
    for size in shape[: draw(st.integers(0, len(shape)))]:
        ends = st.none() | st.integers(-size - 2, size + 2)
        a_slice = st.builds(slice, ends, ends, st.sampled_from([None, 1, 2, 3, -1, -2]))
        parts.append(draw(a_slice | st.integers(-size, size - 1) if size else a_slice))
    if draw(st.booleans()):
        # What follows the dots counts from the last axis.
        keep = draw(st.integers(0, len(parts)))
        tail = [
            draw(st.integers(-size, size - 1)) if size else slice(None)
            for size in shape[len(shape) - len(parts) + keep :]
        ]
        parts = [*parts[:keep], Ellipsis, *tail]
    return tuple(parts)


def real(array):
    return np.abs(array).astype(np.float64) if array.dtype.kind == "c" else array.astype(np.float64)


def same(found, expected):
    assert found.shape == expected.shape and found.dtype == expected.dtype
    kind = np.float32 if expected.dtype == BFLOAT16 else expected.dtype
    np.testing.assert_array_equal(found.astype(kind), expected.astype(kind))


def generated(count):
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


@generated(300)
@given(tensors(), st.data())
def test_all_the_view_says_equals_numpy(array, data):
    before = array.tobytes()
    view = TensorView(array)
    assert view.value.shape == array.shape
    facts = view.facts
    assert [facts["shape"], facts["elements"], facts["bytes"]] == [list(array.shape), array.size, array.nbytes]
    assert facts["dtype"] == str(array.dtype) and len(facts["axes"]) == len(facts["roles"]) == array.ndim
    check_statistics(view, array)

    index = data.draw(indexes(array.shape))
    view.selection = ", ".join(map(written, index))
    expected = np.asarray(array[index])
    same(view.selected, expected)
    same(np.asarray(eval(view.code, {"x": array})), expected)
    chosen = view.chosen
    assert chosen["shape"] == list(expected.shape) and chosen["elements"] == expected.size
    assert chosen["code"] == view.code and chosen["error"] == ""
    assert chosen["value"] == ("" if expected.ndim else str(expected.item()))
    check_taken(chosen["taken"], array, expected)

    if array.size:
        element = tuple(data.draw(st.integers(0, size - 1)) for size in array.shape)
        check_element(view, array, element)
    assert array.tobytes() == before


def check_taken(taken, array, expected):
    places = [np.arange(count) * step + start for start, step, count, _ in taken]
    found = array[np.ix_(*places)] if places else array
    same(np.asarray(found).reshape([count for _, _, count, kept in taken if kept]), expected)


def check_element(view, array, element):
    """The page has the value of any element, at once or when it asks for the part around it."""
    window, shape = view.drawn["window"], view.drawn["shape"]
    if (
        not all(start <= at < stop for (start, stop), at in zip(window, element, strict=True))
        or max(view.drawn["block"], default=1) > 1
    ):
        view.window = [[at, at + 1] for at in element]
        window, shape = view.drawn["window"], view.drawn["shape"]
    assert max(view.drawn["block"], default=1) == 1 and view.drawn["shown"] == "value"
    cell = tuple(at - start for at, (start, _) in zip(element, window, strict=True))
    value = np.asarray(array[element])
    # numpy's absolute value of one complex number and of many differ in the last bit.
    np.testing.assert_allclose(cells_of(view)[cell], real(value), rtol=1e-6 if value.dtype.kind == "c" else 0)
    mark = int(marks_of(view)[cell])
    assert mark == np.isnan(real(value)) + 2 * np.isposinf(real(value)) + 4 * np.isneginf(real(value))
    texts = view.drawn["texts"]
    flat = np.ravel_multi_index(cell, shape) if shape else 0
    if value.dtype.kind == "c":
        assert texts is not None
    if texts is not None:
        text = str(value.item())
        assert texts[flat] == (text if len(text) <= 24 else f"{text[:23]}…")
    else:
        assert value.dtype.kind not in "iu" or int(cells_of(view)[cell]) == int(value)


def check_statistics(view, array):
    told = view.statistics
    json.dumps(told, allow_nan=False)
    values = real(array)
    finite = values[np.isfinite(values)]
    assert told["count"] == array.size and told["zeros"] == (values == 0).sum()
    bad = [np.isnan(values).sum(), np.isposinf(values).sum(), np.isneginf(values).sum()]
    assert [told["nan"], told["positive_infinite"], told["negative_infinite"]] == bad
    if not finite.size:
        assert told["minimum"] is told["maximum"] is told["mean"] is told["std"] is None
        return
    if array.dtype.kind in "iu":
        assert [int(told["minimum"]), int(told["maximum"])] == [int(array.min()), int(array.max())]
    else:
        np.testing.assert_allclose([told["minimum"], told["maximum"]], [finite.min(), finite.max()], rtol=1e-6)
    scale = np.abs(finite).max()
    np.testing.assert_allclose(told["mean"], finite.mean(), rtol=1e-5, atol=1e-6 * scale)
    np.testing.assert_allclose(told["std"], finite.std(), rtol=1e-5, atol=1e-6 * scale)
    histogram = told["histogram"]
    assert sum(histogram["counts"]) == histogram["of"] == finite.size
    slack = 1e-6 * scale
    assert histogram["edges"][0] <= finite.min() + slack and finite.max() - slack <= histogram["edges"][-1]


# Operations, as the widget does them: layouts, read-only arrays and bfloat16, against TensorFlow.


def arguments_for(name, shape, data):
    rank = len(shape)
    if name == "expand_dims":
        return {"axis": data.draw(st.integers(-rank - 1, rank))}
    if name == "squeeze":
        ones = [axis for axis in range(rank) if shape[axis] == 1]
        return {"axis": data.draw(st.lists(st.sampled_from(ones), unique=True))} if ones else {}
    if name == "reshape":
        return {"shape": data.draw(st.sampled_from([[-1], [math.prod(shape)], [1, *shape], [*shape, 1]]))}
    if name == "transpose":
        return {"perm": data.draw(st.permutations(range(rank)))}
    if name.startswith("reduce"):
        axes = st.lists(st.integers(0, max(0, rank - 1)), unique=True, max_size=rank) if rank else st.none()
        return {"axis": data.draw(st.none() | axes), "keepdims": data.draw(st.booleans())}
    if name == "stack":
        return {"axis": data.draw(st.integers(-rank - 1, rank))}
    if name == "concat":
        return {"axis": data.draw(st.integers(-rank, rank - 1))}
    return {}


def others_for(name, array, data):
    if name in ("stack", "concat"):
        return [array[..., ::-1] if array.ndim else array] * data.draw(st.integers(0, 2))
    if name == "matmul":
        return [array.T]
    if name in ("add", "multiply"):
        cut = data.draw(st.integers(0, array.ndim))
        part = array[(0,) * cut] if all(array.shape[:cut]) else array
        return [np.asarray(part)[tuple(slice(0, data.draw(st.sampled_from([1, None]))) for _ in np.shape(part))]]
    return []


MOVING = ("expand_dims", "squeeze", "reshape", "transpose", "stack", "concat")
ALL = (*MOVING, "reduce_sum", "reduce_mean", "matmul", "add", "multiply")


@pytest.mark.parametrize("name", ALL)
def test_operations_on_tensors_of_any_layout_equal_tensorflows(name):
    done = []
    dtypes = (*DTYPES, BFLOAT16) if name in MOVING else [dtype for dtype in DTYPES if dtype.kind in "iuf"]
    if name == "matmul":
        dtypes = [dtype for dtype in dtypes if dtype.kind == "f" or dtype.name in ("int32", "int64")]

    @generated(40)
    @given(tensors(dtypes), st.data())
    def run(array, data):
        if name == "concat" and not array.ndim:
            return
        if name == "matmul":
            array = array.reshape(-1, array.shape[-1]) if array.ndim and array.size else np.ones((2, 3), array.dtype)
        if array.ndim > 6:
            array = array[0] if len(array) else array.reshape(0)
        others, arguments = others_for(name, array, data), arguments_for(name, array.shape, data)
        tensors_ = [tf.constant(one) for one in (array, *others)]
        call = getattr(tf, name)
        try:
            expected = call(tensors_, **arguments) if name in ("stack", "concat") else call(*tensors_, **arguments)
        except (tf.errors.OpError, TypeError, ValueError):
            return
        view = TensorView(array)
        try:
            result = view.apply(name, *others, **arguments)
        except OperationError as error:
            raise AssertionError(f"{name}{arguments} of {array.dtype}{array.shape}: {error}") from error
        assert result.shape == tuple(expected.shape) and result.dtype == expected.numpy().dtype
        found, wanted = (np.asarray(one).astype(np.complex128) for one in (result, expected.numpy()))
        if name in MOVING or array.dtype.kind in "iu":
            np.testing.assert_array_equal(found, wanted)
        else:
            near = {2: 3e-2, 4: 1e-5, 8: 1e-12}[array.dtype.itemsize]
            scale = np.abs(wanted[np.isfinite(wanted)]).max(initial=0)
            np.testing.assert_allclose(found, wanted, rtol=near, atol=near * max(1, scale))
        assert view.result is result and view.operation["result_shape"] == str(result.shape)
        done.append(name)

    run()
    assert len(done) >= 8
