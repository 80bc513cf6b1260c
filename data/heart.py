"""The heart-disease table of the lecture, read as it is: nothing encoded, split or normalised here."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from io import BytesIO
from typing import Final

import pandas as pd

SHA256: Final = "a91c81831bb2126e5fde6ce4ebde147a78429da12005108a6677ba57ecde9244"

# The categories are declared, in sorted order: `get_dummies` then gives the lecture's five thal inputs in the
# lecture's order even for a handful of rows that do not hold them all.
THAL: Final = pd.CategoricalDtype(["1", "2", "fixed", "normal", "reversible"])

HEART_COLUMNS: Final = {
    "age": "age in years",
    "sex": "sex as recorded: 0 female, 1 male",
    "cp": "type of chest pain: 1 typical angina, 2 atypical angina, 3 non-anginal, 4 asymptomatic",
    "trestbps": "resting blood pressure on admission, mm Hg",
    "chol": "serum cholesterol, mg/dl",
    "fbs": "fasting blood sugar above 120 mg/dl: 0 no, 1 yes",
    "restecg": "resting electrocardiogram: 0 normal, 1 ST-T wave abnormality, 2 left ventricular hypertrophy",
    "thalach": "highest heart rate reached, per minute",
    "exang": "angina brought on by exercise: 0 no, 1 yes",
    "oldpeak": "ST depression by exercise, relative to rest, mm",
    "slope": "slope of the ST segment at peak exercise: 1 up, 2 flat, 3 down",
    "ca": "major vessels coloured by fluoroscopy",
    "thal": "thallium scan: normal, fixed defect, reversible defect",
    "target": "1 where UCI's diagnosis num (0 to 4) is 2 or more, else 0",
}
"""What each column means, with its unit or codes, as DATA_CARD.md has it."""


def load_heart() -> pd.DataFrame:
    """Load the 303 patients of the lecture's heart-disease table.

    Counts and codes are int64, `oldpeak` (mm) is float64, and `thal` is categorical with its five values
    declared. Nothing is missing. DATA_CARD.md beside the file says what each column means, where the rows
    came from and what `target` is: 1 where the UCI diagnosis `num` is 2 or more.

    Returns:
        A fresh table of shape (303, 14).

    Raises:
        ValueError: The installed file is not the one that was shipped.

    Example:
        >>> load_heart()["target"].value_counts().to_dict()
        {0: 220, 1: 83}
    """
    content = (files("firstepoch.data") / "heart.csv").read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise ValueError("heart.csv differs from the file that was shipped. Try installing firstepoch again.")
    return pd.read_csv(BytesIO(content), dtype={"thal": THAL})
