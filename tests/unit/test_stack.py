"""KerasStack: what it tells of the machine against the packages themselves, counted here another way."""

import importlib
import importlib.metadata
from pathlib import Path

import contract
import pytest

from firstepoch.widgets import KerasStack, SettingsError
from firstepoch.widgets.stack import facts, library, widget, words

keras = importlib.import_module("keras")
tf = importlib.import_module("tensorflow")
TRAITS = Path(widget.__file__).with_name("traits.ts")


@pytest.fixture(scope="module")
def stack():
    made = KerasStack()
    assert made.wait(120) and made.status == "done"
    return made


def level(stack, key):
    return next(one for one in stack.levels if one["key"] == key)


def shelf(stack, kind):
    return next(one for one in stack.shelves if one["kind"] == kind)


def names(one):
    return [name for family in one["families"] for name in family["names"]]


def test_the_views_interface_is_the_classs_traits():
    assert contract.mismatches(KerasStack, "StackTraits", TRAITS) == []


def test_versions_backend_and_devices_are_those_of_the_packages(stack):
    assert f"Keras {keras.__version__} brings" in level(stack, "keras")["here"]
    backend = level(stack, "backend")
    assert backend["title"] == "Backend: TensorFlow" and tf.__version__ in backend["here"]
    assert [box["used"] for box in backend["boxes"]] == [True, False, False]
    for box, package in zip(backend["boxes"][1:], ("jax", "torch"), strict=True):
        there = importlib.util.find_spec(package) is not None
        assert box["state"] == ("installed here" if there else "not installed here")
    found = {kind: len(tf.config.list_logical_devices(kind)) for kind in ("CPU", "GPU", "TPU")}
    assert {box["name"]: box["used"] for box in level(stack, "hardware")["boxes"]} == {
        kind: count > 0 for kind, count in found.items()
    }


def test_the_library_is_counted_once_each(stack):
    """By walking the tree of subclasses: what is exported under whatever name, once."""

    def below(base):
        found = set()
        for one in base.__subclasses__():
            found |= {one} | below(one)
        return found

    for kind, base in (("layers", keras.Layer), ("losses", keras.losses.Loss), ("optimizers", keras.Optimizer)):
        module = getattr(keras, kind)
        public = {one for one in below(base) if any(one is other for other in vars(module).values())}
        listed = names(shelf(stack, kind))
        assert len(listed) == shelf(stack, kind)["count"] and {getattr(module, name) for name in listed} == public
        assert len(listed) == len(public)
    assert "Convolution1D" not in names(shelf(stack, "layers")) and "Layer" not in names(shelf(stack, "layers"))


def test_what_the_lecture_uses_is_there_and_stands_first(stack):
    for kind, used in library.LECTURE.items():
        assert set(used) <= set(names(shelf(stack, kind)))
    assert [family["name"] for family in shelf(stack, "layers")["families"]][:3] == [
        "core",
        "regularization",
        "preprocessing",
    ]
    assert "downloaded" in shelf(stack, "applications")["told"] and "VGG16" in names(shelf(stack, "applications"))


def test_operations_are_those_of_a_graph_made_here(stack):
    layers = keras.layers
    model = keras.Sequential([layers.Dense(16, "relu"), layers.Dense(1, "sigmoid")])
    optimizer = keras.optimizers.Adam()

    @tf.function
    def update(x, y):
        with tf.GradientTape() as tape:
            loss = keras.losses.BinaryCrossentropy()(y, model(x, training=True))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

    model(tf.zeros((32, 29)))
    optimizer.build(model.trainable_variables)
    graph = update.get_concrete_function(tf.TensorSpec((32, 29)), tf.TensorSpec((32, 1))).graph
    counted = stack.facts.operations
    for kind in ("MatMul", "Relu", "ReluGrad", "Sigmoid", "Sqrt"):
        assert counted[kind] == sum(one.type == kind for one in graph.get_operations())
    assert counted["MatMul"] == 5 and stack.facts.forward["MatMul"] == 2
    assert f"{counted.total()} operations: 5 of them multiply matrices, 2 on the way" in level(stack, "backend")["here"]
    assert sum(count for _, count in stack.operations) == counted.total()


def test_before_keras_is_loaded_it_says_what_it_knows():
    early = words.levels(facts.before(), [])
    assert [one["here"] for one in early][1:] == ["", "", ""] and early[2]["title"] == "Backend"
    assert early[2]["boxes"][0] == {"name": "TensorFlow", "state": "installed here", "used": False}
    assert {box["state"] for box in early[3]["boxes"]} == {"…"}


def test_what_is_said_of_other_machines():
    other = facts.Facts(
        "3.12", {"jax": "0.9", "tensorflow": "2.21"}, 1, "3.15", "jax", {"CPU": [], "GPU": ["gpu:0"], "TPU": []}
    )
    shelves = [library.Shelf(kind, {}) for kind in library.KINDS]
    backend, hardware = words.levels(other, shelves)[2:]
    assert backend["here"] == "Keras runs on JAX 0.9 here. PyTorch is not installed."
    assert hardware["here"] == "JAX found gpu:0. The processor has 1 core. No CPU and no TPU was found."


def test_another_level_needs_no_new_reading_and_a_wrong_one_is_refused(stack):
    stack.set_state({"level": "backend", "kind": "losses"})
    assert (stack.level, stack.kind, stack.status, stack.problem) == ("backend", "losses", "done", "")
    with pytest.raises(SettingsError):
        KerasStack(level="cellar")


def test_the_program_prints_the_same(stack, capsys):
    exec(stack.code, {})
    printed = capsys.readouterr().out
    assert f"Keras {keras.__version__} on tensorflow" in printed
    assert f"keras.layers {shelf(stack, 'layers')['count']}" in printed


def test_what_cannot_be_read_is_said(monkeypatch):
    def fail():
        raise ImportError("no module. Try")

    monkeypatch.setattr(widget, "load_keras", fail)
    made = KerasStack()
    with pytest.raises(ImportError):
        made.wait(30)
    assert made.status == "failed" and made.problem_found == "Keras could not be read: no module."


def test_the_still_tells_every_level(stack):
    html = stack.still()
    assert "Hardware" in html and "model.fit" in html and "This course was tried on TensorFlow alone" in html
