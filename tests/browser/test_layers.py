"""LiveTraining's builder by layers, by keyboard alone, and its schedule told in numbers."""

import pytest

pytestmark = pytest.mark.parametrize("host", ["voila"], indirect=True)


def active(page):
    """The name of what has the focus."""
    return page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")


def test_three_layers_are_built_with_the_keyboard_and_trained(fresh, host):
    page, _ = host
    card = fresh(epochs=3)
    add = card.button("+ layer")
    add.focus()
    for layers in (2, 3):
        page.keyboard.press("Enter")
        card.root.locator(".fe-layer").nth(layers - 1).wait_for()
        assert active(page) == "+ layer"
    third = card.root.get_by_role("group", name="hidden layer 3")
    third.get_by_label("units").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    page.keyboard.type("tanh")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    card.root.get_by_label("L2, layer 3", exact=True).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("0.01")
    page.keyboard.press("Enter")
    card.kernel.wait("live.l2", [0.0, 0.0, 0.01])
    card.button("move hidden layer 3 up").focus()
    page.keyboard.press("Enter")
    assert active(page) == "move hidden layer 2 up"
    page.keyboard.press("Enter")
    assert active(page) == "move hidden layer 1 down", "at the top there is no further up"
    card.button("remove hidden layer 2").focus()
    page.keyboard.press("Enter")
    assert active(page) == "remove hidden layer 2"
    card.kernel.wait("(live.units, live.activation, live.l2)", ([5, 16], ["tanh", "relu"], [0.01, 0.0]))
    card.root.get_by_label("dropout, layer 2", exact=True).focus()
    page.keyboard.press("ArrowRight")
    card.train()
    assert card.kernel("[type(layer).__name__ for layer in live.model.layers[1:]]") == [
        *("Dense", "BatchNormalization", "Activation"),
        *("Dense", "Dropout"),
        "Dense",
    ]
    assert card.kernel("[layer.units for layer in live.model.layers if hasattr(layer, 'units')]") == [5, 16, 1]
    assert (
        card.rows()[0][1] == "5 tanh + 16 relu · dropout 0, 0.05 · batch norm of layer 1 · L2 0.01, 0 · adam · batch 32"
    )
    card.wait_text(".fe-chart-head", "loss (binary cross-entropy + weight penalty)")


def test_a_schedule_is_told_in_numbers_before_and_after_the_run(fresh):
    card = fresh(epochs=9)
    card.root.get_by_label("schedule", exact=True).select_option("piecewise")
    card.wait_text("small", "0.001 up to epoch 3, 0.000316 up to epoch 6, then 0.0001.")
    card.set("schedule factor", 0.25)
    card.wait_text("small", "0.001 up to epoch 3, 0.0005 up to epoch 6, then 0.00025.")
    card.train()
    card.wait_text(".fe-sentence", "learning rate 0.000250")
    card.scrub(0)
    card.wait_text(".fe-sentence", "learning rate 0.00100")
    card.root.get_by_text("The numbers", exact=True).click()
    card.root.locator("details:has-text('The numbers') tbody tr").nth(8).wait_for()
    table = card.root.locator("details:has-text('The numbers') table")
    column = table.locator("thead th").all_inner_texts().index("learning rate")
    rates = table.locator(f"tbody tr > :nth-child({column + 1})").all_inner_texts()
    told = card.kernel("live.history['learning_rate']")
    assert [float(rate) for rate in rates] == pytest.approx(told, rel=1e-3)
    assert told == pytest.approx([1e-3] * 3 + [5e-4] * 3 + [2.5e-4] * 3)
