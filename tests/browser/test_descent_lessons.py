"""The lessons on gradient descent and SGD as served: predictions and tasks, by mouse and by keyboard."""

from urllib.parse import urlparse

import pytest
from pages import open_lesson, wait_width
from settled import until


def card(page, title, kind="section"):
    """The card with this heading."""
    return page.locator(f"{kind}.fe").filter(has=page.get_by_role("heading", name=title, exact=True))


def put(field, value):
    field.fill(str(value))
    field.press("Enter")


def test_a_prediction_in_both_hosts_by_keyboard(it):
    code = "step := widgets.GradientStep('bowl', learning_rate=1.0)"
    it.kernel.run("from firstepoch.lessons import descent_tasks")
    it.show(f"descent_tasks.rate_of_one({code})", ".fe-question")
    page, question, said = it.page, it.root, it.root.get_by_role("status")
    assert page.locator(".fe-descent").count() == 0
    question.get_by_role("button", name="This is my guess").press("Enter")
    said.filter(has_text="Choose one of the answers first.").wait_for()
    question.get_by_role("radio", name="At the minimum").focus()
    for key in ("Space", "ArrowDown", "Tab"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.textContent") == "This is my guess"
    page.keyboard.press("Space")
    said.filter(has_text="✓ You were right.").wait_for()
    assert it.kernel("(view.guess, view.right)") == ("Nowhere: to and fro, for ever", True)
    page.locator(".fe-descent").wait_for()
    until(question.get_by_role("radio").first.is_disabled, True)
    until(lambda: page.evaluate("document.activeElement.textContent"), "Ask me again")
    page.keyboard.press("Space")
    page.locator(".fe-descent").wait_for(state="detached")
    it.kernel.wait("view.guess", None)


@pytest.mark.long
def test_gradient_descent_on_the_page(page, lessons):
    open_lesson(page, lessons.url, "gradient_descent")
    asked = page.locator(".fe-question")
    asked.nth(3).wait_for()
    until(lambda: (asked.count(), page.locator(".fe-descent").count()), (4, 3))

    asked.nth(0).get_by_label("Your guess").fill("3")
    asked.nth(0).get_by_role("button").click()
    asked.nth(0).get_by_text("That is uphill").wait_for()
    run = card(page, "One step after the other")
    run.get_by_role("button", name="Play").wait_for()

    task = card(page, "Too far")
    rate = card(page, "Small, good, too large").get_by_role("spinbutton", name="learning rate α")
    put(rate, 0.9)
    task.get_by_text("it jumps over the minimum, yet g falls").wait_for()
    put(rate, 1.2)
    task.get_by_text("✓ done", exact=True).wait_for()

    asked.nth(2).get_by_role("radio", name="In the right valley").check()
    asked.nth(2).get_by_role("button").click()
    task = card(page, "Over the hill")
    rate = card(page, "Two valleys").get_by_role("spinbutton", name="learning rate α")
    put(rate, 0.2)
    task.get_by_text("it stays on the right of the hill").wait_for()
    put(rate, 0.3)
    task.get_by_text("✓ done", exact=True).wait_for()
    whole(page)


@pytest.mark.long
def test_sgd_on_the_page(page, lessons):
    open_lesson(page, lessons.url, "sgd")
    asked = page.locator(".fe-question")
    asked.nth(2).wait_for()
    shown = (asked, page.locator(".fe-epoch"), page.locator(".fe-cost"))
    until(lambda: tuple(one.count() for one in shown), (3, 2, 1))
    asked.nth(0).get_by_label("Your guess").fill("7")
    asked.nth(0).get_by_role("button").click()
    asked.nth(0).get_by_text("The last rows are not dropped").wait_for()
    card(page, "One epoch, two ways").get_by_text("update 1 / 8").wait_for()

    task, race = card(page, "Few rows"), card(page, "With as few rows as you can")
    put(race.get_by_role("spinbutton", name="learning rate α"), 2)
    task.get_by_text("reach 0.45 after 192 rows. Can it be done with 64?").wait_for()
    put(race.get_by_role("spinbutton", name="batch size"), 16)
    put(race.get_by_role("spinbutton", name="learning rate α"), 5)
    task.get_by_text("✓ done", exact=True).wait_for()
    whole(page)


def whole(page):
    for width in (1400, 360):
        wait_width(page, width)
    assert page.refused == []
    assert {urlparse(url).hostname for url in page.requested if url.startswith(("http", "ws"))} == {"127.0.0.1"}
    assert page.problems == []
