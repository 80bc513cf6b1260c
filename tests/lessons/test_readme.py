"""The README's Python is run as it stands; its commands are those the Makefile and the command line know."""

import re
import subprocess
import sys
from pathlib import Path

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
