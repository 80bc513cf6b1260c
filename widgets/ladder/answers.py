"""Answers to the lecture's question "Can you give an example of a rank-4 tensor?", typed in the learner's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

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


_KNOWN: tuple[tuple[str, int, str], ...] = (
    (r"f-?mri", 4, "A brain scan over time: (time, x, y, z)."),
    (
        r"(batch|batches|set|many|several|collection|list)\b.*\b(film|video|clip|movie)s",
        5,
        "A batch of films is (samples, time, height, width, channels).",
    ),
    (r"\b(films|videos|clips|movies)\b", 5, "Several films are (samples, time, height, width, channels)."),
    (
        r"(gr[ae]y|black.and.white|b/w|monochrome|silent).*\b(film|video|clip|movie)\b",
        3,
        "A film without colour is (time, height, width). With a colour axis, even of size 1, it would have rank 4.",
    ),
    (r"\b(film|video|clip|movie|gif|animation)\b", 4, "A film is (time, height, width, channels)."),
    (r"attention", 4, "Attention weights are (samples, heads, queries, keys)."),
    (r"feature.?maps?", 4, "The feature maps of a batch are (samples, height, width, channels)."),
    (
        r"\b(kernels?|filters?|convolutions?|conv2d|cnn)\b",
        4,
        "The kernel of a 2-D convolution is (height, width, channels in, channels out).",
    ),
    (
        r"(batch|batches|set|many|several|collection|list|stack)\b.*\b(mri|ct|scan|volume|voxel)",
        4,
        "A batch of scans is (samples, x, y, z).",
    ),
    (r"\b(mri|ct|volume|voxels?)\b", 3, "One scan is (x, y, z)."),
    (
        r"(gr[ae]y|black.and.white|b/w|monochrome|mnist).*\b(image|picture|photo|digit)s",
        3,
        "Grey pictures are (samples, height, width). Keras often keeps a colour axis of size 1; then they have rank 4.",
    ),
    (r"\bmnist\b", 3, "MNIST is (60000, 28, 28): samples, height, width. With a colour axis of size 1 it has rank 4."),
    (
        r"(batch|batches|set|many|several|collection|list|stack|album|folder|minibatch|dataset)\b.*"
        r"\b(image|picture|photo|selfie|painting|screenshot)s",
        4,
        "A batch of colour pictures is (samples, height, width, channels).",
    ),
    (
        r"\b(images|pictures|photos|photographs|cifar|imagenet|selfies|paintings)\b",
        4,
        "Colour pictures in a row are (samples, height, width, channels).",
    ),
    (r"(gr[ae]y|black.and.white|b/w|monochrome).*\b(image|picture|photo)\b", 2, "One grey picture is (height, width)."),
    (
        r"\b(image|picture|photo|photograph|rgb|selfie|painting)\b",
        3,
        "One colour picture is (height, width, channels).",
    ),
    (
        r"(batch|many|several|minibatch)\b.*\b(sentence|text|word|series|sequence|recording|song)s",
        3,
        "A batch of sequences is (samples, time, features).",
    ),
    (r"\b(time series|sequence|sentence|song|stereo)\b", 2, "One sequence is (time, features)."),
    (r"\b(cube|rubik)", 3, "A cube of numbers has three axes."),
    (r"\b(tables|matrices|spreadsheets)\b", 3, "Matrices behind each other are (matrices, rows, columns)."),
    (
        r"\b(table|matrix|minibatch|batch of patients|dataframe|spreadsheet|patients)\b",
        2,
        "A table is (samples, features).",
    ),
    (r"\b(vector|row|list|patient)\b", 1, "A row of numbers is (features,)."),
    (r"\b(scalar|number|temperature|blood pressure)\b", 0, "One number has no axis: ()."),
)


def judge(answer: str) -> Answer:
    """Say whether something is an example of a rank-4 tensor.

    Args:
        answer: One of `CHOICES`, a shape such as "(32, 128, 128, 3)", or anything in the learner's own words.

    Returns:
        What to say to it. Words that are not known are not guessed at: the learner is told how to check.
    """
    text = answer.strip().lower()
    if not text:
        return Answer(None, "Type an example, or choose one.")
    shape = re.fullmatch(r".*?[\(\[]\s*([\w?]+(?:\s*,\s*[\w?]+)*)?\s*,?\s*[\)\]].*", text)
    if shape:
        sizes = [part for part in (shape.group(1) or "").split(",") if part.strip()]
        return _told(len(sizes), f"That shape has {len(sizes)} numbers.")
    said = re.search(r"\brank[ -]?(\d+)", text)
    for pattern, rank, words in _KNOWN:
        if re.search(pattern, text):
            return _told(rank, words)
    if said:
        return Answer(None, "That names a rank. Which thing has it? Think of what you can see, hear or measure.")
    return Answer(
        None,
        "That one is not in the book, so check it yourself: how many indices does it take to get at a single number? "
        "If it is four, you are right. You can also type its shape, for example (32, 128, 128, 3).",
    )


def _told(rank: int, words: str) -> Answer:
    if rank == 4:
        return Answer(True, f"Yes. {words} Four axes, rank 4.")
    missing = f"{4 - rank} more to go" if rank < 4 else "one too many" if rank == 5 else f"{rank - 4} too many"
    counted = {0: "no axis", 1: "one axis", 2: "two axes", 3: "three axes", 5: "five axes"}.get(rank, f"{rank} axes")
    return Answer(False, f"Not quite. {words} That is {counted}, rank {rank}: {missing}.")
