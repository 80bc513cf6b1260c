"""GradientStep in a real browser: played without the kernel, the start dragged, settings typed, keys, less motion."""

import numpy as np
import pytest
from settled import settled, until

PICTURE = settled("""(card) =>
  [...card.querySelectorAll("canvas")].map((one) => one.width ? one.toDataURL() : "").join() +
  card.querySelector(".fe-descent-body").innerHTML.replaceAll(' class=""', "") +
  card.querySelector(".fe-sentence").textContent""")


def step(it, code="'two minima', learning_rate=0.05, steps=10"):
    it.show(f"widgets.GradientStep({code})", ".fe-descent")
    it.root.locator(".fe-ball").locator("visible=true").wait_for()
    return it


def button(it, name):
    return it.root.get_by_role("button", name=name, exact=True)


def picture(it):
    """Everything drawn, once it moves no more."""
    return it.root.evaluate(PICTURE)


def scrub(it, frame):
    it.root.locator(".fe-player input[type=range]").evaluate(
        "(it, at) => { it.value = at; it.dispatchEvent(new Event('input')); }", frame
    )


def start_of(it):
    return it.kernel("view.recording['w'][0].tolist()")


def drag(it, across, down=0):
    """Drag the start by pixels."""
    handle = it.root.get_by_role("slider", name="start").locator("visible=true")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    it.page.mouse.move(x, y)
    it.page.mouse.down()
    it.page.mouse.move(x + across, y + down, steps=15)
    it.page.mouse.up()


def answered(it, old):
    """Wait until Python has answered the last move of the start."""
    it.page.wait_for_function(
        """([card, old]) => {
          const inputs = [...card.querySelectorAll("[aria-label^='start w']")].filter((one) => !one.hidden);
          const typed = inputs.map((one) => one.value).join(" ");
          const handles = [...card.querySelectorAll("[role=slider]")].filter((one) => one.offsetParent);
          return typed !== old && handles.length === 1 && typed === handles[0].dataset.at;
        }""",
        arg=[it.root.element_handle(), old],
        timeout=15_000,
    )


def test_play_drag_type_and_refuse(it):
    step(it)
    sent = len(it.messages())
    it.root.get_by_label("speed").select_option("16")
    button(it, "play").click()
    it.wait_text(".fe-sentence", "This is the last step.")
    assert len(it.messages()) == sent, "playing needs no kernel"
    w, slope = it.kernel("(float(view.recording['w'][10, 0]), float(view.recording['gradient'][10, 0]))")
    assert it.text(".fe-sentence").startswith(f"At w = {w:.3f} the slope is {slope:.3g}")
    assert it.spoken.startswith(it.text(".fe-sentence")) and "local minimum" in it.spoken

    scrub(it, 0)
    before = it.root.locator(".fe-ball").locator("visible=true").bounding_box()["x"]
    drag(it, -200)
    answered(it, "2.35")
    ball = it.root.locator(".fe-ball").locator("visible=true")
    # The ball stays where it was dropped.
    until(lambda: before - 200 - ball.bounding_box()["x"], lambda off: abs(off) < 3)
    dropped = start_of(it)[0]
    assert 0 < dropped < 2
    assert it.root.get_by_label("start w", exact=True).input_value() == f"{dropped:g}"

    field = it.root.get_by_label("learning rate α", exact=True)
    field.fill("-1")
    field.press("Enter")
    it.wait_text(".fe-problem", "a step with a negative one goes uphill")
    it.page.wait_for_function("(it) => it.value === '0.05'", arg=field.element_handle())
    assert it.kernel("view.learning_rate") == 0.05
    field.fill("1.5")
    field.press("Enter")
    it.wait_text(".fe-verdict", "diverging")
    it.root.locator(".fe-problem").wait_for(state="hidden")


voila = pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)


@voila
def test_scrubbing_gives_the_picture_of_playing(it):
    step(it, "'valley', steps=6")
    played = [picture(it)]
    for _ in range(6):
        button(it, "one step on").click()
        played.append(picture(it))
    assert len(set(played)) == 7
    for frame in (2, 5, 0, 6):
        scrub(it, frame)
        assert picture(it) == played[frame], frame


@voila
def test_a_start_on_the_map_is_dragged_and_moved_by_keys_and_the_place_is_kept(it):
    step(it, "'bowl in two weights', start=[2.0, 1.0]")
    scrub(it, 4)
    drag(it, 60, 40)
    answered(it, "2 1")
    assert it.text(".fe-position") == "step 4 / 30"
    handle = it.root.get_by_role("slider", name="start").locator("visible=true")
    handle.focus()
    first = start_of(it)
    for _ in range(5):
        it.page.keyboard.press("ArrowUp")
    answered(it, " ".join(f"{one:g}" for one in first))
    expected = [first[0], first[1] + 5 * 0.06]
    until(lambda: start_of(it), lambda start: np.allclose(start, expected, rtol=0, atol=0.011))
    assert it.text(".fe-position") == "step 4 / 30"


@voila
def test_the_surface_turns_by_mouse_and_keys_without_the_kernel(it):
    step(it, "'saddle'")
    surface = it.root.locator(".fe-surface")
    surface.focus()  # what has the focus carries a mark
    sent, before = len(it.messages()), picture(it)
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    it.page.mouse.move(box["x"] + 100, box["y"] + 100)
    it.page.mouse.down()
    it.page.mouse.move(box["x"] + 180, box["y"] + 120, steps=6)
    it.page.mouse.up()
    turned = picture(it)
    assert turned != before
    surface.focus()
    it.page.keyboard.press("ArrowLeft")
    assert picture(it) != turned
    it.page.keyboard.press("Home")
    assert picture(it) == before
    assert it.text(".fe-position") == "step 0 / 30"
    assert len(it.messages()) == sent


@voila
def test_with_less_motion_a_step_is_there_at_once(it):
    step(it)
    it.page.emulate_media(reduced_motion="reduce")
    try:
        cx = it.root.evaluate("""(card) => new Promise((resolve) => {
          card.querySelector("[aria-label='one step on']").click();
          const at = () => card.querySelector(".fe-ball").getAttribute("cx");
          requestAnimationFrame(() => { const first = at(); setTimeout(() => resolve([first, at()]), 500); });
        })""")
        assert cx[0] == cx[1]
    finally:
        it.page.emulate_media(reduced_motion="no-preference")


@voila
def test_a_function_of_ones_own_and_one_of_the_list(it):
    step(it, "lambda w: (w - 3)**2, start=0.0")
    choose = it.root.get_by_label("function g", exact=True)
    choose.select_option("valley")
    it.wait_text(".fe-lead", "(1 − w₁)²")
    assert start_of(it) == [-1.2, 2.5]
    it.page.wait_for_function("document.querySelector('[aria-label=\"start w₂\"]').value === '2.5'")
    choose.select_option("your function")
    it.wait_text(".fe-lead", "your function")
    it.wait_text(".fe-note", "GradientTape")
    it.root.get_by_label("optimizer").select_option("adam")
    it.wait_text(".fe-note", "Keras")
    assert it.kernel("abs(float(view.recording['w'][1, 0]) - view.start - 0.1) < 1e-5")
