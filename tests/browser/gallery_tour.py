"""Pictures of DataTour in all its stages, for gallery.py."""

TOUR = ".fe-tour"
SETUP = """
import pandas as pd
from sklearn import datasets
from firstepoch import heart
from firstepoch.data import HEART_COLUMNS, TabularData
from firstepoch.lessons import tour_tasks
patients = heart.load()
def iris():
    return TabularData.from_frame(datasets.load_iris(as_frame=True).frame, "target")
def diabetes():
    return TabularData.from_frame(datasets.load_diabetes(as_frame=True, scaled=False).frame, "target")
def gaps():
    table = pd.DataFrame({
        "size": [1.5, None, 3.0, 4.5, 2.5, 3.5] * 10,
        "colour": ["red", "green", None] * 20,
        "born": [1990, 1991] * 30,
        "worth": [f"v{k % 15}" for k in range(60)],
        "kind": ["cat", "dog"] * 30,
    })
    return TabularData.from_frame(table, "kind", drop=["born"])
"""


def data_tour(camera, kernel):
    """The table, rows on their way to inputs, the balance, distributions, the puzzle, an error; other tables."""
    page = camera.page
    kernel.run(SETUP)

    def show(data, **settings):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        given = ", ".join(f"{name}={value}" for name, value in settings.items())
        kernel.run(f"show(widgets.DataTour({data}, {given}))")
        page.wait_for_selector(f"{TOUR}:not([data-old])")
        page.locator("[data-old]").first.wait_for(state="detached")
        if "distributions" in given:
            page.wait_for_selector(f"{TOUR} .bqplot .plotarea_background")

    def take(state):
        page.mouse.move(0, 0)  # what lies under the mouse would be picked out
        camera.take(f"data-tour_{state}", TOUR)

    def press(key, times=1):
        page.locator(f"{TOUR} .fe-play").focus()
        for _ in range(times):
            page.keyboard.press(key)

    about = {"columns": "HEART_COLUMNS", "exercise": "tour_tasks.PUZZLE"}
    show("patients", **about)
    take("table")
    kernel.run("view.filters = {'cp': 0}; view.sort = 'age'")
    page.locator(f"{TOUR} .fe-sentence").filter(has_text="4 of 303").wait_for()
    take("filtered")
    page.evaluate("document.querySelector('.fe-tour').dataset.stage")
    kernel.run("view.row = 248; view.stage = 'row'; view.filters = {}; view.sort = ''")
    page.locator(f"{TOUR} .fe-sentence").filter(has_text="Patient 248").wait_for()
    take("row-before")
    press("ArrowRight", 5)
    take("row-mid-way")
    press("End")
    page.locator(TOUR).get_by_text("The numbers", exact=True).click()
    take("row-done")
    kernel.run("view.stage = 'balance'")
    page.locator(f"{TOUR} .fe-sentence").filter(has_text="A model has").wait_for()
    take("balance")
    show("patients", stage="'distributions'")
    take("distribution-numeric")
    kernel.run("view.standardised = True")
    page.locator(f"{TOUR} .bqplot").filter(has_text="standard deviations").wait_for()
    take("distribution-standardised")
    kernel.run("view.column = 'thal'")
    page.locator(f"{TOUR} caption").filter(has_text="thal").wait_for()
    take("distribution-categorical")
    show("patients", stage="'exercise'", filters="{'cp': 0}", marked="[247, 248, 12]", **about)
    take("puzzle")
    page.locator(TOUR).get_by_role("button", name="Show me").click()
    page.locator(f"{TOUR} .fe-solved").wait_for()
    take("puzzle-solved")
    kernel.run("view.stage = 'row'")
    field = page.locator(TOUR).get_by_role("textbox", name="patient")
    field.fill("400")
    field.press("Tab")
    page.locator(f"{TOUR} .fe-problem").filter(has_text="no row").wait_for()
    take("error")
    show("iris()", stage="'distributions'", column="'petal length (cm)'")
    take("multiclass")
    kernel.run("view.stage = 'balance'")
    page.locator(f"{TOUR} .fe-sentence").filter(has_text="A model has").wait_for()
    take("multiclass-balance")
    show("diabetes()", stage="'balance'")
    take("regression")
    show("gaps()", stage="'row'", row="1")
    press("End")
    take("gaps")
    show("gaps()", stage="'distributions'", column="'worth'")
    take("many-categories")
