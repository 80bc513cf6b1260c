"""Overfitting as a learner meets it: curves that come, a cursor in all panels, variants over each other, Stop."""

import pytest
from settled import until

HEART = """
from firstepoch import heart
data = heart.load()
"""
FITS = ".fe-overfitting"


def show(it, settings="units=(2, 8), seeds=2, epochs=40"):
    it.kernel.run(HEART)
    it.show(f"widgets.Overfitting(heart.build_model, data, {settings})", FITS)
    return it


def press(it, name):
    it.root.get_by_role("button", name=name, exact=True).click()


def wait_status(it, *statuses):
    it.page.wait_for_function(
        "([root, wanted]) => wanted.includes(document.querySelector(root).dataset.status)",
        arg=[f"{FITS}:not([data-old])", statuses],
        timeout=120_000,
    )


def readout(it):
    """The cells of each panel's readout: median and range of training and validation loss, and the gap."""
    return [row.locator("td").all_inner_texts() for row in it.root.locator(".fe-over-readout tbody tr").all()]


def test_train_see_the_curves_and_read_them_at_an_epoch(it):
    show(it, "units=(2, 8), seeds=2, epochs=40, ask=True")
    it.root.get_by_role("radio", name="8 units").check()
    press(it, "Train")
    wait_status(it, "done")
    it.root.locator(".fe-over-panel path.fe-over-band").nth(3).wait_for(state="attached")
    it.root.locator(".fe-play").focus()
    it.page.keyboard.press("Home")
    for _ in range(12):
        it.page.keyboard.press("ArrowRight")
    bands = it.kernel(
        "[[float(view.bands[units, 'plain'][f'{name}_{end}'][12]) for end in ('median', 'lowest', 'highest')]"
        " for units in (2, 8) for name in ('loss', 'val_loss')]"
    )
    rows = readout(it)
    for row, (median, low, high) in zip([rows[0], rows[1], rows[3], rows[4]], bands, strict=True):
        assert row[:2] == [f"{median:.3f}", f"{low:.3f}–{high:.3f}"]
    sentence = it.text(".fe-sentence")
    assert sentence.startswith("Epoch 13 of 40: with 2 units the training loss is")
    until(lambda: it.spoken, sentence)
    plot = it.root.locator(".fe-plot").nth(1)
    plot.hover(position={"x": plot.bounding_box()["width"] - 17, "y": 60})
    it.wait_text(".fe-sentence", "Epoch 40 of 40")
    it.root.locator(".fe-lead").hover()
    it.wait_text(".fe-sentence", "Epoch 13 of 40")
    assert it.text(".fe-over-guessed").startswith("You said 8 units") and it.kernel("view.guess") == 8
    it.root.get_by_label("logarithmic loss").check()
    it.page.wait_for_function("() => document.querySelector('.fe-plot-y').textContent === 'log₁₀ of the loss'")


@pytest.mark.long
@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_dropout_and_early_stopping_are_laid_over_the_plain_fits(it):
    show(it, "units=(2, 32), seeds=2, epochs=60, learning_rate=0.02")
    press(it, "Train")
    wait_status(it, "done")
    it.root.get_by_label("patience in epochs").fill("3")
    it.root.get_by_label("add early stopping").check()
    it.root.locator(".fe-over-restored").nth(3).wait_for(state="attached")
    told = it.kernel("[panel['stops'] for panel in view.panels]")
    words = [f"stops after {min(stops)}" + (f" to {max(stops)}" if len(set(stops)) > 1 else "") for stops in told]
    until(it.root.locator(".fe-layer-veil text").all_text_contents, words)
    it.root.get_by_label("add dropout").check()
    it.wait_text(".fe-over-compare", "With dropout + early stopping: validation loss")
    it.page.wait_for_function("() => document.querySelectorAll('.fe-over-back').length === 4")
    wait_status(it, "done")
    assert it.kernel("(view.dropout, view.patience, len(view.recordings))") == (0.5, 3, 16)
    it.root.get_by_label("add dropout").uncheck()
    it.root.locator(".fe-over-back").first.wait_for(state="detached")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_stop_answers_while_it_trains_and_what_is_wrong_is_said(it):
    show(it, "units=(2, 8), seeds=5, epochs=2000")
    press(it, "Train")
    it.wait_text(".fe-job-progress span", "fit 1 of 10")
    it.root.locator(".fe-over-live").first.wait_for(state="attached")
    press(it, "Stop")
    wait_status(it, "done")
    assert it.kernel("view.report['outcome']") == "stopped"
    it.wait_text(".fe-job-progress span", "stopped: ")
    field = it.root.get_by_label("units of each network")
    field.fill("2, 0")
    field.press("Enter")
    it.wait_text(".fe-problem", "1 to 4,096 units here; units lists 0")
    until(field.input_value, "2, 8")
    assert it.kernel("view.units") == [2, 8]
    it.root.locator(".fe-over-line").first.wait_for(state="attached")
