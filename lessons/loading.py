"""Runs in the kernel behind a page: tells the server while a package is imported that takes seconds. No page here."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

SLOW: Final = {"tensorflow": "TensorFlow", "keras": "TensorFlow and Keras"}
"""What is told of the first of these to be imported: it imports the other itself."""


class Teller(MetaPathFinder):
    """Finds nothing itself; keeps a file that holds the name of what is being imported, as long as there is the file.

    Args:
        file: Read by the server, which takes it away once the page is whole.
    """

    def __init__(self, file: Path) -> None:
        self.file, self._telling = file, False

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module as the others find it, with an import that is told."""
        if fullname not in SLOW or self._telling:
            return None
        self._telling = True
        try:
            spec = find_spec(fullname)
        finally:
            self._telling = False
        if spec is None or spec.loader is None:
            return None
        run = spec.loader.exec_module
        told = SLOW[fullname] if os.environ.get("KERAS_BACKEND", "tensorflow") == "tensorflow" else fullname

        def exec_module(module: ModuleType) -> None:
            self._telling = True
            self._say(told)
            try:
                run(module)
            finally:
                self._say("")
                self._telling = False

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec

    def _say(self, text: str) -> None:
        if self.file.exists():
            self.file.write_text(text, encoding="utf-8")


def tell(file: str) -> None:
    """From now on, keep this file."""
    sys.meta_path.insert(0, Teller(Path(file)))
