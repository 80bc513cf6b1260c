"""Questions on a page: answered by keyboard, remembered by the browser alone, forgotten when they are asked again."""

import json

import servers
from pages import open_voila
from settled import until

CARDS = """\
import ipywidgets
from firstepoch import widgets
ask = widgets.Question(
    "In how many updates does an epoch of 242 rows in batches of 32 end?", answer=8,
    feedback={7: "And the rows that are left?"}, explanation="Seven full ones, and a short one.", name="page/updates")
guess = widgets.Question(
    "Is 7 < 8?", ["yes", "no"], judge=lambda it: (it == "yes", "Count."), once=True, name="page/guess")
task = widgets.Task(lambda it: it.tries > 0 or "Guess.", guess, prompt="Guess once.", name="page/task")
ipywidgets.VBox([ask, guess, task])"""


def kept(page):
    items = json.loads(page.evaluate("localStorage.getItem('firstepoch.progress.page')"))["items"]
    return {name: tuple(item.values()) for name, item in items.items()}


def test_answers_are_there_again_after_a_reload_until_they_are_asked_anew(page, voila, folder):
    servers.write_notebook(folder, "questions", CARDS)
    kernel = voila.kernel(open_voila(page, voila, "questions"))
    field = page.get_by_role("textbox", name="In how many updates")
    choice = page.get_by_role("group", name="Is 7 < 8?")
    said = page.locator(".fe-question [role=status]")
    choice.get_by_role("radio", name="no", exact=True).wait_for()
    until(lambda: kept(page), dict.fromkeys(("updates", "guess", "task"), ("open", None, 0)))
    field.fill("7")
    field.press("Enter")
    said.nth(0).filter(has_text="○ Not yet. And the rows that are left?").wait_for()
    field.fill("8")
    field.press("Enter")
    said.nth(0).filter(has_text="✓ Right. Seven full ones, and a short one.").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Start again"

    choice.get_by_role("radio", name="yes").focus()
    for key in ("ArrowDown", "Tab", "Enter"):
        page.keyboard.press(key)
    said.nth(1).filter(has_text="○ Not this time. Count.").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Ask me again"
    page.locator(".fe-task .fe-state").get_by_text("✓ done").wait_for()
    done = {"updates": ("right", 8, 2), "guess": ("shown", "no", 1), "task": ("done", None, 0)}
    until(lambda: kept(page), done)
    kernel.close()

    kernel = voila.kernel(open_voila(page, voila, "questions"))
    said.nth(0).filter(has_text="✓ Right. Seven full ones").wait_for()
    said.nth(1).filter(has_text="○ Not this time. Count.").wait_for()
    page.locator(".fe-task [role=status]").get_by_text("✓ ").wait_for()
    assert (field.input_value(), choice.get_by_role("radio", name="no your answer").is_checked()) == ("8", True)
    table = "widgets.progress()[['state', 'answer', 'tries']].values.tolist()"
    assert kernel(table) == [["right", 8.0, 2], ["shown", "no", 1], ["done", None, 0]]
    assert kept(page) == done

    page.get_by_role("button", name="Start again").first.click()
    until(lambda: kept(page)["updates"], ("open", None, 0))
    page.evaluate("dispatchEvent(new CustomEvent('firstepoch-reset', { detail: { lesson: 'page' } }))")
    until(lambda: kept(page)["guess"], ("open", None, 0))
    until(lambda: kernel(table)[:2], [["open", None, 0], ["open", None, 0]])
    until(lambda: (field.input_value(), said.nth(1).text_content()), ("", ""))
    kernel.close()
    assert page.problems == []
