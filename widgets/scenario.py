"""What a link sets of a widget: all of it that the widget takes, and why it does not take the rest."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import traitlets as t

from firstepoch.widgets.link import Request

if TYPE_CHECKING:
    from firstepoch.widgets.base import View

_STAND_IN = "…"
"""For every text of a link where an error repeats what it was given."""
_UNTOLD = " "
"""An error whose words are not ours."""


def follow(widget: View, request: Request) -> dict[str, list[str]]:
    """Set what a link asks for, as far as it can be.

    What fits together is set. What the widget refuses stays as the notebook has it.

    Args:
        widget: The widget, ready to be used.
        request: What is asked.

    Returns:
        Sentences: `set` has what was set, `refused` what was not and why. The words are ours alone: of what the link
        says, nothing but numbers is repeated.
    """
    if request.problem:
        return {"set": [], "refused": [request.problem]}
    values: dict[str, Any] = {}
    refused: dict[str, Any] = {}
    for name in widget.linked:
        if name in request.texts:
            fits, value = _read(widget, name, request.texts[name])
            (values if fits else refused)[name] = value
    for stage in _stages(widget, values):
        waiting = {name: values[name] for name in stage}
        while waiting:
            tries = [waiting] if len(waiting) == len(stage) else []
            tries += [{name: value} for name, value in waiting.items()]
            went = next((one for one in tries if not _try(widget, one)), None)
            if went is None:
                break
            waiting = {name: value for name, value in waiting.items() if name not in went}
        refused |= waiting
    done = [name for name in widget.linked if name in request.texts and name not in refused]
    unknown = len(request.texts) - len(done) - len(refused)
    sentences = [f"Set by the link: {', '.join(_shown(widget, name) for name in done)}."] if done else []
    problems = [
        f"The link could not set {name}: {_why(widget, name, refused[name])}"
        for name in widget.linked
        if name in refused
    ]
    if unknown:
        what = "a name" if unknown == 1 else f"{unknown} names"
        problems.append(f"The link has {what} that this card does not know. It knows: {', '.join(widget.linked)}.")
    return {"set": sentences, "refused": problems}


def _read(widget: View, name: str, text: str) -> tuple[bool, Any]:
    """Whether a property takes what stands in a link, as JSON or as it is; and the value, or what was tried."""
    tries: list[Any] = [text]
    with contextlib.suppress(ValueError, RecursionError):
        tries.insert(0, json.loads(text, parse_constant=_refuse))
    for value in tries:
        if _takes(widget.traits()[name], widget, name, value):
            return True, value
    return False, tries[0]


def _refuse(_: str) -> Any:
    raise ValueError


def _takes(trait: t.TraitType, widget: View, name: str, value: Any) -> bool:
    if not _finite(value):
        return False
    if isinstance(trait, t.Union):
        return any(_takes(one, widget, name, value) for one in trait.trait_types)
    if isinstance(value, bool) and isinstance(trait, t.Int | t.Float):
        return False
    if isinstance(trait, t.Any) and not _plain(value):
        # Anything goes there in Python; a link gives numbers and names alone.
        return False
    if value is None or not hasattr(trait, "validate"):
        return value is not None or trait.allow_none
    try:
        trait.validate(widget, _from_json(widget, name, value))
    except Exception:
        return False
    return True


def _finite(value: Any) -> bool:
    if isinstance(value, list | dict):
        return all(map(_finite, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float) or math.isfinite(value)


def _plain(value: Any) -> bool:
    parts = value if isinstance(value, list) else [value]
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in parts) or isinstance(value, str)


def _try(widget: View, values: Mapping[str, Any], *, only_try: bool = False) -> str:
    """Set these together; says what went wrong. Nothing is changed then, nor if it is only tried."""
    before = {name: getattr(widget, name) for name in widget.linked}
    problem = ""
    try:
        widget.admit(values)
        widget.preset({name: _from_json(widget, name, value) for name, value in values.items()})
        problem = getattr(widget, "problem", "")
    except Exception as error:
        ours = isinstance(error, t.TraitError) or type(error).__module__.startswith("firstepoch.")
        problem = str(error) if ours else _UNTOLD
    if problem or only_try:
        _restore(widget, before)
    return problem


def _restore(widget: View, before: Mapping[str, Any]) -> None:
    for stage in _stages(widget, before):
        changed = {name: before[name] for name in stage if getattr(widget, name) is not before[name]}
        with contextlib.suppress(Exception):
            widget.preset(changed)
    if widget.has_trait("problem"):
        # It has words of the link in it.
        widget.set_trait("problem", "")


def _stages(widget: View, names: Iterable[str]) -> tuple[list[str], list[str]]:
    """What brings other properties along comes before these."""
    names = list(names)
    return [one for one in names if one in widget.brings], [one for one in names if one not in widget.brings]


def _from_json(widget: View, name: str, value: Any) -> Any:
    """A value as the widget takes it from its page."""
    return widget.trait_metadata(name, "from_json", widget._trait_from_json)(value, widget)


def _why(widget: View, name: str, value: Any) -> str:
    """Why a value was refused, with every text of the link in it replaced; what was said then is ours."""
    # True may count as 1, and is then tried in vain.
    tried = "" if isinstance(value, bool) else _try(widget, {name: _without_text(value)}, only_try=True)
    said = " ".join(tried.split())
    if said and len(said) < 400 and " trait of " not in said:
        return said if said[-1] in ".!?" else f"{said}."
    trait, now = widget.traits()[name], widget.get_state(name)[name]
    example = json.dumps(now, ensure_ascii=False)
    plain = now in (None, [], {}) or isinstance(trait, t.Bool | t.Enum) or len(example) > 100
    return f"it takes {_kind(trait)}{'' if plain else f', for example {example}'}."


def _without_text(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_text(one) for one in value]
    if isinstance(value, dict):
        return dict.fromkeys([_STAND_IN], _without_text(next(iter(value.values()), 0)))
    return _STAND_IN if isinstance(value, str) else value


def _kind(trait: t.TraitType) -> str:
    if isinstance(trait, t.Union):
        return " or ".join(map(_kind, trait.trait_types))
    if isinstance(trait, t.Enum):
        return f"one of {', '.join(map(str, trait.values or ()))}"
    kinds = {
        t.Bool: "true or false",
        t.Int: "a whole number",
        t.Float: "a number",
        t.List: "a list",
        t.Dict: "names with values",
    }
    return next((words for kind, words in kinds.items() if isinstance(trait, kind)), "a name")


def _shown(widget: View, name: str) -> str:
    value = widget.get_state(name)[name]
    if isinstance(value, int | float):
        return f"{name} {json.dumps(value)}"
    return f"{name} {value}" if isinstance(widget.traits()[name], t.Enum) else name
