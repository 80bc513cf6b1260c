"""The picture on each widget's page: what the page's own code shows, in a real Chromium.

Run `make pictures`, or `python tests/browser/pictures.py tensor` for the folders whose name has that in it.
"""

import io
import os
import re
import sys
import tempfile
from pathlib import Path

import servers
from chromium import FLAGS, find
from gallery import STILL
from pages import open_voila, watch
from PIL import Image
from settled import until
from tensor_page import HOLDER, SETTLED, TensorPage
from widget_pages import WIDGETS, page

WIDTH, HIGHEST = 900, 1200
COLOURS = (64, 24)
"""Fewer where a picture with more would be too large."""
LARGEST = 90_000
VIEW = {"width": 940, "height": 3000}
SHOWN = {
    "Distribution": "run.run(); run.wait()",
    "Devices": "devices.measure(); devices.wait()",
    "GradientCost": "cost.guess = 1000.0; cost.measure(); cost.wait()",
    "KerasStack": "stack.wait()",
    "LiveTraining": "live.train(); live.wait()",
    "ModelStyles": "styles.wait()",
    "Overfitting": "fits.seeds = 2; fits.train(); fits.wait()",
    "Question": "question.submit(7)",
    "Task": "view.selection = '1'",
}
"""What the card was used for before its picture is taken; most show something at once."""
FRAME = {
    "Autodiff": "End",
    "Distribution": "End",
    "DropoutView": "End",
    "EarlyStoppingExplorer": "End",
    "EpochRace": "End",
    "GradientStep": "ArrowRight",
    "OptimizerRace": "End",
}
"""The key by which the player comes to the frame that says most."""


def take(it, name):
    """A picture of one widget, as the bytes of a PNG file with few colours."""
    widget = WIDGETS[name]
    code = re.search(r"```python\n(.*?)```", page(widget).read_text(encoding="utf-8"), re.DOTALL)[1]
    it.kernel.run(f"made = {{}}\nexec({code!r}, made)\nexec({SHOWN.get(name, '')!r}, made)", timeout=900)
    it.show(f"made[{code.split()[-1]!r}]", ".fe")
    root = it.root
    if name in FRAME:
        root.locator(".fe-player input[type=range]").focus()
        it.page.keyboard.press(FRAME[name])
    it.page.evaluate("document.activeElement.blur()")
    for canvas in root.locator("canvas:visible").all():
        canvas.evaluate(SETTLED)
    it.page.evaluate(STILL)
    image = Image.open(io.BytesIO(root.screenshot(style="header.fe-header { position: static !important; }")))
    image = image.convert("RGB").crop((0, 0, WIDTH, min(image.height, HIGHEST)))
    return next((data for data in (_few(image, number) for number in COLOURS) if len(data) < LARGEST), _few(image, 8))


def _few(image, colours):
    made = io.BytesIO()
    image.quantize(colours, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def fit(shown, root):
    """Make the page so wide that a card on it is `WIDTH` wide."""
    wide = root.bounding_box()["width"]
    shown.set_viewport_size(VIEW | {"width": round(VIEW["width"] + WIDTH - wide)})
    until(lambda: round(root.bounding_box()["width"]), WIDTH)


def main(wanted):
    from playwright.sync_api import sync_playwright

    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    failed = []
    names = [name for name, it in WIDGETS.items() if not wanted or any(part in page(it).parent.name for part in wanted)]
    with tempfile.TemporaryDirectory(prefix="firstepoch-pictures-") as folder, sync_playwright() as playwright:
        notebooks = Path(folder) / "notebooks"
        notebooks.mkdir()
        servers.write_notebook(notebooks, "tensor", HOLDER)
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        context = browser.new_context(viewport=VIEW, color_scheme="light", reduced_motion="reduce")
        shown = watch(context.new_page())
        with servers.voila(notebooks, Path(folder)) as server:
            kernel = server.kernel(open_voila(shown, server, "tensor"))
            it = TensorPage(shown, kernel, "voila")
            fit(shown, it.root)
            for name in names:
                try:
                    data = take(it, name)
                except RuntimeError as error:
                    print(f"problem: {name}: {error}", file=sys.stderr)
                    failed.append(name)
                    continue
                path = page(WIDGETS[name]).with_name("picture.png")
                path.write_bytes(data)
                print(f"{path.relative_to(Path.cwd())}  {len(data) / 1000:.0f} kB", flush=True)
            kernel.close()
        browser.close()
    for problem in shown.problems:
        print(f"problem: {problem}", file=sys.stderr)
    return 1 if shown.problems or failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
