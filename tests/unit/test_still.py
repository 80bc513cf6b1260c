"""What stands for a widget in a page where nothing runs."""

import re
import struct
import zlib
from html.parser import HTMLParser

import ml_dtypes
import numpy as np
import pandas as pd
import pytest

from firstepoch.widgets import RankLadder, TensorView, still
from firstepoch.widgets.ladder import pictures


class Reader(HTMLParser):
    """Texts of the page, the rows of its tables, and whether every tag is closed."""

    def __init__(self, html):
        super().__init__()
        self.text, self.rows, self.images, self.open, self.tags = "", [], [], [], set()
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "img":
            self.images.append(dict(attrs))
            return
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


def unpacked(png):
    """The picture in a PNG file without filters, read by the book."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data, size = 8, b"", None
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        if kind == b"IHDR":
            size = struct.unpack(">IIBBBBB", body)
        data += body if kind == b"IDAT" else b""
        at += 12 + length
    width, height, depth, colour = size[:4]
    channels = {2: 3, 6: 4}[colour]
    lines = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + width * channels)
    assert depth == 8 and not lines[:, 0].any()
    return lines[:, 1:].reshape(height, width, channels)


@pytest.mark.parametrize("channels", [3, 4])
def test_a_png_holds_the_picture(channels):
    array = np.random.default_rng(0).integers(0, 256, (5, 7, channels), np.uint8)
    np.testing.assert_array_equal(unpacked(still.png(array)), array)
    np.testing.assert_array_equal(unpacked(still.png(array[::-1, ::-1] / np.float32(255))), array[::-1, ::-1])


def test_a_table_shows_the_numbers_and_their_places():
    array = np.arange(24).reshape(2, 3, 4)
    page = Reader(TensorView(array, axes="samples, time, features").still())
    assert "rank 3 · shape (2, 3, 4) · int64 · 24 elements · 192 bytes · axes: samples, time, features" in page.text
    assert page.rows[0] == ["", "0", "1", "2", "3"]
    assert [row[1:] for row in page.rows[1:4]] == array[0].astype(str).tolist()
    assert [row[1:] for row in page.rows[5:8]] == array[1].astype(str).tolist()
    assert "x[0, :, :]" in page.text and "x[1, :, :]" in page.text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (42, ["rank 0 · shape () · int64 · 1 element", "42"]),
        ([42, 23.4, 11.2], ["rank 1 · shape (3,)", "23.4"]),
        (np.zeros((0, 3)), ["0 elements", "There are no elements"]),
        (np.arange(10_000), ["the first 12 of 10,000 along axis 0"]),
        (np.zeros((100, 40)), ["the first 12 of 100 along axis 0", "the first 12 of 40 along axis 1"]),
        (np.zeros((9, 2, 2)), ["The first 3 of 9 tables."]),
        (np.zeros((2, 1, 3, 1, 2, 1, 2)), ["rank 7", "The first 3 of 12 tables."]),
        ([np.nan, np.inf, -np.inf], ["nan", "inf", "-inf"]),
        (["a < b", "&amp;"], ["a < b", "&amp;"]),
        (np.array([1 + 2j]), ["(1+2j)"]),
        (np.array([2**63 - 1]), [str(2**63 - 1)]),
        (np.array([True, False]), ["True", "False"]),
        (np.array([1.5, 2], ml_dtypes.bfloat16), ["bfloat16", "1.5"]),
        (pd.DataFrame({"age": [63.0], "chol": [233.0]}, index=["p1"]), ["age", "chol", "p1", "233"]),
        (np.zeros((20, 10, 10, 3), np.uint8), ["The first 8 of 20 pictures."]),
    ],
    ids=str,
)
def test_every_tensor_has_one(value, said):
    page = Reader(TensorView(value).still())
    for words in said:
        assert words in page.text


def test_pictures_are_pictures():
    page = Reader(TensorView(pictures.batch(), axes="samples, height, width, channels").still())
    assert [image["alt"] for image in page.images] == [f"sample, {number}" for number in range(6)]
    assert page.rows == []


def test_the_selection_is_told_and_nothing_written_becomes_markup():
    html = TensorView([[1, 2], [3, 4]], selection=":, 0", title="<script>alert(1)</script>", names=["<b>", "&"]).still()
    page = Reader(html)
    assert "x[:, 0]  # shape (2,)" in page.text
    assert not {"script", "link", "style"} & page.tags and "<b>" in page.rows[0]


def test_a_still_is_small_however_large_the_tensor():
    assert len(TensorView(np.zeros((500, 500, 10))).still()) < 100_000


def test_the_ladder_tells_its_story():
    page = Reader(RankLadder().still())
    for rank in range(6):
        assert f"Rank {rank}: " in page.text
    assert len(page.images) == 1 + 6 + 6 + 6


def test_widget_and_still_are_two_outputs_and_the_view_knows_the_still():
    shown = []
    view = TensorView([1, 2])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("firstepoch.widgets.base.display", lambda bundle, **_: shown.append(bundle))
        view._ipython_display_()
    live, beside = shown
    assert live["application/vnd.jupyter.widget-view+json"]["model_id"] == view.model_id
    name = re.search(r'class="(fe-still-\w+)"', beside["text/html"])[1]
    assert name == view.get_state()["_still"] != TensorView([1, 2])._still
