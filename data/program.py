"""The preparation of a frame written out as a program that a student can paste. Nothing runs it here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np

from firstepoch.data.columns import Inputs
from firstepoch.data.reading import Categories, Numbers
from firstepoch.data.target import Target

_WIDTH = 100

_HEAD = """\
from pathlib import Path

import numpy as np
import pandas as pd

# Write the table beside this program first: df.to_csv("table.csv", index=False)
folder = Path(__file__).parent if "__file__" in globals() else Path()
table = pd.read_csv(folder / "table.csv", dtype="str", keep_default_na=False, na_values=[""])
"""

_SPLIT = """\
test = table.sample(frac={fraction}, random_state={seed})
train = table.drop(test.index)
"""

_MIX = "train = train.sample(frac=1, random_state={seed})\n"

_NUMERIC = """\
for column in numeric:
    values = table[column].astype("float64")
    mean, std = values[train.index].mean(), values[train.index].std()
    inputs.append((values - mean) / std)
"""

_GAPS = """\
for column in numeric:
    values = table[column].astype("float64")
    missing = values.isna()
    values = values.fillna(values[train.index].median())
    mean, std = values[train.index].mean(), values[train.index].std()
    inputs.append((values - mean) / std)
    if missing.any():
        inputs.append(missing)
"""

_FLAGS = """\
for column in only_missing:
    inputs.append(table[column].isna())
"""

_CATEGORIES = """\
for column, names in categories.items():
    words = table[column].str.strip()
    inputs += [words == name for name in names]
"""

_UNNAMED = """\
    missing = words.fillna("") == ""
    if missing.any():
        inputs.append(missing)
"""

_CLASSES = """\
targets = table[target].str.strip().map({name: number for number, name in enumerate(classes)})
"""

_REGRESSION = """\
targets = table[target].astype("float64")
targets = (targets - targets[train.index].mean()) / targets[train.index].std()
"""

_ARRAYS = """\

inputs = pd.concat(inputs, axis=1).astype("float32")
x_train, y_train = (part.loc[train.index].to_numpy(np.float32) for part in (inputs, targets))
x_test, y_test = (part.loc[test.index].to_numpy(np.float32) for part in (inputs, targets))
"""


def program(
    aim: Target,
    target: str,
    used: Sequence[Inputs],
    found: Mapping[str, Numbers | Categories],
    seed: int,
    fraction: float,
    mixed: bool,
) -> str:
    """Python source that rebuilds `x_train`, `y_train`, `x_test` and `y_test` with numpy and pandas alone.

    It reads `table.csv`, as `DataFrame.to_csv(..., index=False)` writes it, from the folder of the script, or from the
    working folder in a notebook.

    Args:
        aim: What the target is.
        target: Its column.
        used: The columns that became inputs, in order.
        found: What each of them holds.
        seed: Seed of the draw of the test rows.
        fraction: Share of the test rows.
        mixed: Whether the training rows are mixed.
    """
    kinds = {
        kind: [inputs.column for inputs in used if inputs.kind == kind] for kind in ("numeric", "flag", "categorical")
    }
    categories = {column: list(found[column].texts) for column in kinds["categorical"]}  # type: ignore[union-attr]
    told = {inputs.column: _dtype(found[inputs.column]) for inputs in used if inputs.kind != "categorical"}
    told |= {target: aim.dtype}
    gaps = any(inputs.fill is not None for inputs in used)
    parts = [
        _HEAD,
        f"target = {_quoted(target)}\n",
        f"classes = {_written(list(aim.texts))}\n" if aim.class_names else "",
        f"numeric = {_written(kinds['numeric'])}\n" if kinds["numeric"] else "",
        f"only_missing = {_written(kinds['flag'])}\n" if kinds["flag"] else "",
        f"categories = {_written(categories)}\n" if categories else "",
        "\n",
        *[_turned(_quoted(column), dtype) for column, dtype in told.items() if dtype],
        _left_out(aim) if np.isnan(aim.values).any() else "",
        _SPLIT.format(fraction=repr(float(fraction)), seed=int(seed)),
        _MIX.format(seed=int(seed)) if mixed else "",
        "\ninputs = []\n",
        (_GAPS if gaps else _NUMERIC) if kinds["numeric"] else "",
        _FLAGS if kinds["flag"] else "",
        _CATEGORIES if categories else "",
        _UNNAMED if any(found[column].missing.any() for column in categories) else "",
        _CLASSES if aim.class_names else _REGRESSION,
        _ARRAYS,
    ]
    return "".join(parts)


def _turned(column: str, dtype: str) -> str:
    """Turns text into numbers where their type is not float64."""
    made = f".astype({_quoted(dtype)})" if dtype != "str" else ".str.strip())"
    return f"table[{column}] = {'pd.to_numeric(' if dtype == 'str' else ''}table[{column}]{made}\n"


def _left_out(aim: Target) -> str:
    """Leaves out the rows without a target."""
    known = 'table[target].fillna("").str.strip() != ""' if aim.class_names else "table[target].notna()"
    return f"table = table[{known}]\n"


def _dtype(found: Numbers | Categories) -> str:
    return "str" if isinstance(found, Categories) else found.dtype


def _written(value: list[str] | dict[str, list[str]]) -> str:
    """A list or dict as Python source, over several lines where one would be long."""
    if isinstance(value, list):
        items, opening, closing = [_quoted(one) for one in value], "[", "]"
    else:
        items = [f"{_quoted(k)}: {_written(v)}" for k, v in value.items()]
        opening, closing = "{", "}"
    line = f"{opening}{', '.join(items)}{closing}"
    if len(line) < _WIDTH:
        return line
    return "\n".join([opening, *(f"    {item}," for item in items), closing])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
