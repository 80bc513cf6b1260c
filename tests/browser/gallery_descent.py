"""Pictures of GradientStep in all its states, for gallery.py."""

STEP = ".fe-descent"


def gradient_step(camera, kernel):
    """The start, in the middle, the end; two weights; too large, diverging; flat; a function of one's own; an error."""
    page = camera.page
    kernel.run("import tensorflow as tf")

    def show(code):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show(widgets.GradientStep({code}))")
        page.wait_for_selector(f"{STEP}:not([data-old]) .fe-ball")
        page.locator("[data-old]").first.wait_for(state="detached")

    def take(state, step=None):
        if step is not None:
            page.locator(f"{STEP} .fe-player input[type=range]").evaluate(
                "(it, at) => { it.value = at; it.dispatchEvent(new Event('input')); }", step
            )
        camera.take(f"gradient-step_{state}", STEP)

    show("'two minima', learning_rate=0.05, steps=10")
    take("start")
    take("middle", 3)
    take("end", 10)
    page.locator(STEP).get_by_text("The numbers", exact=True).click()
    page.locator(STEP).get_by_text("The code", exact=True).click()
    page.locator(STEP).get_by_label("learning rate α", exact=True).fill("-1")
    page.keyboard.press("Tab")
    page.locator(f"{STEP} .fe-problem").wait_for()
    take("error-and-folds")
    show("'plateau', start=3.5")
    take("plateau", 2)
    show("'bowl', learning_rate=0.9")
    take("too-large", 4)
    show("'bowl', learning_rate=1.2")
    take("diverging-start")
    take("diverging", 12)
    show("'valley'")
    take("valley", 6)
    page.locator(f"{STEP} .fe-choice button").last.evaluate("(it) => it.click()")
    take("valley-end", 30)
    show("'ill-conditioned bowl'")
    take("ill-conditioned", 2)
    show("'saddle', start=[2.0, 0.0]")
    take("saddle", 8)
    show("lambda w: tf.sin(w) + 0.1 * w**2, start=4.0, optimizer='momentum'")
    take("own", 5)
    show("lambda w: np.sin(w[0]) + w[1]**2 / 4, start=[3.0, 2.0], learning_rate=0.5")
    take("own-numpy", 3)
