"""NetworkView from Python, with no browser."""

import keras
import numpy as np
import pytest
import traitlets as t

# pytest's importlib mode leaves the test folders off the path.
from contract import interface, mismatches
from keras import layers

from firstepoch.data import TabularData
from firstepoch.widgets.network import compute
from firstepoch.widgets.network.widget import NetworkView
from firstepoch.widgets.recording import Recording


def data_of(inputs=4, rows=6):
    x = np.random.default_rng(0).normal(size=(rows, inputs)).astype(np.float32)
    y = (np.arange(rows) % 2).astype(np.float32)
    names = tuple(f"f{i}" for i in range(inputs))
    columns = ("raw", *("hot",) * (inputs - 1))
    return TabularData(x, y, x, y, names, columns, {}, {}, ("well", "ill"))


def model_of(inputs=4, dropout=0.0):
    hidden = [layers.Dense(3, activation="relu"), layers.Dropout(dropout)]
    return keras.Sequential([keras.Input((inputs,)), *hidden, layers.Dense(1, activation="sigmoid")])


def recording_of(model, frames=5, dropped=False):
    plan = compute.plan(model)
    recording = Recording({"network": plan})
    for frame in range(frames):
        named = {"weights": compute.parameters(model) * (frame + 1)}
        if dropped:
            named["dropped"] = compute.dropped(compute.seed_states(model)[None], plan, 2)[0]
        recording.append(named)
    return recording


def test_a_model_is_one_frame_with_the_numbers_of_keras():
    model, data = model_of(), data_of()
    view = NetworkView(model, data, patient=3)
    shown = view._shown
    assert len(shown) == 1 and set(shown.names) == {"drawn", "sums", "activations"}
    np.testing.assert_allclose(shown["activations"][0, -1], model(data.x_train[3:4])[0, 0], atol=1e-6)
    assert view.chosen == {"rows": 6, "target": 1.0, "label": "ill", "noun": "row"}
    inputs = shown.settings["network"]["layers"][0]
    assert inputs["names"] == ["f0", "f1", "f2", "f3"]
    assert inputs["groups"] == [["raw", 0, 0], ["hot", 1, 3]]


def test_another_patient_is_computed_again_for_every_frame():
    model, data = model_of(), data_of()
    view = NetworkView(recording_of(model), data)
    before = view._shown["activations"].copy()
    view.set_state({"patient": 2})
    after = view._shown["activations"]
    assert after.shape == before.shape == (5, 4 + 3 + 1)
    np.testing.assert_array_equal(after[:, :4], np.tile(data.x_train[2], (5, 1)))
    assert view.chosen["target"] == 0.0 and not np.array_equal(after, before)


def test_a_recording_shows_what_was_dropped_and_grows_on_refresh():
    model = model_of(dropout=0.5)
    recording = recording_of(model, dropped=True)
    view = NetworkView(recording)
    assert set(view._shown.names) == {"drawn", "dropped"} and view.chosen["rows"] == 0
    recording.append(weights=compute.parameters(model), dropped=np.zeros(8, bool))
    view.refresh()
    assert len(view._shown) == 6


def test_the_model_is_read_again_on_refresh():
    model, data = model_of(), data_of()
    view = NetworkView(model, data)
    model.set_weights([weight * 0 for weight in model.get_weights()])
    view.refresh()
    assert view._shown["activations"][0, -1] == 0.5


@pytest.mark.parametrize("row", [-1, 6])
def test_a_patient_that_is_not_there_is_refused(row):
    view = NetworkView(model_of(), data_of(), patient=2)
    with pytest.raises(t.TraitError, match=f"no training row {row}. Use a row from 0 to 5"):
        view.patient = row
    assert view.patient == 2
    with pytest.raises(t.TraitError, match="Give data"):
        NetworkView(model_of(), patient=1)


def test_what_does_not_fit_is_said():
    with pytest.raises(TypeError, match="source is str; NetworkView draws a"):
        NetworkView("model")
    with pytest.raises(TypeError, match="no argument 'colour'"):
        NetworkView(model_of(), colour="red")
    with pytest.raises(ValueError, match="5 entries; the model has 4 inputs"):
        NetworkView(model_of(), data_of(inputs=5))
    with pytest.raises(ValueError, match="without x_train and y_train"):
        NetworkView(model_of(), "heart")
    with pytest.raises(ValueError, match="holds no network"):
        NetworkView(Recording({}))
    wrong = Recording({"network": compute.plan(model_of())})
    wrong.append(weights=np.zeros(19), dropped=np.zeros(3, bool))
    with pytest.raises(ValueError, match=r'"dropped" has shape \(3,\)'):
        NetworkView(wrong)


def test_the_view_declares_the_traits_there_are():
    assert mismatches(NetworkView, "NetworkTraits") == []


def test_the_contract_notices_every_kind_of_difference(tmp_path):
    source = tmp_path / "view.ts"
    source.write_text(
        "export interface Traits {\n  title: number;\n  /** row; */ patient: number;\n"
        "  chosen: { rows: number; label: string };\n  old: string;\n}\n"
    )
    assert interface(source, "Traits")["chosen"] == "{ rows: number; label: string }"
    assert mismatches(NetworkView, "Traits", source) == [
        "old is in view.ts but not synced",
        "title: Unicode is 'number' in view.ts",
        "unit is synced but not in view.ts",
    ]
