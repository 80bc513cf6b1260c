"""Notebook 7: widgets run, train and draw as elsewhere, and the page asks no other host."""

import pytest
import servers
from card import ROOT, Card
from pages import IDLE, run_all
from tensor_page import TensorPage

THEIRS = "Cannot read properties of undefined (reading 'schema')"
"""Notebook 7.6 reads its own settings in any order, and says so in its console when the machine is slow."""
TENSOR = "view = widgets.TensorView(heart.load().x_train, axes='samples, features')\nview"
CHECK = "from firstepoch import lessons\nlessons.check()"


@pytest.mark.long
def test_a_notebook_trains_and_draws(page, tmp_path):
    (tmp_path / "notebooks").mkdir()
    servers.write_notebook(tmp_path / "notebooks", "both", CHECK, servers.SETUP, TENSOR)
    with servers.notebook7(tmp_path / "notebooks", tmp_path) as server:
        page.goto(f"{server.url}notebooks/both.ipynb?token={servers.TOKEN}")
        page.wait_for_function(IDLE, timeout=120_000)
        run_all(page)
        page.wait_for_selector(f"{ROOT} .bqplot .plotarea_background", timeout=120_000)
        (kernel,) = (server.kernel(identity) for identity in server.kernels())
        card = Card(page, kernel)
        card.set("epochs", 3)
        card.train()
        card.wait_curves(3)
        assert kernel("len(live.history['val_loss'])") == 3

        told = page.locator(".jp-OutputArea-output", has_text="What firstepoch found here").first.inner_text()
        assert "JupyterLab or Notebook 7 (tried)" in told
        assert told.startswith("Live training will answer here.")

        # Cells that are out of sight are not on the page.
        page.locator(".jp-WindowedPanel-outer").evaluate("(panel) => panel.scrollTo(0, panel.scrollHeight)")
        tensor = TensorPage(page, kernel, "notebook")
        tensor.root.wait_for()
        tensor.settled()
        assert tensor.painted() > 0.1
        tensor.keys("ArrowRight")
        tensor.wait_text(".fe-hand code", "x[0, 1]")

        assert [one for one in page.problems if not one.startswith(THEIRS)] == []
        assert page.refused == []
        kernel.close()
