"""Any table through LiveTraining: from a DataFrame to a trained model, for each kind of target."""

import json
from dataclasses import replace
from types import SimpleNamespace

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn import datasets, metrics

from firstepoch import heart, widgets
from firstepoch.data import TabularData
from firstepoch.widgets.training import engine
from firstepoch.widgets.training.outputs import output_of
from firstepoch.widgets.training.run import DivergenceWatch, TrainingDiverged
from firstepoch.widgets.training.session import _floor
from firstepoch.widgets.training.settings import Settings


def pets():
    """A generated table with text, gaps, a constant and an empty column; fully grown cats and dogs differ in weight."""
    rng = np.random.default_rng(5)
    rows = 240
    kind = rng.choice(["cat", "dog"], rows)
    weight = np.where(kind == "cat", 4.0, 20.0) + rng.normal(0, 1, rows)
    table = pd.DataFrame({"weight": weight, "collar": rng.choice(np.array(["red", "blue", None], object), rows)})
    table.loc[::9, "weight"] = np.nan
    return table.assign(legs=4, chip=np.nan, kind=kind)


def shipped(load):
    frame = load(as_frame=True).frame
    return frame if load is not datasets.load_iris else frame.assign(target=frame["target"].map(str))


TABLES = {
    "pets": (pets, "kind", "binary", ("weight", "weight_missing", "collar_blue", "collar_red", "collar_missing")),
    "breast cancer": (lambda: shipped(datasets.load_breast_cancer), "target", "binary", 30),
    "iris": (lambda: shipped(datasets.load_iris), "target", "multiclass", 4),
    "wine": (lambda: shipped(datasets.load_wine), "target", "multiclass", 13),
    "diabetes": (lambda: shipped(datasets.load_diabetes), "target", "regression", 10),
}


@pytest.fixture(scope="module")
def trained():
    """Every table trained for a few epochs, by name."""
    runs = {}
    for name, (load, target, _, _) in TABLES.items():
        data = TabularData.from_frame(load(), target=target)
        live = widgets.LiveTraining(widgets.model_builder(data), data, epochs=40, batch_size=8, learning_rate=0.01)
        live.train()
        assert live.wait(120)
        runs[name] = (data, live)
    return runs


@pytest.mark.parametrize("name", TABLES)
def test_from_a_frame_to_a_model_that_beats_the_guess(name, trained):
    data, live = trained[name]
    _, _, task, inputs = TABLES[name]
    assert data.task == task
    assert data.feature_names == inputs if isinstance(inputs, tuple) else len(data.feature_names) == inputs
    assert live.status == "done" and live.run.outcome == "finished"
    test, guess = live.open_test_set(), live.choices["guess"]
    if task == "regression":
        assert test["mae"] < 0.85 * guess["level"]
    else:
        assert test["accuracy"] > guess["level"] + 0.15


@pytest.mark.parametrize("name", TABLES)
def test_from_a_frame_to_an_evaluation(name, trained):
    data, live = trained[name]
    figures = widgets.Evaluation(live, data).open_test_set()
    outputs = live.model.predict(data.x_test, verbose=0)
    assert figures["rows"] == len(data.y_test)
    if data.task == "regression":
        told = outputs[:, 0] * data.target_std + data.target_mean
        truth = data.raw_test[data.target_name]
        assert figures["mae"] == pytest.approx(metrics.mean_absolute_error(truth, told), rel=1e-5)
        assert figures["r2"] == pytest.approx(metrics.r2_score(truth, told), rel=1e-5)
    else:
        said = outputs.argmax(1) if data.task == "multiclass" else outputs[:, 0] > 0.5
        assert figures["right"] == metrics.accuracy_score(data.y_test, said, normalize=False)


@pytest.mark.parametrize("name", TABLES)
def test_the_guess_is_the_most_frequent_class_or_the_mean(name, trained):
    data, live = trained[name]
    for told, seen, judged in (
        (live.choices["guess"], data.raw_train[data.target_name], data.raw_test[data.target_name]),
        (live.report["charts"]["baseline"], *raw_split(data)),
    ):
        assert told["rows"] == len(judged)
        if data.task == "regression":
            level = np.abs(judged - seen.mean()).mean() / data.target_std
            assert (told["right"], told["answer"]) == (None, "the mean")
        else:
            most = seen.value_counts().idxmax()
            level = (judged == most).mean()
            assert told["right"] == (judged == most).sum()
            number = data.class_names.index(str(most))
            assert told["answer"] == (str(number) if data.task == "binary" else str(most))
        assert told["level"] == pytest.approx(level, rel=1e-5)


def raw_split(data):
    targets = data.raw_train[data.target_name]
    training = int(len(targets) * 0.8)
    return targets[:training], targets[training:]


@pytest.fixture(scope="module")
def short(trained):
    """The same tables trained for so long that Keras itself can do it as well."""
    runs = {}
    for name in ("pets", "iris", "diabetes"):
        data = trained[name][0]
        live = widgets.LiveTraining(widgets.model_builder(data), data, epochs=4, learning_rate=0.01)
        live.train()
        live.wait()
        runs[name] = (data, live)
    return runs


@pytest.mark.parametrize("name", ["iris", "diabetes"])
def test_history_and_weights_are_those_of_plain_keras(name, short):
    data, live = short[name]
    output = {"iris": (3, "softmax"), "diabetes": (1, "linear")}[name]
    loss = {"iris": "sparse_categorical_crossentropy", "diabetes": "mean_squared_error"}[name]
    keras.utils.set_random_seed(42)
    model = keras.Sequential(
        [
            keras.Input((data.x_train.shape[1],)),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(output[0], activation=output[1]),
        ]
    )
    metric = {"iris": "accuracy", "diabetes": "mae"}[name]
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=[metric])
    history = model.fit(data.x_train, data.y_train, epochs=4, validation_split=0.2, verbose=0).history
    assert set(live.history) == set(history) == {"loss", metric, "val_loss", f"val_{metric}"}
    for log, values in history.items():
        np.testing.assert_allclose(live.history[log], values, atol=1e-5)
    for mine, theirs in zip(live.model.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-5)
    for log, value in model.evaluate(data.x_test, data.y_test, verbose=0, return_dict=True).items():
        assert live.run.test[log] == pytest.approx(value, abs=1e-5)


@pytest.mark.parametrize("name", ["wine", "diabetes"])
def test_the_engine_gives_the_numbers_of_fit(name, trained):
    data, _ = trained[name]
    results = []
    for fit in (engine.fit, keras.Model.fit):
        keras.utils.set_random_seed(3)
        model = widgets.model_builder(data)(units=(8, 4), dropout=[0.2, 0.0], activation="tanh")
        quiet = {} if fit is engine.fit else {"verbose": 0}
        history = fit(model, data.x_train, data.y_train, epochs=4, validation_split=0.25, **quiet)
        results.append([*history.history.values(), *model.get_weights()])
    for mine, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)


@pytest.mark.parametrize("name", ["pets", "diabetes"])
def test_the_code_repeats_the_run(name, short, tmp_path, monkeypatch):
    _, live = short[name]
    TABLES[name][0]().to_csv(tmp_path / "table.csv", index=False)
    monkeypatch.chdir(tmp_path)
    found = {}
    exec(live.code, found)
    for log, values in live.history.items():
        np.testing.assert_allclose(found["history"].history[log], values, atol=1e-5)
    assert "firstepoch" not in live.code


def test_for_the_heart_it_builds_the_lectures_model():
    data = heart.load()
    configs, weights = [], []
    for build in (widgets.model_builder(data), heart.build_model):
        keras.utils.set_random_seed(1)
        model = build(units=(8, 4), activation="tanh", dropout=(0.5, 0.0), optimizer="sgd", learning_rate=0.5)
        weights.append(model.get_weights())
        configs.append(model.get_compile_config())
        assert [type(layer).__name__ for layer in model.layers] == ["InputLayer", "Dense", "Dropout", "Dense", "Dense"]
    assert configs[0]["loss"] == configs[1]["loss"] and configs[0]["metrics"] == configs[1]["metrics"]
    for mine, theirs in zip(*weights, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    with pytest.raises(ValueError, match="1 dropout rates for 2 hidden layers"):
        widgets.model_builder(data)(units=(8, 4), dropout=[0.5])


@pytest.mark.parametrize("name", TABLES)
def test_output_and_loss_are_explained(name, trained):
    data, live = trained[name]
    words = live.choices["output"]
    expected = {
        "pets": "One sigmoid unit and binary cross-entropy, because the answer is one of two: 0 = cat, 1 = dog.",
        "breast cancer": "because the answer is one of two: 0, 1.",
        "iris": "3 softmax units, one for each class, and sparse categorical cross-entropy",
        "wine": "one of 3: 0, 1, 2. Softmax makes the outputs probabilities",
        "diabetes": f"a mean absolute error (mae) of 1 is {data.target_std:.4g} of target.",
    }
    assert expected[name] in words
    last = live.model.layers[-1]
    output = output_of(data)
    assert (last.units, last.activation.__name__) == (output.units, output.activation)
    loss, metric = {
        "binary": ("binary cross-entropy", "accuracy"),
        "multiclass": ("sparse categorical cross-entropy", "accuracy"),
        "regression": ("mean squared error", "mae"),
    }[data.task]
    assert (live.report["loss"], live.report["metric"]) == (loss, metric)
    assert live.choices["monitors"] == ["val_loss", f"val_{metric}", "loss", metric]
    assert dict(live.choices["columns"]) == data.columns and tuple(live.choices["notes"]) == data.notes
    json.dumps([live.choices, live.report, live.runs, live.chosen])


def test_the_class_note_of_the_heart_reaches_the_card():
    live = widgets.LiveTraining(heart.build_model, heart.load())
    assert live.choices["output"].endswith(f"1 = num ≥ 2. {heart.load().class_note}")
    assert live.choices["columns"] == [] and live.choices["guess"]["right"] == 44


def test_many_classes_are_not_all_named():
    data = SimpleNamespace(task="multiclass", class_names=[f"c{n}" for n in range(12)])
    assert "0 = c0, 1 = c1" in output_of(data).words and "7 = c7, and 4 more." in output_of(data).words


@pytest.mark.parametrize("name", TABLES)
def test_the_row_that_is_followed(name, trained):
    data, live = trained[name]
    live.patient = 3
    raw = data.raw_train[data.target_name].iloc[3]
    assert live.chosen["noun"] == "row" and live.chosen["rows"] == len(data.x_train)
    if data.task == "regression":
        assert live.chosen["label"] == f"target {raw:.4g}"
        assert live.chosen["target"] == pytest.approx(data.y_train[3], rel=1e-3)
    else:
        assert live.chosen["label"] == str(raw)
    units = live.model.output_shape[1]
    expected = live.model.predict(data.x_train[3:4], verbose=0)[0]
    np.testing.assert_allclose(live._shown["activations"][-1][-units:], expected, atol=1e-5)


def test_early_stopping_on_the_mean_absolute_error():
    data = TabularData.from_frame(shipped(datasets.load_diabetes), target="target")
    live = widgets.LiveTraining(
        widgets.model_builder(data), data, epochs=60, early_stopping=True, patience=3, monitor="val_mae"
    )
    live.train()
    live.wait()
    assert live.run.best_epoch == int(np.argmin(live.history["val_mae"])) == live.run.restored_epoch
    assert live.run.outcome == "early stopped"


@pytest.mark.parametrize(
    ("name", "build", "words"),
    [
        ("iris", 1, 'has 1 output but the target has 3 classes. End it with Dense(3, activation="softmax")'),
        ("diabetes", 3, 'has 3 outputs but the target is a number. End it with Dense(1, activation="linear")'),
        ("pets", 5, 'has 5 outputs but the target has 2 classes. End it with Dense(1, activation="sigmoid")'),
        ("pets", 2, None),
    ],
)
def test_a_builder_whose_output_does_not_fit_is_told_what_fits(name, build, words, trained):
    data, _ = trained[name]

    def outputs():
        model = keras.Sequential([keras.Input((data.x_train.shape[1],)), keras.layers.Dense(build)])
        model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
        return model

    live = widgets.LiveTraining(outputs, data, epochs=1)
    live.train()
    if words is None:
        assert live.wait() and live.report["loss"] == "sparse categorical cross-entropy"
        return
    with pytest.raises(widgets.SettingsError) as caught:
        live.wait()
    assert words in str(caught.value) and "model_builder(data)" in str(caught.value)


def test_targets_that_do_not_fit_their_task_are_refused(trained):
    data, _ = trained["diabetes"]
    holed = data.y_train.copy()
    holed[4] = np.nan
    with pytest.raises(widgets.SettingsError, match=r"y_train holds nan in row 4"):
        widgets.LiveTraining(widgets.model_builder(data), replace(data, y_train=holed))
    with pytest.raises(widgets.SettingsError, match=r"task is 'guess'; it is one of binary"):
        widgets.LiveTraining(widgets.model_builder(data), replace(data, task="guess"))


def test_a_skewed_target_that_cannot_be_learned_is_no_divergence():
    y = np.full(200, -0.1, "float32")
    y[::50] = 4.9
    data = SimpleNamespace(task="regression", y_train=y)
    assert _floor(data, 200) == pytest.approx(2 * np.mean(np.square(y)), rel=1e-6) if np.mean(y**2) > 0.5 else True
    watch = DivergenceWatch(0.001, Settings(epochs=30), floor=2.1)
    for epoch in range(30):
        watch.see(epoch, 1.05, np.array([0.01, 0.01, 4.0], "float32"), last=epoch == 29)
    with pytest.raises(TrainingDiverged, match="too large"):
        for epoch in range(30):
            watch.see(epoch, 2.2, np.array([0.01, 0.01, 4.0], "float32"), last=False)


def test_a_diverging_regression_says_so():
    data = TabularData.from_frame(shipped(datasets.load_diabetes), target="target")
    live = widgets.LiveTraining(widgets.model_builder(data), data, optimizer="sgd", learning_rate=50.0, epochs=20)
    live.train()
    with pytest.raises(TrainingDiverged, match=r"learning rate 50 is too large"):
        live.wait()
