import csv
import io
import os
import re
import subprocess
import sys
import threading
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import keras
import matplotlib
import numpy as np
import pandas as pd
import pytest

from firstepoch import heart
from firstepoch.widgets import Recording
from firstepoch.widgets.training import export, picture
from firstepoch.widgets.training.run import Run
from firstepoch.widgets.training.settings import Settings
from firstepoch.widgets.training.widget import LiveTraining

DATA = heart.load()
KINDS = ["csv", "recording", "keras", "py", "svg", "png"]
TOKENS = (Path(__file__).parents[2] / "widgets" / "tokens.css").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def live():
    """Run 1 stopped early and took its best weights back; run 2, the newest, has other layers."""
    settings = {"early_stopping": True, "patience": 2, "learning_rate": 0.05, "dropout": 0.25}
    widget = LiveTraining(heart.build_model, DATA, epochs=40, **settings)
    widget.train()
    widget.wait()
    widget.answers = [widget.model.predict(DATA.x_test, verbose=0)]
    widget.units, widget.early_stopping, widget.epochs = [8, 4], False, 3
    widget.train()
    widget.wait()
    widget.answers.append(widget.model.predict(DATA.x_test, verbose=0))
    return widget


@pytest.fixture(scope="module")
def folder(live, tmp_path_factory):
    made = tmp_path_factory.mktemp("runs")
    live.export(made, run=1)
    live.export(made)
    return made


def test_all_files_of_a_run_are_written(live, tmp_path):
    paths = live.export(tmp_path / "new", run=1)
    assert list(paths) == KINDS
    assert [path.name for path in paths.values()] == [f"run_1.{kind}" for kind in KINDS]
    assert sorted(paths.values()) == sorted((tmp_path / "new").iterdir())
    assert [path.name for path in live.export(tmp_path / "new").values()] == [f"run_2.{kind}" for kind in KINDS]
    assert len(list((tmp_path / "new").iterdir())) == 12


@pytest.mark.parametrize("number", [1, 2])
def test_the_model_answers_exactly_as_that_of_the_run_did(live, folder, number):
    run = live.kept_runs[number]
    assert (run.restored_epoch is not None) == (number == 1)
    loaded = keras.models.load_model(folder / f"run_{number}.keras")
    np.testing.assert_array_equal(loaded.predict(DATA.x_test, verbose=0), live.answers[number - 1])
    for mine, theirs in zip(loaded.get_weights(), run.model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert loaded.optimizer.get_config() == run.model.optimizer.get_config()


def test_the_table_has_keras_s_logs_exactly(live, folder):
    with (folder / "run_1.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    history = live.kept_runs[1].history
    assert list(rows[0]) == ["epoch", *history]
    assert [int(row["epoch"]) for row in rows] == list(range(len(history["loss"])))
    for name, values in history.items():
        assert [float(row[name]) for row in rows] == values


def test_it_holds_what_keras_s_csvlogger_writes(tmp_path):
    logger = keras.callbacks.CSVLogger(str(tmp_path / "theirs.csv"))
    keras.utils.set_random_seed(42)
    heart.build_model().fit(
        DATA.x_train, DATA.y_train, batch_size=32, epochs=2, validation_split=0.2, verbose=0, callbacks=[logger]
    )
    widget = LiveTraining(heart.build_model, DATA, epochs=2)
    widget.train()
    widget.wait()
    widget.run.to_csv(tmp_path / "mine.csv")
    mine, theirs = (pd.read_csv(tmp_path / f"{name}.csv") for name in ("mine", "theirs"))
    pd.testing.assert_frame_equal(mine[theirs.columns], theirs, check_exact=False, atol=1e-5)


def test_recording_and_code_are_those_of_the_run(live, folder):
    loaded, run = Recording.load(folder / "run_1.recording"), live.kept_runs[1]
    assert loaded.settings == run.recording.settings and loaded.names == run.recording.names
    for name in loaded:
        np.testing.assert_array_equal(loaded[name], run.recording[name])
    live.shown = 1
    assert (folder / "run_1.py").read_text() == live.code
    live.shown = 0
    assert (folder / "run_2.py").read_text() == live.code
    compile(live.code, "run_2.py", "exec")


def test_the_picture_draws_the_recording(live):
    run = live.kept_runs[1]
    axes = picture.draw(run).axes
    for ax, name in zip(axes, ("loss", "accuracy"), strict=True):
        train, valid, best = ax.get_lines()
        for line, log in ((train, name), (valid, f"val_{name}")):
            np.testing.assert_array_equal(line.get_ydata(), run.recording[log])
            np.testing.assert_array_equal(line.get_xdata(), np.arange(1, len(run.recording) + 1))
        assert list(best.get_xdata()) == [run.best_epoch + 1] * 2
        assert [line.get_color() for line in (train, valid, best)] == [
            picture.COLORS[name] for name in ("train", "valid", "best")
        ]
        assert len({str(line._unscaled_dash_pattern) for line in (train, valid, best)}) == 3
        assert ax.get_xlabel() == "epoch"
    assert [ax.get_ylabel() for ax in axes] == [
        "loss (binary cross-entropy)",
        "accuracy (share of rows that are right)",
    ]


def test_its_colours_are_the_tokens_of_a_light_page():
    for name, color in picture.COLORS.items():
        assert f"--fe-{name}: light-dark({color}," in TOKENS


def test_the_svg_is_text_and_curves_and_the_same_each_time(live, folder):
    run = live.kept_runs[1]
    source = (folder / "run_1.svg").read_bytes()
    assert picture.picture(run, "svg") == source
    tree = ElementTree.fromstring(source)
    said = [element.text for element in tree.iter(f"{SVG}text")]
    assert f"best epoch: {run.best_epoch + 1}, restored" in said
    assert any(words.startswith("Run 1: 16 relu · dropout 0.25 · adam 0.05 · batch 32 · patience 2") for words in said)
    assert tree.find(f"{SVG}metadata") is None
    text = source.decode()
    assert not re.search(rf"{Path.home()}|/tmp|20\d\d-\d\d|[Mm]atplotlib v", text)
    # The curve of the training loss, point by point: pixels are a linear function of the numbers.
    drawn = next(one for one in re.findall(r'd="(M[^"]+)"[^>]*stroke: #02419e', text))
    points = np.array([[float(part) for part in point.split()] for point in re.split("[ML]", drawn) if point.strip()])
    assert len(points) == len(run.recording)
    assert abs(np.corrcoef(points[:, 1], run.recording["loss"])[0, 1] + 1) < 1e-6


def test_the_png_is_a_picture_without_a_date(live, folder):
    content = (folder / "run_1.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n") and content == picture.picture(live.kept_runs[1], "png")
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert width >= 1500 and height >= 600
    assert b"tEXt" not in content and b"iTXt" not in content


def test_drawing_leaves_every_setting_of_matplotlib_as_it_was(live):
    with matplotlib.rc_context({"figure.facecolor": "black", "font.size": 33.0, "svg.fonttype": "path"}):
        before = matplotlib.rcParams.copy()
        mine = picture.picture(live.kept_runs[1], "svg")
        assert matplotlib.rcParams.copy() == before
    assert picture.picture(live.kept_runs[1], "svg") == mine


def test_a_picture_needs_no_display(tmp_path):
    code = (
        "import sys, numpy as np\n"
        "from firstepoch.widgets.training.run import Run\n"
        "from firstepoch.widgets.training.settings import Settings\n"
        "assert 'matplotlib' not in sys.modules\n"
        "run = Run(1, Settings())\n"
        "run.recording.append(epoch=0, seconds=1.0, loss=0.5, accuracy=0.5, best_epoch=0, wait=0)\n"
        "run.outcome, run.best_epoch = 'finished', 0\n"
        "run.picture('one.png'), run.picture('one.SVG')\n"
        "assert not {'matplotlib.pyplot', 'tkinter', 'keras', 'tensorflow'} & set(sys.modules)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment["MPLBACKEND"] = "TkAgg"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=100, cwd=tmp_path, env=environment)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.SVG", "one.png"]
    assert (tmp_path / "one.SVG").read_bytes().startswith(b"<?xml")


def short(outcome="finished", epochs=1, **logs):
    run = Run(4, Settings())
    for epoch in range(epochs):
        run.recording.append({"epoch": epoch, "seconds": 0.1, "best_epoch": 0, "wait": 0, "loss": 0.5} | logs)
    run.outcome = outcome
    return run


@pytest.mark.parametrize(
    "logs", [{}, {"loss": np.nan, "val_loss": np.inf}, {"auc": 0.5, "val_loss": 0.5, "val_auc": 0.5}]
)
def test_odd_runs_have_a_picture_too(logs):
    run = short("failed", epochs=2, **logs)
    assert picture.picture(run, "svg").startswith(b"<?xml")
    assert export.content(run, "csv").count(b"\n") == 3


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (Run(0, Settings()), "Nothing has been trained yet"),
        (short(outcome=""), "Run 4 is going on"),
        (short("failed", epochs=0), "Run 4 ended before its first epoch"),
    ],
)
def test_a_run_without_files_says_so(run, words, tmp_path):
    for act in (
        lambda: run.to_csv(tmp_path / "run.csv"),
        lambda: run.picture(tmp_path / "run.png"),
        lambda: export.export(run, tmp_path, ""),
    ):
        with pytest.raises(RuntimeError, match=words):
            act()
    assert list(tmp_path.iterdir()) == []


def test_bad_places_are_named_and_nothing_is_left(live, tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(NotADirectoryError, match=r"file is a file, not a folder"):
        live.export(file)
    with pytest.raises(FileNotFoundError, match=r"There is no folder .*missing to make deep in\. Make it first"):
        live.export(tmp_path / "missing" / "deep")
    with pytest.raises(FileNotFoundError, match="Make it first"):
        live.run.to_csv(tmp_path / "missing" / "run.csv")
    with pytest.raises(ValueError, match=r"\.png or a \.svg file; got .*run\.pdf"):
        live.run.picture(tmp_path / "run.pdf")
    with pytest.raises(ValueError, match="no run 9"):
        live.export(tmp_path, run=9)

    def full(self, data):
        Path.write_text(self, "half")
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(PermissionError, match=r"cannot be written to\. Try a folder of your own"):
        live.export(tmp_path)
    with pytest.raises(PermissionError):
        live.run.to_csv(tmp_path / "run.csv")
    assert list(tmp_path.iterdir()) == [file] and file.read_text() == "mine"


def test_nothing_is_trained_yet():
    widget = LiveTraining(heart.build_model, DATA)
    with pytest.raises(RuntimeError, match=r"Try \.train\(\), then \.wait\(\)"):
        widget.export()


def test_a_large_model_of_an_earlier_run_is_let_go(live, tmp_path, monkeypatch):
    monkeypatch.setattr("firstepoch.widgets.training.kept.MAX_KEPT_PARAMETERS", 100)
    widget = LiveTraining(heart.build_model, DATA, epochs=1)
    for _ in range(2):
        widget.train()
        widget.wait()
    assert widget.kept_runs[1].model is None and widget.model is not None
    with pytest.warns(UserWarning, match="The model of run 1 was let go when the next run began"):
        paths = widget.export(tmp_path, run=1)
    assert list(paths) == [kind for kind in KINDS if kind != "keras"]
    assert answer(widget, 1, "keras")["problem"].endswith("Export such a run before the next one.")
    assert list(widget.export(tmp_path)) == KINDS


def answer(widget, run, kind):
    """What the page gets for this file; made in another thread than the one that was asked."""
    came, threads = threading.Event(), []
    told = {}

    def send(content, buffers=None):
        if content["kind"] == "file":
            threads.append(threading.get_ident())
            told.update(content, bytes=b"".join(buffers or []))
            came.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(widget, "send", send)
        widget._command({"kind": "export", "view": "a", "asked": "7", "run": run, "file": kind}, [])
        assert came.wait(60)
    assert told["asked"] == "7" and threads[0] != threading.get_ident()
    return told


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_gets_the_same_files(live, folder, kind):
    told = answer(live, 1, kind)
    assert told["name"] == f"run_1.{kind}" and "problem" not in told
    if kind in ("keras", "recording"):  # zip archives, with the time of day
        target = folder / f"page.{kind}"
        target.write_bytes(told["bytes"])
        if kind == "keras":
            answers = keras.models.load_model(target).predict(DATA.x_test, verbose=0)
            np.testing.assert_array_equal(answers, live.answers[0])
        else:
            np.testing.assert_array_equal(Recording.load(target)["weights"], live.kept_runs[1].recording["weights"])
    else:
        assert told["bytes"] == (folder / f"run_1.{kind}").read_bytes()


def test_what_the_page_cannot_have_is_a_sentence(live):
    assert "not kept any more" in answer(live, 9, "csv")["problem"]
    assert "There are: csv, recording" in answer(live, 1, "exe")["problem"]


def test_a_model_keras_cannot_save_is_a_sentence(live, monkeypatch):
    def refuse(path):
        raise NotImplementedError("this layer has no get_config")

    run = live.kept_runs[1]
    monkeypatch.setattr(type(run.model), "save", lambda self, path: refuse(path))
    assert "no get_config" in answer(live, 1, "keras")["problem"]
    with pytest.raises(NotImplementedError):
        export.content(run, "keras")


def test_an_export_during_a_run_is_of_another_run(live):
    widget = LiveTraining(heart.build_model, DATA, epochs=2)
    widget.train()
    widget.wait()
    widget.epochs = 100_000
    widget.train()
    try:
        assert "Run 2 is going on" in answer(widget, 2, "keras")["problem"]
        assert io.BytesIO(answer(widget, 1, "keras")["bytes"]).read(2) == b"PK"
        with pytest.raises(RuntimeError, match="Run 2 is going on"):
            widget.export()
    finally:
        widget.stop()
        widget.wait()
