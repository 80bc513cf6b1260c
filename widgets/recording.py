"""Recording: what a run did, written down once, frame by frame. It computes nothing and knows no widget."""

from __future__ import annotations

import functools
import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from firstepoch.widgets import recording_file
from firstepoch.widgets.recording_file import RecordingError

_RECORDED_PACKAGES = ("firstepoch", "keras", "tensorflow", "numpy")


class Recording:
    """Named arrays that grow by one row a frame, with the settings that produced them.

    Every frame holds the same arrays with the same shapes: the first frame decides which. A value that an array's
    type cannot hold widens the type.
    Appending costs amortised constant time; reading an array is a view without a copy.

    Args:
        settings: What produced the run; anything JSON can hold. Default: empty.
        versions: Package versions the run was made with. Default: those in use now.

    Example:
        >>> recording = Recording({"learning_rate": 0.1})
        >>> recording.append(w=[2.0, 1.0], loss=0.7)
        0
        >>> recording["w"].shape
        (1, 2)
    """

    def __init__(self, settings: Mapping[str, Any] | None = None, *, versions: Mapping[str, str] | None = None) -> None:
        self.settings: dict[str, Any] = dict(settings or {})
        self.versions: dict[str, str] = dict(versions) if versions is not None else versions_in_use()
        self._arrays: dict[str, np.ndarray] = {}
        self._length = 0

    def __len__(self) -> int:
        """Number of frames."""
        return self._length

    def __contains__(self, name: object) -> bool:
        return name in self._arrays

    def __iter__(self) -> Iterator[str]:
        """The names of the arrays."""
        return iter(self._arrays)

    def __getitem__(self, name: str) -> np.ndarray:
        """The array `name`, shape (frames, ...), read-only; a view, not a copy.

        Raises:
            KeyError: There is no such array; the message lists those there are.
        """
        if name not in self._arrays:
            raise KeyError(f"This recording has no array {name!r}. It has: {', '.join(self._arrays) or 'none'}.")
        view = self._arrays[name][: self._length]
        view.flags.writeable = False
        return view

    def __repr__(self) -> str:
        arrays = ", ".join(f"{name} {self[name].shape} {self[name].dtype}" for name in self)
        return f"<Recording of {self._length} frames: {arrays or 'no arrays yet'}>"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the arrays, in the order of the first frame."""
        return tuple(self._arrays)

    def append(self, values: Mapping[str, Any] | None = None, /, **named: Any) -> int:
        """Add one frame.

        Args:
            values: One value (number or array) for each array, by name.
            **named: The same, as keyword arguments.

        Returns:
            The index of the new frame.

        Raises:
            RecordingError: Names or shapes differ from those of the first frame; nothing is added.
        """
        return self.extend({name: np.asarray(value)[None] for name, value in {**(values or {}), **named}.items()})

    def extend(self, chunk: Mapping[str, Any]) -> int:
        """Add several frames at once.

        Args:
            chunk: For each array name, the new rows, shape (new frames, ...).

        Returns:
            The index of the first new frame.

        Raises:
            RecordingError: Names, shapes or numbers of rows do not fit; nothing is added.
        """
        rows = {name: np.asarray(value) for name, value in chunk.items()}
        count = self._check(rows)
        start, stop = self._length, self._length + count
        for name, value in rows.items():
            if name not in self._arrays:
                self._arrays[name] = np.empty((max(16, count), *value.shape[1:]), value.dtype)
            held = self._arrays[name]
            dtype = np.result_type(held, value)
            if stop > len(held) or dtype != held.dtype:
                grown = np.empty((max(stop, len(held) * (1 + (stop > len(held)))), *held.shape[1:]), dtype)
                grown[:start] = held[:start]
                self._arrays[name] = held = grown
            held[start:stop] = value
        self._length = stop
        return start

    def _check(self, rows: dict[str, np.ndarray]) -> int:
        if not rows:
            raise RecordingError("A frame needs at least one array, for example append(loss=0.7).")
        for name, value in rows.items():
            if value.dtype.kind not in "biuf":
                raise RecordingError(f"Array {name!r} holds {value.dtype}; a recording keeps numbers only.")
            if value.ndim == 0:
                raise RecordingError(f"Array {name!r} needs a leading axis of frames.")
        counts = {name: len(value) for name, value in rows.items()}
        if len(set(counts.values())) > 1:
            raise RecordingError(f"Arrays differ in their number of frames: {counts}.")
        if self._arrays and set(rows) != set(self._arrays):
            missing, extra = set(self._arrays) - set(rows), set(rows) - set(self._arrays)
            raise RecordingError(
                "Every frame holds the same arrays."
                + (f" Missing: {', '.join(sorted(missing))}." if missing else "")
                + (f" Not in the first frame: {', '.join(sorted(extra))}." if extra else "")
            )
        for name, held in self._arrays.items():
            if rows[name].shape[1:] != held.shape[1:]:
                raise RecordingError(
                    f"Array {name!r} has shape {held.shape[1:]} in each frame; got {rows[name].shape[1:]}."
                )
        return next(iter(counts.values()))

    def since(self, start: int = 0) -> tuple[dict[str, Any], list[memoryview]]:
        """The frames from `start` on, as a browser takes them: a header and one buffer for each array.

        64-bit integers go as float64 (exact up to 2**53) and booleans as bytes, because typed arrays in a
        browser have no cheap equivalent.

        Args:
            start: First frame wanted; the number of frames already sent.

        Returns:
            Header with `start`, `stop` and, for each array, `name`, `dtype` and `shape`; and the buffers.
        """
        arrays, buffers = [], []
        stop = self._length
        for name in self._arrays:
            rows = np.ascontiguousarray(_browser_dtype(self._arrays[name][start:stop]))
            arrays.append({"name": name, "dtype": str(rows.dtype), "shape": list(rows.shape)})
            buffers.append(rows.reshape(-1).view(np.uint8).data)
        return {"start": start, "stop": stop, "arrays": arrays}, buffers

    def to_pandas(self, names: list[str] | None = None) -> pd.DataFrame:
        """One row a frame; an array with several values a frame becomes columns `w[0]`, `w[1]`, ...

        Args:
            names: Which arrays; default all.

        Returns:
            DataFrame of `len(self)` rows with the index named "frame".
        """
        columns: dict[str, np.ndarray] = {}
        for name in names if names is not None else self.names:
            array = self[name]
            if array.ndim == 1:
                columns[name] = array
            else:
                for index in np.ndindex(array.shape[1:]):
                    columns[f"{name}[{', '.join(map(str, index))}]"] = array[(slice(None), *index)]
        return pd.DataFrame(columns, index=pd.RangeIndex(self._length, name="frame"))

    def to_csv(self, path: str | os.PathLike[str], names: list[str] | None = None) -> None:
        """Write `to_pandas(names)` as a csv file with exact numbers and a `frame` column.

        Args:
            path: Where to write.
            names: Which arrays; default all.
        """
        self.to_pandas(names).to_csv(path)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything to one checksummed file; an older file stays whole until the new one is complete.

        The file is a zip archive of `recording.json` and one `.npy` for each array: readable without
        firstepoch, and without TensorFlow.

        Args:
            path: Where to write; the name is kept as given.

        Raises:
            RecordingError: A setting is something JSON cannot hold.
        """
        header = {"frames": self._length, "settings": self.settings, "versions": self.versions}
        recording_file.write(path, header, {name: self[name] for name in self})

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Recording:
        """Read what `save` wrote; needs no TensorFlow.

        Args:
            path: The file.

        Returns:
            An equal recording; it can be appended to.

        Raises:
            FileNotFoundError: There is no such file.
            RecordingError: The file is damaged, or is no recording, or was written by a newer version.
        """
        header, arrays = recording_file.read(path)
        recording = cls(header["settings"], versions=header["versions"])
        if arrays:
            recording.extend(arrays)
        return recording


def versions_in_use() -> dict[str, str]:
    """Versions of Python and of the packages a run depends on, without importing any of them."""
    versions = {"python": platform.python_version()}
    for package in _RECORDED_PACKAGES:
        if package == "firstepoch" or package in sys.modules:
            found = _version(package)
            if found is not None:
                versions[package] = found
    return versions


@functools.cache
def _version(package: str) -> str | None:
    """The version that is installed; reading it takes milliseconds."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _browser_dtype(rows: np.ndarray) -> np.ndarray:
    if rows.dtype.kind == "b":
        return rows.astype(np.uint8)
    if rows.dtype.kind in "iu" and rows.dtype.itemsize == 8:
        return rows.astype(np.float64)
    if rows.dtype.kind == "f" and rows.dtype.itemsize not in (4, 8):
        return rows.astype(np.float32)
    return rows
