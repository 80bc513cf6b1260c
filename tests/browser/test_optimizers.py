"""OptimizerRace as a learner meets it, in Voilà and in JupyterLab, on the page the tensor tests share."""

import numpy as np
import pytest
from pages import wait_width
from settled import until

RACE = ".fe-optimizers"
PICTURE = "() => document.querySelector('.fe-optimizers .fe-race-charts').outerHTML"


def wait_frames(it, frames):
    it.page.wait_for_function(
        "([selector, last]) => document.querySelector(selector).max === last",
        arg=[f"{RACE} .fe-player input[type=range]", str(frames - 1)],
    )


def test_play_scrub_change_add_move_the_start_and_be_refused(it):
    it.show("widgets.OptimizerRace(('sgd', 'adam'), steps=12)", RACE)
    page, root = it.page, it.root
    slider = root.locator(".fe-player input[type=range]")
    wait_frames(it, 13)
    sent = len(it.messages())

    def go(step):
        slider.evaluate("(it, at) => { it.value = at; it.dispatchEvent(new Event('input')); }", step)

    go(3)
    seen = page.evaluate(PICTURE)
    root.get_by_label("speed").select_option("8")
    root.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function("(slider) => slider.value === slider.max", arg=slider.element_handle())
    values = it.kernel("[float(it['value'][-1]) for it in view.recordings.values()]")
    lowest = ["SGD", "Adam"][int(np.argmin(values))]
    assert it.text(".fe-sentence").startswith(f"Step 12: {lowest} has the lowest loss, ")
    go(3)
    assert page.evaluate(PICTURE) == seen
    assert len(it.messages()) == sent, "playing asks the kernel for nothing"

    field = root.get_by_label("Adam: beta_1 β₁")
    field.fill("1")
    field.press("Tab")
    it.wait_text(".fe-problem", "beta_1 of adam is 1; it goes from 0 to below 1.")
    until(field.input_value, "0.9")
    assert page.evaluate(PICTURE) == seen
    field.fill("0.5")
    field.press("Tab")
    root.locator(".fe-problem").wait_for(state="hidden")
    page.wait_for_function(f"(seen) => ({PICTURE})() !== seen", arg=seen)
    assert it.kernel("view.optimizers[1]['beta_1']") == 0.5
    assert it.text(".fe-position") == "step 3 / 12", "the learner stays at the step"

    root.get_by_label("optimizer to add").select_option("nesterov")
    root.get_by_role("button", name="Add", exact=True).click()
    root.locator(".fe-racer").nth(2).wait_for()
    root.get_by_label("schedule of the learning rates").select_option("cosine")
    root.get_by_label("schedule: decay steps").wait_for()
    it.wait_text(".fe-rate .fe-plot-note", "cosine: ")
    expected = [0.05 * (1 + np.cos(np.pi * step / 12)) for step in range(13)]
    rates = "view.recordings['nesterov']['learning_rate'].tolist()"
    until(lambda: it.kernel(rates), pytest.approx(expected, abs=1e-7))

    start = root.locator(".fe-start")
    start.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('[aria-label=\"start w₁\"]').value !== '-1.2'")
    moved = until(lambda: it.kernel("view.start"), lambda start: start[0] > -1.2 and start[1] == 2.5)
    start.scroll_into_view_if_needed()
    box = start.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 50, steps=4)
    assert it.kernel("view.start") == moved, "the race is run when the start is let go"
    page.mouse.up()
    page.wait_for_function(
        "(was) => Number(document.querySelector('[aria-label=\"start w₂\"]').value) < was", arg=moved[1]
    )
    starts = "(view.start, [it['w'][0].tolist() for it in view.recordings.values()])"
    until(lambda: it.kernel(starts), lambda now: now[1] == [now[0]] * 3 and now[0][0] > moved[0])


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_names_widths_and_less_motion(it):
    it.page.emulate_media(reduced_motion="reduce")
    try:
        everyone = "('sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw')"
        it.show(f"widgets.OptimizerRace({everyone}, steps=6, schedule='piecewise')", RACE)
        wait_frames(it, 7)
        it.root.evaluate("(root) => root.querySelectorAll('details').forEach((fold) => fold.open = true)")
        it.root.get_by_role("button", name="one step on").click()
        head = "() => document.querySelector('.fe-optimizers .fe-landscape .fe-head').getAttribute('d')"
        at = it.page.evaluate(head)
        it.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert it.page.evaluate(head) == at, "nothing moves between frames"
        unnamed = it.root.evaluate(
            """(root) => [...root.querySelectorAll("button, input, select")].filter((one) =>
              !one.getAttribute("aria-label") && !one.textContent.trim() && !one.labels?.length
            ).map((one) => one.outerHTML)"""
        )
        assert unnamed == []
        small = it.root.evaluate(
            """(root) => [...root.querySelectorAll("button, select, input[type=number]")].filter((one) =>
              one.checkVisibility() && Math.min(one.offsetWidth, one.offsetHeight) < 28).map((one) => one.outerHTML)"""
        )
        assert small == []
        for width in (320, 360, 800, 1400):
            wait_width(it.page, width, it.root)
    finally:
        it.page.emulate_media(reduced_motion="no-preference")
        it.page.set_viewport_size({"width": 1400, "height": 1000})
