"""The tasks of the lesson on tensors, headless: right answers however they are written, near misses, and the rest."""

import re

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from firstepoch import heart
from firstepoch.lessons import tensor_tasks
from firstepoch.lessons.paths import lessons
from firstepoch.widgets import TensorView
from firstepoch.widgets.ladder import pictures


@pytest.fixture(scope="module")
def patients():
    return heart.load()


@pytest.fixture
def pressures(patients):
    view = TensorView(patients.x_train, axes="patients, features", names=patients.feature_names)
    return view, tensor_tasks.blood_pressures(view, patients.feature_names)


@pytest.fixture
def channel():
    view = TensorView(pictures.batch(), axes="samples, height, width, channels")
    return view, tensor_tasks.first_channel(view)


@pytest.fixture
def rows():
    view = TensorView(pictures.batch(), axes="samples, height, width, channels")
    return view, tensor_tasks.rows_for_dense(view)


TASKS = {"blood_pressures": "pressures", "first_channel": "channel", "rows_for_dense": "rows"}


def test_every_task_has_a_solution():
    assert tensor_tasks.SOLUTIONS.keys() == TASKS.keys()


@pytest.mark.parametrize("name", TASKS)
def test_each_solution_solves_its_task_and_no_other(name, request):
    view, task = request.getfixturevalue(TASKS[name])
    assert (task.done, task.said) == (False, "")
    assert task.prompt and task.hint
    for other in TASKS.keys() - {name}:
        try:
            exec(tensor_tasks.SOLUTIONS[other], {"view": view})
        except ValueError:
            continue
        assert not task.done
    exec(tensor_tasks.SOLUTIONS[name], {"view": view})
    assert task.done


@pytest.mark.parametrize("name", TASKS)
def test_nothing_done_is_nothing_said(name, request):
    view, task = request.getfixturevalue(TASKS[name])
    view.title = "Another title"
    view.wait()
    assert (task.done, task.said) == (False, "")


@pytest.mark.parametrize("text", ["32:64, 1", "32:64,1:2", "32:-178, -28", "63:31:-1, 1", "x[32:64, 1]"])
def test_the_blood_pressures_of_the_second_minibatch(pressures, patients, text):
    view, task = pressures
    view.selection = text
    assert task.done
    table = patients.x_train[32:64, patients.feature_names.index("trestbps")]
    np.testing.assert_array_equal(np.sort(view.selected.ravel()), np.sort(table))


@pytest.mark.parametrize(
    "text, says",
    [
        ("32:64", "the whole second minibatch, all 29 features: rank 2. One index is missing."),
        (":, 1", "Those are all 242 patients."),
        ("0:32, 1", "the patients of the first minibatch"),
        ("0:32", "the patients of the first minibatch. And there is no index yet for the feature."),
        ("32:63, 1", "It begins in the right place, but those are 31 patients. The stop of a slice is not included."),
        ("32:65, 1", "those are 33 patients"),
        ("31:63, 1", "32 patients, from row 31 on"),
        ("33:65, 1", "32 patients, from row 33 on"),
        ("32, 1", "one patient, row 32"),
        ("300:400, 1", "no patient at all"),
        ("32:64, 0", "Column 0 is `age`: which one is `trestbps`?"),
        ("32:64, 1:3", "those are 2 features"),
        ("0:32, 1:3", "And the feature?"),
        ("1, 32:64", "The first index says which patients (axis 0), the second which feature (axis 1)."),
    ],
)
def test_what_is_said_to_other_patients_and_features(pressures, text, says):
    view, task = pressures
    view.selection = text
    assert not task.done
    assert says in task.said


@pytest.mark.parametrize("text", ["1, ..., 0", "1, :, :, 0", "-5, ..., -3", "1:2, ..., 0:1", "1, ::-1, 0:24, 0"])
def test_the_first_channel_of_the_second_picture(channel, text):
    view, task = channel
    view.selection = text
    assert task.done
    np.testing.assert_array_equal(np.sort(view.selected.ravel()), np.sort(view.value[1, :, :, 0].ravel()))


@pytest.mark.parametrize(
    "text, says",
    [
        ("1", "That is the second picture with all its channels: rank 3. One index is missing."),
        ("1, 0", "The 0 stands on axis 1, the height"),
        ("..., 0", "the first channel of all 6 pictures"),
        ("2, ..., 1", "Counting starts at 0"),
        ("2, ..., 0", "Counting starts at 0"),
        ("2", "Counting starts at 0"),
        ("1, ..., 1", "Counting starts at 0"),
        ("1, ..., 2", "that is channel 2"),
        ("4, ..., 0", "The right channel, of picture 4."),
        ("4", "That is of picture 4."),
        ("1, 0:12, :, 0", "only 288 of its 576 pixels"),
        ("1, 0, 0, 0", "only 1 of its 576 pixels"),
        ("1, ..., 0:2", "Now the channel"),
        (":", "That is of 6 pictures."),
        ("0:2, ..., 0", "That is of 2 pictures."),
    ],
)
def test_what_is_said_to_other_pixels(channel, text, says):
    view, task = channel
    view.selection = text
    assert not task.done
    assert says in task.said


@pytest.mark.parametrize("shape", [[6, 1728], [6, -1], [-1, 1728]])
def test_one_row_a_picture(rows, shape):
    view, task = rows
    view.apply("reshape", shape=shape)
    assert task.done
    np.testing.assert_array_equal(view.result[4], view.value[4].ravel())


@pytest.mark.parametrize(
    "name, arguments, says",
    [
        ("reshape", {"shape": [-1]}, "all 6 pictures in one row: rank 1"),
        ("reshape", {"shape": [1728, 6]}, "The axes have changed places"),
        ("reshape", {"shape": [6, 576, 3]}, "rank 3. A Dense layer wants rank 2"),
        ("reshape", {"shape": [3, 3456]}, "The first axis should still be the 6 pictures."),
        ("transpose", {}, "The first axis should still be the 6 pictures."),
        ("reduce_mean", {"axis": [1, 2]}, "18 of 10,368 numbers"),
    ],
)
def test_what_is_said_to_other_operations(rows, name, arguments, says):
    view, task = rows
    view.apply(name, **arguments)
    assert not task.done
    assert says in task.said


def test_the_right_shape_with_the_numbers_in_another_order_is_not_enough(rows):
    view, task = rows
    x = view.value
    view.show(np.transpose(x, (0, 3, 1, 2)))
    view.apply("reshape", shape=[6, 1728])
    assert not task.done
    assert "in their order" in task.said
    view.show(x)
    view.apply("reshape", shape=[6, 1728])
    assert task.done


@pytest.mark.parametrize("name", ["pressures", "channel"])
def test_another_tensor_in_the_view_is_told(name, request):
    view, task = request.getfixturevalue(name)
    view.show(np.arange(6))
    assert task.said == ""
    view.selection = "1"
    assert "no longer shown" in task.said


def test_what_the_page_sends_counts_as_well(channel, rows):
    view, task = channel
    view._handle_custom_msg({"kind": "select", "text": "1, ..., 5"}, [])
    assert (task.done, task.said) == (False, "")
    view._handle_custom_msg({"kind": "select", "text": "1, ..., 0"}, [])
    assert task.done
    view, task = rows
    view._handle_custom_msg({"kind": "apply", "name": "reshape", "arguments": "shape=[6, 1729]"}, [])
    assert (task.done, task.said) == (False, "")
    view._handle_custom_msg({"kind": "apply", "name": "reshape", "arguments": "shape=[6, -1]"}, [])
    assert task.done


def test_the_solutions_solve_the_tasks_in_the_lesson_and_its_text_tells_them(tmp_path):
    notebook = nbformat.read(lessons()["tensors"], as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for name, solution in tensor_tasks.SOLUTIONS.items():
        at = next(at for at, cell in enumerate(notebook.cells) if f"tensor_tasks.{name}(" in cell.source)
        solved = nbformat.v4.new_code_cell(f"assert not task.done\n{solution}\nassert task.done")
        notebook.cells.insert(at + 1, solved)
        told = re.search(r'= "(.+)"|(shape=.+)\)', solution)
        assert f"`{told[1] or told[2]}`" in text
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
