"""Every lesson runs from top to bottom with no browser, under a time limit."""

import nbformat
import pytest
from nbclient import NotebookClient

from firstepoch.lessons.paths import lessons


@pytest.mark.timeout(240)
@pytest.mark.parametrize("path", list(lessons().values()), ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type in ("error", "stream")]
    shown = [output.data for output in outputs if "application/vnd.jupyter.widget-view+json" in output.get("data", {})]
    assert shown
    assert not list(tmp_path.iterdir()), "a lesson writes no files"
