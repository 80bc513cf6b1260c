"""A plain Keras program that draws the same masks, with nothing of firstepoch in it. No widget."""

from __future__ import annotations

from firstepoch.widgets.dropout.compute import Plan
from firstepoch.widgets.dropout.net import MADE_SEED, Drop, Network

_MADE = """\
import keras
import numpy as np

{rows}
start = [keras.initializers.GlorotUniform(seed=number) for number in ({first}, {second})]
model = keras.Sequential([
    keras.Input(({inputs},)),
    keras.layers.Dense({units}, activation="relu", kernel_initializer=start[0], name="hidden"),
    keras.layers.Dropout({rate}, seed={seed}, name="dropout"),
    keras.layers.Dense(1, activation="sigmoid", kernel_initializer=start[1], name="output"),
])
dropout = model.get_layer("dropout")
"""
_GIVEN = """\
import keras
import numpy as np

# model: the model you gave; {rows}
dropout = keras.layers.Dropout({rate}, seed={seed})  # as {name!r} is in the picture
"""
_TRAINING = """
# What goes into the Dropout layer, with all layers before it as at inference.
before = keras.Model(model.inputs[0], model.get_layer({name!r}).input)(x, training=False)

masks = []
total = 0
for batch in range({batches}):
    state = keras.ops.convert_to_numpy(dropout.seed_generator.state)
    after = dropout(before, training=True)
    # The same draw on ones: a relu's 0 cannot tell a dropped unit from a kept one.
    dropout.seed_generator.state.assign(state)
    masks.append(np.asarray(dropout(keras.ops.ones_like(before), training=True)) != 0)
    total = total + after

print("share dropped:", 1 - np.mean(masks))
print("mean over masks of row {row}:", np.asarray(total)[{row}] / {batches})
print("at inference:               ", np.asarray(before)[{row}])
"""
_INFERENCE = """
# At inference Dropout lets everything through, unscaled.
before = keras.Model(model.inputs[0], model.get_layer({name!r}).input)(x, training=False)
after = dropout(before, training=False)
masks = [np.ones(before.shape, bool)] * {batches}
print("unchanged:", np.array_equal(before, after))
"""
_NOTHING = """
# At rate 0 Dropout lets everything through.
before = keras.Model(model.inputs[0], model.get_layer({name!r}).input)(x, training=False)
after = dropout(before, training=True)
masks = [np.ones(before.shape, bool)] * {batches}
print("unchanged:", np.array_equal(before, after))
"""


def program(net: Network, drop: Drop, plan: Plan, generated: bool) -> str:
    """The program; its `masks` holds, for each batch, True where a unit was kept, shape (rows, units).

    Args:
        net: The network.
        drop: The Dropout layer.
        plan: The settings.
        generated: Whether the rows were made up.
    """
    shape = (plan.batch_size, *net.model.inputs[0].shape[1:])
    if generated:
        rows = f'x = np.random.default_rng({MADE_SEED}).normal(size={shape}).astype("float32")'
    else:
        rows = f"x: the first {plan.batch_size} of your rows, float32, shape {shape}."
    body = _TRAINING if plan.training and plan.rate else _NOTHING if plan.training else _INFERENCE
    given = {"rows": rows, "name": drop.layer.name, "rate": repr(plan.rate), "seed": plan.seed + net.drops.index(drop)}
    if net.made:
        head = _MADE.format(
            **given | {"rows": rows if generated else f"# {rows}"},
            inputs=net.inputs,
            units=drop.layer.input.shape[-1],
            first=MADE_SEED,
            second=MADE_SEED + 1,
        )
    else:
        comment = f"{rows}" if not generated else f"the rows are made up:\n{rows}"
        head = _GIVEN.format(**given | {"rows": comment})
    return head + body.format(name=drop.layer.name, batches=plan.batches, row=plan.row)
