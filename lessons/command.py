"""The `firstepoch` command: serve the lessons as pages, or copy their notebooks. The server itself is in server.py."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Final

from firstepoch.lessons.paths import START, lessons

PASSWORD: Final = "FIRSTEPOCH_PASSWORD"
"""Variable of the environment with the room's password: what is typed after a command can be seen by others (`ps`)."""
CLASS_MINUTES: Final = 20
"""Minutes a training may take where a class shares a machine, if nothing else is said."""
SHORTEST: Final = 4
"""Characters of a password, at least."""


class CommandError(Exception):
    """What went wrong and what to try, in one sentence for the person at the terminal."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: The arguments; those of the process if None.

    Returns:
        Exit code: 0 done, 1 could not be done. Wrong usage exits with 2, as argparse does.
    """
    arguments = parser().parse_args(argv)
    try:
        arguments.run(arguments)
    except CommandError as error:
        print(f"firstepoch: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line as argparse sees it."""
    root = argparse.ArgumentParser(prog="firstepoch", description="Lessons on neural networks with live widgets.")
    root.add_argument("--version", action="version", version=f"firstepoch {version('firstepoch')}")
    commands = root.add_subparsers(metavar="COMMAND", required=True)

    serve = commands.add_parser("serve", help="serve the lessons as web pages", description=_serve.__doc__)
    serve.add_argument(
        "lesson",
        nargs="?",
        metavar="LESSON",
        help=f"one lesson ({', '.join(lessons())}), or a notebook or folder of your own; all lessons if left out",
    )
    serve.add_argument(
        "--port",
        type=_number("not a port", 0, 65535),
        default=8866,
        help="port to listen on; the next free one if it is taken",
    )
    serve.add_argument("--host", help="address to listen on; 0.0.0.0 lets others in (default: 127.0.0.1)")
    serve.add_argument(
        "--class",
        action="store_true",
        dest="classroom",
        help="let a class in: prints the link and a QR code, and a link to a page of your own; --host 0.0.0.0, "
        f"--run-minutes {CLASS_MINUTES}",
    )
    serve.add_argument(
        "--seats",
        type=_number("no number of seats", 1, 10_000),
        metavar="N",
        help="pages with live widgets at once; who comes later waits for a seat (default: as many as come)",
    )
    serve.add_argument(
        "--memory",
        type=_number("no number of megabytes", 200, 1_000_000),
        metavar="MB",
        help="megabytes the Python of a page may take, beside what all share (Linux; default: as much as there is)",
    )
    serve.add_argument(
        "--run-minutes",
        type=_number("no number of minutes", 1, 10_000),
        metavar="MIN",
        help="minutes a training may take, its pauses not counted; then it is stopped and kept (default: no end)",
    )
    serve.add_argument(
        "--name",
        action="append",
        default=[],
        help="a name others know this machine by, such as a proxy's; its own names and numbers are known (repeatable)",
    )
    serve.add_argument(
        "--password",
        type=_password,
        metavar="WORD",
        help=f"students have to know it to come in; best given as {PASSWORD}, where nobody else sees it",
    )
    serve.add_argument("--no-browser", action="store_true", help="do not open a browser")
    serve.set_defaults(run=_serve)

    copy = commands.add_parser("copy", help="copy the notebooks to a folder", description=_copy.__doc__)
    copy.add_argument("folder", metavar="DIR", type=Path, help="where to; made if it does not exist")
    copy.add_argument("--force", action="store_true", help="overwrite notebooks that are there already")
    copy.set_defaults(run=_copy)
    return root


def _number(wrong: str, low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number from `low` to `high`; anything else `wrong` says what it is not."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is {wrong}: use a number from {low} to {high}")
        return int(text)

    return read


def _password(text: str) -> str:
    """Reads a password."""
    if len(text.strip()) < SHORTEST:
        raise argparse.ArgumentTypeError(f"the password is too short: use at least {SHORTEST} characters")
    return text


def _serve(arguments: argparse.Namespace) -> None:
    """Serve the lessons as web pages until you press Ctrl+C. The address is printed once they can be opened."""
    with _folder_and_start(arguments.lesson) as (folder, start_page):
        # Voilà takes a second to import: not before the arguments are known to be right.
        from firstepoch.lessons.server import free_port, serve

        host = arguments.host or ("0.0.0.0" if arguments.classroom else "127.0.0.1")
        try:
            port = free_port(host, arguments.port)
        except OSError as error:
            raise CommandError(
                f"cannot listen on {host}, port {arguments.port} ({error.strerror or error}). "
                "Try --host 127.0.0.1 or another --port."
            ) from error
        if arguments.port not in (0, port):
            print(f"Port {arguments.port} is taken; using {port}.", flush=True)
        serve(
            folder,
            start_page,
            host,
            port,
            browser=not arguments.no_browser,
            names=arguments.name,
            seats=arguments.seats,
            memory=arguments.memory,
            password=_chosen_password(arguments.password),
            classroom=arguments.classroom,
            minutes=arguments.run_minutes or (CLASS_MINUTES if arguments.classroom else None),
        )


def _chosen_password(given: str | None) -> str | None:
    """The password of the command line or of the environment; no kernel gets to see the latter."""
    found = os.environ.pop(PASSWORD, None)
    try:
        return _password(found) if given is None and found is not None else given
    except argparse.ArgumentTypeError as error:
        raise CommandError(f"{PASSWORD}: {error}.") from error


@contextmanager
def _folder_and_start(lesson: str | None) -> Iterator[tuple[Path, str | None]]:
    """The folder to serve and the notebook that `/` leads to.

    The shipped lessons are served from copies: what a page writes must not end up inside the package.
    """
    if lesson is not None and lesson not in lessons():
        yield _own(Path(lesson))
        return
    chosen = list(lessons().values()) if lesson in (None, START) else [lessons()[lesson]]
    with tempfile.TemporaryDirectory(prefix="firstepoch-") as folder:
        for path in chosen:
            shutil.copy(path, folder)
        yield Path(folder), chosen[0].name if len(chosen) == 1 else None


def _own(path: Path) -> tuple[Path, str | None]:
    if path.is_file() and path.suffix == ".ipynb":
        return path.parent, path.name
    if path.is_dir():
        found = sorted(path.glob("*.ipynb"))
        if not found:
            raise CommandError(f"no notebooks (*.ipynb) in {path}. Try: firstepoch copy {path}")
        return path, found[0].name if len(found) == 1 else None
    names = ", ".join(lessons())
    raise CommandError(f"no lesson, notebook or folder is called '{path}'. The lessons: {names}.")


def _copy(arguments: argparse.Namespace) -> None:
    """Copy the notebooks to a folder, for you to change. Without --force, nothing that is there is overwritten."""
    folder: Path = arguments.folder
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"{folder} is a file, not a folder. Name another folder.")
    present = [path.name for path in lessons().values() if (folder / path.name).exists()]
    if present and not arguments.force:
        raise CommandError(
            f"{', '.join(present)} already in {folder}; nothing was copied. "
            "Use --force to overwrite, or name another folder."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in lessons().values():
            shutil.copyfile(path, folder / path.name)
            print(folder / path.name)
    except OSError as error:
        raise CommandError(f"cannot write to {folder} ({error.strerror or error}).") from error


if __name__ == "__main__":
    sys.exit(main())
