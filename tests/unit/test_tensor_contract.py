"""What TensorView and RankLadder tell the page against the TypeScript interfaces of it, both ways."""

from pathlib import Path

import contract
import numpy as np
import pandas as pd
import pytest

from firstepoch.widgets import RankLadder, TensorView
from firstepoch.widgets.ladder import widget as ladder
from firstepoch.widgets.tensor import widget as tensor

TENSOR, LADDER = Path(tensor.__file__).parent, Path(ladder.__file__).parent
VALUES = {
    "nothing": np.zeros((0, 3)),
    "number": 42,
    "numbers": np.arange(6.0).reshape(2, 3),
    "words": ["a", "b"],
    "table": pd.DataFrame({"age": [63.0], "chol": [233.0]}),
    "pictures": np.zeros((2, 8, 8, 3), np.uint8),
    "blocks": np.zeros((2000, 30)),
}


def members(source, name):
    return set(contract.interface(source, name))


def test_the_ladders_interface_is_the_classs_traits():
    assert contract.mismatches(RankLadder, "LadderTraits", LADDER / "traits.ts") == []


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_the_view_reads_what_tensor_view_tells(value):
    view = TensorView(value)
    assert set(view.facts) == members(TENSOR / "traits.ts", "Facts")
    assert set(view.chosen) == members(TENSOR / "traits.ts", "Chosen")
    assert set(view.drawn) == members(TENSOR / "drawing.ts", "Drawing") | {"dtype"}
    assert set(view.drawn["arrangement"]) == members(TENSOR / "drawing.ts", "Arrangement")
    if not view.facts["text"]:
        optional = {"histogram"} if not view.facts["elements"] else set()
        # How many zeros there are is told and not shown.
        assert set(view.statistics) - {"zeros"} == members(TENSOR / "traits.ts", "Statistics") - optional


def test_the_stage_reads_what_an_operation_tells():
    view = TensorView([[1, 2], [3, 4]])
    assert set(view.operation) == {"number", "offered"}
    view.apply("reduce_sum", axis=0)
    assert set(view.operation) - {"offered", "error"} == members(TENSOR / "stage.ts", "OperationScene")
    for side in (*view.operation["operands"], view.operation["result"]):
        assert set(side) == members(TENSOR / "stage.ts", "Side")
    assert all(set(offered) == {"name", "arguments", "other", "says", "takes"} for offered in view.operation["offered"])


def test_the_view_reads_what_the_ladder_tells():
    view = RankLadder()
    for rung in view.story:
        assert set(rung) == members(LADDER / "traits.ts", "Rung")
        assert set(rung["arrangement"]) == members(TENSOR / "drawing.ts", "Arrangement")
        assert rung["cells_dtype"] in contract.interface(LADDER / "traits.ts", "Rung")["cells_dtype"]
    view.answer("one film")
    told = contract.interface(LADDER / "traits.ts", "LadderTraits")["told"]
    assert all(f"{name}?:" in told for name in view.told) and told.count("?:") == len(view.told)
