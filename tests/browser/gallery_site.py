"""The gallery's scenes of the site: the start page, the contents, the dialogs, a lesson in a hall and on paper."""

import json
from pathlib import Path

GALLERY = Path(__file__).parents[2] / "gallery"
HALL = {"width": 1920, "height": 1080}
SHEET = 718
"""Pixels between the margins of an A4 sheet."""
PROGRESS = {
    "gradient_descent": "right right done shown",
    "loss": "right tried open open",
    "sgd": "right done open open open",
}


def keep(page):
    """Answers as a learner in the middle of the course has given them."""
    for lesson, states in PROGRESS.items():
        items = {f"item{at}": {"state": state, "answer": 1, "tries": 1} for at, state in enumerate(states.split())}
        kept = json.dumps({"items": items})
        page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [f"firstepoch.progress.{lesson}", kept])
    page.evaluate("dispatchEvent(new CustomEvent('firstepoch-progress'))")


def picture(camera, name, **options):
    """What is in view, with nothing done to it."""
    path = GALLERY / f"{name}.png"
    camera.page.screenshot(path=path, **options)
    camera.taken.append(path)
    if not path.stem.startswith("print"):  # nothing is pressed on paper
        camera.examine(path.stem)


def in_themes(camera, take):
    """Do it in the light and in the dark."""
    for theme in ("light", "dark"):
        camera.resize(1400)
        camera.page.locator("#fe-theme").select_option(theme)
        take(theme)


def start_page(camera, _):
    """The start page, and the two dialogs of a page."""
    page = camera.page
    page.goto(page.url.partition("voila/")[0])
    keep(page)
    camera.take("start_top")

    def states(theme):
        picture(camera, f"start_whole_{theme}_1400", full_page=True)
        page.get_by_role("button", name="Keys").click()
        picture(camera, f"site_keys_{theme}_1400")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Start the course again").click()
        picture(camera, f"site_forget_{theme}_1400")
        page.keyboard.press("Escape")
        camera.resize(360, 780)
        page.get_by_role("button", name="Contents").click()
        picture(camera, f"site_contents_{theme}_360")
        page.keyboard.press("Escape")

    in_themes(camera, states)
    camera.resize(1400)
    before = len(page.problems)
    page.goto(page.url.replace("index", "none"))
    del page.problems[before:]  # the browser notes the answer 404
    picture(camera, "site_no-such-page_light_1400")


def lesson_site(camera, _):
    """A lesson in a hall and on paper."""
    page = camera.page
    keep(page)

    def hall(theme):
        page.emulate_media(reduced_motion="reduce")  # no scrolling that takes time
        page.get_by_role("button", name="Present", exact=True).click()
        for size in (HALL, {"width": 1400, "height": 900}):
            page.evaluate("document.activeElement.blur(); scrollTo({ top: 0, behavior: 'instant' })")
            camera.resize(**size)
            picture(camera, f"presenter_whole_{theme}_{size['width']}", full_page=True)
            for part in range(4):
                picture(camera, f"presenter_part{part}_{theme}_{size['width']}")
                page.keyboard.press("PageDown")
                camera.resize(**size)
        page.get_by_role("button", name="Leave presenter mode").click()
        page.emulate_media(reduced_motion="no-preference")

    in_themes(camera, hall)

    def paper(theme):
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.set_viewport_size({"width": SHEET, "height": 1000})
        page.emulate_media(media="print")
        picture(camera, f"print_whole_{theme}_{SHEET}", full_page=True)
        page.emulate_media(media="screen")

    in_themes(camera, paper)
