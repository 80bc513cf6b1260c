"""The `firstepoch` command: copying, messages, exit codes. Serving is in test_serve.py."""

import socket
from importlib.metadata import version

import pytest

from firstepoch.lessons import command
from firstepoch.lessons.paths import FOLDER, in_order, lessons, title
from firstepoch.lessons.server import address, free_port


def test_version(capsys):
    with pytest.raises(SystemExit) as exit_:
        command.main(["--version"])
    assert exit_.value.code == 0
    assert capsys.readouterr().out == f"firstepoch {version('firstepoch')}\n"


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["teach"],
        ["copy"],
        ["serve", "--port", "many"],
        ["serve", "--port", "70000"],
        ["serve", "--seats", "0"],
        ["serve", "--seats", "-3"],
        ["serve", "--memory", "1.5"],
        ["serve", "--memory", "100"],
        ["serve", "--password", " abc "],
        ["serve", "--run-minutes", "0"],
        ["serve", "--run-minutes", "a while"],
    ],
)
def test_wrong_usage_exits_with_2_and_shows_the_usage(argv, capsys):
    with pytest.raises(SystemExit) as exit_:
        command.main(argv)
    assert exit_.value.code == 2
    assert "usage: firstepoch" in capsys.readouterr().err


def test_copy_gives_every_notebook_to_the_byte(tmp_path, capsys):
    folder = tmp_path / "course" / "week-3"
    assert command.main(["copy", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in lessons().values())
    told = capsys.readouterr().out
    for path in lessons().values():
        assert (folder / path.name).read_bytes() == path.read_bytes()
        assert str(folder / path.name) in told


def test_copy_overwrites_nothing_without_force(tmp_path, capsys):
    mine = tmp_path / "heart.ipynb"
    mine.write_text("my own")
    (tmp_path / "notes.txt").write_text("notes")
    assert command.main(["copy", str(tmp_path)]) == 1
    assert mine.read_text() == "my own"
    assert "heart.ipynb already in" in (error := capsys.readouterr().err)
    assert "--force" in error
    assert command.main(["copy", str(tmp_path), "--force"]) == 0
    assert mine.read_bytes() == lessons()["heart"].read_bytes()
    assert (tmp_path / "notes.txt").read_text() == "notes"


def test_copy_to_a_file_is_refused(tmp_path, capsys):
    (tmp_path / "here").write_text("")
    assert command.main(["copy", str(tmp_path / "here")]) == 1
    assert "is a file, not a folder" in capsys.readouterr().err
    assert command.main(["copy", str(tmp_path / "here" / "below")]) == 1
    assert "cannot write to" in capsys.readouterr().err


def test_a_lesson_that_does_not_exist_is_named_with_those_that_do(capsys):
    assert command.main(["serve", "haert"]) == 1
    told = "'haert'. The lessons: index, gradient_descent, "
    assert told in capsys.readouterr().err


def test_a_folder_without_notebooks_says_how_to_get_some(tmp_path, capsys):
    assert command.main(["serve", str(tmp_path)]) == 1
    assert f"Try: firstepoch copy {tmp_path}" in capsys.readouterr().err


def test_an_address_of_another_machine_is_refused(capsys):
    assert command.main(["serve", "--host", "192.0.2.1", "--no-browser"]) == 1
    assert "cannot listen on 192.0.2.1" in capsys.readouterr().err


def test_a_password_of_the_environment_that_is_too_short_is_refused_and_not_shown(monkeypatch, capsys):
    monkeypatch.setenv(command.PASSWORD, "xyz")
    assert command.main(["serve", "--no-browser", "--port", "0"]) == 1
    told = capsys.readouterr().err
    assert f"{command.PASSWORD}: the password is too short: use at least 4 characters" in told and "xyz" not in told


def test_a_taken_port_leads_to_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < free_port("127.0.0.1", port) <= port + 50
        with pytest.raises(OSError, match="in use"):
            free_port("127.0.0.1", port, tries=1)


def test_addresses_can_be_pasted_into_a_browser():
    assert address("127.0.0.1", 8866) == "http://127.0.0.1:8866/"
    assert address("::1", 8866) == "http://[::1]:8866/"
    assert address("0.0.0.0", 80) == f"http://{socket.gethostname()}:80/"


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"metadata": null}', '{"metadata": {"title": ""}}', "{}"])
def test_a_notebook_without_a_title_goes_by_its_file_name(text, tmp_path):
    (tmp_path / "week 3.ipynb").write_text(text)
    assert title(tmp_path / "week 3.ipynb") == "week 3"
    assert title(tmp_path / "gone.ipynb") == "gone"


@pytest.mark.parametrize("lesson", [None, "heart", "tensors"])
def test_shipped_lessons_are_served_from_copies(lesson):
    with command._folder_and_start(lesson) as (folder, start_page):
        assert start_page == (f"{lesson}.ipynb" if lesson else None)
        assert folder != FOLDER
        assert {path.stem for path in folder.iterdir()} == ({lesson} if lesson else set(lessons()))
        for path in folder.iterdir():
            assert path.read_bytes() == lessons()[path.stem].read_bytes()
    assert not folder.exists()


def test_no_notebook_is_left_out_of_the_course():
    assert sorted(lessons().values()) == sorted(FOLDER.glob("*.ipynb"))


def test_the_lessons_come_in_the_order_of_the_course_and_before_ones_own():
    assert in_order(["z.ipynb", "heart.ipynb", "a.ipynb", "tensors.ipynb", "sgd.ipynb"]) == [
        "sgd.ipynb",
        "tensors.ipynb",
        "heart.ipynb",
        "a.ipynb",
        "z.ipynb",
    ]


def test_ones_own_notebooks_are_served_where_they_are(tmp_path):
    for name in ("a.ipynb", "b.ipynb"):
        (tmp_path / name).write_text("{}")
    with command._folder_and_start(str(tmp_path)) as served:
        assert served == (tmp_path, None)
    with command._folder_and_start(str(tmp_path / "b.ipynb")) as served:
        assert served == (tmp_path, "b.ipynb")
