"""EpochRace in a real browser: it plays without the kernel, answers its controls, and shows the same frame again."""

import pytest
from pages import wait_width
from settled import settled, until

HEART = """
from firstepoch import heart
data = heart.load()
"""
TWO = "features=['oldpeak', 'thal_normal'], learning_rate=1.0"
PICTURE = settled("""(card) =>
  [...card.querySelectorAll("canvas")].map((one) => one.hidden ? "" : one.toDataURL()).join() +
  [...card.querySelectorAll(".fe-plot svg, .fe-panel ol, .fe-counts, .fe-sentence")]
    .map((one) => one.innerHTML.replaceAll(' class=""', "")).join()""")


def race(it, settings=TWO):
    it.kernel.run(HEART)
    it.show(f"widgets.EpochRace(data.x_train, data.y_train, names=list(data.feature_names), {settings})", ".fe-epoch")
    it.root.locator(".fe-contour").first.wait_for()
    return it


def button(it, name):
    return it.root.get_by_role("button", name=name, exact=True)


def press(it, *keys):
    it.root.locator(".fe-play").focus()
    for key in keys:
        it.page.keyboard.press(key)


def picture(it):
    """Everything drawn, once it moves no more."""
    return it.root.evaluate(PICTURE)


def test_it_plays_to_the_end_of_the_epoch_without_the_kernel(it):
    race(it)
    it.root.get_by_label("speed").select_option("16")
    before = len(it.messages())
    button(it, "play").click()
    it.wait_text(".fe-sentence", "After 242 rows each")
    assert len(it.messages()) == before
    last = it.kernel("(float(view.sgd['loss'][-1]), len(view.sgd) - 1, float(view.gd['loss'][-1]), len(view.gd) - 1)")
    sentence = it.text(".fe-sentence")
    assert f"gradient descent made {last[3]} update, loss {last[2]:.3g}" in sentence
    assert f"SGD made {last[1]} updates, loss {last[0]:.3g}" in sentence
    until(lambda: it.spoken, sentence)


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_a_moved_slider_gives_another_race_and_keeps_the_place(it):
    race(it)
    press(it, *["PageDown"] * 4)
    assert "Batch 4 of 8" in it.text(".fe-sentence")
    slide = it.root.get_by_label("batch size, from 1 to all rows")
    slide.focus()
    it.page.keyboard.press("End")
    it.wait_text(".fe-state", "batch size 242")
    it.kernel.wait("view.batch_size", 242)
    assert it.kernel("bool((view.sgd['w'] == view.gd['w']).all())")
    it.page.keyboard.press("ArrowLeft")
    it.wait_text(".fe-state", "batch size 241")
    field = it.root.get_by_label("batch size", exact=True)
    field.fill("16")
    field.press("Enter")
    it.wait_text(".fe-panel-sgd", "of 16")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_what_cannot_be_done_is_said_and_the_picture_stays(it):
    race(it)
    button(it, "one update on").click()
    before = picture(it)
    field = it.root.get_by_label("batch size", exact=True)
    for wrong, words in (("500", "242"), ("0", "batch_size")):
        field.fill(wrong)
        field.press("Enter")
        it.wait_text(".fe-problem", words)
        it.page.wait_for_function("(field) => field.value === '32'", arg=field.element_handle())
    rate = it.root.get_by_label("learning rate α", exact=True)
    rate.fill("-1")
    rate.press("Enter")
    it.wait_text(".fe-problem", "learning_rate")
    assert picture(it) == before
    assert it.kernel("(view.batch_size, view.learning_rate)") == (32, 1.0)


@pytest.mark.long
@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_a_frame_found_by_scrubbing_is_the_frame_played_to(it):
    race(it, f"{TWO}, fan=True, epochs=2")
    slider = it.root.locator(".fe-player input[type=range]")
    seen = {}
    for frame in range(0, 60, 1):
        if frame % 6 == 4 or frame in (0, 41):
            seen[frame] = picture(it)
        button(it, "one stage on").click()
    for frame in (52, 0, 41, 10, 28):
        slider.fill(str(frame))
        assert picture(it) == seen[frame], frame
    assert len(set(seen.values())) == len(seen)


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_keys_go_by_stage_update_and_epoch_and_the_card_speaks_at_rest(it):
    race(it, f"{TWO}, epochs=2")
    it.root.locator(".fe-play").focus()
    it.page.keyboard.press("ArrowRight")
    assert it.spoken.startswith("Batch 1 of 8: 32 rows are dealt")
    it.page.keyboard.press("PageDown")
    assert it.spoken.startswith("Batch 2 of 8")
    it.page.keyboard.press("Shift+ArrowRight")
    assert it.spoken.startswith("Epoch 2 of 2 begins")
    it.page.keyboard.press("End")
    assert it.spoken.startswith("After 484 rows each")
    it.page.keyboard.press("Home")
    assert it.spoken.startswith("Epoch 1 of 2 begins")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_reduced_motion_changes_frames_without_a_transition(it):
    race(it)
    it.page.emulate_media(reduced_motion="reduce")
    try:
        button(it, "one stage on").click()
        assert it.root.locator(".fe-flight:not([hidden])").count() == 0
        assert it.text(".fe-sentence").startswith("Batch 1 of 8")
    finally:
        it.page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
@pytest.mark.parametrize("model", ["logistic", "network"])
def test_it_fits_every_width(it, model):
    race(it, f"model={model!r}, learning_rate=0.5")
    for width in (320, 800, 1400):
        wait_width(it.page, width)
    assert it.root.locator(".fe-plot-note").is_visible() == (model == "network")
