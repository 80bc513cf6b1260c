"""Files that never change, sent packed and kept by the browser: a page's programs are 5 MB in a hundred files."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import tornado.web

TEXT: Final = (".css", ".js", ".json", ".map", ".svg", ".txt")
HASHED: Final = re.compile(r"[.-](?=[0-9a-f]*[0-9])[0-9a-f]{8,}\.\w+$")
"""A name with the content's hash in it: other content has another name."""
FOR_EVER: Final = "public, max-age=31536000, immutable"


@lru_cache(maxsize=1000)
def compressed(path: str, _changed: int) -> bytes:
    """The content of a file, packed once."""
    return gzip.compress(Path(path).read_bytes(), 6, mtime=0)


def packed(handler: type[Any]) -> type[Any]:
    """A handler that packs what is text, and lets the browser keep what has a hash in its name; others as they are.

    Args:
        handler: A handler, of static files or not.
    """
    if not issubclass(handler, tornado.web.StaticFileHandler):
        return handler

    class Packed(handler):
        def set_headers(self) -> None:
            super().set_headers()
            # JupyterLab asks for the chunks of an extension with the hash of their content.
            if HASHED.search(self.path) or self.get_argument("v", ""):
                self.set_header("Cache-Control", FOR_EVER)
            if not self.absolute_path.endswith(TEXT):
                return
            self.set_header("Vary", "Accept-Encoding")
            asked = self.request.headers
            if "gzip" in asked.get("Accept-Encoding", "") and "Range" not in asked:
                content = compressed(self.absolute_path, Path(self.absolute_path).stat().st_mtime_ns)
                self.set_header("Content-Encoding", "gzip")
                self.get_content_size = lambda: len(content)
                self.get_content = lambda *_: content

    Packed.__name__ = Packed.__qualname__ = handler.__name__
    return Packed
