"""The browser of the tests that need one, and how workers side by side share the tests (`make test` starts them)."""

import os

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:
    # The workers fill the cores; threads beside them would only wait for each other.
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")

LONG = ("engine", "live_training", "overfitting", "training_code", "own_data", "engine_run", "optimizers_race")
"""Files of tests/unit that take longest; they come before the others, which fill what is left."""


def pytest_collection_modifyitems(items):
    def place(item):
        name = item.path.stem.removeprefix("test_")
        if not item.nodeid.startswith("tests/unit/"):
            return -1
        return LONG.index(name) if name in LONG else len(LONG)

    items.sort(key=place)


TRAINING = ("export", "histograms", "jupyterlab", "layers", "live_training", "run_files", "voila")
"""Files of tests/browser around LiveTraining; the others share a page of their own."""


def pytest_xdist_auto_num_workers(config):
    """One more than there are cores: a test in a browser waits more than it works."""
    return min(4, (os.cpu_count() or 1) + 1)


def pytest_xdist_make_scheduler(config, log):
    """A file of tests stays in one worker; tests/browser in two: servers and pages are started once in each."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            if not file.startswith("tests/browser/"):
                return file
            name = file.removeprefix("tests/browser/test_").removesuffix(".py")
            return "tests/browser training" if name in TRAINING else "tests/browser"

    return Scheduling(config, log) if config.option.dist == "loadfile" else None


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
