"""Pictures of LiveTraining on tables of one's own, for gallery.py."""

from card import ROOT

IRIS = """
import pandas as pd
from sklearn import datasets
from firstepoch.data import TabularData
def own(frame, target, **settings):
    table = TabularData.from_frame(frame, target=target)
    return widgets.LiveTraining(widgets.model_builder(table), table, **settings)
flowers = datasets.load_iris(as_frame=True)
iris = flowers.frame.assign(species=flowers.target.map(dict(enumerate(flowers.target_names)))).drop(columns="target")
diabetes = datasets.load_diabetes(as_frame=True, scaled=False).frame.rename(columns={"target": "progression"})
"""
"""What the kernel needs; scikit-learn is there for the tests."""


def own_data(camera, kernel):
    """Several classes, a number, and two classes in a table with gaps and text."""
    page = camera.page
    kernel.run(IRIS)

    def show(code):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show({code})")
        page.wait_for_selector(f"{ROOT}:not([data-old]) .bqplot .plotarea_background")
        page.locator("[data-old]").first.wait_for(state="detached")

    def train():
        kernel.run("view.train(); view.wait()")
        page.wait_for_function("(root) => document.querySelector(root).dataset.status === 'done'", arg=ROOT)

    def take(state):
        camera.take(f"own-data_{state}", ROOT)

    def fold(*names):
        for name in names:
            page.locator(ROOT).get_by_text(name, exact=True).click()

    show("own(iris, 'species', epochs=60, title='Which iris is it?')")
    take("iris_empty")
    train()
    take("iris_done")
    show("own(diabetes, 'progression', epochs=60, title='How far will diabetes progress?')")
    train()
    kernel.run("view.units = [8, 4]")
    train()
    kernel.run("view.open_test_set()")
    fold("The test set", "The columns and what became of them", "The numbers", "The Keras code of this run")
    take("diabetes_folds-open")
    kernel.run(
        "ship = pd.DataFrame({'age': [22, 38, None, 35, 54] * 60, 'class': [3, 1, 3, 1, 2] * 60, "
        "'port': ['S', 'C', 'S', None, 'Q'] * 60, 'deck': None, 'survived': ['no', 'yes', 'yes', 'yes', 'no'] * 60})"
    )
    show("own(ship, 'survived', epochs=20, dropout=0.5, title='Who survived?')")
    train()
    fold("The columns and what became of them")
    take("gaps_folds-open")
