"""The README's Python is run as it stands; its commands are those the Makefile and the command line know."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from firstepoch.lessons.command import parser

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_python_of_the_readme_runs_from_top_to_bottom(tmp_path):
    code = "\n".join(blocks("python"))
    assert "LiveTraining" in code and "Recording.load" in code
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=200)


def test_the_make_commands_exist():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"make ([a-z]+)", README)
    assert {"lessons", "test"} <= set(named) <= set(targets)


def test_the_firstepoch_commands_exist():
    for command in set(re.findall(r"firstepoch (serve|copy)\b", README)):
        subprocess.run([sys.executable, "-m", "firstepoch.lessons.command", command, "--help"], check=True)


def test_what_is_said_of_the_server_s_options_can_be_given(capsys):
    given = [shlex.split(line) for line in "\n".join(blocks("sh")).splitlines() if "firstepoch serve" in line]
    assert given
    for words in given:
        arguments = words[words.index("firstepoch") + 1 :]
        assert parser().parse_args([one for one in arguments if not one.startswith("#")])
    known = parser()._subparsers._group_actions[0].choices["serve"].format_help()
    named = set(re.findall(r"`(--[a-z-]+)", README))
    assert {"--class", "--password", "--run-minutes"} <= named and all(one in known for one in named)
