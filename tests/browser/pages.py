"""Opening notebooks as pages, in Voilà and in JupyterLab, and watching what the page does."""

import axe
import servers
from card import ROOT
from settled import until

READY = "html[data-fe-ready]"
IDLE = """() => {
  const kernel = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
  return kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""
"""Whether the kernel of the notebook in front is there and does nothing; in JupyterLab and Notebook 7."""
LAST_WIDGET = {
    "checklist": ("heading", "What the model is worth"),
    "gradient_descent": ("heading", "Three optimizers"),
    "heart": ("button", "Train"),
    "index": ("heading", "How to use these pages"),
    "loss": ("heading", "One bias of the untrained network"),
    "overfitting": ("heading", "Regularised"),
    "sgd": ("heading", "One epoch of the network, two ways"),
    "tensorflow_keras": ("heading", "Task: three kinds of flowers"),
    "tensors": ("heading", "Rows for a Dense layer"),
}
"""What the last cell of each shipped lesson shows."""

# One live widget on the page at a time; `fresh` puts a new one in its place.
HOLDER = """\
import ipywidgets
from firstepoch import heart, widgets
data = heart.load()
holder = ipywidgets.VBox()
live = None
def fresh(**settings):
    global live
    if live is not None:
        live.stop()
        try:
            live.wait(60)
        except ArithmeticError:
            pass  # it diverged, as a test wanted
        live.close()
    live = widgets.LiveTraining(heart.build_model, data, title="Train the heart model", **settings)
    holder.children = [live]
fresh()
holder"""


def watch(page):
    """Keep what goes wrong on a page, where it asks, and what it sends to its kernel."""
    page.set_default_timeout(60_000)
    page.problems, page.requested, page.sent = [], [], []
    page.on("pageerror", lambda error: page.problems.append(f"{error}\n{error.stack}"))
    page.on("console", lambda said: page.problems.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: page.requested.append(request.url))
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: page.sent.append(frame)))
    return page


def messages(page):
    """What the page has sent to widgets in the kernel so far."""
    page.evaluate("0")  # Playwright hears of what was sent only while something is asked of it
    sent = (frame if isinstance(frame, bytes) else frame.encode() for frame in page.sent)
    return [frame for frame in sent if b"comm_msg" in frame]


def wait_width(page, width, root=None):
    """Make the page that wide, and wait until neither it nor a card on it needs a horizontal scroll bar."""
    page.set_viewport_size({"width": width, "height": 1000})
    whole = "[innerWidth, document.documentElement.scrollWidth]"
    until(lambda: page.evaluate(whole), lambda found: found[0] == width >= found[1])
    if root is not None:
        inside = "(root) => [innerWidth, root.clientWidth, root.scrollWidth]"
        until(lambda: root.evaluate(inside), lambda found: found[2] <= found[1] + 1)


def open_lesson(page, address, name):
    """Open a shipped lesson; once its last cell has run, it has to be whole, to fit, and to have asked no one else."""
    # The page is there at once and ends when the last cell has run; some train a network.
    page.goto(f"{address}voila/render/{name}.ipynb", wait_until="commit")
    page.wait_for_selector(READY, timeout=150_000)
    assert page.locator(".fe-failed").count() == 0
    role, title = LAST_WIDGET[name]
    page.get_by_role(role, name=title, exact=True).wait_for()
    for width in (320, 360, 800, 1400):
        wait_width(page, width)
        if width == 360:
            assert [str(found) for found in axe.check(page, best=True)] == []
    assert page.problems == []
    assert [one for one in page.requested if not one.startswith((address, "data:", "blob:"))] == []


def open_voila(page, server, name):
    """Open a notebook as a page; returns its kernel's id."""
    page.goto(f"{server.url}voila/render/{name}.ipynb")
    page.wait_for_selector(READY, timeout=120_000)
    return page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")


def open_lab(page, server, name, selector=ROOT):
    """Open a notebook in JupyterLab and run its cells; returns its kernel's id."""
    page.goto(f"{server.url}lab/tree/{name}.ipynb?reset&token={servers.TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=120_000)
    page.get_by_text("Python 3 (ipykernel) | Idle").first.wait_for(timeout=120_000)
    run_all(page)
    page.wait_for_selector(selector, timeout=120_000)
    sessions = page.request.get(f"{server.url}api/sessions?token={servers.TOKEN}").json()
    return next(one["kernel"]["id"] for one in sessions if one["path"] == f"{name}.ipynb")


def run_all(page):
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
