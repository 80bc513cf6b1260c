"""Pictures of Overfitting in all its states, for gallery.py."""

FITS = ".fe-overfitting"
SETUP = """
import threading
from firstepoch import heart
from firstepoch.widgets.overfitting import fits as fits_module
data = heart.load()
halt, seen, go_on = None, threading.Event(), threading.Event()
see = fits_module.DivergenceWatch.see
def halting(watch, at, *values):
    settings = watch._settings
    if (at, settings.units, settings.seed) == halt:
        seen.set()
        go_on.wait(120)
    see(watch, at, *values)
fits_module.DivergenceWatch.see = halting
def exploding(units=(16,), dropout=0.0):
    rate = 1e4 if units[0] == 16 else 0.1
    return heart.build_model(units=units, dropout=dropout, optimizer="sgd", learning_rate=rate)
"""


def overfitting(camera, kernel):
    """Before, while and after training; dropout and early stopping over it; stopped, diverged, refused."""
    page = camera.page
    kernel.run(SETUP)

    def show(code="heart.build_model, data", more=""):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show(widgets.Overfitting({code}{more}))")
        page.wait_for_selector(f"{FITS}:not([data-old]) .fe-plot-axes text")
        page.wait_for_function("!document.querySelector('[data-old]')")

    def take(state):
        camera.take(f"overfitting_{state}", FITS)

    def press(name):
        page.locator(FITS).get_by_role("button", name=name, exact=True).click()

    def wait_status(*statuses):
        page.wait_for_function(
            "([root, wanted]) => wanted.includes(document.querySelector(root).dataset.status)",
            arg=[FITS, statuses],
            timeout=600_000,
        )

    show(more=", seeds=3, ask=True")
    take("empty-asks")
    page.locator(FITS).get_by_role("radio", name="128 units").check()
    kernel.run("halt = (180, (16,), 2)")
    press("Train")
    page.locator(f"{FITS} .fe-job-progress span").filter(has_text="fit 8 of 9").wait_for(timeout=600_000)
    kernel.run("seen.wait(100)")
    take("mid-run")
    kernel.run("go_on.set()")
    wait_status("done")
    take("done")
    page.locator(FITS).get_by_label("logarithmic loss").check()
    page.locator(f"{FITS} .fe-play").focus()
    for key in ("Home", *["Shift+ArrowRight"] * 6):
        page.keyboard.press(key)
    take("logarithmic-epoch-61")
    page.locator(FITS).get_by_label("logarithmic loss").uncheck()
    page.keyboard.press("End")
    page.locator(FITS).get_by_label("add early stopping").check()
    page.locator(f"{FITS} .fe-over-restored").first.wait_for(state="attached")
    take("early-stopping")
    page.locator(FITS).get_by_label("add early stopping").uncheck()
    page.locator(FITS).get_by_label("add dropout").check()
    page.locator(f"{FITS} .fe-job-progress span").filter(has_text="of 18").wait_for(timeout=600_000)
    wait_status("done")
    page.locator(f"{FITS} .fe-over-mark").first.wait_for(state="attached")
    take("dropout")
    page.locator(FITS).get_by_label("add early stopping").check()
    page.locator(f"{FITS} .fe-over-restored").first.wait_for(state="attached")
    take("dropout-and-early-stopping")
    page.locator(FITS).get_by_text("The numbers", exact=True).click()
    page.locator(FITS).get_by_text("The rules of the verdicts", exact=True).click()
    page.locator(FITS).get_by_text("The code", exact=True).click()
    page.locator(FITS).get_by_label("units of each network").fill("2, 0, many")
    page.keyboard.press("Tab")
    page.locator(f"{FITS} .fe-problem:not([hidden])").wait_for()
    take("problem-folds-open")
    kernel.run("go_on.clear(); seen.clear(); halt = (120, (16,), 0)")
    show()
    press("Train")
    page.locator(f"{FITS} .fe-job-progress span").filter(has_text="fit 2 of 15").wait_for(timeout=600_000)
    kernel.run("seen.wait(100)")
    press("Stop")
    kernel.run("go_on.set()")
    wait_status("done")
    take("stopped")
    show("exploding, data, units=(2, 16, 64, 256), seeds=2, epochs=60")
    press("Train")
    wait_status("done")
    take("diverged-four-widths")
