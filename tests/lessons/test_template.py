"""The page template asks no other host for anything, and its text is plain."""

import json

import jinja2
import pytest

from firstepoch.lessons.paths import FOLDER

TEMPLATE = FOLDER / "voila" / "templates" / "firstepoch"
FILES = sorted(path for path in TEMPLATE.rglob("*") if path.is_file())


def test_it_is_there_and_stands_on_voilas_base():
    assert json.loads((TEMPLATE / "conf.json").read_text()) == {"base_template": "base"}
    assert {path.name for path in FILES} >= {"index.html.j2", "error.html", "404.html", "lesson.css"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_other_host_is_named(path):
    text = path.read_text(encoding="utf-8").lower()
    for forbidden in ("https://", "http://", "//cdn", "@import", "font-awesome", "fontawesome", "math.random"):
        assert forbidden not in text


@pytest.mark.parametrize("path", [path for path in FILES if ".html" in path.name], ids=lambda path: path.name)
def test_it_parses(path):
    jinja2.Environment().parse(path.read_text(encoding="utf-8"))


def test_pages_have_a_language_a_skip_link_and_a_title():
    for name in ("index.html.j2", "error.html"):
        text = (TEMPLATE / name).read_text(encoding="utf-8")
        assert '<html lang="en">' in text
        assert "<title>" in text
    assert 'href="#lesson"' in (TEMPLATE / "index.html.j2").read_text(encoding="utf-8")
