"""The plain Keras program that repeats the fits with `Model.fit`: keras, numpy and pandas alone."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from firstepoch.widgets.overfitting.plan import Plan

NOT_TRAINED = "# Nothing is trained yet. After Train: a plain Keras program that repeats every fit."

_NO_DATA = """\
# x_train, y_train: the arrays the fits were trained on.
with np.load("data.npz") as data:
    x_train, y_train = data["x_train"], data["y_train"]
"""


def program(plan: Plan, data: Any, sources: Mapping[int, str], patience: int) -> str:
    """Keras code with the same numbers; it leaves `fits`, a dict from (units, seed) to `History.history`.

    Args:
        plan: What was trained.
        data: The TabularData; its `code` rebuilds the arrays.
        sources: For each width, code that builds and compiles `model`.
        patience: Of early stopping; 0 for none.
    """
    imports = ["import keras", "import numpy as np"]
    lines = (getattr(data, "code", "") or _NO_DATA).splitlines()
    imports += [line for line in lines if line.startswith(("import ", "from ")) and line not in imports]
    prepared = "\n".join(line for line in lines if line not in imports).strip("\n")
    builders = [
        f"def build_{units}():\n{textwrap.indent(source, '    ')}\n    return model\n\n"
        for units, source in sources.items()
    ]
    names = ", ".join(f"{units}: build_{units}" for units in sources)
    stop = f"keras.callbacks.EarlyStopping(patience={patience}, restore_best_weights=True)"
    return "\n".join(
        [
            *imports,
            "",
            prepared,
            "",
            "",
            *builders,
            f"builders = {{{names}}}",
            f"seeds = range({plan.seeds})",
            "# For one fit alone, for example:  builders = {"
            + f"{list(sources)[-1]}: build_{list(sources)[-1]}"
            + "}; seeds = [0]",
            "",
            "fits = {}",
            "for seed in seeds:",
            "    for units, build in builders.items():",
            "        keras.utils.set_random_seed(seed)",
            "        model = build()",
            "        history = model.fit(",
            "            x_train,",
            "            y_train,",
            f"            batch_size={plan.batch_size},",
            f"            epochs={plan.epochs},",
            f"            validation_split={plan.validation_split},",
            *([f"            callbacks=[{stop}],"] if patience else []),
            "            verbose=0,",
            "        )",
            "        fits[units, seed] = history.history",
            "",
            "for units in builders:",
            '    lowest = np.median([min(fits[units, seed]["val_loss"]) for seed in seeds])',
            '    last = np.median([fits[units, seed]["val_loss"][-1] for seed in seeds])',
            '    print(f"{units} units: validation loss at best {lowest:.3f}, in the last epoch {last:.3f} (medians)")',
            "",
        ]
    )
