"""LiveTraining on tables of one's own as a learner meets it: several classes, and a number."""

import pytest
from gallery_own_data import IRIS

ROOT = ".fe-training"
DONE = "(root) => document.querySelector(root).dataset.status === 'done'"


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_classes_and_numbers_from_a_frame_to_a_test_result(it):
    page, kernel = it.page, it.kernel
    kernel.run(IRIS)
    it.show("own(iris, 'species', epochs=30, learning_rate=0.02)", ROOT)
    page.wait_for_selector(f"{ROOT} .bqplot .plotarea_background")
    it.wait_text("form p", "3 softmax units, one for each class")
    it.root.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_function(DONE, arg=ROOT)
    it.wait_text(".fe-chart-note", kernel("'always ' + view.report['charts']['baseline']['answer']"))
    titles = it.root.locator(".fe-chart figcaption").all_inner_texts()
    assert titles == ["loss (sparse categorical cross-entropy)", "accuracy"]
    row = kernel("int((view._data.y_train == 2).argmax())")
    field = it.root.get_by_label("training row", exact=True)
    field.fill(str(row))
    field.blur()
    it.wait_text(".fe-prediction .fe-note", "chance of 2 (virginica), the true class")
    outputs = kernel(f"[float(one) for one in view.model.predict(view._data.x_train[{row}:{row} + 1], verbose=0)[0]]")
    most = max(range(3), key=outputs.__getitem__)
    it.wait_text(".fe-prediction .fe-note", f"a {outputs[2]:.3f} chance")
    it.wait_text(".fe-prediction .fe-note", "Right." if most == 2 else f"; {most} (")
    for name in ("setosa", "versicolor", "virginica"):
        assert it.root.locator(f"[aria-label^='output {name}: ']").count() == 1
    it.root.get_by_text("The test set", exact=True).click()
    it.root.get_by_role("button", name="Open the test set").click()
    right = kernel("round(view.run.test['accuracy'] * 30)")
    it.wait_text("details p", f"{right} of 30 right")

    it.show("own(diabetes, 'progression', epochs=30)", ROOT)
    page.wait_for_selector(f"{ROOT} .bqplot .plotarea_background")
    it.wait_text("form p", "One linear unit and mean squared error")
    it.root.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_function(DONE, arg=ROOT)
    std = kernel("view._data.target_std")
    assert it.root.locator(".fe-chart figcaption").all_inner_texts() == [
        "loss (mean squared error)",
        f"mae (1 is {std:.1f} of progression)",
    ]
    it.wait_text(".fe-chart-note", "always the mean: 0.")
    heads = it.root.locator(".fe-runs thead th").all_inner_texts()
    assert heads[5] == "val mae"
    value = kernel("view.history['val_mae'][-1]")
    assert float(it.root.locator(".fe-runs tbody td").nth(4).inner_text()) == pytest.approx(value, abs=6e-4)
    it.root.get_by_text("The test set", exact=True).click()
    it.root.get_by_role("button", name="Open the test set").click()
    mae = kernel("view.run.test['mae'] * view._data.target_std")
    it.wait_text("details p", f"({mae:.1f} of progression)")
    it.root.get_by_text("The columns and what became of them", exact=True).click()
    it.wait_text(".fe-columns tr", "standardised: (value −")
    assert it.root.locator(".fe-columns tr").count() == 11
