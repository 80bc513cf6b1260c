"""Distribution and Devices: real runs in other Pythons, held against Keras in this one; states, words and stills."""

import contextlib
import io
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from contract import mismatches

from firstepoch import heart
from firstepoch.data.loading import load_keras
from firstepoch.widgets import Devices, Distribution, Recording, SettingsError
from firstepoch.widgets.child import ChildError
from firstepoch.widgets.devices import machine, session, words
from firstepoch.widgets.devices import widget as devices_widget
from firstepoch.widgets.devices.traits import DevicesTraits
from firstepoch.widgets.distribution import session as runs
from firstepoch.widgets.distribution import widget
from firstepoch.widgets.distribution.traits import DistributionTraits

ROWS = 65
"""Two batches of 32, and one of a single row, which two devices cannot divide."""


@pytest.fixture(scope="module")
def data():
    whole = heart.load()
    return whole.x_train[:ROWS], whole.y_train[:ROWS]


@pytest.fixture(scope="module")
def ran(data, tmp_path_factory):
    """Side by side, because each waits for TensorFlow: a run, its program, and a measurement with one core."""
    folder = tmp_path_factory.mktemp("program")
    card = Distribution(heart.build_model, data)
    np.savez(folder / "rows.npz", x=data[0], y=data[1])
    head = "import numpy as np\nfrom firstepoch.heart import build_model\nx, y = np.load('rows.npz').values()\n"
    # The program's own imports stand before anything uses TensorFlow.
    (folder / "program.py").write_text(head + card.code, encoding="utf-8")
    program = subprocess.Popen(
        [sys.executable, "program.py"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "SIZE", 256)
        patch.setattr(session, "PART", 32)
        patch.setattr(machine, "usable", lambda: 1)
        devices = Devices()
        devices.measure()
        card.run()
        try:
            printed, _ = program.communicate(timeout=270)
            assert card.wait(270) and devices.wait(270)
            yield card, printed, devices
        finally:
            program.kill()
            program.wait()
            card.close()
            devices.close()


@pytest.fixture(scope="module")
def recording(ran):
    return ran[0].recording


def batches(recording):
    return [row[row >= 0] for row in recording["rows"][1:]]


def test_every_row_is_dealt_once_in_the_order_of_the_seed_and_the_last_batch_is_short(recording):
    np.testing.assert_array_equal(np.concatenate(batches(recording)), np.random.default_rng(42).permutation(ROWS))
    np.testing.assert_array_equal(recording["dealt"], [[0, 0], [16, 16], [16, 16], [1, 0]])


def gradient_of(model, x, y):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(load_keras().losses.binary_crossentropy(y[:, None], model(x)))
    return np.concatenate([np.ravel(one) for one in tape.gradient(loss, model.trainable_variables)])


def flat(model):
    return np.concatenate([np.ravel(one) for one in model.get_weights()])


def test_the_numbers_are_those_of_keras_in_this_python(recording, data):
    """`train_on_batch` moves the weights; the gradients are taken by a tape at the weights before each update."""
    x, y = data
    load_keras().utils.set_random_seed(42)
    model = heart.build_model()
    np.testing.assert_array_equal(recording["weights"][0, 0], flat(model))
    for frame, rows in enumerate(batches(recording), 1):
        parts = np.split(rows, [recording["dealt"][frame, 0]])
        close = {"rtol": 1e-5, "atol": 1e-7}
        whole = gradient_of(model, x[rows], y[rows])
        np.testing.assert_allclose(recording["reduced"][frame], whole, **close)
        np.testing.assert_allclose(recording["single_gradient"][frame], whole, **close)
        for device, part in enumerate(parts):
            own = gradient_of(model, x[part], y[part]) * len(part) / len(rows) if len(part) else np.zeros(497)
            np.testing.assert_allclose(recording["gradient"][frame, device], own, **close)
        loss = model.train_on_batch(x[rows], y[rows], return_dict=True)["loss"]
        model.reset_metrics()
        np.testing.assert_allclose([recording["loss"][frame], recording["single_loss"][frame]], loss, rtol=1e-6)
        np.testing.assert_allclose(recording["weights"][frame, 0], flat(model), rtol=1e-5, atol=1e-6)


def test_both_copies_are_equal_and_one_device_alone_is_a_rounding_away(recording):
    np.testing.assert_array_equal(recording["weights"][:, 0], recording["weights"][:, 1])
    assert not recording["replica_difference"].any()
    apart = np.abs(recording["weights"][:, 0].astype(float) - recording["single_weights"]).max(axis=1)
    np.testing.assert_array_equal(recording["single_difference"], apart)
    assert apart.max() < 1e-6
    np.testing.assert_array_equal(recording["reduced"][1:], recording["gradient"][1:].sum(axis=1))
    cosine = np.dot(*recording["gradient"][1].astype(float)) / np.prod(recording["gradient_norm"][1])
    assert np.degrees(np.arccos(cosine)) == pytest.approx(recording["angle"][1])
    assert recording["gradient_norm"][3, 1] == 0 and np.isnan(recording["angle"][3])


@pytest.mark.long
def test_the_program_of_the_card_prints_the_same_losses(ran, recording):
    printed = [line.split() for line in ran[1].splitlines()]
    assert [int(number) for number, _ in printed] == [1, 2, 3]
    np.testing.assert_allclose([float(loss) for _, loss in printed], recording["loss"][1:], rtol=1e-6)


def test_the_card_says_what_was_measured_and_what_would_cross_a_wire(ran, recording):
    card, facts = ran[0], recording.settings
    assert card.status == "done" and card.report["outcome"] == "finished" and card.report["share"] == 1
    assert (facts["parameters"], facts["bytes"], facts["updates"]) == (497, 1988, 3)
    assert facts["devices"] == ["/device:CPU:0", "/device:CPU:1"] and facts["replicas"] == 2
    for name in ("one_seconds", "two_seconds"):
        times = facts[name]
        assert 0 < times["fastest"] <= times["median"] <= times["slowest"] and times["updates"] > 3
    measured, why, wire = card.said
    assert f"{facts['two_seconds']['median'] * 1000:.2g} ms on two" in measured and "share" in why
    assert "497 numbers of 4 bytes, 1,988 bytes out" in wire
    told = card.replicas
    assert len(told) == 6 and told["rows"].tolist() == [16, 16, 16, 16, 1, 0]
    assert told["row_numbers"][1] == recording["rows"][1, 16:].tolist()
    assert "16 + 16" in card.still() and "1,988 bytes" in card.still()


def test_a_recorded_run_is_played_without_a_model(recording, tmp_path):
    recording.save(tmp_path / "run.zip")
    played = Distribution(Recording.load(tmp_path / "run.zip"))
    assert played.status == "done" and played.report["played"] and played.batch_size == 32
    np.testing.assert_array_equal(played.recording["weights"], recording["weights"])
    with pytest.raises(RuntimeError, match="plays a recorded run"):
        played.run()
    other = Recording()
    other.append(loss=1.0)
    with pytest.raises(SettingsError, match=r"none of Distribution's"):
        Distribution(other)


def test_a_model_whose_runs_could_not_be_compared_is_refused_in_a_sentence(data):
    card = Distribution(lambda: heart.build_model(dropout=0.5), data)
    card.run()
    with pytest.raises(SettingsError, match="Dropout: what it does to a row may differ"):
        card.wait(60)
    assert card.status == "failed" and card.report["error"].startswith("The layer dropout")
    card.reset()
    assert card.status == "idle" and card.report["error"] == ""


def test_settings_and_data_are_checked(data):
    with pytest.raises(SettingsError, match="use 1 to 65, the rows there are"):
        Distribution(heart.build_model, data, batch_size=66)
    with pytest.raises(SettingsError, match="seed is -1"):
        Distribution(heart.build_model, data, seed=-1)
    with pytest.raises(SettingsError, match="one target for each"):
        Distribution(heart.build_model, (data[0], data[1][:3]))
    with pytest.raises(SettingsError, match="data is NoneType"):
        Distribution(heart.build_model)
    with pytest.raises(SettingsError, match=r"a compiled keras\.Model"):
        Distribution("model", data)
    card = Distribution(heart.build_model, data)
    assert card.status == "idle" and card.said == [] and "Nothing has been run" in card.still()
    with pytest.raises(RuntimeError, match="Nothing has been run"):
        card.replicas  # noqa: B018


@pytest.fixture
def slow(monkeypatch, tmp_path):
    """Both cards start a program that waits."""
    program = tmp_path / "wait.py"
    program.write_text(
        "import json, time\nprint(json.dumps({'doing': 'waiting', 'share': 0.5}), flush=True)\ntime.sleep(60)"
    )
    monkeypatch.setattr(runs, "_PROGRAM", program)
    monkeypatch.setattr(session, "_PROGRAM", program)
    return program


def child_of(card):
    deadline = time.monotonic() + 60
    while (child := card._session._child) is None:
        assert time.monotonic() < deadline, card.report
        time.sleep(0.01)
    return child


@pytest.mark.parametrize("kind", ["distribution", "devices"])
def test_stop_reset_and_close_end_the_other_python_at_once(kind, data, slow):
    card = Distribution(heart.build_model, data) if kind == "distribution" else Devices()
    begin = card.run if kind == "distribution" else card.measure
    for end, status in ((card.stop, "done"), (card.reset, "idle"), (card.close, "done")):
        begin()
        process = child_of(card)._process
        with pytest.raises(RuntimeError, match="going on"):
            begin()
        began = time.monotonic()
        end()
        assert card.wait(30) and time.monotonic() - began < 10
        assert process.poll() is not None and card.status == status
        assert end != card.stop or card.report["outcome"] == "stopped"


def test_a_python_that_fails_or_takes_too_long_is_one_sentence(data, slow, monkeypatch):
    card = Devices()
    slow.write_text("raise ImportError('No module named tensorflow')")
    card.measure()
    with pytest.raises(ChildError):
        card.wait(30)
    assert card.report["error"] == "The second Python failed: ImportError: No module named tensorflow"
    slow.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(runs, "LONGEST_SECONDS", 0.2)
    card = Distribution(heart.build_model, data)
    card.run()
    with pytest.raises(ChildError, match=r"longer than 0\.2 seconds"):
        card.wait(30)


def test_the_measurement_is_real_and_every_way_gives_the_same_product(ran):
    devices = ran[2]
    recording, table = devices.recording, devices.table
    assert devices.status == "done" and table["name"].tolist()[:3] == [
        "Python loop",
        "NumPy, 1 thread",
        "TensorFlow, 1 thread",
    ]
    assert (recording["difference"] < 1e-5).all()
    assert (recording["fastest"] <= recording["seconds"]).all() and (recording["seconds"] <= recording["slowest"]).all()
    np.testing.assert_array_equal(recording["scale"], [8**3, 1, 1])
    assert table["seconds"][0] > 10 * table["seconds"][1]
    sees = dict(devices.facts)["TensorFlow sees"]
    assert sees.startswith("CPU:0") and ("No graphics card" in sees) == ("GPU" not in sees.partition(". No")[0])
    assert "put it on CPU:0 by itself" in dict(devices.facts)["a Keras layer"]
    assert "Python loop" in devices.still()


def test_the_program_of_the_devices_says_where_the_layer_is_placed():
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(devices_widget.program(64), "program", "exec"), {})
    assert said.getvalue().count("device:CPU:0") >= 2 and "NumPy:" in said.getvalue()


def measured(*rows):
    """A recording of (way, threads, seconds)."""
    made = Recording({"ways": list(session.WAYS), "size": 1024})
    for way, threads, seconds in rows:
        scale = 512.0 if way == 0 else 1.0
        made.append(
            way=way,
            threads=threads,
            seconds=seconds,
            fastest=seconds,
            slowest=seconds,
            repetitions=3,
            measured=128 if way == 0 else 1024,
            scale=scale,
            difference=0.0,
        )
    return made


def test_words_say_no_more_than_was_measured():
    asked = {"devices": [{"name": "CPU:0", "kind": "CPU", "model": ""}], "placed": "CPU:0", "asked": "CPU:0"}
    said = words.said(measured((0, 1, 100.0), (1, 1, 0.1), (1, 4, 0.04), (2, 1, 0.05), (2, 4, 0.06)), asked)
    assert "1,000 times as long as" in said[1]
    assert "NumPy: 4 threads instead of 1 made it 2.5 times as fast" in said[2]
    assert "1.2 times as slow" in said[3] and "there is no graphics card here" in said[4]
    assert words.said(measured(), {}) == [words.NOTHING]
    card = {"name": "GPU:0", "kind": "GPU", "model": "Some Card"}
    both = asked | {"devices": [*asked["devices"], card], "placed": "GPU:0"}
    found = measured((2, 1, 0.05), (3, 1, 0.001))
    assert words.said(found, both)[-1].startswith("Other hardware: TensorFlow sees 1 graphics card here")
    assert [line["name"] for line in words.lines(found)] == ["TensorFlow, 1 thread", "TensorFlow, GPU"]
    here = {"system": "Linux", "processor": "P", "cores": 8, "usable": 4, "limit": 1.5}
    facts = dict(words.facts(here, both))
    assert (
        facts["cores"] == "8 logical cores, 4 of them for this process; its container may use the time of 1.5 at most"
    )
    assert facts["TensorFlow sees"] == "CPU:0, GPU:0 (Some Card). No TPU"
    assert words.axis(words.lines(measured((1, 1, 0.02), (0, 1, 60.0)))) == [-2, -1, 0, 1, 2]


def test_a_limit_of_the_container_is_read(tmp_path):
    assert machine.limit(tmp_path) is None
    (tmp_path / "cpu.max").write_text("150000 100000\n")
    assert machine.limit(tmp_path) == 1.5
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert machine.limit(tmp_path) is None
    old = tmp_path / "old" / "cpu"
    old.mkdir(parents=True)
    (old / "cpu.cfs_quota_us").write_text("200000\n")
    (old / "cpu.cfs_period_us").write_text("100000\n")
    assert machine.limit(tmp_path / "old") == 2


def test_the_pages_interfaces_are_those_of_the_classes():
    for made, traits in ((widget, DistributionTraits), (devices_widget, DevicesTraits)):
        assert mismatches(traits, traits.__name__, Path(made.__file__).with_name("traits.ts")) == []
