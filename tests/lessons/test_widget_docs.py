"""The pages of the widgets say what the classes are: arguments and defaults, code that runs, a real picture."""

import ast
import re
import struct

import pytest
from widget_pages import ROOT, WIDGETS, arguments, page, rewritten

README = (ROOT / "README.md").read_text(encoding="utf-8")
each = pytest.mark.parametrize("widget", WIDGETS.values(), ids=WIDGETS)


def test_a_page_stands_where_the_name_of_its_widget_says():
    found = {path.parent.name for path in ROOT.glob("widgets/*/README.md")}
    assert found == {page(widget).parent.name for widget in WIDGETS.values()}


@each
def test_tables_are_those_of_the_class(widget):
    text = page(widget).read_text(encoding="utf-8")
    assert text.startswith(f"# {widget.__name__}\n")
    assert text == rewritten(text, widget), "try: python tests/browser/widget_pages.py"


@each
def test_every_argument_is_said_to_be_something(widget):
    for name, what, _ in arguments(widget):
        assert len(what) > 10, name


@each
def test_it_has_every_section_and_they_say_something(widget):
    text = page(widget).read_text(encoding="utf-8")
    parts = dict(re.findall(r"^## ([^\n]*)\n\n(.*?)(?=\n## |\Z)", text, re.DOTALL | re.MULTILINE))
    assert list(parts) == ["Arguments", "In Python", "Keys", "In a notebook exported to HTML", "Leave out, and links"]
    assert all(part.strip() for part in parts.values())


@each
def test_its_code_makes_the_widget(widget):
    code = re.search(r"```python\n(.*?)```", page(widget).read_text(encoding="utf-8"), re.DOTALL)[1]
    names = {}
    exec(code, names)
    made = names[code.strip().splitlines()[-1]]
    assert type(made).__name__ == widget.__name__ and isinstance(made, widget)
    made.close()


@each
def test_its_picture_is_a_small_one_from_a_page_of_900_pixels(widget):
    data = page(widget).with_name("picture.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", data[16:24])
    assert width == 900
    assert 100 < height < 2000
    assert len(data) < 110_000
    assert re.search(r"^!\[.{20,}\]\(picture\.png\)$", page(widget).read_text(encoding="utf-8"), re.MULTILINE)


@each
def test_the_readme_leads_to_it(widget):
    assert f"[`{widget.__name__}`](widgets/{page(widget).parent.name}/README.md)" in README


EMBEDDING = (ROOT / "lessons" / "EMBEDDING.md").read_text(encoding="utf-8")


def test_the_page_for_lecturers_has_a_line_for_every_widget_with_arguments_that_there_are():
    lines = dict(re.findall(r"^\| \[.*?\]\(\.\./widgets/(\w+)/README\.md\) \| `(.*)` \|$", EMBEDDING, re.MULTILINE))
    assert lines.keys() == {page(widget).parent.name for widget in WIDGETS.values()}
    for folder, line in lines.items():
        call = ast.parse(line, mode="eval").body
        widget = WIDGETS[call.func.attr]
        assert page(widget).parent.name == folder
        known = {name for name, _, _ in arguments(widget)}
        assert "**named" in known or {keyword.arg for keyword in call.keywords} <= known, line


def test_the_code_for_lecturers_runs():
    names = {}
    for block in re.findall(r"```python\n(.*?)```", EMBEDDING, re.DOTALL):
        exec(block, names)
    assert "features" in names["race"].hide


def test_what_is_said_to_be_tried_is_tried_by_tests_that_there_are():
    for path in re.findall(r"`(tests/[\w/]+\.py)`", EMBEDDING):
        assert (ROOT / path).exists(), path
