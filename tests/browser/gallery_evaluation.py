"""Pictures of Evaluation in all its states, for gallery.py."""

EVALUATION = ".fe-evaluation"
SETUP = """
import keras
import pandas as pd
from sklearn import datasets
from firstepoch import heart
from firstepoch.data import TabularData
from firstepoch.widgets.training import engine
_data = heart.load()
keras.utils.set_random_seed(42)
_model = heart.build_model()
engine.fit(_model, _data.x_train, _data.y_train, epochs=60, validation_split=0.2)
_given = dict(splits=heart.load, build_model=heart.build_model, row_name="patient")
_short = dict(validation_split=0.2, epochs=20)

def _table(bunch, task, names, note=""):
    rng = np.random.default_rng(0)
    order = rng.permutation(len(bunch.target))
    frame = bunch.frame.iloc[order]
    x, y = bunch.data.to_numpy()[order], bunch.target.to_numpy()[order].astype(float)
    cut = len(y) * 4 // 5
    x = (x - x[:cut].mean(axis=0)) / x[:cut].std(axis=0)
    mean, std = (y[:cut].mean(), y[:cut].std(ddof=1)) if task == "regression" else (0.0, 1.0)
    y = (y - mean) / std
    x, y = x.astype("float32"), y.astype("float32")
    return TabularData(x[:cut], y[:cut], x[cut:], y[cut:], tuple(bunch.data), tuple(bunch.data), {}, {}, names, note,
                       task=task, target_name="progression" if task == "regression" else "target",
                       target_mean=float(mean), target_std=float(std), raw_train=frame[:cut], raw_test=frame[cut:])

def _fitted(data, units, loss):
    keras.utils.set_random_seed(0)
    last = dict(multiclass="softmax", regression="linear")[data.task]
    model = keras.Sequential([keras.Input((data.x_train.shape[1],)), keras.layers.Dense(16, "relu"),
                              keras.layers.Dense(units, last)])
    model.compile("adam", loss)
    engine.fit(model, data.x_train, data.y_train, epochs=40)
    return model

_iris = datasets.load_iris(as_frame=True)
_flowers = _table(_iris, "multiclass", tuple(map(str, _iris.target_names)))
_many = _fitted(_flowers, 3, "sparse_categorical_crossentropy")
_disease = _table(datasets.load_diabetes(as_frame=True, scaled=False), "regression", ())
_numbers = _fitted(_disease, 1, "mse")

def _large(task):
    rng, n = np.random.default_rng(0), 100_000
    x = rng.normal(size=(n, 2)).astype("float32")
    y = x[:, 0] if task == "regression" else rng.random(n) < 0.1
    noise = rng.normal(size=n)
    said = y + noise / 2 if task == "regression" else np.clip(0.2 + 0.35 * y + noise / 5, 0, 1)
    frame = pd.DataFrame(x, columns=["distance", "hour"])
    names = ("arrived", "cancelled") if task == "binary" else ()
    return said.astype("float32"), TabularData(
        x[:99], y[:99].astype("float32"), x, y.astype("float32"), ("distance", "hour"), ("distance", "hour"), {}, {},
        names, task=task, target_name="delay", raw_train=frame[:99], raw_test=frame)
"""


def evaluation(camera, kernel):
    """Sealed, opened, another threshold, every panel, other splits, many classes, numbers, what is refused."""
    page = camera.page
    kernel.run(SETUP)

    def show(code, opened=True):
        page.evaluate("document.querySelectorAll('.fe').forEach((it) => it.dataset.old = '')")
        kernel.run(f"show(widgets.Evaluation({code}))")
        page.wait_for_selector(f"{EVALUATION}:not([data-old])")
        page.wait_for_function("!document.querySelector('[data-old]')")
        if opened:
            card().get_by_role("button", name="Open the test set").click()
            card().locator(":scope[data-state=open]").or_(
                page.locator(f"{EVALUATION}[data-state=open]")
            ).first.wait_for()

    def card():
        return page.locator(EVALUATION)

    def take(state):
        camera.take(f"evaluation_{state}", EVALUATION)

    def panel(name):
        card().get_by_role("radio", name=name, exact=True).check(force=True)

    def curves():
        page.wait_for_function("document.querySelectorAll('.fe-evaluation .bqplot .plotarea_background').length === 2")

    show("_model, _data, **_given", opened=False)
    take("sealed")
    show("_model, _data, **_given, training=_short")
    curves()
    take("opened")
    card().get_by_label("threshold", exact=True).fill("0.2")
    page.keyboard.press("Enter")
    card().locator(".fe-sentence").filter(has_text="At 0.2:").wait_for()
    take("threshold-moved")
    panel("Wrong patients")
    take("wrong")
    panel("Calibration")
    take("calibration")
    panel("Intervals")
    take("intervals")
    panel("Curves")
    take("curves-again")
    panel("Other splits")
    take("splits-idle")
    card().get_by_role("button", name="Train on other splits").click()
    card().locator(".fe-eval-progress").filter(has_text="2 of 10").wait_for()
    take("splits-mid-run")
    page.wait_for_function("document.querySelector('.fe-eval-progress span').textContent === '10 of 10'")
    take("splits-done")
    card().get_by_text("What the words mean", exact=True).click()
    card().get_by_text("The numbers", exact=True).click()
    card().get_by_text("The code", exact=True).click()
    card().get_by_label("threshold", exact=True).fill("7")
    page.keyboard.press("Enter")
    card().locator(".fe-problem:not([hidden])").wait_for()
    take("folds-and-problem")
    show("_model, _data, rows='training', training=_short", opened=False)
    curves()
    panel("Other splits")
    take("training-rows")
    show("_many, _flowers, row_name='flower'")
    take("many-classes")
    panel("Curves")
    curves()
    take("many-curves")
    show("_numbers, _disease, row_name='patient'")
    take("numbers")
    panel("Intervals")
    take("numbers-intervals")
    show("*_large('binary'), row_name='trip'")
    curves()
    take("many-rows")
    panel("Wrong trips")
    take("many-rows-wrong")
    panel("Intervals")
    take("many-rows-intervals")
    show("*_large('regression'), row_name='trip'")
    take("many-rows-numbers")
    show(
        "np.linspace(0, 1, 5), TabularData(_data.x_train, _data.y_train, _data.x_test[:5], 0 * _data.y_test[:5],"
        " _data.feature_names, _data.source_columns, {}, {}, _data.class_names)"
    )
    curves()
    take("one-class")
