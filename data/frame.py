"""Makes TabularData of any DataFrame: which rows, which columns, in what order. What a column becomes is in columns."""

from __future__ import annotations

import difflib
import math
import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from firstepoch.data.columns import Inputs, inputs_of
from firstepoch.data.program import program
from firstepoch.data.reading import Categories, Numbers, read
from firstepoch.data.tabular import TabularData
from firstepoch.data.target import Target, read_target

MOST_BYTES = 4 * 2**30
"""Float32 inputs that are made at most."""
_ORDER = ("numeric", "flag", "categorical")


def prepared(
    frame: Any,
    target: Any,
    *,
    task: str | None,
    categorical: Sequence[Any],
    drop: Sequence[Any],
    test_fraction: float,
    split_seed: int,
    max_categories: int,
) -> TabularData:
    """What `TabularData.from_frame` describes."""
    table = _table(frame)
    target = _known(table, target, "target")
    named = [_known(table, name, "categorical") for name in _names(categorical, "categorical")]
    dropped = [_known(table, name, "drop") for name in _names(drop, "drop")]
    if target in dropped:
        raise ValueError(f"drop has the target {target!r} in it. Name another target, or take it out of drop.")
    _check_number("max_categories", max_categories, 1)
    aim = read_target(table[target], task, max_categories)
    notes = [aim.note]
    kept = np.flatnonzero(~np.isnan(aim.values))
    if len(kept) < len(table):
        gone = len(table) - len(kept)
        notes.append(f"{_rows(gone)} without a value of {target!r} {'is' if gone == 1 else 'are'} left out.")
        table = table.iloc[kept]
    y = aim.values[kept]
    train, test = _split(len(table), test_fraction, split_seed)
    notes += _class_notes(aim, y[train], y[test])
    mixed = _in_order(aim, y[train])
    if mixed:
        train = pd.Series(train).sample(frac=1, random_state=int(split_seed)).to_numpy()
        notes.append(
            f"The rows come in the order of {target!r}, so the training rows are mixed: "
            "Keras takes the last of them for validation, and those would be all alike."
        )
    read_columns: dict[str, Numbers | Categories] = {}
    made: list[Inputs] = []
    for name in table.columns:
        if name == target or name in dropped:
            continue
        if table[name].isna().all():
            made.append(Inputs(name, "left out: it holds no value in any row"))
            continue
        instead = f"categorical=[{name!r}]"
        found = read(table[name], categorical=name in named, most=max_categories, instead=instead)
        read_columns[name] = found
        made.append(inputs_of(name, found, train))
    used = sorted((inputs for inputs in made if inputs.names), key=lambda inputs: _ORDER.index(inputs.kind))
    if not used:
        told = "; ".join(f"{inputs.column}: {inputs.words}" for inputs in made) or "every other column is in drop"
        raise ValueError(f"No column is left to learn from. {told[0].upper()}{told[1:]}.")
    x_train, x_test = _arrays(used, train, test)
    y_train, y_test, mean, std = _targets(aim, y, train, test)
    words = {name: "the target" if name == target else "left out, as drop= says" for name in table.columns}
    words |= {inputs.column: inputs.words for inputs in made}
    return TabularData(
        x_train=x_train,
        y_train=y_train,
        x_test=x_test,
        y_test=y_test,
        feature_names=_unique([(name, inputs.column) for inputs in used for name in inputs.names]),
        source_columns=tuple(inputs.column for inputs in used for _ in inputs.names),
        means={inputs.column: inputs.mean for inputs in used if inputs.mean is not None},
        stds={inputs.column: inputs.std for inputs in used if inputs.std is not None},
        class_names=aim.class_names,
        code=program(aim, target, used, read_columns, split_seed, test_fraction, mixed),
        task=aim.task,
        target_name=target,
        target_mean=mean,
        target_std=std,
        raw_train=table.iloc[train],
        raw_test=table.iloc[test],
        fills={inputs.column: inputs.fill for inputs in used if inputs.fill is not None},
        columns=words,
        notes=tuple(notes),
    )


def _table(frame: Any) -> pd.DataFrame:
    """The frame with its columns named by text."""
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"frame is a {type(frame).__name__}, not a DataFrame. Try pandas.DataFrame(...) of it.")
    if not len(frame):
        raise ValueError("The table has no rows.")
    if frame.columns.nlevels > 1:
        raise ValueError(
            "The columns have names in several levels. "
            "Try df.columns = ['_'.join(map(str, name)) for name in df.columns]."
        )
    names = [str(name) for name in frame.columns]
    if "" in names:
        raise ValueError(
            f"Column {names.index('')} (counted from 0) has no name. Try df = df.rename(columns={{'': 'row'}})."
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(
            f"There are {names.count(twice[0])} columns with the name {twice[0]!r}. Rename or drop all but one."
        )
    return frame.set_axis(names, axis="columns")


def _names(names: Any, argument: str) -> list[Any]:
    if isinstance(names, str) or not isinstance(names, Sequence | set | frozenset | pd.Index | np.ndarray):
        raise ValueError(f"{argument} is {names!r}; give a list of column names, such as {argument}=[{names!r}].")
    return list(names)


def _known(table: pd.DataFrame, name: Any, argument: str) -> str:
    if str(name) in table.columns:
        return str(name)
    near = difflib.get_close_matches(str(name), table.columns, 1, 0.5)
    first = ", ".join(map(repr, table.columns[:20]))
    more = f" and {table.shape[1] - 20} more" if table.shape[1] > 20 else ""
    guess = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"{argument} names {name!r}, and there is no such column.{guess} There are: {first}{more}.")


def _check_number(name: str, value: Any, least: int, most: float = math.inf) -> None:
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not whole or not least <= int(value) < most:
        span = f"{least} to 2**32 - 1" if most < math.inf else f"{least}"
        raise ValueError(f"{name} is a whole number from {span}; got {value!r}.")


def _split(rows: int, fraction: Any, seed: Any) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers for training and test, drawn as `DataFrame.sample` draws them."""
    _check_number("split_seed", seed, 0, 2**32)
    real = isinstance(fraction, numbers.Real) and not isinstance(fraction, bool)
    if not real or not 0 < float(fraction) < 1:
        raise ValueError(f"test_fraction is a share of the rows between 0 and 1, got {fraction!r}. Try 0.2.")
    test = round(float(fraction) * rows)
    if not test or rows - test < 2:
        raise ValueError(
            f"test_fraction={fraction!r} of {_rows(rows)} leaves {rows - test} to train on and {test} for the test. "
            "At least 2 and 1 are needed: try another share, or more rows."
        )
    numbered = pd.Series(np.arange(rows))
    drawn = numbered.sample(frac=float(fraction), random_state=int(seed)).to_numpy()
    return np.delete(numbered.to_numpy(), drawn), drawn


def _class_notes(aim: Target, train: np.ndarray, test: np.ndarray) -> list[str]:
    """Which classes one side of the split lacks.

    Raises:
        ValueError: The training rows are all of one class, or all have one value.
    """
    if len(np.unique(train)) < 2:
        raise ValueError(
            f"The {len(train)} training rows all have the same target. "
            "Try another split_seed, or a smaller test_fraction."
        )
    notes = []
    for part, rows, so in (("training", train, "it cannot be learned"), ("test", test, "the test says nothing of it")):
        lacking = [name for code, name in enumerate(aim.class_names) if not (rows == code).any()]
        if lacking:
            notes.append(f"No {part} row is of class {', '.join(map(repr, lacking))}: {so}.")
    return notes


def _in_order(aim: Target, y: np.ndarray) -> bool:
    """Whether neighbours are alike: their targets differ less than half as much as in rows that are mixed.

    For numbers it is von Neumann's ratio (1941), for classes the share of neighbours of different classes.
    """
    if aim.task == "regression":
        with np.errstate(over="ignore"):
            return bool(np.mean(np.square(np.diff(y))) < y.var())
    shares = np.bincount(y.astype(int)) / len(y)
    return bool(np.mean(np.diff(y) != 0) < (1 - np.square(shares).sum()) / 2)


def _arrays(used: list[Inputs], train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    width, rows = sum(len(inputs.names) for inputs in used), len(train) + len(test)
    if width * rows * 4 > MOST_BYTES:
        widest = max(used, key=lambda inputs: len(inputs.names))
        raise ValueError(
            f"{rows:,} rows of {width:,} inputs take {width * rows * 4 / 2**30:.1f} GB, more than the "
            f"{MOST_BYTES / 2**30:.0f} GB there are for them. Try df.sample(100_000, random_state=0), or drop columns: "
            f"{widest.column!r} alone becomes {len(widest.names)} inputs."
        )
    x_train, x_test = np.empty((len(train), width), "float32"), np.empty((len(test), width), "float32")
    for at, make in enumerate(make for inputs in used for make in inputs.values):
        values = make()
        x_train[:, at], x_test[:, at] = values[train], values[test]
    return x_train, x_test


def _targets(
    aim: Target, y: np.ndarray, train: np.ndarray, test: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float, float]:
    mean, std = 0.0, 1.0
    if aim.task == "regression":
        of_train = pd.Series(y[train])
        with np.errstate(over="ignore", invalid="ignore"):
            mean, std = float(of_train.mean()), float(of_train.std())
        if not (np.isfinite(mean) and np.isfinite(std) and std > 0):
            raise ValueError(
                f"The target reaches from {y.min():.3g} to {y.max():.3g}: numbers of that size have no mean and "
                "standard deviation that a computer can hold. Try another unit, or numpy.log10 of it."
            )
        y = (y - mean) / std
    return y[train].astype("float32"), y[test].astype("float32"), mean, std


def _unique(names: list[tuple[str, str]]) -> tuple[str, ...]:
    """Names of the inputs; one that is there already gets its column's name after it."""
    taken: dict[str, None] = {}
    for name, column in names:
        while name in taken:
            name = f"{name} ({column})"
        taken[name] = None
    return tuple(taken)


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"
