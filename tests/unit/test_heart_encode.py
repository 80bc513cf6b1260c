"""heart.encode on new tables: what it takes, and how it refuses."""

import numpy as np
import pandas as pd
import pytest

from firstepoch import data, heart


@pytest.fixture(scope="module")
def fitted():
    return heart.load()


@pytest.fixture
def patients():
    return data.load_heart().head(4)


def test_one_patient_by_hand(fitted, patients):
    row = heart.encode(patients.head(1), fitted)[0]
    values = dict(zip(fitted.feature_names, row, strict=True))
    assert values["age"] == pytest.approx((63 - fitted.means["age"]) / fitted.stds["age"])
    on = {name for name, value in values.items() if "_" in name and value == 1}
    assert on == {"sex_1", "cp_1", "fbs_1", "restecg_2", "exang_0", "ca_0", "thal_fixed"}
    assert sum(values[name] for name in values if "_" in name) == 7


def test_order_of_columns_further_columns_and_the_index_do_not_matter(fitted, patients):
    expected = heart.encode(patients, fitted)
    changed = patients[patients.columns[::-1]].assign(name="someone").set_index(pd.Index(list("abcd")))
    assert np.array_equal(heart.encode(changed.drop(columns="target"), fitted), expected)


def test_codes_may_be_whole_floats_or_text(fitted, patients):
    expected = heart.encode(patients, fitted)
    changed = patients.astype({"ca": "float64", "sex": str, "thal": str, "age": "float64"})
    assert np.array_equal(heart.encode(changed, fitted), expected)


def test_no_patients_give_no_rows(fitted, patients):
    assert heart.encode(patients.head(0), fitted).shape == (0, 29)


def test_another_split_is_encoded_with_its_own_means(patients):
    one, other = heart.load(), heart.load(split_seed=1)
    assert not np.array_equal(heart.encode(patients, one), heart.encode(patients, other))


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("thal", "broken", r"'thal', row 2: 'broken' is no known category.*1, 2, fixed, normal, reversible"),
        ("cp", 7, r"'cp', row 2: 7 is no known category. Use one of 0, 1, 2, 3, 4"),
        ("ca", 0.5, r"'ca', row 2: 0\.5 is no known category"),
        ("ca", float("inf"), r"'ca', row 2: inf is no known category"),
        ("sex", True, r"'sex', row 2: True is no known category"),
        ("age", "sixty", r"'age', row 2: 'sixty' is not a number. Try pd\.to_numeric"),
        ("chol", "286", r"'chol', row 2: '286' is not a number"),
        ("chol", True, r"'chol', row 2: True is not a number"),
        ("chol", float("inf"), r"'chol', row 2: inf is not finite"),
        ("chol", float("nan"), r"'chol', row 2: the value is missing \(nan\)"),
        ("thal", None, r"'thal', row 2: the value is missing"),
        ("sex", pd.NA, r"'sex', row 2: the value is missing"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_column_and_row(fitted, patients, column, value, message):
    patients = patients.astype({column: object})
    patients.loc[2, column] = value
    with pytest.raises(ValueError, match=message):
        heart.encode(patients, fitted)


def test_the_row_is_named_by_its_index_label(fitted, patients):
    patients = patients.set_index(pd.Index(["Ada", "Ben", "Cleo", "Dev"])).astype({"cp": object})
    patients.loc["Cleo", "cp"] = 9
    with pytest.raises(ValueError, match="row 'Cleo': 9"):
        heart.encode(patients, fitted)


def test_a_missing_column_is_named_with_those_that_are_there(fitted, patients):
    with pytest.raises(ValueError, match=r"'chol' is missing. There are: age, .*cholesterol"):
        heart.encode(patients.rename(columns={"chol": "cholesterol"}), fitted)


def test_a_column_named_twice_is_refused(fitted, patients):
    with pytest.raises(ValueError, match="'age' is there 2 times"):
        heart.encode(pd.concat([patients, patients[["age"]]], axis=1), fitted)


def test_something_else_than_a_table_is_refused(fitted, patients):
    with pytest.raises(ValueError, match="DataFrame of patients, got ndarray"):
        heart.encode(patients.to_numpy(), fitted)
