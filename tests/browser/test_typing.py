"""What somebody is typing into a card stays when news from Python comes; a class's server may be slow to answer."""

import pytest
from settled import until

CARDS = [
    ("DropoutView(16)", ".fe-dropout", "batch size", "view.rate = 0.25", "rate", "0.25", "batch_size"),
    (
        "EpochRace(np.eye(8), np.arange(8) % 2, features=[0, 1])",
        ".fe-epoch",
        "epochs",
        "view.batch_size = 3",
        "batch size",
        "3",
        "epochs",
    ),
    ("GradientStep()", ".fe-descent", "steps", "view.learning_rate = 0.25", "learning rate α", "0.25", "steps"),
    (
        "EarlyStoppingExplorer({'loss': [0.9, 0.5, 0.4], 'val_loss': [1.0, 2.0, 3.0]})",
        ".fe-early-stopping",
        "patience",
        "view.start_from_epoch = 2",
        "start_from_epoch",
        "2",
        "patience",
    ),
    ("OptimizerRace()", ".fe-optimizers", "steps", "view.start = [1.25, 0.5]", "start w₁", "1.25", "steps"),
]


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
@pytest.mark.parametrize(
    ("code", "selector", "name", "news", "other", "value", "trait"), CARDS, ids=[card[1][4:] for card in CARDS]
)
def test_what_is_being_typed_stays_when_news_comes(it, code, selector, name, news, other, value, trait):
    it.show(f"widgets.{code}", selector)
    field = it.root.get_by_role("spinbutton", name=name, exact=True)
    field.click()
    field.press("ControlOrMeta+a")
    field.press_sequentially("7")
    it.kernel.run(news)
    until(it.root.get_by_role("spinbutton", name=other, exact=True).input_value, lambda shown: shown == value)
    assert field.input_value() == "7"
    field.press("Enter")
    it.kernel.wait(f"view.{trait}", 7)
    it.kernel.run(f"view.{trait} = 5")
    until(field.input_value, lambda shown: shown == "5")
