"""RankLadder from Python, with no browser: the rungs against the course's own data, the question, the pictures."""

import re
import time
from itertools import pairwise

import numpy as np
import pytest
import tensorflow as tf
import traitlets as t

from firstepoch import heart
from firstepoch.data import load_heart
from firstepoch.widgets import RankLadder
from firstepoch.widgets.ladder import pictures
from firstepoch.widgets.ladder.answers import CHOICES, judge
from firstepoch.widgets.ladder.rungs import rungs

STORY = rungs()
BEFORE, ASKED = 5, 6
"""The rung before the question, and the one it leads to."""


# The rungs.


@pytest.mark.parametrize(
    ("number", "name", "shape", "axes"),
    [
        (0, "one blood pressure", (), ""),
        (1, "one patient", (29,), "features"),
        (2, "a minibatch", (32, 29), "samples features"),
        (3, "the training table", (242, 29), "samples features"),
        (4, "the first weights", (29, 16), "features units"),
        (5, "one colour picture", (24, 24, 3), "height width channels"),
        (6, "a batch of pictures", (6, 24, 24, 3), "samples height width channels"),
        (7, "one film", (8, 24, 24, 3), "time height width channels"),
        (8, "a batch of films", (4, 8, 24, 24, 3), "samples time height width channels"),
    ],
)
def test_the_story_is_the_lectures(number, name, shape, axes):
    rung = STORY[number]
    assert (rung.name, rung.array.shape, rung.axes) == (name, shape, tuple(axes.split()))
    assert len(STORY) == 9


def test_ranks_go_up_by_one_axis_at_a_time_and_the_new_one_is_named():
    for before, rung in pairwise(STORY):
        more = rung.array.ndim - before.array.ndim
        assert more in (0, 1) and (rung.grown is not None) == (more == 1)
        if more and before.array.ndim != 2:
            kept = [axis for number, axis in enumerate(rung.axes) if number != rung.grown]
            assert tuple(kept) == before.axes
    assert [rung.array.ndim for rung in STORY] == [0, 1, 2, 2, 2, 3, 4, 4, 5]
    assert STORY[0].grown is None


def test_an_axis_keeps_its_colour_from_rung_to_rung():
    colours = {}
    for rung in STORY:
        assert len(rung.roles) == rung.array.ndim == len(set(rung.roles))
        for axis, role in zip(rung.axes, rung.roles, strict=True):
            assert colours.setdefault(axis, role) == role
            assert role in ("samples", "time", "height", "width", "channels") or axis == "units", "no colour of its own"


def test_the_patients_are_the_courses_own():
    data = heart.load()
    one, minibatch, table = (STORY[number].array for number in (1, 2, 3))
    assert table.dtype == np.float32
    np.testing.assert_allclose(table, data.x_train, atol=1e-6)
    np.testing.assert_allclose(minibatch, data.x_train[:32], atol=1e-6)
    np.testing.assert_allclose(one, data.x_train[0], atol=1e-6)
    for number in (1, 2, 3):
        assert STORY[number].labels == tuple(data.feature_names)


def test_the_blood_pressure_is_that_of_the_first_patient():
    data, table = heart.load(), load_heart()
    pressure = float(STORY[0].array)
    place = STORY[1].labels.index("trestbps")
    assert place == 1
    first = table.drop(table.sample(frac=0.2, random_state=42).index).iloc[0]
    assert pressure == first["trestbps"]
    assert STORY[0].unit == "mmHg" and STORY[0].code == f"x = {pressure:.0f}"
    np.testing.assert_allclose(
        STORY[1].array[1], (pressure - data.means["trestbps"]) / data.stds["trestbps"], atol=1e-6
    )


def test_the_words_say_the_numbers_that_are_shown():
    said = re.search(
        r"x\[1\] is the blood pressure, normalised: \((\d+) − ([\d.]+)\) / ([\d.]+) = (-?\d+\.\d+)", STORY[1].words
    )
    pressure, mean, std, result = map(float, said.groups())
    assert pressure == float(STORY[0].array)
    assert result == round(float(STORY[1].array[1]), 2) == round((pressure - mean) / std, 2)
    count = {"32 patients": 2, "All 242": 3, "29 numbers": 1}
    for words, number in count.items():
        assert words in STORY[number].words and int(re.search(r"\d+", words)[0]) == STORY[number].array.shape[0]
    place = tuple(map(int, re.search(r"x\[([\d, ]+)\]", STORY[ASKED].words)[1].split(",")))
    assert all(0 <= at < size for at, size in zip(place, STORY[ASKED].array.shape, strict=True))
    assert f"picture {place[0]}, row {place[1]}, column {place[2]}, how blue" in STORY[ASKED].words and place[3] == 2
    assert ["Six cubes" in STORY[6].words, "Four films" in STORY[8].words] == [True, True]


def test_the_weights_have_matrix_rank_16_and_a_matrix_of_ones_has_1():
    weights = STORY[4].array
    assert np.linalg.matrix_rank(weights) == 16 and np.linalg.matrix_rank(np.ones((29, 16))) == 1
    assert "a (29, 16) matrix of ones has matrix rank 1, and its tensor rank is still 2" in STORY[4].words
    reach = np.sqrt(6 / (29 + 16))
    assert np.abs(weights).max() <= reach and weights.std() == pytest.approx(reach / np.sqrt(3), rel=0.05)


def test_the_first_weights_have_the_shape_of_kerass():
    model = heart.build_model()
    assert model.layers[1].kernel.shape == STORY[4].array.shape
    assert STORY[4].code == "x = model.layers[1].kernel"


def test_every_code_makes_the_tensor_from_what_is_known_by_then():
    known = {
        "x_train": heart.load().x_train,
        "model": heart.build_model(),
        "picture": STORY[5].array,
        "pictures": list(STORY[6].array),
        "film": STORY[7].array,
        "films": list(STORY[8].array),
        "tf": tf,
    }
    for rung in STORY:
        exec(rung.code, known)
        made = np.asarray(known["x"])
        assert made.shape == rung.array.shape, rung.code
        if rung.name != "the first weights":
            np.testing.assert_allclose(made, rung.array, atol=1e-6)


def test_only_the_first_rung_of_rank_4_is_asked_for():
    assert [number for number, rung in enumerate(STORY) if rung.question] == [ASKED]
    assert STORY[ASKED].array.ndim == 4 and STORY[BEFORE].array.ndim == 3


def test_what_is_sent_is_what_the_rungs_hold():
    story = RankLadder().story
    assert len(story) == len(STORY)
    for told, rung in zip(story, STORY, strict=True):
        assert told["shape"] == list(rung.array.shape) and told["bytes"] == rung.array.nbytes
        assert told["dtype"] == str(rung.array.dtype)
        assert [told[name] for name in ("name", "words", "code", "unit", "grown", "question")] == [
            getattr(rung, name) for name in ("name", "words", "code", "unit", "grown", "question")
        ]
        assert [told["axes"], told["roles"], told["labels"]] == [list(rung.axes), list(rung.roles), list(rung.labels)]
        cells = np.frombuffer(told["cells"], told["cells_dtype"]).reshape(rung.array.shape)
        np.testing.assert_array_equal(cells, rung.array)
    assert [told["arrangement"]["channel"] for told in story] == [None] * 6 + [3, 3, 4]
    assert story[5]["arrangement"]["layers"] == 2
    assert sum(len(told["cells"]) for told in story) < 300_000


# Climbing.


def climbed(number):
    ladder = RankLadder()
    for _ in range(number):
        ladder.climb()
    return ladder


def state(ladder):
    return ladder.rung, ladder.reached, ladder.asking


def test_climbing_goes_rung_by_rung_and_the_value_goes_along():
    ladder = RankLadder()
    assert state(ladder) == (0, 0, False) and ladder.value.shape == ()
    for number in range(1, BEFORE + 1):
        ladder.climb()
        assert state(ladder) == (number, number, False)
        np.testing.assert_array_equal(ladder.value, STORY[number].array)


def test_at_rank_4_it_stops_and_asks_until_it_is_answered_right():
    ladder = climbed(BEFORE + 3)
    assert state(ladder) == (BEFORE, BEFORE, True) and ladder.told == {}
    for wrong in ("one colour picture", "a batch of films", "my dog", ""):
        ladder.answer(wrong)
        ladder.climb()
        assert state(ladder) == (BEFORE, BEFORE, True)
        assert ladder.told["answer"] == wrong and not ladder.told["right"]
    found = ladder.answer("one film")
    assert found.right and ladder.told == {"answer": "one film", "right": True, "words": found.words}
    assert state(ladder) == (BEFORE, BEFORE, True)
    ladder.climb()
    assert state(ladder) == (ASKED, ASKED, False)


def test_skip_shows_it_without_an_answer():
    ladder = climbed(BEFORE + 1)
    ladder.skip()
    assert state(ladder) == (ASKED, ASKED, False) and ladder.told == {}
    ladder.climb()
    ladder.climb()
    assert state(ladder) == (8, 8, False)
    ladder.climb()
    assert state(ladder) == (8, 8, False)


def test_going_back_from_the_question_leaves_it_and_climbing_asks_again():
    ladder = climbed(BEFORE + 1)
    ladder.descend()
    assert state(ladder) == (BEFORE, BEFORE, False)
    ladder.climb()
    assert ladder.asking
    ladder.descend()
    ladder.descend()
    assert state(ladder) == (BEFORE - 1, BEFORE, False)
    ladder.rung = 0
    ladder.descend()
    assert state(ladder) == (0, BEFORE, False)


def test_it_asks_only_once():
    ladder = climbed(BEFORE + 1)
    ladder.skip()
    ladder.descend()
    assert state(ladder) == (BEFORE, ASKED, False)
    ladder.climb()
    assert state(ladder) == (ASKED, ASKED, False)


def test_a_right_answer_before_the_question_is_an_answer():
    ladder = RankLadder()
    assert ladder.answer("fMRI").right
    ladder.rung = BEFORE
    ladder.climb()
    assert state(ladder) == (ASKED, ASKED, False)


def test_any_rung_can_be_set_and_none_beyond_the_last():
    assert RankLadder(rung=3).reached == 3
    ladder = RankLadder()
    for wrong in (-1, 9, 10**9):
        with pytest.raises(t.TraitError, match=rf"rung goes from 0 to 8; got {wrong}\."):
            ladder.rung = wrong
    assert ladder.rung == 0
    with pytest.raises(TypeError, match=r"RankLadder has no argument 'step'\."):
        RankLadder(step=1)
    for name in ("asking", "told", "story", "choices"):
        with pytest.raises(t.TraitError):
            setattr(ladder, name, getattr(ladder, name))


def test_the_buttons_do_what_the_methods_do():
    ladder = RankLadder()
    for _ in range(BEFORE + 1):
        ladder._command({"kind": "climb"}, [])
    assert ladder.asking
    ladder._command({"kind": "answer", "text": "a video"}, [])
    assert ladder.told["right"] is True
    ladder._command({"kind": "descend"}, [])
    assert not ladder.asking
    ladder._command({"kind": "skip"}, [])
    assert ladder.rung == ASKED
    for odd in ({}, {"kind": "close"}, {"kind": "still"}, {"kind": None}, {"kind": "answer"}):
        ladder._command(odd, [])
    assert ladder.rung == ASKED and ladder.told["right"] is None
    for odd in (None, 3, ["film"], {"a": 1}):
        ladder._command({"kind": "answer", "text": odd}, [])
        assert isinstance(ladder.told["answer"], str)


# Answers.

RIGHT = """
a batch of colour pictures
a batch of color images
minibatch of RGB images
a mini-batch of rgb pictures
batch of images
image batch
a batch of 32 pictures
Batch Of Colour Pictures!
BATCH OF COLOUR IMAGES
several photographs
colour images
ten colour pictures
a dataset of images
image dataset
a photo album
an album of holiday photos
a folder of selfies
a gallery of paintings
a picture book
a stack of photographs
an array of images
CIFAR-10
imagenet
a sequence of colour images
a colour picture changing over time
images over time
the frames of a film
video frames
one film
one video
a video clip
video clip
VIDEO
a movie
a YouTube video of my cat
an animated gif
gif file
a webcam stream
one hour of video
a film about black holes
a moving picture
I think it could be a video
e.g. a film
Is it a film?
a rank-4 tensor is a video
video, because it has time, height, width and channels
a film or a batch of images
the kernel of a convolution
a convolution kernel
a convolutional filter
convolutional layer weights
weights of a conv layer
Conv2D kernel
kernels of a CNN
fMRI
an fMRI scan
f-MRI of one patient
functional MRI
a batch of MRI scans
several CT scans
a CT scan over time
4D CT
attention weights
multi-head attention
a batch of feature maps
a list of cubes
a row of cubes
a cube over time
a matrix of matrices
a list of lists of lists of lists of numbers
a batch of black and white films
several grey videos
greyscale images with a colour axis of size 1
a table of tables
batch of iamges
a batch of pitcures
vidoe
moive
a convolutoin kernel
(32,128,128,3)
( 32 , 128 , 128 , 3 )
(None, 28, 28, 1)
(-1, 28, 28, 1)
[None, 28, 28, 1]
(?, 28, 28, 3)
32x128x128x3
32 × 128 × 128 × 3
shape = (2, 2, 2, 2)
np.zeros((2, 3, 4, 5))
tf.zeros([2, 3, 4, 5])
x.shape == (2, 3, 4, 5)
(samples, height, width, channels)
samples, height, width, channels
time, x, y, z
N x H x W x C
[[[[1, 2]]]]
images of shape (128, 128, 3)
mnist (60000, 28, 28, 1)
"""
WRONG = """
a colour picture | 3
one colour picture | 3
an RGB image | 3
a selfie | 3
a film poster | 3
one frame of a film | 3
a video thumbnail | 3
a picture of a film | 3
a photo of 32 patients | 3
a cube | 3
a Rubik's cube | 3
a volume | 3
an MRI scan | 3
a table over time | 3
black and white film | 3
a black-and-white movie | 3
film in black & white | 3
film (b/w) | 3
a grayscale video | 3
MNIST | 3
a batch of MNIST digits | 3
grey pictures | 3
a batch of sentences | 3
a batch of time series | 3
a batch of matrices | 3
kernel of a Conv1D | 3
one filter of a convolution | 3
a table | 2
a table of 242 patients | 2
a matrix | 2
a spreadsheet | 2
a minibatch | 2
a batch of patients | 2
a grey image | 2
a black-and-white photograph | 2
an x-ray | 2
a list of lists | 2
a dense kernel | 2
a weight matrix | 2
a time series | 2
a stereo recording | 2
one channel of a picture | 2
a vector | 1
a list of numbers | 1
one patient | 1
a pixel | 1
the ages of my patients | 1
42 | 0
-3.5 | 0
1e5 | 0
my age | 0
age | 0
a number | 0
the number of films | 0
a temperature | 0
blood pressure | 0
pi | 0
batch of videos | 5
a batch of films | 5
films | 5
two films | 5
several movies | 5
a collection of gifs | 5
a playlist of videos | 5
a video library | 5
a batch of batches of pictures | 5
a grid of pictures | 5
kernel of a 3D convolution | 5
vidoes | 5
(2, 3, 4, 5, 6) | 5
(128, 128, 3) | 3
(242, 29) | 2
(29,) | 1
() | 0
(42, 23.4, 11.2) | 1
[[1, 2], [3, 4]] | 2
height, width, channels | 3
a batch of images (32, 28, 28) | 3
a cube of cubes | 6
"""
UNKNOWN = """
my dog
pizza
cats
a batch of cats
Titanic
42 dogs
asdf
I don't know
idk
not a film
no video
nothing
time
a movie ticket
a video game
a coffee filter
popcorn kernel
linux kernel
pay attention
photon
photosynthesis
a book
a batch
a set
a tensor
a 4D array
a tensor of rank 4
rank 4
four dimensions
hypercube
a 3D film
a stereo video
feature maps
a silent film
a moving cube
a picture every day
the temperature at every place and time
the volume of a cube
a film and a picture
[[1], [2, 3]]
[1, 2, 3, 4]
32, 128, 128, 3
(42
<script>alert(1)</script>
<img src=x onerror=alert(1)>
!!!
?
💔
日本
"""


def lines(text):
    return [line for line in text.strip().splitlines() if line]


def rank_of(found):
    return int(re.search(r"rank (\d+): (?:\d+|one) (?:more to go|too many)\.$", found.words)[1])


@pytest.mark.parametrize("words", lines(RIGHT))
def test_rank_4_in_a_learners_words_is_right(words):
    found = judge(words)
    assert found.right is True and found.words.startswith("Yes. ") and found.words.endswith(" Four axes, rank 4.")


@pytest.mark.parametrize("case", lines(WRONG))
def test_another_rank_is_wrong_and_it_is_said_which(case):
    words, rank = case.rsplit("|", 1)
    found = judge(words.strip())
    assert found.right is False and rank_of(found) == int(rank), found.words
    axes = re.findall(r"\(([\w ,]*)\)", found.words)
    if axes:
        assert len([axis for axis in axes[-1].split(",") if axis.strip()]) == int(rank)


@pytest.mark.parametrize("words", lines(UNKNOWN))
def test_what_is_not_known_or_has_two_meanings_is_not_guessed_at(words):
    found = judge(words)
    assert found.right is None
    assert len(found.words) > 20 and found.words.endswith((".", "?"))


@pytest.mark.parametrize("words", ["", " ", "\n\t", "...", "\u00a0"])
def test_nothing_is_no_answer(words):
    assert judge(words).right is None and judge(words).words == "Type an example, or choose one."


@pytest.mark.parametrize("words", [*lines(RIGHT), *(line.rsplit("|", 1)[0] for line in lines(WRONG))])
def test_capitals_spaces_and_full_stops_make_no_difference(words):
    assert judge(f"  {words.upper().replace(' ', '   ')} . ") == judge(words)


def test_a_mended_word_is_told():
    assert judge("a batch of pitcures").words.startswith("Yes. Read as “pictures”. ")
    assert "Read as" not in judge("a batch of pictures").words


def test_nothing_of_a_strange_answer_comes_back():
    for words in (*lines(UNKNOWN), "film: <script>alert(1)</script>", "'); drop table films; -- <b>"):
        assert not {"<", ">", "onerror", "script"} & set(re.findall(r"[<>]|\w+", judge(words).words))


@pytest.mark.parametrize(
    "words", ["film " * 10**5, "(" * 10**6, "1," * 10**5, "x" * 10**6, "[" * 200, "2 x " * 50, "(1," * 66]
)
def test_a_very_long_answer_is_refused_at_once(words):
    began = time.perf_counter()
    assert judge(words).right is None
    assert time.perf_counter() - began < 1


def test_the_choices_have_the_ranks_they_look_like():
    assert [judge(choice).right for choice in CHOICES] == [True, True, True, False, False, False]
    assert [rank_of(judge(choice)) for choice in CHOICES[3:]] == [3, 2, 5]
    assert RankLadder().choices == list(CHOICES)


@pytest.mark.parametrize("rung", STORY, ids=[rung.name for rung in STORY])
def test_the_rungs_themselves_are_judged_by_their_rank(rung):
    found = judge(str(rung.array.shape))
    assert found.right is (rung.array.ndim == 4)
    named = judge(rung.name)
    if named.right is not None:
        assert named.right is (rung.array.ndim == 4)
        assert named.right or rank_of(named) == rung.array.ndim


# Pictures.


def test_the_heart_is_a_small_colour_picture_and_symmetric():
    for size in (8, 24, 25):
        heart_ = pictures.heart(size)
        assert heart_.shape == (size, size, 3) and heart_.dtype == np.uint8
        np.testing.assert_array_equal(heart_, heart_[:, ::-1])
        assert not np.array_equal(heart_, heart_[::-1])
        assert tuple(heart_[0, 0]) == tuple(heart_[-1, -1]) == (245, 236, 225) and tuple(
            heart_[size // 2, size // 2]
        ) == (200, 40, 60)


def test_a_larger_heart_covers_more():
    covered = [(pictures.heart(24, scale=scale) != pictures.heart(24)[0, 0]).any(-1).sum() for scale in (0.5, 0.8, 1)]
    assert 20 < covered[0] < covered[1] < covered[2] < 24 * 24


def test_a_batch_has_hearts_of_six_colours():
    batch = pictures.batch()
    assert batch.shape == (6, 24, 24, 3) and batch.dtype == np.uint8
    assert len({tuple(heart_[12, 12]) for heart_ in batch}) == 6
    np.testing.assert_array_equal(batch[0], pictures.heart())
    np.testing.assert_array_equal(pictures.batch(8)[6], batch[0])


def test_a_film_comes_back_to_where_it_began():
    film = pictures.film(8)
    assert film.shape == (8, 24, 24, 3) and film.dtype == np.uint8
    assert len({frame.tobytes() for frame in film}) > 3
    twice = pictures.film(16, faster=2)
    np.testing.assert_array_equal(twice[:8], twice[8:])
    np.testing.assert_array_equal(twice[:8], film)
    np.testing.assert_array_equal(film[0], film[4])


def test_films_beat_each_at_its_own_pace():
    films = pictures.films()
    assert films.shape == (4, 8, 24, 24, 3) and films.dtype == np.uint8
    np.testing.assert_array_equal(films[0], pictures.film())
    assert len({film.tobytes() for film in films}) == 4
    largest = [(film != film[0, 0, 0]).any(-1).sum((1, 2)).argmax() for film in films]
    assert largest[0] == 2 and largest[1] == 1 and largest[3] == largest[0]


def test_the_pictures_are_the_same_every_time():
    for make in (pictures.heart, pictures.batch, pictures.film, pictures.films):
        np.testing.assert_array_equal(make(), make())
    for one, other in zip(rungs(), STORY, strict=True):
        np.testing.assert_array_equal(one.array, other.array)
