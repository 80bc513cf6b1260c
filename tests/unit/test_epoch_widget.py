"""EpochRace as a widget: what it refuses and how, its contract with the view, the plane, the program, the still."""

from pathlib import Path

import contract
import numpy as np
import pandas as pd
import pytest
import traitlets

from firstepoch import heart
from firstepoch.widgets import EpochRace, SettingsError
from firstepoch.widgets.epoch import widget

DATA = heart.load()
NAMES = list(DATA.feature_names)


def of_heart(**more):
    return EpochRace(DATA.x_train, DATA.y_train, names=NAMES, **{"learning_rate": 0.5, **more})


def test_the_views_interface_is_the_classs_traits():
    source = Path(widget.__file__).with_name("traits.ts")
    assert contract.mismatches(EpochRace, "EpochTraits", source) == []


def test_every_trait_says_what_it_is():
    source = Path(widget.__file__).read_text()
    for name in contract.synced(EpochRace):
        line = source.index(f"    {name} = t.")
        assert source[source.index("\n", line) + 1 :].startswith('    """'), name


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"batch_size": 500}, "batch_size is 500, but there are 242 rows. Use 1 to 242."),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"learning_rate": 0}, "with 0 no weight ever moves"),
        ({"learning_rate": -0.1}, "learning_rate is -0.1"),
        ({"learning_rate": float("nan")}, "learning_rate is nan: it is no finite number"),
        ({"learning_rate": float("inf")}, "learning_rate is inf: it is no finite number"),
        ({"epochs": 0}, "epochs is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"features": ["oldpeak", "oldpeak"]}, "Both features are 'oldpeak'"),
        ({"features": ["oldpeak", "height"]}, "There is no feature 'height'. There are: age"),
        ({"features": ["oldpeak"]}, "needs two"),
        ({"features": [4, 29]}, "There is no column 29. Use 0 to 28."),
        ({"start": [1.0]}, "start has 1 weight; this model has 2"),
        ({"start": [1.0, float("nan")]}, "start has 2 weights; this model has 2, each a finite number"),
        ({"model": "forest"}, "model"),
        ({"batch_size": "many"}, "batch_size"),
    ],
)
def test_what_cannot_be_raced_with_is_refused_in_every_way(settings, words):
    with pytest.raises(SettingsError) as refused:
        of_heart(**settings)
    assert words in str(refused.value)
    race = of_heart()
    before = race.gd, race.sgd, race.shown, race.surface, {name: getattr(race, name) for name in settings}
    with pytest.raises((SettingsError, traitlets.TraitError)):
        for name, value in settings.items():
            setattr(race, name, value)
    race.set_state(settings)
    after = race.gd, race.sgd, race.shown, race.surface, {name: getattr(race, name) for name in settings}
    assert all(one is other for one, other in zip(before[:4], after[:4], strict=True))
    assert before[4] == after[4]
    assert words.split("'")[0].split(".")[0] in race.problem or next(iter(settings)) in race.problem
    race.set_state({"batch_size": 16})
    assert (race.problem, len(race.sgd)) == ("", 17)


ODD = np.random.default_rng(0).normal(size=(6, 2))
LABELS = [0, 1, 0, 1, 1, 0]


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (np.where(np.arange(12).reshape(6, 2) == 7, np.nan, ODD), LABELS, "x holds nan in row 3, column 'x1'"),
        (np.where(np.arange(12).reshape(6, 2) == 4, np.inf, ODD), LABELS, "x holds inf in row 2, column 'x0'"),
        (np.column_stack([ODD[:, 0], np.ones(6)]), LABELS, "Feature 'x1' is 1 in every row"),
        (ODD, np.ones(6), "All 6 labels are 1"),
        (ODD, np.zeros(6), "All 6 labels are 0"),
        (ODD, [0, 1, 2, 0, 1, 2], "y holds 2 in row 2"),
        (ODD, [0, 1, np.nan, 0, 1, 0], "y holds nan in row 2"),
        (ODD[:1], [1], "There is 1 row"),
        (ODD[:0], [], "There is no row"),
        (ODD, LABELS[:5], "x has 6 rows, but y has 5 labels"),
        (ODD[:, 0], LABELS, "x has shape (6,)"),
        (ODD[:, :1], LABELS, "x has 1 column"),
        (np.zeros((6, 2, 2)), LABELS, "x has shape (6, 2, 2)"),
        (ODD, np.zeros((6, 3)), "y has shape (6, 3)"),
        (
            pd.DataFrame({"b": range(6), "a": list("uvwxyz")}),
            LABELS,
            "x, column 'a', holds something that is no number",
        ),
        (pd.DataFrame({"a": [1, 2, None, 4, 5, 6], "b": range(6)}).convert_dtypes(), LABELS, "row 2, column 'a'"),
        (ODD + 1j, LABELS, "its type is complex128"),
        (ODD * 1e200, LABELS, "too large to reckon with"),
        ([[1, 2], [3]], LABELS, "x has rows of different lengths"),
        (ODD, [0, 1, 0, 1, 0, "x"], "y holds something that is no number"),
        (np.zeros((6, 3)), LABELS, "Fewer than two columns differ"),
    ],
)
def test_rows_that_cannot_be_raced_on_are_refused_in_a_sentence(x, y, words):
    with pytest.raises(SettingsError) as refused:
        EpochRace(x, y, batch_size=2)
    assert words in str(refused.value)


def test_too_many_updates_for_so_many_rows_are_refused_before_they_are_tried():
    race = EpochRace(np.random.default_rng(0).normal(size=(10_000, 2)), [0, 1] * 5000, batch_size=5000)
    words = r"That is 90,000 updates, each compared with all 10,000 rows\. Use batch"
    with pytest.raises(SettingsError, match=words), race.hold_trait_notifications():
        race.batch_size = 1
        race.epochs = 9
    assert (race.batch_size, race.epochs) == (5000, 1)


def test_frames_of_a_dataframe_keep_their_names_and_labels_may_be_booleans():
    table = pd.DataFrame({"height": [1.0, 2, 3, 4], "weight": [4.0, 1, 3, 2]})
    race = EpochRace(table, [True, False, True, False], batch_size=2)
    assert race.features == ["height", "weight"]
    assert race.report["axes"] == ["weight of height", "weight of weight"]
    assert EpochRace(table, np.array([[1], [0], [1], [0]]), batch_size=2).report["rows"] == 4


def test_of_many_columns_the_pair_of_the_lowest_loss_is_found_on_the_heart_table():
    assert of_heart().features == ["oldpeak", "ca_0"]
    race = of_heart(features=[9, 3])
    assert race.features == [NAMES[9], NAMES[3]]
    race.features = [4, 20]
    assert race.features == ["oldpeak", "ca_0"]


def test_a_network_needs_no_two_features_that_differ():
    x = np.column_stack([np.ones((6, 2)), ODD[:, 0]])
    race = EpochRace(x, LABELS, model="network", batch_size=2)
    assert race.report["weights"] == 4 * 16 + 17
    race.set_state({"model": "logistic"})
    assert (race.model, "needs two" in race.problem) == ("network", True)
    assert EpochRace(np.column_stack([ODD[:, 0]] * 3), LABELS).features == ["x0", "x1"]


def test_the_surface_is_the_loss_at_its_weights():
    race = of_heart(features=["oldpeak", "thal_normal"])
    x = DATA.x_train[:, [NAMES.index("oldpeak"), NAMES.index("thal_normal")]].astype(float)
    surface = race.surface
    values = np.frombuffer(surface["values"], np.float32).reshape(surface["rows"], surface["columns"])
    axes = [np.linspace(*surface[axis], surface[count]) for axis, count in (("x", "columns"), ("y", "rows"))]
    for row, column in ((0, 0), (5, 30), (47, 47), (20, 3)):
        p = 1 / (1 + np.exp(-(x @ [axes[0][column], axes[1][row]])))
        loss = -np.mean(DATA.y_train * np.log(p) + (1 - DATA.y_train) * np.log(1 - p))
        assert values[row, column] == pytest.approx(loss, rel=1e-5)
    paths = np.concatenate([race.gd["w"], race.sgd["w"], [surface["minimum"]]])
    assert (paths > [surface["x"][0], surface["y"][0]]).all() and (paths < [surface["x"][1], surface["y"][1]]).all()
    p = 1 / (1 + np.exp(-(x @ surface["minimum"])))
    np.testing.assert_allclose(x.T @ (p - DATA.y_train), 0, atol=1e-6)


def test_the_surface_of_a_network_is_the_loss_on_its_plane():
    import keras

    race = of_heart(model="network", batch_size=60)
    surface, origin = race.surface, race.sgd["w"][-1]
    values = np.frombuffer(surface["values"], np.float32).reshape(surface["rows"], surface["columns"])
    model = keras.Sequential(
        [
            keras.Input((29,), dtype="float64"),
            keras.layers.Dense(16, activation="relu", dtype="float64"),
            keras.layers.Dense(1, activation="sigmoid", dtype="float64"),
        ]
    )
    # Coordinates and directions from the recordings alone: the steps on the plane belong to known steps.
    path = np.concatenate([race.sgd["w"], race.gd["w"]]) - origin
    right = np.linalg.svd(path, full_matrices=False)[2][:2]
    signs = np.sign((path[0] @ right.T) * race.shown["point"][0])
    for row, column in ((0, 0), (3, 17), (surface["rows"] - 1, surface["columns"] - 1), (20, 20)):
        at = [
            np.linspace(*surface[axis], surface[count])[k]
            for axis, count, k in zip("xy", ("columns", "rows"), (column, row), strict=True)
        ]
        flat = origin + (signs * at) @ right
        model.set_weights(
            [
                part.reshape(weight.shape)
                for part, weight in zip(np.split(flat, [464, 480, 496]), model.get_weights(), strict=True)
            ]
        )
        loss = keras.losses.BinaryCrossentropy()(DATA.y_train[:, None], model(DATA.x_train))
        assert values[row, column] == pytest.approx(float(loss), rel=1e-5)


def test_classes_that_can_be_told_apart_have_no_minimum():
    x = np.array([[1.0, 0.2], [2.0, -0.1], [-1.0, 0.3], [-2.0, 0.1]])
    assert EpochRace(x, [1, 1, 0, 0], batch_size=2).surface["minimum"] is None


@pytest.mark.parametrize("settings", [{"epochs": 2}, {"epochs": 5, "batch_size": 2}], ids=["short", "long"])
def test_the_pca_plane_holds_the_share_it_states(settings):
    race = of_heart(model="network", **settings)
    origin = race.sgd["w"][-1]
    moved = np.concatenate([race.sgd["w"], race.gd["w"]]) - origin
    sizes = np.linalg.svd(moved, compute_uv=False) ** 2
    assert race.report["share"] == pytest.approx(sizes[:2].sum() / sizes.sum(), abs=1e-9)
    point = race.shown["point"]
    distance = np.linalg.norm(race.sgd["w"] - origin, axis=1)
    assert (np.linalg.norm(point, axis=1) <= distance + 1e-9).all()
    np.testing.assert_allclose(point[-1], 0, atol=1e-9)
    _, _, right = np.linalg.svd(moved, full_matrices=False)
    np.testing.assert_allclose(np.abs(point), np.abs((race.sgd["w"] - origin) @ right[:2].T), atol=1e-9)


def test_a_straight_path_has_a_plane_too():
    from firstepoch.widgets.epoch.plane import pca_plane

    for path in (np.outer([0.0, 1.0, 3.0], [1.0, 2.0, 2.0]), np.zeros((2, 3)), np.outer([0.0, 1e-200], [0, 1.0, 0])):
        plane = pca_plane(path, path[-1])
        np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)
        assert plane.share(path) == pytest.approx(1)


def test_random_directions_are_filter_normalised():
    from firstepoch.widgets.epoch.network import Network
    from firstepoch.widgets.epoch.plane import random_plane

    network = Network(DATA.x_train.astype(float), DATA.y_train.astype(float))
    origin = network.start(0)
    plane = random_plane(network, origin, 7)
    assert abs(np.corrcoef(plane.directions)[0, 1]) < 0.3
    for direction in plane.directions:
        for drawn, weight in zip(network.parts(direction), network.parts(origin), strict=True):
            if weight.ndim == 2:
                np.testing.assert_allclose(np.linalg.norm(drawn, axis=0), np.linalg.norm(weight, axis=0))
            else:
                assert (drawn == 0).all()
    points = origin + np.array([[0.3, -2.0]]) @ plane.directions
    np.testing.assert_allclose(plane.coordinates(points), [[0.3, -2.0]], atol=1e-9)
    assert of_heart(model="network", plane="random").report["share"] < 0.2


def test_angles_and_steps_are_those_of_the_gradients():
    race = of_heart(batch_size=20, features=["oldpeak", "ca_0"])
    one, other = race.sgd["gradient"][:-1], race.sgd["full_gradient"][:-1]
    cosine = (one * other).sum(axis=1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)
    np.testing.assert_allclose(race.shown["angle"][:-1], np.degrees(np.arccos(cosine)), atol=1e-5)
    np.testing.assert_allclose(race.shown["batch_step"], -0.5 * race.sgd["gradient"])
    np.testing.assert_allclose(race.shown["full_step"], -0.5 * race.sgd["full_gradient"])
    np.testing.assert_allclose(race.shown["gd_point"][-1], race.gd["w"][-1])


@pytest.mark.parametrize("model", ["logistic", "network"])
def test_the_fan_is_the_steps_of_the_epochs_batches(model):
    race = of_heart(fan=True, epochs=2, model=model)
    assert race.shown["fan"].shape == (17, 8, 2)
    steps = -0.5 * race.batch_gradients(11)
    if model == "network":
        plane = race._plane_of(race._model, race.gd, race.sgd)
        steps = np.linalg.lstsq(plane.directions.T, steps.T, rcond=None)[0].T
    np.testing.assert_allclose(race.shown["fan"][11], steps, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(race.shown["fan"][11][3], race.shown["batch_step"][11], rtol=1e-4, atol=1e-6)
    race.batch_size = 1
    assert race.shown["fan"].shape[1] == race.report["fan_batches"] == 64
    race.fan = False
    assert "fan" not in race.shown


def run(code, **given):
    """What a program of the card leaves behind, run where only the data are known."""
    assert "firstepoch" not in code
    known = {"x": DATA.x_train.astype(float), "y": DATA.y_train, **given}
    exec(compile(code, "program", "exec"), known)
    return known


def test_the_program_repeats_both_paths(capsys):
    for shuffle in (True, False):
        race = of_heart(batch_size=50, epochs=2, features=["oldpeak", "thal_normal"], shuffle=shuffle, seed=7)
        left = run(race.code)
        np.testing.assert_allclose(left["descend"](242), race.gd["w"][-1], rtol=0, atol=1e-12)
        np.testing.assert_allclose(left["descend"](50), race.sgd["w"][-1], rtol=0, atol=1e-12)
    assert "SGD: [" in capsys.readouterr().out


def test_the_networks_program_repeats_both_paths_in_keras(capsys):
    network = of_heart(batch_size=100, model="network")
    start = network.sgd["w"][1]
    for race, given in ((network, {}), (of_heart(batch_size=100, model="network", start=start), {"start": start})):
        left = run(race.code, **given)
        flat = np.concatenate([weight.ravel() for weight in left["model"].get_weights()])
        np.testing.assert_allclose(flat, race.sgd["w"][-1], rtol=0, atol=1e-6)
        told = [float(line.split(":")[1]) for line in capsys.readouterr().out.splitlines() if "loss:" in line]
        np.testing.assert_allclose(told, [race.gd["loss"][-1], race.sgd["loss"][-1]], atol=1e-5)


def test_a_small_table_has_one_batch_if_no_size_was_asked_for():
    assert EpochRace(ODD, LABELS).batch_size == 6


def test_a_start_may_be_given():
    race = of_heart(start=[0.25, -0.5])
    assert race.gd["w"][0].tolist() == race.sgd["w"][0].tolist() == [0.25, -0.5]
    network = of_heart(model="network", start=np.full(497, 0.01))
    assert (network.sgd["w"][0] == 0.01).all()


def test_unknown_arguments_are_named():
    with pytest.raises(TypeError, match="batchsize"):
        of_heart(batchsize=3)


def test_the_still_tells_both_runs():
    race = of_heart()
    still = race.still()
    for text in ("One epoch, two ways", "242 rows", "gradient descent", f"{race.sgd['loss'][-1]:.4g}"):
        assert text in still
