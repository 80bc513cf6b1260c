"""Holds a view's TypeScript interface of the synced traits against the Python class, both ways."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import traitlets as t


def interface(source: Path, name: str) -> dict[str, str]:
    """The members of `export interface <name>` in a TypeScript file: name and type as written."""
    found = re.search(rf"export interface {name} \{{\n(.*?)\n\}}", source.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"{source.name} has no `export interface {name}`"
    body = re.sub(r"/\*.*?\*/|//[^\n]*", "", found[1], flags=re.DOTALL)
    members, depth, start = [], 0, 0
    for place, letter in enumerate(body):
        depth += (letter in "{[(" and 1) or (letter in "}])" and -1) or 0
        if letter == ";" and depth == 0:
            members.append(body[start:place])
            start = place + 1
    pairs = (member.strip().split(":", 1) for member in members)
    return {name.strip().rstrip("?"): kind.strip() for name, kind in pairs}


def synced(widget: type[t.HasTraits]) -> dict[str, t.TraitType]:
    """The traits a class itself syncs with its view."""
    own = widget.class_own_traits(sync=True)
    return {name: trait for name, trait in own.items() if not name.startswith("_")}


def mismatches(widget: type[t.HasTraits], name: str, source: Path | None = None) -> list[str]:
    """What differs between a widget class and the interface `name` in its folder's view.ts; empty when all agrees."""
    source = source or Path(inspect.getfile(widget)).with_name("view.ts")
    members, traits = interface(source, name), synced(widget)
    wrong = [f"{key} is in {source.name} but not synced" for key in members if key not in traits]
    wrong += [f"{key} is synced but not in {source.name}" for key in traits if key not in members]
    for key in members.keys() & traits.keys():
        expected = _pattern(traits[key])
        if not re.fullmatch(expected, members[key], re.DOTALL):
            wrong.append(f"{key}: {type(traits[key]).__name__} is {members[key]!r} in {source.name}")
        if traits[key].allow_none and "null" not in members[key]:
            wrong.append(f"{key} may be None, but {source.name} does not say null")
    return sorted(wrong)


def _pattern(trait: t.TraitType) -> str:
    null = r"( \| null)?"
    if isinstance(trait, t.Bool):
        return "boolean" + null
    if isinstance(trait, t.Int | t.Float):
        return "number" + null
    if isinstance(trait, t.Enum):
        return r"(string|[A-Z]\w*|\".*\")" + null
    if isinstance(trait, t.Unicode):
        return r"(string|[A-Z]\w*)" + null
    if isinstance(trait, t.List | t.Tuple):
        return r"(.*\[\]|\[.*\])" + null
    if isinstance(trait, t.Dict):
        return r"(\{.*\}|Record<.*>|[A-Z]\w*)" + null
    return ".*"
