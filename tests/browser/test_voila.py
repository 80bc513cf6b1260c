"""The product's own pages: `firstepoch serve` and the shipped lesson, in a browser that may only reach this machine."""

from urllib.parse import urlparse

import psutil
import pytest
from card import ROOT, Card
from pages import open_lesson, open_voila, wait_width
from settled import until

LONG = 100_000


@pytest.mark.long
def test_the_lesson_trains_and_no_request_leaves_the_machine(page, lessons):
    open_lesson(page, lessons.url, "heart")
    page.wait_for_selector(f"{ROOT} .bqplot svg")
    root = page.locator(ROOT)
    root.get_by_role("button", name="Train", exact=True).click()
    root.get_by_text("epoch 300 / 300").first.wait_for(timeout=120_000)
    page.locator(f"{ROOT}[data-status=done]").wait_for()
    root.get_by_text("The test set", exact=True).click()
    root.get_by_role("button", name="Open the test set").click()
    root.get_by_text("51 of 61 right").wait_for()
    page.locator(".fe-network").get_by_role("button", name="follow this patient through the network").click()
    colours = f"""[getComputedStyle(document.querySelector("{ROOT}")).backgroundColor,
      getComputedStyle(document.querySelector("path.line[style*='--fe-train']")).stroke]"""
    for theme, expected in (
        ("dark", ["rgb(21, 24, 28)", "rgb(91, 156, 245)"]),
        ("light", ["rgb(255, 255, 255)", "rgb(2, 65, 158)"]),
    ):
        page.get_by_label("Theme").select_option(theme)
        until(lambda: page.evaluate(colours), expected)
    assert page.refused == []
    assert {urlparse(url).hostname for url in page.requested if url.startswith(("http", "ws"))} == {"127.0.0.1"}
    assert page.problems == []


@pytest.mark.long
def test_reloading_in_mid_training_ends_the_kernel(page, voila):
    identity = open_voila(page, voila, "live")
    kernel = voila.kernel(identity)
    process = psutil.Process(kernel("__import__('os').getpid()"))
    kernel.run(f"live.epochs = {LONG}")
    kernel.close()
    card = Card(page, kernel)
    card.press("Train")
    card.wait_epoch(20)
    page.reload()
    page.wait_for_selector(ROOT, timeout=120_000)

    def alive():
        page.evaluate("0")  # what the page asks for goes through this process
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE

    until(alive, False, timeout=60)
    until(lambda: card.status, "idle")


@pytest.mark.long
def test_network_view(page, voila):
    kernel = voila.kernel(open_voila(page, voila, "network"))
    root = page.locator(".fe-network")
    assert "497 parameters" in root.inner_text()
    assert "(29 + 1) × 16" in root.text_content()
    assert "480 + 17 = 497 parameters" in root.locator(".fe-net-sum").inner_text()
    assert root.locator(".fe-net-picture .fe-unit").count() == 29 + 16 + 1
    assert root.locator(".fe-player").is_hidden()
    before = until(root.locator(".fe-sentence").inner_text, bool)
    root.get_by_label("training row").fill("12")
    root.get_by_label("training row").blur()
    root.locator(".fe-sentence").filter(has_text="training row 12").wait_for()
    assert root.locator(".fe-sentence").inner_text() != before
    answer = kernel.run("import numpy as np\nx = heart.load().x_train[12:13]\np = float(network._model(x)[0, 0])", "p")
    assert f"{answer:.3f}" in root.locator(".fe-sentence").inner_text()
    root.get_by_role("button", name="follow this patient through the network").click()
    root.locator(".fe-walking").wait_for(state="attached")
    root.locator(".fe-walking").wait_for(state="detached")
    for width in (320, 360, 800, 1400):
        wait_width(page, width)
    assert page.problems == []
    kernel.close()
