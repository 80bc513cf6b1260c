"""Maps the top-level folders to firstepoch.* and builds the browser views with Deno and esbuild."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent

PACKAGES = {
    "firstepoch.data": "data",
    "firstepoch.heart": "heart",
    "firstepoch.widgets": "widgets",
    "firstepoch.widgets.playback": "widgets/playback",
    "firstepoch.widgets.autodiff": "widgets/autodiff",
    "firstepoch.widgets.checklist": "widgets/checklist",
    "firstepoch.widgets.cost": "widgets/cost",
    "firstepoch.widgets.descent": "widgets/descent",
    "firstepoch.widgets.devices": "widgets/devices",
    "firstepoch.widgets.distribution": "widgets/distribution",
    "firstepoch.widgets.dropout": "widgets/dropout",
    "firstepoch.widgets.early_stopping": "widgets/early_stopping",
    "firstepoch.widgets.epoch": "widgets/epoch",
    "firstepoch.widgets.evaluation": "widgets/evaluation",
    "firstepoch.widgets.loss": "widgets/loss",
    "firstepoch.widgets.optimizers": "widgets/optimizers",
    "firstepoch.widgets.overfitting": "widgets/overfitting",
    "firstepoch.widgets.plot": "widgets/plot",
    "firstepoch.widgets.stack": "widgets/stack",
    "firstepoch.widgets.styles": "widgets/styles",
    "firstepoch.widgets.ladder": "widgets/ladder",
    "firstepoch.widgets.network": "widgets/network",
    "firstepoch.widgets.question": "widgets/question",
    "firstepoch.widgets.task": "widgets/task",
    "firstepoch.widgets.tensor": "widgets/tensor",
    "firstepoch.widgets.tour": "widgets/tour",
    "firstepoch.widgets.training": "widgets/training",
    "firstepoch.lessons": "lessons",
    "firstepoch.lessons.classroom": "lessons/classroom",
}

TEMPLATE = "share/jupyter/voila/templates/firstepoch"


def template_files() -> list[tuple[str, list[str]]]:
    """The Voilà template as data files: (folder under the prefix, its files)."""
    source = ROOT / "lessons" / "voila" / "templates" / "firstepoch"
    folders: dict[str, list[str]] = {}
    for path in sorted(source.rglob("*")):
        if path.is_file():
            target = Path(TEMPLATE) / path.parent.relative_to(source)
            folders.setdefault(target.as_posix(), []).append(path.relative_to(ROOT).as_posix())
    return list(folders.items())


def deno() -> str:
    """Path of the deno program: beside this Python first, then wherever the wheel or PATH has it."""
    beside = Path(sys.executable).with_name("deno.exe" if os.name == "nt" else "deno")
    if beside.exists():
        return str(beside)
    found = shutil.which("deno")
    if not found:
        raise SystemExit("Building the views needs Deno. Try: pip install deno")
    return found


class BuildViews(build_py):
    """Bundle every view.ts to static/view.js before the Python files are collected."""

    def run(self) -> None:
        """Build the views, then the package; also reached by `pip install -e .`."""
        subprocess.run([deno(), "task", "build"], cwd=ROOT, check=True)
        super().run()


setup(
    packages=list(PACKAGES),
    package_dir=PACKAGES,
    include_package_data=False,
    package_data={
        "firstepoch.data": ["*.csv", "*.md", "py.typed"],
        "firstepoch.heart": ["py.typed"],
        "firstepoch.widgets": ["*/static/*", "py.typed"],
        "firstepoch.lessons": ["*.ipynb", "voila/**/*", "py.typed"],
    },
    data_files=template_files(),
    cmdclass={"build_py": BuildViews},
)
