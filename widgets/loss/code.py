"""The program that works out the same terms with numpy, and their mean with Keras."""

from __future__ import annotations

from firstepoch.widgets.loss.inputs import Outputs

_TERMS = """\

# Keras takes the logarithm of nothing nearer to 0 or 1 than this.
p = np.clip(outputs.astype(np.float32), np.float32(1e-7), np.float32(1 - 1e-7))
terms = -(y * np.log(p) + (1 - y) * np.log(1 - p))
"""
_WHOLE = """\
print("mean of", len(y), "terms:", terms.mean())
print("largest:", terms.max(), "row", terms.argmax())
print("Keras:", float(keras.losses.BinaryCrossentropy()(y[:, None], outputs[:, None])))
"""
_PART = """\
print("{name}: mean of", {count}, "terms:", terms[{place}].mean())
"""


def program(given: Outputs) -> str:
    """Python source that prints the mean of the terms of each set.

    Args:
        given: What LossView shows; the program is about its last frame.
    """
    lines = given.program.splitlines()
    imports = ["import keras", "import numpy as np"]
    imports += [line for line in lines if line.startswith(("import ", "from ")) and line not in imports]
    body = "\n".join(line for line in lines if line not in imports).strip("\n")
    told = "".join(
        _PART.format(name=name, count=count, place=f"{given.of(name).start}:{given.of(name).stop}")
        for name, count in given.sets.items()
    )
    return "\n".join([*imports, "", body]) + "\n" + _TERMS + (told if len(given.sets) > 1 else _WHOLE)
