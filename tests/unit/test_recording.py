import json
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest

from firstepoch.widgets import Recording, RecordingError


def filled(frames=40):
    recording = Recording({"learning_rate": 0.1, "units": [16]})
    rng = np.random.default_rng(0)
    for frame in range(frames):
        recording.append(w=rng.normal(size=(2, 3)).astype("float32"), loss=1.0 / (frame + 1), epoch=frame)
    return recording


def test_grows_and_reads_back_every_frame():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(1000, 5))
    recording = Recording()
    for row in rows:
        recording.append(w=row)
    assert len(recording) == 1000
    np.testing.assert_array_equal(recording["w"], rows)


def test_arrays_are_read_only_views():
    recording = filled()
    with pytest.raises(ValueError, match="read-only"):
        recording["loss"][0] = 5
    assert np.shares_memory(recording["w"], recording["w"])


def test_appending_many_frames_copies_each_value_a_bounded_number_of_times():
    recording = Recording()
    copies = 0
    held = None
    for _ in range(4096):
        recording.append(w=np.zeros(8))
        current = recording._arrays["w"]
        if current is not held:
            copies += len(recording)
            held = current
    assert copies < 3 * 4096


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"loss": 1.0}, "Missing: epoch, w"),
        ({"loss": 1.0, "w": np.zeros((2, 3)), "epoch": 1, "more": 2}, "Not in the first frame: more"),
        ({"loss": 1.0, "w": np.zeros((3, 2)), "epoch": 1}, r"'w' has shape \(2, 3\).*got \(3, 2\)"),
        ({"loss": "x", "w": np.zeros((2, 3)), "epoch": 1}, "numbers only"),
        ({}, "at least one array"),
    ],
)
def test_a_frame_that_does_not_fit_is_refused_and_nothing_is_added(frame, message):
    recording = filled(3)
    with pytest.raises(RecordingError, match=message):
        recording.append(frame)
    assert len(recording) == 3
    assert all(len(recording[name]) == 3 for name in recording)


@pytest.mark.parametrize(
    ("first", "then"),
    [(1, 0.7), (True, 5), (np.int8(100), 300), (np.float32(1), 1e300), (np.float32(0.5), 0.1)],
)
def test_a_value_the_type_cannot_hold_widens_it(first, then):
    recording = Recording()
    recording.append(a=first)
    recording.append(a=then)
    assert list(recording["a"]) == [first, then]


def test_a_saved_file_is_as_readable_as_any_other(tmp_path):
    recording = filled(2)
    (tmp_path / "plain").write_text("x")
    recording.save(tmp_path / "run")
    assert (tmp_path / "run").stat().st_mode == (tmp_path / "plain").stat().st_mode
    with pytest.raises(FileNotFoundError, match="no folder"):
        recording.save(tmp_path / "missing" / "run")


def test_a_missing_array_names_those_there_are():
    with pytest.raises(KeyError, match="w, loss, epoch"):
        filled()["accuracy"]


def test_to_pandas_has_a_column_for_each_value():
    frame = filled(4).to_pandas()
    assert list(frame.columns) == [f"w[{i}, {j}]" for i in range(2) for j in range(3)] + ["loss", "epoch"]
    assert frame.index.name == "frame"
    np.testing.assert_array_equal(frame["w[1, 2]"], filled(4)["w"][:, 1, 2])
    assert list(filled(4).to_pandas(["loss"]).columns) == ["loss"]


def test_csv_keeps_exact_numbers(tmp_path):
    recording = filled()
    recording.to_csv(tmp_path / "run.csv")
    back = pd.read_csv(tmp_path / "run.csv", index_col="frame", float_precision="round_trip")
    np.testing.assert_array_equal(back["loss"], recording["loss"])


def test_save_and_load_keep_everything(tmp_path):
    recording = filled()
    recording.save(tmp_path / "a run")
    back = Recording.load(tmp_path / "a run")
    assert back.settings == recording.settings and back.versions == recording.versions
    assert back.names == recording.names
    for name in recording:
        assert back[name].dtype == recording[name].dtype
        np.testing.assert_array_equal(back[name], recording[name])
    back.append(w=np.zeros((2, 3)), loss=0.0, epoch=40)
    assert [path.name for path in tmp_path.iterdir()] == ["a run"]


def test_an_empty_recording_can_be_saved(tmp_path):
    Recording({"a": 1}).save(tmp_path / "empty")
    assert len(Recording.load(tmp_path / "empty")) == 0


def test_settings_json_cannot_hold_are_refused_and_the_old_file_stays(tmp_path):
    filled().save(tmp_path / "run")
    with pytest.raises(RecordingError, match="cannot be saved"):
        Recording({"build": print}).save(tmp_path / "run")
    assert len(Recording.load(tmp_path / "run")) == 40


def test_every_damaged_byte_is_noticed_or_harmless(tmp_path):
    recording = filled(5)
    path = tmp_path / "run"
    recording.save(path)
    whole = path.read_bytes()
    for position in range(0, len(whole), 7):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x41]) + whole[position + 1 :])
        try:
            back = Recording.load(path)
        except RecordingError:
            continue
        for name in recording:
            np.testing.assert_array_equal(back[name], recording[name])


@pytest.mark.parametrize("keep", [0, 10, 500])
def test_a_cut_file_is_damaged(tmp_path, keep):
    path = tmp_path / "run"
    filled().save(path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(RecordingError, match="damaged"):
        Recording.load(path)


def test_foreign_files_get_a_clear_error(tmp_path):
    path = tmp_path / "run"
    path.write_text("epoch,loss\n0,0.5\n")
    with pytest.raises(RecordingError, match="no firstepoch recording"):
        Recording.load(path)
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(RecordingError, match="not a firstepoch recording"):
        Recording.load(tmp_path / "other.npz")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("recording.json", json.dumps({"format": "firstepoch recording", "format_version": 99}))
    with pytest.raises(RecordingError, match="newer firstepoch"):
        Recording.load(path)
    with pytest.raises(FileNotFoundError):
        Recording.load(tmp_path / "missing")


def test_loading_needs_no_tensorflow(tmp_path):
    filled().save(tmp_path / "run")
    code = (
        "import sys; from firstepoch.widgets import Recording; "
        f"assert len(Recording.load({str(tmp_path / 'run')!r})) == 40; "
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_browser_gets_only_new_frames_and_arrays_it_can_hold():
    recording = Recording()
    for frame in range(10):
        recording.append(w=np.full(3, frame, "float32"), epoch=np.int64(frame), hit=frame % 2 == 0)
    header, buffers = recording.since(7)
    assert (header["start"], header["stop"]) == (7, 10)
    assert [entry["dtype"] for entry in header["arrays"]] == ["float32", "float64", "uint8"]
    assert [entry["shape"] for entry in header["arrays"]] == [[3, 3], [3], [3]]
    np.testing.assert_array_equal(np.frombuffer(buffers[0], "float32").reshape(3, 3), recording["w"][7:])
    assert sum(buffer.nbytes for buffer in buffers) == 3 * (12 + 8 + 1)
