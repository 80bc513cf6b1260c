"""Where the lessons and their page template are installed. No server and no copying here."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

# A package of its own has a folder even in an editable install; the namespace `firstepoch` has none.
FOLDER: Final = Path(str(files("firstepoch.lessons")))


def lessons() -> dict[str, Path]:
    """The notebooks that ship with the package, by name, in the order of the course."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.ipynb"))}
