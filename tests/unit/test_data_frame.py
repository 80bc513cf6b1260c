"""TabularData.from_frame: against heart.load, against its own code run by pandas, and what it refuses."""

import datetime
import decimal
import json
import tracemalloc
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import pandas as frames

from firstepoch import heart
from firstepoch.data import TabularData, load_heart

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
CODES = ["sex", "cp", "fbs", "restecg", "exang", "ca", "thal"]


def mixed(rows=300):
    """Every kind of column at once, on an index that repeats itself."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "age": rng.normal(50, 10, rows),
            "kids": rng.integers(0, 4, rows),
            "city": rng.choice(["Rome", " Oslo ", "Oslo", 'Be"rn, CH', "Łódź"], rows),
            "flag": rng.random(rows) < 0.3,
            "single": rng.normal(size=rows).astype("float32"),
            "gap": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(size=rows)),
            "known": np.where(rng.random(rows) < 0.1, np.nan, 1.0),
            "same": 3,
            "empty": np.nan,
            "spelled": rng.integers(0, 99, rows).astype(str),
            "word": rng.choice(np.array(["a", "b", None, "", "NA"], object), rows),
            "grade": pd.Categorical(rng.choice(["lo", "hi"], rows), ["lo", "hi", "max"], ordered=True),
            "nullable": pd.array(rng.integers(0, 50, rows), dtype="Int64"),
            "cut": pd.cut(rng.normal(size=rows), 3),
            "price": [decimal.Decimal(int(cents)) / 100 for cents in rng.integers(0, 9999, rows)],
            "some": rng.choice(np.array([True, False, None], object), rows),
            7: rng.normal(size=rows),
            "answer": rng.choice(["no", "yes", "may be"], rows),
        }
    )
    table.loc[3, "nullable"], table.loc[5, "answer"] = pd.NA, None
    table.loc[7, "spelled"], table.loc[8, "spelled"] = None, " 4.5 "
    return table.set_axis([0, 1] * (rows // 2))


def rebuilt(data, table, folder):
    """What the code of `data` makes of the table, written as the code says."""
    table.to_csv(folder / "table.csv", index=False)
    found = {"__file__": str(folder / "program.py")}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(data.code, found)
    return {name: found[name] for name in ARRAYS}


def assert_rebuilds(data, table, folder):
    for name, array in rebuilt(data, table, folder).items():
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, getattr(data, name), err_msg=name)


def test_the_hearts_own_arrays_bit_for_bit(tmp_path):
    table, loaded = load_heart(), heart.load(split_seed=7, test_fraction=0.35)
    data = TabularData.from_frame(table, "target", categorical=CODES, split_seed=7, test_fraction=0.35)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(data, name), getattr(loaded, name))
    for name in ("feature_names", "source_columns", "means", "stds", "task", "target_name"):
        assert getattr(data, name) == getattr(loaded, name), name
    pd.testing.assert_frame_equal(data.raw_train, loaded.raw_train)
    pd.testing.assert_frame_equal(data.raw_test, loaded.raw_test)
    np.testing.assert_array_equal(heart.encode(table.loc[data.raw_test.index], data), data.x_test)
    assert_rebuilds(data, table, tmp_path)


@pytest.mark.parametrize("target", ["answer", "age", "spelled", "flag", "kids", "7", "some", "price"])
def test_code_rebuilds_the_arrays_bit_for_bit(target, tmp_path):
    table = mixed()
    data = TabularData.from_frame(table, target, categorical=["kids"])
    assert_rebuilds(data, table, tmp_path)
    imports = [line for line in data.code.splitlines() if line.startswith(("import", "from"))]
    assert imports == ["from pathlib import Path", "import numpy as np", "import pandas as pd"]


def test_what_becomes_of_each_column_is_told():
    data = TabularData.from_frame(mixed(), target="answer", categorical=["kids"])
    assert data.feature_names == (
        *("age", "single", "gap", "gap_missing", "spelled", "spelled_missing", "nullable", "nullable_missing"),
        *("price", "7", "known_missing", "kids_0", "kids_1", "kids_2", "kids_3"),
        *('city_Be"rn, CH', "city_Oslo", "city_Rome", "city_Łódź", "flag_False", "flag_True"),
        *("word_NA", "word_a", "word_b", "word_missing", "grade_lo", "grade_hi"),
        *(f"cut_{category}" for category in mixed()["cut"].cat.categories),
        *("some_False", "some_True", "some_missing"),
    )
    assert (data.task, data.class_names) == ("multiclass", ("may be", "no", "yes"))
    assert data.notes == (
        "The target 'answer' is taken as one of 3 classes: its values are 'may be', 'no', 'yes'.",
        "1 row without a value of 'answer' is left out.",
    )
    assert list(data.columns) == [str(name) for name in mixed().columns]
    for column, part in {
        "age": f"standardised: (value − {data.means['age']:.5g}) / {data.stds['age']:.5g}",
        "gap": f"taken as {data.fills['gap']:.5g}, the training rows' median, and gap_missing is 1 there",
        "city": "one input for each of its 4 values",
        "known": "only whether it is missing",
        "same": "left out: it is 3 in every training row",
        "empty": "left out: it holds no value",
        "word": "another for the",
        "answer": "the target",
    }.items():
        assert part in data.columns[column], column
    missing = np.concatenate([data.raw_train["gap"].isna(), data.raw_test["gap"].isna()])
    at = data.feature_names.index("gap_missing")
    np.testing.assert_array_equal(np.concatenate([data.x_train, data.x_test])[:, at], missing)
    assert data.fills["gap"] == data.raw_train["gap"].median()


def test_the_frame_is_not_changed():
    table = mixed()
    TabularData.from_frame(table, "answer")
    pd.testing.assert_frame_equal(table, mixed())


def tasks():
    rng = np.random.default_rng(1)
    return {
        "two texts": (rng.choice(["no", "yes"], 60), "binary", ("no", "yes")),
        "booleans": (rng.random(60) < 0.5, "binary", ("False", "True")),
        "two numbers": (rng.choice([3, 7], 60), "binary", ("3", "7")),
        "whole floats": (rng.choice([0.0, 1.0, 2.0], 60), "multiclass", ("0", "1", "2")),
        "ten numbers": (np.arange(60) % 10, "multiclass", tuple(map(str, range(10)))),
        "eleven numbers": (np.arange(60) % 11, "regression", ()),
        "halves": (rng.choice([0.5, 1.5], 60), "regression", ()),
        "an order": (pd.Categorical(["b", "a", "c"] * 20, ["c", "b", "a"]), "multiclass", ("c", "b", "a")),
        "spelled": (rng.choice(["1", "2"], 60), "binary", ("1", "2")),
    }


@pytest.mark.parametrize("name", tasks())
def test_the_target_decides_the_task(name):
    values, task, classes = tasks()[name]
    table = pd.DataFrame({"x": np.random.default_rng(2).normal(size=60), "y": values})
    data = TabularData.from_frame(table, "y")
    assert (data.task, data.class_names) == (task, classes)
    words = (
        "a number (a regression)" if task == "regression" else f"one of {'two' if len(classes) == 2 else len(classes)}"
    )
    assert words in data.notes[0]
    if task == "regression":
        raw = np.asarray(values, float)[data.raw_train.index]
        np.testing.assert_allclose(data.y_train * data.target_std + data.target_mean, raw, atol=1e-5)
        np.testing.assert_allclose((data.y_train.mean(), data.y_train.std(ddof=1)), (0, 1), atol=1e-6)
    else:
        texts = data.raw_train["y"].map(lambda value: str(value).removesuffix(".0"))
        np.testing.assert_array_equal(np.array(classes)[data.y_train.astype(int)], texts)


def test_a_task_that_is_given_overrides():
    table = pd.DataFrame({"x": np.arange(40.0), "y": [0, 1, 2, 3] * 10})
    assert TabularData.from_frame(table, "y").task == "multiclass"
    assert TabularData.from_frame(table, "y", task="regression").task == "regression"
    two = table.assign(y=table["y"] % 2)
    assert TabularData.from_frame(two, "y", task="multiclass").task == "multiclass"


def test_a_class_with_one_row_is_on_one_side_and_told():
    table = pd.DataFrame({"x": np.arange(50.0), "y": ["a", "b"] * 24 + ["b", "rare"]})
    found = {TabularData.from_frame(table, "y", split_seed=seed).notes[-1] for seed in range(12)}
    assert found == {
        "No training row is of class 'rare': it cannot be learned.",
        "No test row is of class 'rare': the test says nothing of it.",
    }


SORTED = {
    "classes": (np.repeat(["a", "b", "c"], 40), True),
    "numbers": (np.sort(np.random.default_rng(3).normal(size=120)), True),
    "mixed classes": (np.tile(["a", "b", "c"], 40), False),
    "mixed numbers": (np.random.default_rng(3).normal(size=120), False),
    "mostly one class": (np.where(np.arange(120) % 12, "a", "b"), False),
}


@pytest.mark.parametrize("name", SORTED)
def test_rows_in_the_order_of_the_target_are_mixed_and_told(name, tmp_path):
    values, mixed = SORTED[name]
    table = pd.DataFrame({"x": np.random.default_rng(4).normal(size=120), "y": values})
    data = TabularData.from_frame(table, "y")
    order = list(data.raw_train.index)
    assert (order != sorted(order)) == mixed == any("training rows are mixed" in note for note in data.notes)
    assert set(order).isdisjoint(data.raw_test.index) and len(order) == 96
    last = data.raw_train["y"][-20:]
    assert not mixed or last.min() != last.max()
    assert_rebuilds(data, table, tmp_path)


def test_inputs_that_would_have_one_name_are_told_apart():
    table = pd.DataFrame({"a": ["b_c", "x"] * 10, "a_b": ["c", "d"] * 10, "y": [0, 1] * 10})
    assert TabularData.from_frame(table, "y").feature_names == ("a_b_c", "a_x", "a_b_c (a_b)", "a_b_d")


BASE = {"x": np.arange(40.0), "y": np.arange(40) % 2}
REFUSED = {
    "dates": (
        {"when": pd.date_range("2024-01-01", periods=40)},
        {},
        ["'when' holds dates", "dt.days", "drop=['when']"],
    ),
    "date objects": ({"when": [datetime.date(2024, 1, 1)] * 40}, {}, ["'when' holds dates"]),
    "periods": (
        {"when": pd.period_range("2024-01", periods=40, freq="M")},
        {},
        ["df['when'].dt.to_timestamp().dt.month"],
    ),
    "tiny": ({"t": np.arange(40) * 1e-300}, {}, ["'t' reaches from 0 to 3.9e-299", "another unit"]),
    "durations": ({"took": pd.to_timedelta(np.arange(40), "h")}, {}, ["'took' holds lengths", "total_seconds"]),
    "complex": ({"z": np.arange(40) * 1j}, {}, ["'z' holds complex"]),
    "lists": ({"tags": [["a"]] * 40}, {}, ["'tags' holds a list", "drop=['tags']"]),
    "infinite": ({"r": [1.0, np.inf] * 20}, {}, ["'r' holds 20 infinite values, the first in row 1"]),
    "huge": ({"h": np.arange(40) * 1e300}, {}, ["'h' reaches from 0 to 3.9e+301", "log10"]),
    "strays": (
        {"ca": ["1", "2", "3", "?"] * 9 + ["1", "2", "3", "none"]},
        {},
        ["'ca' is text, but 30 of its 40 values are numbers", "'?' (9 times), 'none' (once)", "to_numeric"],
    ),
    "categories": (
        {"id": [f"c{n}" for n in range(40)]},
        {"max_categories": 30},
        ["40 different values", "drop=['id']"],
    ),
    "nothing left": ({"x": 1.0}, {}, ["No column is left", "X: left out: it is 1 in every training row"]),
    "all dropped": ({}, {"drop": ["x"]}, ["No column is left"]),
    "unknown target": ({}, {"target": "Y"}, ["target names 'Y'", "There are: 'x', 'y'"]),
    "unknown drop": ({"size": 1}, {"drop": ["sizes"]}, ["drop names 'sizes'", "Did you mean 'size'?"]),
    "a name, no list": ({}, {"drop": "x"}, ["drop is 'x'; give a list"]),
    "target dropped": ({}, {"drop": ["y"]}, ["drop has the target"]),
    "one class": ({"y": "yes"}, {}, ["target 'y' is 'yes' in every row"]),
    "one number": ({"y": 2.5}, {}, ["target 'y' is 2.5 in every row"]),
    "no target": ({"y": np.nan}, {}, ["target 'y' has no value in any"]),
    "target of dates": (
        {"y": pd.date_range("2024-01-01", periods=40)},
        {},
        ["The target 'y' holds dates", "name another"],
    ),
    "target of names": (
        {"y": [f"c{n}" for n in range(40)]},
        {"max_categories": 30},
        ["The target 'y' has 40 different values", "Group them"],
    ),
    "three for two": ({"y": np.arange(40) % 3}, {"task": "binary"}, ["has 3 classes ('0', '1', '2')", "'multiclass'"]),
    "words for numbers": ({"y": ["a", "b"] * 20}, {"task": "regression"}, ["'a', 'b', no numbers"]),
    "no task": ({}, {"task": "guess"}, ["binary, multiclass, regression"]),
    "huge target": ({"y": np.arange(40) * 1e300}, {}, ["target reaches from 0"]),
    "no fraction": ({}, {"test_fraction": 1.0}, ["share of the rows between 0 and 1"]),
    "empty test": ({}, {"test_fraction": 0.001}, ["leaves 40 to train on and 0"]),
    "no seed": ({}, {"split_seed": -1}, ["split_seed is a whole number from 0 to 2**32 - 1"]),
    "no limit": ({}, {"max_categories": 0}, ["max_categories is a whole number from 1"]),
    "one class to train": (
        {"y": [0] * 39 + [1]},
        {"test_fraction": 0.5, "split_seed": 0},
        ["all have the same target"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_with_what_to_try(name):
    columns, arguments, words = REFUSED[name]
    with pytest.raises(ValueError) as caught:
        TabularData.from_frame(pd.DataFrame({**BASE, **columns}), **{"target": "y", **arguments})
    sentence = str(caught.value)
    assert sentence.endswith((".", ")"))
    for part in words:
        assert part in sentence, sentence


def test_a_table_that_is_none_is_refused():
    with pytest.raises(TypeError, match=r"frame is a dict, not a DataFrame"):
        TabularData.from_frame(BASE, "y")
    table = pd.DataFrame(BASE)
    with pytest.raises(ValueError, match=r"no rows"):
        TabularData.from_frame(table.iloc[:0], "y")
    with pytest.raises(ValueError, match=r"2 columns with the name 'x'"):
        TabularData.from_frame(pd.concat([table, table[["x"]]], axis=1), "y")
    with pytest.raises(ValueError, match=r"Column 1 \(counted from 0\) has no name"):
        TabularData.from_frame(table.rename(columns={"y": ""}), "x")
    with pytest.raises(ValueError, match=r"several levels"):
        TabularData.from_frame(pd.concat({"a": table}, axis=1), "y")


def test_ten_thousand_categories_are_refused_with_their_count():
    table = pd.DataFrame({"id": np.arange(20_000) % 10_000, "y": np.arange(20_000) % 2}).astype({"id": str})
    table["id"] = "c" + table["id"]
    with pytest.raises(ValueError, match=r"'id' has 10,000 different values, more than max_categories=100"):
        TabularData.from_frame(table, "y")


def test_a_million_rows_are_prepared_without_a_second_copy_of_the_inputs():
    rng = np.random.default_rng(0)
    rows = 1_000_000
    table = pd.DataFrame(rng.normal(size=(rows, 16)), columns=[f"x{n}" for n in range(16)])
    table["word"] = pd.Series(["red", "green", "blue", "grey"]).take(rng.integers(0, 4, rows)).to_numpy()
    table["gap"] = np.where(rng.random(rows) < 0.1, np.nan, table["x0"])
    table["code"] = rng.integers(0, 8, rows)
    table["y"] = table["x0"] + table["x1"] > 0
    tracemalloc.start()
    data = TabularData.from_frame(table, "y", categorical=["code"])
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - held < data.x_train.nbytes + data.x_test.nbytes
    assert data.x_train.shape == (800_000, 16 + 2 + 4 + 8) and data.x_train.dtype == np.float32
    assert data.x_test.shape == (200_000, 30)
    np.testing.assert_allclose(data.x_train[:, :17].mean(axis=0, dtype="float64"), 0, atol=1e-6)
    np.testing.assert_array_equal(data.x_train[:, 18:22].sum(axis=1), 1)


def test_more_inputs_than_memory_are_refused(monkeypatch):
    monkeypatch.setattr("firstepoch.data.frame.MOST_BYTES", 40 * 8 * 4)
    table = pd.DataFrame({**BASE, "word": [f"w{n % 8}" for n in range(40)]})
    with pytest.raises(ValueError, match=r"40 rows of 9 inputs .* 'word' alone becomes 8 inputs"):
        TabularData.from_frame(table, "y")


COLUMNS = frames.columns(["a", "b"], elements=st.one_of(st.none(), st.floats(-1e6, 1e6)), dtype=object)
WORDS = frames.columns(["c", "d"], elements=st.sampled_from(["x", "y", " x", "", None]), dtype=object)


@settings(max_examples=40, deadline=None)
@given(
    frames.data_frames([*COLUMNS, *WORDS], index=frames.range_indexes(min_size=8, max_size=40)),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.1, 0.2, 0.5]),
)
def test_any_table_gives_finite_inputs_fitted_on_the_training_rows(tmp_path_factory, table, seed, fraction):
    table["y"] = np.arange(len(table)) % 3 + 0.5
    try:
        data = TabularData.from_frame(table, "y", split_seed=seed, test_fraction=fraction)
    except ValueError as error:
        assert "No column is left" in str(error) or "of that size" in str(error)
        return
    train, test = data.raw_train.index, data.raw_test.index
    assert set(train).isdisjoint(test) and len(train) + len(test) == len(table)
    for x in (data.x_train, data.x_test):
        assert x.dtype == np.float32 and np.isfinite(x).all()
    for at, name in enumerate(data.feature_names):
        if name in data.means:
            known = data.x_train[:, at].astype("float64")
            np.testing.assert_allclose((known.mean(), known.std(ddof=1)), (0, 1), atol=1e-3)
        else:
            assert set(np.unique(data.x_train[:, at])) <= {0.0, 1.0}
    for column in ("c", "d"):
        block = [at for at, source in enumerate(data.source_columns) if source == column]
        if block:
            np.testing.assert_array_equal(data.x_train[:, block].sum(axis=1), 1)
    assert_rebuilds(data, table, tmp_path_factory.mktemp("table"))


def test_what_is_told_is_plain_data():
    data = TabularData.from_frame(mixed(), "age")
    json.dumps([data.means, data.stds, data.fills, data.columns, data.notes, data.target_mean, data.target_std])
