"""TensorView from Python, with no browser: what it sends, against numpy."""

import json
import math
import subprocess
import sys
import threading
from pathlib import Path

import comm
import ml_dtypes
import numpy as np
import pandas as pd
import pytest
import traitlets as t
from comm.base_comm import BaseComm

# pytest's importlib mode leaves the test folders off the path.
from contract import mismatches
from hypothesis import given, settings
from hypothesis import strategies as st
from ipywidgets.widgets.widget import _remove_buffers

from firstepoch.widgets import TensorError, TensorView
from firstepoch.widgets.tensor import summary, widget

INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
FLOATS = ["float16", "float32", "float64", "longdouble", ml_dtypes.bfloat16]
DTYPES = ["bool", *INTEGERS, *FLOATS, "complex64", "complex128", "U4"]


def filled(shape, dtype, seed, special):
    """Numbers of every size the type has, if `special` with NaN and infinities; or words."""
    rng = np.random.default_rng(seed)
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return rng.random(shape) < 0.5
    if dtype.kind in "iu":
        low, high = np.iinfo(dtype).min if special else max(-9, np.iinfo(dtype).min), np.iinfo(dtype).max
        return rng.integers(low, high if special else 10, shape, dtype, endpoint=special)
    if dtype.kind == "U":
        return rng.choice(["", "a", "dé", "word"], shape).astype(dtype)
    values = rng.normal(size=shape) + (1j * rng.normal(size=shape) if dtype.kind == "c" else 0)
    values = np.asarray(values).astype(dtype)
    if special and values.size:
        odd = rng.choice([np.nan, np.inf, -np.inf, 0.0], shape).astype(dtype)
        values = np.asarray(np.where(rng.random(shape) < 0.3, odd, values), dtype)
    return values


def laid_out(array, how):
    if how == "Fortran":
        return np.asfortranarray(array)
    if how == "backwards" and array.ndim:
        return np.flip(np.flip(array).copy())
    if how == "strided" and array.ndim:
        return np.repeat(array, 2, axis=-1)[..., ::2]
    return array


@st.composite
def tensors(draw, most_rank=6):
    shape = draw(st.lists(st.integers(0, 6) | st.integers(1, 70), max_size=most_rank))
    while math.prod(shape) > 20_000:
        shape[shape.index(max(shape))] //= 2
    special = draw(st.booleans())
    array = np.asarray(filled(tuple(shape), draw(st.sampled_from(DTYPES)), draw(st.integers(0, 2**32)), special))
    return laid_out(array, draw(st.sampled_from(["", "Fortran", "backwards", "strided"])))


def real(array):
    """What is drawn of each element: its value, the absolute value of a complex number, nothing of a word."""
    if array.dtype.kind == "U":
        return np.zeros(array.shape)
    if array.dtype.kind == "c":
        return np.abs(array).astype(np.float64)
    return array.astype(np.float64)


def same(found, expected):
    """Equal element by element; numpy's own comparison takes the NaN of bfloat16 for a difference."""
    small = expected.dtype == ml_dtypes.bfloat16
    np.testing.assert_array_equal(
        *((one.astype(np.float32) for one in (found, expected)) if small else (found, expected))
    )


def part_in(window, array):
    return np.asarray(array[tuple(slice(start, stop) for start, stop in window)])


def cells_of(view):
    """What is shown, and its cells and marks in the shape they stand for."""
    told = view.drawn
    cells, marks = (np.frombuffer(told[name], kind) for name, kind in (("cells", told["dtype"]), ("marks", np.uint8)))
    return told, cells.reshape(told["shape"]), marks.reshape(told["shape"])


def check_drawing(view, array):
    """What is shown of the window is what numpy says about every block in it."""
    told, cells, marks = cells_of(view)
    window, block = told["window"], told["block"]
    assert window == view.window and all(0 <= a <= b <= size for (a, b), size in zip(window, array.shape, strict=True))
    part = part_in(window, array)
    assert told["shape"] == [-(-length // size) for length, size in zip(part.shape, block, strict=True)]
    in_blocks, is_text = max(block, default=1) > 1, array.dtype.kind == "U"
    assert told["shown"] == ("value" if not in_blocks else "first" if is_text else "mean")
    first = np.asarray(part[tuple(slice(None, None, size) for size in block)])
    if told["shown"] != "mean":
        np.testing.assert_array_equal(cells, real(first))
        np.testing.assert_array_equal(marks, marks_of(first))
    else:
        values, scale = real(part), np.abs(real(part)[np.isfinite(real(part))]).max(initial=0)
        for index in np.ndindex(cells.shape):
            here = tuple(slice(i * size, (i + 1) * size) for i, size in zip(index, block, strict=True))
            finite = values[here][np.isfinite(values[here])]
            expected = finite.mean() if finite.size else np.nan
            np.testing.assert_allclose(cells[index], expected, rtol=1e-5, atol=1e-6 * scale)
            assert marks[index] == np.bitwise_or.reduce(marks_of(part[here]), axis=None)
    large = array.dtype.kind in "iu" and any(abs(int(one)) >= 2**53 for one in first.flat)
    if told["shown"] != "mean" and (large or array.dtype.kind in "cU" or array.dtype == np.longdouble):
        texts = [str(one) for one in first.ravel().tolist()[:2000]]
        assert told["texts"] == [text if len(text) <= 24 else f"{text[:23]}…" for text in texts]
    else:
        assert told["texts"] is None


def marks_of(array):
    if array.dtype.kind == "U":
        return np.zeros(array.shape, np.uint8)
    values = real(array)
    return (np.isnan(values) + 2 * np.isposinf(values) + 4 * np.isneginf(values)).astype(np.uint8)


def check_statistics(view, array):
    told = view.statistics
    if array.dtype.kind == "U":
        assert told == {}
        return
    values = real(array)
    finite = values[np.isfinite(values)]
    assert told["count"] == array.size and told["nan"] == np.isnan(values).sum()
    assert told["positive_infinite"] == np.isposinf(values).sum()
    assert told["negative_infinite"] == np.isneginf(values).sum()
    if not finite.size:
        assert told["minimum"] is told["maximum"] is told["mean"] is told["std"] is None
    elif array.dtype.kind in "iu":
        ends = [int(array.min()), int(array.max())]
        assert [told["minimum"], told["maximum"]] == [end if abs(end) < 2**53 else str(end) for end in ends]
    else:
        np.testing.assert_allclose([told["minimum"], told["maximum"]], [finite.min(), finite.max()], rtol=1e-6)
    if finite.size:
        scale = np.abs(finite).max()
        np.testing.assert_allclose(told["mean"], finite.mean(), rtol=1e-5, atol=1e-6 * scale)
        np.testing.assert_allclose(told["std"], finite.std(), rtol=1e-5, atol=1e-6 * scale)
    if array.size:
        histogram = told["histogram"]
        assert histogram["exact"] and sum(histogram["counts"]) == histogram["of"] == finite.size
        assert len(histogram["edges"]) == (len(histogram["counts"]) + 1 if finite.size else 0)


@settings(max_examples=300, deadline=None)
@given(tensors(), st.sampled_from([16, 50, 200, 10_000]))
def test_what_is_shown_of_a_tensor_equals_numpy(array, max_cells):
    view = TensorView(array, max_cells=max_cells)
    facts = view.facts
    assert facts["shape"] == list(array.shape) and facts["elements"] == array.size
    assert facts["dtype"] == ("string" if array.dtype.kind == "U" else str(array.dtype))
    assert facts["bytes"] == array.nbytes and facts["source"] == "numpy.ndarray"
    assert facts["axes"] == [f"axis {axis}" for axis in range(array.ndim)]
    assert len(facts["roles"]) == array.ndim and facts["text"] is (array.dtype.kind == "U")
    assert np.shares_memory(view.value, array) or not array.size
    told, cells, _ = cells_of(view)
    assert cells.size <= max_cells
    assert view.window == told["window"] and all(start == 0 for start, _ in view.window)
    check_drawing(view, array)
    check_statistics(view, array)


@settings(max_examples=150, deadline=None)
@given(tensors(), st.data())
def test_what_is_shown_of_any_window_equals_numpy(array, data):
    view = TensorView(array, max_cells=50)
    ends = [sorted((data.draw(st.integers(0, size)), data.draw(st.integers(0, size)))) for size in array.shape]
    view.window = ends
    assert cells_of(view)[1].size <= 50
    check_drawing(view, array)
    check_statistics(view, array)
    arrangement = cells_of(view)[0]["arrangement"]
    for axis, ((start, stop), (first, last)) in enumerate(zip(ends, view.window, strict=True)):
        if start < stop and axis in (arrangement["columns"], arrangement["rows"], arrangement["layers"]):
            assert [first, last] == [start, stop]


@settings(max_examples=150, deadline=None)
@given(tensors(), st.data())
def test_what_is_selected_equals_numpy(array, data):
    parts = []
    for size in array.shape[: data.draw(st.integers(0, array.ndim))]:
        ends = st.integers(-size - 2, size + 2) | st.none()
        is_slice = not size or data.draw(st.booleans())
        made = (data.draw(ends), data.draw(ends), data.draw(st.sampled_from([None, 1, 2, -1, -3])))
        parts.append(slice(*made) if is_slice else data.draw(st.integers(-size, size - 1)))
    text = ", ".join(
        ":".join("" if end is None else str(end) for end in (part.start, part.stop, part.step))
        if isinstance(part, slice)
        else str(part)
        for part in parts
    )
    view = TensorView(array)
    view.selection = text
    expected = np.asarray(array[tuple(parts)])
    assert view.selected.dtype == expected.dtype
    same(view.selected, expected)
    same(eval(view.code, {"x": array}), expected)
    chosen = view.chosen
    assert chosen["code"] == view.code and chosen["text"] == view.selection and chosen["error"] == ""
    assert chosen["shape"] == list(expected.shape) and chosen["elements"] == expected.size
    assert chosen["value"] == ("" if expected.ndim else str(expected.item()))
    taken = [[start + k * step for k in range(count)] for start, step, count, _ in chosen["taken"]]
    same((array[np.ix_(*taken)] if taken else array).reshape(expected.shape), expected)


# Zooming.


def zoomed(view, element):
    """The window half as large around an element, as the page asks for it; None if every cell is one element."""
    told = view.drawn
    if max(told["block"], default=1) == 1:
        return None
    window = []
    for (start, stop), size, block, here in zip(view.window, view.value.shape, told["block"], element, strict=True):
        half = max(1, math.ceil((stop - start) / 2)) if block > 1 else stop - start
        first = max(0, min(size - half, here - half // 2)) if block > 1 else start
        window.append([first, first + half])
    return window


@pytest.mark.parametrize(
    "shape", [(1000, 700), (10**6,), (3, 10**5), (120, 110, 100), (30, 20, 40, 50), (3, 9, 14, 5, 6, 70)]
)
def test_zooming_reaches_every_single_value(shape):
    rng = np.random.default_rng(1)
    array = rng.normal(size=shape)
    view = TensorView(array, max_cells=2000)
    first = view.window
    assert max(view.drawn["block"]) > 1
    for _ in range(6):
        element = [int(rng.integers(size)) for size in shape]
        # The axes that are shown in part are moved, as their sliders do it.
        view.window = [
            [here, here + stop - start] if stop - start < size else [start, stop]
            for (start, stop), size, here in zip(first, shape, element, strict=True)
        ]
        steps = 0
        while (window := zoomed(view, element)) is not None:
            view.window = window
            assert view.window == window
            assert all(start <= here < stop for (start, stop), here in zip(window, element, strict=True))
            steps += 1
            assert steps < 60
        told, cells, _ = cells_of(view)
        assert told["shown"] == "value" and told["texts"] is None
        here = tuple(here - start for here, (start, _) in zip(element, view.window, strict=True))
        assert cells[here] == array[tuple(element)]
        np.testing.assert_array_equal(cells, part_in(view.window, array))


def test_a_window_outside_is_moved_inside_and_one_that_is_none_is_refused():
    view = TensorView(np.arange(12).reshape(3, 4))
    view.window = [[-5, 2], [3, 99]]
    assert view.window == [[0, 2], [3, 4]]
    with pytest.raises(TensorError, match="window has 1 axes; this tensor has rank 2"):
        view.window = [[0, 1]]
    with pytest.raises(TensorError, match=r"window is a list of \[start, stop\]"):
        view.window = ["ab", 3]
    assert view.window == [[0, 2], [3, 4]]
    check_drawing(view, view.value)
    assert TensorView(np.zeros((3, 4)), window=[[1, 2], [0, 2]]).window == [[1, 2], [0, 2]]


# What is sent.


class Heard(BaseComm):
    """Keeps what would go to the browser."""

    sent: list

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        if msg_type != "comm_close":
            self.sent.append((msg_type, data, buffers or []))


@pytest.fixture
def heard(monkeypatch):
    """Messages of the widgets made in a test: type, data, buffers."""
    sent = []
    kind = type("Comm", (Heard,), {"sent": sent})
    monkeypatch.setattr(comm, "create_comm", kind)
    return sent


def weight(sent):
    """Bytes of messages; their JSON has to be one that browsers read: no NaN, no numpy."""
    return sum(len(json.dumps(data, allow_nan=False)) + sum(map(len, buffers)) for _, data, buffers in sent)


@pytest.mark.parametrize("elements", [10**3, 10**4, 10**5, 10**6, 10**7])
@pytest.mark.parametrize("rank", [1, 2, 4])
def test_little_is_sent_however_large_the_tensor(heard, elements, rank):
    shape = (elements,) if rank == 1 else (elements // 100, 100) if rank == 2 else (elements // 1000, 10, 10, 10)
    array = np.random.default_rng(0).random(elements, np.float32).reshape(shape)
    view = TensorView(array)
    assert view.wait()
    assert heard and 4000 < weight(heard) < 300_000
    check_drawing(view, array)
    before = len(heard)
    view.window = [[0, -(-size // 2)] for size in shape]
    assert view.wait()
    assert len(heard) > before and weight(heard[before:]) < 300_000


@pytest.mark.parametrize(
    "array",
    [
        filled((300, 400), "int64", 0, True),
        filled((300, 400), "complex128", 0, True),
        filled((300, 400), "U4", 0, True),
        np.full((300, 400), "x" * 1000),
        filled((12, 100, 100, 3), "uint8", 0, True),
        filled((30, 30, 30, 30), "float64", 0, True),
    ],
    ids=["int64", "complex", "text", "long text", "pictures", "rank 4"],
)
def test_little_is_sent_of_any_type(heard, array):
    view = TensorView(array)
    view.selection = "0"
    assert 4000 < weight(heard) < 300_000


@settings(max_examples=60, deadline=None)
@given(tensors())
def test_everything_sent_is_json_a_browser_reads(array):
    view = TensorView(array)
    state = view.get_state()
    own, _, _ = _remove_buffers({name: state[name] for name in TensorView.class_own_traits(sync=True)})
    json.dumps(own, allow_nan=False)


@pytest.mark.parametrize(
    "array",
    [[1.7e308, -1.7e308], np.array([np.longdouble("1e4000"), 1]), [np.inf, np.nan], [2**63, 5], [1e-320]],
    ids=str,
)
def test_numbers_json_cannot_hold_are_not_sent_as_such(heard, array):
    TensorView(array)
    assert weight(heard) > 0


def test_the_state_alone_holds_the_drawing_so_that_a_page_without_a_kernel_can_show_it():
    state = TensorView(np.arange(6).reshape(2, 3)).get_state()
    drawn = state["drawn"]
    np.testing.assert_array_equal(np.frombuffer(drawn["cells"], drawn["dtype"]), np.arange(6))
    assert drawn["shape"] == state["facts"]["shape"] == [2, 3]


def test_another_value_arrives_in_one_message(heard):
    view = TensorView(np.arange(6).reshape(2, 3), selection="0")
    heard.clear()
    view.show([1.0, 2.0, 3.0])
    states = [data["state"] for _, data, _ in heard]
    assert len(states) == 1 and {"facts", "drawn", "statistics", "chosen"} <= set(states[0])


@pytest.mark.parametrize(("low", "high"), [(0, 59), (-3, 3), (7, 8)])
def test_few_whole_numbers_have_a_bar_each_in_the_histogram(low, high):
    told = TensorView(np.repeat(np.arange(low, high + 1), 3)).statistics["histogram"]
    assert told["counts"] == [3] * (high - low + 1)
    assert (told["edges"][0], told["edges"][-1]) == (low, high)


def test_the_histogram_of_a_sample_reaches_the_ends_of_all_elements():
    array = np.random.default_rng(0).normal(size=300_001)
    array[1], array[5] = -50, 60
    view = TensorView(array)
    told = view.statistics["histogram"]
    assert not told["exact"] and (told["edges"][0], told["edges"][-1]) == (-50, 60)
    assert sum(told["counts"]) == told["of"] < array.size


def test_the_form_shows_what_was_applied():
    view = TensorView(np.arange(6).reshape(2, 3))
    view.apply("reduce_mean", axis=1, keepdims=True)
    assert (view.operation["arguments"], view.operation["other"]) == ("axis=1, keepdims=True", "")
    view.apply("add", [10, 20, 30])
    assert (view.operation["arguments"], view.operation["other"]) == ("", "[10, 20, 30]")
    view.apply("matmul", np.ones((3, 50), int))
    assert view.operation["other"] == "", "too long to be written"


# Large tensors are summarised beside the first drawing.


def test_a_large_tensor_is_drawn_at_once_and_its_means_follow(monkeypatch):
    array = np.random.default_rng(0).random((2000, 1500), np.float32)
    go = threading.Event()
    summarise = summary.summarise

    def late(*given_):
        go.wait()
        return summarise(*given_)

    monkeypatch.setattr(widget.summary, "summarise", late)
    view = TensorView(array)
    told, cells, _ = cells_of(view)
    assert told["shown"] == "first" and view.statistics == {} and not view.wait(0.01)
    np.testing.assert_array_equal(cells, array[:: told["block"][0], :: told["block"][1]])
    view.window = [[5, 8], [7, 9]]
    told, cells, _ = cells_of(view)
    assert told["shown"] == "value" and told["block"] == [1, 1]
    np.testing.assert_array_equal(cells, array[5:8, 7:9])
    go.set()
    assert view.wait()
    np.testing.assert_allclose(view.statistics["mean"], array.mean(dtype=np.float64), rtol=1e-5)
    assert cells_of(view)[0]["window"] == [[5, 8], [7, 9]]
    view.window = [[0, 2000], [0, 1500]]
    assert view.wait()
    check_drawing(view, array)
    assert not view.statistics["histogram"]["exact"]


def test_what_was_summarised_of_a_former_value_is_not_told_of_the_next(monkeypatch):
    large, small = np.ones((2000, 1500), np.float32), np.arange(6.0).reshape(2, 3)
    go = threading.Event()
    summarise = summary.summarise

    def late(array, block):
        if array.size > 6:
            go.wait()
        return summarise(array, block)

    monkeypatch.setattr(widget.summary, "summarise", late)
    view = TensorView(large)
    former = view._summarising
    view.show(small)
    go.set()
    former.join()
    check_drawing(view, small)
    check_statistics(view, small)


# Controls.


def test_a_selection_that_does_not_fit_keeps_the_former_one():
    array = np.arange(12).reshape(3, 4)
    view = TensorView(array, selection=" : ,0")
    assert view.selection == ":, 0" and view.code == "x[:, 0]"
    for text, sentence in {
        "3": r"Index 3 is out of range: axis 0 of shape \(3, 4\) goes from 0 to 2",
        "0, 0, 0": "indexes 3 axes; this tensor has rank 2",
        "len(x)": "'len(x)': len(x) is no whole number",
    }.items():
        with pytest.raises(TensorError, match=sentence.replace("(x)", r"\(x\)")):
            view.selection = text
    with pytest.raises(t.TraitError):
        view.selection = 3
    assert view.selection == view.chosen["text"] == ":, 0"
    np.testing.assert_array_equal(view.selected, array[:, 0])
    with pytest.raises(TensorError, match="Index 5 is out of range"):
        TensorView(array, selection="5")


def test_the_page_selects_and_reads_what_is_wrong():
    view = TensorView(np.arange(12).reshape(3, 4))
    view._command({"kind": "select", "text": "1, ::2"}, [])
    assert view.selection == "1, ::2" and view.chosen["shape"] == [2]
    for text in ("9", "nonsense(", "::0", "0, 0, 0", "\0", "9" * 5000, None, 3.5, [0.5], {"a": 1}):
        view._command({"kind": "select", "text": text}, [])
        assert view.chosen["error"].endswith(".")
        assert view.selection == view.chosen["text"] == "1, ::2" and view.chosen["shape"] == [2]
    view._command({"kind": "select", "text": "1, ::2"}, [])
    assert view.chosen["error"] == ""
    view._command({"kind": "select"}, [])
    assert view.selection == "" and view.chosen["elements"] == 12
    view._command({"kind": "unknown"}, [])
    view._command({}, [])


def test_the_page_applies_operations_and_reads_what_is_wrong():
    array = np.arange(6).reshape(2, 3)
    view = TensorView(array)
    assert view.result is None and view.operation["number"] == 0
    names = {offered["name"] for offered in view.operation["offered"]}
    for offered in view.operation["offered"]:
        sent = {"name": offered["name"], "arguments": offered["arguments"], "others": offered["other"]}
        view._command({"kind": "apply", **sent}, [])
        assert view.operation["error"] == "" and view.operation["name"] == offered["name"]
        assert view.operation["result_shape"] == str(view.result.shape)
    assert {"reshape", "transpose", "reduce_sum", "matmul", "stack", "concat", "add", "multiply"} <= names
    view._command({"kind": "apply", "name": "reduce_sum", "arguments": "axis=0"}, [])
    np.testing.assert_array_equal(view.result, array.sum(0))
    number = view.operation["number"]
    for wrong in (
        {"name": "fly"},
        {"name": "reshape", "arguments": "shape=[4, 2]"},
        {"name": "reshape", "arguments": "shape=[10**30]"},
        {"name": "reshape", "arguments": "shape=[999999999999999999999999]"},
        {"name": "reshape", "arguments": "name=1"},
        {"name": "reshape", "arguments": "shape=[3, 2], self=1"},
        {"name": "reshape", "arguments": "shape={[]: 1}"},
        {"name": "reshape", "arguments": "3, 2"},
        {"name": "reshape", "arguments": "shape=__import__('os')"},
        {"name": "reduce_sum", "arguments": "axis=" + "-" * 5000 + "1"},
        {"name": "transpose", "arguments": "perm=[0, 0]"},
        {"name": "reduce_mean", "arguments": "axis=99999999999999999999999"},
        {"name": "add"},
        {"name": "add", "others": "[1, [2]]"},
        {"name": "add", "others": "[1, 2, 3, 4]"},
        {"name": "add", "others": "open('x')"},
        {"name": "add", "others": "0.5"},
        {"name": "add", "others": "'a'"},
        {"name": "add", "others": "{1: 2}"},
        {"name": "add", "others": "None"},
        {"name": None, "arguments": None, "others": None},
        {},
    ):
        view._command({"kind": "apply", **wrong}, [])
        assert view.operation["error"], wrong
        assert view.operation["number"] == number and view.operation["offered"]
        np.testing.assert_array_equal(view.result, array.sum(0))
    view._command({"kind": "apply", "name": "add", "others": "x", "arguments": ""}, [])
    assert view.operation["error"] == ""
    np.testing.assert_array_equal(view.result, 2 * array)


def test_the_other_operand_takes_the_type_of_x_only_where_it_keeps_its_values():
    for x, other, expected in (
        (np.ones(2, "float32"), "[0.1, 2]", np.float32([1.1, 3])),
        (np.ones(2, "uint8"), "[1, 254]", np.uint8([2, 255])),
        (np.ones(2, "int64"), "3.0", np.int64([4, 4])),
    ):
        view = TensorView(x)
        view._command({"kind": "apply", "name": "add", "arguments": "", "others": other}, [])
        assert view.operation["error"] == "" and view.result.dtype == x.dtype
        np.testing.assert_array_equal(view.result, expected)
    view = TensorView(np.ones(2, "uint8"))
    view._command({"kind": "apply", "name": "add", "arguments": "", "others": "300"}, [])
    assert "uint8" in view.operation["error"] and view.result is None


def test_another_value_takes_the_place_of_the_first():
    view = TensorView(np.arange(12).reshape(3, 4), selection="2, 3", title="Before")
    view.apply("reduce_sum", axis=0)
    pictures = filled((2, 8, 9, 3), "uint8", 0, True)
    view.show(pictures, axes="samples, height, width, channels")
    assert view.value is pictures and view.selection == "" and view.title == "Before"
    assert view.facts["axes"] == ["samples", "height", "width", "channels"] and view.channels == "picture"
    assert view.chosen["shape"] == [2, 8, 9, 3] and view.chosen["error"] == ""
    assert view.operation["number"] == 0 and view.window == [[0, 2], [0, 8], [0, 9], [0, 3]]
    check_drawing(view, pictures)
    check_statistics(view, pictures)
    for bad in ([[1], [2, 3]], None):
        with pytest.raises(TensorError):
            view.show(bad)
    with pytest.raises(TensorError, match="axes names 1 axes"):
        view.show([[1, 2]], axes=["a"])
    assert view.value is pictures and view.channels == "picture"
    for array in (np.array(5), np.array(["a", "b"]), np.zeros((0, 3)), np.arange(12).reshape(3, 4) * 1.5):
        view.show(array)
        assert view.channels == "" and view.facts["shape"] == list(array.shape)
        check_drawing(view, array)
        check_statistics(view, array)


@settings(max_examples=60, deadline=None)
@given(st.lists(tensors(most_rank=5), min_size=2, max_size=5))
def test_values_shown_one_after_the_other_leave_nothing_behind(arrays):
    view = TensorView(arrays[0], max_cells=50)
    for array in arrays[1:]:
        if array.ndim and array.shape[0]:
            view.show(array[:1])
            view.selection = "0"
        view.show(array)
        alone = TensorView(array, max_cells=50)
        for name in ("drawn", "facts", "chosen", "statistics", "window", "selection", "channels"):
            assert getattr(view, name) == getattr(alone, name), name


def test_channels_are_drawn_as_a_picture_or_as_layers():
    image = filled((8, 9, 3), "uint8", 0, True)
    view = TensorView(image, axes="height, width, channels")
    assert view.channels == "layers" and view.facts["can_be_picture"]
    assert view.drawn["arrangement"]["layers"] == 2
    view.channels = "picture"
    assert view.drawn["arrangement"] == {
        "rows": 0,
        "columns": 1,
        "channel": 2,
        "layers": None,
        "line": None,
        "grid": None,
        "facets": (),
    }
    check_drawing(view, image)
    with pytest.raises(TensorError, match="channels is ''; for this tensor it can be 'picture' or 'layers'"):
        view.channels = ""
    assert view.channels == "picture"
    assert TensorView(image[None]).channels == "picture"
    assert TensorView(image, axes="height, width, channels", channels="picture").channels == "picture"
    plain = TensorView(image)
    assert plain.channels == "" and not plain.facts["can_be_picture"]
    with pytest.raises(TensorError, match="channels is 'picture'; for this tensor it can be ''"):
        plain.channels = "picture"
    view.window = [[0, 4], [0, 4], [1, 2]]
    assert view.window == [[0, 4], [0, 4], [0, 3]], "a picture keeps all its colours"


def test_the_ends_of_the_colours_are_free_until_they_are_set():
    view = TensorView([1.0, 2.0], low=-3)
    assert (view.low, view.high) == (-3, None)
    view.high = 5
    with pytest.raises(t.TraitError):
        view.high = "five"
    assert view.high == 5
    view.low = None
    assert view.low is None


def test_labels_of_the_entries_in_the_window_are_sent():
    table = pd.DataFrame(np.zeros((300, 3)), columns=["age", "sex", "pulse"], index=[f"p{i}" for i in range(300)])
    view = TensorView(table)
    assert view.drawn["labels"] == {"1": ["age", "sex", "pulse"]}, "300 labels are too many to be read"
    view.window = [[10, 12], [1, 3]]
    assert view.drawn["labels"] == {"0": ["p10", "p11"], "1": ["sex", "pulse"]}
    assert TensorView([[1, 2]], names=["a", "b"]).drawn["labels"] == {"1": ["a", "b"]}


def test_arguments_that_do_not_fit_are_refused():
    with pytest.raises(TypeError, match=r"TensorView has no argument 'colour'\. It has: .*selection"):
        TensorView([1], colour="red")
    for max_cells in (15, 20_001):
        with pytest.raises(TensorError, match=f"max_cells is {max_cells}; it goes from 16 to 20,000"):
            TensorView([1], max_cells=max_cells)
    with pytest.raises(TensorError, match=r"ragged: x\[1\] has 1 element"):
        TensorView([[1, 2], [3]])
    with pytest.raises(TensorError, match="names gives 1 labels"):
        TensorView([1, 2], names=["a"])
    with pytest.raises(t.TraitError):
        TensorView([1]).facts = {}
    assert issubclass(TensorError, ValueError)


def test_the_views_interface_is_the_classs_traits():
    assert mismatches(TensorView, "TensorTraits", Path(widget.__file__).with_name("traits.ts")) == []


def test_importing_and_showing_loads_neither_tensorflow_nor_keras():
    code = (
        "import sys, firstepoch.widgets as w; view = w.TensorView([[1, 2], [3, 4]], selection='0');"
        "view.apply('reduce_sum', axis=0);"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
