"""TensorView as a learner meets it; what a host can change is tested in Voilà and in JupyterLab."""

import numpy as np
import pytest
from pages import wait_width
from settled import until
from tensor_page import PAINTED, SETTLED

RANKS = {
    0: "42",
    1: "[42, 23.4, 11.2]",
    2: "np.arange(12).reshape(3, 4)",
    3: "np.arange(24).reshape(2, 3, 4)",
    4: "np.arange(120).reshape(2, 3, 4, 5)",
    5: "np.arange(240).reshape(2, 2, 3, 4, 5)",
    6: "np.arange(480).reshape(2, 2, 2, 3, 4, 5)",
    7: "np.arange(960).reshape(2, 2, 2, 2, 3, 4, 5)",
}
ODD = {
    "empty": "np.zeros((3, 0, 2))",
    "sizes of one": "np.ones((1, 1, 1, 1))",
    "long": "np.arange(10_000)",
    "bool": "np.array([[True, False]])",
    "int8": "np.arange(6, dtype='int8')[::-1]",
    "float16": "np.float16([1.5, 2.25])",
    "bfloat16": "np.array([1.5, 3]).astype(__import__('ml_dtypes').bfloat16)",
    "complex": "np.array([1 + 2j, 3])",
    "text": "[['a', 'b'], ['long words here', '']]",
    "special": "[np.nan, np.inf, -np.inf, 0]",
    "backwards": "np.arange(24).reshape(2, 3, 4)[::-1, :, ::-1]",
    "Fortran": "np.asfortranarray(np.arange(12).reshape(3, 4))",
    "read-only": "np.broadcast_to(np.arange(4), (3, 4))",
}


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_every_rank_is_drawn_and_told(it):
    for rank, code in RANKS.items():
        it.show(f"widgets.TensorView({code})")
        shape = it.kernel("view.value.shape")
        assert it.state.startswith(f"rank {rank} · {shape} · "), it.state
        assert it.painted() > 0.005, rank
        index = ", ".join("0" * rank)
        assert it.hand[0] == (f"x[{index}]" if rank else "x")
        assert float(it.hand[1].replace(",", "")) == it.kernel("float(view.value.flat[0])")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
@pytest.mark.parametrize("name", ODD)
def test_odd_tensors_are_drawn(it, name):
    it.show(f"widgets.TensorView({ODD[name]})")
    shape = it.kernel("view.value.shape")
    assert f"rank {len(shape)} · {shape}" in it.state
    assert it.painted() > 0.001


def test_keys_alone_move_tell_and_take(it):
    it.show("widgets.TensorView(np.arange(24).reshape(2, 3, 4), axes='samples, time, features')")
    it.keys("ArrowRight", "ArrowRight", "ArrowDown", "PageDown")
    assert it.hand == ("x[1, 1, 2]", "18")
    assert it.spoken == "x[1, 1, 2] = 18. samples 1, time 1, features 2"
    it.keys("Enter")
    it.wait_selection("1, 1, 2")
    assert it.kernel("int(view.selected)") == 18
    it.keys("Escape")
    it.wait_selection("")
    it.keys("End", "ArrowUp", "PageUp")
    assert it.hand == ("x[0, 0, 3]", "3")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_keys_turn_the_cube_and_pull_it_apart(it):
    it.show("widgets.TensorView(np.arange(1000).reshape(10, 10, 10))")
    before = it.settled()
    sent = len(it.messages())
    it.keys("Shift+ArrowLeft", "Shift+ArrowUp")
    turned = it.settled()
    assert turned != before
    it.keys("+", "+", "+")
    apart = it.settled()
    assert apart != turned
    it.keys("-", "-", "-")
    assert it.settled() == turned
    it.root.get_by_role("button", name="turn back").click()
    it.page.mouse.move(0, 0)
    assert it.settled() == before
    assert len(it.messages()) == sent


def test_the_mouse_turns_the_cube_and_the_kernel_hears_nothing(it):
    it.show("widgets.TensorView(np.arange(1000).reshape(10, 10, 10))")
    it.stage.scroll_into_view_if_needed()
    before, sent = it.settled(), len(it.messages())
    box = it.canvas.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    it.page.mouse.move(x, y)
    it.page.mouse.down()
    it.page.mouse.move(x + 90, y + 30, steps=12)
    it.page.mouse.up()
    assert it.settled() != before
    assert len(it.messages()) == sent
    assert it.kernel("view.selection") == "", "a drag turns and takes nothing"


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_the_mouse_points_and_takes_a_rectangle(it):
    it.show("widgets.TensorView(np.arange(12).reshape(3, 4))")
    it.stage.scroll_into_view_if_needed()
    box = it.canvas.bounding_box()
    found = {}
    for across in range(0, int(box["width"]), 24):
        for down in range(0, int(box["height"]), 24):
            it.page.mouse.move(box["x"] + across, box["y"] + down)
            found.setdefault(it.text(".fe-hand code"), (box["x"] + across + 4, box["y"] + down + 4))
        if "x[2, 3]" in found:
            break
    assert len(found) == 12
    it.page.mouse.move(*found["x[0, 1]"])
    it.page.mouse.down()
    it.page.mouse.move(*found["x[1, 2]"], steps=5)
    it.page.mouse.up()
    it.wait_selection("0:2, 1:3")
    assert it.kernel("view.selected.tolist()") == [[1, 2], [5, 6]]
    assert it.text(".fe-takes") == "takes (2, 2), rank 2, 4 elements"


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_the_index_bar_writes_and_reads_slices(it):
    it.show("widgets.TensorView(np.arange(24).reshape(2, 3, 4))")
    plain = it.settled()
    field = it.root.locator(".fe-index-code input")
    field.fill("..., -1")
    field.press("Enter")
    it.wait_text(".fe-takes", "takes (2, 3), rank 2, 6 elements")
    assert it.kernel("view.code") == "x[..., -1]"
    assert it.settled() != plain, "what is taken is seen"
    field.fill("5")
    field.press("Enter")
    it.wait_text(".fe-index .fe-error", "Index 5 is out of range: axis 0 of shape (2, 3, 4) goes from 0 to 1")
    assert it.kernel("view.selection") == "..., -1", "what was taken stays"
    it.root.get_by_role("button", name="take all").click()
    it.wait_text(".fe-takes", "takes everything")
    it.root.get_by_label("axis 1: take").select_option("one")
    it.root.get_by_label("axis 1: index").fill("2")
    it.wait_selection(":, 2")
    it.root.get_by_label("axis 2: take").select_option("slice")
    it.wait_selection(":, 2, :2")
    assert it.kernel("view.selected.tolist()") == [[8, 9], [20, 21]]
    it.kernel.run("view.selection = '1, 0'")
    it.wait_text(".fe-takes", "takes (4,), rank 1, 4 elements")
    assert it.root.get_by_label("axis 0: take").input_value() == "one"


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_zoom_reaches_every_single_value(it):
    it.show("widgets.TensorView(np.random.default_rng(0).normal(size=(3000, 2000)).astype('float32'))")
    it.kernel("view.wait(60)")
    it.wait_text(".fe-window .fe-note", "Each cell is the mean of")
    code, value = it.hand
    assert code.endswith(".mean()")
    x = code.removesuffix(".mean()")
    assert float(value.replace("−", "-")) == pytest.approx(
        it.kernel(f"float(view.value{x[1:]}.mean(dtype=float))"), abs=1e-6
    )
    it.keys("End")
    for _ in range(12):
        if it.root.get_by_role("button", name="zoom in").is_disabled():
            break
        before = it.kernel("view.window")
        bar = it.root.locator(".fe-window")
        words = bar.text_content()
        it.keys("z")
        it.page.wait_for_function("([bar, old]) => bar.textContent !== old", arg=[bar.element_handle(), words])
        assert it.kernel("view.window") != before
    code, value = it.hand
    row, column = map(int, code.removeprefix("x[").removesuffix("]").split(", "))
    assert row < 3000 and column > 1900
    assert np.float32(value.replace("−", "-")) == np.float32(it.kernel(f"float(view.value[{row}, {column}])"))
    start = it.kernel("view.window")
    it.keys(*["ArrowLeft"] * 300)
    it.page.wait_for_function("(old) => document.querySelector('.fe-hand code').textContent !== old", arg=code)
    # The window goes along with the cell in hand.
    until(lambda: it.kernel("view.window"), lambda now: now != start)
    it.root.get_by_role("button", name="whole").click()
    it.wait_text(".fe-window .fe-note", "Each cell is")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
@pytest.mark.parametrize(
    "operation",
    [
        "'expand_dims', axis=0",
        "'squeeze'",
        "'reshape', shape=[2, 6]",
        "'transpose'",
        "'stack', np.ones((3, 4), int)",
        "'concat', np.ones((3, 4), int), axis=1",
        "'reduce_sum', axis=0",
        "'reduce_mean', axis=1",
        "'matmul', np.ones((4, 2), int)",
        "'add', [10, 20, 30, 40]",
        "'multiply', [[1], [2], [3]]",
    ],
)
def test_an_operation_plays_to_its_end_and_the_kernel_hears_nothing(it, operation):
    it.show("widgets.TensorView(np.arange(12).reshape(3, 4))")
    it.kernel.run(f"view.apply({operation})")
    card = it.root.locator(".fe-operation")
    card.wait_for()
    canvas = card.locator("canvas")
    sent = len(it.messages())
    seen = {card.locator(".fe-operation-sentence").inner_text()}
    player = card.locator(".fe-player")
    if player.is_visible():
        player.get_by_label("speed").select_option("16")
        slider = player.locator("input[type=range]")
        last = int(slider.get_attribute("max"))
        it.page.wait_for_function(
            "([slider, last]) => Number(slider.value) === last", arg=[slider.element_handle(), last]
        )
        for frame in range(last + 1):
            slider.evaluate("(it, frame) => { it.value = frame; it.dispatchEvent(new Event('input')); }", frame)
            seen.add(card.locator(".fe-operation-sentence").inner_text())
        assert len(seen) == last + 1 >= 2
    canvas.evaluate(SETTLED)
    assert canvas.evaluate(PAINTED) > 0.02
    assert len(it.messages()) == sent
    shape = it.kernel("view.result.shape")
    assert card.locator(".fe-operation-code").first.inner_text().endswith(f"→ {shape}")


def test_an_operation_is_asked_for_on_the_page_and_a_wrong_one_says_what_to_try(it):
    it.show("widgets.TensorView(np.arange(12).reshape(3, 4))")
    it.root.get_by_text("Operations", exact=True).click()
    it.root.get_by_label("operation", exact=True).select_option("reshape")
    it.root.get_by_label("arguments").fill("shape=[5, 2]")
    it.root.get_by_role("button", name="Show it").click()
    it.wait_text("details .fe-error", "(3, 4) has 12 elements, (5, 2) holds 10. Try (-1, 2)")
    assert it.kernel("view.result") is None
    it.root.get_by_label("arguments").fill("shape=[-1, 6]")
    it.root.get_by_role("button", name="Show it").click()
    it.wait_text(".fe-operation-code", "tf.reshape(x, [-1, 6])")
    assert it.kernel("view.result.tolist()") == np.arange(12).reshape(2, 6).tolist()
    it.root.locator("details .fe-error").wait_for(state="hidden")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_a_film_plays_in_the_browser_alone(it):
    it.show("widgets.TensorView(pictures.films(), axes='samples, time, height, width, channels')")
    it.root.get_by_label("as a film, along time").check()
    player = it.root.locator(":scope > .fe-player")
    player.wait_for()
    sent, first = len(it.messages()), it.settled()
    player.get_by_role("button", name="one frame on").click()
    assert it.settled() != first
    player.get_by_role("button", name="play", exact=True).click()
    slider = player.locator("input[type=range]")
    it.page.wait_for_function("(slider) => slider.value === slider.max", arg=slider.element_handle())
    assert len(it.messages()) == sent


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_colours_can_be_set_and_what_lies_beyond_is_marked(it):
    it.show("widgets.TensorView(np.arange(12).reshape(3, 4))")
    before = it.settled()
    it.root.get_by_label("upper end of the colours").fill("5")
    it.root.get_by_label("upper end of the colours").blur()
    it.page.wait_for_function("([canvas, old]) => canvas.toDataURL() !== old", arg=[it.canvas.element_handle(), before])
    it.kernel.wait("(view.low, view.high)", (None, 5.0))
    it.root.get_by_label("upper end of the colours").fill("")
    it.root.get_by_label("upper end of the colours").blur()
    it.page.wait_for_function("([canvas, old]) => canvas.toDataURL() === old", arg=[it.canvas.element_handle(), before])


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_another_value_takes_the_place_of_the_first(it):
    it.show("widgets.TensorView(np.arange(24).reshape(2, 3, 4), selection='1')")
    it.kernel.run("view.show([1.5, 2.5])")
    it.wait_text(".fe-state", "rank 1 · (2,)")
    it.settled()
    assert it.hand == ("x[0]", "1.5")


def test_tab_reaches_every_control(it):
    it.show("widgets.TensorView(np.arange(120).reshape(2, 3, 4, 5))")
    it.root.evaluate("(root) => root.querySelectorAll('details').forEach((fold) => fold.open = true)")
    count = it.root.evaluate(
        """(root) => {
          const all = [...root.querySelectorAll("button, input, select, summary, [tabindex='0']")];
          window.controls = all.filter((one) => !one.disabled && one.checkVisibility());
          window.reached = new Set();
          root.addEventListener("focusin", (event) => window.reached.add(event.target));
          window.controls[0].focus();
          return window.controls.length;
        }"""
    )
    assert count > 15
    for _ in range(count + 5):
        it.page.keyboard.press("Tab")
    missed = it.page.evaluate("window.controls.filter((one) => !window.reached.has(one)).map((one) => one.outerHTML)")
    assert missed == []
    unnamed = it.root.evaluate(
        """(root) => [...root.querySelectorAll("button, input, select")].filter((one) =>
          !one.getAttribute("aria-label") && !one.textContent.trim() && !one.labels?.length
        ).map((one) => one.outerHTML)"""
    )
    assert unnamed == []


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_a_screen_reader_gets_rank_shape_position_and_values(it):
    it.show("widgets.TensorView(np.arange(24).reshape(2, 3, 4))")
    assert it.stage.get_attribute("aria-label").startswith("Picture of a tensor of rank 3, shape 2 by 3 by 4.")
    it.root.get_by_text("The numbers", exact=True).click()
    it.keys("PageDown")
    table = it.root.locator("details table")
    it.page.wait_for_function(
        "(table) => table.querySelector('caption').textContent.includes('x[1, :, :]')", arg=table.element_handle()
    )
    rows = table.locator("tbody tr").all()
    assert [[int(cell) for cell in row.locator("td").all_inner_texts()] for row in rows] == [
        [12, 13, 14, 15],
        [16, 17, 18, 19],
        [20, 21, 22, 23],
    ]


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_with_less_motion_nothing_is_lost(it):
    it.page.emulate_media(reduced_motion="reduce")
    try:
        it.show("widgets.TensorView(np.arange(1000).reshape(10, 10, 10))")
        before = it.settled()
        it.keys("Shift+ArrowLeft", "+")
        assert it.settled() != before
        it.root.get_by_role("button", name="turn back").click()
        it.page.mouse.move(0, 0)
        assert it.settled() == before
        it.show("widgets.TensorView(np.arange(12).reshape(3, 4))")
        it.kernel.run("view.apply('transpose')")
        card = it.root.locator(".fe-operation")
        card.wait_for()
        slider = card.locator(".fe-player input[type=range]")
        it.page.wait_for_function("(slider) => slider.value === slider.max", arg=slider.element_handle())
        assert card.locator(".fe-operation-sentence").inner_text().startswith("Row [2, :] of x becomes [:, 2]")
    finally:
        it.page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_the_theme_changes_the_picture(it):
    it.show("widgets.TensorView([-1.0, 0.0, 1.0])")
    theme = it.page.locator("#fe-theme")
    theme.select_option("light")
    light = it.settled()
    theme.select_option("dark")
    it.page.wait_for_function("([canvas, old]) => canvas.toDataURL() !== old", arg=[it.canvas.element_handle(), light])
    theme.select_option("light")
    it.page.wait_for_function("([canvas, old]) => canvas.toDataURL() === old", arg=[it.canvas.element_handle(), light])


@pytest.mark.parametrize("code", ["np.arange(24).reshape(2, 3, 4)", "pictures.films()", "np.zeros((2,) * 7)"])
@pytest.mark.parametrize("tensor_host", ["voila"], indirect=True)
def test_no_width_needs_a_horizontal_scroll_bar(it, code):
    it.show(f"widgets.TensorView({code})")
    it.root.evaluate("(root) => root.querySelectorAll('details').forEach((fold) => fold.open = true)")
    try:
        for width in (320, 360, 800, 1400):
            wait_width(it.page, width, it.root)
    finally:
        it.page.set_viewport_size({"width": 1400, "height": 1000})
