"""ModelStyles and KerasStack on a page: built by Keras in the kernel, lit by keys, changed, refused; the stack read."""

from settled import until

STYLES, STACK = ".fe-styles", ".fe-stack"


def test_a_model_three_ways_and_what_lies_under_it(voila_tensor_host):
    it = voila_tensor_host
    page, kernel = it.page, it.kernel
    before = len(page.problems)
    it.show("widgets.ModelStyles()", STYLES)
    root = page.locator(f"{STYLES}[data-status=done]")
    root.wait_for(timeout=120_000)
    assert root.locator(".fe-styles-found").inner_text() == kernel("view.said")
    outputs = kernel("[round(float(one), 4) for one in view.recording['subclassed'][:3, 0]]")
    shown = root.locator(".fe-styles-facts").last.inner_text().split("Outputs: ")[1]
    assert [float(one) for one in shown.removesuffix(", …").split(", ")] == outputs

    root.get_by_role("button", name="Dense(16, relu)").focus()
    page.keyboard.press("Enter")
    assert root.locator(".fe-styles-code .fe-lit").count() == 4
    page.keyboard.press("Escape")
    until(root.locator(".fe-styles-code .fe-lit").count, 0)

    root.get_by_label("of these, in a second input").fill("23")
    root.get_by_label("hidden units").fill("many")
    page.keyboard.press("Tab")
    root.locator(".fe-problem").filter(has_text="'many' among them").wait_for()
    until(root.get_by_label("hidden units").input_value, "16")
    root.locator(".fe-styles-refused").filter(has_text="Keras refuses it").wait_for()
    until(lambda: kernel("(view.second, view.units)"), (23, [16]))

    it.show("widgets.KerasStack(level='backend')", STACK)
    page.locator(f"{STACK}[data-status=done]").wait_for(timeout=120_000)
    page.get_by_role("button", name="Backend: TensorFlow").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("heading", name="Hardware", exact=True).wait_for()
    until(lambda: kernel("view.level"), "hardware")
    assert page.problems[before:] == []
