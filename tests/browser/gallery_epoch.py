"""Pictures of EpochRace in the frames that matter, for gallery.py."""

EPOCH = ".fe-epoch"
HEART = "x, y, names=names"
SETUP = """
from firstepoch import heart
_heart = heart.load()
x, y, names = _heart.x_train, _heart.y_train, list(_heart.feature_names)
"""
TWO = "features=['oldpeak', 'thal_normal'], learning_rate=1.0"


def epoch_race(camera, kernel):
    """Shuffle, deal, mid-batch, update, end of the epoch, divergence; the network, an error, other batches."""
    page = camera.page
    kernel.run(SETUP)

    def show(settings):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show(widgets.EpochRace({HEART}, {settings}))")
        page.wait_for_selector(f"{EPOCH}:not([data-old]) .fe-contour")
        page.wait_for_function("!document.querySelector('[data-old]')")

    def take(state):
        camera.take(f"epoch-race_{state}", EPOCH)

    def go(*keys):
        page.locator(f"{EPOCH} .fe-play").focus()
        for key in ("Home", *keys):
            page.keyboard.press(key)

    def stage(update, stages):
        go(*["PageDown"] * update, *["ArrowRight"] * stages)

    show(TWO)
    take("start")
    stage(1, 0)
    take("deal")
    stage(4, 3)
    take("gradient")
    stage(4, 4)
    take("update")
    go("End")
    take("end-of-epoch")
    field = page.locator(EPOCH).get_by_label("batch size", exact=True)
    field.fill("500")
    field.press("Enter")
    page.locator(f"{EPOCH} .fe-problem:not([hidden])").wait_for()
    take("error")
    show(f"{TWO}, fan=True, epochs=2")
    stage(10, 3)
    take("fan-second-epoch")
    page.locator(EPOCH).get_by_text("The numbers", exact=True).click()
    page.locator(EPOCH).get_by_text("The code", exact=True).click()
    take("folds-open")
    show(f"{TWO}, batch_size=242")
    go("End")
    take("all-rows")
    show(f"{TWO}, batch_size=1")
    stage(120, 3)
    take("one-row")
    show("features=['oldpeak', 'thal_normal'], learning_rate=1e200")
    go("End")
    take("diverged")
    show("model='network', learning_rate=0.5, epochs=3")
    stage(9, 3)
    take("network")
    kernel.run("import numpy as np; r = np.random.default_rng(0); x = r.normal(size=(10_000, 2)); names = ['a', 'b']")
    kernel.run("y = (x @ [1.0, -2.0] + r.normal(size=10_000) > 0).astype(int)")
    show("learning_rate=0.5")
    stage(30, 4)
    take("ten-thousand")
    show("learning_rate=0.5, batch_size=1")
    go("End")
    take("ten-thousand-one-row")
