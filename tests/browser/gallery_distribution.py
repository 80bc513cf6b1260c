"""Pictures of Distribution and Devices in all their states, for gallery.py."""

DISTRIBUTION = ".fe-distribution"


def distribution(camera, kernel):
    """Before and after a run, and each stage of an update."""
    page = camera.page

    def show(code):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show({code})")
        page.wait_for_selector(f"{DISTRIBUTION}:not([data-old])")
        page.locator("[data-old]").first.wait_for(state="detached")

    def take(state):
        camera.take(f"distribution_{state}", DISTRIBUTION)

    def press(name):
        page.locator(DISTRIBUTION).get_by_role("button", name=name, exact=True).click()

    def status(value):
        reached = "([root, value]) => document.querySelector(root).dataset.status === value"
        page.wait_for_function(reached, arg=[DISTRIBUTION, value], timeout=400_000)

    kernel.run("from firstepoch import heart; data = heart.load()")
    show("widgets.Distribution(heart.build_model, data)")
    take("empty")
    press("Run it")
    page.locator(".fe-job-progress").filter(has_text="starting TensorFlow").wait_for(timeout=120_000)
    take("running")
    status("done")
    take("start")
    for stage in ("deal", "gradient", "reduce", "update"):
        press("one stage on")
        take(stage)
    press("last stage")
    page.locator(DISTRIBUTION).get_by_text("The numbers", exact=True).click()
    page.locator(DISTRIBUTION).get_by_text("The code", exact=True).click()
    take("folds-open")
    kernel.run("played = view.recording")
    show("widgets.Distribution(played)")
    take("played")
    show("widgets.Distribution(heart.build_model(dropout=0.5), data)")
    press("Run it")
    status("failed")
    take("error")


def devices(camera, kernel):
    """Before, while and after measuring."""
    page, root = camera.page, camera.page.locator(".fe-devices")
    page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
    kernel.run("show(widgets.Devices())")
    root.wait_for()
    page.locator("[data-old]").first.wait_for(state="detached")
    camera.take("devices_empty", ".fe-devices")
    root.get_by_role("button", name="Measure", exact=True).click()
    root.locator(".fe-job-progress").filter(has_text="loading TensorFlow").wait_for()
    camera.take("devices_measuring", ".fe-devices")
    page.wait_for_function("document.querySelector('.fe-devices').dataset.status === 'done'", timeout=400_000)
    camera.take("devices_done", ".fe-devices")
    for fold in ("The numbers", "What the words mean", "The code"):
        root.get_by_text(fold, exact=True).click()
    camera.take("devices_folds-open", ".fe-devices")
