"""KerasStack: traits and wiring. facts.py reads the machine, library.py counts, words.py says it, view.ts draws."""

from __future__ import annotations

import dataclasses
import threading
from typing import Any

import traitlets as t

from firstepoch.data.loading import is_keras_loaded, load_keras
from firstepoch.widgets import still
from firstepoch.widgets.latest import Latest
from firstepoch.widgets.settings_view import SettingsView
from firstepoch.widgets.stack import facts, library, words
from firstepoch.widgets.stack.facts import Facts
from firstepoch.widgets.stack.library import Shelf

_PROGRAM = f"""\
import importlib.util
import inspect
import keras

print("Keras", keras.__version__, "on", keras.backend.backend())
for package in {tuple(facts.BACKENDS)}:
    print(package, "is installed:", importlib.util.find_spec(package) is not None)
for kind in {tuple(kind.lower() for kind in facts.DEVICES)}:
    print(kind, keras.distribution.list_devices(kind))
bases = {{
    keras.layers: keras.Layer,
    keras.optimizers: keras.optimizers.Optimizer,
    keras.losses: keras.losses.Loss,
    keras.metrics: keras.metrics.Metric,
}}
for module, base in bases.items():
    classes = {{one for _, one in inspect.getmembers(module, inspect.isclass) if issubclass(one, base)}} - {{base}}
    print(module.__name__, len(classes))
"""


class KerasStack(SettingsView):
    """What lies under one line of Keras: Keras, its backend, the hardware; and what of it is on this machine.

    Versions, backend, devices and the lists of what Keras brings along are read from the installed packages, and the
    operations of one update are counted in TensorFlow's graph of it. That is done in the background, because loading
    Keras takes some seconds the first time: `wait()` waits for it.

    Args:
        **settings: The settings below, by name.

    Raises:
        SettingsError: (a ValueError) There is no such level or kind.
        TypeError: An argument is unknown.

    Example:
        >>> stack = KerasStack()  # doctest: +SKIP
        >>> stack.wait()  # doctest: +SKIP
        >>> stack.facts.backend  # doctest: +SKIP
        'tensorflow'
    """

    linked = ("level", "kind")
    parts = ("library", "numbers", "code", "words")

    title = t.Unicode("One line, and what lies under it").tag(sync=True)
    """Heading of the card. Input."""
    level = t.Enum(words.LEVELS, "code").tag(sync=True)
    """The level that is opened. Control."""
    kind = t.Enum(library.KINDS, "layers").tag(sync=True)
    """Of the things Keras brings along, those that are listed. Control."""
    status = t.Enum(("loading", "counting", "done", "failed"), "loading", read_only=True).tag(sync=True)
    """Loading Keras, counting operations, done or failed. Report."""
    levels: t.List[dict[str, Any]] = t.List(read_only=True).tag(sync=True)
    """The levels from top to bottom: what each does for the line, and what was found of it. Report."""
    shelves: t.List[dict[str, Any]] = t.List(read_only=True).tag(sync=True)
    """What Keras brings along, by kind; empty until Keras is loaded. Report."""
    operations: t.List[list[Any]] = t.List(read_only=True).tag(sync=True)
    """Types of the operations of one update and how many of each; empty until counted. Report."""
    footnote = t.Unicode(words.FOOTNOTE, read_only=True).tag(sync=True)
    """On the other backends. Report."""
    problem_found = t.Unicode(read_only=True).tag(sync=True)
    """Why the machine could not be read; "" if it could. Report."""
    code = t.Unicode(_PROGRAM, read_only=True).tag(sync=True)
    """A program that prints the same. Report."""

    def __init__(self, **settings: Any) -> None:
        self._telling = threading.RLock()
        self._latest = Latest(lambda _: self._read())
        self._facts = facts.before()
        super().__init__(**settings)
        self.follow("level", "kind")
        self._tell(self._facts, [], "counting" if is_keras_loaded() else "loading")
        self._latest.ask(None)

    @property
    def facts(self) -> Facts:
        """What was read of this machine so far."""
        return self._facts

    def recompute(self) -> None:
        """Nothing follows from the settings: they say what is looked at."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until everything is read.

        Args:
            timeout: Seconds to wait at most; None for as long as it takes.

        Returns:
            False if it is not after `timeout`.

        Raises:
            Exception: What made it fail.
        """
        return self._latest.result(timeout)

    def still(self) -> str:
        """The levels on a page where nothing runs. Plain HTML."""
        parts = []
        for level in self.levels:
            parts += [still.heading(f"{level['title']}: {level['sub']}"), still.paragraph(level["does"])]
            parts += [still.paragraph(level["here"])] if level["here"] else []
        return still.figure(self._still, self.title, [*parts, still.paragraph(self.footnote)])

    def _read(self) -> None:
        try:
            keras = load_keras()
            known, shelves = facts.after(keras), library.shelves(keras)
            self._tell(known, shelves, "counting")
            counted = facts.operations(keras)
            if counted is not None:
                known = dataclasses.replace(known, operations=counted[0], forward=counted[1])
            self._tell(known, shelves, "done")
        except Exception as error:
            told = " ".join(str(error).split()) or type(error).__name__
            self.set_trait("problem_found", f"Keras could not be read: {told.split('. ')[0].rstrip('.')}.")
            self.set_trait("status", "failed")
            raise

    def _tell(self, known: Facts, shelves: list[Shelf], status: str) -> None:
        with self._telling, self.hold_sync():
            self._facts = known
            self.set_trait("levels", words.levels(known, shelves))
            self.set_trait("shelves", [words.shelf(one) for one in shelves])
            counts = known.operations.most_common() if known.operations else []
            self.set_trait("operations", [[name, count] for name, count in counts])
            self.set_trait("status", status)
