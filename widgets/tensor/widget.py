"""TensorView: traits, validation and wiring. drawing.py says what is drawn, summary.py its numbers, view.ts draws."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import traitlets as t

from firstepoch.widgets import still
from firstepoch.widgets.base import StillView
from firstepoch.widgets.tensor import drawing, operations, summary
from firstepoch.widgets.tensor.scene import offered, read_arguments, read_other, scene
from firstepoch.widgets.tensor.selection import Selection, read
from firstepoch.widgets.tensor.still import parts
from firstepoch.widgets.tensor.take import Tensor, TensorError, take

_AT_ONCE = 2_000_000
"""Elements that are summarised before the first drawing; more are summarised beside it."""
_BINS, _MOST_BINS = 32, 64


class TensorView(StillView):
    """Any tensor drawn by its rank: a cell, a row, a table, a cube, a row of them, a grid of them.

    Args:
        value: Anything array-like: numbers, nested lists, numpy, TensorFlow, Keras, PyTorch, JAX, pandas.
        axes: Names of the axes, as a sequence or as "samples, height, width, channels".
        names: Labels of the entries: a sequence for the last axis, or a mapping from axis to sequence.
        max_cells: Cells drawn at most (16 to 20,000), a pixel being one cell; what is larger is drawn as means of
            blocks. Default: 10,000, of pictures 6000, or 20,000 where they fit as they are.
        **settings: The settings below, by name.

    Raises:
        TensorError: (a ValueError) The value is ragged or no tensor, or a name does not fit; the message says where.
        TypeError: An argument is unknown.

    Example:
        >>> view = TensorView([[1, 2], [3, 4]], selection=":, 0")  # doctest: +SKIP
        >>> view.code, view.selected  # doctest: +SKIP
        ('x[:, 0]', array([1, 3]))
    """

    linked = ("channels", "selection", "window", "low", "high")
    brings = {"channels": ("window",)}
    parts = ("channels", "selection", "window", "scale", "operations", "player", "numbers", "keys")

    title = t.Unicode("A tensor").tag(sync=True)
    """Heading of the card. Input."""
    selection = t.Unicode("").tag(sync=True)
    """What is taken, as written between the brackets of `x[...]`: "3", ":, 0", "..., -1"; "" is all. Control."""
    window: t.List[Any] = t.List().tag(sync=True)
    """The part that is drawn: [start, stop] for each axis, in elements. Control."""
    channels = t.Unicode("").tag(sync=True)
    """How a last axis of colour channels is drawn: "picture", "layers", or "" where there is none. Control."""
    low = t.Float(None, allow_none=True).tag(sync=True)
    """Lower end of the colour scale; None is the smallest finite element. Control."""
    high = t.Float(None, allow_none=True).tag(sync=True)
    """Upper end of the colour scale; None is the largest finite element. Control."""
    facts = t.Dict(read_only=True).tag(sync=True)
    """The tensor: shape, dtype, elements, bytes, source, axes, roles (their colours), whether text. Report."""
    chosen = t.Dict(read_only=True).tag(sync=True)
    """The selection: `code`, `shape`, `elements`, `taken` [start, step, count, kept] an axis, `error`. Report."""
    statistics = t.Dict(read_only=True).tag(sync=True)
    """Numbers of all elements (see summary.Statistics) and the `histogram`; empty until they are known. Report."""
    drawn = t.Dict(read_only=True).tag(sync=True)
    """What is drawn: window, block, what each cell shows, arrangement, labels, cells and marks as buffers. Report."""
    operation = t.Dict(read_only=True).tag(sync=True)
    """The operation on the stage, step by step, or the `error` of the last one asked for; see scene.py. Report."""

    def __init__(
        self,
        value: Any,
        *,
        axes: Sequence[str] | str | None = None,
        names: Any = None,
        max_cells: int | None = None,
        **settings: Any,
    ) -> None:
        if max_cells is not None and not 16 <= max_cells <= drawing.MOST_CELLS:
            raise TensorError(f"max_cells is {max_cells}; it goes from 16 to 20,000.")
        self._max_cells = max_cells
        self._tensor = take(value, axes, names)
        self._generation = 0
        self._summarising: threading.Thread | None = None
        self._last_operation: operations.Operation | None = None
        settings.setdefault("channels", drawing.usual_channels(self._tensor))
        window = settings.pop("window", None)
        super().__init__(**settings)
        self.observe(lambda _: self._choose(), "selection")
        self.observe(lambda _: self._draw(), "window")
        self.observe(self._rearrange, "channels")
        self._begin()
        if window is not None:
            self.window = window
        self.on_msg(type(self)._command)

    def show(self, value: Any, *, axes: Sequence[str] | str | None = None, names: Any = None) -> None:
        """Show another value in place of this one.

        Raises:
            TensorError: The value is no tensor; what was shown stays.
        """
        self._tensor = take(value, axes, names)
        with self.hold_sync():
            with self.hold_trait_notifications():
                self.selection = ""
                self.channels = drawing.usual_channels(self._tensor)
            self._begin()

    @property
    def value(self) -> np.ndarray:
        """The tensor, as numpy sees it."""
        return self._tensor.array

    @property
    def selected(self) -> np.ndarray:
        """What the selection takes: `value[index]`, a view where numpy gives one."""
        return np.asarray(self.value[self._selected.index])

    @property
    def code(self) -> str:
        """The Python that takes the selection, for example "x[:, 0]"."""
        return self._selected.code()

    @property
    def result(self) -> np.ndarray | None:
        """Result of the last operation; None before the first."""
        return None if self._last_operation is None else self._last_operation.result

    def apply(self, name: str, /, *others: Any, **arguments: Any) -> np.ndarray:
        """Apply an operation to the tensor and show, step by step, how its result comes about.

        Args:
            name: TensorFlow's name: expand_dims, squeeze, reshape, transpose, stack, concat, reduce_sum, reduce_mean,
                matmul, add, multiply.
            *others: Further operands (y, z, ...) of stack, concat, matmul, add and multiply.
            **arguments: TensorFlow's arguments, for example axis=0.

        Returns:
            The result.

        Raises:
            OperationError: (a ValueError) The shapes or the arguments do not fit; the message says how.
        """
        operation = operations.apply(name, [self.value, *(take(one).array for one in others)], **arguments)
        self._last_operation = operation
        self.set_trait("operation", {"offered": self._offered(), **scene(operation, self.facts["roles"])})
        return operation.result

    def still(self) -> str:
        """The tensor on a page where nothing runs: facts, first table or pictures, what is selected. Plain HTML."""
        tensor = self._tensor
        shown = parts(tensor.array, tensor.axes, tensor.dtype, self.channels == "picture", tensor.labels)
        if self.selection:
            shown.append(still.code(f"{self.code}  # shape {self.selected.shape}"))
        return still.figure(self._still, self.title, shown)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the statistics and block means of a large tensor.

        Args:
            timeout: Seconds to wait at most; None for as long as it takes.

        Returns:
            False if they are still being computed.
        """
        thread = self._summarising
        if thread is not None:
            thread.join(timeout)
        return thread is None or not thread.is_alive()

    def _offered(self) -> list[dict[str, str]]:
        return [] if drawing.is_text(self.value) else offered(self.value.shape)

    @property
    def _arrangement(self) -> drawing.Arrangement:
        return drawing.arrange(self.value.shape, self.channels or None)

    @property
    def _most_tiles(self) -> int:
        return drawing.USUAL_CELLS if self._max_cells is None else self._max_cells

    def _begin(self) -> None:
        with self.hold_sync():
            self._tell_facts()
            self._choose()
            self._rearrange()

    def _tell_facts(self) -> None:
        array = self.value
        self.set_trait("statistics", {})
        self.set_trait("operation", {"number": 0, "offered": self._offered()})
        self.set_trait(
            "facts",
            {
                "shape": list(array.shape),
                "dtype": self._tensor.dtype,
                "elements": array.size,
                "bytes": array.nbytes,
                "source": self._tensor.source,
                "axes": list(self._tensor.axes),
                "roles": list(drawing.roles(self._tensor.axes, drawing.has_channels(self._tensor))),
                "can_be_picture": drawing.has_channels(self._tensor),
                "text": drawing.is_text(array),
            },
        )

    def _rearrange(self, _: Any = None) -> None:
        """Another arrangement, or another tensor: begin with the whole of it."""
        window = drawing.first_window(self.value.shape, self._arrangement, self._most_tiles)
        first = [list(pair) for pair in window]
        if first == self.window:
            self._draw()
        else:
            self.window = first

    def _draw(self) -> None:
        """Show the part in the window: as it is, or in blocks."""
        self._generation += 1
        window: drawing.Window = tuple(map(tuple, self.window))
        array = drawing.part(self.value, window)
        text = drawing.is_text(array)
        most = drawing.most_cells(array, window, self._arrangement, self._max_cells)
        most = min(most, drawing.MOST_TEXTS) if drawing.needs_texts(array) else most
        block = drawing.block_sizes(window, self._arrangement, most)
        whole = array.size == self.value.size
        if text:
            self._show_cells(drawing.sample(array, block), block, "first" if max(block, default=1) > 1 else "value")
            return
        summarised = max(block, default=1) > 1
        if array.size > _AT_ONCE or (not self.statistics and self.value.size > _AT_ONCE):
            self._show_cells(drawing.sample(array, block), block, "first" if summarised else "value")
            self._summarise_beside(array, block, whole, summarised)
            return
        if not self.statistics and not whole:
            self._tell_statistics(summary.statistics(self.value), self._tensor)
        if summarised or not self.statistics:
            numbers, blocks = summary.summarise(array, block)
            if whole:
                self._tell_statistics(numbers, self._tensor)
            if summarised:
                self._show_cells(blocks.means, block, "mean", blocks.marks)
                return
        self._show_cells(drawing.sample(array, block), block, "first" if max(block, default=1) > 1 else "value")

    def _summarise_beside(self, array: np.ndarray, block: tuple[int, ...], whole: bool, summarised: bool) -> None:
        generation, tensor = self._generation, self._tensor

        def work() -> None:
            blocks = None
            if whole or summarised:
                numbers, blocks = summary.summarise(array, block)
                if whole:
                    self._tell_statistics(numbers, tensor)
            if blocks is not None and summarised and generation == self._generation:
                self._show_cells(blocks.means, block, "mean", blocks.marks)
            if not self.statistics and generation == self._generation:
                self._tell_statistics(summary.statistics(tensor.array), tensor)

        self._summarising = threading.Thread(target=work, name="firstepoch-tensor", daemon=True)
        self._summarising.start()

    def _show_cells(
        self, cells: np.ndarray, block: tuple[int, ...], shown: str, marks: np.ndarray | None = None
    ) -> None:
        numbers = drawing.numbers(cells)
        self.set_trait(
            "drawn",
            {
                "window": [list(pair) for pair in self.window],
                "block": list(block),
                "shown": shown,
                "shape": list(cells.shape),
                "arrangement": asdict(self._arrangement),
                "texts": drawing.texts(cells),
                "labels": self._labels(),
                "dtype": str(numbers.dtype),
                "cells": memoryview(numbers.tobytes()),
                "marks": memoryview((drawing.marks(cells) if marks is None else marks).tobytes()),
            },
        )

    def _labels(self) -> dict[str, list[str]]:
        """The labels of the entries in the window, where they are few enough to be read."""
        return {
            str(axis): list(labels[start:stop])
            for axis, labels in self._tensor.labels.items()
            for start, stop in [self.window[axis]]
            if stop - start <= drawing.MOST_COLUMNS
        }

    def _tell_statistics(self, numbers: summary.Statistics, tensor: Tensor) -> None:
        told = {name: _plain(value) for name, value in asdict(numbers).items()}
        if tensor.array.size:
            counted = summary.histogram(tensor.array, _bins(numbers, tensor.array.dtype), ends=_ends(numbers))
            told["histogram"] = {
                "counts": [int(count) for count in counted.counts],
                "edges": [_plain(edge) for edge in counted.edges],
                "of": counted.of,
                "exact": counted.exact,
            }
        if tensor is self._tensor:
            self.set_trait("statistics", told)

    def _choose(self) -> None:
        self._selected: Selection = read(self.selection, self.value.shape)
        self._tell_choice("")

    def _tell_choice(self, error: str) -> None:
        selected = self._selected
        elements = int(np.prod(selected.shape, dtype=np.int64))
        self.set_trait(
            "chosen",
            {
                "text": selected.text,
                "code": selected.code(),
                "shape": list(selected.shape),
                "elements": elements,
                "taken": [[axis.start, axis.step, axis.count, axis.kept] for axis in selected.taken],
                "value": str(self.selected.item()) if not selected.shape else "",
                "error": error,
            },
        )

    @t.validate("selection")
    def _known_selection(self, proposal: Any) -> str:
        return read(proposal["value"], self.value.shape).text

    @t.validate("window")
    def _known_window(self, proposal: Any) -> list[list[int]]:
        checked = drawing.check_window(proposal["value"], self.value.shape, self._arrangement, self._most_tiles)
        return [list(pair) for pair in checked]

    @t.validate("channels")
    def _known_channels(self, proposal: Any) -> str:
        possible = ("picture", "layers") if drawing.has_channels(self._tensor) else ("",)
        if proposal["value"] not in possible:
            raise TensorError(
                f"channels is {proposal['value']!r}; for this tensor it can be {' or '.join(map(repr, possible))}. "
                "An axis of 3 or 4 colour channels is the last one: name it in axes."
            )
        return str(proposal["value"])

    def _command(self, content: Mapping[str, Any], _: list[memoryview]) -> None:
        """What the page asks for; an error becomes a sentence on the card."""
        if content.get("kind") == "select":
            try:
                self.selection = str(content.get("text", ""))
                self._tell_choice("")
            except TensorError as error:
                self._tell_choice(str(error))
        elif content.get("kind") == "apply":
            try:
                written = str(content.get("others", ""))
                others = [read_other(written, self.value)] if written else []
                self.apply(str(content.get("name")), *others, **read_arguments(str(content.get("arguments", ""))))
            except ValueError as error:
                self.set_trait("operation", {**self.operation, "error": str(error)})


def _ends(numbers: summary.Statistics) -> tuple[float, float] | None:
    low, high = numbers.minimum, numbers.maximum
    return None if low is None or high is None else (float(low), float(high))


def _bins(numbers: summary.Statistics, dtype: np.dtype) -> int:
    """Bins of the histogram; few whole numbers have one each."""
    if dtype.kind in "iu" and numbers.minimum is not None and numbers.maximum is not None:
        values = int(numbers.maximum) - int(numbers.minimum) + 1
        if 1 < values <= _MOST_BINS:
            return values
    return _BINS


def _plain(value: Any) -> Any:
    """A number JSON can hold, or None; whole numbers that a browser would round become text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) < 2**53 else str(value)
    return float(value) if math.isfinite(value) else None
