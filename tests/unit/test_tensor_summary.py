import itertools
import threading
import tracemalloc
import warnings
from unittest import mock

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstepoch.widgets.tensor import summary
from firstepoch.widgets.tensor.summary import INFINITE, NAN, NEGATIVE_INFINITE, histogram, statistics, summarise

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
INTEGERS = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]
FLOATS = ["float16", "float32", "float64", "longdouble", "complex64", "complex128", ">f4", ">f8", BFLOAT16]
LAYOUTS = ["C", "F", "reversed", "every second", "permuted", "broadcast", "read-only"]
SMALL = {"_CHUNK": 24, "_FEW": 3, "_PIECE": 7, "_RUN": 4, "_CHAIN": 2, "_ROW": 4, "_PRODUCT": 8}


def plain(array):
    """The same numbers in a type whose statistics numpy can calculate."""
    if array.dtype.kind == "c":
        return np.abs(array)
    if array.dtype == BFLOAT16:
        return array.astype("float32")
    return array.astype("uint8") if array.dtype == bool else array


def tolerance(values, dtype):
    """What rounding may do to the mean of these values."""
    coarse = dtype.itemsize < 4 or dtype in (np.dtype("float32"), np.dtype(">f4"), np.dtype("complex64"))
    return float(np.abs(values.astype("longdouble")).max(initial=0)) * (1e-6 if coarse else 1e-13)


def check(array, block):
    """Compares everything with numpy on plain slices."""
    before = array.tobytes()
    found, blocks = summarise(array, block)
    assert array.tobytes() == before
    values = plain(array)
    finite = values[np.isfinite(values)]
    wide = finite.astype("longdouble")
    assert found.count == array.size
    assert found.nan == np.isnan(values).sum()
    assert found.positive_infinite == np.isposinf(values).sum()
    assert found.negative_infinite == np.isneginf(values).sum()
    assert found.zeros == (values == 0).sum()
    if not len(finite):
        assert found.minimum is found.maximum is found.mean is found.std is None
    else:
        exact = int if array.dtype.kind in "biu" else float
        assert (type(found.minimum), type(found.maximum)) == (exact, exact)
        extremes = exact(finite.min()), exact(finite.max())
        # The last bit of np.abs of a complex number depends on the layout of the array.
        assert (found.minimum, found.maximum) == (pytest.approx(extremes) if array.dtype.kind == "c" else extremes)
        atol = tolerance(finite, array.dtype)
        np.testing.assert_allclose(found.mean, float(wide.mean()), rtol=1e-5, atol=atol)
        np.testing.assert_allclose(found.std, float(wide.std()), rtol=1e-5, atol=atol)
        assert type(found.mean) is type(found.std) is float
    grid = tuple(-(-length // size) for length, size in zip(array.shape, block, strict=True))
    assert blocks.means.shape == blocks.marks.shape == grid
    assert (blocks.means.dtype, blocks.marks.dtype) == (np.dtype("float64"), np.dtype("uint8"))
    for index in itertools.product(*map(range, grid)):
        part = values[tuple(slice(i * size, (i + 1) * size) for i, size in zip(index, block, strict=True))]
        kept = part[np.isfinite(part)].astype("longdouble")
        expected = float(kept.mean()) if len(kept) else np.nan
        np.testing.assert_allclose(blocks.means[index], expected, rtol=1e-5, atol=tolerance(kept, array.dtype))
        marks = NAN * np.isnan(part).any() + INFINITE * np.isposinf(part).any()
        assert blocks.marks[index] == marks + NEGATIVE_INFINITE * np.isneginf(part).any()


def numbers(rng, shape, dtype, bad=0.0, offset=0.0):
    """Random numbers of any type; a share of the floats is not finite."""
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return np.asarray(rng.random(shape) < 0.5)
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return np.asarray(rng.integers(limits.min, limits.max, shape, dtype, endpoint=True))
    values = np.asarray(rng.normal(offset, 1, shape))
    values = np.where(rng.random(shape) < 0.1, 0, values)
    values = np.where(rng.random(shape) < bad, rng.choice([np.nan, np.inf, -np.inf], shape), values)
    with np.errstate(all="ignore"):
        return np.asarray((values + 1j * values if dtype.kind == "c" else values).astype(dtype))


def laid_out(array, layout):
    """An array in a layout of the memory; "every second" and "broadcast" have other elements."""
    if layout == "F":
        return np.asfortranarray(array)
    if layout == "reversed":
        return array[(slice(None, None, -1),) * array.ndim]
    if layout == "every second":
        return array[(..., slice(None, None, 2))[: array.ndim + 1]] if array.ndim else array
    if layout == "permuted":
        return np.moveaxis(array, -1, 0) if array.ndim else array
    if layout == "broadcast":
        return np.broadcast_to(array[..., :1], array.shape) if array.ndim else np.broadcast_to(array, (3, 2))
    if layout == "read-only":
        array = array.copy()
        array.flags.writeable = False
    return array


@st.composite
def cases(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = tuple(draw(st.lists(st.integers(0, 7) | st.just(40), max_size=5).filter(lambda s: np.prod(s) < 5000)))
    bad, offset = draw(st.sampled_from([0.0, 0.0, 0.05, 1.0])), draw(st.sampled_from([0.0, -1.0, 100.0]))
    array = numbers(rng, shape, draw(st.sampled_from([*INTEGERS, *FLOATS])), bad, offset)
    array = laid_out(array, draw(st.sampled_from(LAYOUTS)))
    return array, tuple(draw(st.integers(1, 9)) for _ in array.shape)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_like_numpy(case):
    check(*case)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_like_numpy_when_split_into_many_chunks(case):
    with mock.patch.multiple(summary, **SMALL):
        check(*case)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [*INTEGERS, *FLOATS], ids=str)
def test_types_and_layouts(dtype, layout):
    array = laid_out(numbers(np.random.default_rng(1), (13, 20, 17), dtype, bad=0.01), layout)
    check(array, (5, 20, 4))


@pytest.mark.parametrize("offset", [0.0, 0.5, 1e4, -1e4])
@pytest.mark.parametrize(
    ("shape", "block"),
    [
        ((2_500_000,), (100_003,)),
        ((2_500_000,), (100_000,)),
        ((1600, 1500), (100, 100)),
        ((1600, 1500), (64, 700)),
        ((1600, 1500), (1601, 13)),
        ((3, 700_000), (2, 70_001)),
        ((250_000, 10), (7919, 3)),
        ((1_200_000, 2), (100_000, 1)),
        ((40, 50, 60, 20), (7, 13, 11, 6)),
        ((5, 600, 700), (5, 600, 1)),
    ],
    ids=str,
)
def test_several_chunks(shape, block, offset):
    values = np.random.default_rng(2).standard_normal(shape, np.float32) + np.float32(offset)
    check(values, block)
    check(np.asfortranarray(values[..., ::-1]), block)


@pytest.mark.parametrize("mean", [1e4, -1e4, 1e6])
def test_std_of_a_large_mean(mean):
    values = (np.random.default_rng(3).standard_normal(2**21) + mean).astype("float32")
    values[12345] = 0
    found = statistics(values)
    np.testing.assert_allclose(found.mean, values.mean(dtype="float64"), rtol=1e-7)
    np.testing.assert_allclose(found.std, values.std(dtype="float64"), rtol=1e-5)
    values[12345] = mean
    np.testing.assert_allclose(statistics(values).std, values.std(dtype="float64"), rtol=1e-5)


def test_rounding_does_not_pile_up():
    # Equal numbers are the worst case: every addition rounds the same way.
    values = np.repeat(np.float32([0.1, 0.3, -1 / 3]), 2**21)
    found, blocks = summarise(values, (2**21,))
    np.testing.assert_allclose(blocks.means, np.float32([0.1, 0.3, -1 / 3]).astype("float64"), rtol=1e-6)
    np.testing.assert_allclose(found.mean, values.mean(dtype="float64"), rtol=1e-5)
    np.testing.assert_allclose(found.std, values.std(dtype="float64"), rtol=3e-6)


def test_chunks_with_different_means():
    values = np.repeat(np.float32([-5, 1, 1, 3]), 2**20)
    assert statistics(values).std == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("dtype", "size"),
    [("float16", 6e4), ("float32", 3e38), ("float32", 1e-30), ("float64", 1.7e308), ("float64", 1e-200)],
)
def test_no_overflow_and_no_underflow(dtype, size):
    values = (np.random.default_rng(4).random((300, 200)) * 1.9 - 0.9).astype(dtype) * np.dtype(dtype).type(size)
    wide = values.astype("longdouble")
    found, blocks = summarise(values, (7, 200))
    np.testing.assert_allclose(found.mean, float(wide.mean()), rtol=1e-5)
    np.testing.assert_allclose(found.std, float(wide.std()), rtol=1e-5)
    np.testing.assert_allclose(blocks.means[0, 0], float(wide[:7].mean()), rtol=1e-5)


def test_equal_elements_have_no_deviation():
    found = statistics(np.full((1000, 1001), 0.1, "float32"))
    assert (found.mean, found.std) == (float(np.float32(0.1)), 0.0)


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
def test_integers_are_exact(dtype):
    limits = np.iinfo(dtype)
    values = np.array([limits.max - 1, limits.min + 1, 5], dtype)
    found = statistics(values)
    assert (found.minimum, found.maximum) == (limits.min + 1, limits.max - 1)


def test_no_axes():
    found, blocks = summarise(np.array(3.5, "float32"), ())
    assert (found.count, found.mean, found.std, found.minimum) == (1, 3.5, 0.0, 3.5)
    assert blocks.means.shape == () and blocks.means == 3.5
    check(np.array(np.nan), ())


@pytest.mark.parametrize("shape", [(0,), (0, 5), (5, 0), (3, 0, 4)])
def test_no_elements(shape):
    check(np.zeros(shape, "float32"), (2,) * len(shape))
    assert statistics(np.zeros(shape)).count == 0


def test_many_axes():
    check(np.arange(2**10, dtype="float32").reshape((2, 1, 2) * 5 + (1,) * 17), (2, 1, 1, 1, 3) * 6 + (1, 1))
    check(np.broadcast_to(np.float32(2), (1,) * 30 + (4, 5)), (1,) * 30 + (3, 2))


def test_every_kind_of_mark():
    values = np.ones((2, 4), "float32")
    values[0] = np.nan, np.inf, -np.inf, 1
    found, blocks = summarise(values, (1, 4))
    np.testing.assert_array_equal(blocks.marks, [[NAN | INFINITE | NEGATIVE_INFINITE], [0]])
    assert (found.nan, found.positive_infinite, found.negative_infinite) == (1, 1, 1)
    check(values, (1, 1))


def test_not_finite_in_one_of_several_chunks():
    values = np.random.default_rng(5).standard_normal((1200, 2000), np.float32)
    values[1100, 7], values[3, 1999], values[600] = np.nan, -np.inf, np.inf
    check(values, (100, 130))


def test_no_warnings():
    values = np.array([np.nan, np.inf, -np.inf, 1e38], "float32")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        summarise(values, (1,))
        statistics(values[:3])
        statistics(np.array([1.7e308, -1.7e308]))
        histogram(values)


@pytest.mark.parametrize("layout", ["C", "F", "every second", "permuted"])
@pytest.mark.parametrize("bad", [False, True])
def test_memory(layout, bad):
    values = np.zeros((16, 2048, 2048), "float32")
    if bad:
        values[:, ::7, ::5] = np.nan
    values = laid_out(values, layout)
    tracemalloc.start()
    try:
        summarise(values, (1, 64, 64))
        histogram(values)
        assert tracemalloc.get_traced_memory()[1] < 64e6
    finally:
        tracemalloc.stop()


def test_threads_do_not_share_memory():
    rng = np.random.default_rng(6)
    arrays = [(rng.standard_normal((500, 800)) + shift).astype("int16") for shift in (0, 300, 9000)]
    expected = [statistics(array) for array in arrays]
    found = [[] for _ in arrays]

    def work(place):
        for _ in range(20):
            found[place].append(statistics(arrays[place]))

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(arrays))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[one] * 20 for one in expected]


def test_results_stay():
    first = summarise(np.arange(12.0), (2,))[1]
    kept = first.means.copy()
    summarise(np.ones(12), (2,))
    np.testing.assert_array_equal(first.means, kept)


@pytest.mark.parametrize("block", [(), (1, 1), (0,), (-1,)])
def test_a_block_that_does_not_fit(block):
    with pytest.raises(ValueError, match="positive size for each of the 1 axes"):
        summarise(np.ones(3), block)


@pytest.mark.parametrize(
    "array", [np.array(["a"]), np.array([None]), np.zeros(2, "M8[s]"), np.zeros(2, "m8[s]"), np.zeros(2, [("a", "f4")])]
)
def test_what_is_not_a_number(array):
    with pytest.raises(TypeError, match="must be numbers"):
        summarise(array, (1,))
    with pytest.raises(TypeError, match="must be numbers"):
        histogram(array)


@settings(max_examples=100, deadline=None)
@given(cases(), st.integers(1, 40))
def test_histogram_like_numpy(case, bins):
    array = case[0]
    values = plain(array).astype("float64")
    values = values[np.isfinite(values)]
    found = histogram(array, bins)
    assert found.exact
    assert found.of == found.counts.sum() == len(values)
    assert (found.counts.shape, found.counts.dtype) == ((bins,), np.dtype("int64"))
    if not len(values):
        assert found.edges.shape == (0,)
    elif np.ptp(values) > 1e-9 * np.abs(values).max():
        counts, edges = np.histogram(values, bins)
        np.testing.assert_array_equal(found.counts, counts)
        np.testing.assert_allclose(found.edges, edges)
    else:
        assert found.edges[0] <= values.min() <= values.max() <= found.edges[-1]
        assert (np.diff(found.edges) > 0).all()


@pytest.mark.parametrize("value", [0.0, 3.0, -1e20, 1e300, 5e-324, -1.7e308])
def test_histogram_of_one_value(value):
    found = histogram(np.array([value] * 3))
    assert found.of == 3 == found.counts.max()
    assert found.edges[0] <= value <= found.edges[-1]
    assert (np.diff(found.edges) > 0).all()


def test_histogram_of_narrow_and_wide_ranges():
    assert histogram(np.array([1e16, 1e16 + 2]), 32).counts.sum() == 2
    assert histogram(np.array([0, 5e-324]), 32).counts.sum() == 2
    wide = histogram(np.array([-1.7e308, 0, 1.7e308]), 3)
    np.testing.assert_array_equal(wide.counts, [1, 1, 1])
    np.testing.assert_allclose(wide.edges[[0, -1]], [-1.7e308, 1.7e308])


def test_histogram_sample():
    values = np.arange(10**6, dtype="float64")
    found = histogram(values, 10, most=5000)
    assert not found.exact
    assert 4000 < found.of <= 5000
    np.testing.assert_allclose(found.counts, found.of / 10, atol=1)
    assert found.edges[0] == 0 and found.edges[-1] > 0.999e6
    assert histogram(values[:5000], most=5000).exact
    assert not histogram(values[:5001], most=5000).exact


def test_histogram_sample_sees_every_column():
    table = np.broadcast_to(np.arange(64.0), (2**14, 64))
    np.testing.assert_allclose(histogram(table, 64).counts / 2**16, 1 / 64, rtol=0.1)


def test_histogram_counts_only_finite_elements():
    found = histogram(np.array([np.nan, 1, np.inf, 2, -np.inf]), 2)
    np.testing.assert_array_equal(found.counts, [1, 1])
    assert (found.of, found.exact) == (2, True)


@pytest.mark.parametrize(("bins", "most"), [(0, 1), (1, 0)])
def test_histogram_of_nothing(bins, most):
    with pytest.raises(ValueError, match="at least 1"):
        histogram(np.ones(3), bins, most)
