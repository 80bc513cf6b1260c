"""DataTour as a learner meets it: the walk through its stages by mouse and keys."""

import pytest
from pages import wait_width
from settled import until

TOUR = ".fe-tour"
GIVEN = "heart.load(), columns=HEART_COLUMNS, exercise=tour_tasks.PUZZLE"
SETUP = (
    "from firstepoch import heart; from firstepoch.data import HEART_COLUMNS; from firstepoch.lessons import tour_tasks"
)


def test_find_the_strays_and_follow_one_to_its_inputs(it):
    it.kernel.run(SETUP)
    it.show(f"widgets.DataTour({GIVEN})", TOUR)
    page, root, kernel = it.page, it.root, it.kernel

    def press(name):
        root.get_by_role("button", name=name, exact=True).click()

    press("5 A puzzle")
    root.get_by_label("column to filter by").select_option("cp")
    root.get_by_role("combobox", name="value").select_option("0")
    it.wait_text(".fe-sentence", "4 of 303 patients have cp = 0.")
    for label in (247, 248, 250, 251):
        root.get_by_role("checkbox", name=f"mark patient {label}").check()
    it.wait_text(".fe-tour-said", "4 of 6 found. 2 more are to be found elsewhere.")
    kernel.wait("view.marked", [247, 248, 250, 251])
    press("take away the filter cp = 0")
    it.wait_text(".fe-sentence", "303 patients, 14 columns")
    for label in (249, 252):
        box = root.get_by_role("checkbox", name=f"mark patient {label}")
        box.focus()
        page.keyboard.press("Space")
    it.wait_text(".fe-tour-told", "The 29 inputs of the lecture are 26 and these 3.")
    assert kernel("(view.found['solved'], view.marked)") == (True, list(range(247, 253)))

    root.locator(".fe-tour-table tbody button").get_by_text("248", exact=True).click()
    it.wait_text(".fe-sentence", "Patient 248 (a training row) as the table has it.")
    kernel.wait("(view.stage, view.row)", ("row", 248))
    root.locator(".fe-play").focus()
    page.keyboard.press("ArrowRight")
    age = kernel("view.turned['steps'][0]['sum']")
    it.wait_text(".fe-tour-sum", age)
    page.keyboard.press("End")
    it.wait_text(".fe-tour-count", "inputs made: 29 of 29 = 6 of 6 standardised + 23 of 23")
    cells = root.locator(".fe-tour-made li").all_inner_texts()
    names = kernel("list(view.inputs()['input'])")
    assert [cell.split("\n")[0] for cell in cells] == names
    lit = {name for name, value in kernel("view.inputs()[['input', 'value']].values.tolist()") if value == 1}
    assert {cell.split("\n")[0] for cell in cells if cell.split("\n")[1] == "1"} == lit
    page.keyboard.press("PageDown")
    kernel.wait("view.row", 249)
    page.wait_for_function("document.querySelector('.fe-tour-hand input').value === '249'")
    until(root.locator(".fe-position").inner_text, "column 14 / 14")
    root.get_by_text("The numbers", exact=True).click()
    lines = kernel("view.inputs().astype(str).values.tolist()")
    rows = root.get_by_label("All inputs").locator("tbody tr")
    until(rows.count, len(lines))
    table = [row.locator("th, td").all_inner_texts() for row in rows.all()]
    for cells, line in zip(table, lines, strict=True):
        column, name, raw, value = line
        assert [cells[0], *cells[2:]] == [name, column, raw] and float(cells[1].replace("−", "-")) == pytest.approx(
            float(value), rel=1e-7
        )

    press("4 By class")
    page.wait_for_selector(f"{TOUR} .bqplot .plotarea_background")
    page.wait_for_function("document.querySelectorAll('.fe-tour .bqplot .curve').length === 2")
    root.get_by_role("combobox", name="column", exact=True).select_option("chol")
    root.get_by_label("standardised").check()
    it.wait_text(".axislabel", "chol, in standard deviations from the mean")
    root.locator(".fe-chart-picture").hover(position={"x": 200, "y": 100})
    root.locator(".fe-chart-tip").filter(has_text="chol ").wait_for()
    press("3 Class balance")
    it.wait_text(".fe-tour-baseline", "44 of 61 test patients")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_narrow_pages_need_no_horizontal_scroll_bar(it):
    it.kernel.run(SETUP)
    it.show(f"widgets.DataTour({GIVEN})", TOUR)
    size = it.page.viewport_size
    for stage in ("table", "row", "balance", "distributions", "exercise"):
        it.kernel.run(f"view.stage = {stage!r}")
        it.page.wait_for_selector(f"{TOUR}[data-stage={stage}]")
        wait_width(it.page, 320)
    it.page.set_viewport_size(size)
