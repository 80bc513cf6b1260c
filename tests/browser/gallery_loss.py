"""Pictures of LossView in its states, for gallery.py."""

LOSS = ".fe-loss"
TRAINED = """
from firstepoch import heart
run = widgets.LiveTraining(heart.build_model, heart.load(), epochs=100)
run.train()
run.wait(120)
"""


def loss_view(camera, kernel):
    """One row, one that is sure and wrong, a training at its start, what is changed by hand, an error, the folds."""
    page = camera.page
    kernel.run(TRAINED)

    def show(code):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show(widgets.LossView({code}))")
        page.wait_for_selector(f"{LOSS}:not([data-old]) .fe-loss-curve")
        page.locator("[data-old]").first.wait_for(state="detached")

    def take(state):
        camera.take(f"loss_{state}", LOSS)

    show("[0.83], [1]")
    take("one-row")
    show("[0.9, 0.8, 0.3, 0.1, 0.6, 0.0], [1, 1, 0, 0, 0, 1]")
    take("six-rows")
    show("run, epoch=0")
    take("untrained")
    show("run, rows='validation', row=27")
    kernel.run("view.output, view.bias_change = 0.02, 0.8")
    page.locator(f"{LOSS} .fe-before").wait_for(state="attached")
    take("changed-by-hand")
    kernel.run("view.by_size = False")
    for fold in page.locator(f"{LOSS} .fe-folds summary").all():
        fold.click()
    kernel.run("view.set_state({'row': 999})")
    page.locator(f"{LOSS} .fe-problem").wait_for()
    take("error-and-folds")
