"""All widgets on one page, each as it opens."""

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


def show(tensor_page):
    """Put them on this page in place of what is there."""
    tensor_page.kernel.run(f"WIDGETS = {WIDGETS!r}\n{SETUP}")
    tensor_page.show("opening()", ".fe-tensor")
    there = "(count) => document.querySelectorAll('.fe').length === count"
    tensor_page.page.wait_for_function(there, arg=len(WIDGETS))
