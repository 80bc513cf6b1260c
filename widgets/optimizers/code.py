"""A plain Keras program that repeats a race."""

from __future__ import annotations

from firstepoch.widgets.descent.gradient import Differentiable
from firstepoch.widgets.optimizers import catalogue, schedules
from firstepoch.widgets.optimizers.catalogue import Catalogue, Spec

_OWN = """\
# g is your function of {call}; its gradient here by {how}.
"""
_TAPE = """\
def gradient(w):
    w = tf.constant(w)
    with tf.GradientTape() as tape:
        tape.watch(w)
        loss = g({argument})
    return tape.gradient(loss, w).numpy()
"""
_DIFFERENCES = """\
def gradient(w):
    steps = 6e-6 * np.maximum(1, np.abs(w)) * np.eye(2)
    return np.array([(g({ahead}) - g({behind})) / (2 * step.sum()) for step in steps])
"""
_RACE = """
paths = {{}}
for name, optimizer in optimizers.items():
    w = keras.Variable({start}, dtype="float64", name="w")
    path = [np.array(w)]
    for step in range({steps}):
        optimizer.apply([keras.ops.convert_to_tensor(gradient(path[-1]), dtype="float64")], [w])
        if not np.isfinite(np.array(w)).all():
            break
        path.append(np.array(w))
    paths[name] = np.array(path)
    print(name, "after", len(path) - 1, "steps: w =", path[-1], "loss =", float(g({last})))
"""


def program(
    specs: list[Spec], known: Catalogue, schedule: schedules.Schedule, function: Differentiable, steps: int
) -> str:
    """Python that runs every optimizer of a race again, and leaves the paths in `paths`."""
    tape = function.differentiated_by == "GradientTape"
    scheduled = any(spec.get("schedule", schedule)["name"] != "constant" for spec in specs)
    imports = [
        "import keras",
        "import numpy as np",
        *(["import tensorflow as tf"] if tape else []),
        *(["from keras.optimizers import schedules"] if scheduled else []),
    ]
    made = [
        f'    "{key}": {_call(known.kinds[spec["name"]], spec, schedule)},'
        for key, spec in zip(catalogue.keys(specs), specs, strict=True)
    ]
    race = _RACE.format(start=list(function.start), steps=steps, last=_argument(function, "path[-1]"))
    return "\n".join([*imports, "\n", _function(function), "\noptimizers = {", *made, "}"]) + race


def _function(function: Differentiable) -> str:
    if function.named:
        return function.named.code
    said = {"[w]": "an array of two weights", "w1, w2": "two numbers"}[function.call]
    head = _OWN.format(call=said, how=function.differentiated_by)
    if function.differentiated_by == "GradientTape":
        return head + _TAPE.format(argument=_argument(function, "w"))
    ahead, behind = (_argument(function, f"(w {sign} step)") for sign in "+-")
    return head + _DIFFERENCES.format(ahead=ahead, behind=behind)


def _argument(function: Differentiable, w: str) -> str:
    return f"{w}[0], {w}[1]" if function.call == "w1, w2" else w


def _call(kind: catalogue.Kind, spec: Spec, schedule: schedules.Schedule) -> str:
    rate, own = spec["learning_rate"], spec.get("schedule", schedule)
    shape = schedules.named(own["name"])
    written = f"{rate!r}"
    if shape.keras:
        arguments = ", ".join(f"{name}={value!r}" for name, value in schedules.arguments(own, rate).items())
        written = f"schedules.{shape.keras}({arguments})"
    given = catalogue.arguments(kind, spec)
    parts = [f"learning_rate={written}", *(f"{name}={value!r}" for name, value in given.items())]
    where = "" if kind.name.startswith("own") else "keras.optimizers."
    if shape.keras:
        inside = "".join(f"\n        {part}," for part in parts)
        return f"{where}{kind.keras}({inside}\n    )"
    return f"{where}{kind.keras}({', '.join(parts)})"
