"""Autodiff the widget: settings, refusals, the check beside, what the page is told."""

import gc
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

import contract
import numpy as np
import pytest

from firstepoch.widgets import Autodiff, SettingsError
from firstepoch.widgets.autodiff import tape
from firstepoch.widgets.autodiff import widget as module
from firstepoch.widgets.autodiff.words import agreement, fill, shown

TRAITS = Path(module.__file__).with_name("traits.ts")


@pytest.fixture
def it():
    made = Autodiff("w * x + b", w=2.0, b=0.5, x=3.0)
    yield made
    made.close()


def settled(it, timeout=120):
    end = time.monotonic() + timeout
    while it.checked["state"] == "loading":
        assert time.monotonic() < end
        time.sleep(0.005)
    return it.checked


def test_the_interface_is_the_classs_traits(it):
    assert contract.mismatches(Autodiff, "AutodiffTraits", TRAITS) == []


def test_the_view_reads_what_the_recording_tells(it):
    graph = it.recording.settings["graph"]
    assert set(graph) == set(contract.interface(TRAITS, "Graph"))
    assert set(graph["nodes"][0]) == set(contract.interface(TRAITS, "GraphNode"))
    assert set(graph["edges"][0]) == set(contract.interface(TRAITS, "GraphEdge"))
    assert set(it.recording) == {"phase", "node", "edge", "known", "value", "gradient", "upstream", "local", "passed"}
    it.check()
    told = contract.interface(TRAITS, "AutodiffTraits")["checked"]
    assert all(f"{name}?:" in told for name in it.checked) and told.count("?:") == len(it.checked)
    assert set(it.checked["rows"][0]) == set(contract.interface(TRAITS, "CheckedRow"))


def test_neither_building_nor_changing_loads_tensorflow():
    code = (
        "import sys\nfrom firstepoch import widgets\n"
        "it = widgets.Autodiff()\nit.values = {**it.values, 'w': 2.0}\nit.still()\n"
        "widgets.Autodiff(lambda w: w ** 2, w=1)\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_default_is_the_lectures_loss_for_one_patient():
    it = Autodiff()
    assert it.variables == ["w", "b"] and list(it.values) == ["w", "x", "b", "y"]
    z = it.values["w"] * it.values["x"] + it.values["b"]
    assert it.value == pytest.approx(np.log1p(np.exp(-z)))
    assert it.gradient["b"] == pytest.approx(1 / (1 + np.exp(-z)) - 1)


def test_variables_are_those_that_begin_with_w_or_b_or_all():
    assert Autodiff("w1 * x + bias - y", w1=1, x=2, bias=3, y=4).variables == ["w1", "bias"]
    assert Autodiff("x * y", x=1, y=2).variables == ["x", "y"]
    assert Autodiff("w * x", w=1, x=2, variables=("x",)).gradient == {"x": 1.0}
    assert Autodiff("w * x", w=1, x=2, variables="x").gradient == {"x": 1.0}
    for wrong in ((), ("q",)):
        with pytest.raises(SettingsError, match="at least one of the names w, x"):
            Autodiff("w * x", w=1, x=2, variables=wrong)


def test_values_may_be_numpys_and_names_may_be_arguments_names():
    it = Autodiff("title * w", values={"title": np.float32(2.0), "w": np.array([3.0])}, title="A product")
    assert it.gradient == {"w": 2.0} and it.title == "A product"


def test_a_new_value_is_worked_out_at_once(it):
    first = it.recording
    it.values = {**it.values, "x": 4}
    assert it.gradient == {"w": 4.0, "b": 1.0} and it.value == 8.5
    assert "x = tf.constant(4.0" in it.code and it.recording is not first
    it.variables = ["x"]
    assert it.gradient == {"x": 2.0}


def test_a_refused_value_leaves_all_as_it_was():
    it = Autodiff("log(w)", w=2.0)
    before, code = it.recording, it.code
    with pytest.raises(SettingsError, match="log needs a number above 0"):
        it.values = {"w": -1.0}
    assert it.values == {"w": 2.0} and it.recording is before and it.code == code
    it.set_state({"values": {"w": 0}})
    assert it.values == {"w": 2.0} and "log needs" in it.problem and it.recording is before
    it.set_state({"values": {"w": None}})
    assert "w is None; it needs to be one number" in it.problem
    it.set_state({"values": {}})
    assert "no value" in it.problem and it.values == {"w": 2.0}
    it.set_state({"values": {"w": 4}})
    assert it.problem == "" and it.gradient == {"w": 0.25}


def test_the_page_asks_for_the_check_and_sees_it_redone_after_a_change(it):
    states = []
    it.observe(lambda change: states.append(change["new"]["state"]), "checked")
    it._handle_custom_msg({"kind": "check"}, [])
    assert [row["name"] for row in settled(it)["rows"]] == ["loss", "dloss/dw", "dloss/db"]
    assert it.checked["words"] == "All agree." and states == ["loading", "done"]
    it.values = {**it.values, "x": 5.0}
    rows = settled(it)["rows"]
    assert [row["tape"] for row in rows] == [10.5, 5.0, 1.0] and all(row["agrees"] for row in rows)


def test_no_check_is_made_that_was_not_asked_for(it, monkeypatch):
    monkeypatch.setattr(tape, "gradients", lambda *_: pytest.fail("asked"))
    it.values = {**it.values, "x": 5.0}
    assert it.checked["state"] == ""


def test_a_difference_is_told_and_not_raised(it, monkeypatch):
    monkeypatch.setattr(tape, "gradients", lambda *_: (6.5, {"w": 3.1, "b": None}))
    assert it.check() == {"w": 3.1, "b": None}
    rows = it.checked["rows"]
    assert [row["agrees"] for row in rows] == [True, False, False]
    assert rows[1]["words"] == "equal to 1 digit" and "None" in rows[2]["words"]
    assert it.checked["words"].startswith("They differ")


def test_a_check_that_fails_says_so(it, monkeypatch):
    def fail(*_):
        raise RuntimeError("no luck")

    monkeypatch.setattr(tape, "gradients", fail)
    it._handle_custom_msg({"kind": "check"}, [])
    assert settled(it)["state"] == "failed" and "RuntimeError: no luck" in it.checked["words"]


def test_unknown_messages_do_nothing(it):
    it._handle_custom_msg({"kind": "other"}, [])
    assert it.checked["state"] == ""


def test_what_is_no_source_is_a_clear_error():
    with pytest.raises(SettingsError, match="source is int; give an expression"):
        Autodiff(5)
    with pytest.raises(SettingsError, match="w has no value"):
        Autodiff(q=1)


def test_the_still_has_every_number(it):
    html = it.still()
    assert "w × x" in html and "dloss/dw = 3" in html and it._still in html and "w * x + b" in html


SHOWN = {
    0.0: "0", 1.0: "1", -0.5: "−0.5", 0.1 + 0.2: "0.300", 1 / 3: "0.333", -1.744: "−1.74", 12345.678: "12346",
    123456.0: "1.23e+5", -4.57e-10: "−4.57e−10", 1e-5: "1.00e−5", 0.00123: "0.00123", 99.96: "100.0", 250.0: "250",
}  # fmt: skip


def test_numbers_are_written_for_people():
    """tests/frontend/autodiff_view_test.ts has the same numbers."""
    assert {value: shown(value) for value in SHOWN} == SHOWN
    assert shown(float("inf")) == "∞" and shown(float("nan")) == "–"


def test_a_negative_number_among_signs_has_parentheses():
    assert fill("{0} − {1}", ["−1", "−2"]) == "−1 − (−2)"
    assert fill("1/{0}", ["−2"]) == "1/(−2)"
    assert fill("max({0}, {1})", ["−1", "−2"]) == "max(−1, −2)"
    assert fill("{1}", ["−1", "−2"]) == "−2"
    assert fill("{0} ^ {1}", ["−1", "2"]) == "(−1) ^ 2"


def test_agreement_counts_the_digits():
    assert agreement(1.0, 1.0) == ("equal to the last bit", True)
    assert agreement(1.0, 1.0 + 3e-15) == ("equal to 14 digits", True)
    assert agreement(1.0, 1.00002)[1] is False
    assert agreement(0.0, 1e-30) == ("different", False)
    assert agreement(1.0, -1.0) == ("different", False)
    assert agreement(1.0, float("nan")) == ("GradientTape gives nan", False)
    assert agreement(1.0, float("inf")) == ("GradientTape gives inf", False)


def test_another_expression_keeps_the_values_of_names_it_has(it):
    it.show("w * w + q", q=7)
    assert it.values == {"w": 2.0, "q": 7.0} and it.gradient == {"w": 4.0} and it.expression == "w * w + q"
    it.show("q * w", variables=["q"])
    assert it.gradient == {"q": 2.0}
    it.show(lambda w, x=4: w**x)
    assert it.values == {"w": 2.0, "x": 4.0} and it.gradient == {"w": 32.0} and not it.editable
    assert it.check() == pytest.approx({"w": 32.0}, rel=1e-12)


def test_another_expression_that_is_refused_leaves_all_as_it_was(it):
    before = it.recording
    for source, words in (("w *", "ends too early"), ("w * q", "q has no value"), ("log(b - w)", "log"), (5, "int")):
        with pytest.raises(SettingsError, match=words):
            it.show(source)
        assert it.recording is before and it.expression == "w * x + b" and list(it.values) == ["w", "x", "b"]
    it.values = {**it.values, "x": 9}
    assert it.gradient == {"w": 9.0, "b": 1.0}


def test_an_expression_typed_on_the_card_is_shown_with_1_for_new_names(it):
    it._handle_custom_msg({"kind": "expression", "text": "w * q\n"}, [])
    assert it.expression == "w * q" and it.values == {"w": 2.0, "q": 1.0} and it.problem == ""
    it._handle_custom_msg({"kind": "expression", "text": "w * lg(q)"}, [])
    assert it.expression == "w * q" and "There is no function 'lg'" in it.problem
    it._handle_custom_msg({"kind": "expression", "text": "log(w - 2)"}, [])
    assert it.expression == "w * q" and "w − 2 is 0" in it.problem and it.values == {"w": 2.0, "q": 1.0}
    it._handle_custom_msg({"kind": "expression", "text": "w / q"}, [])
    assert it.problem == "" and it.gradient == {"w": 1.0}


def squared_error(w, x=3.0):
    e = w * x - 1
    return e * e


def test_a_function_is_shown_as_it_is_written():
    it = Autodiff(squared_error, w=2.0)
    assert it.expression.startswith("def squared_error(w, x=3.0):\n    e = w * x - 1") and not it.editable
    assert Autodiff(lambda w: w**2, w=1).expression == "lambda w: w ** 2"
    made = eval("lambda w, b: w * b")
    assert Autodiff(made, w=1, b=2).expression in ("lambda w, b: …", "<lambda>(w, b)")


def test_a_closed_widget_is_forgotten():
    made = Autodiff("w * x", w=1, x=2)
    made.check()
    made.values = {"w": 1, "x": 3}
    settled(made)
    gone = weakref.ref(made)
    made.close()
    del made
    for thread in threading.enumerate():
        if thread.name == "firstepoch-autodiff":
            thread.join(10)
    gc.collect()
    assert gone() is None
