"""heart.load against the lecture's recipe written out independently in pandas."""

import subprocess
import sys
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from firstepoch import data, heart

NAMES = (
    "age trestbps chol thalach oldpeak slope sex_0 sex_1 cp_0 cp_1 cp_2 cp_3 cp_4 fbs_0 fbs_1 restecg_0 restecg_1 "
    "restecg_2 exang_0 exang_1 ca_0 ca_1 ca_2 ca_3 thal_1 thal_2 thal_fixed thal_normal thal_reversible"
)
ARRAYS = ("x_train", "y_train", "x_test", "y_test")


@pytest.fixture(scope="module")
def lecture():
    """The lecture's notebook, step by step."""
    numeric = ["age", "trestbps", "chol", "thalach", "oldpeak", "slope"]
    codes = ["sex", "cp", "fbs", "restecg", "exang", "ca", "thal"]
    table = pd.read_csv(files("firstepoch.data") / "heart.csv")
    table = pd.get_dummies(table, columns=codes, dtype="float64").astype("float64")
    test = table.sample(frac=0.2, random_state=42)
    train = table.drop(test.index)
    means, stds = train[numeric].mean(), train[numeric].std()
    train[numeric] = (train[numeric] - means) / stds
    test[numeric] = (test[numeric] - means) / stds
    train_y, test_y = train.pop("target"), test.pop("target")
    return train, train_y, test, test_y


def test_the_inputs_are_the_lectures_29_in_order(lecture):
    loaded = heart.load()
    assert loaded.feature_names == tuple(NAMES.split()) == tuple(lecture[0].columns)
    assert len(loaded.source_columns) == 29
    assert all(
        name == source or name.startswith(f"{source}_")
        for name, source in zip(loaded.feature_names, loaded.source_columns, strict=True)
    )


def test_the_arrays_are_the_lectures_bit_for_bit(lecture):
    loaded = heart.load()
    for name, part in zip(ARRAYS, lecture, strict=True):
        array = getattr(loaded, name)
        assert array.dtype == np.float32
        assert np.array_equal(array, part.to_numpy("float32"))
    assert (loaded.x_train.shape, loaded.x_test.shape) == ((242, 29), (61, 29))
    assert (loaded.y_train.shape, loaded.y_test.shape) == ((242,), (61,))
    assert int((loaded.y_test == 0).sum()) == 44


def test_the_raw_rows_are_kept_in_the_order_of_the_inputs():
    table, loaded = data.load_heart(), heart.load()
    assert (loaded.task, loaded.target_name) == ("binary", "target")
    for raw, x, y in (
        (loaded.raw_train, loaded.x_train, loaded.y_train),
        (loaded.raw_test, loaded.x_test, loaded.y_test),
    ):
        pd.testing.assert_frame_equal(raw, table.loc[raw.index])
        assert np.array_equal(raw["target"], y)
        age = (raw["age"] - loaded.means["age"]) / loaded.stds["age"]
        assert np.array_equal(age.to_numpy("float32"), x[:, 0])


def test_means_come_from_the_training_rows_only():
    assert {name: round(mean, 6) for name, mean in heart.load().means.items()} == {
        "age": 54.268595,
        "trestbps": 131.995868,
        "chol": 246.512397,
        "thalach": 149.805785,
        "oldpeak": 1.032645,
        "slope": 1.590909,
    }
    normalised = heart.load().x_train[:, :6].astype("float64")
    assert np.allclose(normalised.mean(axis=0), 0, atol=1e-6)
    assert np.allclose(normalised.std(axis=0, ddof=1), 1, atol=1e-6)


def test_class_names_say_what_the_target_is():
    assert heart.load().class_names == ("num < 2", "num ≥ 2")
    assert heart.load().class_note.startswith("num is the grade")


@pytest.mark.parametrize(("seed", "fraction"), [(42, 0.2), (7, 0.35), (np.int64(3), np.float64(0.1))])
@pytest.mark.parametrize("pasted", [False, True], ids=["script", "notebook"])
def test_code_rebuilds_the_arrays_bit_for_bit(tmp_path, seed, fraction, pasted):
    loaded = heart.load(seed, fraction)
    lesson = tmp_path / "lesson"
    lesson.mkdir()
    (lesson / "heart.csv").write_bytes((files("firstepoch.data") / "heart.csv").read_bytes())
    output = tmp_path / "arrays.npz"
    save = f"\nnp.savez({str(output)!r}, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)\n"
    if pasted:
        command, folder = [sys.executable, "-c", loaded.code + save], lesson
    else:
        (lesson / "prepare.py").write_text(loaded.code + save, encoding="utf-8")
        command, folder = [sys.executable, str(lesson / "prepare.py")], tmp_path
    subprocess.run(command, cwd=folder, check=True, timeout=120)
    with np.load(output) as rebuilt:
        for name in ARRAYS:
            assert rebuilt[name].dtype == np.float32
            assert np.array_equal(rebuilt[name], getattr(loaded, name))


def test_code_needs_numpy_and_pandas_only():
    imports = [line for line in heart.load().code.splitlines() if line.startswith(("import", "from"))]
    assert imports == ["from pathlib import Path", "import numpy as np", "import pandas as pd"]


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 1.5, 0.001, 0.999, float("nan"), "0.2", True, None])
def test_a_fraction_that_leaves_a_side_empty_is_refused(fraction):
    with pytest.raises(ValueError, match=r"test_fraction.*Try 0\.2"):
        heart.load(test_fraction=fraction)


@pytest.mark.parametrize("fraction", [0.995, 0.99])
def test_too_few_training_rows_to_normalise_are_refused(fraction):
    try:
        loaded = heart.load(test_fraction=fraction)
    except ValueError as error:
        assert "smaller test_fraction" in str(error)
    else:
        assert np.isfinite(loaded.x_train).all()


@pytest.mark.parametrize("seed", [-1, 2**32, 4.2, "42", None, True])
def test_a_seed_that_pandas_cannot_use_is_refused(seed):
    with pytest.raises(ValueError, match=r"split_seed.*Try 42"):
        heart.load(split_seed=seed)


def test_importing_loads_neither_tensorflow_nor_keras():
    program = (
        "import sys, firstepoch.data, firstepoch.heart\n"
        "firstepoch.heart.load()\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_encoding_the_whole_table_gives_the_training_and_test_rows():
    loaded = heart.load()
    table = data.load_heart()
    test = table.sample(frac=0.2, random_state=42)
    encoded = pd.DataFrame(heart.encode(table, loaded))
    assert np.array_equal(encoded.loc[test.index], loaded.x_test)
    assert np.array_equal(encoded.drop(test.index), loaded.x_train)
