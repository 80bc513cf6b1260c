"""Pictures of EarlyStoppingExplorer in all its states, for gallery.py."""

EARLY = ".fe-early-stopping"
RECORDED = """
from firstepoch import heart
run = widgets.LiveTraining(heart.build_model, heart.load(), epochs=300)
run.train()
run.wait(120)
recorded = run.recording
"""


def early_stopping(camera, kernel):
    """The start, mid-patience, the stop, the end, mode max, a warm-up, a baseline, an error, NaN."""
    page = camera.page
    kernel.run(RECORDED)

    def show(code):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show(widgets.EarlyStoppingExplorer({code}))")
        page.wait_for_selector(f"{EARLY}:not([data-old]) .fe-now")
        page.locator("[data-old]").first.wait_for(state="detached")

    def take(state, epoch=None):
        if epoch is not None:
            page.locator(f"{EARLY} .fe-player input[type=range]").evaluate(
                "(it, at) => { it.value = at - 1; it.dispatchEvent(new Event('input')); }", epoch
            )
        camera.take(f"early-stopping_{state}", EARLY)

    show("recorded")
    take("stopped")
    take("start", 1)
    take("mid-patience", 47)
    take("after-the-stop", 200)
    show("recorded, patience=300")
    take("ran-to-the-end")
    show("recorded, monitor='val_accuracy', patience=40, min_delta=0.02")
    take("mode-max")
    show("recorded, start_from_epoch=60, min_delta=0.02, patience=30, baseline=0.42")
    take("warm-up", 20)
    take("min-delta-and-baseline", 75)
    page.locator(EARLY).get_by_label("patience", exact=True).fill("-3")
    page.keyboard.press("Tab")
    page.locator(f"{EARLY} .fe-problem").wait_for()
    page.locator(EARLY).get_by_text("What the words mean", exact=True).click()
    page.locator(EARLY).get_by_text("The numbers", exact=True).click()
    page.locator(EARLY).get_by_text("The code", exact=True).click()
    take("error-and-folds")
    show("{'loss': [0.9, 0.5, float('nan'), 0.45, 0.47, 0.46, 0.44, 0.5]}, patience=2")
    take("short-with-nan", 5)
