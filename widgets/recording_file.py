"""The file a Recording is saved to: one checksummed zip archive. The Recording itself is in recording.py."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

FORMAT = "firstepoch recording"
FORMAT_VERSION = 1
_HEADER = "recording.json"


class RecordingError(ValueError):
    """A recording cannot be read or extended; the message says why and what to try."""


def write(path: str | os.PathLike[str], header: dict[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Write `recording.json` and one `.npy` for each array; complete or not at all.

    Args:
        path: Where to write.
        header: `frames`, `settings` and `versions`.
        arrays: By name, shape (frames, ...).

    Raises:
        RecordingError: The header holds something JSON cannot.
    """
    entries, contents = [], []
    for number, (name, array) in enumerate(arrays.items()):
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        content = buffer.getvalue()
        entries.append({"name": name, "file": f"{number}.npy", "sha256": hashlib.sha256(content).hexdigest()})
        contents.append(content)
    header = {"format": FORMAT, "format_version": FORMAT_VERSION, **header, "arrays": entries}
    try:
        text = json.dumps(header, default=_to_json, indent=1)
    except (TypeError, ValueError) as error:
        raise RecordingError(f"These settings cannot be saved: {error}. Use numbers, text and lists.") from error
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_HEADER, text)
        for entry, content in zip(entries, contents, strict=True):
            archive.writestr(entry["file"], content)


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Where to write what is to be at `path` once the block has ended well; until then an older file stays whole.

    Args:
        path: The file to make or to replace.

    Raises:
        FileNotFoundError: Its folder is not there.
    """
    target = Path(path).resolve()
    if not target.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {target.parent} to save in. Make it first.")
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield temporary
        if target.exists():
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read and check what `write` wrote.

    Args:
        path: The file.

    Returns:
        The header and the arrays by name.

    Raises:
        FileNotFoundError: There is no such file.
        RecordingError: The file is damaged, or is no recording, or was written by a newer version.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if _HEADER not in archive.namelist():
                raise RecordingError(f"{path} is not a firstepoch recording: it holds no {_HEADER}.")
            header = json.loads(archive.read(_HEADER))
            if header["format"] != FORMAT:
                raise RecordingError(f"{path} is not a firstepoch recording.")
            if header["format_version"] > FORMAT_VERSION:
                raise RecordingError(f"{path} was written by a newer firstepoch. Try: pip install -U firstepoch")
            arrays = {entry["name"]: _array(archive, entry, path) for entry in header["arrays"]}
            short = [name for name, array in arrays.items() if len(array) != header["frames"]]
            _ = header["settings"], header["versions"]
    except (FileNotFoundError, IsADirectoryError, PermissionError, RecordingError):
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        KeyError,
        TypeError,
        EOFError,
        OSError,
        RuntimeError,
    ) as error:
        raise RecordingError(
            f"{path} is damaged or is no firstepoch recording ({error}). Try another copy of the file."
        ) from error
    if short:
        raise RecordingError(f"{path} is damaged: {', '.join(short)} has not all of {header['frames']} frames.")
    return header, arrays


def _array(archive: zipfile.ZipFile, entry: dict[str, str], path: str | os.PathLike[str]) -> np.ndarray:
    content = archive.read(entry["file"])
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise RecordingError(f"{path} is damaged: the checksum of {entry['name']!r} is wrong.")
    return np.load(io.BytesIO(content), allow_pickle=False)


def _to_json(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is not JSON")
