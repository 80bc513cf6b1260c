"""Static files: packed for who can unpack them, kept for ever where the name tells the content."""

import gzip

import pytest
import tornado.web
from scene import play
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

from firstepoch.lessons.packed import FOR_EVER, packed

PROGRAM = b"let loss = 0.693;\n" * 1000
PACKED = {"Accept-Encoding": "gzip"}


@pytest.fixture
def ask(tmp_path):
    """Serves a folder, and asks for files of it, one after the other."""
    (tmp_path / "program.js").write_bytes(PROGRAM)
    (tmp_path / "568.ca3cef0d68ed1061.js").write_bytes(PROGRAM)
    (tmp_path / "deadbeefcafe.js").write_bytes(PROGRAM)
    (tmp_path / "picture.png").write_bytes(bytes(1000))

    def ask(*requests):
        async def scene():
            files = packed(tornado.web.StaticFileHandler)
            socket, port = bind_unused_port()
            server = HTTPServer(tornado.web.Application([(r"/(.*)", files, {"path": str(tmp_path)})]))
            server.add_sockets([socket])
            client = AsyncHTTPClient(force_instance=True)
            answers = [
                await client.fetch(
                    HTTPRequest(f"http://127.0.0.1:{port}/{path}", headers=headers, decompress_response=False),
                    raise_error=False,
                )
                for path, headers in requests
            ]
            client.close()
            server.stop()
            return answers

        return play(scene())

    return ask


def test_a_program_is_packed_for_who_asks_for_it(ask):
    small, large = ask(("program.js", PACKED), ("program.js", {}))
    assert gzip.decompress(small.body) == large.body == PROGRAM
    assert small.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in large.headers
    assert int(small.headers["Content-Length"]) == len(small.body) < len(PROGRAM) / 10
    assert small.headers["Vary"] == large.headers["Vary"] == "Accept-Encoding"


def test_a_part_of_a_file_and_a_picture_are_sent_as_they_are(ask):
    part, picture = ask(("program.js", {**PACKED, "Range": "bytes=4-7"}), ("picture.png", PACKED))
    assert part.code == 206 and part.body == b"loss"
    assert picture.body == bytes(1000) and "Content-Encoding" not in picture.headers


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("568.ca3cef0d68ed1061.js", FOR_EVER),
        ("program.js?v=ca3cef0d", FOR_EVER),
        ("program.js", None),
        ("deadbeefcafe.js", None),
    ],
)
def test_a_file_is_kept_for_ever_where_other_content_has_another_name(ask, path, kept):
    (answer,) = ask((path, PACKED))
    assert answer.code == 200
    assert (answer.headers.get("Cache-Control") == FOR_EVER) == bool(kept)


def test_a_file_that_the_browser_has_is_not_sent_again(ask):
    (first,) = ask(("program.js", PACKED))
    (again,) = ask(("program.js", {**PACKED, "If-None-Match": first.headers["Etag"]}))
    assert again.code == 304 and not again.body


def test_a_changed_file_is_packed_anew(ask, tmp_path):
    ask(("program.js", PACKED))
    (tmp_path / "program.js").write_bytes(b"let loss = 0;")
    (answer,) = ask(("program.js", PACKED))
    assert gzip.decompress(answer.body) == b"let loss = 0;"
