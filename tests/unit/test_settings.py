from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.training.settings import Settings, check_data, problem

ROWS = 242


def test_the_lectures_settings_are_fit():
    assert problem(Settings(), ROWS) is None
    assert Settings().split_rows(ROWS) == (193, 49)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"units": (0,)}, ["hidden layer", "1 unit"]),
        ({"units": (16, -2)}, ["hidden layer", "-2"]),
        ({"dropout": 1.0}, ["share dropped", "1.0"]),
        ({"dropout": (0.5, 0.5)}, ["1 hidden layers", "2 dropout rates"]),
        ({"activation": "rellu"}, ["'rellu'", "relu, tanh"]),
        ({"activation": ("relu", "glu"), "units": (4, 2)}, ["no activation 'glu'"]),
        ({"activation": ("relu", "tanh")}, ["1 hidden layers", "2 activations"]),
        ({"batch_normalization": 1}, ["True or False", "it is 1."]),
        ({"batch_normalization": [True, False]}, ["1 hidden layers", "2 values of batch_normalization"]),
        ({"batch_normalization": True, "batch_size": 1}, ["batch_size is 1", "Try 32"]),
        ({"l2": -0.1}, ["squared weights", "-0.1"]),
        ({"l2": ("much",)}, ["squared weights", "much"]),
        ({"l2": (0.1, 0.2, 0.3)}, ["3 values of l2"]),
        ({"learning_rate": 0.0}, ["learning rate", "0.001"]),
        ({"learning_rate": float("nan")}, ["learning rate"]),
        ({"epochs": 0}, ["1 epoch or more"]),
        ({"batch_size": 0}, ["1 row or more"]),
        ({"batch_size": 194}, ["194", "193 training rows"]),
        ({"validation_split": 1.0}, ["validation_split"]),
        ({"validation_split": 0.999}, ["leaves 0"]),
        ({"early_stopping": True, "validation_split": 0.0}, ["val_loss", "validation_split"]),
        ({"patience": -1}, ["Patience"]),
        ({"min_delta": -0.1}, ["min_delta"]),
        ({"seed": -1}, ["seed"]),
    ],
)
def test_unfit_settings_say_what_is_wrong_and_what_to_try(change, words):
    sentence = problem(replace(Settings(), **change), ROWS)
    assert sentence is not None and sentence.endswith(".")
    for word in words:
        assert word in sentence


def test_without_validation_rows_only_a_val_monitor_is_unfit():
    settings = replace(Settings(), validation_split=0.0, early_stopping=True, monitor="loss")
    assert problem(settings, ROWS) is None


def test_the_largest_batch_is_all_training_rows():
    assert problem(replace(Settings(), batch_size=193), ROWS) is None


def table(**change):
    x = np.zeros((6, 2), "float32")
    data = {
        "x_train": x,
        "y_train": np.array([0, 1, 0, 1, 0, 1], "float32"),
        "x_test": x[:2],
        "y_test": np.array([0, 1], "float32"),
        "feature_names": ("age", "chol"),
        "class_names": ("no", "yes"),
    }
    return SimpleNamespace(**{**data, **change})


def with_value(value):
    x = np.zeros((6, 2), "float32")
    x[3, 1] = value
    return x


def test_fit_data_comes_back_as_arrays():
    checked = check_data(table(x_train=[[0.0, 1.0]] * 6))
    assert isinstance(checked.x_train, np.ndarray) and checked.feature_names == ("age", "chol")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"class_names": None}, ["class_names is None"]),
        ({"y_train": np.array(["a"] * 6, dtype=object)}, ["not numbers"]),
        ({"x_train": with_value(np.nan)}, ["x_train", "nan", "row 3", "'chol'"]),
        ({"x_train": with_value(np.inf)}, ["inf", "row 3"]),
        ({"y_train": np.array([0, 1, 2, 1, 0, 1.0])}, ["y_train", "2.0", "row 2", "0 or 1"]),
        ({"y_test": np.array([0, 0.5])}, ["y_test", "0.5", "row 1"]),
        ({"y_train": np.zeros((6, 1))}, ["(6, 1)", "reshape(-1)"]),
        ({"y_train": np.zeros(5)}, ["6 rows", "5"]),
        ({"x_train": np.zeros((6, 2, 2))}, ["(6, 2, 2)"]),
        ({"x_train": np.zeros((6, 3), "float32")}, ["3 inputs", "2 feature_names"]),
        ({"x_train": np.array([["a", "b"]] * 6)}, ["numbers"]),
        ({"x_test": np.zeros((0, 2)), "y_test": np.zeros(0)}, ["x_test", "no rows"]),
    ],
)
def test_unfit_data_is_named(change, words):
    with pytest.raises(SettingsError) as caught:
        check_data(table(**change))
    for word in words:
        assert word in str(caught.value)


def test_an_object_without_the_fields_is_told_what_to_pass():
    with pytest.raises(SettingsError, match=r"no x_train.*TabularData"):
        check_data(np.zeros((3, 3)))
