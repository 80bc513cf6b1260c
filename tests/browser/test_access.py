"""What axe-core finds in the opening state of each widget; `make gallery` has it look at all states."""

import axe
import reflow
from pages import open_voila, wait_width
from tensor_page import TensorPage

from firstepoch import widgets

SETUP = """
import ipywidgets
from firstepoch import heart
from firstepoch.widgets.checklist.widget import Item
def opening():
    data = heart.load()
    cards = {
        "Autodiff": lambda: widgets.Autodiff(),
        "Checklist": lambda: widgets.Checklist([Item("rows", "Data", "How many rows?", lambda answer: (True, "Yes."))]),
        "DataTour": lambda: widgets.DataTour(data),
        "Devices": lambda: widgets.Devices(),
        "Distribution": lambda: widgets.Distribution(heart.build_model, data),
        "DropoutView": lambda: widgets.DropoutView(16),
        "EarlyStoppingExplorer": lambda: widgets.EarlyStoppingExplorer({"loss": [0.9, 0.5], "val_loss": [1.0, 2.0]}),
        "EpochRace": lambda: widgets.EpochRace(data.x_train, data.y_train, features=[0, 1]),
        "Evaluation": lambda: widgets.Evaluation(heart.build_model(), data),
        "GradientCost": lambda: widgets.GradientCost(),
        "GradientStep": lambda: widgets.GradientStep("two minima"),
        "KerasStack": lambda: widgets.KerasStack(),
        "LiveTraining": lambda: widgets.LiveTraining(heart.build_model, data),
        "LossView": lambda: widgets.LossView([0.9, 0.2, 0.6], [1, 0, 0]),
        "ModelStyles": lambda: widgets.ModelStyles(),
        "NetworkView": lambda: widgets.NetworkView(heart.build_model(), data),
        "OptimizerRace": lambda: widgets.OptimizerRace(),
        "Overfitting": lambda: widgets.Overfitting(heart.build_model, data),
        "Question": lambda: widgets.Question("One?", ["one", "two"], answer="one", feedback={"two": "No: one."}),
        "RankLadder": lambda: widgets.RankLadder(),
        "Task": lambda: widgets.Task(lambda it: it == 1, 0, prompt="Find it.", hint="Look."),
        "TensorView": lambda: widgets.TensorView(np.arange(24).reshape(2, 3, 4)),
    }
    return ipywidgets.VBox([cards[name]() for name in WIDGETS])
"""
WIDGETS = [name for name in widgets.__all__ if hasattr(getattr(widgets, name), "_esm")]


def test_no_widget_keeps_anyone_out_when_it_opens(page, voila):
    # On a page of its own: cards that were once narrow, with their text spaced out, are not as new.
    kernel = voila.kernel(open_voila(page, voila, "tensor"))
    it = TensorPage(page, kernel, "voila")
    it.kernel.run(f"WIDGETS = {WIDGETS!r}\n{SETUP}")
    it.show("opening()", ".fe-tensor")
    it.page.wait_for_function("(count) => document.querySelectorAll('.fe').length === count", arg=len(WIDGETS))
    for theme, width in (("light", 1400), ("dark", 360)):
        it.page.locator("#fe-theme").select_option(theme)
        wait_width(it.page, width)
        assert [f"{theme}, {width} px: {found}" for found in axe.check(it.page)] == []
    wait_width(it.page, 320)
    assert "\n".join(reflow.lost(it.page, ".fe")) == ""
    kernel.close()


def test_what_keeps_people_out_is_found(page):
    page.set_content("""<html lang="en"><title>Bad</title><main><h1>Bad</h1><input>
      <button>Go</button><p style="color: #999; background: #fff">pale words</p></main>""")
    assert {found.rule for found in axe.check(page)} == {"label", "color-contrast"}
    assert {found.rule for found in axe.check(page, "p")} == {"color-contrast"}


def test_what_is_lost_on_a_narrow_page_is_found(page):
    page.set_viewport_size({"width": 320, "height": 600})
    page.set_content("""<div class="fe"><div style="overflow: auto"><p style="width: 900px">scrolls</p></div>
      <p style="width: 900px">wide</p><button style="width: 60px">Incomprehensibilities</button></div>""")
    found = reflow.lost(page, ".fe")
    assert found[:2] == ['sticks out: p  "wide"', 'is cut: button  "Incomprehensibilities"'], found
    assert not any("scrolls" in one for one in found)
