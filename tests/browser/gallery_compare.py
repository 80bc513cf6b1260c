"""Pictures of two runs compared and of the files of a run, for gallery.py."""

from card import ROOT, Card


def compared_runs(camera, kernel):
    """Three runs, two of them compared; then two seeds, and the fold with the files open."""
    page = camera.page
    card = Card(page, kernel)

    def fresh(**settings):
        card.renew(f"fresh(**{settings!r})")

    def compare(run):
        card.root.get_by_label("compare with").select_option(str(run))
        card.root.locator(".fe-compare").get_by_text(f"◆ run {run}").wait_for()

    fresh(epochs=150)
    card.train()
    kernel.run("live.units = [128]")
    card.train()
    kernel.run("live.set_trait('early_stopping', True); live.dropout = 0.5; live.batch_size = 16")
    card.train()
    camera.take("compare-runs_three-runs", ROOT)
    compare(2)
    camera.take("compare-runs_settings", ROOT)
    fresh(epochs=150, seed=1)
    card.train()
    kernel.run("live.seed = 2")
    card.train()
    compare(1)
    card.root.get_by_text("Take this run with you", exact=True).click()
    with page.expect_download():
        card.press("Keras model")
    card.wait_text("details p", "went to your downloads")
    camera.take("compare-runs_seeds-and-files", ROOT)
