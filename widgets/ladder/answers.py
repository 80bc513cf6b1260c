"""Answers to the lecture's question "Can you give an example of a rank-4 tensor?", typed in the learner's own words."""

from __future__ import annotations

import ast
import re
import unicodedata
from dataclasses import dataclass

from firstepoch.widgets.ladder.reading import read
from firstepoch.widgets.ladder.things import AXES

CHOICES = (
    "a batch of colour pictures",
    "one film",
    "the kernel of a convolution",
    "one colour picture",
    "a table of 242 patients",
    "a batch of films",
)


@dataclass(frozen=True)
class Answer:
    """What is said to an answer.

    Attributes:
        right: Whether it has rank 4; None if that cannot be told from the words.
        words: Why.
    """

    right: bool | None
    words: str


_LONGEST = 200
_TOO_LONG = "That is a long answer. Name one thing in a few words, or type its shape, for example (32, 128, 128, 3)."
_UNKNOWN = (
    "That one is not in the book, so check it yourself: how many indices does it take to get at a single number? "
    "If it is four, you are right. You can also type its shape, for example (32, 128, 128, 3)."
)
_SIZE = r"(?:-1|\d+|\?|[a-z_]+)"
_SHAPE = re.compile(rf"[(\[]\s*({_SIZE}(?:\s*,\s*{_SIZE})*|)\s*(,?)\s*[)\]]")
_CALL = re.compile(
    r"(?:(?:its |a )?shape|x|x\.shape|(?:np|numpy|tf|torch|jnp|keras)(?:\.\w+)+)\s*(?:is|=+|:|of)?\s*(?=[(\[])"
)
_BY = re.compile(r"\b\d+(?:\s*(?:x|×|\*|\bby\b)\s*\d+)+\b")
_COUNTED = {0: "no axis", 1: "one axis", 2: "two axes", 3: "three axes", 5: "five axes"}


def judge(answer: str) -> Answer:
    """Say whether something is an example of a rank-4 tensor.

    Args:
        answer: One of `CHOICES`, a shape such as "(32, 128, 128, 3)", or anything in the learner's own words.

    Returns:
        What to say to it. Words that are not known are not guessed at: the learner is told how to check.
    """
    if len(answer) > _LONGEST:
        return Answer(None, _TOO_LONG)
    text = " ".join(unicodedata.normalize("NFKC", answer).lower().replace("’", "'").split()).strip(" .!?,;:\"'")
    if not text:
        return Answer(None, "Type an example, or choose one.")
    return _number(text) or _shape(text) or _named_axes(text) or _thing(text)


def _number(text: str) -> Answer | None:
    """A number, or numbers in lists."""
    if re.fullmatch(r"[-+−]?(\d+([.,]\d+)?|\.\d+)(e[-+]?\d+)?", text):
        return _told(0, "One number is read without an index: ().")
    if not re.match(r"[\[(]\s*[\[(\d.+-]", text):
        return None
    try:
        numbers = [ast.literal_eval(text)]
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None
    depth = 0
    while all(isinstance(one, (list, tuple)) for one in numbers) and len({len(one) for one in numbers}) == 1:
        depth, numbers = depth + 1, [inner for one in numbers for inner in one]
    may_be_a_shape = depth == 1 and all(isinstance(one, int) and one >= -1 for one in numbers)
    if not depth or may_be_a_shape:
        return None
    if not all(type(one) in (int, float) for one in numbers):
        return Answer(None, "Those lists are no tensor: all rows need the same length, and numbers in them.")
    return _told(depth, f"It takes {depth} {'index' if depth == 1 else 'indices'} to get at one number.")


def _shape(text: str) -> Answer | None:
    """A shape and nothing else."""
    body = _CALL.sub("", text, count=1) if _CALL.match(text) else text
    called = body != text
    if called and re.match(r"\(\s*[(\[]", body):
        body = body[1:].rstrip(") ") + (")" if body[1:].lstrip()[0] == "(" else "")
    found = _SHAPE.fullmatch(body)
    if found:
        sizes = _sizes(found)
        in_words = sum(not re.fullmatch(r"\d+|\?|none|[a-z]", size) for size in sizes)
        if in_words == len(sizes) == 1:
            return None
        if body[0] == "[" and not called and all(size.isdigit() for size in sizes):
            return _row_or_shape(sizes)
        return _told_shape(len(sizes))
    if re.fullmatch(r"[(\[]?\d+(\s*[,;]\s*\d+)+[)\]]?", text):
        return _row_or_shape(re.findall(r"\d+", text))
    return _told_shape(len(re.findall(r"\d+", text))) if _BY.fullmatch(text) else None


def _sizes(found: re.Match[str]) -> list[str]:
    return [size.strip() for size in found[1].split(",") if size.strip()]


def _told_shape(rank: int) -> Answer:
    return _told(rank, f"That shape has {rank} {'number' if rank == 1 else 'numbers'}.")


def _row_or_shape(sizes: list[str]) -> Answer:
    written = ", ".join(size.strip() for size in sizes) + "," * (len(sizes) == 1)
    return Answer(
        None,
        f"Is that a shape? Then write it in round brackets: ({written}). As numbers in a row it has rank 1.",
    )


def _named_axes(text: str) -> Answer | None:
    """Axes by their names, such as "samples, height, width, channels", alone or after a colon."""
    written = text.rsplit(":", 1)[-1].strip(" ()[]")
    listed = re.split(r"\s*[,×]\s*|\s+and\s+", written)
    if re.fullmatch(r"\w+(\s+x\s+\w+)+", written):
        listed = re.split(r"\s+x\s+", written)
    parts = listed if len(listed) > 1 else written.split()
    if len(parts) < (2 if parts is listed else 3) or not AXES.issuperset(parts):
        return None
    return _told(len(parts), f"You name the axes ({', '.join(parts)}).")


def _thing(text: str) -> Answer:
    """Something named, with or without its shape."""
    shapes = [found for found in _SHAPE.finditer(text) if len(_sizes(found)) > 1]
    found = read(_BY.sub(" ", _SHAPE.sub(lambda one: " " if one in shapes or len(_sizes(one)) > 1 else one[0], text)))
    if not shapes or isinstance(found, str):
        if found is None or isinstance(found, str):
            return Answer(None, found or _UNKNOWN)
        return _told(len(found.axes), found.says)
    rank = len(_sizes(shapes[-1]))
    if found is None:
        return _told_shape(rank)
    each = re.search(r"\b(shape|size|each|every)\b", text[: shapes[-1].start()])
    if rank == len(found.axes) or (each and rank == len(found.axes) - found.held):
        return _told(len(found.axes), found.says)
    return _told_shape(rank)


def _told(rank: int, words: str) -> Answer:
    if rank == 4:
        return Answer(True, f"Yes. {words} Four axes, rank 4.")
    missing = f"{4 - rank} more to go" if rank < 4 else "one too many" if rank == 5 else f"{rank - 4} too many"
    counted = _COUNTED.get(rank, f"{rank} axes")
    return Answer(False, f"Not quite. {words} That is {counted}, rank {rank}: {missing}.")
