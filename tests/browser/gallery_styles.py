"""Pictures of ModelStyles and KerasStack in all their states, for gallery.py."""

STYLES = ".fe-styles"
STACK = ".fe-stack"


def model_styles(camera, kernel):
    """While Keras is loaded, built, a layer held, two inputs, two hidden layers with dropout, an error, the folds."""
    page = camera.page

    def show(code, status="done"):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show({code})")
        page.wait_for_selector(f"{STYLES}[data-status={status}]:not([data-old])")
        page.locator("[data-old]").first.wait_for(state="detached")

    def take(state):
        camera.take(f"model-styles_{state}", STYLES)

    show("widgets.ModelStyles()")
    take("done")
    page.locator(".fe-styles-unit").nth(1).click()
    take("layer-held")
    page.locator(STYLES).get_by_text("The numbers", exact=True).click()
    page.locator(STYLES).get_by_text("The code", exact=True).click()
    page.locator(STYLES).get_by_text("What the words mean", exact=True).click()
    take("folds-open")
    show("widgets.ModelStyles(second=23)")
    page.locator(".fe-styles-unit").nth(3).click()
    take("two-inputs")
    show("widgets.ModelStyles(units=[64, 32], dropout=0.5, outputs=3, output_activation='softmax')")
    take("two-hidden")
    page.locator(STYLES).get_by_label("hidden units").fill("sixteen")
    page.keyboard.press("Tab")
    page.locator(f"{STYLES} .fe-problem:not([hidden])").wait_for()
    take("error")
    kernel.run("view.set_trait('measured', {}); view.set_trait('status', 'loading')")
    page.wait_for_selector(f"{STYLES}[data-status=loading]")
    take("loading")


def keras_stack(camera, kernel):
    """Each level of the stack, another shelf of the library, the folds."""
    page = camera.page
    kernel.run("show(widgets.KerasStack())")
    page.wait_for_selector(f"{STACK}[data-status=done]")
    titles = {"code": "Your code", "keras": "Keras", "backend": "Backend: TensorFlow", "hardware": "Hardware"}
    for level, title in titles.items():
        kernel.run(f"view.level = {level!r}")
        page.locator(STACK).get_by_role("heading", name=title, exact=True).wait_for()
        camera.take(f"keras-stack_{level}", STACK)
    page.locator(STACK).get_by_role("button", name="Keras layers").click()
    page.locator(STACK).get_by_label("keras.").select_option("applications")
    for fold in ("The operations", "The code", "What the words mean"):
        page.locator(STACK).get_by_text(fold, exact=True).click()
    camera.take("keras-stack_applications", STACK)
