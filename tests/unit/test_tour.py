"""DataTour: what it counts and shows, against pandas; what it refuses; its puzzle."""

import gc
import json
import weakref
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from contract import interface, mismatches
from sklearn import datasets

from firstepoch import heart
from firstepoch.data import HEART_COLUMNS, TabularData, load_heart
from firstepoch.lessons import tour_tasks
from firstepoch.widgets import DataTour, SettingsError
from firstepoch.widgets.tour import spread, widget
from firstepoch.widgets.tour.traits import TourTraits
from firstepoch.widgets.tour.words import short, shown

TRAITS = Path(widget.__file__).with_name("traits.ts")
PATIENTS = heart.load()
RAW = load_heart()


def with_gaps():
    """Numbers with gaps, text with gaps, a column of gaps alone, one left out; labels that are text."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "size": np.where(rng.random(60) < 0.2, np.nan, rng.normal(3, 2, 60)),
            "colour": rng.choice(["red", "green", None], 60),
            "constant_or_not": np.where(rng.random(60) < 0.5, np.nan, 1.0),
            "skip": range(60),
            "kind": rng.choice(["cat", "dog", "hen"], 60),
        },
        index=[f"row {k}" for k in range(60)],
    )
    table.loc["row 7", "kind"] = None
    return table


GAPS = with_gaps()
TABLES = {
    "heart": (PATIENTS, RAW),
    "gaps": (TabularData.from_frame(GAPS, "kind", drop=["skip"]), GAPS),
    "iris": (TabularData.from_frame(datasets.load_iris(as_frame=True).frame, "target"), None),
    "diabetes": (TabularData.from_frame(datasets.load_diabetes(as_frame=True, scaled=False).frame, "target"), None),
    "wine": (TabularData.from_frame(datasets.load_wine(as_frame=True).frame, "target"), None),
    "cancer": (TabularData.from_frame(datasets.load_breast_cancer(as_frame=True).frame, "target"), None),
}


@pytest.fixture(params=TABLES)
def tour(request):
    data, frame = TABLES[request.param]
    made = DataTour(data, frame)
    yield made
    made.close()


@pytest.fixture
def patients():
    made = DataTour(PATIENTS, columns=HEART_COLUMNS, exercise=tour_tasks.PUZZLE)
    yield made
    made.close()


def test_the_interface_is_the_classs_traits():
    assert mismatches(TourTraits, "TourTraits", TRAITS) == []


def test_the_view_reads_what_python_tells(tour):
    for trait, name in (("facts", "Facts"), ("window", "Window"), ("turned", "Turned"), ("spread", "Spread")):
        assert set(getattr(tour, trait)) == set(interface(TRAITS, name)), trait
    for told, name in ((tour.facts["columns"], "Column"), (tour.window["rows"], "Row"), (tour.turned["steps"], "Step")):
        assert all(set(one) == set(interface(TRAITS, name)) for one in told), name
    assert set(tour.turned["inputs"][0]) == set(interface(TRAITS, "Input"))
    assert set(tour.facts["balance"]) == set(interface(TRAITS, "Balance"))
    json.dumps(tour.get_state(["facts", "window", "turned", "spread", "found", "filters", "marked", "row"]))


def test_each_row_has_its_inputs_to_the_bit(tour):
    data, table = tour._table.data, tour._table.frame
    for raw, x in ((data.raw_train, data.x_train), (data.raw_test, data.x_test)):
        for label, expected in zip(raw.index[::9], x[::9], strict=True):
            inputs = tour.inputs(label)
            assert inputs["value"].dtype == np.float32
            assert inputs["value"].to_numpy().tobytes() == np.asarray(expected, np.float32).tobytes()
            assert tuple(inputs["input"]) == data.feature_names and tuple(inputs["column"]) == data.source_columns
            for column, value in zip(inputs["column"], inputs["raw"], strict=True):
                held = table[column].loc[label]
                assert value == held or (pd.isna(value) and pd.isna(held))


def test_the_sum_of_a_number_is_that_of_its_input():
    tour = DataTour(PATIENTS)
    step = tour.turned["steps"][0]
    assert step["sum"] == "(63 − 54.27) / 9.06 = 0.9637"
    train = PATIENTS.raw_train["age"]
    assert short(train.mean()) == "54.27" and short(train.std()) == "9.06"
    assert short((63 - train.mean()) / train.std()) == "0.9637"
    thal = tour.turned["steps"][12]
    assert thal["sum"] == "thal = fixed → 0, 0, 1, 0, 0"
    assert thal["sentence"] == "thal = fixed is a category: thal_fixed is 1, the other four are 0."
    assert thal["made"] == [6, 23] and tour.turned["end"] == "All 29 inputs are made: 6 + 23."


def test_inputs_light_up_with_the_column_they_come_from(tour):
    for label in tour.selection[::29]:
        tour.row = label
        steps, data = tour.turned["steps"], tour._table.data
        assert [step["column"] for step in steps] == tour._table.columns
        drawn = {one["name"]: steps[one["step"]]["column"] for one in tour.turned["inputs"]}
        names = dict(zip(data.feature_names, data.source_columns, strict=True))
        assert all(names[name] == column for name, column in drawn.items() if name in names)
        if tour.turned["part"] != "left out":
            assert sum(steps[-1]["made"]) == len(names)


def test_a_long_number_is_short_in_the_sum_and_a_number_in_text_is_a_number():
    numbers = np.random.default_rng(3).normal(size=40)
    frame = pd.DataFrame(
        {"long": numbers, "text": [f" {k} " if k % 4 else "" for k in range(40)], "y": ["a", "b"] * 20}
    )
    data = TabularData.from_frame(frame, "y")
    tour = DataTour(data, row=1)
    long, text = tour.turned["steps"][:2]
    assert long["sum"].startswith(f"({short(numbers[1], 6)} ") and shown(numbers[1]) in long["sentence"]
    assert len(shown(numbers[1])) > 12
    text_x = tour.inputs().set_index("input")["value"]["text"]
    assert text["sum"].startswith("(1 ") and text["sum"].endswith(f"= {short(text_x)}")
    tour.row = 4
    text = tour.turned["steps"][1]
    assert (
        text["sentence"].startswith("text is missing: the training rows' median")
        and "text_missing is 1" in text["sentence"]
    )


def test_a_missing_value_and_a_row_without_a_target():
    data, frame = TABLES["gaps"]
    tour = DataTour(data, frame)
    tour.row = GAPS.index[GAPS["size"].isna() & GAPS["kind"].notna()][0]
    size = tour.turned["steps"][0]
    median = data.raw_train["size"].median()
    assert size["value"] == "missing" and f"median {shown(median)} stands for it" in size["sentence"]
    assert tour.inputs().set_index("input")["value"]["size_missing"] == 1
    gaps = tour.turned["steps"][2]
    assert gaps["kind"] == "gaps" and "only whether it is missing is an input" in gaps["sentence"]
    assert "left out, as drop= says" in tour.turned["steps"][3]["sentence"]
    tour.row = "row 7"
    assert tour.turned["part"] == "left out" and tour.turned["inputs"] == [] and tour.inputs().empty
    assert "no target" in tour.turned["begin"]
    assert tour.facts["size"].endswith("1 left out")


def test_the_summary_is_pandas(tour):
    frame, found = tour._table.frame, tour.summary
    assert list(found.index) == list(frame.columns)
    assert found["different"].tolist() == frame.nunique().tolist()
    assert found["missing"].tolist() == frame.isna().sum().tolist()
    for column in frame.select_dtypes("number"):
        line = found.loc[column]
        expected = frame[column].agg(["min", "mean", "max"])
        np.testing.assert_allclose([line["min"], line["mean"], line["max"]], expected, rtol=1e-12)
    for column in frame:
        counts = frame[column].value_counts()
        assert counts[found.loc[column, "most"]] == counts.max() == found.loc[column, "most_rows"]
    assert found["inputs"].sum() == len(tour._table.data.feature_names)


def test_balance_and_baseline_are_pandas(tour):
    data = tour._table.data
    parts = {"train": data.raw_train[data.target_name], "test": data.raw_test[data.target_name]}
    parts["all"] = pd.concat(list(parts.values()))
    if data.task == "regression":
        for part, y in parts.items():
            expected = {"rows": len(y), "mean": y.mean(), "std": y.std(), "min": y.min(), "max": y.max()}
            assert tour.balance[part] == pytest.approx(expected)
        for part in ("train", "test"):
            error = (parts[part] - parts["train"].mean()).abs().mean()
            assert tour.baseline[part]["mae"] == pytest.approx(error)
        return
    names = sorted(parts["all"].unique())
    for part, y in parts.items():
        assert list(tour.balance[part].values()) == [int((y == name).sum()) for name in names]
    most = parts["train"].value_counts().idxmax()
    for part in ("train", "test"):
        right = int((parts[part] == most).sum())
        assert tour.baseline[part] == {"right": right, "of": len(parts[part]), "share": right / len(parts[part])}


def test_the_lectures_baseline():
    tour = DataTour(PATIENTS)
    assert tour.baseline["test"] == {"right": 44, "of": 61, "share": 44 / 61}
    assert "44 of 61 test patients = 72.1\N{NO-BREAK SPACE}%" in tour.facts["balance"]["said"][0]
    assert "176 of 242 training patients = 72.7\N{NO-BREAK SPACE}%" in tour.facts["balance"]["said"][0]


def test_filters_and_sorting_are_pandas(tour):
    frame = tour._table.frame
    for column in [*frame.columns[:2], frame.columns[-2]]:
        for value in [*frame[column].dropna().unique()[:3], *([None] if frame[column].isna().any() else [])]:
            tour.filters = {column: value}
            fits = frame[column].isna() if value is None else frame[column] == value
            assert tour.selection == frame.index[fits].tolist()
            assert [row["label"] for row in tour.window["rows"]] == list(map(shown, tour.selection[:50]))
        tour.filters = {}
        for descending in (False, True):
            tour.sort, tour.descending = column, descending
            order = frame[column].sort_values(kind="stable", ascending=not descending, na_position="last")
            ranked = frame[column].loc[tour.selection]
            pd.testing.assert_series_equal(ranked.reset_index(drop=True), order.reset_index(drop=True))
        tour.sort, tour.descending = "", False
    assert tour.selection == frame.index.tolist()


def test_filters_from_the_page_are_the_values_of_the_table(patients):
    patients.set_state({"filters": {"cp": "0", "oldpeak": "3.4"}})
    assert patients.filters == {"cp": 0, "oldpeak": 3.4} and patients.selection == [250]
    assert patients.get_state("filters") == {"filters": {"cp": "0", "oldpeak": "3.4"}}
    patients.filters = {"part": "test"}
    assert sorted(patients.selection) == sorted(PATIENTS.raw_test.index)
    patients.set_state({"filters": {"chol": "9"}})
    assert patients.problem == "No row has chol = 9. There are: 126 to 564." and patients.filters == {"part": "test"}


def test_pages_of_rows(patients):
    patients.set_state({"top": 300})
    assert patients.window["top"] == 300 and [row["row"] for row in patients.window["rows"]] == [300, 301, 302]
    patients.row = 120
    assert patients.top == patients.window["top"] == 114
    patients.set_state({"top": 300})
    patients.row = 119
    assert patients.window["top"] == 113
    patients.set_state({"top": 300})
    assert patients.top == patients.window["top"] == 300
    patients.filters = {"cp": 0}
    assert patients.window["top"] == 0 and patients.window["fit"] == 4
    patients.row = 248
    assert (patients.turned["before"], patients.turned["after"], patients.turned["number"]) == (247, 250, 2)
    patients.row = 249
    assert (patients.turned["before"], patients.turned["after"], patients.turned["number"]) == (248, 250, 0)
    patients.filters = {}
    assert patients.window["top"] == 241
    row = patients.window["rows"][8]
    assert row["cells"] == [shown(value) for value in RAW.loc[249]]
    assert row["part"] == ("test" if 249 in PATIENTS.raw_test.index else "train")


def test_distributions_are_pandas(tour):
    data, table = tour._table.data, tour._table
    train = data.raw_train
    y = train[data.target_name]
    for column in table.columns:
        if data.task == "regression":
            groups = [train[column][y <= y.median()], train[column][y > y.median()]]
        else:
            groups = [train[column][y == name] for name in sorted(y.unique())]
        found = spread.spread(table, column)
        assert found.counts.shape == (len(groups), len(found.bins)) and len(found.edges) == len(found.bins) + 1
        for k, held in enumerate(groups):
            assert found.counts[k].sum() + found.missing[k] == len(held)
            if found.numeric:
                cut = pd.cut(held.astype(float), found.edges, right=False).value_counts(sort=False).to_numpy().copy()
                cut[-1] += (held == found.edges[-1]).sum()
                assert found.counts[k].tolist() == cut.tolist()
                assert found.means[k] == pytest.approx(held.mean())
            else:
                counts = held.map(shown, na_action=None).value_counts()
                if found.bins[-1].endswith(" others"):
                    assert all(found.counts[k][b] == counts.get(name, 0) for b, name in enumerate(found.bins[:-1]))
                else:
                    assert found.counts[k].tolist() == [counts.get(name, 0) for name in found.bins]


def test_standardising_changes_the_axis_and_not_the_shape(patients):
    patients.column = "chol"
    raw, lines = patients.spread, [np.array(line.y) for line in patients._figure._lines]
    figure, marks = patients.chart, list(patients.chart.marks)
    patients.standardised = True
    scaled = patients.spread
    assert patients.chart is figure and patients.chart.marks == marks
    assert scaled["counts"] == raw["counts"] and scaled["bins"] == raw["bins"]
    assert all(np.array_equal(one, line.y) for one, line in zip(lines, patients._figure._lines, strict=True))
    train = PATIENTS.raw_train["chol"]
    expected = (np.array(raw["axis"]["edges"]) - train.mean()) / train.std()
    np.testing.assert_allclose(scaled["axis"]["edges"], expected)
    patients.column = "thal"
    assert not patients.spread["scaled"] and not patients.spread["scalable"]


def test_the_puzzle(patients):
    task = tour_tasks.strays(patients)
    assert not patients.found["explanation"] and "Mark" in patients.found["said"]
    patients.set_state({"marked": [247, 248, 250, 251]})
    assert patients.found["said"].startswith("4 of 6 found.") and "Two more rows" in task.said
    patients.marked = [3, 247]
    assert "Not among them: row 3." in patients.found["said"] and task.said.startswith("Row 3 is")
    patients.marked = [241, 247]
    assert "twins" in task.said and not task.done
    exec(tour_tasks.SOLUTIONS["strays"], {"tour": patients})
    assert patients.found["solved"] and task.done and len(patients.found["explanation"]) == 3
    other = DataTour(PATIENTS, filters={"cp": 0}, exercise=tour_tasks.PUZZLE)
    other._command({"kind": "answer"}, [])
    assert other.found["solved"] and other.found["shown"] and other.marked == list(tour_tasks.STRAYS)
    shown_rows = [row["row"] for row in other.window["rows"]]
    assert other.filters == {} and set(tour_tasks.STRAYS) <= set(shown_rows)


def test_what_the_puzzle_says_is_true():
    assert RAW.index[RAW["cp"] == 0].tolist() == [247, 248, 250, 251]
    copies, originals = RAW.loc[247:252].reset_index(drop=True), RAW.loc[241:246].reset_index(drop=True)
    same = ["age", "sex", "trestbps", "chol", "fbs", "thalach", "exang", "oldpeak", "ca"]
    pd.testing.assert_frame_equal(copies[same], originals[same])
    for column in ("cp", "thal", "restecg", "slope"):
        assert (copies[column] != originals[column]).any(), column
    assert set(RAW.columns) - set(same) == {"cp", "thal", "restecg", "slope", "target"}
    assert (copies["target"] == 0).all()
    assert (originals.index[originals["target"] == 1] + 241).tolist() == [241, 244, 245]
    rest = RAW.drop(index=list(tour_tasks.STRAYS))
    assert not (rest["cp"] == 0).any() and not rest["thal"].isin(["1", "2"]).any()
    kept = sum(rest[column].nunique() for column in dict.fromkeys(PATIENTS.source_columns[6:]))
    assert 6 + kept == 26 and len(PATIENTS.feature_names) == 29


def test_the_columns_of_heart_are_all_explained():
    assert list(HEART_COLUMNS) == list(RAW.columns)


def test_data_without_raw_rows_takes_a_frame():
    bare = replace(PATIENTS, raw_train=None, raw_test=None)
    frame = pd.concat([PATIENTS.raw_train, PATIENTS.raw_test])
    tour = DataTour(bare, frame)
    assert tour.inputs(frame.index[0])["value"].tolist() == PATIENTS.x_train[0].tolist()
    assert tour.baseline == DataTour(PATIENTS).baseline
    with pytest.raises(SettingsError, match=r"Give the table itself: DataTour\(data, frame=df\)"):
        DataTour(bare)
    with pytest.raises(SettingsError, match="The table does not fit data: in row"):
        DataTour(bare, RAW)
    with pytest.raises(SettingsError, match="303"):
        DataTour(bare, RAW.head(10))
    shuffled = frame.copy()
    shuffled["thal"] = shuffled["thal"].to_numpy()[::-1]
    with pytest.raises(SettingsError, match="thal is"):
        DataTour(bare, shuffled)


def test_labels_that_repeat_give_way_to_places():
    data = replace(PATIENTS, raw_train=PATIENTS.raw_train.set_axis([0] * 242), raw_test=PATIENTS.raw_test)
    tour = DataTour(data)
    assert tour.selection == list(range(303))
    with pytest.raises(SettingsError, match="Index labels repeat"):
        DataTour(PATIENTS, RAW.set_axis([0] * 303))


@pytest.mark.parametrize(
    "arguments, told",
    [
        ({"data": RAW}, "data is a DataFrame, not a TabularData"),
        ({"frame": [1]}, "frame is a list, not a DataFrame"),
        ({"frame": RAW.head(20)}, "frame has no row"),
        ({"frame": RAW.drop(columns="thal")}, "no column 'thal'"),
        ({"frame": RAW.assign(age=1)}, "in row 0, age is 1"),
        ({"frame": RAW.assign(age="old")}, "does not fit data"),
        ({"filters": {"weight": 3}}, "There is no column 'weight'. There are: age, sex"),
        ({"filters": {"cp": 9}}, "No row has cp = 9. There are: 0, 1, 2, 3, 4."),
        ({"filters": {"part": "valid"}}, "it is train, test or left out"),
        ({"row": 303}, "There is no row 303: the index goes from 0 to 302."),
        ({"row": [1]}, "There is no row"),
        ({"marked": [1, 999]}, "There is no row 999"),
        ({"stage": "exercise"}, "stage is 'exercise'; it is one of table, row, balance, distributions"),
        ({"sort": "weight"}, "no column 'weight'"),
        ({"column": "weight"}, "no column 'weight'"),
        ({"top": 303}, "top is 303"),
        ({"columns": {"weight": "kg"}}, "columns has 'weight'"),
        ({"columns": ["age"]}, "a mapping from a column"),
        ({"exercise": {"question": "?"}}, "exercise needs question, rows and explanation"),
        ({"exercise": {"question": "?", "rows": [], "explanation": ""}}, "has no rows"),
        ({"exercise": {"question": "?", "rows": [900], "explanation": ""}}, "There is no row 900"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(arguments, told):
    with pytest.raises(SettingsError, match=r".+") as error:
        DataTour(**{"data": PATIENTS, **arguments})
    assert told in str(error.value) and str(error.value).endswith(".")


def test_a_refused_setting_leaves_everything_as_it_was(patients):
    before = patients.get_state()
    for state in ({"row": 303}, {"row": -1}, {"stage": "end"}, {"column": "weight"}, {"marked": [700]}, {"top": -5}):
        patients.set_state(state)
        assert patients.problem, state
        assert {k: v for k, v in patients.get_state().items() if k != "problem"} == {
            k: v for k, v in before.items() if k != "problem"
        }, state
    patients.set_state({"row": 5})
    assert patients.problem == "" and patients.row == 5
    patients._command({"kind": "row", "label": "400"}, [])
    assert patients.problem == "There is no row '400': the index goes from 0 to 302." and patients.row == 5
    patients._command({"kind": "row", "label": " 60 "}, [])
    assert patients.problem == "" and patients.row == 60


def test_unknown_arguments_are_refused_and_nothing_is_changed_in_the_data():
    with pytest.raises(TypeError, match="'rows'"):
        DataTour(PATIENTS, rows=3)
    copy = {field.name: getattr(PATIENTS, field.name) for field in fields(PATIENTS)}
    tour = DataTour(PATIENTS)
    tour.filters = {"cp": 0}
    assert all(getattr(PATIENTS, name) is value for name, value in copy.items())
    pd.testing.assert_frame_equal(tour._table.frame, RAW)


def test_a_million_rows():
    rng = np.random.default_rng(1)
    rows = 1_000_000
    frame = pd.DataFrame({"a": rng.normal(size=rows), "b": rng.choice(["x", "y", "z"], rows)})
    frame["t"] = rng.integers(0, 2, rows)
    tour = DataTour(TabularData.from_frame(frame, "t"))
    tour.filters = {"b": "y"}
    tour.sort = "a"
    assert tour.window["fit"] == (frame["b"] == "y").sum() and len(tour.window["rows"]) == 50
    assert tour.window["rows"][0]["row"] == frame["a"][frame["b"] == "y"].idxmin()
    assert len(json.dumps(tour.get_state(["facts", "window", "turned", "spread"]))) < 60_000
    assert len(tour.inputs(999_999)) == 4


def test_the_still_tells_the_columns_and_the_balance(patients):
    still = patients.still()
    assert patients._still in still and "44 of 61 test patients = 72.1\N{NO-BREAK SPACE}%" in still
    assert all(column in still for column in RAW) and "serum cholesterol, mg/dl" in still and "176" in still


def test_a_closed_tour_leaves_nothing():
    tour = DataTour(PATIENTS)
    dead = weakref.ref(tour)
    tour.close()
    del tour
    gc.collect()
    assert dead() is None
