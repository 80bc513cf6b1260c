"""Presenter mode enlarges a page by CSS zoom: cards still fit it, and the pointer still hits what it points at."""

import pytest
from settled import until
from test_descent import answered, drag, step


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_a_card_in_presenter_mode_fits_has_large_targets_and_follows_the_mouse(it):
    step(it)
    it.page.evaluate("document.activeElement.blur()")
    it.page.keyboard.press("p")
    try:
        until(lambda: it.root.evaluate("(root) => root.currentCSSZoom"), 1.5)
        until(lambda: it.page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0)
        sizes = it.root.get_by_role("button").evaluate_all(
            "(all) => all.filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().height)"
        )
        assert len(sizes) >= 4 and min(sizes) >= 44
        ball = it.root.locator(".fe-ball").locator("visible=true")
        before = ball.bounding_box()["x"]
        drag(it, -150)
        answered(it, "2.35")
        until(lambda: before - 150 - ball.bounding_box()["x"], lambda off: abs(off) < 4)
    finally:
        it.page.get_by_role("button", name="Leave presenter mode").click()
