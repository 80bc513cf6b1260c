"""Rules of the house that no linter knows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE_FILES = [
    path
    for folder in ("widgets", "lessons")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".ts", ".css", ".js", ".j2", ".html") and path.is_file()
]
PYTHON = [path for folder in ("data", "heart", "widgets", "lessons", "tests") for path in (ROOT / folder).rglob("*.py")]
TOKENS = (ROOT / "widgets" / "tokens.css").read_text(encoding="utf-8")


def test_there_is_something_to_look_at():
    assert len(PAGE_FILES) > 30 and len(PYTHON) > 40


@pytest.mark.parametrize("path", PAGE_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_page_names_another_host_or_draws_by_chance(path):
    text = path.read_text(encoding="utf-8")
    assert "https://" not in text and "Math.random" not in text
    assert set(re.findall(r"http://[^\"'\s]+", text)) <= {"http://www.w3.org/2000/svg"}


def test_nobody_imports_a_folder_as_a_top_level_name():
    pattern = re.compile(r"^\s*(?:import|from) (?:widgets|heart|data|lessons)\b", re.MULTILINE)
    assert [path.name for path in PYTHON if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_widgets_and_heart_do_not_know_each_other():
    for folder, other in (("widgets", "heart"), ("heart", "widgets"), ("data", "heart"), ("data", "widgets")):
        for path in (ROOT / folder).rglob("*.py"):
            imports = re.findall(
                r"^\s*(?:import|from) (firstepoch\S*)(?: import (.*))?", path.read_text(), re.MULTILINE
            )
            for module, names in imports:
                assert not module.startswith(f"firstepoch.{other}"), path
                assert not (module == "firstepoch" and re.search(rf"\b{other}\b", names)), path


def color(name, theme):
    light, dark = re.search(rf"--fe-{name}: light-dark\((#\w+), (#\w+)\)", TOKENS).groups()
    text = light if theme == "light" else dark
    return [int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def linear(rgb):
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]


def contrast(one, other):
    """WCAG 2.2 contrast ratio."""
    light = sorted(
        sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(rgb), strict=True)) for rgb in (one, other)
    )
    return (light[1] + 0.05) / (light[0] + 0.05)


def lab(rgb):
    """CIELAB of linear sRGB under D65."""
    matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    f = []
    for row, reference in zip(matrix, white, strict=True):
        value = sum(m * c for m, c in zip(row, rgb, strict=True)) / reference
        f.append(value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116)
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear sRGB.
VISION = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
DATA_COLORS = ("train", "valid", "best", "batch", "width")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_marks_stand_out(theme):
    surface, raised = color("surface", theme), color("raised", theme)
    for name in ("ink", "muted", "accent", "bad"):
        assert contrast(color(name, theme), surface) >= 4.5, name
        assert contrast(color(name, theme), raised) >= 4.5, name
    assert contrast(color("on-accent", theme), color("accent", theme)) >= 4.5
    for name in (*DATA_COLORS, "edge"):
        assert contrast(color(name, theme), surface) >= 3, name
        assert contrast(color(name, theme), raised) >= 3, name


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_data_colors_are_well_apart_for_every_eye(theme, vision):
    seen = {}
    for name in DATA_COLORS:
        rgb = linear(color(name, theme))
        changed = [min(1, max(0, sum(m * c for m, c in zip(row, rgb, strict=True)))) for row in VISION[vision]]
        seen[name] = lab(changed)
    for one in DATA_COLORS:
        for other in DATA_COLORS:
            if one < other:
                distance = sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
                assert distance >= 20, (one, other, round(distance, 1))
