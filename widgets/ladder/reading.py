"""Reads what an answer names: the thing, what holds it, and how it looks. Words that are not known are not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from firstepoch.widgets.ladder.things import BY_WORD, HOLDER_OF, PLAIN, UNSURE, Axes


@dataclass(frozen=True)
class Reading:
    """What an answer is about.

    Attributes:
        axes: All its axes.
        says: Which they are, in a sentence.
        held: How many of them only say that there are several, or several times.
    """

    axes: Axes
    says: str
    held: int = 0


NAMES_A_RANK = "That names a rank. Which thing has it? Think of what you can see, hear or measure."
_OF_WHAT = "Of what? Of patients it has rank 2, of colour pictures rank 4."
_SEVERAL_THINGS = "Those are several things, and not all of the same rank. Name one of them."

_PHRASES = (
    (r"\b(with|and) (a |an |one |its |extra )*(colou?r|channels?)( axis| channel| dimension)?\b", " withchannels "),
    (r"\b(\w+) file(s?)\b", r"\1\2"),
    (r"\bbl(a|e)ck (and|&|n) white\b|\bb ?[/&] ?w\b|\bmonochrome\b|\bgr[ae]y ?scaled?\b|\bgr[ae]y\b", " grey "),
    (r"\b(without|no|with no) colou?rs?\b|\bcolou?rless\b", " grey "),
    (r"\b(over|through|in|across|along) time\b|\bchanging\b|\btime varying\b", " overtime "),
    (r"\b(\w+ )?(hours?|minutes?|seconds?) (of|long)\b", " "),
    (r"\b(moving|animated) (picture|image|drawing)s?\b|\bstop motion( film| movie| video)?\b", " film "),
    (r"\b(video|film|movie) clip(s?)\b", r" film\2 "),
    (r"\b(live|web ?cam|video) ?stream(s?)\b", r" film\2 "),
    (r"\bslide show(s?)\b", r" slideshow\1 "),
    (r"\btime lapse( film| movie| video)?(s?)\b", r" timelapse\2 "),
    (r"\btime series\b", " timeseries "),
    (r"\bdata set(s?)\b", r" dataset\1 "),
    (r"\bmini batch(es)?\b", r" minibatch\1 "),
    (r"\b(excel|spread) sheet(s?)\b", r" spreadsheet\2 "),
    (r"\bdata frame(s?)\b", r" dataframe\1 "),
    (r"\bcifar \d+\b|\bcifar\d+\b", " cifar "),
    (r"\bfeature maps?\b", " featuremap "),
    (r"\bx ray( image| picture| photo)?(s?)\b", r" xray\2 "),
    (r"\bpoint cloud(s?)\b", r" pointcloud\1 "),
    (r"\bvoxel grid(s?)\b", r" volume\1 "),
    (r"\bvoxels\b", " volume "),
    (r"\b(sound|audio|stereo) (recording|clip|track|signal)(s?)\b", r" audio\3 "),
    (r"\bmono (recording|sound|audio|signal)(s?)\b", r" mono\2 "),
    (r"\b(f mri|functional mri)\b", " fmri "),
    (r"\bfmri (scan|image|recording|session|measurement)s?\b|\bfmri data\b", " fmri "),
    (r"\b(4 ?d|four dimensional) (ct|mri|brain|volume)( scan)?\b", r" overtime \2 "),
    (r"\b(brain|body|mri|ct) (scan)(s?)\b", r" mri\3 "),
    (r"\bconv(olution(al)?)? ?([13]) ?d\b|\b([13]) ?d conv(olution(al)?)?\b", r" conv\3\4d "),
    (r"\bconv([13])d (kernel|filter|layer|weight)s?\b", r" conv\1d "),
    (r"\b(kernel|filter|weight)s? of (a |the |one )?conv([13])d\b", r" conv\3d "),
    (r"\b2 ?d (?=conv|image|picture|photo|table|matrix)|\b3 ?d (?=volume|cube|mri|ct)", " "),
    (r"\bconv(olutions?|olutional)?( ?2 ?d)?( layers?| networks?| neural networks?)?\b", " convolution "),
    (r"\b(?:one|single) (convolution )?filter\b", " onefilter "),
    (r"\bdense (layer )?(kernel|weights?)\b|\bfirst weights\b|\bweight matrix\b", " densekernel "),
    (r"\b(weights|kernels?) of (a |the |one )?(dense|hidden) layer\b", " densekernel "),
    (r"\bconvolution weights?\b|\bweights of (a |the |one )?convolution\b", " convolution "),
    (r"\battention (weights|scores|matrices|maps)\b", " attention "),
    (r"\b(rgb|colou?red|colou?r) (pixel|value|values|triple)\b|\brgb colou?r\b", " pixel "),
    (r"\b(red|green|blue|colou?r) channel\b", " channel "),
)
_RANK = re.compile(r"\brank (\d+|zero|one|two|three|four|five)( tensors?)?\b")
_DIMENSIONS = re.compile(
    r"\b(\d+|n|one|two|three|four|five) ?(d|dim|dimensions?|dimensional|axes|axis|indices)\b"
    r"|\bhyper ?cubes?\b|\btesseracts?\b"
)
_LEADS = re.compile(
    r"\b(for example|for instance|e g|eg|such as|something like|what about|how about|i think( of)?|it is|it s|"
    r"thats?|an? example( of it)?( is| would be)?)\b"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILLERS = _words(
    "a an the my your our their his her its some is are be it could would might can maybe perhaps probably please "
    "hmm hm um well like say just simply also too so i guess obviously any this that these those full whole entire"
)
_ENDS = _words("of with from about showing on in by which where at for taken we he she they you who when as")
"""What follows these says what is in it; after "of" also what is held."""
_LOOKS = _words("colour color colours colored coloured colourful rgb rgba grey overtime withchannels")
_SEVERAL = _words("several many multiple two three four five six seven eight nine ten hundred thousand few")
_NOT = _words("not no isnt dont don never nothing none neither idk know cannot cant")
_IN_TIME = _words("time times moving rotating turning beating growing changing each every daily hourly")
"""With these, what has no time axis may be meant to have one."""
_TOTALS = _words("number count mean average sum maximum minimum")
_NUMBER, _PATIENT = BY_WORD["number"][0], BY_WORD["patient"][0]


def read(text: str) -> Reading | str | None:
    """The axes of what is named.

    Args:
        text: Lower case.

    Returns:
        What was read; a question back to the learner; None if that cannot be told.
    """
    text = re.sub(r"[,;:](?!\s*of\b)", " about ", re.split(r"\b(?:because|since|as it)\b", text)[0])
    plain, mended = _mended(" ".join(re.sub(r"[^a-z0-9&/]+", " ", re.sub(r"'s\b|'", "", text)).split()))
    for pattern, words in _PHRASES:
        plain = " ".join(re.sub(pattern, words, plain).split())
    named = _RANK.search(plain) or _DIMENSIONS.search(plain)
    plain = _LEADS.sub(" ", _DIMENSIONS.sub(" unread ", _RANK.sub(" ", plain)))
    said = plain.replace("/", " or ").replace("&", " and ").split()
    if _NOT & {*said}:
        return None
    for word, question in UNSURE.items():
        if word in said and "grey" not in said and not HOLDER_OF.keys() & {*said}:
            return question
    found = [_one(part.split()) for part in re.split(r" (?:or|and) ", " ".join(said))]
    first, known = found[0], [one for one in found if isinstance(one, Reading)]
    if not isinstance(first, Reading):
        return first or (NAMES_A_RANK if named else None)
    if len({len(one.axes) for one in known}) > 1:
        return _SEVERAL_THINGS
    return Reading(first.axes, f"Read as “{mended}”. {first.says}" if mended else first.says, first.held)


def _one(words: list[str]) -> Reading | str | None:
    """One thing: what holds it, from the left to the right, and then the thing itself."""
    looks = {word for word in words if word in _LOOKS}
    phrases: list[list[str]] = [[]]
    for word in words:
        if word in _ENDS:
            phrases.append([word])
        elif word not in _LOOKS and word not in _FILLERS:
            phrases[-1].append(word)
    while len(phrases) > 1 and not set(phrases[0]) - _ENDS:
        phrases = phrases[1:]
    outer: Axes = ()
    for place, phrase in enumerate(phrases):
        inside = [word for word in phrase if word not in _ENDS]
        while len(inside) > 1 and inside[-1].isdigit():
            inside.pop()
        if not inside:
            return None
        *before, head = inside
        several = any(word in _SEVERAL or (word.isdigit() and int(word) > 1) for word in before)
        before = [word for word in before if word not in _SEVERAL and not word.isdigit()]
        if "unread" in inside:
            return None
        rest = [word for later in phrases[place + 1 :] for word in later]
        if head not in HOLDER_OF:
            return _thing(head, before, outer, several, looks, rest)
        holder = HOLDER_OF[head]
        many = head in holder.several.split() and "overtime" not in looks
        if not outer and (several or many):
            outer = ("samples",)
        held = next((word for word in reversed(before) if word in BY_WORD), None)
        if held:
            return _thing(held, [], outer + holder.axes, False, looks, rest)
        if not rest or rest[0] not in ("of", "with", "from"):
            if holder.alone is None:
                return _OF_WHAT
            if _IN_TIME & {*before, *rest}:
                return None
            own = (*outer, *("time",) * ("overtime" in looks))
            return _built(holder.says, holder.alone, own)
        outer += holder.axes
    return None


def _thing(
    head: str, before: list[str], outer: Axes, several: bool, looks: set[str], rest: list[str]
) -> Reading | None:
    if head not in BY_WORD:
        return None
    thing, plural = BY_WORD[head]
    if thing.only is not None and not {*before} <= {*thing.only.split(), "one", "single"}:
        return None
    if head in PLAIN and rest:
        return None
    if {"stereo", "volumetric"} & {*before} or (outer == ("entries of an array",) and thing is _NUMBER):
        return None
    of_patients = thing.grey is None and any(BY_WORD.get(word) == (_PATIENT, True) for word in rest)
    if thing is _NUMBER and not of_patients and not _is_one(head, looks, rest):
        return None
    if thing.axes and "time" not in thing.axes and _IN_TIME & {*before, *rest}:
        return None
    grey = "grey" in looks or "mnist" in before
    own, says = (thing.grey, thing.says_grey) if grey and thing.grey is not None else (thing.axes, thing.says)
    if "withchannels" in looks and own[-2:] == ("height", "width"):
        own, says = (*own, "channels"), f"{says}, with a colour axis,"
    if thing is _PATIENT and outer[-1:] == ("columns",):
        return Reading(outer, "A table is (samples, features).", 1)
    held = outer
    in_time = "overtime" in looks and thing.grey is not None
    of_batch = head == "featuremap" and HOLDER_OF.keys() & {*rest}
    if not outer and (((several or (plural and not in_time)) and thing.counted) or of_patients or of_batch):
        held = ("samples",)
    if "overtime" in looks and "time" not in own:
        held = (*held, "time")
    return _built(says, own, held, thing.note if own[-2:] == ("height", "width") else "")


def _is_one(head: str, looks: set[str], rest: list[str]) -> bool:
    """Whether a number is that of one thing; "the temperature at every place" is not."""
    if "overtime" in looks:
        return not rest
    plural = any(BY_WORD[word][1] for word in rest if word in BY_WORD)
    return head in _TOTALS or not (plural or {"every", "each", "all"} & {*rest})


def _built(says: str, own: Axes, held: Axes, note: str = "") -> Reading:
    sentence = f"{says} is {_tuple(own)}"
    sentence += f"; here that makes {_tuple(held + own)}." if held else "."
    return Reading(held + own, f"{sentence} {note}".strip() if len(held + own) == 3 else sentence, len(held))


def _tuple(axes: Axes) -> str:
    return f"({axes[0]},)" if len(axes) == 1 else f"({', '.join(axes)})"


def _mended(text: str) -> tuple[str, str]:
    """The text with words that are one slip away from a known one set right, and what those were read as."""
    mended = []
    words = text.split()
    for place, word in enumerate(words):
        if len(word) < 4 or not word.isalpha() or word in _KNOWN:
            continue
        near = [known for known in _NOUNS if known[0] == word[0] and _is_one_slip(word, known)]
        near.sort(key=lambda known: known[-1] != word[-1])
        if near:
            words[place] = near[0]
            mended.append(near[0])
    return " ".join(words), ", ".join(mended)


def _is_one_slip(word: str, known: str) -> bool:
    """Whether two neighbouring letters changed places, or, in longer words, one is wrong, missing or too many."""
    start = 0
    while start < min(len(word), len(known)) and word[start] == known[start]:
        start += 1
    a, b = word[start:], known[start:]
    if len(a) == len(b):
        return (a[:2] == b[1::-1] and a[2:] == b[2:]) or (len(word) > 5 and a[1:] == b[1:])
    return (len(word) > 4 and a[1:] == b) or (len(known) > 4 and a == b[1:])


def _long(words: set[str]) -> frozenset[str]:
    return frozenset(word for word in words if len(word) > 3 and word.isalpha())


_NOUNS = tuple(sorted(_long({*BY_WORD, *HOLDER_OF, "convolution", "convolutional"})))
_IN_PHRASES = {word for pattern, _ in _PHRASES for word in re.findall(r"[a-z]{4,}", pattern)}
_KNOWN = _long(
    {
        *_NOUNS,
        *_FILLERS,
        *_ENDS,
        *_LOOKS,
        *_SEVERAL,
        *_NOT,
        *UNSURE,
        *_IN_PHRASES,
        "weights",
        "scans",
        "photon",
        "photons",
    }
)
