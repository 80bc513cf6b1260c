"""Pictures of TensorView, RankLadder and Task in all their states, for gallery.py."""

from tensor_page import SETTLED

PLAIN = {
    "rank-0": "42",
    "rank-1": "[42, 23.4, 11.2]",
    "rank-2": "np.arange(12).reshape(3, 4) - 5",
    "rank-3": "np.arange(60).reshape(3, 4, 5)",
    "rank-4": "np.arange(120).reshape(2, 3, 4, 5)",
    "rank-5": "np.arange(240).reshape(2, 2, 3, 4, 5)",
    "rank-6": "np.arange(480).reshape(2, 2, 2, 3, 4, 5)",
    "rank-7": "np.arange(960).reshape(2, 2, 2, 2, 3, 4, 5)",
    "long": "np.sin(np.arange(10_000) / 500)",
    "labels": "np.eye(3), axes='truth, answer', names={0: ['cat', 'dog', 'horse'], 1: ['cat', 'dog', 'horse']}",
    "text": "[['a', 'b'], ['long words here', '']]",
    "bool": "np.arange(12).reshape(3, 4) % 3 == 0",
    "complex": "np.array([[1 + 2j, 3], [-1j, 0.5]])",
    "empty": "np.zeros((3, 0, 2))",
    "special": "[[np.nan, np.inf, -np.inf], [0.0, 1.5, -2.0]]",
    "beyond-the-scale": "np.arange(24.0).reshape(4, 6), low=4, high=15",
    "selection": "np.arange(60).reshape(3, 4, 5), axes='samples, time, features', selection='1, :, 1:3'",
    "pictures": "pictures.batch(), axes='samples, height, width, channels', selection='1, ..., 0'",
    "picture-as-layers": "pictures.heart(), axes='height, width, channels'",
}
"""Name of the picture and what TensorView is called with."""

OPERATIONS = {
    "reduce_mean": "'reduce_mean', axis=1",
    "matmul": "'matmul', np.arange(8).reshape(4, 2)",
    "stack": "'stack', np.ones((3, 4), int)",
    "add-broadcast": "'add', [10, 20, 30, 40]",
    "reshape": "'reshape', shape=[2, 6]",
}


class Scene:
    """One card at a time on the page of the camera.

    Args:
        camera: Takes the pictures.
        kernel: The kernel behind the page; its `show` puts a card there.
        selector: The card.
    """

    def __init__(self, camera, kernel, selector):
        self.camera, self.page, self.kernel, self.selector = camera, camera.page, kernel, selector

    @property
    def root(self):
        return self.page.locator(f"{self.selector}:not([data-old])")

    def show(self, code):
        self.page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        self.kernel.run(f"show({code})")
        self.root.first.wait_for()
        self.page.locator("[data-old]").first.wait_for(state="detached")
        self.settle()

    def settle(self):
        """Wait until no picture on the page moves."""
        self.page.evaluate(f"Promise.all([...document.querySelectorAll('canvas')].map({SETTLED}))")

    def take(self, state):
        self.settle()
        self.camera.take(state, f"{self.selector}:not([data-old])")


def tensor_view(camera, kernel):
    """TensorView: every rank, odd tensors, selections, windows and a film."""
    scene = Scene(camera, kernel, ".fe-tensor")
    root = scene.root
    for name, code in PLAIN.items():
        scene.show(f"widgets.TensorView({code})")
        scene.take(f"tensor_{name}")

    scene.show("widgets.TensorView(np.arange(24).reshape(2, 3, 4))")
    root.locator(".fe-index-code input").fill("5")
    root.locator(".fe-index-code input").press("Enter")
    root.locator(".fe-index .fe-error").wait_for()
    scene.take("tensor_wrong-index")
    root.evaluate("(root) => root.querySelectorAll('details').forEach((fold) => fold.open = true)")
    scene.take("tensor_folds-open")

    scene.show("widgets.TensorView(np.random.default_rng(0).normal(size=(3000, 2000)).astype('float32'))")
    kernel.run("view.wait(60)")
    scene.take("tensor_large")
    kernel.run("view.window = [[1000, 1012], [500, 510]]")
    scene.take("tensor_large-zoomed")

    scene.show("widgets.TensorView(pictures.films(), axes='samples, time, height, width, channels')")
    scene.take("tensor_films")
    root.get_by_label("as a film, along time").check()
    root.get_by_role("button", name="one frame on").click()
    scene.take("tensor_film-playing")


def tensor_operations(camera, kernel):
    """Operations of TensorView, in the middle and at their end."""
    scene = Scene(camera, kernel, ".fe-tensor")
    for name, operation in OPERATIONS.items():
        scene.show("widgets.TensorView(np.arange(12).reshape(3, 4))")
        kernel.run(f"view.apply({operation})")
        scene.root.locator(".fe-operation").get_by_role("button", name="last step").click()
        slider = scene.root.locator(".fe-operation .fe-player input[type=range]")
        last = int(slider.get_attribute("max"))
        for state, frame in (("middle", last // 2), ("done", last)):
            slider.evaluate("(it, at) => { it.value = at; it.dispatchEvent(new Event('input')); }", frame)
            scene.take(f"tensor_{name}_{state}")


def rank_ladder(camera, kernel):
    """RankLadder: every rung, and the question with and without answers."""
    scene = Scene(camera, kernel, ".fe-ladder")
    scene.show("widgets.RankLadder()")
    for rung, name in enumerate(kernel("[rung['name'] for rung in view.story]")):
        kernel.run(f"view.rung = {rung}")
        scene.root.locator("h3").filter(has_text=name).wait_for()
        scene.take(f"ladder_{rung}-{name.replace(' ', '-')}")
    scene.root.get_by_label("play along time").check()
    scene.take("ladder_film-playing")

    scene.show("widgets.RankLadder(rung=5)")
    kernel.run("view.climb()")
    verdict = scene.root.locator(".fe-verdict")
    scene.root.locator(".fe-question").wait_for()
    scene.take("ladder_question")
    for state, answer in (
        ("wrong", "one colour picture"),
        ("unknown", "my grandmother's recipes"),
        ("right", "one film"),
    ):
        words = kernel(f"view.answer({answer!r}).words")
        verdict.filter(has_text=words).wait_for()
        scene.take(f"ladder_answer-{state}")


def tasks(camera, kernel):
    """Task: at its start, with something missing, done, and one that is checked by a button."""
    scene = Scene(camera, kernel, ".fe-task")
    kernel.run(
        "from firstepoch.lessons import tensor_tasks\n"
        "picked = widgets.TensorView(pictures.batch(), axes='samples, height, width, channels')"
    )
    scene.show("tensor_tasks.first_channel(picked)")
    scene.take("task_start")
    kernel.run("picked.selection = '1'")
    scene.root.locator(".fe-missing").wait_for()
    scene.root.get_by_text("A hint", exact=True).click()
    scene.take("task_missing")
    kernel.run("picked.selection = '1, ..., 0'")
    scene.root.locator(".fe-done").wait_for()
    scene.take("task_done")
    scene.show("widgets.Task(lambda it: False, [1, 2], title='By hand', prompt='Append a 3 to `numbers`.')")
    scene.take("task_with-button")
