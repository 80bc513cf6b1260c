"""The map of slides to lessons is whole and true: every slide is in it, and what it names is where it says."""

import ast
import importlib
import inspect
import re

import nbformat
import pytest

from firstepoch import widgets
from firstepoch.lessons.paths import FOLDER, lessons
from firstepoch.widgets.base import View

SLIDES = (
    "Lecture 3A Lightning Introduction to Keras/TF: Training a DL Model for a Structured Data Problem",
    "Recap: Minimizing a (multi-variate) function",
    "Minimizing a loss function",
    "Gradient Descent -> Stochastic Gradient Descent",
    "Making Gradient Descent work with large datasets: the problem",
    "Making Gradient Descent work with large datasets: the solution",
    "The Gradient Descent 'Epoch': one pass, which plays out differently",
    "An epoch in Gradient Descent",
    "An epoch in Stochastic Gradient Descent",
    "Lightning Intro to Tensorflow/Keras",
    "Tensor of rank 0 (Scalar)",
    "Tensor of rank 1 (aka Vector)",
    "Tensor of rank 2 (aka Matrix)",
    'Tensor of rank 3 (aka "cube")',
    "Can you give an example of a rank-4 tensor?",
    "Tensorflow (TF) is a library that provides: Automatic calculation of the gradient",
    "Tensorflow (TF) is a library that provides: Library of state-of-the-art optimizers",
    "Tensorflow (TF) is a library that provides: Automatic distribution of computational load across servers",
    "Tensorflow (TF) is a library that provides: Automatic adaptation of code to work on parallel hardware",
    'Keras "sits on top of" Tensorflow',
    '... and provides "convenience" features',
    "Let's revisit the Heart Disease Prediction Model we defined earlier",
    "Training Checklist",
    "Colab: Predicting Heart Disease",
    "Before we start coding ...",
    "Colab Instructions",
    "Overfitting and Regularization",
    "Recall Underfitting vs. Overfitting",
    "Overfitting in Neural Networks",
    "Regularization strategy: Early Stopping",
    'Regularization strategy: Dropout, and the "bank teller" analogy',
    "Training Checklist, with a regularization strategy",
)
"""The lecture's slides in their order; those that build up one picture are one."""
TEXT = (FOLDER / "coverage.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in row] for row in re.findall(r"^\| (.+) \|(.*)\|(.*)\|$", TEXT, re.MULTILINE)[1:]]
LINK = re.compile(r"\[(\w+): ([^\]]+)\]\((\w+)\.ipynb#([^)]+)\)")
PLACES = {slide: LINK.findall(cell) for slide, cell, _ in ROWS if not slide.startswith("---")}
NAMED = {slide: re.findall(r"`(\w+)`", cell) for slide, _, cell in ROWS}
WIDGETS = {name for name in widgets.__all__ if inspect.isclass(it := getattr(widgets, name)) and issubclass(it, View)}


@pytest.fixture(scope="module")
def sections():
    """Of each lesson's sections what their cells run: the code, and that of the task modules they call."""
    found = {}
    for lesson, path in lessons().items():
        made, heading = {}, ""
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                made = made or _made(cell.source)
                code = cell.source + "".join(
                    one for name, one in made.items() if re.search(rf"\b{name}\b", cell.source)
                )
                found[lesson, heading] += code + _called(code)
            else:
                for heading in re.findall(r"^#+ (.*)", re.sub(r"```.*?```", "", cell.source, flags=re.S), re.MULTILINE):
                    found.setdefault((lesson, heading), "")
    return found


def _made(source):
    """What the first cell of a lesson makes for the others, by name: its code."""
    lines = [line for line in ast.parse(source).body if isinstance(line, ast.Assign)]
    return {line.targets[0].id: ast.unparse(line) for line in lines if isinstance(line.targets[0], ast.Name)}


def _called(source):
    """The code of the functions of task modules that this code calls, and of what these call in their module."""
    code = ""
    for module, name in re.findall(r"\b(\w+_(?:tasks|questions))\.(\w+)\(", source):
        module = importlib.import_module(f"firstepoch.lessons.{module}")
        code += inspect.getsource(getattr(module, name))
        own = [one for one in re.findall(r"\b(\w+)\(", code) if inspect.isfunction(getattr(module, one, None))]
        code += "".join(inspect.getsource(getattr(module, one)) for one in own)
    return code.replace("Prediction(", "Question(")


def test_every_slide_is_in_the_map_in_the_order_of_the_lecture():
    assert tuple(PLACES) == SLIDES


@pytest.mark.parametrize("slide", SLIDES)
def test_its_lessons_and_sections_are_there_and_its_widgets_in_them(slide, sections):
    places = PLACES[slide]
    assert places, f"no lesson covers {slide}"
    for lesson, section, file, anchor in places:
        assert (lesson, section) in sections
        assert (file, anchor) == (lesson, section.replace(" ", "-"))
    for widget in NAMED[slide]:
        assert widget in WIDGETS
        used = [place for place in places if re.search(rf"\b{widget}\(", sections[place[0], place[1]])]
        assert used, f"no section of {slide} uses {widget}"


def test_every_lesson_and_every_widget_is_in_the_map():
    assert {place[0] for places in PLACES.values() for place in places} == set(lessons())
    assert {name for names in NAMED.values() for name in names} == WIDGETS


def test_nothing_in_a_row_is_overlooked():
    """A link or a name that the patterns above do not read would not be checked."""
    for slide, places, named in ROWS[1:]:
        assert LINK.sub("", places).replace("<br>", "") == "", slide
        assert re.sub(r"`\w+`(, )?", "", named) == "", slide
