"""A notebook where nothing runs, and the same cells where everything does: a still or the widget, and never both."""

import nbformat
import pytest
import servers
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from pages import open_lab, open_voila, watch
from settled import until

CELLS = (
    """\
from firstepoch import widgets
from firstepoch.widgets.ladder import pictures
table = widgets.TensorView([[1.5, -2.25], [3, 40]], title="Four numbers", names=["left", "right"])
table""",
    'widgets.TensorView(pictures.batch(), title="Hearts", axes="samples, height, width, channels")',
    'widgets.RankLadder(title="The story")',
    'widgets.Task(lambda it: False, table, title="A task", prompt="Take the last row.", hint="Count from 0.")',
)
STILLS = "[class^=fe-still-]"
VISIBLE = """(words) => [...document.querySelectorAll("body *")].filter((one) =>
  one.checkVisibility() && !one.closest(".jp-Editor") &&
  [...one.childNodes].some((node) => node.nodeType === 3 && node.data.includes(words))
).length"""
"""How many elements that can be seen have these words as their own text."""


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The cells, executed and saved with the state of their widgets."""
    folder = tmp_path_factory.mktemp("executed")
    notebook = nbformat.read(servers.write_notebook(folder, "stills", *CELLS), 4)
    NotebookClient(notebook, store_widget_state=True).execute()
    assert notebook.metadata.widgets
    return notebook


@pytest.mark.parametrize("state", ["with", "without"])
def test_an_exported_notebook_shows_stills_where_no_script_can_be_loaded(browser, executed, tmp_path, state):
    notebook = nbformat.from_dict(executed)
    if state == "without":
        notebook.metadata.pop("widgets")
    html, _ = HTMLExporter().from_notebook_node(notebook)
    path = tmp_path / "stills.html"
    path.write_text(html, encoding="utf-8")
    context = browser.new_context(viewport={"width": 1000, "height": 1000})
    refused = []
    context.route("http*://**/*", lambda route: (refused.append(route.request.url), route.abort()))
    page = context.new_page()
    page.goto(path.as_uri())
    table, hearts, story, task = (page.locator(STILLS).nth(number) for number in range(4))
    assert page.locator(STILLS).count() == 4

    table.get_by_text("rank 2 · shape (2, 2) · float64 · 4 elements · 32 bytes").wait_for()
    assert table.locator("thead th").all_inner_texts() == ["", "left", "right"]
    assert [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()] == [
        ["1.5", "-2.25"],
        ["3", "40"],
    ]
    hearts.get_by_text("rank 4 · shape (6, 24, 24, 3) · uint8 · 10,368 elements").wait_for()
    story.get_by_text("Rank 5: a batch of films", exact=True).wait_for()
    task.get_by_text("Take the last row.").wait_for()
    images = page.locator(f"{STILLS} img")
    assert images.count() > 6
    for image in images.all():
        assert image.is_visible() and image.evaluate("(image) => image.naturalWidth") == 24
    for still in (table, hearts, story, task):
        assert still.evaluate("(still) => still.scrollWidth <= still.clientWidth")
    for plain in ("TensorView(", "RankLadder(", "Task(", "Error displaying widget"):
        assert page.locator(".jp-OutputArea-output").filter(has_text=plain).count() == 0, plain
    assert refused if state == "with" else True, "the scripts that draw widgets are on another host"
    context.close()


@pytest.mark.parametrize("host", ["voila", pytest.param("lab", marks=pytest.mark.long)])
def test_a_live_cell_shows_the_widget_alone_and_its_still_once_that_is_closed(request, browser, folder, host):
    server = request.getfixturevalue(host)
    servers.write_notebook(folder, "stills", *CELLS)
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = watch(context.new_page())
    if host == "voila":
        kernel = server.kernel(open_voila(page, server, "stills"))
    else:
        kernel = server.kernel(open_lab(page, server, "stills", ".fe-tensor"))
    page.locator(".fe-task").wait_for()
    until(lambda: [page.locator(one).count() for one in (".fe-tensor", ".fe-ladder", ".fe-task")], [2, 1, 1])
    stills = page.locator(STILLS)
    until(stills.count, 4)  # they are in the notebook, for the day it is exported
    until(lambda: [still.is_visible() for still in stills.all()], [False] * 4)
    words = ("Four numbers", "Hearts", "The story", "Take the last row.")
    until(lambda: [page.evaluate(VISIBLE, one) for one in words], [1] * 4)
    kernel.run("table.close()")
    page.locator(".fe-tensor").nth(1).wait_for(state="detached")
    stills.first.get_by_text("rank 2 · shape (2, 2)").wait_for()
    until(lambda: page.evaluate(VISIBLE, "Four numbers"), 1)
    assert page.problems == []
    kernel.close()
    context.close()
