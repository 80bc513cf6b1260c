"""Every lesson is a clean notebook: prose and calls, no outputs, nothing fetched from elsewhere."""

import ast
import builtins
import re

import nbformat
import pytest

from firstepoch.lessons.paths import START, lessons, metadata

LESSONS = [path for name, path in lessons().items() if name != START]


def cells(path, kind):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


each = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
and_the_start = pytest.mark.parametrize("path", lessons().values(), ids=lambda path: path.stem)


@and_the_start
def test_it_is_valid_and_stripped(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.title
    assert notebook.metadata.summary.endswith((".", "?"))
    assert "widgets" not in notebook.metadata
    for cell in cells(path, "code"):
        assert cell.outputs == []
        assert cell.execution_count is None
        assert cell.metadata == {}


@each
def test_it_has_one_title_goals_and_sections(path):
    text = "\n".join(cell.source for cell in cells(path, "markdown"))
    outside_code = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert text.startswith("# ")
    assert len(re.findall(r"^# ", outside_code, re.MULTILINE)) == 1
    assert "After this lesson you can" in cells(path, "markdown")[0].source
    assert re.search(r"^## What to take along", text, re.MULTILINE)
    assert text.count("<details>") == text.count("</details>") == text.count("<summary>") > 0


@and_the_start
def test_code_cells_are_short_and_hold_no_logic(path):
    forbidden = (ast.For, ast.While, ast.If, ast.FunctionDef, ast.ClassDef, ast.Try, ast.With, ast.Lambda, ast.ListComp)
    for cell in cells(path, "code"):
        assert 0 < len(cell.source.splitlines()) <= 12
        found = [type(node).__name__ for node in ast.walk(ast.parse(cell.source)) if isinstance(node, forbidden)]
        assert not found, cell.source


@each
def test_each_cell_needs_the_first_one_only(path):
    first, *others = cells(path, "code")

    def names(source, context):
        nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)]
        return {node.id for node in nodes if isinstance(node.ctx, context)}

    imported = {
        alias.asname or alias.name
        for node in ast.walk(ast.parse(first.source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    known = {*imported, *names(first.source, ast.Store), *dir(builtins)}
    for cell in others:
        assert names(cell.source, ast.Load) - names(cell.source, ast.Store) <= known, cell.source


@and_the_start
def test_packages_are_imported_by_their_full_name(path):
    for cell in cells(path, "code"):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import):
                assert not {alias.name.split(".")[0] for alias in node.names} & {"widgets", "heart", "data", "lessons"}


@and_the_start
def test_nothing_is_fetched_from_elsewhere(path):
    text = path.read_text(encoding="utf-8")
    assert "http://" not in text
    for link in re.findall(r"https://[^\s)\"]+", text):
        assert link.startswith("https://doi.org/")
    assert "$$" not in text
    assert "<script" not in text


def test_the_start_page_links_every_lesson_in_order_with_its_title_and_summary():
    text = "\n".join(cell.source for cell in cells(lessons()[START], "markdown"))
    found = re.findall(r"^\* \[(.+)\]\((\w+)\.ipynb\)\n {2}(.+)$", text, re.MULTILINE)
    known = {path.stem: metadata(path) for path in LESSONS}
    assert found == [(one["title"], name, one["summary"]) for name, one in known.items()]
