"""Where the lessons and their page template are installed. No server and no copying here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Final

# A package of its own has a folder even in an editable install; the namespace `firstepoch` has none.
FOLDER: Final = Path(str(files("firstepoch.lessons")))


ORDER: Final = ("gradient_descent", "sgd", "tensors", "heart", "overfitting", "checklist")
"""The lessons in the order of the course."""


def lessons() -> dict[str, Path]:
    """The notebooks that ship with the package, by name, in the order of the course."""
    return {name: FOLDER / f"{name}.ipynb" for name in ORDER}


def in_order(names: Iterable[str]) -> list[str]:
    """File names of notebooks: the course's own in their order, then the others by name."""
    known = [path.name for path in lessons().values()]
    return sorted(names, key=lambda name: (known.index(name) if name in known else len(known), name))


def title(notebook: Path) -> str:
    """The title in a notebook's metadata, which its page has too; its file name if there is none."""
    try:
        metadata = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]
        return str(metadata.get("title") or notebook.stem)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return notebook.stem
