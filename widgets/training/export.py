"""The files a learner can take of a run: its numbers, Recording, model, code and a picture of its curves."""

from __future__ import annotations

import contextlib
import os
import tempfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from firstepoch.widgets.recording_file import replacing
from firstepoch.widgets.training import picture, worker
from firstepoch.widgets.training.run import MAX_KEPT_PARAMETERS, Run

KINDS = ("csv", "recording", "keras", "py", "svg", "png")
"""The endings of the files, in the order in which they are offered."""


class ExportError(RuntimeError):
    """A run has no such file to give; the message says why and what to try."""


def content(run: Run, kind: str, code: str = "") -> bytes:
    """One file of a run.

    Args:
        run: A run that has ended.
        kind: One of KINDS.
        code: The Keras program of the run, for "py".

    Raises:
        ExportError: The run has no such file, or not yet.
    """
    check(run)
    if kind == "csv":
        return csv(run).encode()
    if kind in ("svg", "png"):
        return picture.picture(run, kind)
    if kind == "py":
        return code.encode()
    if kind == "keras":
        return _written(f"run.{kind}", _model(run).save)
    if kind == "recording":
        return _written(f"run.{kind}", run.recording.save)
    raise ExportError(f"There is no file {kind!r} of a run. There are: {', '.join(KINDS)}.")


def export(run: Run, folder: str | os.PathLike[str], code: str) -> dict[str, Path]:
    """Write all files of a run; after an error none of them is half written.

    Args:
        run: A run that has ended.
        folder: Where to; it is made if only its last part is missing.
        code: The Keras program of the run.

    Returns:
        Where each kind of file is. A model that was not kept is left out, with a warning.

    Raises:
        ExportError: The run has nothing to give, or not yet.
        OSError: The folder cannot be made or written to.
    """
    check(run)
    kinds = [kind for kind in KINDS if kind != "keras" or run.model is not None]
    files = {kind: content(run, kind, code) for kind in kinds}
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise NotADirectoryError(f"{target} is a file, not a folder. Give the name of a folder.")
    if not target.resolve().parent.is_dir():
        raise FileNotFoundError(
            f"There is no folder {target.resolve().parent} to make {target.name} in. Make it first."
        )
    try:
        target.mkdir(exist_ok=True)
        paths = {kind: target / f"run_{run.number}.{kind}" for kind in files}
        with contextlib.ExitStack() as stack:
            for kind, path in paths.items():
                stack.enter_context(replacing(path)).write_bytes(files[kind])
    except PermissionError as error:
        raise PermissionError(f"{target} cannot be written to. Try a folder of your own.") from error
    if "keras" not in paths:
        warnings.warn(f"{_NO_MODEL.format(run.number)} The other files are written.", stacklevel=3)
    return paths


def csv(run: Run) -> str:
    """Keras's logs of every epoch (from 0) with exact numbers, as `keras.callbacks.CSVLogger` writes them."""
    return run.recording.to_pandas(["epoch", *run.metrics]).to_csv(index=False, lineterminator="\n")


def check(run: Run) -> None:
    """Refuse a run that has no files to give.

    Raises:
        ExportError: It never began, is going on, or recorded nothing.
    """
    if run.number == 0:
        raise ExportError("Nothing has been trained yet. Try .train(), then .wait().")
    if not run.outcome:
        raise ExportError(
            f"Run {run.number} is going on: its files are there when it has ended. Try .wait() or .stop()."
        )
    if not len(run.recording):
        raise ExportError(f"Run {run.number} ended before its first epoch, so there is nothing to write.")


def answer(
    send: Callable[[dict[str, Any], list[bytes]], None],
    content_of: Mapping[str, Any],
    run: Run | None,
    code: Callable[[Run], str],
) -> None:
    """Make the file a page asked for, beside the main thread, and send it.

    Args:
        send: Sends a message with buffers to the page.
        content_of: What the page sent: `file`, one of KINDS, and `asked`, by which it knows its answer.
        run: The run it asked for; None if that is not kept any more.
        code: Gives the Keras program of the run.
    """
    kind = str(content_of.get("file", ""))
    reply: dict[str, Any] = {"kind": "file", "asked": content_of.get("asked")}

    def work() -> None:
        try:
            if run is None:
                raise ExportError("This run is not kept any more. Choose another one in the table of runs.")
            made = content(run, kind, code(run))
        except Exception as error:
            send({**reply, "problem": str(error) or type(error).__name__}, [])
        else:
            send({**reply, "name": f"run_{run.number}.{kind}"}, [made])

    worker.begin(work)


_NO_MODEL = (
    f"The model of run {{}} was let go when the next run began: it has more than {MAX_KEPT_PARAMETERS:,} parameters. "
    "Export such a run before the next one."
)


def _model(run: Run) -> Any:
    if run.model is None:
        raise ExportError(_NO_MODEL.format(run.number))
    return run.model


def _written(name: str, save: Callable[[Path], Any]) -> bytes:
    """What `save` writes to a file."""
    with tempfile.TemporaryDirectory(prefix="firstepoch-") as folder:
        path = Path(folder) / name
        save(path)
        return path.read_bytes()
