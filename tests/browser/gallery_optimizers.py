"""Pictures of OptimizerRace in all its states, for gallery.py."""

RACE = ".fe-optimizers"
ALL = "('sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw')"


def optimizer_race(camera, kernel):
    """The start, in the middle, the end; seven of them; a schedule; one that diverges; an error; the folds."""
    page = camera.page

    def show(code):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show({code})")
        page.wait_for_selector(f"{RACE}:not([data-old]) .fe-racer")
        page.locator("[data-old]").first.wait_for(state="detached")

    def go(step):
        page.locator(f"{RACE} .fe-player input[type=range]").evaluate(
            "(it, at) => { it.value = at; it.dispatchEvent(new Event('input')); }", step
        )

    def take(state):
        camera.take(f"optimizer-race_{state}", RACE)

    show("widgets.OptimizerRace()")
    take("start")
    go(8)
    take("first-turn")
    go(60)
    take("end")
    page.locator(RACE).get_by_text("The numbers", exact=True).click()
    page.locator(RACE).get_by_text("The code", exact=True).click()
    page.locator(RACE).get_by_label("numbers of").select_option("Adam")
    page.locator(RACE).get_by_label("start w₁").fill("")
    page.locator(RACE).get_by_label("Adam: beta_1 β₁").fill("1")
    page.keyboard.press("Tab")
    page.locator(f"{RACE} .fe-problem").wait_for()
    take("error-and-folds")
    show(f"widgets.OptimizerRace({ALL}, learning_rates=dict(adagrad=0.5, adam=0.2, adamw=0.2))")
    take("seven-start")
    go(14)
    take("seven")
    show(
        "widgets.OptimizerRace(('sgd', 'nesterov', 'adam', dict(name='adam', learning_rate=0.5)), "
        "'ill-conditioned bowl', schedule='cosine')"
    )
    go(30)
    take("schedule")
    show("widgets.OptimizerRace(('sgd', 'rmsprop'), learning_rates=dict(sgd=0.5))")
    go(20)
    take("diverged")
    show("widgets.OptimizerRace(('adam', 'nadam', 'lion'), lambda w: (w[0] - 1)**2 + 3 * w[1]**2)")
    go(12)
    take("own-function")
    kernel.run("view.hidden = ['nadam', 'lion']")
    take("hidden")
