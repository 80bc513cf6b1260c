"""Scenario links: what they set of every widget, and that garbage is refused in words that are ours."""

import functools
import inspect
import json
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import numpy as np
import pytest

from firstepoch import heart, widgets
from firstepoch.widgets import SettingsError, link, scenario
from firstepoch.widgets.base import View

DATA = heart.load()
IRIS = SimpleNamespace(
    **{name: getattr(DATA, name) for name in ("feature_names", "x_train", "x_test")},
    y_train=np.arange(len(DATA.y_train)) % 3,
    y_test=np.arange(len(DATA.y_test)) % 3,
    class_names=("a", "b", "c"),
    task="multiclass",
)
OUTPUTS = np.linspace(0.01, 0.99, len(DATA.y_test))
PICTURES = np.zeros((2, 40, 40, 3), np.uint8)
CURVES = {"loss": [0.7, 0.5, 0.4, 0.3], "val_loss": [0.7, 0.5, 0.6, 0.6]}
SPLIT = {"validation_split": 0.2}


@functools.cache
def trained():
    live = widgets.LiveTraining(heart.build_model, DATA, epochs=3)
    live.train()
    live.wait()
    return live


SCENARIOS = {
    "Autodiff": [
        (widgets.Autodiff, {"expression": "u * w + exp(w)\n", "variables": ["u"], "values": {"u": 2.5, "w": -1.0}}),
        (widgets.Autodiff, {"values": {"w": 9.0, "x": 1.0, "b": 0.0, "y": 1.0}}),
    ],
    "Distribution": [(lambda: widgets.Distribution(heart.build_model, DATA), {"batch_size": 16, "seed": 7})],
    "DropoutView": [
        (
            lambda: widgets.DropoutView(4, batches=3),
            {"layer": "dropout", "rate": 0.3, "batch_size": 8, "batches": 2, "seed": 7, "training": False, "row": 3},
        )
    ],
    "EarlyStoppingExplorer": [
        (
            lambda: widgets.EarlyStoppingExplorer(CURVES),
            {
                **{"monitor": "loss", "mode": "max", "patience": 1, "min_delta": 0.01, "start_from_epoch": 1},
                **{"baseline": 0.5, "restore_best_weights": False},
            },
        )
    ],
    "EpochRace": [
        (
            lambda: widgets.EpochRace(DATA.x_train, DATA.y_train, names=DATA.feature_names),
            {
                **{"batch_size": 8, "learning_rate": 0.5, "epochs": 2, "shuffle": False, "seed": 7, "fan": True},
                **{"features": ["age", "chol"], "start": [0.5, -1.0], "plane": "random"},
            },
        ),
        (lambda: widgets.EpochRace(DATA.x_train, DATA.y_train), {"model": "network"}),
    ],
    "Evaluation": [
        (
            lambda: widgets.Evaluation(OUTPUTS, DATA),
            {"threshold": 0.3, "bins": 8, "strategy": "uniform", "split_count": 4, "seed": 5},
        ),
        (
            lambda: widgets.Evaluation(np.full((len(IRIS.y_test), 3), 1 / 3), IRIS),
            {"positive": 2},
        ),
        (lambda: widgets.Evaluation(heart.build_model(), DATA, training=SPLIT), {"rows": "validation"}),
    ],
    "GradientCost": [
        (widgets.GradientCost, {"batch_size": 64, "largest": 30_000, "inputs": 10, "hidden": 0, "seed": 3})
    ],
    "GradientStep": [
        (
            widgets.GradientStep,
            {"function": "valley", "start": [0.5, 0.25], "learning_rate": 0.02, "steps": 12, "optimizer": "adam"},
        ),
        # The start of the notebook, which another function does not bring.
        (lambda: widgets.GradientStep("bowl", 2.0), {"function": "two minima", "start": [2.0]}),
    ],
    "KerasStack": [(widgets.KerasStack, {"kind": "losses", "level": "keras"})],
    "LiveTraining": [
        (
            lambda: widgets.LiveTraining(heart.build_model, DATA),
            {
                **{"units": [8, 4], "activation": ["tanh", "relu"], "dropout": [0.1, 0.2], "l2": [0.01, 0.0]},
                **{"batch_normalization": [True, False], "optimizer": "sgd", "learning_rate": 0.05},
                **{"schedule": "reduce on plateau", "schedule_factor": 0.5, "schedule_patience": 5, "batch_size": 16},
                **{"epochs": 50, "validation_split": 0.3, "early_stopping": True, "patience": 7, "min_delta": 0.001},
                **{"monitor": "loss", "restore_best_weights": False, "seed": 1, "speed": "2 epochs a second"},
                **{"log_scale": True, "patient": 12, "histograms": True},
            },
        ),
        (
            lambda: widgets.LiveTraining(heart.build_model, DATA, units=(4, 4), dropout=[0.1, 0.2], learning_rate=0.1),
            {"units": [8], "dropout": 0.0, "learning_rate": None},
        ),
    ],
    "LossView": [
        (
            lambda: widgets.LossView(trained().recording, DATA),
            {
                **{"rows": "validation", "row": 2, "epoch": 1, "output": 0.25, "target": 0, "bias_change": 0.5},
                "by_size": False,
            },
        )
    ],
    "ModelStyles": [
        (
            widgets.ModelStyles,
            {
                **{"inputs": 8, "second": 2, "units": [4, 4], "activation": "tanh", "dropout": 0.25, "outputs": 3},
                **{"output_activation": "softmax", "seed": 5},
            },
        )
    ],
    "NetworkView": [(lambda: widgets.NetworkView(heart.build_model(), DATA), {"patient": 12})],
    "OptimizerRace": [
        (
            lambda: widgets.OptimizerRace(["sgd", "momentum"], steps=10),
            {
                "optimizers": ["sgd", {"name": "adam", "learning_rate": 0.05}],
                **{"function": "saddle", "start": [1.0, -1.5], "steps": 20, "schedule": "cosine", "hidden": ["adam"]},
            },
        )
    ],
    "Overfitting": [
        (
            lambda: widgets.Overfitting(heart.build_model, DATA),
            {
                **{"units": [4, 8], "seeds": 2, "epochs": 40, "learning_rate": 0.01, "batch_size": 16},
                **{"validation_split": 0.3, "dropout": 0.5, "patience": 9, "log_scale": True},
            },
        )
    ],
    "RankLadder": [(widgets.RankLadder, {"rung": 3})],
    "TensorView": [
        (
            lambda: widgets.TensorView(PICTURES, axes="samples, height, width, channels"),
            {
                **{"channels": "layers", "selection": "0", "window": [[0, 1], [0, 10], [5, 20], [0, 3]]},
                **{"low": 0.5, "high": 200.0},
            },
        )
    ],
    "DataTour": [
        (
            lambda: widgets.DataTour(DATA),
            {
                **{"stage": "row", "filters": {"sex": "1"}, "sort": "age", "descending": True, "row": 20, "top": 10},
                **{"column": "chol", "standardised": True},
            },
        )
    ],
}
"""For each widget what is made, and what a link sets of it: together every property that a link can set."""


def written(value):
    """A value as the page writes it into a link."""
    if not isinstance(value, str):
        return json.dumps(value)
    try:
        json.loads(value)
    except ValueError:
        return value
    return json.dumps(value)


@pytest.fixture
def opened(monkeypatch):
    """Makes widgets in a kernel of Voilà, whose page has this query."""

    def open_page(query, *makers, software="voila/0.5"):
        monkeypatch.setenv("SERVER_SOFTWARE", software)
        monkeypatch.setenv("QUERY_STRING", query)
        link.page.cache_clear()
        made.extend(maker() for maker in makers)
        return made[-len(makers) :]

    made = []
    yield open_page
    for widget in made:
        widget.close()
    link.page.cache_clear()


def race(**settings):
    return widgets.EpochRace(DATA.x_train[:60], DATA.y_train[:60], names=DATA.feature_names, **settings)


def state(widget):
    return json.loads(json.dumps(widget.get_state(widget.linked)))


def said(widget):
    return " ".join(widget._card["set"] + widget._card["refused"])


def test_every_widget_with_linked_properties_is_tried_with_all_of_them():
    linked = {
        name: set(kind.linked)
        for name, kind in vars(widgets).items()
        if inspect.isclass(kind) and issubclass(kind, View) and kind.linked
    }
    tried = {name: set().union(*(values for _, values in cases)) for name, cases in SCENARIOS.items()}
    assert tried == linked


@pytest.mark.parametrize(("name", "case"), [(name, case) for name, cases in SCENARIOS.items() for case in cases])
def test_a_link_sets_what_its_page_showed_and_a_link_to_that_sets_the_same(name, case, opened):
    make, values = case
    [first] = opened(urlencode({"widget": name, **{one: written(value) for one, value in values.items()}}), make)
    assert first._card["refused"] == []
    assert all(one in said(first) for one in values)
    before, shown = json.loads(json.dumps(first._card["first"])), state(first)
    assert {one for one in values if shown[one] == before[one]} <= {"start"}
    differs = {one: value for one, value in shown.items() if value != before[one]}
    brought = {other: shown[other] for one in differs for other in first.brings.get(one, ())}
    query = {"widget": f"{name}-2", **{one: written(value) for one, value in (differs | brought).items()}}
    other, again = opened(urlencode(query), make, make)
    assert state(other) == before and "set" not in other._card
    assert again._card["refused"] == []
    assert state(again) == shown
    assert getattr(again, "problem", "") == ""


GARBAGE = [
    *("<script>alert(1)</script>", "null", "true", "-1", "0", "1e999", "-1e999", "NaN", "[]", "{}", "[[[[1]]]]"),
    *('{"a":{"b":1}}', "9" * 23, "9" * 400, "-0.5", '"QQsecretQQ"', '["QQsecretQQ"]', '{"QQsecretQQ":"QQsecretQQ"}'),
    *("[null]", "[true]", "__import__('os').system('QQsecretQQ')", "[" * 400, "QQsecretQQ", "\u202eQQsecretQQ"),
    *('[{"name":"adam","more":{"learning_rate":{"class_name":"QQsecretQQ"}}}]', '{"name":"QQsecretQQ"}', "1\n2", ""),
]


@pytest.mark.parametrize("name", SCENARIOS)
def test_garbage_is_refused_in_words_that_are_ours_and_changes_nothing(name, opened):
    make = SCENARIOS[name][0][0]
    [widget] = opened("", make)
    before = state(widget)
    for prop in widget.linked:
        for bad in GARBAGE:
            told = scenario.follow(widget, link.parse(f"widget={name}&{prop}={quote(bad)}"))
            words = " ".join(told["set"] + told["refused"])
            assert "secret" not in words and "script" not in words and "system" not in words, (prop, bad, words)
            assert len(words) < 800
            assert getattr(widget, "problem", "") == ""
            if told["refused"]:
                assert prop in words and state(widget) == before, (prop, bad)
            else:
                # It was a value that this widget takes.
                assert words.startswith(f"Set by the link: {prop}"), (prop, bad)
                for stage in scenario._stages(widget, before):
                    here = {one: before[one] for one in stage if state(widget)[one] != before[one]}
                    widget.preset({one: scenario._from_json(widget, one, value) for one, value in here.items()})
                assert state(widget) == before, (prop, bad)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("batch_size=8&x=" + "9" * 10_000, "longer than 2,000 characters"),
        ("batch_size=%ff", "cannot be read"),
        ("batch_size=%zz", "cannot be read"),
        ("batch_size=%00", "cannot be read"),
        ("batch_size=8%0d", "cannot be read"),
        ("batch_size", "cannot be read"),
        ("batch_size=8&batch_size=16", "gives one setting twice"),
        ("widget=EpochRace&widget=EpochRace", "gives one setting twice"),
        ("widget=QQsecretQQ&batch_size=8", "a kind of widget that does not exist"),
        ("widget=../EpochRace", "a kind of widget that does not exist"),
        ("widget=EpochRace-0", "a kind of widget that does not exist"),
        ("widget=View", "a kind of widget that does not exist"),
        ("widget=EpochRace&QQsecretQQ=8", "has a name that this card does not know. It knows: batch_size, "),
        ("widget=EpochRace&title=QQsecretQQ&_card=1&problem=2", "has 3 names that this card does not know"),
    ],
)
def test_a_query_that_is_no_scenario_is_refused_by_one_card(query, words, opened):
    first, second = opened(query, race, race)
    assert words in said(first) and "secret" not in said(first)
    assert first._card["set"] == [] and state(first) == state(second)
    assert "refused" not in second._card


def test_what_is_fine_is_set_and_what_is_refused_is_named_and_stays(opened):
    query = "widget=EpochRace&batch_size=0&epochs=2&features=%5B%22age%22,%22height%22%5D&model=forest&seed=true"
    [it] = opened(query, race)
    assert it._card["set"] == ["Set by the link: epochs 2."]
    assert it._card["refused"][0] == (
        "The link could not set batch_size: batch_size is 0, but there are 60 rows. Use 1 to 60."
    )
    assert it._card["refused"][1] == "The link could not set seed: it takes a whole number, for example 42."
    assert it._card["refused"][2] == "The link could not set model: it takes one of logistic, network."
    assert it._card["refused"][3].startswith("The link could not set features: There is no feature '…'. There are: age")
    assert (it.batch_size, it.epochs, it.model, it.problem) == (32, 2, "logistic", "")
    assert len(it.gd) - 1 == 2


def test_values_that_fit_only_together_are_set_together_though_another_is_refused(opened):
    make = lambda: widgets.LiveTraining(heart.build_model, DATA)  # noqa: E731
    [it] = opened("widget=LiveTraining&units=[8,4]&dropout=[0.1,0.2]&optimizer=lion&validation_split=1.5", make)
    assert (it.units, it.dropout, it.optimizer, it.validation_split) == ([8, 4], [0.1, 0.2], "adam", 0.2)
    assert len(it._card["refused"]) == 2


def test_the_number_counts_the_widgets_of_a_class_and_a_link_is_used_once(opened):
    make = lambda: widgets.TensorView([[1, 2], [3, 4]])  # noqa: E731
    made = opened("widget=EpochRace-2&batch_size=8", make, race, race, make, race)
    assert [one._card["id"] for one in made] == [
        *("fe-TensorView-1", "fe-EpochRace-1", "fe-EpochRace-2", "fe-TensorView-2", "fe-EpochRace-3"),
    ]
    assert [one.batch_size for one in made if hasattr(one, "batch_size")] == [32, 8, 32]


def test_a_link_without_a_widget_is_for_the_first_that_has_all_its_names(opened):
    make = lambda: widgets.GradientStep(steps=3)  # noqa: E731
    step, first, second = opened("theme=dark&learning_rate=0.25&batch_size=8", make, race, race)
    assert (step.learning_rate, first.learning_rate, second.learning_rate) == (0.1, 0.25, 0.1)
    assert first._card["set"] == ["Set by the link: batch_size 8, learning_rate 0.25."]
    [alone] = opened("learning_rate=0.25&height=8", race)
    assert "set" not in alone._card


def test_a_link_to_a_card_as_the_notebook_has_it_says_nothing(opened):
    [it] = opened("widget=EpochRace", race)
    assert (it._card["set"], it._card["refused"]) == ([], [])


@pytest.mark.parametrize("software", ["", "SimpleHTTP/0.6"])
def test_in_a_notebook_no_link_is_taken_or_offered(software, opened):
    [it] = opened("widget=EpochRace&batch_size=8", race, software=software)
    assert it.batch_size == 32
    assert set(it._card) == {"id"}


def test_a_prediction_tells_the_page_that_a_hidden_card_took_the_link(opened):
    import ipywidgets

    from firstepoch.lessons.prediction import Prediction

    def ask(*reveal):
        return Prediction("Is 7 prime?", ["yes", "no"], judge=lambda it: (it == "yes", "It is."), reveal=reveal)

    first, second = opened("widget=EpochRace-2&batch_size=8", race, race)
    assert "fe-linked" not in ask(first)._dom_classes
    assert "fe-linked" in ask(first, ipywidgets.VBox([second]))._dom_classes


def test_a_link_does_not_open_the_test_set(opened):
    make = lambda: widgets.Evaluation(OUTPUTS, DATA)  # noqa: E731
    [it] = opened("widget=Evaluation&rows=test&opened=true&threshold=0.25", make)
    assert not it.opened and it.report == {} and it.threshold == 0.25


def test_what_a_card_hides_has_a_name_of_that_card():
    assert race(hide=["seed", "player", "link"]).hide == ["seed", "player", "link"]
    with pytest.raises(SettingsError, match=r"hide has 'price', and this card has no such part\. It has: batch_size, "):
        race(hide=["price"])
    it = race()
    with pytest.raises(SettingsError, match="no such part"):
        it.hide = ["seed", "<b>"]
    assert it.hide == []
    with pytest.raises(SettingsError, match=r"no such part\. It has: none"):
        widgets.Task(lambda _: True, it, hide=["link"])


def test_a_widget_of_ones_own_arrives_once_it_is_whole(opened):
    class Own(widgets.EpochRace):
        def __init__(self, **settings):
            super().__init__(DATA.x_train[:60], DATA.y_train[:60], **settings)
            self.late = 1

        def _arrive(self):
            arrived.append(self.late)
            super()._arrive()

    arrived = []
    [it] = opened("batch_size=8", Own)
    assert (arrived, it.batch_size, it._card["id"]) == ([1], 8, "fe-Own-1")
