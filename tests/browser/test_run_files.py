"""Two runs compared and a run taken along, as a student does it: real charts, real downloads."""

import json
import re

import pytest
from settled import until


@pytest.fixture
def two_runs(fresh):
    """A card with two short runs that differ in their units, the second one on the card."""
    card = fresh(epochs=12)
    card.train()
    card.set("units", 4)
    card.kernel.wait("live.units", [4])
    card.train()
    return card


@pytest.mark.parametrize("host", ["voila"], indirect=True)
def test_two_runs_are_put_beside_each_other(two_runs):
    card = two_runs
    page = card.page
    card.root.get_by_label("compare with").select_option("1")
    for chart in (0, 1):
        card.wait_curves(12, chart=chart)
        until(lambda chart=chart: card.root.locator(".fe-chart").nth(chart).locator("path.dot").count(), 24)
    card.wait_text(".fe-chart-compared", "lines with ◆: run 1; without: run 2")
    both = card.kernel("live.comparison")
    cells = (
        "(section) => [...section.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((it) => it.innerText))"
    )
    rows = card.root.locator(".fe-compare").evaluate(cells)
    assert rows == [["units", "4", "16", "differs"], *both["results"]]
    assert card.root.locator(".fe-compare p").all_inner_texts() == both["words"]

    picture = card.root.locator(".fe-chart-picture").first
    picture.scroll_into_view_if_needed()

    def told_at_the_middle():
        area = card.root.locator(".fe-chart .plotarea_background").first.bounding_box()
        page.mouse.move(area["x"] + area["width"] * 0.5, area["y"] + area["height"] / 2)
        return card.root.locator(".fe-chart-tip").first.locator("div").all_inner_texts()

    lines = until(told_at_the_middle, lambda found: len(found) == 5)
    epoch = int(re.fullmatch(r"epoch (\d+) · run 2 ◆ run 1", lines[0])[1])
    losses = card.kernel(f"[live.kept_runs[run].history['val_loss'][{epoch - 1}] for run in (2, 1)]")
    assert [float(value) for value in lines[2].removeprefix("validation loss ").split(" ◆ ")] == [
        pytest.approx(loss, rel=1e-5) for loss in losses
    ]
    page.mouse.move(0, 0)

    page.set_viewport_size({"width": 360, "height": 1000})
    wide = "(element) => element.scrollWidth > element.clientWidth"
    for part in (".fe-scroll:has(.fe-runs)", ".fe-compare"):
        until(lambda part=part: card.root.locator(part).evaluate(wide), False)
    page.set_viewport_size({"width": 1400, "height": 1000})
    card.root.get_by_label("compare with").select_option("0")
    card.root.locator(".fe-compare").wait_for(state="hidden")
    card.wait_curves(12, pale=2)


def test_the_files_of_a_run_are_downloaded(two_runs, host, tmp_path):
    page, _ = host
    card = two_runs
    card.root.get_by_role("button", name="show run 1").click()
    card.kernel.wait("live.shown", 1)
    card.root.get_by_text("Take this run with you", exact=True).click()
    card.wait_text("details p", "The files of run 1, the one on this card.")

    def download(label, name):
        with page.expect_download() as found:
            card.press(label)
        assert found.value.suggested_filename == name
        path = tmp_path / name
        found.value.save_as(path)
        card.wait_text("details p", f"{name} (")
        return path

    path = download("Numbers (csv)", "run_1.csv")
    head, *rows = path.read_text().splitlines()
    history = json.loads(card.kernel("__import__('json').dumps(dict(live.kept_runs[1].history))"))
    assert head.split(",") == ["epoch", *history]
    assert [[float(value) for value in row.split(",")] for row in rows] == [
        [epoch, *values] for epoch, values in enumerate(zip(*history.values(), strict=True))
    ]
    if page.host != "voila":
        return
    path = download("Keras model", "run_1.keras")
    card.kernel.run(
        "import keras, numpy\n"
        f"loaded = keras.models.load_model({str(path)!r})\n"
        "mine, theirs = (one.predict(data.x_test, verbose=0) for one in (loaded, live.kept_runs[1].model))"
    )
    assert card.kernel("numpy.array_equal(mine, theirs) and loaded.count_params()") == 497
    path = download("Curves (PNG)", "run_1.png")
    card.kernel.run(f"live.kept_runs[1].picture({str(tmp_path / 'theirs.png')!r})")
    assert path.read_bytes() == (tmp_path / "theirs.png").read_bytes()
