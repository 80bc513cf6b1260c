"""OptimizerRace: every path against keras.optimizers run here by itself, and against the papers' formulas in numpy."""

import importlib
import itertools
import subprocess
import sys
from pathlib import Path

import contract
import numpy as np
import pytest
from traitlets import TraitError

from firstepoch.widgets import OptimizerRace, SettingsError
from firstepoch.widgets.optimizers import catalogue, schedules
from firstepoch.widgets.optimizers.picture import lowest

keras = importlib.import_module("keras")
STEPS = 24
SCHEDULES = keras.optimizers.schedules
VIEW = Path(catalogue.__file__).parent / "traits.ts"
CONTOURS = VIEW.parents[1] / "plot" / "contours.ts"


def valley(w):
    """Value and gradient, worked out again by hand."""
    a, b = w
    return (1 - a) ** 2 + (b - a * a) ** 2, np.array([2 * (a - 1) - 4 * a * (b - a * a), 2 * (b - a * a)])


def by_keras(optimizer, start=(-1.2, 2.5), steps=STEPS, function=valley):
    """The path of a keras optimizer, eagerly and step by step."""
    w = keras.Variable(np.array(start), dtype="float64")
    path, rates = [np.array(w)], []
    for _ in range(steps):
        rates.append(float(np.asarray(optimizer.learning_rate)))
        optimizer.apply([keras.ops.convert_to_tensor(function(path[-1])[1])], [w])
        path.append(np.array(w))
    return np.array(path), np.array([*rates, float(np.asarray(optimizer.learning_rate))])


MADE = {
    "sgd": lambda rate: keras.optimizers.SGD(rate),
    "momentum": lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
    "nesterov": lambda rate: keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
    "adagrad": lambda rate: keras.optimizers.Adagrad(rate),
    "rmsprop": lambda rate: keras.optimizers.RMSprop(rate),
    "adam": lambda rate: keras.optimizers.Adam(rate),
    "adamw": lambda rate: keras.optimizers.AdamW(rate),
}
SHAPES = {
    "constant": lambda rate: rate,
    "exponential": lambda rate: SCHEDULES.ExponentialDecay(rate, 8, 0.5),
    "cosine": lambda rate: SCHEDULES.CosineDecay(rate, 24),
    "piecewise": lambda rate: SCHEDULES.PiecewiseConstantDecay([8, 16], [rate, 0.3 * rate, 0.1 * rate]),
    "inverse time": lambda rate: SCHEDULES.InverseTimeDecay(rate, 4, 1.0),
    "polynomial": lambda rate: SCHEDULES.PolynomialDecay(rate, 24, 0.01 * rate),
}


@pytest.fixture(scope="module")
def everyone():
    return OptimizerRace(tuple(MADE), steps=STEPS)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_path_is_that_of_keras_alone(everyone, shape):
    everyone.schedule = shape
    for name, make in MADE.items():
        path, rates = by_keras(make(SHAPES[shape](0.1)))
        recording = everyone.recordings[name]
        np.testing.assert_allclose(recording["w"], path, rtol=0, atol=1e-6, err_msg=name)
        np.testing.assert_allclose(recording["learning_rate"], rates, rtol=1e-6, err_msg=name)


def test_value_and_gradient_belong_to_their_frame(everyone):
    for recording in everyone.recordings.values():
        assert recording["w"][0].tolist() == [-1.2, 2.5]
        for w, value, gradient in zip(recording["w"], recording["value"], recording["gradient"], strict=True):
            assert value == pytest.approx(valley(w)[0], abs=1e-12)
            np.testing.assert_allclose(gradient, valley(w)[1], atol=1e-12)


def papers(name, rate, steps=STEPS, start=(-1.2, 2.5)):
    """The update rules in numpy, with what they remember.

    Momentum: Polyak (1964), as in Sutskever et al. (2013), eq. 1-2: v ← μ v − α g, w ← w + v. Nesterov: the form of
    Bengio et al. (2013), eq. 7, which Keras has, too. AdaGrad: Duchi, Hazan & Singer (2011); Keras begins the sum at
    0.1 and puts ε under the root. RMSprop: Tieleman & Hinton (2012), lecture 6.5; ε under the root. Adam: Kingma & Ba
    (2015), algorithm 1 with the reordering before section 2.1; Keras's ε is the paper's ε̂. AdamW: Loshchilov & Hutter
    (2019), algorithm 2, decay times the learning rate.
    """
    w = np.array(start)
    m, v = np.zeros(2), np.full(2, 0.1 if name == "adagrad" else 0.0)
    path, ms, vs = [w], [m], [v]
    for t in range(1, steps + 1):
        g, a = valley(w)[1], float(np.float32(rate))
        if name == "sgd":
            w = w - a * g
        elif name == "momentum":
            m = 0.9 * m - a * g
            w = w + m
        elif name == "nesterov":
            before, m = m, 0.9 * m - a * g
            w = w - 0.9 * before + 1.9 * m
        elif name == "adagrad":
            v = v + g**2
            w = w - a * g / np.sqrt(v + 1e-7)
        elif name == "rmsprop":
            v = 0.9 * v + 0.1 * g**2
            w = w - a * g / np.sqrt(v + 1e-7)
        else:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            # Keras rounds both betas to float32 where it corrects the bias, and only there.
            hat, one = np.sqrt(1 - float(np.float32(0.999)) ** t), 1 - float(np.float32(0.9)) ** t
            w = w * (1 - a * (0.004 if name == "adamw" else 0))
            w = w - a * (m / one) / (np.sqrt(v) / hat + 1e-7 / hat)
        path.append(w)
        ms.append(m)
        vs.append(v)
    return np.array(path), np.array(ms), np.array(vs)


@pytest.mark.parametrize("name", MADE)
def test_every_path_is_that_of_the_paper(everyone, name):
    everyone.schedule = "constant"
    path, m, v = papers(name, 0.1)
    recording = everyone.recordings[name]
    np.testing.assert_allclose(recording["w"], path, rtol=0, atol=1e-6)
    if "momentum" in recording:
        np.testing.assert_allclose(recording["momentum"], m, rtol=0, atol=1e-6)
    for state in ("velocity", "accumulator"):
        if state in recording:
            np.testing.assert_allclose(recording[state], v, rtol=0, atol=1e-6)


def test_what_is_drawn_follows_from_the_path(everyone):
    """The arrow and the effective rate, told from w and the gradients alone."""
    everyone.schedule = "cosine"
    rates = by_keras(keras.optimizers.SGD(SHAPES["cosine"](0.1)))[1]
    for name in ("momentum", "nesterov", "adagrad", "rmsprop", "adam"):
        recording = everyone.recordings[name]
        moves, gradient = np.diff(recording["w"], axis=0), recording["gradient"][:-1]
        if name == "momentum":
            np.testing.assert_allclose(recording["push"][1:], moves, atol=1e-12)
        if name in ("adagrad", "rmsprop"):
            np.testing.assert_allclose(recording["effective_rate"][1:] * -gradient, moves, atol=1e-9)
        if name == "adagrad":
            squares = 0.1 + np.cumsum(gradient**2, axis=0)
            np.testing.assert_allclose(recording["rms"][1:], np.sqrt(squares), rtol=1e-6)
        if name == "adam":
            weights = 0.1 * 0.9 ** np.arange(STEPS)
            mean = [np.sum(weights[: k + 1, None][::-1] * gradient[: k + 1], axis=0) for k in range(STEPS)]
            mean = np.array(mean) / (1 - 0.9 ** np.arange(1, STEPS + 1))[:, None]
            np.testing.assert_allclose(recording["push"][1:], -rates[:-1, None] * mean, atol=1e-7)
            np.testing.assert_allclose(recording["effective_rate"][1:] * -mean, moves, atol=1e-6)
        for drawn in ("push", "effective_rate"):
            if drawn in recording:
                assert not recording[drawn][0].any()


def test_a_keras_optimizer_is_copied_and_its_own_schedule_and_arguments_are_kept():
    mine = keras.optimizers.Adam(SCHEDULES.CosineDecay(0.2, 30, alpha=0.1), beta_1=0.5, amsgrad=True, clipnorm=1.0)
    race = OptimizerRace(
        [mine, keras.optimizers.SGD(0.05, momentum=0.8, nesterov=True)], steps=STEPS, schedule="exponential"
    )
    assert list(race.recordings) == ["adam", "nesterov"]
    assert not mine.built
    other = keras.optimizers.Adam(SCHEDULES.CosineDecay(0.2, 30, alpha=0.1), beta_1=0.5, amsgrad=True, clipnorm=1.0)
    np.testing.assert_allclose(race.recordings["adam"]["w"], by_keras(other)[0], atol=1e-6)
    other = keras.optimizers.SGD(SHAPES["exponential"](0.05), momentum=0.8, nesterov=True)
    np.testing.assert_allclose(race.recordings["nesterov"]["w"], by_keras(other)[0], atol=1e-6)
    assert "effective_rate" not in race.recordings["adam"], "AMSGrad divides by something else"


def test_a_learners_own_optimizer_and_any_other_of_keras_take_part():
    class Adam(keras.optimizers.SGD):
        """Not Keras's."""

        def update_step(self, gradient, variable, learning_rate):
            variable.assign_sub(0.5 * keras.ops.cast(learning_rate, gradient.dtype) * gradient)

    race = OptimizerRace([Adam(0.2), "adam", "Lion", {"name": "nadam", "beta_1": 0.8}], steps=10)
    assert list(race.recordings) == ["ownadam", "adam", "lion", "nadam"]
    path = by_keras(keras.optimizers.SGD(0.1), steps=10)[0]
    np.testing.assert_allclose(race.recordings["ownadam"]["w"], path, atol=1e-6)
    path = by_keras(keras.optimizers.Nadam(0.1, beta_1=0.8), steps=10)[0]
    np.testing.assert_allclose(race.recordings["nadam"]["w"], path, atol=1e-6)


def test_a_function_of_ones_own_is_raced_on():
    def bowl(w):
        return (w[0] - 1) ** 2 + 3 * w[1] ** 2

    race = OptimizerRace(["momentum"], bowl, [2, 1], 15)
    exact = by_keras(MADE["momentum"](0.1), (2.0, 1.0), 15, lambda w: (bowl(w), np.array([2 * (w[0] - 1), 6 * w[1]])))[
        0
    ]
    np.testing.assert_allclose(race.recordings["momentum"]["w"], exact, atol=1e-6)
    race.set_state({"function": "saddle", "start": None})
    assert race.recordings["momentum"]["w"][0].tolist() == [2.0, 0.02]
    race.set_state({"function": "your function", "start": None})
    assert race.function is bowl and race.recordings["momentum"]["w"][0].tolist() == [2.0, 1.0]


def test_a_run_that_diverges_ends_at_its_last_finite_frame():
    race = OptimizerRace(["sgd", "adam"], learning_rates={"sgd": 0.5}, steps=STEPS)
    for array in race.recordings["sgd"], race.recordings["adam"]:
        assert all(np.isfinite(array[name]).all() for name in array)
    with np.errstate(all="ignore"):
        path = by_keras(MADE["sgd"](0.5))[0]
        finite = [np.isfinite(w).all() and np.isfinite(valley(w)[0]) and np.isfinite(valley(w)[1]).all() for w in path]
    assert len(race.recordings["sgd"]) == finite.index(False) < STEPS
    told = race.report["runs"][0]
    assert told["ended"].startswith(f"it ends after step {told['frames'] - 1}: ") and "try 0.05" in told["ended"]
    assert len(race.recordings["adam"]) == STEPS + 1
    assert np.isfinite(race.surface["x"] + race.surface["y"]).all()
    assert race.surface["x"][1] < 10, "the picture is that of those who stay"


def test_the_first_turn_is_where_a_step_points_back():
    race = OptimizerRace(["momentum", "sgd"], "bowl in two weights", steps=STEPS)
    moves = np.diff(race.recordings["momentum"]["w"], axis=0)
    angles = [
        np.degrees(np.arccos(np.clip(np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b), -1, 1)))
        for a, b in itertools.pairwise(moves)
    ]
    assert race.report["runs"][0]["turn"] == next(k for k, angle in enumerate(angles) if angle > 90) + 2
    assert race.report["runs"][1]["turn"] is None


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizers": ["sgd", "adamw", {"name": "adam", "beta_1": 0.5}], "schedule": "piecewise"},
        {"optimizers": [("rmsprop")], "function": "saddle", "steps": 7},
    ],
)
def test_the_code_repeats_the_race(settings):
    race = OptimizerRace(**settings)
    space = {}
    exec(race.code, space)
    assert list(space["paths"]) == list(race.recordings)
    for name, path in space["paths"].items():
        np.testing.assert_allclose(path, race.recordings[name]["w"], atol=1e-6)


@pytest.mark.parametrize("two", [False, True])
def test_the_code_of_ones_own_function_runs_once_it_is_there(two):
    g = (lambda a, b: a**2 + a * b + b**2) if two else (lambda w: np.float64(w[0]) ** 2 + float(w[1]) ** 2)
    race = OptimizerRace(["adam"], g, steps=5)
    space = {"g": g}
    exec(race.code, space)
    np.testing.assert_allclose(space["paths"]["adam"], race.recordings["adam"]["w"], atol=1e-6)


WRONG = [
    ("optimizers", ["adm"], "There is no optimizer 'adm'. There are: sgd, momentum, nesterov"),
    ("optimizers", [], "needs an optimizer"),
    ("optimizers", [3], "3 is no optimizer: give a name"),
    ("optimizers", [keras.optimizers.Adam], "Call it: keras.optimizers.Adam()"),
    ("optimizers", ["adam"] * 2, "adam is in the race twice with equal settings"),
    ("optimizers", ["adam", keras.optimizers.Adam(0.1)], "adam is in the race twice with equal settings"),
    ("optimizers", [{"name": "sgd", "learning_rate": 0.01 * k} for k in range(1, 9)], "8 optimizers are too many"),
    ("optimizers", [{"learning_rate": 1}], 'has no "name"'),
    ("optimizers", [{"name": "adam", "beta_3": 0.5}], "adam has no 'beta_3'. It has: learning_rate, beta_1, beta_2"),
    ("optimizers", [{"name": "adam", "beta_1": 1}], "beta_1 of adam is 1; it goes from 0 to below 1. Try 0.9."),
    ("optimizers", [{"name": "adam", "epsilon": 0}], "must be above 0"),
    ("optimizers", [{"name": "momentum", "momentum": 0}], "plain SGD"),
    ("optimizers", [{"name": "sgd", "learning_rate": -0.1}], "goes uphill. Try 0.1."),
    ("optimizers", [{"name": "sgd", "learning_rate": 0}], "no step would move w"),
    ("optimizers", [{"name": "sgd", "learning_rate": float("nan")}], "is nan; it must be a finite number"),
    ("optimizers", [{"name": "sgd", "learning_rate": "quick"}], "is 'quick'; give a number"),
    ("optimizers", [{"name": "adamw", "weight_decay": -1}], "must not be negative"),
    ("function", "vale", "There is no function 'vale'. There are: bowl in two weights, ill-conditioned bowl, valley"),
    ("function", "plateau", "has one weight"),
    ("function", lambda w: w[0] + w[5], "The function raises"),
    ("start", [1.0], "start has 1 numbers"),
    ("start", [1.0, float("inf")], "must be finite"),
    ("start", "there", "give two numbers"),
    ("steps", 0, "steps is 0; it goes from 1 to 500"),
    ("steps", 2.5, "use a whole number"),
    ("schedule", "cosinus", "There is no schedule 'cosinus'. There are: constant, exponential"),
    ("schedule", {"name": "cosine", "rate": 1}, "has no argument 'rate'. It has: decay_steps"),
    ("schedule", {"name": "cosine", "decay_steps": 0}, "give a whole number of steps from 1 up"),
    ("schedule", {"name": "piecewise", "boundaries": [5, 3]}, "give steps that grow"),
    ("schedule", {"name": "piecewise", "boundaries": [5], "factors": [1]}, "make 2 pieces"),
    ("schedule", SCHEDULES.CosineDecay(0.1, 10), "belongs into an optimizer"),
    ("hidden", ["nadam"], "not in the race"),
]


@pytest.fixture(scope="module")
def small():
    return OptimizerRace(["sgd", "adam"], steps=3)


@pytest.mark.parametrize("name, value, words", WRONG, ids=[f"{name} {n}" for n, (name, _, _) in enumerate(WRONG)])
def test_what_does_not_work_is_refused_in_a_sentence_and_the_race_stays(small, name, value, words):
    before, last = getattr(small, name), small.recordings["adam"]["w"].copy()
    with pytest.raises((SettingsError, TraitError)) as refused:
        setattr(small, name, value)
    assert words in str(refused.value)
    assert getattr(small, name) == before
    assert (small.recordings["adam"]["w"] == last).all()
    if name != "hidden":
        with pytest.raises(SettingsError) as refused:
            OptimizerRace(**{name: value})
        assert words in str(refused.value)


def test_the_page_gets_the_sentence_and_its_setting_back(small):
    good = small.optimizers
    small.set_state({"optimizers": [good[0], {**good[1], "beta_1": 1}]})
    assert small.optimizers == good and small.problem.startswith("beta_1 of adam is 1")
    small.set_state({"optimizers": [good[0], {**good[1], "beta_1": 0.8}]})
    assert small.optimizers[1]["beta_1"] == 0.8 and small.problem == ""


def test_joining_and_leaving():
    race = OptimizerRace(["sgd"], steps=3)
    assert race.add("adam", beta_1=0.5) == "adam"
    assert race.add({"name": "adam"}) == "adam 2"
    assert race.add(keras.optimizers.RMSprop(0.01)) == "rmsprop"
    race.hidden = ["adam 2"]
    kept = race.recordings["adam 2"]["w"].copy()
    race.remove("adam")
    assert list(race.recordings) == ["sgd", "adam", "rmsprop"] and race.hidden == []
    assert (race.recordings["adam"]["w"] == kept).all()
    with pytest.raises(SettingsError, match=r"There is no 'adam 2' in the race\. There are: sgd, adam, rmsprop"):
        race.remove("adam 2")
    with pytest.raises(SettingsError, match="'nadam', which is not in the race"):
        OptimizerRace(learning_rates={"nadam": 1})
    with pytest.raises(TypeError, match="rate"):
        OptimizerRace(rate=1)


def test_only_what_changed_is_run_again(monkeypatch):
    race = OptimizerRace(["sgd", "adam"], steps=5)
    ran = []
    monkeypatch.setattr(
        race._tracer, "_run", lambda spec, *_, run=race._tracer._run: ran.append(spec["name"]) or run(spec, *_)
    )
    race.optimizers = [race.optimizers[0], {**race.optimizers[1], "beta_1": 0.5}]
    race.steps = 3
    race.hidden = ["sgd"]
    assert ran == ["adam"]
    assert len(race.recordings["sgd"]) == 4
    race.start = [1, 1.5]
    assert ran == ["adam", "sgd", "adam"]


def test_a_keras_schedule_goes_there_and_back():
    for name, make in SHAPES.items():
        if name == "constant":
            continue
        rate, plain = schedules.from_keras(make(0.3))
        again = schedules.make(schedules.normal(plain, STEPS), rate)
        for step in (0, 8, 9, 17, 23):
            assert float(again(step)) == pytest.approx(float(make(0.3)(step)), rel=1e-6)
    warm = SCHEDULES.CosineDecay(0.0, 30, warmup_target=0.3, warmup_steps=5)
    rate, plain = schedules.from_keras(warm)
    assert schedules.rates(plain, rate, 20).tolist() == pytest.approx([float(warm(step)) for step in range(20)])


def test_the_lowest_point_lies_between_the_points_of_the_grid():
    x, y = np.meshgrid(np.linspace(-1, 2, 31), np.linspace(0, 4, 21))
    found = lowest((x - 0.73) ** 2 + 3 * (y - 1.11) ** 2, ((-1.0, 2.0), (0.0, 4.0)))
    assert found == pytest.approx([0.73, 1.11])
    assert lowest(x + y, ((-1.0, 2.0), (0.0, 4.0))) is None
    assert lowest(np.full((3, 3), np.nan), ((0.0, 1.0), (0.0, 1.0))) is None


def test_the_page_plays_what_python_recorded(small):
    together = small._shown
    small.hidden = []
    for number, recording in enumerate(small.recordings.values()):
        for name in recording:
            assert (together[f"{number} {name}"][: len(recording)] == recording[name]).all()


def test_the_views_interface_is_the_classs_traits(everyone):
    assert contract.mismatches(OptimizerRace, "OptimizerTraits", VIEW) == []
    assert set(everyone.report) == set(contract.interface(VIEW, "Report"))
    assert set(everyone.surface) == set(contract.interface(CONTOURS, "SurfaceGrid"))
    assert set(everyone.report["runs"][0]) == set(contract.interface(VIEW, "RunReport"))


def test_the_still_says_who_is_lowest_in_the_end(small):
    html = small.still()
    values = {name: recording["value"][-1] for name, recording in small.recordings.items()}
    best = {"sgd": "SGD", "adam": "Adam"}[min(values, key=values.get)]
    assert f"{best} ends lowest" in html and f"{values['adam']:.6g}" in html


def test_importing_loads_neither_keras_nor_tensorflow():
    code = "import sys; from firstepoch.widgets import OptimizerRace; print({'keras', 'tensorflow'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
