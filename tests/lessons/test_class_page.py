"""The lecturer's page and the page of the password in a real browser."""

import re

import axe
import pytest
from pages import READY, watch
from servers import write_notebook
from settled import until

PASSWORD = "blue gecko"
TRAINING = """
from firstepoch import heart, widgets
widgets.LiveTraining(heart.build_model, heart.load(), epochs=100_000, title="Train")"""


@pytest.fixture(scope="module")
def room(serve, tmp_path_factory):
    """The process of a server, the link for students, and the lecturer's own."""
    folder = tmp_path_factory.mktemp("class")
    write_notebook(folder, "one", TRAINING)
    options = ("--class", "--host", "127.0.0.1", "--port", "0", "--seats", "2")
    with serve(str(folder), *options, FIRSTEPOCH_PASSWORD=PASSWORD) as (process, _, url):
        own = next(found[0] for line in process.stdout if (found := re.search(r"http://\S+class#\S+", line)))
        yield process, url, own


@pytest.fixture
def visit(browser):
    """Opens pages of browsers that know nothing of each other."""
    contexts = []

    def opened():
        contexts.append(browser.new_context(viewport={"width": 1400, "height": 900}))
        return watch(contexts[-1].new_page())

    yield opened
    for one in contexts:
        one.close()


def fits(page):
    """Whether nothing is too wide on a phone, and axe-core finds nothing."""
    for width in (320, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        until(lambda: page.evaluate("document.documentElement.scrollWidth"), lambda wide, width=width: wide <= width)
        assert axe.check(page, best=True) == []
    return True


def test_a_student_comes_in_and_the_lecturer_sees_and_pauses_the_training(room, visit):
    process, url, own = room
    student, lecturer = visit(), visit()
    student.goto(f"{url}voila/render/one.ipynb")
    student.get_by_label("Password").fill("green gecko")
    student.keyboard.press("Enter")
    student.get_by_role("alert").get_by_text("That is not the password").wait_for()
    assert student.evaluate("document.activeElement.name") == "word"
    assert fits(student)
    student.keyboard.type(PASSWORD)
    student.keyboard.press("Enter")
    student.wait_for_selector(READY)
    assert student.url == f"{url}voila/render/one.ipynb"

    lecturer.goto(f"{url}class")
    lecturer.get_by_text("This page is for whoever teaches").wait_for()
    lecturer.goto(own)
    lecturer.get_by_role("heading", name="Right now").wait_for()
    assert lecturer.url == f"{url}class", "the key is in the address no more"
    assert not [one for one in lecturer.requested if own.partition("#")[2] in one]
    until(lecturer.locator("#students").text_content, "1")
    assert lecturer.locator("#trainings").text_content() == "0" and fits(lecturer)
    student.get_by_role("button", name="Train", exact=True).click()
    until(lecturer.locator("#trainings").text_content, "1")
    button = lecturer.locator("#hold")
    button.focus()
    lecturer.keyboard.press("Enter")
    until(button.text_content, "Let them go on")
    assert lecturer.get_by_role("status").text_content() == "All trainings are paused."
    student.get_by_text("The lecturer has paused all trainings.").first.wait_for()
    until(lecturer.locator("#trainings").text_content, "0")
    button.click()
    until(button.text_content, "Pause all trainings")
    until(lecturer.locator("#trainings").text_content, "1")

    process.terminate()
    lecturer.get_by_role("alert").get_by_text("The server does not answer").wait_for()
    assert button.is_disabled() and fits(lecturer)
