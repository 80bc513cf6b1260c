"""The lesson on the loss as served: a point dragged, a bar clicked, a training played without the kernel."""

import pytest
from pages import messages, open_lesson, wait_width
from settled import until
from test_descent_lessons import card, put


def answer(page, question, option):
    """Give one answer to a question that can be answered once."""
    asked = page.locator(".fe-question").filter(has_text=question)
    asked.get_by_role("radio", name=option).check()
    asked.get_by_role("button").first.click()
    asked.get_by_role("status").filter(has_text="✓").wait_for()


def middle(handle):
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.long
def test_the_lesson_by_mouse(page, lessons):
    open_lesson(page, lessons.url, "loss")
    page.set_viewport_size({"width": 1400, "height": 1000})
    asked = page.locator(".fe-question").filter(has_text="the model says 0.83")
    asked.get_by_label("Your guess").fill("0.186")
    asked.get_by_role("button").first.click()
    one = card(page, "A single row")
    one.get_by_text("= 0.186").wait_for()
    # Far to the left, and the formula follows.
    x, y = middle(one.locator(".fe-grip").first)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 200, y, steps=8)
    page.mouse.up()
    until(
        lambda: float(one.locator(".fe-rule b").first.inner_text()),
        lambda term: term > 0.5,
    )
    term = one.locator(".fe-rule b").first.inner_text()
    one.locator(".fe-state").filter(has_text=f"mean {term}").wait_for()

    answer(page, "Ten patients", "Almost nine tenths")
    ten, task = card(page, "Ten rows"), card(page, "One output")
    plot = ten.locator(".fe-plot").nth(1)
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    # The fifth bar of ten.
    page.mouse.click(box["x"] + 34 + (box["width"] - 50) * 0.45, box["y"] + box["height"] / 2)
    ten.locator(".fe-sentence").filter(has_text="Row 4: y = 1, model(x) = 0.001, sure and wrong").wait_for()
    put(ten.get_by_label("model(x) of this row"), 0.5)
    task.get_by_text("✓ done", exact=True).wait_for()

    answer(page, "What becomes of the largest", "It rises")
    play = card(page, "193 terms, epoch by epoch")
    play.locator(".fe-position").filter(has_text="epoch 0 / 100").wait_for()
    play.get_by_label("speed").select_option("16")
    sent = len(messages(page))
    play.locator(".fe-play").click()
    play.locator(".fe-position").filter(has_text="epoch 100 / 100").wait_for()
    play.locator(".fe-sentence").filter(has_text="Mean 0.226").wait_for()
    # At rest, and only then, Python hears of the epoch.
    until(lambda: len(messages(page)) - sent, lambda more: 0 < more <= 3)
    for width in (1400, 360):
        wait_width(page, width)
    assert page.problems == [] and page.refused == []
