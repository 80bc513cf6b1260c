"""EarlyStoppingExplorer in a real browser: played without the kernel, handles dragged, settings typed, keys."""

import pytest
from settled import until

CARD = ".fe-early-stopping"
CURVE = """{"val_loss": [0.4 + (epoch - 40)**2 / 9000 + 0.004 * (-1) ** epoch for epoch in range(100)],
"val_accuracy": [0.5 + epoch / 300 for epoch in range(100)]}"""

voila = pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)


def explore(it, more=", patience=20"):
    it.show(f"widgets.EarlyStoppingExplorer({CURVE}{more})", CARD)
    it.root.locator(".fe-now").wait_for(state="attached")
    return it


def middle(handle):
    return handle.evaluate(
        "(it) => { const { x, y, width, height } = it.getBoundingClientRect(); return [x + width/2, y + height/2]; }"
    )


def drag(it, name, across, down=0):
    """Drag a handle by pixels; returns it and where it was before."""
    handle = it.root.locator(f".fe-grip-{name}")
    handle.scroll_into_view_if_needed()
    x, y = middle(handle)
    it.page.mouse.move(x, y)
    it.page.mouse.down()
    it.page.mouse.move(x + across, y + down, steps=12)
    it.page.mouse.up()
    return handle, (x, y)


def told(it):
    return it.kernel("[view.patience, view.min_delta, view.start_from_epoch, view.stopped_epoch, view.restored_epoch]")


def wait_outcome(it):
    """Wait until the page shows the outcome Python has."""
    said = it.kernel("' '.join(view.story.settings['outcome'])")
    it.page.wait_for_function(
        """([card, said]) => {
          return [...card.querySelectorAll(".fe-outcome p")].map((one) => one.textContent).join(" ") === said;
        }""",
        arg=[it.root.element_handle(), said],
    )


def test_play_drag_type_and_refuse(it):
    explore(it)
    assert told(it) == [20, 0.0, 0, 59, 39]
    assert it.text(".fe-position") == "epoch 60 / 100"
    assert it.text(".fe-sentence").endswith("Keras stops here and restores the weights of epoch 40.")
    sent = len(it.messages())
    it.root.get_by_label("speed").select_option("16")
    it.root.locator(".fe-play").focus()
    it.page.keyboard.press("Home")
    it.wait_text(".fe-sentence", "Epoch 1: 0.582 is the first value")
    it.page.keyboard.press(" ")
    it.wait_text(".fe-sentence", "Epoch 100 would not be trained: the training stopped after epoch 60.")
    assert len(it.messages()) == sent, "playing needs no kernel"
    until(lambda: it.spoken, it.text(".fe-sentence"))

    it.page.keyboard.press("Shift+ArrowLeft")
    it.wait_text(".fe-position", "epoch 60 / 100")
    epoch = it.root.locator(".fe-plot-under > svg").evaluate("(it) => it.width.baseVal.value / 100")
    handle, before = drag(it, "patience", -12 * epoch)
    # The end of the bar is where it was dropped.
    until(lambda: before[0] - 12 * epoch - middle(handle)[0], lambda off: abs(off) < 1 + epoch)
    it.kernel.wait("view.patience", 8)
    wait_outcome(it)
    assert told(it)[3:] == [47, 39]
    assert it.text(".fe-position") == "epoch 60 / 100", "the learner stays at the same epoch"
    it.wait_text(".fe-sentence", "Epoch 60 would not be trained: the training stopped after epoch 48.")

    field = it.root.get_by_label("patience", exact=True)
    field.fill("-1")
    field.press("Enter")
    it.wait_text(".fe-problem", "patience is -1; it goes from 0")
    it.page.wait_for_function("(it) => it.value === '8'", arg=field.element_handle())
    field.fill("70")
    field.press("Enter")
    it.kernel.wait("view.stopped_epoch", None)
    wait_outcome(it)
    it.root.locator(".fe-problem").wait_for(state="hidden")


@voila
def test_the_warm_up_and_the_line_to_beat_are_dragged_and_moved_by_keys(it):
    explore(it)
    epoch = it.root.locator(".fe-plot-under > svg").evaluate("(it) => it.width.baseVal.value / 100")
    drag(it, "start_from_epoch", 10 * epoch)
    it.kernel.wait("view.start_from_epoch", 10)
    it.root.locator(".fe-grip-start_from_epoch").focus()
    for _ in range(4):
        it.page.keyboard.press("ArrowRight")
    it.kernel.wait("view.start_from_epoch", 14)
    drag(it, "min_delta", 0, 30)
    it.page.wait_for_function(
        "(card) => Number(card.querySelector('input[aria-label=min_delta]').value) > 0.01", arg=it.root.element_handle()
    )
    it.root.locator(".fe-grip-min_delta").focus()
    it.page.keyboard.press("ArrowDown")
    shown = float(it.root.get_by_label("min_delta", exact=True).input_value())
    it.kernel.wait("view.min_delta", shown)
    wait_outcome(it)
    until(lambda: it.root.locator(".fe-delta").evaluate("(it) => it.height.baseVal.value"), lambda high: high > 25)
    assert it.text(".fe-position") == "epoch 60 / 100"


@voila
def test_the_strip_the_monitor_and_the_table_agree(it):
    explore(it, ", patience=1")
    parts = it.root.locator(".fe-strip-track span")
    titles = parts.evaluate_all("(all) => all.map((one) => one.title)")
    ranges = it.kernel("[[one['low'], one['high'], one['best_epoch']] for one in view.story.settings['plateaus']]")
    assert len(titles) == len(ranges) >= 2
    for title, (_, _, best) in zip(titles, ranges, strict=True):
        assert title.endswith(f"restores epoch {best + 1}")
    assert it.root.locator(".fe-strip-track .fe-here").get_attribute("title") == titles[0]
    slider = it.root.get_by_label("patience, slider")
    slider.focus()
    it.page.keyboard.press("End")
    it.kernel.wait("view.restored_epoch", ranges[-1][2])
    wait_outcome(it)
    until(lambda: it.root.locator(".fe-strip-track .fe-here").get_attribute("title"), titles[-1])

    it.root.get_by_text("The numbers", exact=True).click()
    rows = it.root.locator(".fe-scroll table").last.locator("tbody tr")
    until(rows.count, 100)
    stopped = it.kernel("view.stopped_epoch")
    assert rows.nth(stopped).locator("td").last.inner_text() == "■ stop"
    it.root.get_by_label("monitor").select_option("val_accuracy")
    it.kernel.wait("(view.monitor, view.restored_epoch)", ("val_accuracy", 99))
    wait_outcome(it)
    it.wait_text(".fe-legend", "Ticks above the curve")
