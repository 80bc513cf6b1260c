"""Servers and open pages for the tests in this folder; the helpers beside it are importable by name."""

import sys
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


@pytest.fixture(scope="session", params=["voila", "lab"])
def host(request, browser):
    """A page with `holder.ipynb` open, in Voilà and in JupyterLab."""
    server = request.getfixturevalue(request.param)
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = watch(context.new_page())
    opened = {"voila": open_voila, "lab": open_lab}[request.param](page, server, "holder")
    page.wait_for_selector(ROOT)
    kernel = server.kernel(opened)
    page.host = request.param
    yield page, kernel
    kernel.close()
    context.close()


@pytest.fixture
def fresh(host):
    """Puts a new LiveTraining with the given settings on the page."""
    page, kernel = host
    before = len(page.problems)

    def make(**settings):
        page.evaluate(f"document.querySelector('{ROOT}')?.setAttribute('data-old', '')")
        kernel.run(f"fresh(**{settings!r})")
        page.wait_for_selector(f"{ROOT}:not([data-old]) .bqplot .plotarea_background")
        page.wait_for_selector(f"{ROOT}[data-old]", state="detached")
        return Card(page, kernel)

    yield make
    assert page.problems[before:] == []


@pytest.fixture(scope="session", params=["voila", "lab"])
def tensor_host(request, browser):
    """A page with `tensor.ipynb` open, in Voilà and in JupyterLab."""
    server = request.getfixturevalue(request.param)
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = watch(context.new_page())
    if request.param == "voila":
        kernel = server.kernel(open_voila(page, server, "tensor"))
    else:
        kernel = server.kernel(open_lab(page, server, "tensor", ".fe-tensor"))
    page.wait_for_selector(".fe-tensor")
    yield tensor_page.TensorPage(page, kernel, request.param)
    kernel.close()
    context.close()


@pytest.fixture
def it(tensor_host):
    """The card on that page; what a test shows there goes in place of what the test before it left."""
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
