"""The tables of the widgets' pages, `widgets/<folder>/README.md`, as the classes have them.

Run as a script (`make pictures` does) it writes them into the pages, and `test_widget_docs.py` holds the pages against
them. What a page says outside its tables is written by hand.
"""

import ast
import inspect
import itertools
import re
import sys
import textwrap
from pathlib import Path

import traitlets as t

from firstepoch import widgets
from firstepoch.widgets.background_view import BackgroundView
from firstepoch.widgets.base import StillView, View
from firstepoch.widgets.settings_view import SettingsView

ROOT = Path(__file__).parents[2]
WIDGETS = {
    name: it
    for name in sorted(widgets.__all__)
    if inspect.isclass(it := getattr(widgets, name)) and issubclass(it, View)
}
"""The public widgets, by name."""
SHARED = {View, StillView, SettingsView, BackgroundView}
"""Classes whose methods are the same for all, or are for authors of widgets."""
INNER = {"recompute", "still", "preset", "admit", "close", "set_state", "shown", "claims"}
"""Methods and properties for authors of widgets."""
KINDS = re.compile(r"\s*\b(Input|Control|Report)\.\s*$")
HEADS = {
    "Arguments": "| name | what | default |\n| --- | --- | --- |\n",
    "In Python": "| name | what |\n| --- | --- |\n",
    "Leave out, and links": "",
}
"""The sections that are written from the class: heading, and what the table begins with."""


def page(widget):
    """The page of a widget."""
    return ROOT / "widgets" / Path(inspect.getfile(widget)).parent.name / "README.md"


def sections(widget):
    """The text of the sections that follow from the class, by heading."""
    made = {
        "Arguments": "".join(f"| `{name}` | {what} | {default} |\n" for name, what, default in arguments(widget)),
        "In Python": "".join(f"| `{name}` | {what} |\n" for name, what in readings(widget)),
        "Leave out, and links": _leave_out(widget),
    }
    return {heading: HEADS[heading] + text for heading, text in made.items()}


def arguments(widget):
    """What the class takes: name, what it is, and its default, those of the constructor first."""
    told, rows = _arguments_told(widget), {}
    traits = _traits(widget)
    for name, parameter in inspect.signature(widget.__init__).parameters.items():
        if name in ("self", "settings", "kwargs"):
            continue
        star = "**" if parameter.kind is parameter.VAR_KEYWORD else ""
        given = "–" if parameter.default is parameter.empty else _shown(parameter.default)
        rows[name] = (f"{star}{name}", _cell(told[name] if name in told else traits[name][1]), given)
    for name, (trait, what) in traits.items():
        if name not in rows and not trait.read_only and name != "hide":
            rows[name] = (name, _cell(told.get(name, what)), _shown(_default(trait)))
    return list(rows.values())


def readings(widget):
    """What the class tells and does: attributes that only report, properties, methods."""
    rows = {}
    for name, (trait, what) in _traits(widget).items():
        if trait.read_only and not isinstance(trait, t.Instance | t.Bytes) and name != "problem":
            rows[name] = _cell(what)
    for owner in reversed(_own(widget)):
        for name, member in vars(owner).items():
            if name.startswith("_") or name in INNER:
                continue
            if isinstance(member, property):
                rows[name] = _cell(_first(member.fget))
            elif inspect.isfunction(member):
                rows[f"{name}({_parameters(member)})"] = _cell(_first(member))
    if issubclass(widget, BackgroundView) and not any(name.startswith("wait(") for name in rows):
        rows[f"wait({_parameters(BackgroundView.wait)})"] = _cell(_first(BackgroundView.wait))
    return list(rows.items())


def _leave_out(widget):
    parts = ", ".join(f"`{name}`" for name in (*widget.parts, "link"))
    linked = ", ".join(f"`{name}`" for name in widget.linked)
    links = f"A link to a page can set {linked}." if linked else "A link to a page sets nothing of it."
    return f"{_wrapped(f'`hide=[...]` leaves out parts of the card: {parts}.')}\n\n{_wrapped(links)}\n"


def _own(widget):
    """The class and those above it that are its own."""
    return [one for one in widget.__mro__ if issubclass(one, View) and one not in SHARED]


def _traits(widget):
    """Public traits in the order in which they are written, with what is said of them."""
    found = {}
    for owner in reversed([one for one in widget.__mro__ if issubclass(one, View)]):
        lines = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0].body
        for line, after in itertools.pairwise(lines):
            target = line.target if isinstance(line, ast.AnnAssign) else getattr(line, "targets", [None])[0]
            name = getattr(target, "id", "_")
            if name.startswith("_") or not widget.class_traits().get(name):
                continue
            what = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            found[name] = (widget.class_traits()[name], " ".join(what.split()))
    return found


def _arguments_told(widget):
    """What the docstring of the class says of each argument."""
    text = inspect.getdoc(widget)
    args = re.search(r"^Args:\n((?:    .*\n|\n)*)", f"{text}\n", re.MULTILINE)
    lines = re.findall(r"^    \**(\w+): (.*(?:\n {8}.*)*)", args[1] if args else "", re.MULTILINE)
    return {name: " ".join(what.split()) for name, what in lines}


def _default(trait):
    value = trait.make_dynamic_default() if isinstance(trait, t.Container | t.Dict) else trait.default_value
    return {} if value is t.Undefined and isinstance(trait, t.Dict) else value


def _shown(value):
    if callable(value):
        return "…"
    written = repr(value)
    return f"`{written}`" if len(written) <= 40 and "|" not in written else "…"


def _parameters(function):
    parts = []
    for name, one in list(inspect.signature(function).parameters.items())[1:]:
        star = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
        default = "" if one.default is one.empty else f"={one.default!r}"
        parts.append(f"{star}{name}{default}")
    return ", ".join(parts)


def _first(function):
    """The first paragraph of a docstring."""
    return " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())


def _cell(text):
    return KINDS.sub("", text).replace("|", "\\|")


def _wrapped(text):
    return "\n".join(textwrap.wrap(text, 120, break_long_words=False, break_on_hyphens=False))


def rewritten(text, widget):
    """A page with the sections that follow from its class as they are now."""
    for heading, made in sections(widget).items():
        pattern = rf"(^## {heading}\n\n).*?(?=\n## |\Z)"
        text, count = re.subn(pattern, lambda found, made=made: found[1] + made, text, flags=re.DOTALL | re.MULTILINE)
        if count != 1:
            sys.exit(f"{page(widget)} has no section called {heading!r}.")
    return text


if __name__ == "__main__":
    for widget in WIDGETS.values():
        path = page(widget)
        path.write_text(rewritten(path.read_text(encoding="utf-8"), widget), encoding="utf-8")
