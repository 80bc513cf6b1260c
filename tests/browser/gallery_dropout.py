"""Pictures of DropoutView in the batches that matter, for gallery.py."""

DROPOUT = ".fe-dropout"
SETUP = """
import keras
from firstepoch import heart
heart_data = heart.load()
keras.utils.set_random_seed(7)
heart_model = heart.build_model(dropout=0.5)
heart_model.fit(heart_data.x_train, heart_data.y_train, epochs=30, verbose=0)
deep_model = heart.build_model(units=(16, 8), dropout=(0.2, 0.5))
"""


def dropout_view(camera, kernel):
    """First batch, mid-run, means converged, inference; other rates and sizes; an error, the folds."""
    page = camera.page
    kernel.run(SETUP)

    def show(code):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show(widgets.DropoutView({code}))")
        page.wait_for_selector(f"{DROPOUT}:not([data-old]) .fe-end")
        page.wait_for_function("!document.querySelector('[data-old]')")

    def take(state):
        camera.take(f"dropout-view_{state}", DROPOUT)

    def go(*keys):
        page.locator(f"{DROPOUT} .fe-play").focus()
        for key in ("Home", *keys):
            page.keyboard.press(key)

    show("heart_model, data=heart_data")
    take("first-batch")
    go("Shift+ArrowRight", "ArrowRight", "ArrowRight")
    take("mid")
    go("End")
    take("converged")
    page.locator(DROPOUT).get_by_label("inference (predict)").check()
    page.locator(f"{DROPOUT} .fe-sentence").filter(has_text="at inference").wait_for()
    take("inference")
    field = page.locator(DROPOUT).get_by_label("rate", exact=True)
    field.fill("1")
    field.press("Enter")
    page.locator(f"{DROPOUT} .fe-problem:not([hidden])").wait_for()
    take("error")
    show("16, rate=0.1")
    go("End")
    take("rate-01")
    show("16, rate=0.9")
    go("Shift+ArrowRight", "Shift+ArrowRight")
    take("rate-09")
    for fold in ("Why drop units?", "The numbers", "The code"):
        page.locator(DROPOUT).get_by_text(fold, exact=True).click()
    take("folds-open")
    show("128")
    go("End")
    take("128-units")
    show("4096, batch_size=8")
    take("4096-units")
    show("deep_model, data=heart_data, batch_size=200, row=120")
    go("ArrowRight")
    take("two-layers")
    show("1, batch_size=1")
    go("End")
    take("one-unit")
