"""Pictures of GradientCost in all its states, for gallery.py."""

COST = ".fe-cost"
ENDED = "() => document.querySelector('.fe-cost:not([data-old])').dataset.status === 'done'"


def gradient_cost(camera, kernel):
    """Before, while and after measuring; a guess; an error; the folds."""
    page = camera.page

    def show(code):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show({code})")
        page.wait_for_selector(f"{COST}:not([data-old]) .bqplot .plotarea_background")
        page.locator("[data-old]").first.wait_for(state="detached")

    def take(state):
        camera.take(f"gradient-cost_{state}", COST)

    def press(name):
        page.locator(COST).get_by_role("button", name=name, exact=True).click()

    show("widgets.GradientCost(ask=True)")
    take("empty")
    page.locator(COST).get_by_label("batch size").fill("5000")
    page.keyboard.press("Tab")
    page.locator(f"{COST} .fe-error").wait_for()
    take("error")
    show("widgets.GradientCost(ask=True, guess=200)")
    kernel.run("from firstepoch.widgets.cost import measure; measure.POINT_SECONDS = measure.LONGEST_SECONDS = 600")
    kernel.run("measure.MOST = 10**7")
    press("Measure")
    page.locator(f"{COST} .fe-job-progress span").filter(has_text="1,000 rows").wait_for()
    take("measuring")
    press("Stop")
    page.wait_for_function(ENDED)
    kernel.run("measure.POINT_SECONDS, measure.LONGEST_SECONDS, measure.MOST = 0.5, 6.0, 51")
    press("Measure")
    page.locator(f"{COST} .fe-job-progress span").filter(has_text="4 of 7").wait_for()
    press("Stop")
    page.wait_for_function(ENDED)
    take("stopped")
    show("widgets.GradientCost(ask=True, guess=31250)")
    press("Measure")
    page.wait_for_function(ENDED)
    take("done")
    page.locator(COST).get_by_text("The numbers", exact=True).click()
    page.locator(COST).get_by_text("The code", exact=True).click()
    take("folds-open")
    show("widgets.GradientCost(inputs=2, hidden=0, largest=100_000, batch_size=1)")
    press("Measure")
    page.wait_for_function(ENDED)
    take("logistic")
