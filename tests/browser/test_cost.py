"""GradientCost as a learner meets it, in Voilà and in JupyterLab, on the page the tensor tests share."""

from settled import until

COST = ".fe-cost"
DOTS = "() => [...document.querySelectorAll('.fe-cost .bqplot .dot')].map((dot) => dot.getBoundingClientRect().y)"


def test_measure_see_points_stop_and_read_the_numbers(tensor_host):
    page, kernel = tensor_host.page, tensor_host.kernel
    before = len(page.problems)
    root = page.locator(COST)

    def press(name):
        root.get_by_role("button", name=name, exact=True).click()

    def wait_status(status):
        page.wait_for_function(
            "([root, status]) => document.querySelector(root).dataset.status === status", arg=[COST, status]
        )

    kernel.run("show(widgets.GradientCost(largest=10_000, ask=True))")
    page.wait_for_selector(f"{COST} .bqplot .plotarea_background")
    guess = root.get_by_role("spinbutton", name="How many times as long")
    guess.fill("20")
    kernel.run("view.hidden = 8")  # what comes meanwhile leaves a field alone in which somebody types
    root.get_by_text("29 → 8 → 1").first.wait_for()
    assert guess.input_value() == "20"
    kernel.run("view.hidden = 16")
    root.get_by_label("batch size").fill("10")
    press("Measure")
    wait_status("done")

    def in_order(dots):
        full, batch = dots[:3], dots[3:6]
        return (
            len(dots) == 7  # three of each line, and the guess
            and full == sorted(full, reverse=True)
            and all(one < other for one, other in zip(full, batch, strict=True))
        )

    until(lambda: page.evaluate(DOTS), in_order)
    assert kernel("(view.guess, view.batch_size, view.recording.settings['guess'])") == (20.0, 10, 20.0)
    sentence = root.locator(".fe-sentence").inner_text()
    assert sentence == kernel("' '.join(view.said)") and "Your guess, 20 times" in sentence
    assert root.locator(".fe-hidden[role=status]").text_content() == sentence

    root.get_by_text("The numbers", exact=True).click()
    rows = kernel("[list(map(float, row)) for row in view.recording.to_pandas().to_numpy()]")
    until(root.locator("tbody tr").count, len(rows))
    table = [row.locator("th, td").all_inner_texts() for row in root.locator("tbody tr").all()]
    for cells, row in zip(table, rows, strict=True):
        times = [1000 * value if k in (1, 2, 3, 5, 6, 7) else value for k, value in enumerate(row)]
        shown = [float(cell.replace(",", "")) for cell in cells]
        assert all(abs(one - other) <= 1e-5 * other for one, other in zip(shown, times, strict=True)), (shown, times)

    picture = root.locator(".fe-chart-picture")
    picture.scroll_into_view_if_needed()
    picture.hover(position={"x": picture.bounding_box()["width"] - 40, "y": 40})
    root.locator(".fe-chart-tip").filter(has_text="10,000 rows: ").wait_for()

    kernel.run("from firstepoch.widgets.cost import measure; measure.POINT_SECONDS = measure.LONGEST_SECONDS = 60")
    kernel.run("measure.MOST = 10**6")
    press("Measure")
    root.locator(".fe-job-progress").filter(has_text="0 of 3 · 1,000 rows: all rows").wait_for()
    press("Stop")
    wait_status("done")
    kernel.run("measure.POINT_SECONDS, measure.LONGEST_SECONDS, measure.MOST = 0.5, 6.0, 51")
    assert kernel("(view.report['outcome'], len(view.recording))") == ("stopped", 0)
    until(root.locator(".fe-sentence").inner_text, "Stopped before anything was measured.")
    root.get_by_label("batch size").fill("2000")
    page.keyboard.press("Tab")
    root.locator(".fe-error").filter(has_text="The batch size is 2,000").wait_for()
    until(root.get_by_label("batch size").input_value, "10")
    press("Reset")
    wait_status("idle")
    page.wait_for_function(f"({DOTS})().length === 0")
    assert page.problems[before:] == []
