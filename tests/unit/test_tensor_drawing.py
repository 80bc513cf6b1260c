"""What of a tensor is drawn: windows, blocks, roles, and the numbers and texts that are sent."""

import math
from dataclasses import asdict

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstepoch.widgets.tensor import drawing
from firstepoch.widgets.tensor.drawing import Arrangement, arrange, block_sizes, check_window, first_window
from firstepoch.widgets.tensor.take import TensorError, take

SMALL = ["bool", "int8", "int16", "uint8", "uint16", "float16", "float32", "bfloat16"]
LARGE = ["int32", "uint32", "int64", "uint64", "float64", "longdouble"]

sizes = st.one_of(st.integers(0, 5), st.integers(0, 400), st.sampled_from([1, 2, 3, 28, 255, 256, 257, 10**5, 10**8]))


@st.composite
def drawn(draw):
    """A shape and how its channels are drawn."""
    shape = draw(st.lists(sizes, max_size=8))
    channels = draw(st.sampled_from([None, "picture", "layers"])) if len(shape) >= 3 else None
    if channels:
        shape[-1] = draw(st.sampled_from([3, 4]))
    return tuple(shape), channels


def axes_of(arrangement):
    named = [axis for name, axis in asdict(arrangement).items() if name != "facets" and axis is not None]
    return [*named, *arrangement.facets]


def lengths(window):
    return [stop - start for start, stop in window]


# Which axis runs which way.


@pytest.mark.parametrize(
    ("rank", "expected"),
    [
        (0, Arrangement()),
        (1, Arrangement(columns=0)),
        (2, Arrangement(rows=0, columns=1)),
        (3, Arrangement(rows=1, columns=2, layers=0)),
        (4, Arrangement(line=0, layers=1, rows=2, columns=3)),
        (5, Arrangement(grid=0, line=1, layers=2, rows=3, columns=4)),
        (6, Arrangement(facets=(0,), grid=1, line=2, layers=3, rows=4, columns=5)),
        (8, Arrangement(facets=(0, 1, 2), grid=3, line=4, layers=5, rows=6, columns=7)),
    ],
)
def test_the_last_axes_are_drawn_inside_a_tile_the_others_are_tiles(rank, expected):
    assert arrange((2,) * rank, None) == expected


@pytest.mark.parametrize(("channels", "way"), [("picture", "channel"), ("layers", "layers")])
def test_height_width_and_channels_are_rows_columns_and_colours_or_layers(channels, way):
    inner = {"rows": 2, "columns": 3, way: 4}
    assert arrange((2,) * 3, channels) == Arrangement(**{name: axis - 2 for name, axis in inner.items()})
    assert arrange((2,) * 5, channels) == Arrangement(**inner, line=1, grid=0)
    assert arrange((2,) * 6, channels) == Arrangement(
        **{name: axis + 1 for name, axis in inner.items()}, line=2, grid=1, facets=(0,)
    )


@settings(max_examples=200, deadline=None)
@given(drawn())
def test_every_axis_runs_one_way(case):
    shape, channels = case
    assert sorted(axes_of(arrange(shape, channels))) == list(range(len(shape)))


# Windows.


@settings(max_examples=300, deadline=None)
@given(drawn(), st.integers(16, drawing.MOST_CELLS))
def test_the_first_window_holds_whole_tiles_from_the_first_one_on(case, most_cells):
    shape, channels = case
    arrangement = arrange(shape, channels)
    window = first_window(shape, arrangement, most_cells)
    assert check_window(window, shape, arrangement, most_cells) == window
    assert all(start == 0 for start, _ in window)
    count = lengths(window)
    for axis in (arrangement.columns, arrangement.rows, arrangement.layers, arrangement.channel):
        assert axis is None or count[axis] == shape[axis]
    for axis, most in ((arrangement.line, drawing.MOST_TILES), (arrangement.grid, drawing.MOST_ROWS_OF_TILES)):
        if axis is not None:
            assert min(1, shape[axis]) <= count[axis] <= most
            assert most_cells < 400 or count[axis] == min(most, shape[axis])
    assert all(count[axis] == min(1, shape[axis]) for axis in arrangement.facets)


@settings(max_examples=300, deadline=None)
@given(drawn(), st.integers(16, drawing.MOST_CELLS), st.data())
def test_any_window_is_moved_inside_the_tensor(case, most_cells, data):
    shape, channels = case
    arrangement = arrange(shape, channels)
    ends = st.integers(-20, 20) | st.integers(-(10**9), 10**9) | st.floats(-99, 99)
    wanted = [[data.draw(ends), data.draw(ends)] for _ in shape]
    window = check_window(wanted, shape, arrangement, most_cells)
    assert check_window(window, shape, arrangement, most_cells) == window
    parts = [*arrangement.facets, arrangement.line, arrangement.grid]
    for axis, ((start, stop), (first, end), size) in enumerate(zip(window, wanted, shape, strict=True)):
        assert type(start) is int and type(stop) is int
        assert 0 <= start < stop <= size if size else (start, stop) == (0, 0)
        if axis == arrangement.channel:
            assert (start, stop) == (0, size)
        elif 0 <= int(first) < int(end) <= size:
            assert start == int(first)
            assert stop == int(end) if axis not in parts else stop <= int(end)
    whole = [axis for axis in parts if axis is not None]
    assert math.prod(lengths(window)[axis] for axis in whole) <= most_cells


def test_a_window_that_is_none_is_refused():
    arrangement = arrange((4, 5), None)
    for window in ([[0, 1]], [[0, 1]] * 3, []):
        with pytest.raises(TensorError, match=rf"window has {len(window)} axes; this tensor has rank 2"):
            check_window(window, (4, 5), arrangement)
    for window in ([0, 1], [[0, 1], [0]], [[0, 1], [0, 1, 2]], [[0, 1], [0, None]], None, 3, [[0, math.inf], [0, 1]]):
        with pytest.raises(TensorError, match=r"window is a list of \[start, stop\], one an axis; got "):
            check_window(window, (4, 5), arrangement)


# Blocks.


def cells_of(window, block):
    return [-(-length // size) for length, size in zip(lengths(window), block, strict=True)]


def counted(cells, arrangement):
    """Cells that count: a pixel is one in all its channels."""
    return math.prod(cell for axis, cell in enumerate(cells) if axis != arrangement.channel)


@settings(max_examples=500, deadline=None)
@given(drawn(), st.integers(16, drawing.MOST_CELLS), st.data())
def test_there_are_never_more_cells_than_asked_for(case, most_cells, data):
    shape, channels = case
    arrangement = arrange(shape, channels)
    window = first_window(shape, arrangement, most_cells)
    if data.draw(st.booleans()):
        ends = [[data.draw(st.integers(0, size)), data.draw(st.integers(0, size))] for size in shape]
        window = check_window(ends, shape, arrangement, most_cells)
    block = block_sizes(window, arrangement, most_cells)
    cells = cells_of(window, block)
    assert counted(cells, arrangement) <= most_cells
    if arrangement.channel is not None:
        assert block[arrangement.rows] == block[arrangement.columns], "a picture keeps its proportions"
    assert all(size & (size - 1) == 0 and size >= 1 for size in block)
    inside = {arrangement.columns, arrangement.rows, arrangement.layers}
    for axis, size in enumerate(block):
        assert size == 1 or axis in inside
        # The last block begins inside the window: none is empty.
        assert size == 1 or (cells[axis] - 1) * size < lengths(window)[axis]
    if math.prod(lengths(window)) <= most_cells and max(lengths(window), default=0) <= 24:
        assert set(block) <= {1}
    limits = {
        arrangement.columns: 256 if arrangement.layers is None else 64,
        arrangement.rows: 256 if arrangement.layers is None else 64,
        arrangement.layers: 24,
    }
    assert all(cells[axis] <= most for axis, most in limits.items() if axis is not None)


@settings(max_examples=300, deadline=None)
@given(drawn(), st.integers(16, drawing.MOST_CELLS))
def test_blocks_are_no_larger_than_they_need_be(case, most_cells):
    shape, channels = case
    arrangement = arrange(shape, channels)
    window = first_window(shape, arrangement, most_cells)
    block = block_sizes(window, arrangement, most_cells)
    finer = [max(1, size // 2) for size in block]
    cells, more = cells_of(window, block), cells_of(window, finer)
    # Half the blocks everywhere would be too many cells, or too many along an axis.
    too_many = counted(more, arrangement) > most_cells or any(
        axis is not None and more[axis] > most
        for axis, most in (
            (arrangement.columns, 256 if arrangement.layers is None else 64),
            (arrangement.rows, 256 if arrangement.layers is None else 64),
            (arrangement.layers, 24),
        )
    )
    assert max(block, default=1) == 1 or too_many, (cells, more)


@pytest.mark.parametrize(
    ("shape", "dtype", "asked", "block"),
    [
        ((4, 8, 24, 24, 3), "uint8", None, 1),
        ((4, 8, 24, 24, 3), "uint8", 10_000, 2),
        ((4, 8, 24, 24, 3), "float64", None, 2),
        ((4, 8, 24, 24, 3), "float64", 20_000, 2),
        ((150, 150, 3), "uint8", None, 2),
        ((140, 140, 3), "uint8", None, 1),
    ],
)
def test_bytes_of_pictures_are_drawn_as_they_are_where_they_fit(shape, dtype, asked, block):
    arrangement = arrange(shape, "picture")
    window = first_window(shape, arrangement)
    most = drawing.most_cells(np.zeros(shape, dtype), window, arrangement, asked)
    assert block_sizes(window, arrangement, most)[arrangement.rows] == block


def test_the_cells_of_a_huge_array_are_a_view_of_it():
    array = np.broadcast_to(np.float32(3), (10**8, 10**7, 5))
    arrangement = arrange(array.shape, None)
    window = first_window(array.shape, arrangement)
    block = block_sizes(window, arrangement, 10_000)
    cells = drawing.sample(drawing.part(array, window), block)
    assert cells.size <= 10_000 and np.shares_memory(cells, array)
    assert cells.shape == tuple(cells_of(window, block))


def test_the_part_and_the_sample_are_what_they_say():
    array = np.arange(60).reshape(6, 10)
    np.testing.assert_array_equal(drawing.part(array, ((1, 4), (0, 10))), array[1:4])
    np.testing.assert_array_equal(drawing.sample(array, (2, 4)), array[::2, ::4])
    assert drawing.part(np.array(5), ()).shape == drawing.sample(np.array(5), ()).shape == ()


# Roles and channels.


@pytest.mark.parametrize(
    ("axes", "expected"),
    [
        ((), ()),
        (("axis 0",), ("samples",)),
        (("axis 0", "axis 1", "axis 2", "axis 3", "axis 4"), ("samples", "height", "width", "channels", "time")),
        (("axis 0",) * 7, ("samples", "height", "width", "channels", "time", "samples", "height")),
        (("rows", "columns"), ("samples", "channels")),
        (("Patients", "Features"), ("samples", "channels")),
        (("samples", "timesteps", "features"), ("samples", "time", "channels")),
        (("frames", "height", "width", "colour"), ("time", "height", "width", "channels")),
        (("batch", "height", "width", "channels"), ("samples", "height", "width", "channels")),
        (("axis 0", "time"), ("samples", "time")),
        (("axis 0", "samples"), ("height", "samples")),
        (("words", "units"), ("samples", "channels")),
    ],
)
def test_a_name_that_says_its_role_has_it_the_others_take_what_is_left(axes, expected):
    assert drawing.roles(axes) == expected


def test_the_last_axes_of_pictures_are_height_width_and_channels():
    assert drawing.roles(("a", "b", "c", "d"), True) == ("samples", "height", "width", "channels")
    assert drawing.roles(("a", "b", "c"), True) == ("height", "width", "channels")
    assert drawing.roles(("a", "time", "x", "y", "z"), True) == ("samples", "time", "height", "width", "channels")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "axis 3", "height", "time", "row", "RGB channels"]), max_size=9))
def test_every_axis_has_a_role_and_unnamed_ones_take_new_ones_first(axes):
    found = drawing.roles(axes)
    assert len(found) == len(axes) and set(found) <= {"samples", "time", "height", "width", "channels"}
    fixed = {"height": "height", "time": "time", "row": "samples", "RGB channels": "channels"}
    assert all(role == fixed[name] for name, role in zip(axes, found, strict=True) if name in fixed)
    given_out = [role for name, role in zip(axes, found, strict=True) if name not in fixed]
    left = 5 - len({fixed[name] for name in axes if name in fixed})
    assert len(set(given_out)) == min(len(given_out), left or 5)


@pytest.mark.parametrize(
    ("array", "axes", "expected"),
    [
        (np.zeros((8, 8, 3), "uint8"), "height, width, channels", True),
        (np.zeros((8, 8, 4), "float32"), "a, b, RGBA", True),
        (np.zeros((8, 8, 3), "float32"), "a, b, colour", True),
        (np.zeros((8, 8, 3), "uint8"), None, False),
        (np.zeros((8, 8, 3), "uint8"), "a, b, c", False),
        (np.zeros((8, 8, 5), "uint8"), "a, b, channels", False),
        (np.zeros((8, 3), "uint8"), "a, channels", False),
        (np.zeros((8, 8, 3), "bool"), "a, b, channels", False),
        (np.zeros((8, 8, 3), "complex64"), "a, b, channels", False),
        (np.zeros((8, 8, 3), "U1"), "a, b, channels", False),
        (np.zeros((2, 8, 8, 3), "uint8"), None, True),
        (np.zeros((2, 8, 8, 4), "uint8"), None, True),
        (np.zeros((2, 2, 8, 8, 3), "uint8"), None, True),
        (np.zeros((2, 2, 2, 8, 8, 3), "uint8"), None, False),
        (np.zeros((2, 8, 8, 3), "uint8"), "a, b, c, d", False),
        (np.zeros((2, 8, 8, 3), "int64"), None, False),
        (np.ones((2, 8, 8, 3), "float32"), None, True),
        (np.ones((2, 8, 8, 3), ml_dtypes.bfloat16), None, True),
        (np.full((2, 8, 8, 3), 1.01), None, False),
        (np.full((2, 8, 8, 3), -0.01), None, False),
        (np.full((2, 8, 8, 3), np.nan), None, False),
        (np.zeros((0, 8, 8, 3)), None, False),
    ],
)
def test_channels_are_named_so_or_look_like_colours(array, axes, expected):
    assert drawing.has_channels(take(array, axes)) is expected


# Numbers, texts and marks.


def values(dtype, size=97):
    rng = np.random.default_rng(3)
    kind = ml_dtypes.bfloat16 if dtype == "bfloat16" else np.dtype(dtype)
    if np.dtype(kind).kind in "iu":
        return rng.integers(np.iinfo(kind).min, np.iinfo(kind).max, size, kind, endpoint=True)
    if dtype == "bool":
        return rng.random(size) < 0.5
    found = (rng.normal(size=size) * 10.0 ** rng.integers(-4, 4, size)).astype(kind)
    found[:4] = np.nan, np.inf, -np.inf, 0.1
    return found


@pytest.mark.parametrize("dtype", [*SMALL, *LARGE])
def test_numbers_are_float32_where_that_is_exact_and_float64_otherwise(dtype):
    array = values(dtype).reshape(1, -1)
    found = drawing.numbers(array)
    expected = "uint8" if dtype == "uint8" else "float32" if dtype in SMALL else "float64"
    assert found.dtype == expected and found.shape == array.shape
    np.testing.assert_array_equal(found.astype(np.float64), array.astype(np.float64))


def test_complex_numbers_are_drawn_by_their_absolute_value_and_text_by_none():
    array = np.array([3 + 4j, -1, complex(np.nan, 0), complex(np.inf, np.nan)], "complex64")
    found = drawing.numbers(array)
    assert found.dtype == "float64"
    np.testing.assert_allclose(found, [5, 1, np.nan, np.inf])
    assert drawing.numbers(np.array([["a", "b"]])).tolist() == [[0, 0]]


@pytest.mark.parametrize("dtype", [*SMALL, "int32", "uint32", "float64"])
def test_numbers_a_browser_holds_exactly_need_no_text(dtype):
    assert not drawing.needs_texts(values(dtype)) and drawing.texts(values(dtype)) is None


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
@pytest.mark.parametrize("value", [2**53 - 1, 2**53, 2**53 + 1, 2**63 - 1, -(2**53) + 1, -(2**53) - 1, -(2**63)])
def test_whole_numbers_beyond_2_to_the_53_are_sent_as_text(dtype, value):
    if dtype == "uint64" and value < 0:
        return
    array = np.array([[0, value], [1, 2]], dtype)
    assert drawing.needs_texts(array) is (abs(value) >= 2**53)
    assert drawing.texts(array) == (["0", str(value), "1", "2"] if abs(value) >= 2**53 else None)


def test_one_large_number_among_many_is_found():
    array = np.zeros(drawing.MOST_CELLS, "int64")
    array[12_345] = 2**60
    assert drawing.texts(array) is not None


def test_texts_are_what_python_writes():
    assert drawing.texts(np.array([[1 + 2j, -0.5j]])) == ["(1+2j)", "(-0-0.5j)"]
    assert drawing.texts(np.array(["a", "", "dé"])) == ["a", "", "dé"]
    assert drawing.texts(np.array(["x" * 24, "x" * 25])) == ["x" * 24, "x" * 23 + "…"]
    assert drawing.texts(np.array([0.1], "longdouble")) == [str(np.longdouble(0.1))]
    assert drawing.texts(np.array(7 + 0j)) == ["(7+0j)"]
    assert drawing.texts(np.zeros((0, 3), "U1")) == []
    assert drawing.texts(np.zeros((0, 3), "int64")) is None
    assert len(drawing.texts(np.zeros(5000, complex))) == drawing.MOST_TEXTS


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "longdouble", ml_dtypes.bfloat16, "complex128"])
def test_marks_say_nan_and_infinities(dtype):
    array = np.array([[0, np.nan, np.inf], [-np.inf, 1e3, -1]]).astype(dtype)
    negative = 2 if dtype == "complex128" else 4
    assert drawing.marks(array).tolist() == [[0, 1, 2], [negative, 0, 0]]
    assert drawing.marks(array).dtype == "uint8"


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "U3"])
def test_what_is_never_nan_has_no_marks(dtype):
    assert not drawing.marks(np.ones((2, 3), dtype)).any()
    assert drawing.is_text(np.ones(2, dtype)) is (dtype == "U3")
