"""GradientCost: its states, what it says, its chart, its still and its program."""

import gc
import json
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import numpy as np
import pytest
from contract import interface, mismatches
from cost_oracle import apart, by_numpy

from firstepoch.widgets import GradientCost, SettingsError
from firstepoch.widgets.cost import compute, measure, widget, words
from firstepoch.widgets.cost.chart import CostChart, power_words
from firstepoch.widgets.cost.measure import Settings
from firstepoch.widgets.cost.traits import CostTraits

TRAITS = Path(widget.__file__).with_name("traits.ts")
SMALL = {"inputs": 2, "hidden": 0, "largest": 10_000, "batch_size": 10}


@pytest.fixture
def cost(monkeypatch):
    """A widget whose measurement takes a moment."""
    monkeypatch.setattr(measure, "POINT_SECONDS", 0.0)
    monkeypatch.setattr(measure, "BATCHES", 5)
    made = GradientCost(**SMALL)
    yield made
    made.stop()
    assert made._session.wait(30)
    made.close()


class Gate:
    """Halts the worker at its first chunk of the largest n, until it is opened; counts the chunks it begins."""

    def __init__(self, monkeypatch, rows):
        self.reached, self.opened, self.chunks, self.held = threading.Event(), threading.Event(), 0, True
        real = compute.in_chunks

        def chunks(parameters, x, y, step):
            for total in real(parameters, x, y, 100):
                self.chunks += 1
                if len(x) == rows and self.held:
                    self.held = False
                    self.reached.set()
                    assert self.opened.wait(30)
                yield total

        monkeypatch.setattr(compute, "in_chunks", chunks)


def ended(cost):
    assert cost.wait(30)
    return cost


def test_measuring_goes_from_idle_to_done_and_keeps_a_frame_for_each_n(cost):
    states = []
    cost.observe(lambda change: states.append(change["new"]), "status")
    assert cost.status == "idle" and len(cost.recording) == 0 and cost.said == [words.NOTHING]
    cost.measure()
    ended(cost)
    assert states == ["measuring", "done"] and cost.report["outcome"] == "finished"
    recording = cost.recording
    np.testing.assert_array_equal(recording["rows"], [1000, 3000, 10_000])
    assert recording.settings["batch_size"] == 10 and recording.settings["parameters"] == 3
    for name in ("", "batch_"):
        fastest, slowest = recording[f"{name}fastest"], recording[f"{name}slowest"]
        median = recording["batch_seconds" if name else "seconds"]
        assert (fastest > 0).all() and (fastest <= median).all() and (median <= slowest).all()
    np.testing.assert_allclose(recording["ratio"], recording["seconds"] / recording["batch_seconds"])
    assert cost.report | {"axis": None} == {
        "share": 1.0,
        "doing": "",
        "done": 3,
        "of": 3,
        "outcome": "finished",
        "error": "",
        "axis": None,
    }


def test_points_appear_one_by_one_and_progress_only_grows(cost):
    lengths, shares = [], []
    cost.observe(lambda _: lengths.append(len(cost.chart.marks[3].x)), "report")
    cost.observe(lambda change: shares.append(change["new"]["share"]), "report")
    cost.measure()
    ended(cost)
    assert {1, 2, 3} <= set(lengths) and lengths == sorted(lengths)
    assert shares == sorted(shares) and shares[-1] == 1


def test_stop_begins_no_further_chunk(cost, monkeypatch):
    gate = Gate(monkeypatch, 10_000)
    cost.measure()
    assert gate.reached.wait(30)
    before = gate.chunks
    cost.stop()
    assert cost.status == "stopping"
    gate.opened.set()
    ended(cost)
    assert gate.chunks == before
    assert cost.status == "done" and cost.report["outcome"] == "stopped"
    np.testing.assert_array_equal(cost.recording["rows"], [1000, 3000])
    assert cost.said[0] == "Stopped after 3,000 of 10,000 rows."


def test_rows_are_made_in_blocks_between_which_stop_is_heard(cost, monkeypatch):
    cost.largest = 10**6
    blocks = []
    real = compute.Rows.make

    def make(rows, n, between=lambda: None):
        def counted():
            blocks.append(n)
            if n > 100_000:
                cost.stop()
            between()

        real(rows, n, counted)

    monkeypatch.setattr(compute.Rows, "make", make)
    cost.measure()
    ended(cost)
    assert len([n for n in blocks if n > 100_000]) == 1 and cost.recording["rows"][-1] == 100_000


def test_a_second_measurement_waits_or_is_refused(cost, monkeypatch):
    gate = Gate(monkeypatch, 1000)
    gate.held = False
    cost.measure()
    ended(cost)
    gate.held = True
    cost.measure()
    assert gate.reached.wait(30)
    with pytest.raises(RuntimeError, match="Stop it first"):
        cost.measure()
    assert cost.status == "measuring"
    cost.stop()
    threading.Timer(0.05, gate.opened.set).start()
    cost.measure()
    ended(cost)
    assert cost.report["outcome"] == "finished" and len(cost.recording) == 3


def test_reset_forgets_also_while_measuring(cost, monkeypatch):
    cost.measure()
    ended(cost)
    cost.reset()
    assert cost.status == "idle" and len(cost.recording) == 0 and len(cost.chart.marks[3].x) == 0
    gate = Gate(monkeypatch, 3000)
    cost.measure()
    assert gate.reached.wait(30)
    cost.reset()
    gate.opened.set()
    ended(cost)
    assert cost.status == "idle" and len(cost.recording) == 0
    assert cost.report["share"] == 0 and cost.said == [words.NOTHING]


@pytest.mark.parametrize(("raised", "said"), [(MemoryError(), "not enough memory"), (OSError("a disk"), "a disk")])
def test_what_fails_is_told_and_raised_by_wait(cost, monkeypatch, raised, said):
    def fail(*_):
        raise raised

    with monkeypatch.context() as patched:
        patched.setattr(compute.Rows, "make", fail)
        cost.measure()
        with pytest.raises(type(raised)):
            cost.wait(30)
    assert cost.status == "failed" and said in cost.report["error"]
    cost.measure()
    assert ended(cost).report["error"] == ""


def test_buttons_do_what_the_methods_do(cost):
    cost._command({"kind": "measure", "view": "a"}, [])
    ended(cost)
    assert cost.report["outcome"] == "finished"
    cost._command({"kind": "reset", "view": "a"}, [])
    assert cost.status == "idle"
    cost._command({"kind": "close", "view": "a"}, [])
    cost._command({"kind": "stop", "view": "a"}, [])
    assert cost.status == "idle"


def test_a_button_brings_the_settings_that_are_still_on_their_way(cost):
    before, named = cost.batch_size, {"kind": "measure", "view": "a"}
    cost._command({**named, "settings": {"batch_size": 2000}}, [])
    assert "2,000" in cost.problem and cost.status == "idle" and cost.batch_size == before
    cost._command({**named, "settings": {"batch_size": 20}}, [])
    ended(cost)
    assert cost.problem == "" and cost.recording.settings["batch_size"] == 20


@pytest.mark.parametrize(("from_page", "outcome"), [(True, "stopped"), (False, "finished")])
def test_the_last_page_that_leaves_ends_what_a_page_began(cost, monkeypatch, from_page, outcome):
    gate = Gate(monkeypatch, 10_000)
    for view in "ab":
        cost._command({"kind": "enter", "view": view}, [])
    if from_page:
        cost._command({"kind": "measure", "view": "a"}, [])
    else:
        cost.measure()
    assert gate.reached.wait(30)
    cost._command({"kind": "leave", "view": "a"}, [])
    assert cost.status == "measuring"
    cost._command({"kind": "leave", "view": "b"}, [])
    gate.opened.set()
    assert ended(cost).report["outcome"] == outcome


def test_a_refused_setting_leaves_the_last_good_one_and_the_numbers(cost):
    cost.measure()
    ended(cost)
    with pytest.raises(SettingsError, match="batch size is 5,000"):
        cost.batch_size = 5000
    cost.set_state({"batch_size": 0.5})
    assert cost.batch_size == 10 and cost.problem == "The batch size is 0.5; use a whole number."
    assert len(cost.recording) == 3
    cost.batch_size = 20
    assert cost.problem == "" and cost.facts["waiting"] == ["batch_size"] and len(cost.recording) == 3
    cost.measure()
    ended(cost)
    assert cost.facts["waiting"] == [] and cost.recording.settings["batch_size"] == 20


def frame(rows=1_000_000, seconds=1.9, batch=0.00008, **others):
    return {
        "rows": rows,
        "seconds": seconds,
        "fastest": seconds * 0.9,
        "slowest": seconds * 1.2,
        "repetitions": 5,
        "batch_seconds": batch,
        "batch_fastest": batch * 0.9,
        "batch_slowest": batch * 5,
        "batch_repetitions": 201,
        "ratio": seconds / batch,
        **others,
    }


def said(guess=None, outcome="finished", **values):
    recording = Settings(29, 16, 32, 1_000_000).empty(guess)
    recording.append(frame(**values))
    return words.said(recording, outcome)


def test_the_sentences_say_the_numbers():
    assert said()[:2] == [
        "At 1,000,000 rows one gradient took 1.9 s: 24,000 times as long as one batch of 32 (0.080 ms), "
        "for 31,250 times as many rows.",
        "In that time stochastic gradient descent computes 24,000 gradients of a batch, one for each update; "
        "gradient descent computes one.",
    ]
    assert len(said()) == 2  # per row the batch took 1.3 times as long: nothing to explain
    assert said(seconds=0.16)[-1].startswith("Per row the batch took 16 times as long")
    assert len(said(rows=1000, seconds=0.00009)) == 2  # the batch is about as dear: nothing to count


@pytest.mark.parametrize(
    ("guess", "told"),
    [
        (31_250.0, "Your guess, 31,250 times, was close: 24,000 times were measured."),
        (100.0, "Your guess, 100 times, was 240 times too low."),
        (2.5e5, "Your guess, 250,000 times, was 11 times too high."),
    ],
)
def test_a_guess_is_compared_with_the_measured_ratio(guess, told):
    assert said(guess)[-1] == told
    assert not any("guess" in sentence for sentence in said(guess, outcome=""))


def test_a_guess_about_rows_that_were_not_measured_is_not_judged():
    told = said(100.0, outcome="stopped", rows=30_000, seconds=0.05)
    assert told[0] == "Stopped after 30,000 of 1,000,000 rows."
    assert told[-1] == "Your guess was for 1,000,000 rows, which were not measured."


def test_the_guess_is_kept_and_the_question_follows_the_settings(cost):
    cost.guess = 50.0
    assert cost.facts["question"] == ("How many times as long does one gradient over 10,000 rows take as one over 10?")
    cost.measure()
    ended(cost)
    assert cost.guess == cost.recording.settings["guess"] == 50.0
    assert any("Your guess, 50 times" in sentence for sentence in cost.said)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(12.34, "12 s"), (1.94, "1.9 s"), (0.0996, "0.10 s"), (0.0734, "73 ms"), (0.0000799, "0.080 ms"), (240, "240 s")],
)
def test_durations_have_two_significant_digits(seconds, text):
    assert words.duration(seconds) == text


def test_the_chart_shows_powers_of_ten_and_is_never_rebuilt():
    chart = CostChart()
    parts = [*chart.figure.marks, *chart.figure.axes]
    recording = Settings(29, 16, 32, 10_000).empty(guess=100.0)
    assert chart.draw(recording, [1000, 3000, 10_000])["y"] == [-5.0, 0.0]
    for rows in (1000, 3000, 10_000):
        recording.append(frame(rows, rows * 2e-6))
        axis = chart.draw(recording, [1000, 3000, 10_000], 100.0)
    full, batch, guess = chart.figure.marks[3:]
    np.testing.assert_allclose(10**full.x, [1000, 3000, 10_000])
    np.testing.assert_allclose(10**full.y, [0.002, 0.006, 0.02])
    np.testing.assert_allclose(10**batch.y, [0.00008] * 3)
    np.testing.assert_allclose([10 ** guess.x[0], 10 ** guess.y[0]], [10_000, 0.008])
    spread = chart.figure.marks[0]
    np.testing.assert_allclose(10 ** spread.y[:2], [0.0018, 0.0024])
    assert np.isnan(spread.y[2::3]).all() and np.isfinite(spread.y[-1]) and np.isfinite(spread.x).all()
    assert axis["x"][0] < 3 < 4 < axis["x"][1] and axis["y"] == [-5.0, 0.0]
    assert parts == [*chart.figure.marks, *chart.figure.axes]
    chart.draw(recording, [1000, 3000, 10_000], 1e30)
    assert len(guess.x) == 0  # too far away for the axis; the sentence says it
    chart.close()


def test_powers_are_named_with_units():
    assert [power_words(power) for power in range(-5, 3)] == [
        "0.01 ms",
        "0.1 ms",
        "1 ms",
        "10 ms",
        "0.1 s",
        "1 s",
        "10 s",
        "100 s",
    ]


def test_the_still_has_the_numbers(cost):
    assert "Nothing is measured yet." in cost.still() and "<table" not in cost.still()
    cost.measure()
    ended(cost)
    html = cost.still()
    for rows, ratio in zip(("1,000", "3,000", "10,000"), cost.recording["ratio"], strict=True):
        assert f">{rows}</th>" in html and f">{ratio:.6g}</td>" in html
    assert "2 → 1 · 3 parameters" in html


PROBE = """
import json
names = [name for name in ("w1", "b1", "w2", "b2", "w", "b") if name in globals()]
arrays = {name: globals()[name].tolist() for name in names}
n = sizes[-1]
flat = np.concatenate([np.ravel(part) for part in all_rows(n)]).tolist()
print(json.dumps({"arrays": arrays, "x": x[:n].tolist(), "y": y[:n].tolist(), "gradient": flat}))
"""


@pytest.mark.parametrize("settings", [{"hidden": 4}, {"hidden": 0, "batch_size": 7}], ids=["network", "logistic"])
def test_the_program_measures_the_same_gradient(settings):
    cost = GradientCost(inputs=3, largest=3000, **settings)
    ran = subprocess.run(
        [sys.executable, "-c", cost.code + PROBE], capture_output=True, text=True, check=False, timeout=100
    )
    assert ran.returncode == 0, ran.stderr
    *lines, last = ran.stdout.splitlines()
    assert [line.split(" rows:")[0].strip() for line in lines] == ["1,000", "3,000"]
    assert all(line.endswith("times as long") for line in lines) and "firstepoch" not in cost.code
    made = json.loads(last)
    parameters = tuple(np.float32(array) for array in made["arrays"].values())
    assert [array.shape for array in parameters] == [array.shape for array in cost.parameters]
    x, y = np.float32(made["x"]), np.float32(made["y"])
    assert apart(made["gradient"], by_numpy(parameters, x, y)) < 1e-5


def test_the_views_interface_is_the_classs_traits(cost):
    assert mismatches(CostTraits, "CostTraits", TRAITS) == []
    assert set(interface(TRAITS, "Report")) == set(cost.report)
    assert set(interface(TRAITS, "Facts")) == set(cost.facts)
    assert set(cost.report["axis"]) == {"x", "y", "log"}


def test_given_rows_are_told(cost):
    given = GradientCost(np.zeros((303, 4)), np.zeros(303))
    assert given.inputs == 4 and given.facts["rows"] == "The rows are the 303 given ones, repeated."
    assert "made up" in cost.facts["rows"] and "these are made up" in given.code
    with pytest.raises(SettingsError, match="inputs is 5; x has 4"):
        given.inputs = 5
    assert given.inputs == 4


def test_an_unknown_argument_is_named():
    with pytest.raises(TypeError, match=r"'rows'.*batch_size"):
        GradientCost(rows=3)


def test_a_closed_widget_leaves_nothing_and_its_rows_are_given_back(cost, monkeypatch):
    made = []
    real = compute.Rows.__init__

    def kept(rows, *arguments):
        real(rows, *arguments)
        made.append(weakref.ref(rows))

    monkeypatch.setattr(compute.Rows, "__init__", kept)
    other = GradientCost(**SMALL)
    other.measure()
    ended(other)
    gc.collect()
    assert [rows() for rows in made] == [None]
    gone = weakref.ref(other)
    other.close()
    del other
    gc.collect()
    assert gone() is None


def test_importing_and_measuring_load_neither_tensorflow_nor_keras():
    code = (
        "import sys, firstepoch.widgets as w; cost = w.GradientCost(largest=1000); cost.measure(); cost.wait();"
        "assert len(cost.recording) == 1 and not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=100)
