"""RankLadder as a learner climbs it; what a host can change is tested in Voilà and in JupyterLab."""

import pytest
from pages import wait_width

STORY = (
    ("one blood pressure", "()"),
    ("one patient", "(29,)"),
    ("a minibatch", "(32, 29)"),
    ("the training table", "(242, 29)"),
    ("the first weights", "(29, 16)"),
    ("one colour picture", "(24, 24, 3)"),
    ("a batch of pictures", "(6, 24, 24, 3)"),
    ("one film", "(8, 24, 24, 3)"),
    ("a batch of films", "(4, 8, 24, 24, 3)"),
)
RANKS = (0, 1, 2, 2, 2, 3, 4, 4, 5)
CUBE, BATCH, FILM, FILMS = 5, 6, 7, 8


def ladder(it, **settings):
    given = ", ".join(f"{name}={value!r}" for name, value in settings.items())
    return it.show(f"widgets.RankLadder({given})", ".fe-ladder")


def up(it):
    return it.root.locator(".fe-ladder-bar button").last


def wait_rung(it, number):
    """Wait until this rung is shown, by its name and its shape."""
    name, shape = STORY[number]
    it.wait_text("h3", f"Rank {RANKS[number]}: {name}")
    it.wait_text("header .fe-state", f"rank {RANKS[number]} · {shape} · ")


def picture(it):
    """The picture two frames from now: drawn, if nothing moves."""
    return it.canvas.evaluate(
        """(canvas) => new Promise((resolve) => requestAnimationFrame(() =>
          requestAnimationFrame(() => resolve(canvas.toDataURL()))))"""
    )


def has_focus(it, locator):
    return it.page.evaluate("(one) => document.activeElement === one", locator.element_handle())


def wait_focus(it, locator):
    """Wait until it has the focus; says what has it instead."""
    try:
        it.page.wait_for_function("(one) => document.activeElement === one", arg=locator.element_handle(), timeout=5000)
    except Exception:
        pytest.fail(f"the focus is on {it.page.evaluate('document.activeElement.outerHTML.slice(0, 200)')}")


def tab_to(it, locator, key="Tab"):
    """Press a key until the focus is there."""
    for _ in range(40):
        if has_focus(it, locator):
            return
        it.page.keyboard.press(key)
    pytest.fail(f"{key} does not reach {locator}")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_buttons_climb_to_the_end_and_every_rung_has_a_picture_of_its_own(it):
    ladder(it)
    wait_rung(it, 0)
    seen = [it.settled()]
    for number in range(1, BATCH):
        up(it).click()
        wait_rung(it, number)
        seen.append(it.settled())
    up(it).click()
    question = it.root.get_by_role("group", name="Can you give an example of a rank-4 tensor?")
    question.wait_for()
    assert it.stage.is_hidden() and up(it).is_disabled()
    question.get_by_role("button", name="one colour picture").click()
    question.get_by_text("✗ Not quite.").wait_for()
    assert "rank 3: 1 more to go" in question.get_by_role("status").inner_text()
    assert it.kernel("(view.told['right'], view.asking, view.rung)") == (False, True, CUBE)
    question.get_by_label("your own example").fill("a video in colour")
    question.get_by_role("button", name="Answer").click()
    question.get_by_text("✓ Yes.").wait_for()
    question.get_by_role("button", name="Go on").click()
    for number in range(BATCH, len(STORY)):
        wait_rung(it, number)
        assert question.is_hidden()
        seen.append(it.settled())
        assert it.painted() > 0.005
        if number < FILMS:
            up(it).click()
    assert len(set(seen)) == len(STORY)
    assert up(it).is_disabled() and up(it).inner_text() == "the end"
    assert it.kernel("(view.rung, view.reached, view.value.shape)") == (FILMS, FILMS, (4, 8, 24, 24, 3))
    assert it.root.locator(".fe-rungs button").count() == len(STORY)
    back = it.root.get_by_role("button", name="− axis")
    back.click()
    wait_rung(it, FILM)
    assert it.settled() == seen[FILM], "on the way back the same rung looks the same"


def test_the_keyboard_alone_climbs_answers_and_reads_the_numbers(it):
    ladder(it)
    first = it.root.locator(".fe-rungs button").first
    first.focus()
    tab_to(it, up(it))
    for number in range(1, BATCH):
        it.page.keyboard.press("Enter")
        wait_rung(it, number)
        assert has_focus(it, up(it))
    it.page.keyboard.press("Enter")
    choices = it.root.locator(".fe-choices button")
    choices.first.wait_for()
    wait_focus(it, choices.first)
    tab_to(it, it.root.get_by_role("button", name="a table of 242 patients"))
    it.page.keyboard.press("Space")
    it.wait_text(".fe-verdict", "✗ Not quite.")
    own = it.root.get_by_label("your own example")
    tab_to(it, own)
    it.page.keyboard.type("(32, 128, 128, 3)")
    it.page.keyboard.press("Enter")
    it.wait_text(".fe-verdict", "✓ Yes.")
    assert has_focus(it, own), "an answer leaves the focus where it is"
    tab_to(it, it.root.get_by_role("button", name="Go on"))
    it.page.keyboard.press("Enter")
    wait_rung(it, BATCH)
    wait_focus(it, up(it))
    for number in (FILM, FILMS):
        it.page.keyboard.press("Enter")
        wait_rung(it, number)
    wait_focus(it, it.root.get_by_role("button", name="− axis"))
    tab_to(it, it.stage, "Shift+Tab")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "PageDown", "Shift+PageDown"):
        it.page.keyboard.press(key)
    code, value = it.hand
    assert code == "x[1, 1, 2, 1]"
    assert it.spoken.startswith(f"{code} = {value}. samples 1, time 1, height 2, width 1")
    assert value == str(tuple(it.kernel("view.value[1, 1, 2, 1].tolist()")))


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_a_rung_gone_to_keeps_the_focus(it):
    ladder(it, rung=FILMS)
    rungs = it.root.locator(".fe-rungs button")
    assert rungs.count() == len(STORY)
    for number in (3, 0, BATCH):
        rungs.nth(number).focus()
        it.page.keyboard.press("Enter")
        wait_rung(it, number)
        assert has_focus(it, rungs.nth(number))
        assert rungs.nth(number).get_attribute("aria-current") == "step"
        assert it.root.locator("[aria-current]").count() == 1


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_what_can_be_done_about_the_question(it):
    ladder(it, rung=CUBE)
    up(it).click()
    asked = it.root.locator(".fe-question")
    asked.wait_for()
    it.root.get_by_role("button", name="back", exact=True).click()
    asked.wait_for(state="hidden")
    wait_rung(it, CUBE)
    assert it.kernel("(view.asking, view.rung)") == (False, CUBE)
    up(it).click()
    asked.get_by_role("button", name="Show me").click()
    wait_rung(it, BATCH)
    it.root.get_by_role("button", name="− axis").click()
    wait_rung(it, CUBE)
    up(it).click()
    wait_rung(it, BATCH)
    assert asked.is_hidden(), "once shown, it is not asked again"


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_a_screen_reader_hears_the_rung_its_rank_and_its_shape(it):
    ladder(it)
    for number, (name, shape) in enumerate(STORY):
        it.kernel.run(f"view.rung = {number}")
        wait_rung(it, number)
        words = it.kernel(f"view.story[{number}]['words']")
        assert it.spoken == f"Rank {RANKS[number]}: {name}, shape {shape}. {words}"
        by = " by ".join(map(str, it.kernel("view.value.shape"))) or "()"
        assert it.stage.get_attribute("aria-label").startswith(f"{name}: a tensor of rank {RANKS[number]}, shape {by}.")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_film_plays_in_the_browser_alone(it, motion):
    it.page.emulate_media(reduced_motion=motion)
    try:
        ladder(it, rung=FILM)
        row = it.settled()
        sent = len(it.messages())
        it.root.get_by_label("play along time").check()
        player = it.root.locator(".fe-player")
        slider = player.locator("input[type=range]")
        it.page.wait_for_function("(slider) => slider.value === slider.max", arg=slider.element_handle())
        last = picture(it)
        player.get_by_role("button", name="first frame").click()
        assert len({row, last, picture(it)}) == 3
        assert player.locator("output").inner_text() == "time 0"
        it.root.get_by_label("play along time").uncheck()
        assert picture(it) == row
        assert len(it.messages()) == sent
    finally:
        it.page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_a_click_on_the_slider_of_a_playing_film_goes_there_and_stops(it):
    ladder(it, rung=FILM)
    it.root.get_by_label("play along time").check()
    player = it.root.locator(".fe-player")
    player.get_by_label("speed").select_option("0.1")
    player.get_by_role("button", name="first frame").click()
    player.get_by_role("button", name="play", exact=True).click()
    player.get_by_role("button", name="pause", exact=True).wait_for()
    player.locator("input[type=range]").click()
    player.get_by_role("button", name="play", exact=True).wait_for()
    assert player.locator("output").inner_text() in ("time 3", "time 4")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_with_less_motion_nothing_grows_and_the_pictures_are_the_same(it):
    grown = {}
    ladder(it)
    for number in (1, 2, CUBE, BATCH, FILMS):
        it.kernel.run(f"view.rung = {number}")
        wait_rung(it, number)
        grown[number] = it.settled()
    it.page.emulate_media(reduced_motion="reduce")
    try:
        ladder(it)
        for number, expected in grown.items():
            it.kernel.run(f"view.rung = {number}")
            wait_rung(it, number)
            assert picture(it) == expected, STORY[number]
    finally:
        it.page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
@pytest.mark.parametrize("state", ["the table", "the question", "the batch of films"])
def test_no_width_needs_a_horizontal_scroll_bar(it, state):
    ladder(it, rung={"the table": 3, "the question": CUBE, "the batch of films": FILMS}[state])
    if state == "the question":
        it.kernel.run("view.climb(); view.answer('one colour picture')")
        it.wait_text(".fe-verdict", "✗ Not quite.")
    if state == "the batch of films":
        it.root.get_by_label("play along time").check()
    try:
        for width in (320, 360, 800, 1400):
            wait_width(it.page, width, it.root)
    finally:
        it.page.set_viewport_size({"width": 1400, "height": 1000})
