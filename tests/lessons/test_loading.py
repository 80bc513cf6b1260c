"""What a page's kernel tells while it imports a slow package, and that the import itself is as ever."""

import sys

import pytest

from firstepoch.lessons import loading


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Two packages, the outer of which imports the other, and a file in which each notes what is told meanwhile."""
    told, notes = tmp_path / "loading", tmp_path / "notes"
    now = f"pathlib.Path({str(told)!r}).read_text() + ';'"
    note = f"import pathlib\npathlib.Path({str(notes)!r}).open('a').write({now})\n"
    (tmp_path / "outer_slow.py").write_text(note + "import inner_slow\n" + note)
    (tmp_path / "inner_slow.py").write_text(note + "answer = 42\n")
    (tmp_path / "broken_slow.py").write_text("1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", [loading.Teller(told), *sys.meta_path])
    monkeypatch.setattr(
        loading, "SLOW", {"outer_slow": "the outer", "inner_slow": "the inner", "broken_slow": "x", "not_there": "x"}
    )
    told.touch()
    yield told, notes
    for name in loading.SLOW:
        sys.modules.pop(name, None)


def test_the_outermost_import_is_told_as_long_as_it_lasts(packages):
    told, notes = packages
    import outer_slow

    assert outer_slow.inner_slow.answer == 42
    assert notes.read_text() == "the outer;the outer;the outer;"
    assert told.read_text() == ""


def test_an_import_that_fails_raises_as_ever_and_is_told_no_longer(packages):
    told, _ = packages
    with pytest.raises(ZeroDivisionError):
        import broken_slow  # noqa: F401
    with pytest.raises(ModuleNotFoundError):
        import not_there  # noqa: F401
    assert told.read_text() == ""


def test_nothing_is_told_once_the_page_is_whole(packages):
    told, notes = packages
    told.unlink()
    (notes.parent / "inner_slow.py").write_text("answer = 1\n")
    import inner_slow  # noqa: F401

    assert not told.exists()
