"""LiveTraining as a student meets it: real Chromium, real Keras; what a host can change in Voilà and in JupyterLab."""

import re

import pytest
from pages import messages, wait_width
from settled import until

LONG = 100_000
"""Epochs of a run that would take minutes: what answers before its end has not waited for it."""

MARK = """() => {
  const charts = [...document.querySelectorAll(".fe-training .fe-chart-slot")];
  window.marked = charts.flatMap((chart) => [...chart.querySelectorAll("svg, g.curve, path.line")])
    .filter((node) => !node.closest(".axis"));
  window.changed = [];
  const observer = new MutationObserver((records) => {
    for (const { target, addedNodes, removedNodes } of records) {
      // Ticks come and go as the axis grows; bqplot makes its (empty) legend anew with every change.
      if (!target.isConnected || target.closest(".axis")) continue;
      const nodes = [...addedNodes, ...removedNodes].filter((node) => node.getAttribute?.("class") !== "g_legend");
      window.changed.push(...nodes.map((node) => node.nodeName));
    }
  });
  charts.forEach((chart) => observer.observe(chart, { childList: true, subtree: true }));
  return window.marked.length;
}"""
"""Remembers the nodes of the charts and counts those that come and go from now on."""


def picture(card):
    """All the network picture draws, as text."""
    return card.root.locator(".fe-net-picture svg").evaluate("(svg) => svg.outerHTML")


def numbers_of(card):
    """The table of numbers, once its fold is open; a fold is filled a moment after it opened."""
    body = card.root.locator("details:has-text('The numbers') tbody")
    body.locator("tr").first.wait_for()
    return body.evaluate("(body) => [...body.rows].map((row) => [...row.cells].map((cell) => cell.textContent))")


def test_the_lecture_s_run_and_its_test_result(fresh):
    card = fresh()
    card.root.locator(".fe-empty").wait_for()
    card.train()
    assert card.bar == "epoch 300 / 300"
    assert "497 parameters" in card.text(".fe-state")
    live = card.kernel
    assert live("live.model.count_params()") == 497
    card.root.get_by_text("The numbers", exact=True).click()
    rows = numbers_of(card)
    assert [row[0] for row in rows] == [str(epoch) for epoch in range(1, 301)]
    for column, name in enumerate(["loss", "val_loss", "accuracy", "val_accuracy"], 1):
        theirs = live(f"live.history[{name!r}]")
        assert [float(row[column]) for row in rows] == pytest.approx(theirs, rel=1e-3)
    assert card.rows()[0][:4] == ["● 1", "16 relu · adam · batch 32", "300", str(live("live.run.best_epoch") + 1)]
    assert card.rows()[0][6] == "sealed"
    card.root.get_by_text("The test set", exact=True).click()
    card.press("Open the test set")
    card.wait_text("details p", "51 of 61 right")
    assert live("round(live.run.test['accuracy'] * 61)") == 51
    loss = live("live.run.test['loss']")
    assert card.rows()[0][6] == f"51 of 61, loss {loss:.3g}"


def test_no_chart_node_is_made_or_lost_in_a_run(fresh, host):
    page, _ = host
    card = fresh(epochs=120)
    card.press("Step")
    card.wait("paused")
    page.wait_for_function("() => document.querySelectorAll('.fe-training path.line').length >= 7")
    before = [shape for _, shape in card.curves()]
    marked = page.evaluate(MARK)
    assert marked >= 18
    card.press("Resume")
    card.wait("done")
    assert [shape for _, shape in card.wait_curves(120)] != before
    assert page.evaluate("window.marked.filter((node) => node.isConnected).length") == marked
    assert page.evaluate("window.changed") == []


def test_pause_step_resume_stop_reset(fresh):
    card = fresh(epochs=LONG)
    assert card.button("Stop").is_disabled()
    card.press("Train")
    card.wait_epoch(20)
    card.press("Pause")
    card.wait("paused")
    paused = card.kernel("len(live.recording)")
    card.wait_text(".fe-progress", f"epoch {paused} / {LONG}")
    card.press("Step")
    card.wait_text(".fe-progress", f"epoch {paused + 1} / {LONG}")
    card.wait("paused")
    assert card.kernel("len(live.recording)") == paused + 1
    card.press("Resume")
    card.wait_epoch(paused + 20)
    card.press("Stop")
    card.wait("done")
    assert card.kernel("live.status") == "done"
    assert paused + 20 <= card.kernel("len(live.recording)") < LONG
    assert "You stopped the run" in card.text(".fe-outcome")
    card.press("Reset")
    card.wait("idle")
    assert card.root.locator(".fe-empty").is_visible()
    assert card.kernel("live.status") == "idle"


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_step_from_the_start_trains_one_epoch(fresh):
    card = fresh(epochs=50)
    card.press("Step")
    card.wait("paused")
    card.wait_text(".fe-progress", "epoch 1 / 50")
    assert card.kernel("len(live.recording)") == 1


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_a_changed_setting_waits_and_the_run_goes_on(fresh):
    card = fresh(epochs=LONG)
    card.press("Train")
    card.wait_epoch(5)
    card.set("batch size", 64)
    card.wait_text(".fe-controls .fe-note", "batch size: changed. This run goes on with its own settings")
    reached = card.kernel("len(live.recording)")
    card.wait_epoch(reached + 20)
    assert card.status == "training"
    assert card.kernel("(live.batch_size, live.run.settings.batch_size)") == (64, 32)
    card.set("batch size", 32)
    card.root.locator(".fe-controls .fe-note").wait_for(state="hidden")
    card.press("Stop")
    card.wait("done")


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_the_speed_changes_at_once_down_to_single_batches(fresh):
    card = fresh(epochs=LONG)
    card.press("Train")
    card.wait_epoch(5)
    speed = card.root.locator(".fe-controls select")
    speed.select_option("4 batches a second")
    card.wait_text(".fe-sentence", re.compile(r"^Epoch \d+, batch \d of 7: (32|1) rows?, loss "))
    reached = card.kernel("len(live.recording)")
    speed.select_option("full speed")
    card.wait_epoch(reached + 20)
    card.press("Stop")
    card.wait("done")


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_scrubbing_asks_the_kernel_nothing(fresh, host):
    page, _ = host
    card = fresh(epochs=60)
    card.train()
    last = picture(card)
    sent = len(messages(page))
    card.scrub(9)
    assert card.root.get_by_role("button", name="latest", exact=True).is_hidden(), "nothing newer comes"
    card.wait_text(".fe-sentence", "Epoch 10:")
    first = picture(card)
    assert first != last
    loss = card.kernel("live.history['loss'][9]")
    assert f"training loss {loss:.3g}" in card.sentence
    card.slider.focus()
    page.keyboard.press("ArrowRight")
    card.wait_text(".fe-sentence", "Epoch 11:")
    page.keyboard.press("End")
    card.wait_text(".fe-sentence", "Epoch 60:")
    assert picture(card) == last
    assert len(messages(page)) == sent
    # A control of the kernel does send: the count above was able to see a message.
    card.root.get_by_label("logarithmic loss axis").check()
    until(lambda: len(messages(page)), lambda now: now > sent)


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_hover_tells_the_recorded_numbers(fresh, host):
    page, _ = host
    card = fresh(epochs=50)
    card.train()
    card.wait_curves(50)
    card.root.locator(".fe-chart-picture").first.scroll_into_view_if_needed()

    def told_at_the_middle():
        area = card.root.locator(".fe-chart .plotarea_background").first.bounding_box()
        page.mouse.move(area["x"] + area["width"] * 0.5, area["y"] + area["height"] / 2)
        return card.root.locator(".fe-chart-tip").first.locator("div").all_inner_texts()

    lines = until(told_at_the_middle, lambda found: len(found) >= 3)
    epoch = int(lines[0].removeprefix("epoch "))
    assert 20 <= epoch <= 30
    told = {label: float(value) for label, value in (line.rsplit(" ", 1) for line in lines[1:3])}
    loss, valid = card.kernel(f"[live.history[name][{epoch - 1}] for name in ('loss', 'val_loss')]")
    assert told == {"training loss": pytest.approx(loss, rel=1e-5), "validation loss": pytest.approx(valid, rel=1e-5)}
    page.mouse.move(0, 0)
    card.root.locator(".fe-chart-tip").first.wait_for(state="hidden")


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_two_runs_are_compared(fresh):
    card = fresh(epochs=30)
    card.train()
    card.wait_curves(30)
    card.set("units", 4)
    card.wait_text(".fe-controls .fe-note", "units: changed.")
    card.train()
    assert [row[0] for row in card.rows()] == ["○ 1", "● 2"]
    assert card.rows()[1][1].startswith("4 relu")
    for chart in (0, 1):
        card.wait_curves(30, pale=2, chart=chart)
    card.press("Forget earlier runs")
    card.page.wait_for_function("() => document.querySelectorAll('.fe-training .fe-runs tbody tr').length === 1")


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_settings_that_cannot_be_trained_with(fresh):
    card = fresh()
    card.set("batch size", 500)
    card.wait_text(".fe-error", "batch_size 500 is larger than the 193 training rows.")
    assert card.button("Train").is_disabled()
    assert "batch_size 500" in card.button("Train").get_attribute("title")
    card.set("batch size", 32)
    card.root.locator(".fe-error").wait_for(state="hidden")
    assert card.button("Train").is_enabled()


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_a_run_that_diverges_says_so_and_keeps_its_curves(fresh):
    card = fresh(optimizer="sgd", epochs=60)
    card.set("learning rate", 30)
    card.press("Train")
    card.wait("failed")
    alarm = card.text(".fe-error")
    assert "the learning rate 30 is too large" in alarm
    assert alarm.endswith(card.kernel("str(live.run.error)"))
    kept = card.kernel("len(live.recording)")
    assert kept == 10
    card.wait_text(".fe-progress", "epoch 10 / 60")
    until(lambda: len(card.curves()), lambda drawn: drawn >= 2)
    card.set("learning rate", 0.01)
    card.train()


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_a_loss_that_is_not_a_number_is_told(fresh, tmp_path):
    card = fresh(epochs=60)
    # ipywidgets holds back what is changed while the kernel has not answered the change before; "Train" goes at once.
    with card.kernel.busy(tmp_path / "busy"):
        card.root.get_by_label("optimizer", exact=True).select_option("sgd")
        card.set("learning rate", "1e6")
        card.press("Train")
    card.wait("failed")
    assert "The loss became NaN" in card.text(".fe-error")
    assert "learning rate 1e+06 is too large" in card.text(".fe-error")
    assert card.kernel("len(live.recording)") >= 1


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_early_stopping_tells_stopped_best_and_restored_apart(fresh):
    card = fresh(early_stopping=True, patience=15)
    card.train()
    stopped, best, restored = card.kernel(
        "(live.run.stopped_epoch + 1, live.run.best_epoch + 1, live.run.restored_epoch + 1)"
    )
    assert best == restored < stopped == best + 15
    card.wait_text(".fe-flag", re.compile(rf"best, restored: epoch {best}$"))
    card.wait_text(".fe-flag", re.compile(rf"stopped: epoch {stopped}$"))
    assert f"Early stopping ended the run after epoch {stopped}" in card.text(".fe-outcome")


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_dropped_units_are_crossed_out_as_keras_dropped_them(fresh):
    card = fresh(dropout=0.5, epochs=5)
    card.train()
    crossed = "(root) => [...root.querySelectorAll('.fe-net-picture g.fe-unit.fe-off')].length"
    counts = set()
    for frame in range(5):
        card.scrub(frame)
        card.wait_text(".fe-sentence", f"Epoch {frame + 1}:")
        counts.add(card.root.evaluate(crossed))
        assert 0 < card.root.evaluate(crossed) < 16
    assert len(counts) > 1
    card.root.get_by_label("show what this batch dropped").uncheck()
    until(lambda: card.root.evaluate(crossed), 0)


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_the_loss_axis_can_be_logarithmic(fresh):
    card = fresh(epochs=40)
    card.train()
    before = card.wait_curves(40)
    training = card.root.locator(".fe-chart").first.locator("path.line[style*='--fe-train']")
    linear = training.get_attribute("d")
    card.root.get_by_label("logarithmic loss axis").check()
    card.page.wait_for_function(
        "([path, old]) => path.getAttribute('d') !== old", arg=[training.element_handle(), linear]
    )
    card.kernel.wait("live.log_scale", True)
    assert len(card.wait_curves(40)) == len(before)
    card.root.get_by_label("logarithmic loss axis").uncheck()
    until(card.curves, before)


def test_the_code_of_the_run(fresh, host):
    page, _ = host
    card = fresh(epochs=20, dropout=0.5, early_stopping=True)
    card.train()
    card.root.get_by_text("The Keras code of this run", exact=True).click()
    code = until(lambda: card.text("pre code"), lambda shown: shown.strip() == card.kernel("live.code").strip())
    assert "EarlyStopping" in code
    assert "Dropout(0.5" in code
    if page.host == "voila":
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        card.press("Copy the code")
        card.button("Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == card.kernel("live.code")


def test_tab_reaches_every_control_and_keys_drive_the_player(fresh, host):
    page, _ = host
    card = fresh(epochs=30)
    card.train()
    count = card.root.evaluate(
        """(root) => {
          const all = [...root.querySelectorAll("button, input, select, summary, [tabindex='0']")];
          window.controls = all.filter((one) => !one.disabled && one.checkVisibility());
          window.reached = new Set();
          root.addEventListener("focusin", (event) => window.reached.add(event.target));
          window.controls[0].focus();
          return window.controls.length;
        }"""
    )
    assert count > 30
    for _ in range(count + 5):
        page.keyboard.press("Tab")
    missed = page.evaluate("window.controls.filter((one) => !window.reached.has(one)).map((one) => one.outerHTML)")
    assert missed == []
    card.slider.focus()
    page.keyboard.press("Home")
    card.wait_text(".fe-sentence", "Epoch 1:")
    page.keyboard.press(" ")
    card.root.get_by_role("button", name="pause").wait_for()
    page.keyboard.press(" ")
    card.root.get_by_role("button", name="play").wait_for()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    card.wait_text(".fe-sentence", "Epoch 3:")
    page.keyboard.press("ArrowLeft")
    card.wait_text(".fe-sentence", "Epoch 2:")


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_no_width_needs_a_horizontal_scroll_bar(fresh, host):
    page, _ = host
    card = fresh(epochs=20, dropout=0.5, early_stopping=True)
    card.train()
    fold = "(root, opened) => root.querySelectorAll('details').forEach((fold) => fold.open = opened)"
    beyond = """(root) => [root, ...root.querySelectorAll("*")]
      .filter((one) => !one.closest("svg, .fe-scroll, pre, .fe-hidden, select, .fe-chart-picture"))
      .filter((one) => one.getBoundingClientRect().right > root.getBoundingClientRect().right + 0.5)
      .map((one) => one.outerHTML.slice(0, 120))"""
    try:
        for opened in (False, True):
            card.root.evaluate(fold, opened)
            for width in (320, 360, 800, 1400):
                wait_width(page, width)
                until(lambda: card.root.evaluate(beyond), [])
    finally:
        page.set_viewport_size({"width": 1400, "height": 1000})
