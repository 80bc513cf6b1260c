"""Autodiff as a learner meets it, in Voilà and in JupyterLab, on the page the tensor tests share."""

import pytest
from pages import wait_width
from settled import until

AUTODIFF = ".fe-autodiff"


def position(it):
    return it.root.locator(".fe-player output").inner_text()


def node(it, name):
    """A node of the graph, by its name."""
    return it.root.locator(f".fe-ad-node[aria-label^='{name}:'], .fe-ad-node[aria-label^='{name} =']")


def test_play_to_the_end_change_a_value_and_check(it):
    page = it.page
    it.show("widgets.Autodiff('p = sigmoid(w * x + b)\\n-log(p)', w=0.5, b=-0.3, x=1.2)", AUTODIFF)
    node(it, "w").wait_for()
    sent = len(it.messages())
    assert position(it) == "forward 0 / 5"
    it.root.get_by_label("speed").select_option("16")
    it.root.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function("document.querySelector('.fe-autodiff output').textContent === 'backward 6 / 6'")
    it.root.get_by_role("button", name="play", exact=True).wait_for()
    assert len(it.messages()) == sent, "playing asks the kernel for nothing"
    sentence = it.text(".fe-sentence")
    assert sentence == it.kernel("view.recording.settings['sentences'][-1]")
    until(lambda: it.spoken, sentence)
    assert "Done: dloss/dw = −0.511" in sentence

    it.root.get_by_label("b", exact=True).fill("0.7")
    page.keyboard.press("Tab")
    gradient = node(it, "w").locator(".fe-ad-gradient").filter(has_text="−0.257")
    gradient.wait_for()
    assert position(it) == "backward 6 / 6" and round(it.kernel("view.gradient['w']"), 3) == -0.257
    it.root.get_by_label("b", exact=True).fill("-1000")
    page.keyboard.press("Tab")
    it.wait_text(".fe-problem", "⚠ Not changed: log(p) cannot be calculated: p is 0, and log needs a number above 0.")
    until(it.root.get_by_label("b", exact=True).input_value, "0.7")
    assert gradient.is_visible() and it.kernel("view.values['b']") == 0.7

    it.root.get_by_label("expression").fill("square(w - 3)")
    it.root.get_by_role("button", name="Draw it").click()
    node(it, "loss").filter(has_text="square").wait_for()
    assert position(it) == "forward 0 / 2" and it.kernel("view.gradient") == {"w": -5.0}
    it.root.get_by_label("expression").fill("w * x + b")
    it.root.get_by_role("button", name="Draw it").click()
    node(it, "b").wait_for()
    assert it.kernel("view.values") == {"w": 0.5, "x": 1.0, "b": 1.0}

    it.root.get_by_role("button", name="Check with GradientTape").click()
    it.root.locator(".fe-ad-check td").first.wait_for(timeout=120_000)
    rows = [row.locator("th, td").all_inner_texts() for row in it.root.locator(".fe-ad-check tbody tr").all()]
    assert [row[0] for row in rows] == ["loss", "dloss/dw", "dloss/db"]
    assert all(row[3].startswith("✓ equal to") for row in rows), rows
    for row, name in zip(rows[1:], ("w", "b"), strict=True):
        assert float(row[1].replace("−", "-")) == it.kernel(f"view.gradient[{name!r}]")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_by_keyboard_alone_with_less_motion_and_on_every_width(it):
    page = it.page
    page.emulate_media(reduced_motion="reduce")
    try:
        it.show("widgets.Autodiff()", AUTODIFF)
        node(it, "w").wait_for()
        it.root.get_by_label("y (data)").focus()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("w: value 0.5")
        page.keyboard.press("ArrowRight")
        assert position(it) == "forward 1 / 11"
        assert it.root.locator(".fe-ad-dot").count() == 0
        for _ in range(4):
            page.keyboard.press("ArrowDown")
        assert it.text(".fe-ad-readout") == "v1 = w × x: value 0.6, no gradient yet"
        page.keyboard.press("End")
        exact = str(it.kernel("view.recording['gradient'][-1, 4].item()")).replace("-", "−")
        assert it.text(".fe-ad-readout") == f"v1 = w × x: value 0.6, gradient dloss/dv1 = {exact}"
        for width, way in ((320, "vertical"), (800, "vertical"), (1400, "horizontal")):
            wait_width(page, width, it.root)
            it.root.locator(f"svg.fe-ad-{way}").wait_for()
            held = "document.activeElement.getAttribute('aria-label')"
            until(lambda held=held: page.evaluate(held), lambda name: name and name.startswith("v1 = w × x"))
    finally:
        page.set_viewport_size({"width": 1400, "height": 1000})
        page.emulate_media(reduced_motion="no-preference")
