"""Learning-rate schedules against Keras's own, and runs that follow one against Model.fit."""

import re
from dataclasses import replace

import keras
import numpy as np
import pytest

from firstepoch import heart, widgets
from firstepoch.widgets.training import schedule
from firstepoch.widgets.training.describe import in_words, metric_of, schedule_words
from firstepoch.widgets.training.settings import MODEL_SETTINGS, Settings, problem

DATA = heart.load()
S = keras.optimizers.schedules
KERAS = {
    "exponential": lambda first, epochs: S.ExponentialDecay(first, epochs, 0.1),
    "cosine": lambda first, epochs: S.CosineDecay(first, epochs, alpha=0.1),
    # Keras goes over to the next value one step after a boundary.
    "piecewise": lambda first, epochs: S.PiecewiseConstantDecay(
        [max(1, epochs // 3) - 1, max(2, 2 * epochs // 3) - 1], [first, first * 0.1**0.5, first * 0.1]
    ),
}


@pytest.mark.parametrize("epochs", [1, 2, 7, 300])
@pytest.mark.parametrize("name", KERAS)
def test_the_rates_are_those_of_keras_schedules(name, epochs):
    settings, theirs = Settings(schedule=name, epochs=epochs), KERAS[name](0.01, epochs)
    steps = sorted({*range(min(epochs, 8)), epochs // 3, 2 * epochs // 3, epochs - 1})
    for epoch in steps:
        assert schedule.rate_of(settings, 0.01, epoch) == pytest.approx(float(theirs(epoch)), rel=1e-5), epoch


@pytest.mark.parametrize("name", KERAS)
def test_the_code_makes_the_very_same_numbers(name):
    for epochs, factor in ((300, 0.1), (7, 0.3), (2, 0.05)):
        settings = Settings(schedule=name, epochs=epochs, schedule_factor=factor)
        found = {"keras": keras, "np": np}
        exec("\n".join(schedule.code_lines(settings, 0.003)), found)
        for epoch in range(epochs):
            assert found["schedule"].schedule(epoch, 9.9) == schedule.rate_of(settings, 0.003, epoch)


CALLBACKS = {
    "exponential": lambda: [keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.01 * 0.1 ** (epoch / 6))],
    "reduce on plateau": lambda: [
        keras.callbacks.EarlyStopping("val_accuracy", patience=5, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau("val_accuracy", factor=0.1, patience=2),
    ],
}
RUNS = {
    "exponential": {"epochs": 6, "learning_rate": 0.01},
    "reduce on plateau": {
        "epochs": 30,
        "monitor": "val_accuracy",
        "early_stopping": True,
        "patience": 5,
        "learning_rate": 0.01,
    },
}


@pytest.fixture(scope="module")
def runs():
    """A LiveTraining for each of RUNS, trained."""
    made = {}
    for name, settings in RUNS.items():
        made[name] = widgets.LiveTraining(heart.build_model, DATA, schedule=name, **settings)
        made[name].train()
        assert made[name].wait(120)
    return made


@pytest.mark.parametrize("name", RUNS)
def test_a_run_equals_model_fit_with_the_callback_to_the_bit(name, runs):
    keras.utils.set_random_seed(42)
    model = heart.build_model(learning_rate=0.01)
    epochs = RUNS[name]["epochs"]
    told = model.fit(
        *(DATA.x_train, DATA.y_train),
        batch_size=32,
        epochs=epochs,
        validation_split=0.2,
        callbacks=CALLBACKS[name](),
        verbose=0,
    )
    live = runs[name]
    assert live.history == told.history
    assert list(live.history)[-1] == "learning_rate"
    for mine, theirs in zip(live.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert live.recording["learning_rate"][-1] < live.recording["learning_rate"][0]


def test_frames_tell_the_rate_and_it_is_no_metric(runs):
    live = runs["exponential"]
    np.testing.assert_array_equal(live._shown["learning_rate"], live.history["learning_rate"])
    assert live.report["metric"] == metric_of(live.run) == "accuracy"
    assert in_words(live.run.settings) == "16 relu · adam 0.01 · exponential to 10 % · batch 32"
    assert (
        in_words(runs["reduce on plateau"].run.settings)
        == "16 relu · adam 0.01 · reduce on plateau × 0.1 after 2 · batch 32 · patience 5"
    )


def no_metric():
    model = keras.Sequential([keras.Input((29,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(0.1))
    return model


def test_followed_batches_tell_their_rate_and_a_model_without_a_metric_gets_none():
    live = widgets.LiveTraining(no_metric, DATA, epochs=2, schedule="piecewise", speed="4 batches a second")

    def faster(change):
        if change["new"].get("updates", 0) > 1:
            live.speed = "full speed"

    live.observe(faster, "report")
    live.train()
    assert live.wait(60)
    assert metric_of(live.run) == "accuracy", "the usual one, where the run has none"
    frames = live._shown
    assert len(live.updates) > 0 and len(frames) == len(live.updates) + 2
    batches = frames["batch"] >= 0
    np.testing.assert_allclose(frames["learning_rate"][batches], 0.1, rtol=1e-6)
    np.testing.assert_allclose(frames["learning_rate"][~batches], [0.1, 0.1 * 0.1**0.5], rtol=1e-6)


def test_a_constant_rate_is_not_logged():
    live = widgets.LiveTraining(heart.build_model, DATA, epochs=1)
    live.train()
    live.wait()
    assert "learning_rate" not in live.history and "learning_rate" not in live._shown


def failing(build, **settings):
    live = widgets.LiveTraining(build, DATA, epochs=2, **settings)
    live.train()
    with pytest.raises(ValueError) as caught:
        live.wait()
    return str(caught.value)


def test_what_cannot_be_scheduled_is_said():
    def own():
        model = heart.build_model()
        model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(S.CosineDecay(0.01, 100)))
        return model

    assert "has a learning-rate schedule of its own. Set schedule to constant" in failing(own, schedule="cosine")
    sentence = failing(no_metric, schedule="reduce on plateau", monitor="val_accuracy")
    assert sentence.startswith("The schedule watches val_accuracy, but the model reports loss")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schedule": "linear"}, ["'linear'", "exponential", "reduce on plateau"]),
        ({"schedule": "cosine", "schedule_factor": 0.0}, ["above 0 and below 1", "0.0"]),
        ({"schedule_factor": 1}, ["above 0 and below 1", "it is 1."]),
        ({"schedule_patience": 0}, ["1 epoch or more", "it is 0"]),
        ({"schedule": "reduce on plateau", "validation_split": 0.0}, ["The schedule watches val_loss", "monitor loss"]),
    ],
)
def test_unfit_schedules_say_what_to_try(change, words):
    sentence = problem(replace(Settings(), **change), 242)
    assert sentence is not None and all(word in sentence for word in words)


def test_the_plateau_waits_a_thirtieth_of_all_epochs_unless_told():
    assert schedule.patience_of(Settings()) == 10
    assert schedule.patience_of(Settings(epochs=20)) == 2
    assert schedule.patience_of(Settings(schedule_patience=4)) == 4


@pytest.mark.parametrize("name", KERAS)
def test_the_sentence_tells_the_rates_that_are_used(name):
    settings = Settings(schedule=name, learning_rate=0.02)
    sentence = schedule_words(settings, MODEL_SETTINGS)
    told = [
        (float(rate), int(epoch) - 1) for rate, epoch in re.findall(r"([\d.e-]+) (?:in|up to) epoch (\d+)", sentence)
    ]
    assert len(told) > 1 and told[0][0] == 0.02
    for rate, epoch in told:
        assert rate == pytest.approx(schedule.rate_of(settings, 0.02, epoch), rel=0.01)
    if name == "piecewise":
        assert sentence == "0.02 up to epoch 100, 0.00632 up to epoch 200, then 0.002."


def test_sentences_where_the_rate_stays_or_waits_or_is_the_models_own():
    assert schedule_words(Settings(), MODEL_SETTINGS) == "0.001 in every epoch."
    assert schedule_words(Settings(optimizer="sgd"), MODEL_SETTINGS) == "0.01 in every epoch."
    assert schedule_words(Settings(), ("units",)) == "the model's own rate in every epoch."
    own = schedule_words(Settings(schedule="piecewise", epochs=30), ("units",))
    assert own == "the model's own rate up to epoch 10, 31.6 % of it up to epoch 20, then 10 % of it."
    plateau = schedule_words(Settings(schedule="reduce on plateau", schedule_factor=0.5), MODEL_SETTINGS)
    assert plateau == (
        "0.001 at first; times 0.5 whenever val_loss has not improved by 0.0001 for 10 epochs: 0.0005, then 0.00025, "
        "and so on."
    )
    assert schedule_words(Settings(schedule="cosine", epochs=1), MODEL_SETTINGS).startswith("0.001 in epoch 1:")


def test_a_sentence_only_for_settings_that_can_be_trained_with():
    live = widgets.LiveTraining(heart.build_model, DATA, schedule="cosine")
    assert live.schedule_words.startswith("0.001 in epoch 1, 0.00055 in epoch 151, ")
    live.schedule = "bumpy"
    assert live.schedule_words == "" and "There is no schedule 'bumpy'" in live.problem


def test_settings_that_cannot_be_trained_with_are_refused_at_once():
    with pytest.raises(ValueError, match="There is no schedule"):
        widgets.LiveTraining(heart.build_model, DATA, schedule="warm")
