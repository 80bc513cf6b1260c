"""The browser of the tests that need one, and what workers side by side need (`make test` starts them)."""

import os

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:
    # The workers fill the cores; threads beside them would only wait for each other.
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")


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
