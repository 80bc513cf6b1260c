"""What axe-core finds in the opening state of each widget; `make gallery` has it look at all states."""

import axe
import every_widget
import reflow
from pages import open_voila, wait_width
from tensor_page import TensorPage


def test_no_widget_keeps_anyone_out_when_it_opens(page, voila):
    # On a page of its own: cards that were once narrow, with their text spaced out, are not as new.
    kernel = voila.kernel(open_voila(page, voila, "tensor"))
    it = TensorPage(page, kernel, "voila")
    every_widget.show(it)
    for theme, width in (("light", 1400), ("dark", 360)):
        it.page.locator("#fe-theme").select_option(theme)
        wait_width(it.page, width)
        assert [f"{theme}, {width} px: {found}" for found in axe.check(it.page)] == []
    wait_width(it.page, 320)
    assert "\n".join(reflow.lost(it.page, ".fe")) == ""
    kernel.close()


def test_what_keeps_people_out_is_found(page):
    page.set_content("""<html lang="en"><title>Bad</title><main><h1>Bad</h1><input>
      <button>Go</button><p style="color: #999; background: #fff">pale words</p></main>""")
    assert {found.rule for found in axe.check(page)} == {"label", "color-contrast"}
    assert {found.rule for found in axe.check(page, "p")} == {"color-contrast"}


def test_what_is_lost_on_a_narrow_page_is_found(page):
    page.set_viewport_size({"width": 320, "height": 600})
    page.set_content("""<div class="fe"><div style="overflow: auto"><p style="width: 900px">scrolls</p></div>
      <p style="width: 900px">wide</p><button style="width: 60px">Incomprehensibilities</button></div>""")
    found = reflow.lost(page, ".fe")
    assert found[:2] == ['sticks out: p  "wide"', 'is cut: button  "Incomprehensibilities"'], found
    assert not any("scrolls" in one for one in found)
