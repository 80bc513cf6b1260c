"""Distribution as a learner meets it in Voilà: a recorded run is played; what moves, moves, and fits a narrow page."""

from pages import wait_width
from tensor_page import PAINTED

RECORD = """
import numpy as np
from firstepoch.widgets.distribution import compute
def recorded(updates=3, parameters=49, rng=np.random.default_rng(0)):
    def draw(*shape):
        return rng.normal(size=(updates, *shape)).astype(np.float32)
    pair = draw(1, parameters).repeat(2, axis=1)
    arrays = {
        "rows": rng.permutation(updates * 8).reshape(updates, 8).astype(np.int32),
        "dealt": np.full((updates, 2), 4, np.int32),
        "start": pair[0], "weights": pair, "single_weights": pair[:, 0],
        "loss": draw(2), "single_loss": draw(),
        "gradient": draw(2, parameters), "reduced": draw(2, parameters), "single_gradient": draw(parameters),
    }
    times = {"median": 0.001, "fastest": 0.001, "slowest": 0.002, "updates": 40}
    made = widgets.Recording({
        "batch_size": 8, "seed": 42, "rows": 24, "row_name": "patient", "updates": updates, "parameters": parameters,
        "bytes": 4 * parameters, "weights": [["kernel", [8, 5]], ["bias", [5]], ["kernel", [4, 1]]], "loss": "mse",
        "devices": ["/device:CPU:0", "/device:CPU:1"], "cores": 2, "two_seconds": times, "one_seconds": times,
    })
    made.extend(compute._frames(arrays))
    return made
"""


WATCH = """(canvas) => {
  canvas.seen = 0;
  new MutationObserver(() => canvas.seen += !canvas.hidden).observe(canvas, { attributes: true });
}"""
"""The canvas over the picture is there for half a second a stage: the page itself counts how often."""


def test_a_recorded_run_plays_moves_and_fits(voila_tensor_host):
    page, kernel = voila_tensor_host.page, voila_tensor_host.kernel
    before = len(page.problems)
    kernel.run(RECORD)
    voila_tensor_host.show("widgets.Distribution(recorded())", ".fe-distribution")
    root = voila_tensor_host.root
    sentence = root.locator(".fe-dock .fe-sentence")
    flight = root.locator(".fe-flight")
    flight.evaluate(WATCH)
    root.get_by_role("button", name="one stage on", exact=True).click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    sentence.filter(has_text="Update 1 of 3, all-reduce").wait_for()
    flight.wait_for(state="hidden")
    assert flight.evaluate("(canvas) => canvas.seen") > 0
    assert root.locator(".fe-reduce .fe-strip").evaluate(PAINTED) == 1
    root.get_by_role("button", name="play", exact=True).click()
    sentence.filter(has_text="Update 2 of 3").wait_for()
    root.get_by_role("button", name="pause", exact=True).click()
    for width in (320, 360, 800, 1400):
        wait_width(page, width, root)
    kernel.run("view.reset()")
    root.get_by_text("Nothing has been run yet.").first.wait_for()
    root.locator(".fe-distributed").wait_for(state="hidden")
    assert page.problems[before:] == []
