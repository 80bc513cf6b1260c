"""The browser of the tests that need one, and how `make test` deals the tests to workers side by side."""

import os
from pathlib import Path

import pytest

BROWSER = Path(__file__).parent / "browser"
SHARED = ("tensor_host", "host", "voila", "lab", "lessons", "url", "own", "executed", "trained", "everyone", "small")
"""Fixtures made once for many tests, those of most work first: a worker that makes one gets all its tests."""

if "PYTEST_XDIST_WORKER" in os.environ:
    # The workers fill the cores; threads beside them would only wait for each other.
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")


def shared(item):
    """The first of SHARED a test uses, with its parameter: "host lab"; "" if it uses none."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return next((f"{name} {parameters.get(name, '')}".strip() for name in SHARED if name in item.fixturenames), "")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests that share a page or a server stay together and come first: the many small ones fill what is left."""
    for item in items:
        if group := shared(item):
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: (BROWSER not in item.path.parents, ([*SHARED, ""]).index(shared(item).split(" ")[0])))


@pytest.fixture(scope="session")
def browser():
    from chromium import FLAGS, find
    from playwright.sync_api import sync_playwright

    found = find()
    if not found:
        pytest.fail("The browser tests need Chromium: python tests/browser/chromium.py installs one.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()
