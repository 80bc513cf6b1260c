"""Pictures of the histograms of a run and of the answer for the row followed, for gallery.py."""

from card import ROOT, Card
from gallery_own_data import IRIS

FOLD = "Histograms: how the weights and outputs are spread"


def histograms(camera, kernel):
    """Before a run, in mid-run, after one, scrubbed back, diverged, two layers, too large, classes and a number."""
    page = camera.page
    card = Card(page, kernel)

    def fresh(code):
        card.renew(f"live.close(); live = {code}; holder.children = [live]")

    def heart(**settings):
        fresh(f"widgets.LiveTraining(heart.build_model, data, **{settings!r})")

    def open_fold():
        page.locator(ROOT).get_by_text(FOLD, exact=True).click()

    def counted(words):
        card.wait_text(".fe-histograms > .fe-note", words)

    def take(state):
        camera.take(f"histograms_{state}", ROOT)

    heart(histograms=True)
    counted("train first")
    take("empty")
    card.train()
    counted("After epoch 300")
    take("done")
    for frame in (0, 20, 120):
        card.scrub(frame)
        counted(f"After epoch {frame + 1}")
        take(f"epoch-{frame + 1}")
    kernel.run("live.patient = 200")
    card.wait_text(".fe-prediction", "training row 200")
    page.locator(ROOT).get_by_text("The counts", exact=True).click()
    take("another-patient-and-table")

    heart(speed="50 epochs a second", histograms=True)
    card.press("Train")
    card.wait_epoch(60)
    card.press("Pause")
    card.wait("paused")
    counted("After epoch")
    take("mid-run")
    card.press("Stop")

    heart(optimizer="sgd", learning_rate=30.0, epochs=60, histograms=True)
    card.press("Train")
    card.wait("failed")
    counted("After epoch")
    take("diverged")

    heart(units=[64, 32], dropout=0.3, epochs=1500)
    card.train()
    open_fold()
    counted("After epoch 1500")
    take("two-layers-long")

    kernel.run(IRIS)
    fresh("own(iris, 'species', epochs=80, learning_rate=0.02, histograms=True, patient=70)")
    card.train()
    counted("After epoch 80")
    take("iris")
    fresh("own(diabetes, 'progression', epochs=60, histograms=True, patient=3)")
    card.train()
    counted("After epoch 60")
    take("diabetes")
