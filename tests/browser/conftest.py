"""Servers and open pages for the tests in this folder; the helpers beside it are importable by name."""

import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlparse

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import servers
import tensor_page
from card import ROOT, Card
from pages import HOLDER, open_lab, open_voila, watch


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The notebooks the tests open."""
    made = tmp_path_factory.mktemp("notebooks")
    servers.write_notebook(made, "holder", HOLDER)
    servers.write_notebook(made, "live", servers.SETUP)
    servers.write_notebook(made, "network", servers.NETWORK)
    servers.write_notebook(made, "tensor", tensor_page.HOLDER)
    return made


@pytest.fixture(scope="session")
def voila(folder, tmp_path_factory):
    with servers.voila(folder, tmp_path_factory.mktemp("voila")) as server:
        yield server


@pytest.fixture(scope="session")
def lessons(tmp_path_factory):
    """The shipped lessons as `firstepoch serve` gives them."""
    with servers.voila(None, tmp_path_factory.mktemp("lessons")) as server:
        yield server


@pytest.fixture(scope="session")
def lab(folder, tmp_path_factory):
    with servers.jupyterlab(folder, tmp_path_factory.mktemp("lab")) as server:
        yield server


@contextmanager
def opened(browser, server, name, host, selector):
    """A page with this notebook open, and the kernel behind it."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = watch(context.new_page())
    identity = open_voila(page, server, name) if host == "voila" else open_lab(page, server, name, selector)
    page.wait_for_selector(selector)
    page.host = host
    kernel = server.kernel(identity)
    yield page, kernel
    kernel.close()
    context.close()


# A page stays open to the end: tests in Voilà and in JupyterLab may follow each other in any order.


@pytest.fixture(scope="session")
def voila_host(browser, voila):
    with opened(browser, voila, "holder", "voila", ROOT) as made:
        yield made


@pytest.fixture(scope="session")
def lab_host(browser, lab):
    with opened(browser, lab, "holder", "lab", ROOT) as made:
        yield made


@pytest.fixture(scope="session", params=["voila", pytest.param("lab", marks=pytest.mark.long)])
def host(request):
    """A page with `holder.ipynb` open, in Voilà and in JupyterLab."""
    return request.getfixturevalue(f"{request.param}_host")


@pytest.fixture
def fresh(host):
    """Puts a new LiveTraining with the given settings on the page."""
    page, kernel = host
    before = len(page.problems)

    def make(**settings):
        card = Card(page, kernel)
        card.renew(f"fresh(**{settings!r})")
        return card

    yield make
    assert page.problems[before:] == []


@pytest.fixture(scope="session")
def voila_tensor_host(browser, voila):
    with opened(browser, voila, "tensor", "voila", ".fe-tensor") as (page, kernel):
        yield tensor_page.TensorPage(page, kernel, "voila")


@pytest.fixture(scope="session")
def lab_tensor_host(browser, lab):
    with opened(browser, lab, "tensor", "lab", ".fe-tensor") as (page, kernel):
        yield tensor_page.TensorPage(page, kernel, "lab")


@pytest.fixture(scope="session", params=["voila", pytest.param("lab", marks=pytest.mark.long)])
def tensor_host(request):
    """A page with `tensor.ipynb` open, in Voilà and in JupyterLab."""
    return request.getfixturevalue(f"{request.param}_tensor_host")


@pytest.fixture
def it(tensor_host):
    """The card on that page; what a test shows there goes in place of what the test before it left."""
    tensor_host.page.set_viewport_size({"width": 1400, "height": 1000})
    before = len(tensor_host.page.problems)
    yield tensor_host
    assert tensor_host.page.problems[before:] == []


@pytest.fixture
def page(browser):
    """A page whose requests to other machines are refused and kept in `refused`."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    made = watch(context.new_page())
    made.refused = []

    def check(route):
        if urlparse(route.request.url).hostname == "127.0.0.1":
            return route.continue_()
        made.refused.append(route.request.url)
        return route.abort()

    context.route("**/*", check)
    yield made
    context.close()
