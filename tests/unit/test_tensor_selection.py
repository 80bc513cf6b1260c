"""Indexes as text, against what numpy takes with the same text."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from firstepoch.widgets.tensor.selection import Selection, Taken, read
from firstepoch.widgets.tensor.take import TensorError

shapes = st.lists(st.integers(0, 5), max_size=6).map(tuple)
blanks = st.sampled_from(["", "", " ", "  "])


def numbered(shape):
    return np.arange(np.prod(shape, dtype=int)).reshape(shape)


@st.composite
def entries(draw, size):
    """An integer in range (where there is one) or a slice whose ends may lie anywhere."""
    if size and draw(st.booleans()):
        index = draw(st.integers(-size, size - 1))
        return f"+{index}" if index >= 0 and draw(st.integers(0, 9)) == 0 else str(index)
    ends = st.one_of(st.just(""), st.integers(-size - 3, size + 3).map(str), st.just("None"), st.just(str(-(10**30))))
    start, stop = draw(ends), draw(ends)
    step = draw(st.one_of(st.none(), st.sampled_from(["", "1", "2", "3", "-1", "-2", "-3", "None", str(10**30)])))
    return f"{start}{draw(blanks)}:{stop}" + ("" if step is None else f"{draw(blanks)}:{step}")


@st.composite
def indexes(draw):
    """A shape and an index that fits it, written in one of the ways people write it."""
    shape = draw(shapes)
    count = draw(st.integers(0, len(shape)))
    gap = draw(st.none() | st.integers(0, count))
    of_axes = list(range(count)) if gap is None else [*range(gap), *range(len(shape) - (count - gap), len(shape))]
    parts = [draw(entries(shape[axis])) for axis in of_axes]
    if gap is not None:
        parts.insert(gap, "...")
    text = f"{draw(blanks)},{draw(blanks)}".join(parts)
    if parts and draw(st.booleans()):
        text += ","
    if parts or draw(st.booleans()):
        text = draw(st.sampled_from(["{}", "{}", " {} ", "[{}]", "x[{}]", "tensor[ {} ]"])).format(text)
    return shape, text


def taken_by_numpy(text, array):
    inner = text[text.index("[") + 1 : text.rindex("]")] if "[" in text else text
    return np.asarray(eval(f"x[{inner.strip() or '...'}]", {"x": array}))


@settings(max_examples=400, deadline=None)
@given(indexes())
@example(((2, 3), ""))
@example(((2, 3), "x[]"))
@example(((), "..."))
@example(((4, 3), "3:1:-1, ::-1"))
@example(((0, 2), ":, 1"))
def test_an_index_takes_what_numpy_takes(drawn):
    shape, text = drawn
    array = numbered(shape)
    expected = taken_by_numpy(text, array)
    selection = read(text, shape)
    np.testing.assert_array_equal(array[selection.index], expected)
    assert selection.shape == expected.shape
    np.testing.assert_array_equal(eval(selection.code(), {"x": array}), expected)
    np.testing.assert_array_equal(eval(selection.code("y"), {"y": array}), expected)
    entries_of_axes = [[one.start + k * one.step for k in range(one.count)] for one in selection.taken]
    assert len(selection.taken) == len(shape)
    grid = array[np.ix_(*entries_of_axes)] if shape else array
    np.testing.assert_array_equal(grid.reshape(expected.shape), expected)
    assert [one.kept for one in selection.taken] == [isinstance(one, slice) for one in selection.index]
    for entries_of_axis, size in zip(entries_of_axes, shape, strict=True):
        assert all(0 <= entry < size for entry in entries_of_axis)


@settings(max_examples=100, deadline=None)
@given(indexes())
def test_the_tidied_text_reads_as_the_same_selection(drawn):
    shape, text = drawn
    selection = read(text, shape)
    assert read(selection.text, shape) == selection
    assert not selection.text or read(selection.code(), shape) == selection


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("", ""),
        ("  ", ""),
        ("x[]", ""),
        ("()", ""),
        ("3", "3"),
        ("x[3]", "3"),
        ("[+1]", "1"),
        ("( 1 , 2 )", "1, 2"),
        (":,0", ":, 0"),
        ("...,-1", "..., -1"),
        ("1:5:2 ,0,", "1:5:2, 0"),
        ("None:None:None", ":"),
        ("1_0:0x1F", "10:31"),
        ("images[0][", None),
    ],
)
def test_what_is_written_is_tidied(text, tidied):
    if tidied is None:
        with pytest.raises(TensorError):
            read(text, (40, 40, 40))
    else:
        assert read(text, (40, 40, 40)).text == tidied


def test_a_selection_says_what_it_takes_along_each_axis():
    assert read("-1, ::-2, 2:2", (4, 5, 6)) == Selection(
        "-1, ::-2, 2:2",
        (-1, slice(None, None, -2), slice(2, 2)),
        (Taken(3, 1, 1, False), Taken(4, -2, 3, True), Taken(0, 1, 0, True)),
    )
    assert read("", (4, 5)).code() == "x" and read("0", (4, 5)).code("images") == "images[0]"


@pytest.mark.parametrize(
    ("text", "shape", "sentence"),
    [
        ("..., 0, ...", (2, 3), "'..., 0, ...' has 2 ellipses (...); an index can have one."),
        ("0, 1, 2", (2, 3), "'0, 1, 2' indexes 3 axes; this tensor has rank 2, shape (2, 3)."),
        ("0", (), "'0' indexes 1 axes; this tensor has rank 0, shape ()."),
        ("a b", (2,), "'a b' is no index. Try 3, or 1:5, or :, 0, or ..., -1."),
        (",", (2,), "',' is no index. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("x[0][1]", (2, 2), "'x[0][1]' is no index. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("0] + x[0", (2,), "'0] + x[0' is no index. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("0].T[0", (2,), "'0].T[0' is no index. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("\0", (2,), r"'\x00' is no index. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("::0", (2,), "'::0' has a slice with step 0; a step goes forward (1, 2, ...) or back (-1, ...)."),
        (
            "None, 0",
            (2,),
            "'None, 0' adds an axis; an index here takes elements only. The operation expand_dims adds an axis.",
        ),
        ("1.5", (2,), "'1.5': 1.5 is no whole number. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("True", (2,), "'True': True is no whole number. Try 3, or 1:5, or :, 0, or ..., -1."),
        (":, 'a'", (2, 2), "\":, 'a'\": 'a' is no whole number. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("[0, 1]", (2,), "'[0, 1]' indexes 2 axes; this tensor has rank 1, shape (2,)."),
        ("x[[0, 1]]", (2,), "'x[[0, 1]]': [0, 1] is no whole number. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("(0, 1), 0", (2, 2), "'(0, 1), 0': (0, 1) is no whole number. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("*a", (2,), "'*a': *a is no whole number. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("x > 0", (2,), "'x > 0': x > 0 is no whole number. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("0:len(x)", (2,), "'0:len(x)': len(x) is no whole number. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("1 + 1", (3,), "'1 + 1': 1 + 1 is no whole number. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("-None", (3,), "'-None': None is no whole number. Try 3, or 1:5, or :, 0, or ..., -1."),
        ("3", (3,), "Index 3 is out of range: axis 0 of shape (3,) goes from 0 to 2 (or -1 to -3 from the end)."),
        (
            ":, -4",
            (2, 3),
            "Index -4 is out of range: axis 1 of shape (2, 3) goes from 0 to 2 (or -1 to -3 from the end).",
        ),
        ("..., 0", (2, 0), "Index 0 is out of range: axis 1 of shape (2, 0) has no entries."),
    ],
)
def test_what_is_no_index_of_the_tensor_is_said(text, shape, sentence):
    with pytest.raises(TensorError, match=rf"^{re.escape(sentence)}$"):
        read(text, shape)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=4).map(tuple), st.data())
def test_an_integer_out_of_range_is_refused_as_numpy_refuses_it(shape, data):
    axis = data.draw(st.integers(0, len(shape) - 1))
    size = shape[axis]
    index = data.draw(st.integers(size, size + 3) | st.integers(-size - 3, -size - 1) | st.just(10**30))
    text = ", ".join([*[":"] * axis, str(index)])
    with pytest.raises(IndexError):
        eval(f"x[{text}]", {"x": numbered(shape)})
    with pytest.raises(
        TensorError, match=rf"Index {index} is out of range: axis {axis} of shape {re.escape(str(shape))}"
    ):
        read(text, shape)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').mkdir('made')",
        "0:__import__('os').mkdir('made')",
        "(made := open('made', 'w'))",
        "[open('made', 'w') for _ in [0]]",
        "0] or open('made', 'w')[0",
        "x[0]; open('made', 'w')",
        "lambda: open('made', 'w')",
        'f\'{open("made", "w")}\'',
    ],
)
def test_nothing_is_evaluated(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TensorError):
        read(text, (3, 3))
    assert not list(Path(tmp_path).iterdir())


@pytest.mark.parametrize("text", ["(" * 5000, "-" * 5000 + "1", "[" * 300 + "]" * 300, "9" * 5000, "0," * 5000])
def test_a_text_too_deep_or_too_long_is_refused(text):
    with pytest.raises(TensorError):
        read(text, (3, 3))


@settings(max_examples=200, deadline=None)
@given(shapes, st.text(st.sampled_from("0123-:.,[]()x N*+\n'") | st.characters(codec="utf-8"), max_size=12))
def test_any_text_is_read_or_refused_with_a_sentence(shape, text):
    try:
        selection = read(text, shape)
    except TensorError as error:
        assert str(error).endswith(".")
    else:
        array = numbered(shape)
        assert np.shape(eval(selection.code(), {"x": array})) == selection.shape == array[selection.index].shape
