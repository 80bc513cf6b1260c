"""Autodiff's gradients against GradientTape, which is given the expression by Python itself, and finite differences."""

import math
import random

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from firstepoch.widgets import Autodiff, SettingsError
from firstepoch.widgets.autodiff import compute, ops, parse, tape, trace
from firstepoch.widgets.autodiff.code import program
from firstepoch.widgets.autodiff.operations import ALIASES, INFIX, OPERATIONS

FUNCTIONS = {name: getattr(tf, name, None) or getattr(tf.math, name, None) for name in OPERATIONS if name not in INFIX}
FUNCTIONS |= {"relu": tf.nn.relu, "softplus": tf.nn.softplus, "log": tf.math.log}
LOSS = "-(y * log(sigmoid(w * x + b)) + (1 - y) * log(1 - sigmoid(w * x + b)))"
TAKING_PLAIN_NUMBERS = {
    name: lambda *given, function=function: function(*(tf.convert_to_tensor(one, tf.float64) for one in given))
    for name, function in FUNCTIONS.items()
}
NAMES = ("w", "b", "x", "y")
ONE = [name for name in FUNCTIONS if OPERATIONS[name].arity == 1]


def by_tape(expression, values, variables):
    """Loss and gradients by GradientTape; Python evaluates the expression."""
    given = {name: tf.Variable(value, dtype=tf.float64) for name, value in values.items()}
    with tf.GradientTape() as recorder:
        loss = eval(expression, {"__builtins__": {}}, {**TAKING_PLAIN_NUMBERS, **given})
    found = recorder.gradient(loss, [given[name] for name in variables])
    return float(loss), np.array([0.0 if one is None else float(one) for one in found])


def expression_by(draw, leaves):
    """An expression with so many leaves, by a random.Random: Hypothesis's own trees are nearly all tiny."""
    if leaves == 1:
        leaf = draw.choice([*NAMES, *NAMES, "2", "0.5", "3.0", "1"])
        return f"{draw.choice(ONE)}({leaf})" if draw.random() < 0.3 else leaf
    left = draw.randint(1, leaves - 1)
    one, other = expression_by(draw, left), expression_by(draw, leaves - left)
    kind = draw.choices(["sign", "power", "two", "both"], [6, 1, 2, 1])[0]
    if kind == "sign":
        made = f"({one} {draw.choice('+-*/')} {other})"
    elif kind == "power":
        made = f"(({one}) ** {draw.choice(['2', '3', '0.5', '(-1)'])} - {other})"
    elif kind == "two":
        made = f"{draw.choice(['maximum', 'minimum'])}({one}, {other})"
    else:
        made = f"(({one}) ** ({other}))"
    return draw.choice([made, made, f"{draw.choice(ONE)}({made})", f"(-{made})"])


tally = {"compared": 0, "refused": 0, "finite": 0, "met": set()}


# No shrinking: with TensorFlow at each try it takes minutes.
@settings(max_examples=500, deadline=None, phases=[Phase.generate])
@given(st.integers(0, 2**32))
def test_generated_expressions_have_the_gradients_of_gradienttape(seed):
    draw = random.Random(seed)
    expression = expression_by(draw, draw.randint(2, 7))
    used = parse.names(expression)
    values = {name: draw.choice([0.0, 1.0, -1.0, *(round(draw.uniform(-3, 3), 3) for _ in range(9))]) for name in used}
    if not used:
        return
    loss, expected = by_tape(expression, values, used)
    try:
        recording = compute.record(parse.build(expression, values), used)
    except SettingsError as error:
        # TensorFlow finds no number either, or finds one past a place where there is none, as in max(sqrt(0), 3).
        assert "cannot be calculated" in str(error) or "derivative" in str(error) or "too large" in str(error)
        tally["refused"] += 1
        tally["finite"] += bool(np.isfinite([loss, *expected]).all())
        return
    names = [node["name"] for node in recording.settings["graph"]["nodes"]]
    last = recording["gradient"][-1]
    ours = np.array([last[names.index(name)] for name in used])
    scale = np.nanmax(np.abs([*recording["passed"], 1.0]))
    assert math.isclose(recording["value"][-1, -1], loss, rel_tol=1e-12, abs_tol=1e-12)
    np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-12 * scale)
    tally["compared"] += 1
    tally["met"] |= {node["operation"] for node in recording.settings["graph"]["nodes"]}


def test_enough_of_the_generated_expressions_were_compared():
    assert tally["compared"] >= 200, tally
    assert tally["refused"] >= 20, tally
    assert tally["finite"] <= 5, tally
    assert tally["met"] == {*OPERATIONS, ""}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@pytest.mark.parametrize("value", [-1.3, 0.0, 0.7, 1.0, 40.0])
def test_each_function_at_smooth_points_at_corners_and_far_out(name, value):
    call = f"{name}(w)" if OPERATIONS[name].arity == 1 else f"{name}(w, 0.7)"
    loss, expected = by_tape(call, {"w": value}, ["w"])
    if not np.isfinite([loss, *expected]).all():
        with pytest.raises(SettingsError, match=r"cannot be calculated|no finite derivative"):
            Autodiff(call, w=value)
        return
    made = Autodiff(call, w=value)
    assert math.isclose(made.value, loss, rel_tol=1e-13, abs_tol=1e-300)
    assert math.isclose(made.gradient["w"], expected[0], rel_tol=1e-12, abs_tol=1e-15)


def test_the_lectures_loss_by_finite_differences_through_the_widget():
    at = {"w": 0.5, "b": -0.3, "x": 1.2, "y": 0.0}
    made = Autodiff(LOSS, **at)
    found = made.gradient
    assert list(found) == ["w", "b"]
    for name in found:
        sides = []
        for step in (1e-6, -1e-6):
            made.values = {**at, name: at[name] + step}
            sides.append(made.value)
        assert math.isclose(found[name], (sides[0] - sides[1]) / 2e-6, rel_tol=1e-7)
    # dL/dw = (p - y) x, dL/db = p - y: what the lecture derives.
    p = 1 / (1 + math.exp(-(0.5 * 1.2 - 0.3)))
    assert math.isclose(found["w"], p * 1.2, rel_tol=1e-13) and math.isclose(found["b"], p, rel_tol=1e-13)


def test_equal_operations_are_one_node_and_its_gradient_is_the_sum_over_its_uses():
    made = Autodiff("exp(w) * x + exp(w) * exp(w)", w=0.3, x=2.0)
    operations = [node.operation for node in made.graph.nodes if node.operation]
    assert operations.count("exp") == 1
    assert any("is used 3 times, and its gradient is the sum over its uses" in said for said in sentences(made))
    e = math.exp(0.3)
    assert math.isclose(made.gradient["w"], 2 * e + 2 * e * e, rel_tol=1e-14)


def test_a_constant_is_never_taken_for_a_node():
    # x is node 1 and w - 2 is node 3: x + 3 is not 1 + (w - 2), though 1 == 1.0 and 3 == 3.0.
    made = Autodiff("(1 + (w - 2)) * (x + 3) + b", w=5.0, x=7.0, b=0.5)
    assert made.value == 40.5 and made.gradient == {"w": 10.0, "b": 1.0}


def sentences(made):
    return made.recording.settings["sentences"]


def test_the_frames_go_forward_in_order_and_back_edge_by_edge():
    made = Autodiff(LOSS, w=0.5, b=-0.3, x=1.2, y=1.0)
    recording, graph = made.recording, made.recording.settings["graph"]
    phase, node, edge = recording["phase"], recording["node"], recording["edge"]
    operations = [place for place, one in enumerate(graph["nodes"]) if one["kind"] == "operation"]
    turn = len(operations) + 1
    assert list(node[:turn]) == [-1, *operations]
    assert list(phase) == [0] * turn + [1] * (len(phase) - turn)
    assert list(edge[turn:]) == [-1, *range(graph["flow"])]
    assert len(sentences(made)) == len(recording)
    # Forward: one more value a frame; inputs of an operation are known before it.
    known = recording["known"]
    assert list(known.sum(1)[:turn]) == list(range(4, 4 + turn))
    for frame, place in enumerate(operations, 1):
        assert all(known[frame - 1, one["start"]] for one in graph["edges"] if one["stop"] == place)
    assert np.isnan(recording["value"][~known]).all() and np.isfinite(recording["value"][known]).all()
    # Backward: each edge adds upstream times local to its input, and an operation passes on its whole gradient.
    gradient = recording["gradient"]
    assert np.isnan(gradient[:turn]).all() and gradient[turn, -1] == 1 and np.isnan(gradient[turn, :-1]).all()
    flow = sorted((one for one in graph["edges"] if one["flow"] >= 0), key=lambda one: one["flow"])
    for frame, one in enumerate(flow, turn + 1):
        assert recording["upstream"][frame] == gradient[-1, one["stop"]]
        assert recording["local"][frame] == one["local"]
        assert recording["passed"][frame] == recording["upstream"][frame] * one["local"]
        added = np.nan_to_num(gradient[frame]) - np.nan_to_num(gradient[frame - 1])
        assert math.isclose(added[one["start"]], recording["passed"][frame], rel_tol=1e-12)
        assert not np.delete(added, one["start"]).any()
    # No gradient is asked of data.
    for place, one in enumerate(graph["nodes"]):
        assert np.isnan(gradient[-1, place]) == (not one["asked"])
    assert [one["name"] for one in graph["nodes"] if not one["asked"]] == ["y", "x", "v6"]


def test_sentences_say_what_a_student_would_calculate():
    made = Autodiff("p = sigmoid(w * x + b)\n-log(p)", w=0.5, b=-0.3, x=1.2)
    assert sentences(made) == [
        "Before the first operation, only the names have values: w = 0.5, x = 1.2, b = −0.3.",
        "Forward 1 of 5: v1 = w × x = 0.5 × 1.2 = 0.6.",
        "Forward 2 of 5: v2 = v1 + b = 0.6 + (−0.3) = 0.3.",
        "Forward 3 of 5: p = sigmoid(v2) = sigmoid(0.3) = 0.574.",
        "Forward 4 of 5: v3 = log(p) = log(0.574) = −0.554.",
        "Forward 5 of 5: loss = −v3 = −(−0.554) = 0.554. This is the loss.",
        "Now backward. The gradient of loss with respect to itself is 1; it is passed on, edge by edge.",
        "Backward 1 of 6: loss = −v3 passes on to v3: 1 × (−1) = −1.",
        "Backward 2 of 6: v3 = log(p) passes on to p: −1 × 1/p = −1 × 1/0.574 = −1 × 1.74 = −1.74.",
        "Backward 3 of 6: p = sigmoid(v2) passes on to v2: "
        "−1.74 × p × (1 − p) = −1.74 × 0.574 × (1 − 0.574) = −1.74 × 0.244 = −0.426.",
        "Backward 4 of 6: v2 = v1 + b passes on to v1: −0.426 × 1 = −0.426.",
        "Backward 5 of 6: v2 = v1 + b passes on to b: −0.426 × 1 = −0.426.",
        "Backward 6 of 6: v1 = w × x passes on to w: −0.426 × x = −0.426 × 1.2 = −0.511. "
        "Done: dloss/dw = −0.511, dloss/db = −0.426.",
    ]


def test_a_corner_is_named_with_tensorflows_choice():
    for call, words in (
        ("relu(w)", "relu has a corner at 0"),
        ("abs(w)", "abs has"),
        ("maximum(w, 0)", "both are equal"),
    ):
        said = sentences(Autodiff(call, w=0.0))[-1]
        assert words in said and "TensorFlow" in said
        assert "TensorFlow" not in sentences(Autodiff(call, w=1.0))[-1]


REFUSED = [
    ("w * x +", {}, "ends too early.*character 8"),
    ("w * * x", {}, "character 5, after 'w [*] '"),
    ("w * x\n+ * 2", {}, "line 2, character 3"),
    ("2w", {}, r"Write 2\*x"),
    ("", {}, "is empty"),
    ("w ^ 2", {"w": 1}, r"written \*\*"),
    ("lgo(w)", {"w": 1}, "no function 'lgo'.*Did you mean log"),
    ("log(w, 2)", {"w": 1}, "log takes one number"),
    ("maximum(w)", {"w": 1}, "maximum takes two numbers"),
    ("log + w", {"w": 1}, "log is a function"),
    ("w * x", {"w": 1}, "uses x, and x has no value"),
    ("w * 2", {"w": 1, "q": 3}, "q has a value, but the expression does not use it"),
    ("w + q\nw", {"w": 1, "q": 3}, "Line 1 is not read"),
    ("p = w * q\nw * 2", {"w": 1, "q": 3}, "q has a value, but the loss does not use it"),
    ("p = w\np = w * 2\np", {"w": 1}, "p is given twice"),
    ("p * 2 + w\np = w", {"w": 1, "p": 1}, "Line 1"),
    ("3 + 4", {}, "constant 7"),
    ("w", {"w": 1}, "no operation"),
    ("tf * 2", {"tf": 1}, "tf has a meaning of its own"),
    ("tape = w * 2\ntape * 3", {"w": 1}, "tape has a meaning of its own"),
    ("w[0]", {"w": 1}, r"'w\[0\]' \(character 1\) cannot be read"),
    ("w if w else 1", {"w": 1}, "cannot be read"),
    ("w < 2", {"w": 1}, "cannot be read"),
    ("w * True", {"w": 1}, "cannot be read"),
    ("w * 'a'", {"w": 1}, "cannot be read"),
    ("__import__('os').getcwd()", {}, "no function"),
    ("(lambda: w)()", {}, "no function"),
    ("log(w)", {"w": 0}, "log.w. cannot be calculated: w is 0, and log needs a number above 0"),
    ("log(1 - w)", {"w": 3}, "log.1 − w. cannot be calculated: 1 − w is −2"),
    ("x / (w - 1)", {"w": 1, "x": 2}, "division by zero"),
    ("w ** 0.5", {"w": -1}, "a negative number"),
    ("w ** -1", {"w": 0}, "division by zero"),
    ("sqrt(w)", {"w": -1}, "not negative"),
    ("sqrt(w)", {"w": 0}, "no finite derivative"),
    ("exp(w)", {"w": 1000}, "exp.w. cannot be calculated: w is 1000, and the result is too large"),
    ("1e999 * w", {"w": 1}, "too large|constant"),
    ("w * 2", {"w": "a"}, "w is 'a'; it needs to be one number"),
    ("w * 2", {"w": [1, 2]}, "needs to be one number"),
    ("w * 2", {"w": float("nan")}, "finite"),
    ("w" + " + 1" * 61, {"w": 1}, "more than 60 operations"),
    ("(" * 300 + "w" + ")" * 300, {"w": 1}, "cannot be read"),
    ("w +" * 1000 + "w", {"w": 1}, "characters; at most"),
    ("sqrt(w * 1e-320) * 1e300 * 1e8", {"w": 1}, "gradient of .* is too large"),
]


@pytest.mark.parametrize(("expression", "values", "words"), REFUSED, ids=[it[0][:24] for it in REFUSED])
def test_what_is_refused_says_why_in_a_sentence(expression, values, words):
    with pytest.raises(SettingsError, match=words) as caught:
        Autodiff(expression, **values)
    assert "\n" not in str(caught.value) and str(caught.value).endswith((".", "?"))


def logistic(w, b, x=1.2, y=1.0):
    p = ops.sigmoid(w * x + b)
    return -(y * ops.log(p) + (1 - y) * ops.log(1 - p))


def numpys(w, b):
    return np.exp(-w * b) / (2 + np.tanh(b) ** 2) - abs(w) + 3 - np.maximum(w, b) * 2**w


def choosing(w, b):
    return w * b if w > b and w >= 0 and not b > 3 else w - b


def tensorflows(w, b):
    return tf.reduce_mean(tf.exp(w * b) - tf.nn.relu(b) * 2.0) + tf.math.log(tf.square(w))


def mixed(w, b):
    return tf.exp(w) * np.float64(2) + w / b


TRACED = {
    "ops": logistic,
    "numpy": numpys,
    "choosing": choosing,
    "tensorflow": tensorflows,
    "mixed": mixed,
    "tf.function": tf.function(tensorflows),
}


@pytest.mark.parametrize("function", TRACED.values(), ids=TRACED)
def test_functions_have_the_gradients_of_gradienttape(function):
    made = Autodiff(function, w=0.7, b=0.4)
    expected_loss, expected = tape.gradients(function, dict(made.values), ["w", "b"])
    assert list(made.gradient) == ["w", "b"]
    assert math.isclose(made.value, expected_loss, rel_tol=1e-13)
    for name in expected:
        assert math.isclose(made.gradient[name], expected[name], rel_tol=1e-12), name
    plain = getattr(function, "python_function", function)
    step = 1e-6
    for name, other in (("w", {"b": 0.4}), ("b", {"w": 0.7})):
        at = made.values[name]
        if plain in (logistic, numpys, choosing):
            rise = (float(plain(**{name: at + step}, **other)) - float(plain(**{name: at - step}, **other))) / (
                2 * step
            )
            assert math.isclose(made.gradient[name], rise, rel_tol=1e-6), name


def test_a_function_takes_the_way_its_values_lead():
    made = Autodiff(choosing, w=2.0, b=1.0)
    assert made.gradient == {"w": 1.0, "b": 2.0}
    made.values = {"w": 1.0, "b": 2.0}
    assert made.gradient == {"w": 1.0, "b": -1.0}


def silent(w):
    ops.exp(w)


FAILING = [
    (lambda w: 3.0, "constant 3.0"),
    (silent, "is a return missing"),
    (lambda w: [w], "gives a list"),
    (lambda w: 1 / 0, "raised ZeroDivisionError when called with w=1: division by zero"),
    (lambda w: math.exp(w), "plain one .*ops"),
    (lambda w: w * np.ones(3), "array of shape"),
    (lambda w: w * "a", "calculates with a str"),
    (lambda w: np.arctan(w), "numpy's arctan is not recorded"),
    (lambda w, b: w * 2, "takes b, which has no value"),
    (lambda w, b=1: w * 2, "b has a value, but the loss does not use it"),
    (lambda *w: 1, r"takes \*w"),
    (lambda: 1, "takes no number"),
    (lambda w: tf.linalg.norm(tf.stack([w, w])), "TensorFlow's operation Pack"),
    (lambda w: tf.cast(w, tf.float32) * 2, "TensorFlow's operation Cast"),
    (lambda w: tf.stack([w, w]), "one single number"),
    (lambda w: tf.exp(w) + tf.constant(1.0), "TensorFlow cannot trace"),
    (lambda w: np.log(w - 1), "cannot be calculated"),
    (print, "takes|cannot be read"),
]


@pytest.mark.parametrize(("function", "words"), FAILING, ids=[it[1][:24] for it in FAILING])
def test_a_function_that_cannot_be_drawn_says_why(function, words):
    with pytest.raises(SettingsError, match=words) as caught:
        Autodiff(function, w=1)
    assert "\n" not in str(caught.value)


def test_ops_are_plain_functions_on_plain_numbers_and_on_tensors():
    for name in OPERATIONS:
        if name in INFIX:
            continue
        function = getattr(ops, {"abs": "absolute"}.get(name, name))
        given = (0.7, 0.4)[: OPERATIONS[name].arity]
        expected = float(FUNCTIONS[name](*map(tf.constant, given)))
        assert math.isclose(function(*given), expected, rel_tol=1e-6)
        assert math.isclose(float(function(*(tf.constant(one, tf.float64) for one in given))), expected, rel_tol=1e-6)


CODES = [
    (LOSS, {"w": 0.5, "b": -0.3, "x": 1.2, "y": 1.0}),
    ("p = sigmoid(w * x)\nq = max(p, 0.2) + abs(w)\nnp.log(p) * pow(q, -2) / neg(x)", {"w": 0.5, "x": 1.2}),
    ("J = ln(w) ** 2", {"w": 3.0}),
    ("w * log(2) * maximum(1, w) / minimum(log1p(1 + 2), 1)", {"w": 3.0}),
    (lambda w: np.maximum(0.7, w) * np.minimum(w, 2), {"w": 0.1}),
    (logistic, {"w": 0.5, "b": -0.3}),
    (numpys, {"w": 0.7, "b": 0.4}),
    (lambda w: (-2.0) ** 2 * w + (-1.5) * w**-2 - w * -3, {"w": 0.7}),
]


@pytest.mark.parametrize(("source", "values"), CODES)
def test_the_code_gives_the_same_gradients(source, values, capsys):
    made = Autodiff(source, **values)
    known = {}
    exec(made.code, known)
    assert {name: float(value) for name, value in known["gradient"].items()} == pytest.approx(made.gradient, rel=1e-12)
    assert capsys.readouterr().out.startswith("{'w': ")


def test_the_code_of_a_graph_gives_what_the_code_of_its_expression_gives():
    values = {"w": 0.5, "b": -0.3, "x": 1.2, "y": 1.0}
    graph = parse.build(LOSS, values)
    known = {}
    exec(program(graph, ["w", "b"]), known)
    _, expected = by_tape(LOSS, values, ["w", "b"])
    assert [float(known["gradient"][name]) for name in ("w", "b")] == pytest.approx(list(expected), rel=1e-12)


def test_every_alias_is_an_operation_and_may_be_called():
    for alias, name in ALIASES.items():
        given = ("w", "0.5")[: OPERATIONS[name].arity]
        assert Autodiff(f"{alias}({', '.join(given)})", w=0.7).graph.nodes[-1].operation == name


def test_parameters_are_read_of_tf_functions_too():
    assert trace.parameters(tf.function(lambda w, x=2.0: w * x)) == {"w": None, "x": 2.0}
