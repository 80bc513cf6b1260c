"""Things a learner may name, and the axes of each. answers.py reads the sentence around them."""

from __future__ import annotations

from dataclasses import dataclass

Axes = tuple[str, ...]
_PLANE: Axes = ("height", "width")
_COLOURED: Axes = (*_PLANE, "channels")


@dataclass(frozen=True)
class Thing:
    """Something with axes.

    Attributes:
        says: What it is, at the start of a sentence.
        axes: Its axes.
        singular: The words for one of it.
        plural: The words for several; by default those for one with an s.
        grey: Its axes without colour; None where there is no colour.
        only: The words that may stand before it, for a word that means other things too ("linux kernel").
        counted: Whether several of it make one axis more; the kernels of a convolution are one tensor.
        says_grey: What it is without colour.
        note: What else to say of three axes without colour.
    """

    says: str
    axes: Axes
    singular: str
    plural: str | None = None
    grey: Axes | None = None
    only: str | None = None
    counted: bool = True
    says_grey: str = ""
    note: str = "With a colour axis, even of size 1, it would have rank 4."


@dataclass(frozen=True)
class Holder:
    """A word for many of something: "a batch of ...".

    Attributes:
        axes: The axes it adds.
        words: The words for one of it.
        several: The words for several of it.
        alone: Its axes when nothing is said of what it holds; None if it cannot stand alone.
        says: What it is then.
    """

    axes: Axes
    words: str
    several: str = ""
    alone: Axes | None = None
    says: str = ""


THINGS = (
    Thing(
        "A film",
        ("time", *_COLOURED),
        "film movie video clip videoclip gif animation footage timelapse slideshow livestream webcam mp4 tiktok",
        grey=("time", *_PLANE),
        says_grey="A black and white film",
    ),
    Thing(
        "A colour picture",
        _COLOURED,
        "image picture photo photograph pic img snapshot selfie painting screenshot portrait jpg jpeg png bmp poster "
        "thumbnail still frame emoji logo",
        plural="images pictures photos photographs pics imgs snapshots selfies paintings screenshots portraits jpgs "
        "jpegs pngs bmps posters thumbnails stills frames emojis emoji logos cifar imagenet",
        grey=_PLANE,
        says_grey="A grey picture",
    ),
    Thing("A grey picture", _PLANE, "xray digit", plural="xrays digits mnist"),
    Thing("A brain scan over time", ("time", "x", "y", "z"), "fmri"),
    Thing("A scan", ("x", "y", "z"), "mri ct volume tomogram", only="mri ct brain body medical one single 3d"),
    Thing(
        "The kernel of a 2-D convolution",
        ("height", "width", "channels in", "channels out"),
        "convolution conv2d cnn kernel filter",
        only="convolution conv2d cnn 2d layer weight weights kernel filter",
        counted=False,
    ),
    Thing("The kernel of a 1-D convolution", ("length", "channels in", "channels out"), "conv1d", counted=False),
    Thing(
        "The kernel of a 3-D convolution",
        ("depth", "height", "width", "channels in", "channels out"),
        "conv3d",
        counted=False,
    ),
    Thing("One filter of a 2-D convolution", ("height", "width", "channels in"), "onefilter", plural=""),
    Thing("A dense layer's kernel", ("inputs", "units"), "densekernel", counted=False),
    Thing(
        "Attention, all its weights,",
        ("samples", "heads", "queries", "keys"),
        "attention",
        only="multi head multihead self",
        counted=False,
    ),
    Thing("One sequence", ("time", "features"), "sentence song melody spectrogram eeg ecg audio stereo"),
    Thing("A recording in mono", ("time",), "mono"),
    Thing("The feature maps of one picture", _COLOURED, "featuremap", counted=False),
    Thing("A point cloud", ("points", "coordinates"), "pointcloud"),
    Thing("One channel of a picture", _PLANE, "channel"),
    Thing("A pixel", ("channels",), "pixel"),
    Thing(
        "One patient",
        ("features",),
        "patient person customer passenger flower house",
        plural="patients people persons customers passengers flowers houses",
    ),
    Thing(
        "One number",
        (),
        "number scalar integer float pi constant age temperature pressure price weight length duration count "
        "height width mean average sum maximum minimum pulse income salary",
        plural="numbers scalars integers floats constants ages temperatures pressures prices lengths durations counts "
        "heights widths means averages sums pulses incomes salaries values",
    ),
)
HOLDERS = (
    Holder(
        ("samples",),
        "batch set dataset collection pile gallery album folder library playlist group bunch book",
        "batches sets datasets collections piles galleries albums folders libraries playlists groups books",
    ),
    Holder(("samples",), "minibatch", "minibatches", ("samples", "features"), "A minibatch of patients"),
    Holder(("entries",), "list row vector", "lists rows vectors", ("entries",), "A row of numbers"),
    Holder(("entries of an array",), "array tensor", "arrays tensors"),
    Holder(("time",), "sequence timeseries series", "sequences", ("time", "features"), "One sequence"),
    Holder(("layers",), "stack", "stacks"),
    Holder(
        ("rows", "columns"),
        "table matrix spreadsheet dataframe grid csv",
        "tables matrices spreadsheets dataframes grids csvs",
        ("rows", "columns"),
        "A table",
    ),
    Holder(("layers", "rows", "columns"), "cube rubik", "cubes", ("layers", "rows", "columns"), "A cube of numbers"),
)
UNSURE = {
    "featuremap": "The feature maps of one picture are (height, width, channels), those of a batch (samples, height, "
    "width, channels). Which do you mean?",
    "silent": "In black and white a film is (time, height, width), in colour (time, height, width, channels). Which do "
    "you mean?",
    "cartoon": "A drawing is (height, width, channels), an animation (time, height, width, channels). Which do you "
    "mean?",
}
"""Words with more than one reading, and what to ask."""
_AXES = (
    "time x y z t n batch sample samples height width depth channel channels colour color feature features row rows "
    "column columns frame frames layer layers latitude longitude altitude heads queries keys units h w c"
)
AXES = frozenset(_AXES.split())
"""Names of axes, for answers such as "samples, height, width, channels"."""
PLAIN = frozenset({"volume"})
"""Words that mean something else with "of" after them: the volume of a cube is a number."""


def _by_word() -> dict[str, tuple[Thing, bool]]:
    found: dict[str, tuple[Thing, bool]] = {}
    for thing in THINGS:
        found |= dict.fromkeys(thing.singular.split(), (thing, False))
        plural = " ".join(f"{word}s" for word in thing.singular.split()) if thing.plural is None else thing.plural
        found |= dict.fromkeys(plural.split(), (thing, True))
    return found


BY_WORD = _by_word()
"""Thing and whether the word means several of it."""
HOLDER_OF = {word: holder for holder in HOLDERS for word in f"{holder.words} {holder.several}".split()}
