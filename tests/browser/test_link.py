"""Links to a state, in a real page of Voilà; and that every card marks the parts that a notebook can leave out."""

from urllib.parse import parse_qs, quote, urlsplit

import servers
from pages import READY
from settled import until

RACES = """\
from firstepoch import heart, widgets
data = heart.load()
widgets.EpochRace(data.x_train, data.y_train, names=data.feature_names)"""
CARDS = """\
from firstepoch import heart
from firstepoch.data import TabularData
data, shares = heart.load(), np.linspace(0.01, 0.99, 61)
own = TabularData.from_frame(data.raw_train, target="target")
cards = [
    widgets.Autodiff(),
    widgets.DataTour(data),
    widgets.Distribution(heart.build_model, data),
    widgets.Devices(),
    widgets.DropoutView(4, batches=2),
    widgets.EarlyStoppingExplorer({"val_loss": [0.7, 0.5, 0.6]}),
    widgets.EpochRace(data.x_train, data.y_train),
    widgets.Evaluation(shares, data),
    widgets.GradientCost(),
    widgets.GradientStep(),
    widgets.KerasStack(),
    widgets.LiveTraining(widgets.model_builder(own), own),
    widgets.LossView(shares, data.y_test),
    widgets.ModelStyles(),
    widgets.NetworkView(heart.build_model(), data),
    widgets.OptimizerRace(["sgd"], steps=2),
    widgets.Overfitting(heart.build_model, data),
    widgets.RankLadder(),
    widgets.TensorView([[1, 2], [3, 4]]),
]
holder.children = cards"""
"""One of each card that has something to leave out."""
NAMES = "{card._card['id']: sorted([*card.parts, *['link' for _ in card.linked[:1]]]) for card in cards}"
MARKS = """() => Object.fromEntries([...document.querySelectorAll(".fe")].map((root) => [
  root.id,
  [...new Set([...root.querySelectorAll("[data-fe-part]")].map((one) => one.dataset.fePart))].sort(),
]))"""
IN_SIGHT = """() => [...document.querySelectorAll(".fe [data-fe-part]")]
  .filter((one) => one.getClientRects().length).map((one) => one.dataset.fePart)"""


def test_a_link_opens_its_state_and_the_link_copied_there_opens_the_same(page, voila, folder):
    servers.write_notebook(folder, "scenario", RACES, RACES.splitlines()[-1])
    address = f"{voila.url}voila/render/scenario.ipynb"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=voila.url)
    # The page is there at once and ends when the last cell has run.
    page.goto(f"{address}?widget=EpochRace-2&batch_size=8&learning_rate=0.5#fe-EpochRace-2", wait_until="commit")
    page.wait_for_selector(READY, timeout=120_000)
    card = page.locator("#fe-EpochRace-2[data-fe-linked]")
    card.get_by_text("Set by the link: batch_size 8, learning_rate 0.5.").wait_for()
    assert page.locator("[data-fe-linked]").count() == 1
    epochs = card.get_by_label("epochs", exact=True)
    epochs.fill("2")
    epochs.press("Enter")
    card.get_by_text("epochs 0 / 2").first.wait_for()
    card.get_by_role("button", name="Copy a link to this state").click()
    card.get_by_text("Copied.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(address + "?") and urlsplit(copied).fragment == "fe-EpochRace-2"
    wanted = {"widget": ["EpochRace-2"], "batch_size": ["8"], "learning_rate": ["0.5"], "epochs": ["2"]}
    assert parse_qs(urlsplit(copied).query) == wanted

    page.goto(copied, wait_until="commit")
    page.wait_for_selector(READY, timeout=120_000)
    card.get_by_text("Set by the link: batch_size 8, learning_rate 0.5, epochs 2.").wait_for()
    card.get_by_text("epochs 0 / 2").first.wait_for()
    values = {name: card.get_by_label(name, exact=True).input_value() for name in ("batch size", "learning rate α")}
    assert values == {"batch size": "8", "learning rate α": "0.5"}

    script = "<script>window.hacked = 1</script><img src=x onerror=window.hacked=1>"
    page.goto(f"{address}?widget=EpochRace&features={quote(script)}&epochs=3", wait_until="commit")
    page.wait_for_selector(READY, timeout=120_000)
    alert = page.locator("#fe-EpochRace-1[data-fe-linked]").get_by_role("alert").filter(has_text="could not set")
    alert.wait_for()
    assert "Set by the link: epochs 3." in alert.inner_text()
    assert "The link could not set features: features is ['…']" in alert.inner_text()
    assert page.evaluate("window.hacked") is None
    assert "hacked" not in page.content()
    assert page.problems == []


def test_every_card_marks_the_parts_that_can_be_left_out_and_leaves_them_out(voila_tensor_host):
    page, kernel = voila_tensor_host.page, voila_tensor_host.kernel
    kernel.run(CARDS)
    until(lambda: page.evaluate("document.querySelectorAll('.fe[id]').length"), kernel("len(cards)"), timeout=60)
    assert page.evaluate(MARKS) == kernel(NAMES)
    assert page.evaluate(IN_SIGHT)
    kernel.run(f"for card in cards: card.hide = ({NAMES})[card._card['id']]")
    until(lambda: page.evaluate(IN_SIGHT), [], timeout=60)
    kernel.run("for card in cards: card.close()\nshow(widgets.TensorView(42))")
    page.wait_for_selector(".fe-tensor")
