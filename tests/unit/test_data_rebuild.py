"""The recipe of data/rebuild.py, on small made-up rows: no network and no wheel needed."""

import importlib.util
import zipfile
from pathlib import Path

import pytest


@pytest.fixture
def rebuild():
    path = Path(__file__).parents[2] / "data" / "rebuild.py"
    spec = importlib.util.spec_from_file_location("rebuild", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


COLUMNS = "age,sex,dataset,cp,trestbps,chol,fbs,restecg,thalch,exang,oldpeak,slope,ca,thal,num"
UCI = "63,Male,Cleveland,typical angina,145,233,TRUE,lv hypertrophy,150,FALSE,2.3,downsloping,0,fixed defect,{}"


@pytest.mark.parametrize(("num", "target"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 1)])
def test_a_row_of_the_uci_table(rebuild, num, target):
    row = dict(zip(COLUMNS.split(","), UCI.format(num).split(","), strict=True))
    assert ",".join(rebuild.cleveland_row(row)) == f"63,1,1,145,233,1,2,150,0,2.3,3,0,fixed,{target}"


@pytest.mark.parametrize(("thal", "written"), [("1", "1"), ("2", "2"), ("3", "normal")])
def test_a_stray_row(rebuild, thal, written):
    row = dict.fromkeys(rebuild.COLUMNS, "0") | {"thal": thal}
    assert rebuild.stray_row(row) == ["0"] * 12 + [written, "0"]


def test_the_blocks_take_297_rows_once_and_leave_out_the_six_incomplete_ones(rebuild):
    taken = [row for block in rebuild.BLOCKS if block != "strays" for row in range(block[0], block[1] + 1)]
    assert len(taken) == 297
    assert sorted(taken) == sorted(set(range(303)) - {87, 166, 192, 266, 287, 302})


def test_a_wrong_table_is_not_written(rebuild, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(rebuild, "rebuild", lambda wheel: b"something else")
    output = tmp_path / "heart.csv"
    assert rebuild.main([str(tmp_path / "a.whl"), "--output", str(output)]) == 1
    assert not output.exists()
    assert "Not written" in capsys.readouterr().err


def test_a_wheel_without_the_tables_says_so(rebuild, tmp_path):
    wheel = tmp_path / "a.whl"
    zipfile.ZipFile(wheel, "w").close()
    with pytest.raises(KeyError, match="heart_disease_uci"):
        rebuild.rebuild(wheel)
