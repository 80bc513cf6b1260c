"""What the card says: of the styles, of a layer, and of what was measured."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from firstepoch.widgets.styles.build import Built
from firstepoch.widgets.styles.spec import Layer, Spec
from firstepoch.widgets.styles.writing import Line

TITLES: Final = {"sequential": "Sequential", "functional": "Functional", "subclassed": "Subclassed"}
_GOOD: Final = {
    "sequential": "Good for a plain chain: one input, one layer after the other, one output.",
    "functional": "Good for any plan of layers: several inputs or outputs, branches that part and meet.",
    "subclassed": "Good where `call` needs Python of its own, such as a loop or an if.",
}
_REFUSED: Final = "Sequential does not suffice: it is one chain, and two inputs that meet are none."


def layer(one: Layer) -> dict[str, Any]:
    """A layer as the page has it."""
    return {"key": one.key, "label": one.label, "kind": one.kind, "formula": one.formula}


def style(name: str, lines: list[Line], spec: Spec) -> dict[str, Any]:
    """A style as the page has it."""
    return {
        "name": name,
        "title": TITLES[name],
        "good": _REFUSED if name == "sequential" and spec.second else _GOOD[name],
        "lines": [{"text": line.text, "layers": list(line.layers)} for line in lines],
    }


def measured(spec: Spec, built: dict[str, Built], shapes: dict[str, str]) -> dict[str, Any]:
    """What was counted and compared, as the page has it."""
    whole = {name: made for name, made in built.items() if made.model is not None}
    outputs = [made.outputs for made in whole.values() if made.outputs is not None]
    return {
        "shapes": shapes,
        "counts": {name: made.counts for name, made in whole.items()},
        "totals": {name: int(made.model.count_params()) for name, made in whole.items()},
        "before": {name: made.before for name, made in whole.items()},
        "refused": {name: made.refused for name, made in built.items() if made.refused},
        "largest": max(float(np.abs(one - outputs[0]).max()) for one in outputs),
        "rows": len(outputs[0]),
    }


def said(spec: Spec, found: dict[str, Any]) -> str:
    """What was found, in a sentence or two."""
    totals, largest = found["totals"], found["largest"]
    ways = "both ways" if len(totals) == 2 else "all three ways"
    if len(set(totals.values())) > 1:
        count = "The numbers of parameters differ: " + ", ".join(f"{n:,}" for n in totals.values()) + "."
    else:
        total = next(iter(totals.values()))
        parts = [n for n in next(iter(found["counts"].values())).values() if n]
        added = f"{' + '.join(f'{n:,}' for n in parts)} = " if len(parts) > 1 else ""
        count = f"{added}{total:,} parameters, {ways}."
    same = (
        "the outputs are the same, digit by digit"
        if largest == 0
        else f"no two outputs differ by more than {largest:.2g}"
    )
    return f"{count} With the same weights, {same}, on all {found['rows']:,} rows."


def first_sentence(error: BaseException) -> str:
    """An error in one sentence."""
    told = " ".join(str(error).split()) or type(error).__name__
    return told.split(". ")[0].rstrip(".") + "."
