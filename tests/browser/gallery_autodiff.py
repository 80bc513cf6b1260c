"""Pictures of Autodiff in all its states, for gallery.py."""

ROOT = ".fe-autodiff:not([data-old])"
BIG = (
    "h1 = tanh(w1 * x1 + w2 * x2 + b1)\\n"
    "h2 = tanh(w3 * x1 + w4 * x2 + b2)\\n"
    "p = sigmoid(w5 * h1 + w6 * h2 + b3)\\n"
    "-(y * log(p) + (1 - y) * log(1 - p))"
)
VALUES = "w1=0.4, w2=-0.7, b1=0.1, w3=0.2, w4=0.9, b2=-0.2, w5=1.1, w6=-0.6, b3=0.05, x1=0.8, x2=-1.3, y=1"
CARDS = {
    "two-layers": f"widgets.Autodiff('{BIG}', {VALUES})",
    "shared": "widgets.Autodiff('w * w * w + exp(w) / (1 + w ** 2)', w=1.5)",
    "small": "widgets.Autodiff('(w * x + b - y) ** 2', w=2.0, b=0.5, x=1.0, y=3.0)",
    "numbers": "widgets.Autodiff('w * 12345.678 - b ** 3', w=-98765.4321, b=0.000012345)",
    "wide": f"widgets.Autodiff('{' + '.join(f'square(w{k} - {k})' for k in range(1, 9))}', "
    f"{', '.join(f'w{k}={k / 3:.2f}' for k in range(1, 9))})",
    "long": "widgets.Autodiff('{}', w=0.3)".format("sin(" * 20 + "w" + ")" * 20),
    "function": "widgets.Autodiff(lambda w, x: np.exp(-(w * x)) + abs(w), w=0.5, x=2)",
}


def autodiff(camera, kernel):
    """Autodiff: at its start, half way forward, half way back, done, checked, refused; other graphs when done."""
    page = camera.page
    root = page.locator(ROOT)

    def show(code):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show({code})")
        root.locator(".fe-ad-node").first.wait_for()
        page.locator("[data-old]").first.wait_for(state="detached")

    def go(frame):
        root.locator(".fe-player input[type=range]").evaluate(
            "(it, at) => { it.value = at < 0 ? it.max : at; it.dispatchEvent(new Event('input')); }", frame
        )

    show("widgets.Autodiff()")
    for state, frame in (("start", 0), ("forward", 4), ("turn", 12), ("sum", 20), ("done", -1)):
        go(frame)
        camera.take(f"autodiff_{state}", ROOT)
    root.get_by_label("expression").fill("w * x + * b")
    root.get_by_role("button", name="Draw it").click()
    root.locator(".fe-problem").filter(has_text="cannot be read").wait_for()
    camera.take("autodiff_misspelt", ROOT)
    show("widgets.Autodiff()")
    go(-1)
    root.get_by_label("b", exact=True).fill("1000")
    root.get_by_label("b", exact=True).press("Tab")
    root.locator(".fe-problem").filter(has_text="Not changed").wait_for()
    camera.take("autodiff_refused", ROOT)
    kernel.run("view.values = {**view.values, 'b': 0.2}; _ = view.check()")
    root.locator(".fe-ad-check td").first.wait_for()
    root.evaluate("(root) => root.querySelectorAll('details').forEach((fold) => fold.open = true)")
    root.locator(".fe-ad-node").nth(3).focus()
    camera.take("autodiff_checked-folds-open", ROOT)
    for name, code in CARDS.items():
        show(code)
        go(-1)
        camera.take(f"autodiff_{name}", ROOT)
