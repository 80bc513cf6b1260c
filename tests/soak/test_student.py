"""A student takes the whole course in a real browser, once by mouse and once by keyboard alone.

Every question is answered wrong, then right; the heart model is trained and scrubbed; and when a page is loaded again,
what was answered is there.
"""

import pytest
import servers
from card import Card
from pages import READY, watch
from settled import until

from firstepoch.lessons.paths import lessons

ASKED = """
from firstepoch.widgets import progress
from firstepoch.widgets.progress import _alive
from firstepoch.widgets.question.widget import Question
def asked():
    found = {}
    for card in _alive.values():
        if isinstance(card, Question):
            judge = lambda answer: card._rule.judge(card._rule.take(answer))[0]
            solution = card._rule.solution
            guesses = [*range(1001), *(2**n for n in range(10, 21)), *(k / 1000 for k in range(5000))]
            numbers = guesses if solution is None else [solution]
            right = next(one for one in card.options or numbers if judge(one))
            wrong = [one for one in card.options if not judge(one)]
            wrong = wrong or ["1234.5" if card.kind == "number" else "no idea"]
            found[card.name] = [str(one).replace("`", "") for one in (card.prompt, card.kind, wrong[0], right)]
    return found
"""
"""What each question of the page asks, a wrong answer and a right one."""
FOCUSED = "document.activeElement"


class Mouse:
    """Points and clicks."""

    def __init__(self, page):
        self.page = page

    def choose(self, question, option):
        question.get_by_role("radio", name=option, exact=True).click()

    def write(self, question, words):
        question.locator("input").click()
        question.locator("input").fill(words)

    def press(self, button):
        button.click()

    def scrub(self, slider):
        box = slider.bounding_box()
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


class Keyboard:
    """Tab, arrows, space, Enter and letters."""

    def __init__(self, page):
        self.page = page

    def reach(self, element, most=3000):
        """Press Tab until this element has the focus; after the last one of the page comes the first."""
        handle = element.element_handle()
        for _ in range(most):
            if self.page.evaluate(f"(one) => one === {FOCUSED}", handle):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {element}")

    def choose(self, question, option):
        wanted = question.get_by_role("radio", name=option, exact=True)
        radios = question.get_by_role("radio")
        checked = question.locator("input:checked")
        self.reach(checked if checked.count() else radios.first)
        self.page.keyboard.press("Space")
        for _ in range(radios.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {option}")

    def write(self, question, words):
        self.reach(question.locator("input"))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def press(self, button):
        self.reach(button)
        self.page.keyboard.press("Enter")

    def scrub(self, slider):
        self.reach(slider)
        self.page.keyboard.press("Home")
        for _ in range(20):
            self.page.keyboard.press("ArrowRight")


def answer(hand, question, kind, given):
    (hand.choose if kind == "choice" else hand.write)(question, given)
    hand.press(question.locator("form button.fe-primary"))


def states(page):
    return page.locator(".fe.fe-question .fe-state").all_inner_texts()


def take(hand, page, server, name):
    """Answer all questions of a lesson, those too that appear once another is answered; returns how many there are."""
    page.goto(f"{server.url}voila/render/{name}.ipynb", wait_until="commit")
    page.wait_for_selector(READY, timeout=150_000)
    identity = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    kernel = server.kernel(identity)
    kernel.run(ASKED)
    asked = list(kernel("list(asked().values())"))
    cards = page.locator(".fe.fe-question")
    number = 0
    while number < cards.count():
        question = cards.nth(number)
        prompt = until(question.locator(".fe-prompt").first.inner_text, bool)
        _, kind, wrong, right = next(one for one in asked if one[0].split()[-6:] == prompt.split()[-6:])
        state, said = question.locator(".fe-state"), question.locator(".fe-said")
        answer(hand, question, kind, wrong)
        until(state.inner_text, lambda words: words in ("○ not right yet", "○ answered"))
        assert said.inner_text().startswith("○") and len(said.inner_text()) > 20
        again = question.get_by_role("button", name="Ask me again")
        if again.count():
            hand.press(again)
            until(state.inner_text, "○ not answered yet")
        answer(hand, question, kind, right)
        until(state.inner_text, "✓ right")
        number += 1
    assert number == len(asked)
    if name == "heart":
        train(hand, Card(page, kernel))
    kernel.close()
    return number


def train(hand, card):
    hand.press(card.button("Train"))
    card.wait("done")
    card.wait_curves(300)
    last = card.sentence
    hand.scrub(card.slider)
    until(lambda: card.sentence, lambda sentence: sentence and sentence != last)
    assert 0 < int(card.slider.input_value()) < 299


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with servers.voila(None, tmp_path_factory.mktemp("lessons")) as started:
        yield started


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("hand", [Mouse, Keyboard])
def test_the_whole_course(browser, server, hand):
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = watch(context.new_page())
    counts = {}
    for name in lessons():
        if name != "index":
            counts[name] = take(hand(page), page, server, name)
            assert counts[name] >= 3, name
    for name, count in counts.items():
        page.goto(f"{server.url}voila/render/{name}.ipynb", wait_until="commit")
        page.wait_for_selector(READY, timeout=150_000)
        until(lambda: states(page), ["✓ right"] * count)
    page.goto(server.url)
    told = page.locator("main li .fe-count").all_inner_texts
    until(lambda: [int(words.split(" of ")[0]) for words in told() if " of " in words], list(counts.values()))
    assert page.problems == []
    context.close()
