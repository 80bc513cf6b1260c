"""What this machine and this front end have for the lessons, told before the class. It changes nothing."""

from __future__ import annotations

import json
import os
import platform
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement

from firstepoch.lessons.processors import PROCESSORS

PACKAGES: Final = ("firstepoch", "ipywidgets", "anywidget", "bqplot", "keras", "tensorflow")
_OTHER_NAMES: Final = {"tensorflow": ("tensorflow-cpu", "tensorflow-intel", "tensorflow-macos", "tf-nightly")}
_SERVED: Final = "Open the notebook in JupyterLab or Notebook 7, or serve it with `firstepoch serve`."


@dataclass(frozen=True)
class FrontEnd:
    """Where the widgets are shown.

    Attributes:
        name: Its name, or what is known of it.
        tried: Whether firstepoch's tests open it in a real browser.
        live: Whether its page and this kernel speak to each other while a notebook is open; None if that is not known.
        note: What to do there first; "" for nothing.
    """

    name: str
    tried: bool
    live: bool | None
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what it is, whether it is all right, and the sentence about it."""

    name: str
    right: bool
    said: str


@dataclass(frozen=True)
class Check:
    """What `check` found. It is shown as text or as HTML, and printed by nobody.

    Attributes:
        versions: Of Python, the packages, and the Keras backend, by name; "not installed" where there is none.
        front_end: Where the widgets are shown.
        findings: What was looked at, in order.
    """

    versions: Mapping[str, str]
    front_end: FrontEnd
    findings: tuple[Finding, ...]

    @property
    def problems(self) -> list[str]:
        """What is wrong and what to try, a sentence or two each; empty if nothing is."""
        return [one.said for one in self.findings if not one.right]

    @property
    def answers(self) -> bool | None:
        """Whether live training will answer here; None where only a page could tell."""
        if self.problems or self.front_end.live is False:
            return False
        return True if self.front_end.live and self.front_end.tried else None

    @property
    def verdict(self) -> str:
        """Whether live training will answer here, in a sentence or two."""
        if self.problems:
            return "Live training will not answer here yet: see what is marked below."
        if self.front_end.live is False:
            return (
                "Live training works here from Python alone (`live.train()`, `live.wait()`): "
                f"there is no page whose buttons could answer. {_SERVED}"
            )
        if self.answers:
            return "Live training will answer here."
        if self.front_end.live is None:
            return "All is well in the kernel. No page was recognised, so whether buttons answer cannot be known here."
        return "Live training should answer here, but this front end was not tried: press Train and Stop before class."

    def __repr__(self) -> str:
        lines = [self.verdict, "", *(f"{name:<14}{value}" for name, value in self._rows())]
        lines += ["", *(f"{'ok' if one.right else 'WRONG':<6}{one.name}: {one.said}" for one in self.findings)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(_row(name, value) for name, value in self._rows())
        found = "".join(_row(f"{'✓' if one.right else '✗ wrong:'} {one.name}", one.said) for one in self.findings)
        return (
            '<div style="font: 15px/1.5 system-ui, sans-serif; color: inherit; overflow-x: auto">'
            f'<p style="margin: 0 0 8px"><b>{_marked(self.verdict)}</b></p>'
            '<table style="border-collapse: collapse"><caption style="text-align: left">'
            f"What firstepoch found here</caption><tbody>{rows}{found}</tbody></table></div>"
        )

    def _rows(self) -> list[tuple[str, str]]:
        end = self.front_end
        shown = f"{end.name} ({'tried' if end.tried else 'not tried'})"
        return [*self.versions.items(), ("front end", f"{shown} {end.note}".rstrip())]


def check() -> Check:
    """Look at what the lessons need: versions, front end, and whether live training will answer here.

    TensorFlow is not loaded for it. In a notebook, leave it as the last line of a cell.

    Returns:
        What was found; as text or as HTML it says all of it.

    Example:
        >>> found = check()
        >>> found.problems
        []
        >>> sorted(found.versions)[:2]
        ['Keras backend', 'Python']
    """
    end = front_end(os.environ, sys.modules, _shell())
    found = (_requirements(), _backend_fits(), _views(), _thread(), _cores())
    return Check(_versions(), end, found)


def front_end(environment: Mapping[str, str], modules: Mapping[str, Any], shell: Any) -> FrontEnd:
    """Recognise the front end.

    Args:
        environment: Environment variables of this process.
        modules: What is imported.
        shell: IPython's shell; None in plain Python.
    """
    marimo = modules.get("marimo")
    if marimo is not None and getattr(marimo, "running_in_notebook", lambda: False)():
        return FrontEnd("marimo", False, True)
    if shell is None:
        return FrontEnd("plain Python", True, False)
    if getattr(shell, "kernel", None) is None:
        return FrontEnd("IPython in a terminal", False, False)
    if "google.colab" in modules:
        note = "Charts need `from google.colab import output; output.enable_custom_widget_manager()` in a cell before."
        return FrontEnd("Google Colab", False, True, note)
    if environment.get("SERVER_SOFTWARE", "").startswith("voila/"):
        return FrontEnd("Voilà", True, True)
    if "__vsc_ipynb_file__" in shell.user_ns:
        return FrontEnd("VS Code", False, True)
    if "JPY_SESSION_NAME" in environment:
        # One server serves both, and tells the kernel the same.
        return FrontEnd("JupyterLab or Notebook 7", True, True)
    if "VSCODE_PID" in environment:
        return FrontEnd("VS Code", False, True)
    return FrontEnd("not known: a kernel without a page, as a grader starts one, or another front end", False, None)


def _shell() -> Any:
    """IPython's shell, which is there only if IPython is imported already."""
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()


def _version(package: str) -> str:
    for name in (package, *_OTHER_NAMES.get(package, ())):
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return ""


def _versions() -> dict[str, str]:
    packages = {name: _version(name) or "not installed" for name in PACKAGES}
    return {"Python": platform.python_version(), **packages, "Keras backend": _backend()}


def _backend() -> str:
    """The backend Keras has, or will have: by the environment, by its settings file, or its default."""
    keras = sys.modules.get("keras")
    if keras is not None and hasattr(keras, "config"):
        return str(keras.config.backend())
    if named := os.environ.get("KERAS_BACKEND"):
        return named
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    try:
        return str(json.loads((home / "keras.json").read_text(encoding="utf-8"))["backend"])
    except (OSError, ValueError, LookupError, TypeError):
        return "tensorflow"


def _requirements() -> Finding:
    """Every package that firstepoch requires, against what is installed."""
    wanted = [Requirement(one) for one in requires("firstepoch") or () if "extra ==" not in one]
    wrong = []
    for one in wanted:
        there = _version(one.name)
        if not there or not one.specifier.contains(there, prereleases=True):
            wrong.append((one, f"{one.name} is {there or 'not installed'}"))
    if wrong:
        install = " ".join(f'"{one.name}{one.specifier}"' for one, _ in wrong)
        said = f"{', '.join(said for _, said in wrong)}. Try: `pip install --upgrade {install}`."
        return Finding("packages", False, said)
    return Finding("packages", True, f"all {len(wanted)} that firstepoch needs are there.")


def _backend_fits() -> Finding:
    backend = _backend()
    if backend != "tensorflow":
        said = (
            f"Keras runs on {backend}, firstepoch on TensorFlow: set KERAS_BACKEND=tensorflow, and start Python anew."
        )
        return Finding("Keras", False, said)
    return Finding(
        "Keras", True, "it runs on TensorFlow, which is loaded when the first model is made; that takes seconds."
    )


def _widgets() -> Path:
    """Where the widgets are; they are not imported, so that a package they lack is told and not stumbled over."""
    spec = find_spec("firstepoch.widgets")
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def _views() -> Finding:
    """Every widget's bundled view is there."""
    folders = [one for one in _widgets().iterdir() if (one / "widget.py").exists()]
    missing = sorted(one.name for one in folders if not (one / "static" / "view.js").exists())
    if missing:
        said = f"not built: {', '.join(missing)}. Try: `pip install -e .` in the project's folder."
        return Finding("widgets", False, said)
    return Finding("widgets", True, f"{len(folders)} views are built.")


def _thread(wait: Callable[[threading.Event], bool] = lambda flag: flag.wait(2)) -> Finding:
    """A worker hears of a flag and answers, as a training hears of Stop, while the main thread only waits."""
    stop, answered = threading.Event(), threading.Event()

    def work() -> None:
        if stop.wait(2):
            answered.set()

    try:
        worker = threading.Thread(target=work, name="firstepoch-check", daemon=True)
        worker.start()
    except RuntimeError as error:
        said = f"this Python starts no thread ({error}), and training needs one: use a Python that is not in a browser."
        return Finding("worker thread", False, said)
    begun = time.perf_counter()
    stop.set()
    if not wait(answered):
        said = "a second thread did not run for 2 seconds. Restart the kernel, and close what keeps the machine busy."
        return Finding("worker thread", False, said)
    return Finding("worker thread", True, f"it heard of a stop within {1000 * (time.perf_counter() - begun):.1f} ms.")


def _cores() -> Finding:
    if PROCESSORS == 1:
        return Finding("cores", True, "1: the page and a training share it, so choose a slower speed if the page lags.")
    return Finding("cores", True, f"{PROCESSORS}: the page stays quick while a training runs on another.")


def _row(name: str, value: str) -> str:
    style = "padding: 2px 12px 2px 0; text-align: left; vertical-align: top; font-weight: normal"
    cell = "padding: 2px 0; border-bottom: 1px solid rgb(128 128 128 / 40%)"
    return f'<tr><th scope="row" style="{style}">{escape(name)}</th><td style="{cell}">{_marked(value)}</td></tr>'


def _marked(text: str) -> str:
    """Text as HTML; what stands between backticks is code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))
