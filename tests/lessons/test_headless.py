"""Every lesson runs from top to bottom with no browser, under a time limit."""

import ast

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

from firstepoch.lessons.paths import START, lessons

ITEMS = "from firstepoch.widgets import progress\nprogress()[['name', 'kind']].values.tolist()"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """One kernel for all of them, emptied before each: starting TensorFlow takes longer than most lessons."""
    folder = tmp_path_factory.mktemp("lessons")
    manager, client = start_new_kernel(cwd=str(folder))
    client.stop_channels()
    yield manager, folder
    manager.shutdown_kernel(now=True)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("path", list(lessons().values()), ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom(path, kernel):
    manager, folder = kernel
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))
    notebook.cells.append(nbformat.v4.new_code_cell(ITEMS))
    NotebookClient(notebook, km=manager, timeout=120).execute(cleanup_kc=False)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type in ("error", "stream")]
    shown = [output.data for output in outputs if "application/vnd.jupyter.widget-view+json" in output.get("data", {})]
    assert shown or path.stem == START
    items = ast.literal_eval(outputs[-1].data["text/plain"])
    kinds = [kind for name, kind in items if name.startswith(f"{path.stem}/")]
    assert path.stem == START or (kinds.count("task") >= 2 and len(kinds) - kinds.count("task") >= 3), items
    assert not list(folder.iterdir()), "a lesson writes no files"
