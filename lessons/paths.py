"""Where the lessons and their page template are installed, their order, and what their metadata say. No server here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

# A package of its own has a folder even in an editable install; the namespace `firstepoch` has none.
FOLDER: Final = Path(str(files("firstepoch.lessons")))

START: Final = "index"
"""The course's start page: the first of its notebooks, and where `/` leads to."""
ORDER: Final = (
    START,
    "gradient_descent",
    "loss",
    "sgd",
    "tensors",
    "tensorflow_keras",
    "heart",
    "overfitting",
    "checklist",
)
"""The notebooks in the order of the course."""


def lessons() -> dict[str, Path]:
    """The notebooks that ship with the package, by name, in the order of the course."""
    return {name: FOLDER / f"{name}.ipynb" for name in ORDER}


def in_order(names: Iterable[str]) -> list[str]:
    """File names of notebooks: the course's own in their order, then the others by name."""
    known = [path.name for path in lessons().values()]
    return sorted(names, key=lambda name: (known.index(name) if name in known else len(known), name))


def metadata(notebook: Path) -> Mapping[str, Any]:
    """A notebook's metadata; empty if there is no such notebook or it cannot be read."""
    try:
        found = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]
    except (OSError, ValueError, LookupError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def title(notebook: Path) -> str:
    """The title in a notebook's metadata, which its page has too; its file name if there is none."""
    return str(metadata(notebook).get("title") or notebook.stem)


def needs_kernel(metadata: Mapping[str, Any]) -> bool:
    """Whether a notebook's page runs its cells: all do, unless their metadata say that they are text alone."""
    own = metadata.get("firstepoch")
    return not (isinstance(own, Mapping) and own.get("kernel") is False)
