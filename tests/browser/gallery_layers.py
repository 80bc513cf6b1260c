"""Pictures of LiveTraining with several hidden layers and with a schedule, for gallery.py."""

from pathlib import Path

from card import ROOT, Card

LAYERS = {
    "units": [32, 16, 8],
    "activation": ["relu", "tanh", "elu"],
    "batch_normalization": [True, True, False],
    "dropout": [0.3, 0.0, 0.0],
    "l2": [0.001, 0.01, 0.0],
    "epochs": 60,
}


def layers(camera, kernel):
    """Three layers with all they can have, schedules, and settings that do not fit together."""
    page = camera.page
    card = Card(page, kernel)

    def fresh(**settings):
        card.renew(f"fresh(**{settings!r})")

    fresh(**LAYERS)
    card.train()
    card.press("move hidden layer 3 up")
    card.wait_text(".fe-note", "units")
    camera.take("layers_three", ROOT)
    # On a narrow page the settings are folded.
    page.locator("#fe-theme").select_option("light")
    camera.resize(360, 6000)
    page.evaluate("document.querySelector('.fe-training-settings').open = true")
    path = Path(__file__).parents[2] / "gallery" / "layers_form_light_360.png"
    page.locator(".fe-training-settings").screenshot(path=path)
    camera.taken.append(path)
    camera.resize(1400)
    kernel.run("live.activation = ['relu', 'tanh']")
    card.wait_text(".fe-error", "3 hidden layers but 2 activations")
    camera.take("layers_error", ROOT)

    fresh(schedule="cosine", epochs=60, learning_rate=0.01)
    card.train()
    card.root.get_by_text("The numbers", exact=True).click()
    camera.take("layers_schedule", ROOT)
    fresh(schedule="reduce on plateau", epochs=120, learning_rate=0.01, early_stopping=True, patience=30)
    card.train()
    camera.take("layers_plateau", ROOT)
    card.renew(
        "live.close()\n"
        "live = widgets.LiveTraining(lambda units=(16,): heart.build_model(units), data, units=[8, 4])\n"
        "holder.children = [live]"
    )
    camera.take("layers_fixed-by-the-builder", ROOT)
