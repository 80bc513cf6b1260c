"""What check() says of versions, front end and kernel: here, in a real kernel, and where something is wrong."""

import doctest
import re
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from firstepoch import lessons
from firstepoch.lessons import checkup


def kernel(**names):
    return SimpleNamespace(kernel=object(), user_ns=names)


@pytest.mark.parametrize(
    "environment, modules, shell, name, tried, live",
    [
        ({}, {}, None, "plain Python", True, False),
        ({"JPY_SESSION_NAME": "x.ipynb"}, {}, None, "plain Python", True, False),
        ({}, {}, SimpleNamespace(user_ns={}), "IPython in a terminal", False, False),
        ({"SERVER_SOFTWARE": "voila/0.5.13"}, {}, kernel(), "Voilà", True, True),
        ({"JPY_SESSION_NAME": "/x/a.ipynb"}, {}, kernel(), "JupyterLab or Notebook 7", True, True),
        ({"JPY_SESSION_NAME": "/x/a.ipynb"}, {"google.colab": 1}, kernel(), "Google Colab", False, True),
        ({}, {}, kernel(__vsc_ipynb_file__="/x/a.ipynb"), "VS Code", False, True),
        ({"VSCODE_PID": "7", "JPY_SESSION_NAME": "a"}, {}, kernel(), "JupyterLab or Notebook 7", True, True),
        ({}, {"marimo": SimpleNamespace(running_in_notebook=lambda: True)}, None, "marimo", False, True),
        ({}, {"marimo": SimpleNamespace(running_in_notebook=lambda: False)}, None, "plain Python", True, False),
    ],
)
def test_a_front_end_is_recognised(environment, modules, shell, name, tried, live):
    found = checkup.front_end(environment, modules, shell)
    assert (found.name, found.tried, found.live) == (name, tried, live)
    assert ("enable_custom_widget_manager()" in found.note) == (name == "Google Colab")


def test_a_kernel_that_nothing_is_known_of_is_told_so():
    found = checkup.front_end({}, {}, kernel())
    assert found.name.startswith("not known")
    assert (found.tried, found.live) == (False, None)


GOOD = (checkup.Finding("packages", True, "all there."),)
BAD = (*GOOD, checkup.Finding("widgets", False, "not built: tensor. Try: `pip install -e .`."))


@pytest.mark.parametrize(
    "tried, live, findings, answers, says",
    [
        (True, True, GOOD, True, "Live training will answer here."),
        (False, True, GOOD, None, "this front end was not tried"),
        (False, None, GOOD, None, "cannot be known here"),
        (True, False, GOOD, False, "from Python alone"),
        (True, True, BAD, False, "will not answer here yet"),
    ],
)
def test_the_verdict_claims_no_more_than_is_known(tried, live, findings, answers, says):
    found = checkup.Check({"Python": "3.12.1"}, checkup.FrontEnd("X <y>", tried, live), findings)
    assert found.answers is answers
    assert says in found.verdict
    assert f"X <y> ({'tried' if tried else 'not tried'})" in repr(found)
    assert "X &lt;y&gt;" in found._repr_html_()


def test_what_is_wrong_stands_in_text_and_html():
    found = checkup.Check({}, checkup.FrontEnd("Voilà", True, True), BAD)
    assert found.problems == ["not built: tensor. Try: `pip install -e .`."]
    assert "WRONG widgets: not built: tensor." in repr(found)
    assert "✗ wrong: widgets" in found._repr_html_()
    assert "Try: <code>pip install -e .</code>." in found._repr_html_()


def test_a_page_of_any_theme_can_show_it():
    html = lessons.check()._repr_html_()
    assert not re.search(r"https?:|src=|<script|@import", html)
    colours = re.findall(r"(?:color|background)[^:;]*: ([^;\"]+)", html)
    assert set(colours) == {"inherit"}


def test_packages_that_are_old_or_missing_are_named(monkeypatch):
    wanted = ["anywidget>=99", "numpy>=1.26", "no-such-package", 'sphinx>=1; extra == "dev"']
    monkeypatch.setattr(checkup, "requires", lambda _: wanted)
    found = checkup._requirements()
    assert not found.right
    assert re.match(r"anywidget is [\d.]+, no-such-package is not installed\. ", found.said)
    assert found.said.endswith('Try: `pip install --upgrade "anywidget>=99" "no-such-package"`.')


@pytest.mark.parametrize("packaged", ["tensorflow", "tensorflow-cpu"])
def test_tensorflow_has_several_names(monkeypatch, packaged):
    def version(name):
        if name != packaged:
            raise checkup.PackageNotFoundError(name)
        return "2.20.0"

    monkeypatch.setattr(checkup, "version", version)
    assert checkup._version("tensorflow") == "2.20.0"


@pytest.mark.parametrize("settings, said", [('{"backend": "jax"}', "jax"), ("{", "tensorflow"), (None, "tensorflow")])
def test_the_backend_is_known_before_keras_is_loaded(monkeypatch, tmp_path, settings, said):
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    if settings is not None:
        (tmp_path / "keras.json").write_text(settings)
    assert checkup._backend() == said
    assert checkup._backend_fits().right == (said == "tensorflow")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert checkup._backend() == "torch"


def test_views_that_are_not_built_are_named(monkeypatch, tmp_path):
    for name, built in (("tensor", True), ("ladder", False), ("plot", None)):
        (tmp_path / name / "static").mkdir(parents=True)
        if built is not None:
            (tmp_path / name / "widget.py").touch()
        if built:
            (tmp_path / name / "static" / "view.js").touch()
    monkeypatch.setattr(checkup, "_widgets", lambda: tmp_path)
    assert checkup._views().said.startswith("not built: ladder. Try: ")


def test_a_thread_that_does_not_run_or_start_is_told(monkeypatch):
    assert checkup._thread().right
    assert "for 2 seconds. Restart the kernel" in checkup._thread(lambda _: False).said

    def refuse(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(checkup.threading.Thread, "start", refuse)
    assert "starts no thread (can't start new thread)" in checkup._thread().said


def test_in_a_kernel_without_a_page_it_says_so_prints_nothing_and_leaves_tensorflow_alone(tmp_path):
    cells = ("from firstepoch import lessons\nlessons.check()", "import sys\n'tensorflow' in sys.modules")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    (shown,), (loaded,) = (cell.outputs for cell in notebook.cells)
    assert shown.output_type == "execute_result"
    assert "No page was recognised" in shown.data["text/plain"]
    assert "No page was recognised" in shown.data["text/html"]
    assert "ok    worker thread: " in shown.data["text/plain"]
    assert loaded.data["text/plain"] == "False"


def test_the_example_in_the_docstring():
    finder = doctest.DocTestFinder(exclude_empty=True)
    (example,) = finder.find(lessons.check, "check", globs={"check": lessons.check})
    assert doctest.DocTestRunner().run(example) == (0, 3)


def test_in_plain_python_it_prints_as_text():
    code = "from firstepoch import lessons; print(lessons.check())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "front end     plain Python (tried)" in done.stdout
    assert "Keras backend tensorflow" in done.stdout
    assert done.stderr == ""


def test_it_answers_where_the_widgets_cannot_be_imported():
    code = "import sys; sys.modules['bqplot'] = None; from firstepoch import lessons; print(lessons.check().verdict)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0 and done.stdout.strip(), done.stderr
