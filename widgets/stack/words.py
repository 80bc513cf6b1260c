"""What the card says of each level: what it does for the line, and what was found of it on this machine."""

from __future__ import annotations

from typing import Any, Final

from firstepoch.widgets.stack.facts import BACKENDS, DEVICES, LINE, Facts
from firstepoch.widgets.stack.library import LECTURE, Shelf

LEVELS: Final = ("code", "keras", "backend", "hardware")
FOOTNOTE: Final = (
    "Keras's documentation: Keras 3 runs on JAX, TensorFlow and PyTorch (and on OpenVINO, to predict only). One is "
    "chosen before Keras is imported, by KERAS_BACKEND. This course was tried on TensorFlow alone."
)
_DOES: Final = {
    "code": "It says what to learn from, how many rows at a time, and how many epochs. Not a word of gradients, loops "
    "or processors.",
    "keras": "It takes the line apart: deals the rows into batches, sends each batch through the layers, asks for the "
    "loss and its gradient, lets the optimizer update the weights, and keeps the metrics; again for every batch of "
    "every epoch.",
    "backend": "It calculates. It keeps weights and rows as tensors, writes down every operation on the way to the "
    "loss, and goes back through them for the gradient. It can share the work among devices.",
    "hardware": "It adds and multiplies. An operation has a version for each kind of processor, and the backend takes "
    "the one for the device that is there. Your line stays as it is.",
}
_SUB: Final = {
    "code": LINE,
    "keras": "layers, losses, optimizers, metrics, fit",
    "backend": "tensors, operations, automatic gradients",
    "hardware": "arithmetic",
}
_SHELVES: Final = {
    "layers": "kinds of layers",
    "optimizers": "optimizers",
    "losses": "losses",
    "metrics": "metrics",
    "callbacks": "callbacks",
    "applications": "networks for pictures with trained weights. The weights are no part of Keras: they are downloaded "
    "when you ask for them, and this course downloads nothing",
}


def levels(facts: Facts, shelves: list[Shelf]) -> list[dict[str, Any]]:
    """The levels from top to bottom, as the page has them."""
    backend = _name(facts.backend)
    told = {
        "code": ("Your code", [], f"Python {facts.python}."),
        "keras": ("Keras", [], _of_keras(facts, shelves)),
        "backend": (f"Backend: {backend}" if backend else "Backend", _backends(facts), _of_backend(facts)),
        "hardware": ("Hardware", _devices(facts), _of_hardware(facts)),
    }
    return [
        {
            "key": key,
            "title": told[key][0],
            "sub": _SUB[key],
            "boxes": told[key][1],
            "does": _DOES[key],
            "here": told[key][2],
        }
        for key in LEVELS
    ]


def shelf(one: Shelf) -> dict[str, Any]:
    """A kind of things, as the page has it."""
    return {
        "kind": one.kind,
        "count": one.count,
        "told": f"{one.count:,} {_SHELVES[one.kind]}.",
        "families": [{"name": name, "names": names} for name, names in one.families.items()],
        "lecture": list(LECTURE[one.kind]),
    }


def _of_keras(facts: Facts, shelves: list[Shelf]) -> str:
    if not facts.keras:
        return ""
    counts = {one.kind: one.count for one in shelves}
    parts = [f"{counts[kind]:,} {_SHELVES[kind]}" for kind in ("layers", "optimizers", "losses", "metrics")]
    return f"Keras {facts.keras} brings {', '.join(parts[:-1])} and {parts[-1]}."


def _backends(facts: Facts) -> list[dict[str, Any]]:
    boxes = []
    for package, name in BACKENDS.items():
        state = "not installed here"
        if package in facts.installed:
            state = "installed here"
            if package == facts.backend:
                state = "runs here"
        boxes.append({"name": name, "state": state, "used": package == facts.backend})
    return boxes


def _of_backend(facts: Facts) -> str:
    if not facts.backend:
        return ""
    others = [name for package, name in BACKENDS.items() if package not in facts.installed]
    version = facts.installed.get(facts.backend, "")
    said = f"Keras runs on {_name(facts.backend)} {version} here.".replace("  ", " ")
    if others:
        said += f" {' and '.join(others)} {'is' if len(others) == 1 else 'are'} not installed."
    if facts.operations:
        total, products, there = facts.operations.total(), facts.operations["MatMul"], facts.forward["MatMul"]
        said += (
            f" One update of the lecture's model (29 → 16 → 1, batch of 32, Adam) is a graph of {total:,} operations: "
            f"{products} of them multiply matrices, {there} on the way to the loss and {products - there} on the way "
            "back."
        )
    return said


def _devices(facts: Facts) -> list[dict[str, Any]]:
    if facts.devices is None:
        return [{"name": kind, "state": "…", "used": False} for kind in DEVICES]
    boxes = []
    for kind in DEVICES:
        found = facts.devices[kind]
        boxes.append({"name": kind, "state": ", ".join(found) or "none found here", "used": bool(found)})
    return boxes


def _of_hardware(facts: Facts) -> str:
    if facts.devices is None:
        return ""
    found = [name for names in facts.devices.values() for name in names]
    missing = [kind for kind in DEVICES if not facts.devices[kind]]
    cores = f"{facts.cores} core{'s' if facts.cores != 1 else ''}"
    said = f"{_name(facts.backend)} found {', '.join(found) or 'no device'}. The processor has {cores}."
    return f"{said} No {' and no '.join(missing)} was found." if missing else said


def _name(package: str) -> str:
    return BACKENDS.get(package, package)
