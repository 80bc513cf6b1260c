"""Pictures of every widget and lesson page in all its states, in both themes and three widths; see gallery/index.html.

Run `make gallery`, or `python tests/browser/gallery.py tensor` for the scenes whose name has that in it; the other
pictures stay. One page is trained once for each state; theme and width change on the page that is open.
"""

import html
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import axe
import reflow
import servers
import tensor_page
from card import ROOT, Card
from chromium import FLAGS, find
from gallery_autodiff import autodiff
from gallery_class import class_room
from gallery_compare import compared_runs
from gallery_cost import gradient_cost
from gallery_descent import gradient_step
from gallery_distribution import devices, distribution
from gallery_dropout import dropout_view
from gallery_early_stopping import early_stopping
from gallery_epoch import epoch_race
from gallery_evaluation import evaluation
from gallery_histograms import histograms
from gallery_layers import layers
from gallery_link import links
from gallery_loss import loss_view
from gallery_optimizers import optimizer_race
from gallery_overfitting import overfitting
from gallery_own_data import own_data
from gallery_question import questions
from gallery_site import lesson_site, start_page
from gallery_styles import keras_stack, model_styles
from gallery_tensor import rank_ladder, tasks, tensor_operations, tensor_view
from gallery_tour import data_tour
from pages import HOLDER, open_voila, watch

GALLERY = Path(__file__).parents[2] / "gallery"
WIDTHS = (360, 800, 1400)
THEMES = ("light", "dark")
NETWORK = ".fe-network"
SETTINGS = ".fe-training-settings"
"""Folded on a narrow page; the page was wide when it was opened."""
QUIET = "header.fe-header { position: static !important; } * { caret-color: transparent !important; }"
STILL = """() => new Promise((resolve) => {
  const size = () => [...document.querySelectorAll(".fe, .fe-chart-slot svg")]
    .map((one) => `${one.getBoundingClientRect().width} ${one.scrollHeight}`).join();
  let last = "", same = 0;
  const look = () => {
    same = size() === last ? same + 1 : 0;
    last = size();
    if (same > 20) resolve();
    else requestAnimationFrame(look);
  };
  look();
})"""


class Camera:
    """Takes each state of a page in both themes and all widths, and has axe-core look at it."""

    def __init__(self, page):
        self.page, self.taken, self.too_wide, self.found = page, [], [], {}

    def take(self, name, selector=None):
        """Pictures of one element in full height, or of the part of the page that is in view."""
        for theme in THEMES:
            self.page.locator("#fe-theme").select_option(theme)
            for width in WIDTHS:
                # bqplot lays out only what is in view: the whole card must be.
                self.resize(width, 6000 if selector else 1000)
                self.page.evaluate(f"document.querySelectorAll('{SETTINGS}').forEach((it) => it.open = {width} >= 800)")
                self.page.evaluate(STILL)
                path = GALLERY / f"{name}_{theme}_{width}.png"
                if selector:
                    self.page.locator(selector).screenshot(path=path, style=QUIET)
                else:
                    self.page.screenshot(path=path, style=QUIET)
                self.taken.append(path)
                self.examine(path.stem, selector)
        self.resize(320, 6000 if selector else 1000)
        if selector:
            self.too_wide += [f"{name} at 320: {one}" for one in reflow.lost(self.page, selector)]
        self.resize(WIDTHS[-1])

    def examine(self, name, selector=None):
        """Keep what axe-core finds in this state, and where it was found first."""
        for found in axe.check(self.page, selector, best=True):
            self.found.setdefault((found.rule, found.target), (found, []))[1].append(name)

    def resize(self, width, height=1000):
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate(STILL)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self.too_wide.append(f"{self.page.url} at {width}: {wide} px")


def training(camera, kernel):
    """LiveTraining, one state after the other."""
    page = camera.page
    card = Card(page, kernel)

    def fresh(**settings):
        card.renew(f"fresh(**{settings!r})")

    def take(state):
        camera.take(f"live-training_{state}", ROOT)

    fresh()
    take("empty")
    card.set("batch size", 500)
    card.wait_text(".fe-error", "larger than")
    take("error-settings")

    fresh(speed="50 epochs a second")
    card.press("Train")
    card.wait_epoch(60)
    kernel.run("live.speed = '2 epochs a second'")
    take("mid-run")
    kernel.run("live.speed = '4 batches a second'")
    card.wait_text(".fe-sentence", ", batch 2 of 7")
    card.press("Pause")
    card.wait("paused")
    take("paused-following-batches")
    kernel.run("live.speed = 'full speed'")
    card.press("Resume")
    card.wait("done")
    take("done")
    card.set("units", 4)
    card.wait_text(".fe-note", "units: changed.")
    card.train()
    take("two-runs")
    card.root.get_by_text("The test set", exact=True).click()
    card.press("Open the test set")
    card.wait_text("details p", "right")
    card.root.get_by_text("The Keras code of this run", exact=True).click()
    card.root.get_by_text("The numbers", exact=True).click()
    take("folds-open")

    fresh(early_stopping=True, patience=15)
    card.train()
    take("early-stopped")
    fresh(dropout=0.5)
    card.press("Train")
    card.wait_epoch(40)
    kernel.run("live.speed = '1 batch a second'")
    card.wait_text(".fe-sentence", ", batch")
    card.press("Pause")
    card.wait("paused")
    take("dropout")
    card.press("Stop")
    fresh(optimizer="sgd", learning_rate=30.0, epochs=60)
    card.press("Train")
    card.wait("failed")
    take("failed")
    fresh(units=[64, 32], dropout=[0.2, 0.5], epochs=100)
    card.train()
    take("two-layers")


def network(camera, kernel):
    """NetworkView: an untrained model, a recording, and a patient followed through it."""
    page = camera.page

    def show(code):
        page.evaluate(f"document.querySelector('{NETWORK}')?.setAttribute('data-old', '')")
        kernel.run(f"holder.children = [{code}]")
        page.wait_for_selector(f"{NETWORK}:not([data-old]) svg .fe-unit")

    kernel.run("import keras; keras.utils.set_random_seed(42)")
    show("widgets.NetworkView(heart.build_model(), data)")
    camera.take("network_fresh", NETWORK)
    kernel.run("source = widgets.LiveTraining(heart.build_model, data, epochs=80); source.train(); source.wait()")
    kernel.run("source.recording.settings.setdefault('network', source.run.plan)")
    show("widgets.NetworkView(source.recording, data, patient=12)")
    camera.take("network_recording", NETWORK)
    page.get_by_role("button", name="follow this patient through the network").click()
    page.locator(f"{NETWORK} .fe-walking").wait_for(state="attached")
    page.locator(f"{NETWORK} .fe-walking").wait_for(state="detached")
    camera.take("network_patient-followed", NETWORK)
    show("widgets.NetworkView(heart.build_model(units=(128, 64)), data)")
    camera.take("network_large", NETWORK)


def heart_lesson(camera, _):
    """The lesson on the heart model."""
    lesson(camera, "lesson")


def tensors_lesson(camera, _):
    """The lesson on tensors."""
    lesson(camera, "tensors-lesson")


def keras_lesson(camera, _):
    """The lesson on TensorFlow and Keras."""
    lesson(camera, "keras-lesson")


def gradient_descent_lesson(camera, _):
    """The lesson on gradient descent."""
    lesson(camera, "gradient-descent-lesson")


def loss_lesson(camera, _):
    """The lesson on the loss."""
    lesson(camera, "loss-lesson")


def sgd_lesson(camera, _):
    """The lesson on stochastic gradient descent."""
    lesson(camera, "sgd-lesson")


def overfitting_lesson(camera, _):
    """The lesson on overfitting."""
    lesson(camera, "overfitting-lesson")


def checklist_lesson(camera, _):
    """The training checklist."""
    lesson(camera, "checklist-lesson")


def guess(page):
    """Answer every question, right or wrong, so that what comes after a guess is shown."""
    for question in page.locator(".fe.fe-question").all():
        if question.get_by_role("radio").count():
            question.get_by_role("radio").first.check()
        else:
            question.locator("input").first.fill("3")
        question.get_by_role("button").first.click()
        question.get_by_role("status").filter(has_text=re.compile("[✓○]")).wait_for()


def lesson(camera, name):
    """A lesson page: its top, its middle, its end, with every answer opened."""
    page = camera.page
    camera.take(f"{name}_top")
    guess(page)
    page.evaluate("document.querySelectorAll('.fe-text details').forEach((one) => one.open = true)")
    for theme in THEMES:
        page.locator("#fe-theme").select_option(theme)
        for width in WIDTHS:
            camera.resize(width)
            for part, share in (("middle", 0.5), ("bottom", 1.0)):
                page.evaluate(f"scrollTo(0, {share} * (document.body.scrollHeight - innerHeight))")
                page.evaluate(STILL)
                path = GALLERY / f"{name}_{part}_{theme}_{width}.png"
                page.screenshot(path=path)
                camera.taken.append(path)
            camera.examine(f"{name}_whole_{theme}_{width}")
            path = GALLERY / f"{name}_whole_{theme}_{width}.png"
            page.screenshot(path=path, full_page=True, style=QUIET)
            camera.taken.append(path)


PAGES = (
    ("made", "holder", (training, layers, network, compared_runs, histograms)),
    (
        "made",
        "tensor",
        (
            tensor_view,
            tensor_operations,
            rank_ladder,
            tasks,
            questions,
            gradient_cost,
            epoch_race,
            early_stopping,
            autodiff,
            optimizer_race,
            overfitting,
            gradient_step,
            data_tour,
            dropout_view,
            distribution,
            devices,
            evaluation,
            own_data,
            links,
            loss_view,
            model_styles,
            keras_stack,
        ),
    ),
    ("shipped", "heart", (heart_lesson,)),
    ("shipped", "tensors", (tensors_lesson,)),
    ("shipped", "tensorflow_keras", (keras_lesson,)),
    ("shipped", "gradient_descent", (gradient_descent_lesson,)),
    ("shipped", "loss", (loss_lesson,)),
    ("shipped", "sgd", (lesson_site, sgd_lesson, start_page, class_room)),
    ("shipped", "overfitting", (overfitting_lesson,)),
    ("shipped", "checklist", (checklist_lesson,)),
)
"""Server, notebook, and what is taken on its page."""


def write_index():
    """One row of pictures for each state, in the order in which they were taken."""
    states = {}
    for path in sorted(GALLERY.glob("*.png"), key=lambda path: path.stat().st_mtime):
        states.setdefault(path.name.rsplit("_", 2)[0], []).append(path.name)
    rows = "\n".join(
        f"<h2>{html.escape(state)}</h2><p>"
        + "\n".join(f'<a href="{name}"><img loading="lazy" src="{name}" alt="{name}"></a>' for name in names)
        for state, names in states.items()
    )
    style = "body { font-family: sans-serif } img { width: 24%; vertical-align: top; border: 1px solid #999 }"
    page = f'<!doctype html><meta charset="utf-8"><title>Gallery</title><style>{style}</style>{rows}'
    (GALLERY / "index.html").write_text(page, encoding="utf-8")


def main(wanted):
    from playwright.sync_api import Error, sync_playwright

    pages = [
        (server, name, [scene for scene in scenes if not wanted or any(part in scene.__name__ for part in wanted)])
        for server, name, scenes in PAGES
    ]
    if not any(scenes for _, _, scenes in pages):
        names = ", ".join(scene.__name__ for _, _, scenes in PAGES for scene in scenes)
        sys.exit(f"No scene has {' or '.join(wanted)} in its name. There are: {names}.")
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    if not wanted:
        shutil.rmtree(GALLERY, ignore_errors=True)
    GALLERY.mkdir(exist_ok=True)
    taken, problems, advice, chromium = [], [], [], find()
    with tempfile.TemporaryDirectory(prefix="firstepoch-gallery-") as folder, sync_playwright() as playwright:
        home = Path(folder)
        for name in ("notebooks", "made", "shipped"):
            (home / name).mkdir()
        servers.write_notebook(home / "notebooks", "holder", HOLDER)
        servers.write_notebook(home / "notebooks", "tensor", tensor_page.HOLDER)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)

        def visit(server, name, scenes):
            context = browser.new_context(
                viewport={"width": WIDTHS[-1], "height": 1000}, reduced_motion="no-preference"
            )
            camera = Camera(watch(context.new_page()))
            kernel = server.kernel(open_voila(camera.page, server, name))
            for scene in scenes:
                try:
                    scene(camera, kernel)
                except (Error, AssertionError) as error:  # the others are still to be seen
                    problems.append(f"The scene {scene.__name__} broke off: {error}")
            taken.extend(camera.taken)
            problems.extend([*camera.too_wide, *camera.page.problems])
            for found, names in camera.found.values():
                (advice if found.advice else problems).append(f"{found} In {len(names)} pictures, {names[0]} first.")
            kernel.close()
            context.close()

        for which, notebooks in (("made", home / "notebooks"), ("shipped", None)):
            here = [(name, scenes) for server, name, scenes in pages if server == which and scenes]
            if here:
                with servers.voila(notebooks, home / which) as server:
                    for name, scenes in here:
                        visit(server, name, scenes)
        browser.close()
    write_index()
    print(f"{len(taken)} pictures in {GALLERY}; open {GALLERY / 'index.html'}")
    for kind, lines in (("advice", advice), ("problem", problems)):
        for line in lines:
            print(f"{kind}: {line}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
