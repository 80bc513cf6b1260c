"""The gallery's scene of a class: the page that asks for the password, and the lecturer's, in a hall too."""

import re
import tempfile
from pathlib import Path

import servers
from gallery_site import HALL, picture
from settled import until

PASSWORD = "blue gecko"
WIDTHS = (320, 800, 1400)


def class_room(camera, _):
    """Both pages of a server of its own, in all their states."""
    page = camera.page

    def take(name, widths=WIDTHS):
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            for width in widths:
                camera.resize(width, 900)
                picture(camera, f"{name}_{theme}_{width}", full_page=width < 1400)

    options = ("--class", "--seats", "40", "--password", PASSWORD)
    with tempfile.TemporaryDirectory(prefix="firstepoch-") as home, servers.voila(None, Path(home), *options) as server:
        link = until(lambda: re.search(r"http://\S+class#\S+\n", (Path(home) / "server.log").read_text()), bool)[0]
        page.goto(f"{server.url}voila/render/sgd.ipynb")
        take("class_enter")
        before = len(page.problems)
        page.get_by_label("Password").fill("green gecko")
        page.keyboard.press("Enter")
        page.get_by_text("That is not the password").wait_for()
        del page.problems[before:]  # the browser notes the answer 403
        take("class_enter-wrong", (320,))
        page.goto(f"{server.url}class")
        page.get_by_text("This page is for whoever teaches").wait_for()
        take("class_no-key", (320,))
        page.goto(link.strip())
        student = page.context.browser.new_context().new_page()
        student.goto(f"{server.url}voila/render/sgd.ipynb")
        student.get_by_label("Password").fill(PASSWORD)
        student.keyboard.press("Enter")
        until(page.locator("#students").text_content, "1")
        take("class_now")
        page.get_by_role("button", name="Pause all trainings").click()
        page.get_by_role("button", name="Let them go on").wait_for()
        take("class_paused")
        page.get_by_role("button", name="Present").click()
        camera.resize(**HALL)
        picture(camera, "class_hall_dark_1920")
        page.get_by_role("button", name="Present").click()
        student.context.close()
    before = len(page.problems)
    page.get_by_text("The server does not answer").wait_for()
    take("class_lost")
    del page.problems[before:]  # the browser notes each request that was not answered
