"""A lesson page in a real browser: what it asks for, how it fits, its theme, and what it says when something fails."""

from contextlib import ExitStack, contextmanager, suppress
from urllib.request import urlopen

import psutil
import pytest
from pages import READY, open_lesson
from servers import write_notebook
from settled import until

from firstepoch.lessons.classroom.arrivals import AT_ONCE
from firstepoch.lessons.paths import lessons

ELSEWHERE = {"sgd", "tensors"}
"""Lessons that tests in tests/browser open with `open_lesson` too, and go on with."""
WIDE = "import pandas as pd\npd.DataFrame([range(40)], columns=[f'column {n}' for n in range(40)])"
CELLS = [
    "md:# A page\n\nGoals.",
    "import ipywidgets",
    "md:## First part\n\n> A question?\n\n<details><summary>Open the answer</summary>\n\n`code`\n\n</details>",
    WIDE,
    "ipywidgets.VBox([ipywidgets.IntSlider(description='a slider'), ipywidgets.Button(description='Press')])",
    "md:## Second part\n\n```python\nmodel.compile(" + "a_long_line, " * 10 + ")\n```",
    "import bqplot.pyplot as plt\nfigure = plt.figure(title='chart')\nplt.plot([1, 2, 3])\nfigure",
]


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """The slow lesson goes on once this file exists."""
    return tmp_path_factory.mktemp("gate") / "open"


@pytest.fixture(scope="module")
def url(tmp_path_factory, serve, gate):
    folder = tmp_path_factory.mktemp("lessons")
    write_notebook(folder, "good", *CELLS)
    wait = f"import pathlib, time\nwhile not pathlib.Path({str(gate)!r}).exists():\n    time.sleep(0.05)"
    write_notebook(folder, "slow", "md:# Slow", wait, "md:## After", "1")
    write_notebook(folder, "bad", "md:# Bad", "print('before')", "1 / 0", "print('after')", "md:## Still readable")
    with serve(str(folder), "--port", "0") as (_, _, address):
        yield address


@contextmanager
def opened(browser):
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    made = context.new_page()
    made.set_default_timeout(60_000)
    made.problems = []
    made.requested = []
    made.on("pageerror", lambda error: made.problems.append(str(error)))
    made.on("console", lambda said: made.problems.append(said.text) if said.type == "error" else None)
    made.on("request", lambda request: made.requested.append(request.url))
    yield made
    context.close()


@pytest.fixture
def page(browser):
    with opened(browser) as made:
        yield made


@pytest.fixture(scope="module")
def good(browser, url):
    """The good lesson, open and ready, for tests that do not mind what others did to it."""
    with opened(browser) as made:
        made.goto(f"{url}voila/render/good.ipynb")
        made.wait_for_selector(READY)
        yield made


@pytest.fixture(scope="module")
def shipped(serve):
    with serve("--port", "0") as (_, _, address):
        yield address


def test_widgets_come_alive_and_nothing_leaves_the_machine(good, url):
    page = good
    page.locator("#fe-status").wait_for(state="hidden")
    page.get_by_text("a slider").wait_for()
    page.get_by_role("button", name="Press").wait_for()
    page.wait_for_selector(".bqplot svg")
    assert page.problems == []
    assert [one for one in page.requested if not one.startswith((url, "data:", "blob:"))] == []


def test_a_page_behind_others_says_so_and_opens_though_they_never_do(page, url, gate):
    assert not gate.exists()
    with ExitStack() as others:
        for _ in range(AT_ONCE + 1):
            others.enter_context(urlopen(f"{url}voila/render/slow.ipynb", timeout=60))
        page.goto(f"{url}voila/render/good.ipynb", wait_until="commit")
        page.get_by_text("Starting Python: 1 page is before this one…").wait_for()
        page.wait_for_selector(READY)


def test_the_text_is_there_while_python_works(page, url, gate):
    page.goto(f"{url}voila/render/slow.ipynb", wait_until="commit")
    page.get_by_role("heading", name="After").wait_for()
    assert page.locator("#fe-status").inner_text().startswith(("Starting Python", "Running cell 1 of 2"))
    gate.touch()
    page.wait_for_selector(READY)


def test_a_cell_that_fails_leaves_the_text_and_says_so(page, url):
    page.goto(f"{url}voila/render/bad.ipynb")
    page.get_by_text("Cell 2 of 3 failed").wait_for()
    page.get_by_text("before", exact=True).wait_for()
    page.get_by_text("This part of the lesson could not run").wait_for()
    page.get_by_role("heading", name="Still readable").wait_for()
    until(page.locator("[data-waiting]").count, 0)


def test_a_page_cut_off_says_so(page, url):
    whole = page.request.get(f"{url}voila/render/good.ipynb").text()
    cut = whole[: whole.index("firstepoch.ran(")]
    page.route("**/voila/render/cut.ipynb", lambda route: route.fulfill(body=cut, content_type="text/html"))
    page.goto(f"{url}voila/render/cut.ipynb")
    page.get_by_text("The page did not arrive completely").wait_for()


def test_widgets_are_drawn_once_in_a_browser_that_is_too_busy_to_find_their_models_in_time(page, url):
    # ipywidgets looks every 100 ms, for 2 s: once, here, and everything is restored when it gives up.
    page.add_init_script("""const soon = window.setTimeout;
      window.setTimeout = (work, ms, ...rest) => soon(work, ms === 100 ? 4000 : ms, ...rest);""")
    page.goto(f"{url}voila/render/good.ipynb")
    page.wait_for_selector(READY)
    assert page.get_by_role("slider").count() == 1
    assert page.locator(".bqplot svg.svg-figure").count() == 1
    assert page.problems == []


def test_missing_scripts_are_told(page, url):
    page.route("**/voila/static/voila.js", lambda route: route.abort())
    page.goto(f"{url}voila/render/good.ipynb")
    page.get_by_text("The widgets could not be loaded").wait_for()


def test_no_horizontal_scroll_bar(good):
    page = good
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    for width in (1400, 1000, 800, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        # Charts follow the width a moment later.
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=5_000)
        table = page.locator(".fe-html").first
        assert table.evaluate("(one) => one.scrollWidth > one.clientWidth")


def test_contents_lead_to_the_parts_beside_a_wide_page_and_over_a_narrow_one(good):
    page = good
    page.set_viewport_size({"width": 1400, "height": 900})
    contents = page.get_by_role("navigation", name="Contents")
    assert contents.locator("ol > li > a").all_inner_texts() == ["bad\nnot begun", "good\nnot begun", "slow\nnot begun"]
    links = contents.locator("ul").get_by_role("link")
    assert links.all_inner_texts() == ["First part", "Second part"]
    links.nth(1).click()
    second = page.get_by_role("heading", name="Second part")
    until(lambda: second.bounding_box()["y"], lambda y: y < 900)
    page.set_viewport_size({"width": 360, "height": 700})
    links.first.wait_for(state="hidden")
    button = page.get_by_role("button", name="Contents")
    button.focus()
    page.keyboard.press("Enter")
    links.first.wait_for()
    page.keyboard.press("Escape")
    links.first.wait_for(state="hidden")
    assert button.evaluate("(it) => it === document.activeElement")
    button.click()
    links.nth(0).click()
    links.first.wait_for(state="hidden")
    until(lambda: page.get_by_role("heading", name="First part").bounding_box()["y"], lambda y: 0 <= y < 350)


def test_progress_is_shown_and_forgotten_on_request_in_this_lesson_alone(good):
    page = good
    page.set_viewport_size({"width": 1400, "height": 900})
    counts = page.locator("#fe-contents .fe-count")
    page.evaluate("""() => {
      const keep = (lesson, ...states) => localStorage.setItem("firstepoch.progress." + lesson, JSON.stringify(
        { items: Object.fromEntries(states.map((state, at) => [`item${at}`, { state, answer: 1, tries: 1 }])) }));
      keep("good", "right", "tried");
      keep("/voila/render/good.ipynb", "done", "open", "shown");
      keep("slow", "right");
      localStorage.setItem("firstepoch.progress.bad", "{no json");
      window.heard = [];
      addEventListener("firstepoch-reset", ({ detail }) => window.heard.push(detail.lesson));
      dispatchEvent(new CustomEvent("firstepoch-progress", { detail: { lesson: "good" } }));
    }""")
    until(counts.all_inner_texts, ["not begun", "3 of 5", "1 of 1"])
    page.get_by_role("button", name="Start this lesson again").click()
    page.get_by_role("button", name="Keep them").click()
    assert counts.nth(1).inner_text() == "3 of 5"
    page.get_by_role("button", name="Start this lesson again").click()
    page.get_by_role("button", name="Forget my answers").click()
    page.get_by_text("Your answers are forgotten").wait_for()
    assert counts.all_inner_texts() == ["not begun", "not begun", "1 of 1"]
    assert page.evaluate("heard") == ["good", "/voila/render/good.ipynb"]
    assert page.evaluate("document.activeElement.id") == "lesson"


def test_presenter_mode_by_key_goes_from_part_to_part_and_is_kept_in_the_tab(good):
    page = good
    page.set_viewport_size({"width": 1400, "height": 900})
    page.emulate_media(reduced_motion="reduce")  # no scrolling that takes time
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    size = "document.querySelector('.fe-text p').getBoundingClientRect().height"
    before = page.evaluate(size)
    page.keyboard.press("p")
    until(lambda: round(page.evaluate(size) / before, 1), 1.5)
    page.get_by_role("navigation", name="Contents").wait_for(state="hidden")
    first, second = (page.get_by_role("heading", name=f"{name} part") for name in ("First", "Second"))
    page.keyboard.press("PageDown")
    until(lambda: round(first.bounding_box()["y"]), 16)
    until(lambda: page.evaluate("document.activeElement.tagName"), "H2")
    tops = []
    while not tops or tops[-1] > 17:
        assert len(tops) < 12, tops
        page.keyboard.press("ArrowDown")
        tops.append(second.bounding_box()["y"])
    assert sorted(tops, reverse=True) == tops and round(tops[-1]) == 16
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    page.get_by_label("The page listens to").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    assert page.evaluate("document.documentElement.hasAttribute('data-fe-presenter')")
    page.evaluate("localStorage.removeItem('firstepoch-no-letters')")
    assert page.evaluate("sessionStorage.getItem('firstepoch-presenter')") == "on"
    page.get_by_role("button", name="Leave presenter mode").click()
    page.get_by_role("navigation", name="Contents").wait_for()
    assert page.evaluate("sessionStorage.getItem('firstepoch-presenter')") is None


def test_a_link_that_nothing_took_is_told_without_its_words_and_a_part_is_scrolled_to(page, url):
    page.goto(f"{url}voila/render/good.ipynb?units=<b>nonsense#fe-slot-7")
    page.wait_for_selector(READY)
    page.locator("#fe-status").get_by_text("nothing on this page takes them").wait_for()
    assert "nonsense" not in page.locator("body").inner_text()
    until(lambda: page.locator("#fe-slot-7").bounding_box()["y"], lambda y: y < 900)


def serving_it(kernel):
    """The process of a kernel: the one with the sockets that are named after it, or with its name in its command."""
    for process in psutil.process_iter(["cmdline"]):
        with suppress(psutil.Error):
            sockets = [one.laddr for one in process.net_connections("unix")]
            if any(kernel in str(one) for one in [*sockets, *(process.info["cmdline"] or ())]):
                return process
    raise AssertionError(f"no process serves {kernel}")


def test_what_ends_the_work_of_the_page_is_told(page, url):
    page.goto(f"{url}voila/render/good.ipynb")
    page.wait_for_selector(READY)
    kernel = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    serving_it(kernel).kill()
    page.get_by_text("Python has stopped").wait_for()
    page.get_by_role("button", name="Load the page again").click()
    page.get_by_text("Python has stopped").wait_for(state="hidden")
    page.wait_for_selector(READY)


def test_the_theme_is_kept_and_follows_the_system(page, url):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{url}voila/render/good.ipynb")
    page.wait_for_selector(READY)
    theme = "document.documentElement.dataset.feTheme"
    background = "getComputedStyle(document.body).backgroundColor"
    assert (page.evaluate(theme), page.evaluate(background)) == ("dark", "rgb(21, 24, 28)")
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"{theme} === 'light'")
    until(lambda: page.evaluate(background), "rgb(255, 255, 255)")
    page.get_by_label("Theme").select_option("dark")
    assert page.evaluate(theme) == "dark"
    page.goto(url)
    assert page.evaluate(theme) == "dark"
    assert page.get_by_label("Theme").input_value() == "dark"


def test_the_skip_link_is_first_and_works(page, url):
    page.goto(f"{url}voila/render/good.ipynb")
    page.wait_for_selector(READY)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the lesson"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "lesson"


def test_leaving_the_page_ends_its_kernel(page, url):
    page.goto(f"{url}voila/render/good.ipynb")
    page.wait_for_selector(READY)
    kernel = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    assert page.request.get(f"{url}api/kernels/{kernel}").ok
    page.goto("about:blank")
    until(lambda: page.request.get(f"{url}api/kernels/{kernel}").ok, False)


@pytest.mark.long
def test_a_room_that_is_full_lets_the_next_one_in_when_a_page_is_left(browser, serve, tmp_path):
    write_notebook(tmp_path, "good", *CELLS[:2])
    with serve(str(tmp_path), "--port", "0", "--seats", "1") as (_, _, url):
        address = f"{url}voila/render/good.ipynb"
        pages = [browser.new_context().new_page() for _ in range(3)]
        first, second, third = pages
        first.goto(address, wait_until="commit")
        first.wait_for_selector(READY, timeout=60_000)
        for page, place in ((second, "You are next."), (third, "2 people have to leave before your turn.")):
            assert page.goto(address).status == 503
            page.get_by_role("heading", name="The room is full").wait_for()
            assert page.get_by_role("status").inner_text() == place
        third.reload()
        assert third.get_by_role("status").inner_text() == "2 people have to leave before your turn."
        first.goto("about:blank")
        second.wait_for_selector(READY, timeout=60_000)
        third.get_by_text("You are next.").wait_for()
        for page in pages:
            page.context.close()


def test_the_index_and_an_unknown_address(page, url):
    page.goto(url)
    page.get_by_role("main").get_by_role("link", name="Good").wait_for()
    page.goto(f"{url}voila/render/none.ipynb")
    page.get_by_role("heading", name="There is no such page").wait_for()
    page.get_by_role("link", name="To the lessons").click()
    page.get_by_role("heading", name="Lessons").wait_for()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.long) if name in ("overfitting", "tensorflow_keras") else name
        for name in sorted(lessons().keys() - ELSEWHERE)
    ],
)
def test_every_shipped_lesson_is_whole(page, shipped, name):
    open_lesson(page, shipped, name)
