"""The shipped lesson on tensors as `firstepoch serve` gives it, its tasks solved on the page."""

from urllib.parse import urlparse

from pages import open_lesson
from settled import until

DRAWN = (
    """() => [...document.querySelectorAll(".fe-tensor-stage canvas")].every(({ width, height }) => width * height)"""
)


def view_of(page, title):
    """The card with this heading."""
    return page.locator(".fe-tensor").filter(has=page.get_by_role("heading", name=title, exact=True))


def task_of(page, title):
    card = page.locator(".fe-task").filter(has=page.get_by_role("heading", name=title, exact=True))
    assert card.locator(".fe-state").inner_text() == "○ not done yet"
    return card


def drag_over_patients(page, view):
    """Drag along the blood pressures, from patient 32 to patient 63; pointing says which cell is where."""
    stage = view.locator(".fe-tensor-stage")
    stage.scroll_into_view_if_needed()
    box = stage.locator("canvas").bounding_box()
    code = view.locator(".fe-hand code")

    def pointed(x, y):
        page.mouse.move(x, y)
        return code.inner_text()

    x, middle = box["x"], box["y"] + 0.5 * box["height"]
    while not pointed(x, middle).endswith(", 1]"):
        x += 4
        assert x < box["x"] + box["width"], "no column of blood pressures under the mouse"
    y, first = box["y"], None
    while (at := pointed(x, y)) != "x[63, 1]":
        first = first or (y if at == "x[32, 1]" else None)
        y += 1
        assert y < middle, "no row of patient 63 under the mouse"
    page.mouse.move(x, first)
    page.mouse.down()
    page.mouse.move(x, y, steps=6)
    page.mouse.up()


def test_the_three_tasks_are_solved_on_the_page_and_no_request_leaves_the_machine(page, lessons):
    open_lesson(page, lessons.url, "tensors")
    page.locator(".fe-task").nth(2).wait_for()
    page.wait_for_function(DRAWN)
    until(lambda: (page.locator(".fe-tensor").count(), page.locator(".fe-ladder").count()), (6, 1))

    mouse = task_of(page, "Blood pressures")
    view = view_of(page, "Training patients")
    drag_over_patients(page, view)
    mouse.get_by_text("✓ done", exact=True).wait_for()
    until(view.locator(".fe-index-code input").input_value, "32:64, 1")

    keys = task_of(page, "One channel")
    view = view_of(page, "Six pictures")
    view.get_by_label("samples: take").focus()
    page.keyboard.type("one")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    keys.get_by_text("That is the second picture with all its channels: rank 3.").wait_for()
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "channels: take"
    page.keyboard.type("one")
    keys.get_by_text("✓ done", exact=True).wait_for()
    until(view.locator(".fe-index-code input").input_value, "1, :, :, 0")

    form = task_of(page, "Rows for a Dense layer")
    view = view_of(page, "Six pictures again")
    view.get_by_text("Operations", exact=True).click()
    view.get_by_label("operation", exact=True).select_option("reshape")
    view.get_by_label("arguments").fill("shape=[1728, 6]")
    view.get_by_role("button", name="Show it").click()
    form.get_by_text("The axes have changed places: samples come first").wait_for()
    view.get_by_label("arguments").fill("shape=[6, -1]")
    view.get_by_role("button", name="Show it").click()
    form.get_by_text("✓ done", exact=True).wait_for()

    assert page.refused == []
    assert {urlparse(url).hostname for url in page.requested if url.startswith(("http", "ws"))} == {"127.0.0.1"}
    assert page.problems == []
