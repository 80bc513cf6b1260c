"""What a page says of the course it belongs to: all its pages, in order, and those before and after. No server here."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import nbformat
from jupyter_server.utils import url_escape, url_path_join

from firstepoch.lessons.paths import START, in_order, title


def course(folder: Path, address: str, current: str = "") -> dict[str, Any]:
    """The notebooks of a folder as the pages of a course.

    Args:
        folder: The notebooks; those of the course come in its order, others by name.
        address: Where the pages of this folder are, without the notebook's name.
        current: File name of the page that asks; "" for a page that is none of them.

    Returns:
        `pages`, each with `file`, `name`, `title`, `href`, `start` (whether it is the course's start page) and
        `current`; and `before` and `after`, the neighbours of the current page among them, or None.
    """
    files = in_order(path.name for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    pages = [
        {
            "file": file,
            "name": Path(file).stem,
            "title": title(folder / file),
            "href": url_path_join(address, url_escape(file)),
            "start": Path(file).stem == START,
            "current": file == current,
        }
        for file in files
    ]
    at = next((index for index, page in enumerate(pages) if page["current"]), None)
    return {
        "pages": pages,
        "before": pages[at - 1] if at else None,
        "after": pages[at + 1] if at is not None and at + 1 < len(pages) else None,
    }


def listing(pages: list[dict[str, Any]]) -> nbformat.NotebookNode:
    """A notebook of text alone with a link to each page: the start of a folder that has no start page of its own."""
    links = "\n".join(f'<li><a href="{escape(page["href"])}">{escape(page["title"])}</a></li>' for page in pages)
    return nbformat.v4.new_notebook(
        metadata={
            "title": "Lessons",
            "firstepoch": {"kernel": False},
            "kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"},
        },
        cells=[nbformat.v4.new_markdown_cell("# Lessons"), nbformat.v4.new_markdown_cell(f"<ul>\n{links}\n</ul>")],
    )
