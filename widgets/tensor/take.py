"""Anything array-like becomes one numpy array with the names of its axes; what cannot is refused, naming where."""

from __future__ import annotations

import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd


class TensorError(ValueError):
    """A value that is no tensor, or names that do not fit it; the message says where and what to try."""


@dataclass(frozen=True)
class Tensor:
    """A value as numpy sees it.

    Attributes:
        array: The elements; memory is shared with the value where its library allows it.
        dtype: The element type as the value's own library names it, for example "bfloat16" or "string".
        source: What the value was, for example "tf.Tensor" or "list".
        axes: One name an axis; "axis 0" where none is known.
        labels: Axis number to one label an entry, for example the column names of a table.
    """

    array: np.ndarray
    dtype: str
    source: str
    axes: tuple[str, ...]
    labels: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def take(value: Any, axes: Sequence[str] | str | None = None, names: Any = None) -> Tensor:
    """Read a value as a tensor.

    Args:
        value: A number, nested lists, a numpy array, a tensor or variable of TensorFlow, Keras, PyTorch or JAX, a
            pandas Series or DataFrame, or an object with `__array__` or `__dlpack__`.
        axes: Names of the axes, as a sequence or as "samples, height, width, channels". Default: the value's own
            ("rows, columns" of a DataFrame), or "axis 0", "axis 1" and so on.
        names: Labels of the entries: a sequence for the last axis, or a mapping from axis to sequence.

    Returns:
        The tensor.

    Raises:
        TensorError: The value is ragged, holds something that is no number or text, or the names do not fit.
    """
    if isinstance(value, Tensor):
        return value
    array, dtype, source = _array(value)
    if array.ndim > 32:
        raise TensorError(f"This tensor has rank {array.ndim}; up to rank 32 can be shown.")
    own_axes, own_labels = _pandas_names(value)
    given = [part.strip() for part in axes.split(",")] if isinstance(axes, str) else axes
    named = tuple(str(name) for name in given) if given is not None else own_axes
    if named is None:
        named = tuple(f"axis {axis}" for axis in range(array.ndim))
    if len(named) != array.ndim:
        raise TensorError(
            f"axes names {len(named)} axes ({', '.join(named)}); a tensor of shape {array.shape} has {array.ndim}."
        )
    if len(set(named)) != len(named) or "" in named:
        raise TensorError(f"Every axis needs a name of its own; got axes = {', '.join(map(repr, named))}.")
    return Tensor(array, dtype, source, named, {**own_labels, **_labels(names, array.shape)})


def _array(value: Any) -> tuple[np.ndarray, str, str]:
    """The array, the name of its element type, and what the value was."""
    library = type(value).__module__.split(".")[0]
    kind = type(value).__name__
    if isinstance(value, (pd.DataFrame, pd.Series)):
        return _of_pandas(value)
    if hasattr(value, "row_splits") and hasattr(value, "to_tensor"):
        lengths = np.asarray(value.row_lengths()).tolist()
        raise TensorError(
            f"This is a ragged tensor: its rows have {_few(lengths)} elements, a tensor has the same number in each. "
            "Try .to_tensor(), which fills the gaps."
        )
    if hasattr(value, "dense_shape") and hasattr(value, "indices"):
        raise TensorError("This is a sparse tensor. Try tf.sparse.to_dense(x).")
    if library == "torch":
        return _of_torch(value)
    if isinstance(value, np.ma.MaskedArray):
        return _of_masked(value)
    if isinstance(value, (np.ndarray, np.generic)):
        return _checked(np.asarray(value), f"numpy.{kind}")
    if isinstance(value, (list, tuple, range)):
        return _of_list(value)
    if isinstance(value, (numbers.Number, str, bytes)):
        return _checked(np.asarray(value), kind)
    if hasattr(value, "numpy") or hasattr(value, "__array__"):
        source = {"tensorflow": "tf.Variable" if "Variable" in kind else "tf.Tensor", "keras": "keras.Variable"}
        try:
            array = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
        except (NotImplementedError, AttributeError, TypeError, ValueError) as error:
            raise TensorError(f"This {kind} has no values yet: it is symbolic. Show what a model returns.") from error
        return _checked(array, source.get(library, f"{library}.{kind}"))
    if hasattr(value, "__dlpack__"):
        return _checked(np.from_dlpack(value), f"{library}.{kind}")
    raise TensorError(
        f"A {kind} is no tensor. Give a number, nested lists, a numpy array, a tensor of TensorFlow, Keras, PyTorch "
        "or JAX, or a pandas Series or DataFrame."
    )


def _of_torch(value: Any) -> tuple[np.ndarray, str, str]:
    name = str(value.dtype).removeprefix("torch.")
    plain = value.detach().cpu().resolve_conj().resolve_neg()
    if name == "bfloat16":
        plain = plain.float()
    return _checked(plain.numpy(), "torch.Tensor", name)


def _of_masked(value: np.ma.MaskedArray) -> tuple[np.ndarray, str, str]:
    source, kind = "numpy.ma.MaskedArray", value.dtype.kind
    if not np.ma.is_masked(value):
        return _checked(value.data, source)
    if kind not in "biufc":
        raise TensorError(f"{value.dtype} has no NaN to stand for what is masked here. Try x.filled() with a value.")
    return _checked(np.ma.filled(value if kind in "fc" else value.astype(np.float64), np.nan), source)


def _of_pandas(value: pd.DataFrame | pd.Series) -> tuple[np.ndarray, str, str]:
    table = value.to_frame() if isinstance(value, pd.Series) else value
    source = f"pandas.{type(value).__name__}"
    if any(kind.kind == "O" for kind in table.dtypes):
        table = table.infer_objects()
    # By position: several columns may have one name.
    text = [column for column, kind in enumerate(table.dtypes) if not pd.api.types.is_numeric_dtype(kind)]
    if text and len(text) < table.shape[1]:
        raise TensorError(
            f"The column {str(table.columns[text[0]])!r} holds no numbers ({table.dtypes.iloc[text[0]]}); all elements "
            "of a tensor have one type. Try table.select_dtypes('number')."
        )
    if text:
        array = table.astype(str).to_numpy(dtype=str)
    elif any(map(pd.api.types.is_extension_array_dtype, table.dtypes)) and table.isna().to_numpy().any():
        array = table.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        array = table.to_numpy()
        array = _of_objects(array, source)[0] if array.dtype == object else array
    return _checked(array[:, 0] if isinstance(value, pd.Series) else array, source)


def _of_list(value: Sequence[Any]) -> tuple[np.ndarray, str, str]:
    _check_regular(value)
    try:
        array = np.asarray(value)
    except (ValueError, TypeError) as error:
        raise TensorError(f"numpy cannot make a tensor of this list: {error}") from error
    if array.dtype.kind in "US":
        _check_all_text(np.asarray(value, dtype=object))
    return _checked(array, type(value).__name__)


def _check_regular(value: Any) -> None:
    """Find the first place where nested lists differ in length or depth, or hold what is no element."""
    expected: dict[int, tuple[int | None, tuple[int, ...]]] = {}

    def meet(size: int | None, path: tuple[int, ...]) -> None:
        first, at = expected.setdefault(len(path), (size, path))
        if size != first:
            raise TensorError(
                f"This list is ragged: x{_indices(path)} {_words(size)}, x{_indices(at)} {_words(first)}. "
                "A tensor has as many elements in every row. Fill the short ones, or cut the long ones."
            )

    def walk(part: Any, path: tuple[int, ...]) -> None:
        if isinstance(part, (list, tuple, range)):
            meet(len(part), path)
            below = len(path) + 1
            if not (part and all(type(one) in (int, float, bool) for one in part) and below in expected):
                for number, child in enumerate(part):
                    walk(child, (*path, number))
            elif expected[below][0] is not None:
                walk(part[0], (*path, 0))
            return
        for size in np.shape(part) if hasattr(part, "shape") else ():
            meet(size, path)
            path = (*path, 0)
        meet(None, path)
        if not (isinstance(part, (numbers.Number, str, bytes, np.generic)) or hasattr(part, "__array__")):
            raise TensorError(f"x{_indices(path)} is {_shown(part)}: the elements of a tensor are numbers or text.")

    walk(value, ())


def _check_all_text(array: np.ndarray) -> None:
    texts = [isinstance(one, (str, bytes)) for one in array.flat]
    if not all(texts):
        where = np.unravel_index(texts.index(not texts[0]), array.shape)
        raise TensorError(
            f"x{_indices(tuple(int(index) for index in where))} is {'a number' if texts[0] else 'text'}, the elements "
            f"before it are {'text' if texts[0] else 'numbers'}: all elements of a tensor have one type."
        )


def _checked(array: np.ndarray, source: str, dtype: str | None = None) -> tuple[np.ndarray, str, str]:
    """Arrays of objects become numbers or text; what holds neither is refused."""
    if array.dtype.names:
        raise TensorError(
            f"This array holds records with the fields {', '.join(array.dtype.names)}. Show one field: "
            f"x[{array.dtype.names[0]!r}]."
        )
    kind = array.dtype.kind
    if kind in "Mm":
        return array.astype(str), dtype or str(array.dtype), source
    if kind == "S":
        return np.char.decode(array, "utf-8", "replace"), dtype or "string", source
    if kind in "UT":
        plain = np.array(array.tolist(), str).reshape(array.shape) if kind == "T" else array
        return plain, dtype or "string", source
    if kind == "V" and not np.can_cast(array.dtype, np.float32):
        raise TensorError(f"This array holds {array.dtype}: the elements of a tensor are numbers or text.")
    if kind == "O":
        return _of_objects(array, source)
    return array, dtype or str(array.dtype), source


def _of_objects(array: np.ndarray, source: str) -> tuple[np.ndarray, str, str]:
    elements = list(array.flat)
    if elements and all(isinstance(one, (str, bytes)) for one in elements):
        plain = [one.decode("utf-8", "replace") if isinstance(one, bytes) else one for one in elements]
        return np.array(plain, dtype=str).reshape(array.shape), "string", source
    for number, one in enumerate(elements):
        if not isinstance(one, numbers.Number):
            where = np.unravel_index(number, array.shape)
            raise TensorError(
                f"x{_indices(tuple(int(index) for index in where))} is {_shown(one)}: the elements of a tensor are "
                "numbers, all of one type."
            )
    try:
        return np.array(elements, dtype=np.float64).reshape(array.shape), "object", source
    except OverflowError as error:
        raise TensorError("A number of this tensor is too large for float64.") from error
    except (TypeError, ValueError):
        return np.array(elements, dtype=np.complex128).reshape(array.shape), "object", source


def _pandas_names(value: Any) -> tuple[tuple[str, ...] | None, dict[int, tuple[str, ...]]]:
    if not isinstance(value, (pd.DataFrame, pd.Series)):
        return None, {}
    labels = {}
    if not isinstance(value.index, pd.RangeIndex):
        labels[0] = tuple(map(str, value.index))
    if isinstance(value, pd.Series):
        return ("rows",), labels
    labels[1] = tuple(map(str, value.columns))
    return ("rows", "columns"), labels


def _labels(names: Any, shape: tuple[int, ...]) -> dict[int, tuple[str, ...]]:
    if names is None:
        return {}
    given = names if isinstance(names, Mapping) else {-1: names}
    labels = {}
    for axis, entries in given.items():
        if not isinstance(axis, (int, np.integer)) or not -len(shape) <= axis < len(shape):
            raise TensorError(f"names speaks of axis {axis!r}; a tensor of shape {shape} has rank {len(shape)}.")
        listed = tuple(map(str, entries))
        if len(listed) != shape[axis]:
            raise TensorError(
                f"names gives {len(listed)} labels for axis {axis}, which has {shape[axis]} entries (shape {shape})."
            )
        labels[int(axis) % len(shape)] = listed
    return labels


def _indices(path: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, path))}]" if path else ""


def _words(size: int | None) -> str:
    return "is a single element" if size is None else f"has {size} element{'' if size == 1 else 's'}"


def _shown(value: Any) -> str:
    text = "None" if value is None else f"{type(value).__name__} {value!r}"
    return text if len(text) < 40 else f"{text[:36]}..."


def _few(values: Sequence[Any]) -> str:
    return ", ".join(map(str, values[:5])) + ("..." if len(values) > 5 else "")
