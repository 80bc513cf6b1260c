"""Every lesson in JupyterLab: all its cells run, each card shows itself, and the page asks no other host."""

import shutil
from urllib.parse import urlparse

import pytest
import servers
from pages import IDLE, run_all, watch

from firstepoch.lessons.paths import lessons

CELLS = "window.jupyterapp.shell.currentWidget.content.widgets"
RAN = f"() => {CELLS}.every((cell) => cell.model.type !== 'code' || cell.model.executionCount !== null)"
ERRORS = f"""{CELLS}.flatMap((cell) => cell.model.type === "code" ? cell.model.outputs.toJSON() : [])
  .filter((output) => ["error", "stream"].includes(output.output_type))"""
SHOWING = f"""{CELLS}.map((cell, at) => [at, cell])
  .filter(([, cell]) => cell.model.type === "code" &&
    cell.model.outputs.toJSON().some((output) => output.data?.["application/vnd.jupyter.widget-view+json"]))
  .map(([at]) => at)"""
"""Places of the cells that show a widget."""
SHOWN = f"(at) => {CELLS}[at].node.querySelector('.fe')?.clientHeight > 40"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    for path in lessons().values():
        shutil.copy(path, folder)
    with servers.jupyterlab(folder, tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.mark.parametrize("name", lessons())
def test_it_runs_and_shows_itself(browser, lab, name):
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = watch(context.new_page())
    page.goto(f"{lab.url}lab/tree/{name}.ipynb?reset&token={servers.TOKEN}")
    page.wait_for_function(IDLE, timeout=120_000)
    run_all(page)
    page.wait_for_function(RAN, timeout=240_000)
    page.wait_for_function(IDLE, timeout=240_000)
    assert page.evaluate(ERRORS) == []
    places = page.evaluate(SHOWING)
    assert len(places) > 1 or name == "index"
    for at in places:
        # Cells that are out of sight are not on the page.
        page.evaluate("(at) => window.jupyterapp.shell.currentWidget.content.scrollToItem(at, 'start')", at)
        page.wait_for_function(SHOWN, arg=at)
    assert page.problems == []
    assert {urlparse(one).hostname for one in page.requested if one.startswith("http")} == {"127.0.0.1"}
    for kernel in page.request.get(f"{lab.url}api/kernels?token={servers.TOKEN}").json():
        page.request.delete(f"{lab.url}api/kernels/{kernel['id']}?token={servers.TOKEN}")
    context.close()
