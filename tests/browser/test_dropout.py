"""DropoutView in a real browser: it plays without the kernel, answers its controls, and fits every width."""

import pytest
from pages import wait_width
from settled import until

HEART = """
from firstepoch import heart
heart_data = heart.load()
heart_model = heart.build_model(dropout=0.5)
"""
IN_VOILA = pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)


def view(it, code="16"):
    it.show(f"widgets.DropoutView({code})", ".fe-dropout")
    it.root.locator(".fe-end").first.wait_for()
    return it


def press(it, *keys):
    it.root.locator(".fe-play").focus()
    for key in keys:
        it.page.keyboard.press(key)


def crossed(it):
    return it.root.locator(".fe-layer-dense .fe-off").count()


def test_it_plays_to_the_last_batch_without_the_kernel(it):
    view(it, "16, batches=40")
    it.root.get_by_label("speed").select_option("16")
    before = len(it.messages())
    press(it, " ")
    it.wait_text(".fe-sentence", "Batch 40 of 40")
    assert len(it.messages()) == before
    dropped, distinct = it.kernel("(int(view.recording['dropped'][-1]), int(view.recording['distinct'][-1]))")
    assert crossed(it) == dropped
    assert f"{dropped} of 16 units dropped for row 1" in it.text(".fe-sentence")
    assert f"{distinct:,} different ones in 1,280 masks" in it.text(".fe-networks")
    until(lambda: it.spoken, lambda words: words.startswith(it.text(".fe-sentence")))


@IN_VOILA
def test_the_crossed_units_are_those_of_the_mask_and_a_row_is_chosen_in_the_grid(it):
    view(it, "16, batches=10")
    press(it, "ArrowRight", "ArrowRight")
    off = "units => units.map((one) => one.classList.contains('fe-off'))"
    shown = it.root.locator(".fe-layer-dense").first.locator(".fe-unit").evaluate_all(off)
    assert shown == it.kernel("(~view.recording['mask'][2, 0]).tolist()")
    grid = it.root.locator(".fe-masks-grid")
    grid.click(position={"x": 60, "y": 18 + 7.5 * 14})
    it.kernel.wait("view.row", 7)
    it.wait_text(".fe-sentence", "Batch 3 of 10")
    it.wait_text(".fe-sentence", "for row 8")
    shown = it.root.locator(".fe-layer-dense").first.locator(".fe-unit").evaluate_all(off)
    assert shown == it.kernel("(~view.recording['mask'][2, 7]).tolist()")


@IN_VOILA
def test_inference_drops_nothing_and_what_cannot_be_is_said(it):
    it.kernel.run(HEART)
    view(it, "heart_model, data=heart_data, batches=10")
    assert crossed(it) > 0
    it.root.get_by_label("inference (predict)").check()
    it.wait_text(".fe-sentence", "nothing is dropped and nothing scaled")
    assert crossed(it) == 0
    it.kernel.wait("view.training", False)
    it.root.get_by_label("training", exact=True).check()
    it.wait_text(".fe-sentence", "units dropped for row 1")
    sentence = it.text(".fe-sentence")
    field = it.root.get_by_label("rate", exact=True)
    field.fill("1")
    field.press("Enter")
    it.wait_text(".fe-problem", "rate is 1: no unit would be left")
    it.page.wait_for_function("(field) => field.value === '0.5'", arg=field.element_handle())
    assert it.text(".fe-sentence") == sentence
    slider = it.root.get_by_label("rate, from 0 to 0.95")
    slider.fill("0.9")
    it.wait_text(".fe-state", "rate 0.9")
    it.root.locator(".fe-problem").wait_for(state="hidden")


@IN_VOILA
def test_it_fits_every_width(it):
    view(it, "128, batches=3")
    for width in (320, 800, 1400):
        wait_width(it.page, width)
        grid = it.root.locator(".fe-masks-grid")
        until(grid.bounding_box, lambda box, width=width: box["x"] + box["width"] <= width)
