"""EpochRace as a widget: what it refuses and how, its contract with the view, the plane, the program, the still."""

import subprocess
import sys
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
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"learning_rate": float("inf")}, "learning_rate is inf"),
        ({"epochs": 0}, "epochs is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"features": ["oldpeak", "oldpeak"]}, "Both features are 'oldpeak'"),
        ({"features": ["oldpeak", "height"]}, "There is no feature 'height'. There are: age"),
        ({"features": ["oldpeak"]}, "needs two"),
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
        (pd.DataFrame({"a": list("uvwxyz"), "b": range(6)}), LABELS, "Encode text columns first"),
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
    assert of_heart(features=[9, 3]).features == [NAMES[9], NAMES[3]]


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


def test_classes_that_can_be_told_apart_have_no_minimum():
    x = np.array([[1.0, 0.2], [2.0, -0.1], [-1.0, 0.3], [-2.0, 0.1]])
    assert EpochRace(x, [1, 1, 0, 0], batch_size=2).surface["minimum"] is None


def test_the_pca_plane_holds_the_share_it_states():
    race = of_heart(model="network", epochs=2)
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
    if model == "logistic":
        np.testing.assert_allclose(race.shown["fan"][11], -0.5 * race.batch_gradients(11), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(race.shown["fan"][11][3], race.shown["batch_step"][11], rtol=1e-4, atol=1e-6)
    race.batch_size = 1
    assert race.shown["fan"].shape[1] == race.report["fan_batches"] == 64
    race.fan = False
    assert "fan" not in race.shown


def test_the_program_repeats_both_paths(tmp_path):
    race = of_heart(batch_size=50, epochs=2, features=["oldpeak", "thal_normal"])
    network = of_heart(batch_size=100, model="network")
    np.savez(tmp_path / "rows.npz", x=DATA.x_train.astype(float), y=DATA.y_train)
    head = "import numpy as np\nrows = np.load('rows.npz')\nx, y = rows['x'], rows['y']\n"
    for run, name in ((race, "two.py"), (network, "net.py")):
        (tmp_path / name).write_text(head + run.code)
        done = subprocess.run([sys.executable, name], cwd=tmp_path, capture_output=True, text=True, check=True)
        told = [line.split(":")[1] for line in done.stdout.splitlines() if ":" in line][-2:]
        if run is race:
            for words, path in zip(told, (race.gd, race.sgd), strict=True):
                shown = np.fromstring(words.strip(" []"), sep=" ")
                np.testing.assert_allclose(shown, path["w"][-1], atol=1e-6)
        else:
            losses = [network.gd["loss"][-1], network.sgd["loss"][-1]]
            np.testing.assert_allclose([float(words) for words in told], losses, atol=1e-5)


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
