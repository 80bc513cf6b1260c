"""The shipped table is the lecture's file to the byte, and loads with sensible types."""

import hashlib
import subprocess
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from firstepoch import data

SHA256 = "a91c81831bb2126e5fde6ce4ebde147a78429da12005108a6677ba57ecde9244"
ROOT = Path(__file__).parents[2]


def test_the_file_is_the_lectures_to_the_byte():
    content = (files("firstepoch.data") / "heart.csv").read_bytes()
    assert len(content) == 13_273
    assert hashlib.sha256(content).hexdigest() == SHA256


def test_git_keeps_its_line_ends():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    answer = subprocess.run(
        ["git", "check-attr", "text", "data/heart.csv"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "data/heart.csv: text: unset"


def test_the_table():
    table = data.load_heart()
    assert table.shape == (303, 14)
    assert table["target"].value_counts().to_dict() == {0: 220, 1: 83}
    assert not table.isna().any().any()
    assert all(table.dtypes.drop(["oldpeak", "thal"]) == "int64")
    assert table["oldpeak"].dtype == "float64"


def test_thal_keeps_the_order_of_its_inputs_for_any_part_of_the_table():
    inputs = pd.get_dummies(data.load_heart()["thal"].head(2), prefix="thal")
    assert list(inputs) == ["thal_1", "thal_2", "thal_fixed", "thal_normal", "thal_reversible"]


def test_the_six_stray_rows_repeat_six_patients_with_target_0():
    table = data.load_heart()
    same = ["age", "sex", "trestbps", "chol", "fbs", "thalach", "exang", "oldpeak", "ca"]
    originals, strays = table.loc[241:246], table.loc[247:252]
    assert (originals[same].to_numpy() == strays[same].to_numpy()).all()
    assert (originals["target"].sum(), strays["target"].sum()) == (3, 0)


def test_each_call_gives_a_table_of_its_own():
    table = data.load_heart()
    table.loc[0, "age"] = 0
    assert data.load_heart().loc[0, "age"] == 63


def test_a_changed_file_is_refused(monkeypatch):
    monkeypatch.setattr("firstepoch.data.heart.SHA256", "0" * 64)
    with pytest.raises(ValueError, match="installing firstepoch again"):
        data.load_heart()
