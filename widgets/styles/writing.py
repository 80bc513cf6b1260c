"""The model written three ways, line by line, each line knowing the layers it speaks of. Nothing is run here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from firstepoch.widgets.dropout.net import MADE_SEED
from firstepoch.widgets.styles.spec import Layer, Spec

STYLES: Final = ("sequential", "functional", "subclassed")
ROWS: Final = 32
"""Rows that all three are asked about."""
_VARIABLES: Final = {"first_hidden": "a", "second_hidden": "b"}


@dataclass(frozen=True)
class Line:
    """A line of code.

    Attributes:
        text: As it is run, with its indentation.
        layers: Keys of the layers it speaks of.
    """

    text: str
    layers: tuple[str, ...] = ()


def written(spec: Spec) -> dict[str, list[Line]]:
    """The code of each style. `keras`, `layers` and the rows `x` are there before; after it, `model` is.

    Where there are two inputs no Sequential can be right: its code is the nearest one can write, and Keras refuses it.
    """
    layers = spec.layers
    return {
        "sequential": _sequential(layers),
        "functional": _functional(layers),
        "subclassed": _subclassed(layers),
    }


def code(lines: list[Line]) -> str:
    """The lines as one text."""
    return "\n".join(line.text for line in lines)


def program(spec: Spec, given: bool) -> str:
    """A program that builds the three, counts, and compares their outputs; it prints the numbers of the card.

    Args:
        spec: The model.
        given: Whether the card used rows that the program does not have.
    """
    note = "# The card used the rows it was given; these are made up.\n" if given else ""
    split = f"x = [x[:, :{spec.inputs - spec.second}], x[:, {spec.inputs - spec.second}:]]\n" if spec.second else ""
    parts = [
        "import keras\nimport numpy as np\nfrom keras import layers\n",
        f"{note}x = np.random.default_rng({MADE_SEED}).normal(size=({ROWS}, {spec.inputs})).astype(np.float32)",
        f"{split}models = {{}}",
    ]
    for style, lines in written(spec).items():
        if style == "sequential" and spec.second:
            continue
        parts.append(f'\n{code(lines)}\nmodels["{style}"] = model')
    parts.append(
        f"""
rng = np.random.default_rng({spec.seed})
weights = [rng.standard_normal(w.shape) / w.shape[0] ** 0.5 for w in models["functional"].get_weights()]
for style, model in models.items():
    model.set_weights(weights)  # the same ones in all
    print(style, model.count_params(), np.asarray(model(x))[:5])"""
    )
    return "\n".join(parts) + "\n"


def _sequential(layers: list[Layer]) -> list[Line]:
    inside = [layer for layer in layers if layer.key not in ("second_hidden", "join")]
    return [
        Line("model = keras.Sequential(["),
        *(Line(f"    {layer.make},", _linked(layer)) for layer in inside),
        Line("])"),
    ]


def _linked(layer: Layer) -> tuple[str, ...]:
    return ("first_hidden", "second_hidden") if layer.key == "first_hidden" else (layer.key,)


def _functional(layers: list[Layer]) -> list[Line]:
    lines, names = [], {}
    for layer in layers:
        if layer.kind == "input" or layer.key == "outputs":
            names[layer.key] = layer.key
        else:
            names[layer.key] = _VARIABLES.get(layer.key, "h")
        into = f"({_joined([names[key] for key in layer.takes])})" if layer.takes else ""
        lines.append(Line(f"{names[layer.key]} = {layer.make}{into}", (layer.key,)))
    lines.append(Line(f"model = keras.Model({_joined(_inputs(layers))}, outputs)"))
    return lines


def _subclassed(layers: list[Layer]) -> list[Line]:
    inputs = _inputs(layers)
    made = [layer for layer in layers if layer.kind != "input"]
    lines = [Line("class Net(keras.Model):"), Line("    def __init__(self):"), Line("        super().__init__()")]
    lines += [Line(f"        self.{_attribute(layer)} = {layer.make}", (layer.key,)) for layer in made]
    lines += [Line(""), Line("    def call(self, inputs):", tuple(inputs))]
    names = {key: key for key in inputs}
    if len(inputs) > 1:
        lines.append(Line(f"        {', '.join(inputs)} = inputs", tuple(inputs)))
    for layer in made:
        call = f"self.{_attribute(layer)}({_joined([names[key] for key in layer.takes])})"
        names[layer.key] = _VARIABLES.get(layer.key, "h")
        start = "return" if layer.key == "outputs" else f"{names[layer.key]} ="
        lines.append(Line(f"        {start} {call}", (layer.key,)))
    return [*lines, Line(""), Line("model = Net()"), Line("model(x)  # the rows tell it its shapes", tuple(inputs))]


def _inputs(layers: list[Layer]) -> list[str]:
    return [layer.key for layer in layers if layer.kind == "input"]


def _attribute(layer: Layer) -> str:
    # A keras.Model has a property called outputs.
    return "out" if layer.key == "outputs" else layer.key


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"
