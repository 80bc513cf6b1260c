"""What only a notebook has: cells that are run again or removed, a kernel that outlives the page, keys of its own."""

import every_widget
import pytest
from card import ROOT, Card
from pages import open_lab, run_all, watch
from settled import until
from tensor_page import TensorPage

LONG = 100_000


@pytest.fixture
def notebook(browser, lab):
    """live.ipynb open in a JupyterLab of its own, its cell run; a long run is set."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = watch(context.new_page())
    page.on("dialog", lambda dialog: dialog.accept())
    kernel = lab.kernel(open_lab(page, lab, "live"))
    kernel.run(f"import threading\nlive.epochs = {LONG}")
    yield Card(page, kernel)
    kernel.run("live.stop(); live.wait(60)")
    kernel.close()
    context.close()


def wait_for_no_worker(card):
    """Ask the kernel until no training thread is left."""
    alive = "[thread.name for thread in threading.enumerate() if thread.name == 'firstepoch']"
    card.kernel.wait(alive, [])


def start(card):
    card.press("Train")
    card.wait_epoch(20)
    assert card.kernel("live.status") == "training"


@pytest.mark.long
def test_reloading_in_mid_training_leaves_no_worker(notebook):
    start(notebook)
    notebook.page.reload()
    wait_for_no_worker(notebook)
    assert notebook.kernel("live.status") == "done"
    assert 20 <= notebook.kernel("len(live.recording)") < LONG


@pytest.mark.long
def test_running_the_cell_again_ends_the_old_run(notebook):
    start(notebook)
    notebook.kernel.run("old = live")
    notebook.page.evaluate(f"document.querySelector('{ROOT}').dataset.old = ''")
    run_all(notebook.page)
    notebook.page.wait_for_selector(f"{ROOT}:not([data-old])")
    wait_for_no_worker(notebook)
    assert notebook.kernel("(old is live, old.status, live.status)") == (False, "done", "idle")
    assert notebook.page.problems == []


@pytest.mark.long
def test_removing_the_cell_ends_the_run(notebook):
    start(notebook)
    page = notebook.page
    page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.keyboard.press("d")
    page.wait_for_selector(ROOT, state="detached")
    wait_for_no_worker(notebook)


CELLS = """window.jupyterapp.shell.currentWidget.content.widgets
  .map((cell) => `${cell.model.type} ${cell.model.sharedModel.getSource()}`)"""


def test_keys_inside_the_card_are_not_the_notebook_s(notebook):
    page, card = notebook.page, notebook
    card.kernel.run("live.epochs = 10")
    card.train()
    before = page.evaluate(CELLS)
    card.root.get_by_text("The Keras code of this run", exact=True).click()
    for focused in (card.slider, card.root.locator("pre"), card.button("Train"), card.root.locator("summary").first):
        focused.focus()
        for key in ("a", "b", "d", "d", "x", "m", "ArrowUp"):
            page.keyboard.press(key)
    card.kernel("1")
    assert page.evaluate(CELLS) == before
    # The same key in the notebook does act, so the check above could have failed.
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.wait_for_function(f"(before) => {CELLS}.length === before + 1", arg=len(before))


def test_every_widget_opens_in_a_notebook_and_takes_its_theme(browser, lab):
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = watch(context.new_page())
    kernel = lab.kernel(open_lab(page, lab, "tensor", ".fe-tensor"))
    every_widget.show(TensorPage(page, kernel, "lab"))
    colours = """[...new Set([...document.querySelectorAll(".fe")]
      .map((one) => getComputedStyle(one).backgroundColor))]"""
    assert page.evaluate(colours) == ["rgb(255, 255, 255)"]
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    for item in ("Theme", "JupyterLab Dark"):
        page.locator(".lm-Menu-itemLabel").get_by_text(item, exact=True).click()
    page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    until(lambda: page.evaluate(colours), ["rgb(21, 24, 28)"])
    assert page.problems == []
    kernel.close()
    context.close()
