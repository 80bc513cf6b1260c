"""Every kind of value take() reads, against numpy; every kind it refuses, with the sentence that says where."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import fractions
import re
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec

import keras
import ml_dtypes
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from firstepoch.widgets.tensor.take import TensorError, take

INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
NUMBERS = ["bool", *INTEGERS, "float16", "float32", "float64", "longdouble", "complex64", "complex128"]


def numbers(dtype, shape=(2, 3)):
    if dtype == "bool":
        return np.arange(np.prod(shape)).reshape(shape) % 2 == 0
    values = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    if dtype in INTEGERS:
        values.flat[:2] = np.iinfo(dtype).min, np.iinfo(dtype).max
    elif values.dtype.kind == "c":
        values = values + np.asarray(1j, dtype)
    else:
        values.flat[:3] = np.nan, np.inf, 0.1
    return values


def same(tensor, expected):
    np.testing.assert_array_equal(tensor.array, expected)
    assert isinstance(tensor.array, np.ndarray)
    assert tensor.array.dtype == expected.dtype and tensor.array.shape == expected.shape
    return True


def refused(value, sentence, **names):
    with pytest.raises(TensorError) as found:
        take(value, **names)
    assert re.search(sentence, str(found.value)), str(found.value)


# Numbers, text and nested lists.


@pytest.mark.parametrize(
    ("value", "dtype", "source"),
    [
        (7, "int64", "int"),
        (True, "bool", "bool"),
        (0.1, "float64", "float"),
        (1 - 2j, "complex128", "complex"),
        (2**63, "uint64", "int"),
        (np.float32(0.1), "float32", "numpy.float32"),
        (np.int8(-5), "int8", "numpy.int8"),
        (np.bool_(False), "bool", f"numpy.{np.bool_.__name__}"),
    ],
)
def test_a_number_is_a_tensor_of_rank_0(value, dtype, source):
    tensor = take(value)
    assert same(tensor, np.asarray(value))
    assert (tensor.dtype, tensor.source, tensor.axes, tensor.labels) == (dtype, source, (), {})


@pytest.mark.parametrize("value", [Decimal("0.1"), fractions.Fraction(1, 4), [2**70, -1], [Decimal(1), 2.5]])
def test_numbers_numpy_has_no_type_for_become_float64(value):
    tensor = take(value)
    assert same(tensor, np.asarray(value, dtype=object).astype(np.float64))
    assert tensor.dtype == "object"


def test_a_number_beyond_float64_is_refused():
    refused([1, 10**400], "too large for float64")


@pytest.mark.parametrize(
    "value",
    [
        [1, 2, 3],
        (1.5, 2),
        range(5),
        [True, False],
        [1, True],
        [[1, 2], (3, 4)],
        [range(2), [2, 3]],
        [[[1], [2]], [[3], [4]]],
        [1, 2.5, 3j],
        [[1, 2], [3, 4.5]],
        [["a", "bb"], ["", "dé"]],
        [np.float32(1), 2],
        [np.array(1), 2],
        [np.arange(3), np.arange(3)],
        [[1, 2], np.array([3, 4])],
        [np.array([[1, 2]]), [(3, 4)]],
        [[1, 2], [np.int8(3), 4]],
        [2**63, 1],
    ],
)
def test_nested_lists_are_what_numpy_makes_of_them(value):
    tensor = take(value)
    assert same(tensor, np.asarray(value))
    assert tensor.source == type(value).__name__
    assert tensor.axes == tuple(f"axis {axis}" for axis in range(np.ndim(value)))


@pytest.mark.parametrize("value", [[], [[]], [[], []], [[[], []]], [[[]], [[]], [[]]], (), range(0)])
def test_lists_without_elements_keep_their_shape(value):
    assert same(take(value), np.asarray(value))


def test_text_is_taken_as_text():
    for value in ("day", ["a", "bb"], [["a"], ["b"]]):
        assert same(take(value), np.asarray(value))
        assert take(value).dtype == "string"
    assert take(b"day").array == "day" and take(b"day").array.shape == ()
    assert take([b"a", b"b\xc3\xa9"]).array.tolist() == ["a", "bé"]
    assert take(np.array([b"a", b"\xff"])).array.tolist() == ["a", "\N{REPLACEMENT CHARACTER}"]
    assert same(take(np.array([["a", "bb"]], np.dtypes.StringDType())), np.array([["a", "bb"]]))
    assert same(take(np.array([["a", b"bb"]], object)), np.array([["a", "bb"]]))
    assert take(np.zeros((0, 2), "S3")).array.shape == (0, 2)


def nested(least):
    return st.tuples(st.lists(st.integers(1, 4), min_size=least, max_size=4).map(tuple), st.integers(0, 2**32))


def listed(array, rng):
    """The array as lists, tuples and arrays inside one another, as it comes."""
    if array.ndim == 0:
        return array.item() if rng.random() < 0.8 else array[()]
    if rng.random() < 0.2:
        return array
    parts = [listed(part, rng) for part in array]
    return tuple(parts) if rng.random() < 0.3 else parts


@settings(max_examples=150, deadline=None)
@given(nested(1))
def test_lists_tuples_and_arrays_inside_one_another_are_one_tensor(drawn):
    shape, seed = drawn
    rng = np.random.default_rng(seed)
    array = rng.integers(-9, 9, shape)
    assert same(take([listed(part, rng) for part in array]), array)


@settings(max_examples=200, deadline=None)
@given(nested(2), st.data())
def test_a_ragged_list_is_refused_with_the_exact_place(drawn, data):
    shape, seed = drawn
    deep = [depth for depth in range(1, len(shape)) if np.prod(shape[:depth]) > 1]
    if not deep:
        return
    rng = np.random.default_rng(seed)
    value = rng.normal(size=shape).tolist()
    path = tuple(data.draw(st.integers(0, size - 1)) for size in shape[: data.draw(st.sampled_from(deep))])
    part = value
    for index in path:
        part = part[index]
    size, wrong = len(part), data.draw(st.sampled_from(["short", "long", "number"]))
    if wrong == "short":
        del part[-1]
    elif wrong == "long":
        part.append(part[0])
    else:
        above = value
        for index in path[:-1]:
            above = above[index]
        above[path[-1]] = 1.5
    count = {"short": size - 1, "long": size + 1}.get(wrong)
    said = "is a single element" if count is None else f"has {count} element{'' if count == 1 else 's'}"
    place = re.escape(f"x[{', '.join(map(str, path))}]")
    other = rf"x\[[\d, ]+\] has {size} element{'' if size == 1 else 's'}"
    refused(value, rf"^This list is ragged: ({place} {said}, {other}|{other}, {place} {said})\. A tensor has")


def test_what_a_list_may_not_hold_is_said_with_its_place():
    refused([[1, 2], [3]], r"x\[1\] has 1 element, x\[0\] has 2 elements")
    refused([[1, 2], [3, [4]]], r"x\[1, 1\] has 1 element, x\[0, 0\] is a single element")
    refused([np.zeros(2), np.zeros(3)], r"x\[1\] has 3 elements, x\[0\] has 2 elements")
    refused([np.zeros((2, 2)), np.zeros((2, 3))], r"x\[1, 0\] has 3 elements, x\[0, 0\] has 2 elements")
    refused([[1, 2], np.zeros((2, 1))], r"x\[1, 0\] has 1 element, x\[0, 0\] is a single element")
    refused([tf.zeros(2), tf.zeros(3)], r"x\[1\] has 3 elements")
    refused([[1, 2], [3, None]], r"x\[1, 1\] is None: the elements of a tensor are numbers or text")
    refused([[1, {2}]], r"x\[0, 1\] is set \{2\}")
    refused([1, object()], r"x\[1\] is object <object object at 0x.*\.\.\.: ")
    refused([[1, 2], [3, "a"]], r"x\[1, 1\] is text, the elements before it are numbers: .* have one type")
    refused(["a", 1.5], r"x\[1\] is a number, the elements before it are text")
    refused([keras.Input((2,))], "cannot make a tensor of this list: .*symbolic")


# numpy.


@pytest.mark.parametrize("dtype", NUMBERS)
def test_every_number_type_of_numpy_is_kept_and_its_memory_shared(dtype):
    array = numbers(dtype)
    tensor = take(array)
    assert same(tensor, array) and np.shares_memory(tensor.array, array)
    assert (tensor.dtype, tensor.source) == (str(array.dtype), "numpy.ndarray")
    assert same(take(array[0, 0]), np.asarray(array[0, 0]))


@pytest.mark.parametrize(
    "array",
    [
        np.array(5.0),
        np.asfortranarray(numbers("float32", (3, 4))),
        numbers("int16", (4, 5))[::-1, ::-2],
        numbers("float64", (4, 5)).T,
        numbers("float64", (4, 5)).astype(">f8"),
        np.broadcast_to(np.float32(2), (3, 4)),
        numbers("int32", (2, 3, 4, 5))[:, 1:, ::2],
    ],
    ids=["0-d", "Fortran", "negative strides", "transposed", "big-endian", "broadcast", "part"],
)
def test_arrays_of_every_layout_are_seen_in_place(array):
    tensor = take(array)
    assert same(tensor, array) and np.shares_memory(tensor.array, array)
    assert tensor.array.strides == array.strides


def test_a_read_only_array_is_taken_and_stays_so():
    array = numbers("float32")
    array.flags.writeable = False
    assert same(take(array), array) and not take(array).array.flags.writeable


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (2, 0, 4), (0, 0), (1, 2, 3, 0, 5)])
def test_empty_tensors_keep_their_shape(shape):
    for dtype in ("float32", "int64", "bool", "U3", object):
        tensor = take(np.zeros(shape, dtype))
        assert tensor.array.shape == shape and tensor.array.size == 0
        assert tensor.axes == tuple(f"axis {axis}" for axis in range(len(shape)))


@pytest.mark.parametrize("unit", ["D", "s", "ns"])
def test_dates_and_durations_are_text(unit):
    dates = np.array(["2020-02-29", "NaT"], f"M8[{unit}]")
    assert take(dates).array.tolist() == dates.astype(str).tolist()
    assert take(dates).dtype == f"datetime64[{unit}]"
    assert take([dates[0]]).array.tolist() == [str(dates[0])]
    spans = np.array([1, 2], f"m8[{unit}]")
    assert take(spans).array.tolist() == spans.astype(str).tolist()
    assert take(spans).dtype == f"timedelta64[{unit}]"


def test_arrays_of_objects_become_numbers_or_text():
    assert same(take(np.array([[1, 2.5], [True, 2**70]], object)), np.array([[1, 2.5], [1, 2.0**70]]))
    assert same(take(np.array([1, 2j], object)), np.array([1, 2j]))
    assert take(np.array([1, 2j], object)).dtype == "object"
    assert same(take(np.array([["a", "bb"]], object)), np.array([["a", "bb"]]))
    refused(np.array([[1, 2], [None, 3]], object), r"x\[1, 0\] is None: .* numbers, all of one type")
    refused(np.array([1, "a"], object), r"x\[1\] is str 'a'")
    refused(np.array([[1, 2], [3]], object), r"x\[0\] is list \[1, 2\]")


def test_records_and_raw_bytes_are_refused():
    records = np.zeros(2, [("age", int), ("pulse", float)])
    refused(records, r"records with the fields age, pulse\. Show one field: x\['age'\]")
    refused(records[0], "fields age, pulse")
    assert same(take(records["age"]), records["age"])
    refused(np.zeros(2, "V3"), r"holds \|V3: the elements of a tensor are numbers or text")


def test_masked_elements_are_nan():
    masked = np.ma.array([[1, 2], [3, 4]], mask=[[0, 1], [0, 0]])
    assert same(take(masked), np.array([[1, np.nan], [3, 4]]))
    assert take(masked).source == "numpy.ma.MaskedArray"
    assert same(take(masked.astype("float32")), np.array([[1, np.nan], [3, 4]], "float32"))
    assert same(take(np.ma.array([1 + 2j, 3], mask=[0, 1])), np.array([1 + 2j, np.nan]))
    assert same(take(np.ma.array([True, True], mask=[1, 0])), np.array([np.nan, 1]))
    assert same(take(np.ma.array([2**60 + 1, 3])), np.array([2**60 + 1, 3]))
    assert same(take(np.ma.array(["a", "b"])), np.array(["a", "b"]))
    refused(np.ma.array(["a", "b"], mask=[0, 1]), r"<U1 has no NaN .* Try x\.filled\(\)")


def test_a_rank_beyond_32_is_refused():
    assert take(np.zeros((1,) * 32)).array.ndim == 32
    refused(np.zeros((1,) * 33), "rank 33; up to rank 32")


# TensorFlow and Keras.


@pytest.mark.parametrize("dtype", ["bool", *INTEGERS, "float16", "float32", "float64", "complex64", "complex128"])
def test_tensors_and_variables_of_tensorflow_equal_their_numpy(dtype):
    array = numbers(dtype)
    for value, source in ((tf.constant(array), "tf.Tensor"), (tf.Variable(array), "tf.Variable")):
        assert same(take(value), array)
        assert (take(value).dtype, take(value).source) == (dtype, source)


def test_bfloat16_is_kept():
    array = np.array([[0.1, np.nan], [3e38, -2]], ml_dtypes.bfloat16)
    for value in (tf.constant(array), tf.Variable(array), array):
        tensor = take(value)
        assert tensor.dtype == "bfloat16" and tensor.array.dtype == array.dtype
        np.testing.assert_array_equal(tensor.array.astype(np.float32), array.astype(np.float32))


def test_text_of_tensorflow_is_decoded():
    assert take(tf.constant([["a", "bé"]])).array.tolist() == [["a", "bé"]]
    scalar = take(tf.constant("bé"))
    assert (scalar.array.shape, scalar.array.item(), scalar.dtype, scalar.source) == ((), "bé", "string", "tf.Tensor")


def test_ragged_and_sparse_tensors_are_refused_with_the_way_out():
    refused(tf.ragged.constant([[1], [2, 3], []]), r"rows have 1, 2, 0 elements, .* Try \.to_tensor\(\)")
    refused(tf.ragged.constant([[1]] * 6 + [[1, 2]]), r"rows have 1, 1, 1, 1, 1\.\.\. elements")
    refused(tf.sparse.from_dense([[1, 0], [0, 2]]), r"sparse tensor\. Try tf\.sparse\.to_dense\(x\)")


def test_variables_of_keras_are_taken_and_symbolic_tensors_refused():
    variable = keras.Variable([[1.0, 2.0]])
    assert same(take(variable), np.array([[1, 2]], "float32")) and take(variable).source == "keras.Variable"
    refused(keras.Input((3,)), "This KerasTensor has no values yet: it is symbolic")
    refused(keras.layers.Dense(2), "A Dense is no tensor")
    said = []

    @tf.function
    def traced(x):
        with pytest.raises(TensorError) as found:
            take(x)
        said.append(str(found.value))
        return x

    traced(tf.constant([1.0]))
    assert "no values yet: it is symbolic" in said[0]


# pandas.


def test_a_table_is_rows_and_columns_with_their_names():
    table = pd.DataFrame({"age": [63, 41], "pulse": [150, 172]})
    tensor = take(table)
    assert same(tensor, table.to_numpy())
    assert (tensor.source, tensor.dtype) == ("pandas.DataFrame", "int64")
    assert tensor.axes == ("rows", "columns") and tensor.labels == {1: ("age", "pulse")}
    assert take(table.set_index(pd.Index(["Ann", "Bo"]))).labels == {0: ("Ann", "Bo"), 1: ("age", "pulse")}


def test_a_series_has_the_labels_of_its_index():
    series = pd.Series([1.5, np.nan], index=["a", "b"], name="oldpeak")
    tensor = take(series)
    assert same(tensor, series.to_numpy())
    assert (tensor.axes, tensor.labels, tensor.source) == (("rows",), {0: ("a", "b")}, "pandas.Series")
    assert take(pd.Series([1, 2])).labels == {}


@pytest.mark.parametrize("dtype", ["bool", "int8", "int64", "uint64", "float32", "float64", "complex128"])
def test_columns_of_one_type_keep_it(dtype):
    array = numbers(dtype, (3, 2))
    assert same(take(pd.DataFrame(array)), array) and same(take(pd.Series(array[:, 0])), array[:, 0])


def test_columns_of_several_number_types_become_one():
    table = pd.DataFrame({"a": [1, 2], "b": [0.5, np.nan], "c": np.array([1, 2], "float32")})
    assert same(take(table), table.to_numpy())
    assert same(take(pd.DataFrame({"a": [True, False], "b": [2, 3]})), np.array([[1.0, 2], [0, 3]]))
    assert same(take(pd.DataFrame({"a": [True, False], "b": [2j, 3]})), np.array([[1, 2j], [0, 3]]))


def test_columns_with_one_name_are_all_taken():
    assert same(take(pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"])), np.array([[1, 2], [3, 4]]))
    refused(pd.DataFrame([[1, "x"]], columns=["a", "a"]).infer_objects(), r"The column 'a' holds no numbers")


def test_numbers_in_columns_of_objects_are_numbers():
    assert same(take(pd.Series([1, 2], dtype=object)), np.array([1, 2]))
    assert same(take(pd.DataFrame({"a": pd.Series([1, 2.5], dtype=object), "b": [3, 4]})), np.array([[1, 3], [2.5, 4]]))


@pytest.mark.parametrize(
    ("dtype", "values", "plain"),
    [
        ("Int64", [1, None], "float64"),
        ("Int64", [1, 2**60 + 1], "int64"),
        ("UInt8", [1, None], "float64"),
        ("Float32", [1.5, None], "float64"),
        ("Float32", [1.5, 2.5], "float32"),
        ("boolean", [True, None], "float64"),
        ("boolean", [True, False], "bool"),
    ],
)
def test_nullable_types_are_plain_numbers_and_what_is_missing_is_nan(dtype, values, plain):
    expected = np.array([np.nan if value is None else value for value in values], plain)
    assert same(take(pd.Series(values, dtype=dtype)), expected)
    assert same(take(pd.DataFrame({"a": pd.array(values, dtype=dtype)})), expected[:, None])
    beside = pd.DataFrame({"a": pd.array(values, dtype=dtype), "b": [0.5, 1.5]})
    np.testing.assert_array_equal(take(beside).array, np.stack([expected, [0.5, 1.5]], 1))


def test_a_text_column_among_numbers_is_named():
    table = pd.DataFrame({"age": [63, 41], "sex": ["f", "m"], "place": ["a", "b"]})
    refused(table, r"The column 'sex' holds no numbers .* Try table\.select_dtypes\('number'\)")
    assert same(take(table[["sex", "place"]]), np.array([["f", "a"], ["m", "b"]]))
    assert same(take(table.select_dtypes("number")), np.array([[63], [41]]))
    assert take(table[["sex"]]).dtype == "string"
    dated = pd.DataFrame({"day": pd.to_datetime(["2020-02-29"]), "n": [1]})
    refused(dated, r"The column 'day' holds no numbers \(datetime64")
    assert take(dated["day"]).array.tolist() == ["2020-02-29"]


def test_tables_without_elements_keep_their_shape():
    assert take(pd.DataFrame(index=range(3))).array.shape == (3, 0)
    assert take(pd.DataFrame({"a": [], "b": []})).array.shape == (0, 2)
    assert take(pd.Series([], dtype="float32")).array.shape == (0,)


# Other libraries.


class Holder:
    """Something with `__array__`, as JAX, CuPy and others have it."""

    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None, copy=None):
        return self.array if dtype is None else self.array.astype(dtype)


class Exchanged:
    """Something with the DLPack protocol and nothing else."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


@pytest.mark.parametrize("kind", [Holder, Exchanged])
def test_objects_with_an_array_protocol_are_taken(kind):
    array = numbers("float32", (2, 3, 4))
    tensor = take(kind(array))
    assert same(tensor, array) and np.shares_memory(tensor.array, array)
    assert tensor.source.endswith(f".{kind.__name__}")
    assert same(take([Holder(np.arange(3)), Holder(np.arange(3))]), np.array([[0, 1, 2], [0, 1, 2]]))


class FakeTorch:
    """What take() asks of a tensor of PyTorch; as there, numpy() refuses gradients and bfloat16."""

    def __init__(self, array, dtype, steps=()):
        self.array, self.dtype, self.shape, self.steps = array, f"torch.{dtype}", array.shape, steps

    def detach(self):
        return type(self)(self.array, self.dtype.removeprefix("torch."), (*self.steps, "detach"))

    def cpu(self):
        return type(self)(self.array, self.dtype.removeprefix("torch."), (*self.steps, "cpu"))

    def resolve_conj(self):
        return self

    def resolve_neg(self):
        return self

    def float(self):
        return type(self)(self.array, "float32", self.steps)

    def numpy(self):
        if not {"detach", "cpu"} <= set(self.steps) or self.dtype == "torch.bfloat16":
            raise TypeError("Can't call numpy() on this tensor.")
        return self.array


FakeTorch.__name__, FakeTorch.__module__ = "Tensor", "torch"


def test_tensors_of_pytorch_are_taken_without_their_gradient():
    torch = import_module("torch") if find_spec("torch") else None
    array = np.array([[0.5, 1.5]], "float32")
    value = torch.tensor(array, requires_grad=True) if torch else FakeTorch(array, "float32")
    assert same(take(value), array) and take(value).source == "torch.Tensor"
    half = torch.tensor(array, dtype=torch.bfloat16) if torch else FakeTorch(array, "bfloat16")
    assert same(take(half), array) and take(half).dtype == "bfloat16"


def test_arrays_of_jax_are_taken():
    array = np.arange(6, dtype="float32").reshape(2, 3)
    if find_spec("jax"):
        value = import_module("jax.numpy").asarray(array)
    else:
        kind = type("ArrayImpl", (Holder,), {"__module__": "jaxlib._jax"})
        value = kind(array)
    assert same(take(value), array)
    assert take(value).source == f"{type(value).__module__.split('.')[0]}.ArrayImpl"


@pytest.mark.parametrize("value", [None, {1: 2}, {1, 2}, object(), (one for one in [1]), print, int])
def test_what_is_no_tensor_is_refused(value):
    refused(value, rf"^A {type(value).__name__} is no tensor\. Give a number, nested lists, a numpy array")


# Names.


def test_axes_and_entries_get_their_names():
    array = np.zeros((2, 3, 4))
    assert take(array).axes == ("axis 0", "axis 1", "axis 2")
    assert take(array, axes=["samples", "rows", "columns"]).axes == ("samples", "rows", "columns")
    assert take(array, axes=" samples ,rows,  columns").axes == ("samples", "rows", "columns")
    assert take(5, axes=[]).axes == ()
    assert take(array, names="abcd").labels == {2: ("a", "b", "c", "d")}
    assert take(array, names=range(4)).labels == {2: ("0", "1", "2", "3")}
    named = take(array, names={0: ["x", "y"], -2: ["p", "q", "r"], np.int64(2): "abcd"})
    assert named.labels == {0: ("x", "y"), 1: ("p", "q", "r"), 2: ("a", "b", "c", "d")}
    table = pd.DataFrame({"age": [63, 41]}, index=["Ann", "Bo"])
    assert take(table, axes="patient, feature").axes == ("patient", "feature")
    assert take(table, names={1: ["years"]}).labels == {0: ("Ann", "Bo"), 1: ("years",)}


def test_names_that_do_not_fit_are_refused():
    array = np.zeros((2, 3))
    refused(array, r"axes names 3 axes \(a, b, c\); a tensor of shape \(2, 3\) has 2", axes="a, b, c")
    refused(5, r"axes names 1 axes \(a\); a tensor of shape \(\) has 0", axes=["a"])
    refused(array, r"Every axis needs a name of its own; got axes = 'a', 'a'", axes=["a", "a"])
    refused(array, r"Every axis needs a name of its own; got axes = 'a', ''", axes="a,")
    refused(array, r"names gives 2 labels for axis -1, which has 3 entries \(shape \(2, 3\)\)", names=["a", "b"])
    refused(array, r"names gives 1 labels for axis 0, which has 2 entries", names={0: ["a"]})
    refused(array, r"names speaks of axis 2; a tensor of shape \(2, 3\) has rank 2", names={2: ["a"]})
    refused(array, r"names speaks of axis -3", names={-3: ["a"]})
    refused(array, r"names speaks of axis 'rows'", names={"rows": ["a", "b"]})
    refused(5, r"names speaks of axis -1; a tensor of shape \(\) has rank 0", names=["a"])


def test_a_tensor_that_was_taken_is_taken_as_it_is():
    tensor = take([1, 2], names=["a", "b"])
    assert take(tensor) is tensor
