"""The engine gives the numbers of Model.fit: losses, metrics, validation, final weights, calls of callbacks."""

import numpy as np
import pytest

from firstepoch.widgets.training import engine

keras = pytest.importorskip("keras")
layers = keras.layers

pytestmark = pytest.mark.filterwarnings("ignore:Skipping variable loading:UserWarning")
TOLERANCE = 1e-5
SPLIT = {"validation_split": 0.2}


def table(rows=242, seed=7):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 29)).astype("float32")
    y = (x[:, 0] - x[:, 1] + rng.normal(size=rows) > 0).astype("float32")
    return x, y


X, Y = table()


def lecture(
    hidden=(16,),
    dropout=0.0,
    regularizer=None,
    optimizer="adam",
    normalize=False,
    sequential=False,
    **compiling,
):
    stack = [keras.Input((29,))]
    for units in hidden:
        stack.append(layers.Dense(units, activation="relu", kernel_regularizer=regularizer))
        if normalize:
            stack.append(layers.BatchNormalization())
        if dropout:
            stack.append(layers.Dropout(dropout))
    stack.append(layers.Dense(1, activation="sigmoid"))
    if sequential:
        model = keras.Sequential(stack)
    else:
        tensor = stack[0]
        for layer in stack[1:]:
            tensor = layer(tensor)
        model = keras.Model(stack[0], tensor)
    compiling = {"loss": "binary_crossentropy", "metrics": ["accuracy"], **compiling}
    model.compile(optimizer=optimizer() if callable(optimizer) else optimizer, **compiling)
    return model


def train(fit, build, x, y, times=1, callbacks=None, seed=3, **arguments):
    keras.utils.set_random_seed(seed)
    model = build()
    verbose = {} if fit is engine.fit else {"verbose": 0}
    for _ in range(times):
        history = fit(model, x, y, callbacks=callbacks() if callbacks else None, **verbose, **arguments)
    return model, history


def assert_same(build, x=X, y=Y, **arguments):
    theirs, their_history = train(keras.Model.fit, build, x, y, **arguments)
    ours, our_history = train(engine.fit, build, x, y, **arguments)
    assert our_history.epoch == their_history.epoch
    assert list(our_history.history) == list(their_history.history)
    for name, values in their_history.history.items():
        np.testing.assert_allclose(our_history.history[name], values, rtol=0, atol=TOLERANCE, err_msg=name)
    for mine, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, rtol=0, atol=TOLERANCE)
    assert int(ours.optimizer.iterations) == int(theirs.optimizer.iterations)
    assert ours.stop_training == theirs.stop_training
    return ours, our_history


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_epochs_of_the_lecture_model(dropout):
    _, history = assert_same(lambda: lecture(dropout=dropout), epochs=12, **SPLIT)
    assert len(history.history["val_loss"]) == 12


MODELS = {
    "L2": lambda: lecture(regularizer="l2"),
    "two hidden layers": lambda: lecture(hidden=(16, 8)),
    "batch normalization": lambda: lecture(normalize=True),
    "sgd": lambda: lecture(optimizer=lambda: keras.optimizers.SGD(0.05, momentum=0.9)),
    "adamw": lambda: lecture(optimizer="adamw"),
    "schedule": lambda: lecture(
        optimizer=lambda: keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.01, 5, 0.5))
    ),
    "own loss function": lambda: lecture(loss=lambda y, p: keras.ops.mean(keras.ops.square(y - p), axis=-1)),
}
RARE_MODELS = {
    "rmsprop": lambda: lecture(optimizer="rmsprop"),
    "adamw without decay of biases": lambda: lecture(optimizer=adamw_without_bias),
    "clipped and averaged": lambda: lecture(
        optimizer=lambda: keras.optimizers.Adam(clipnorm=0.01, use_ema=True, ema_momentum=0.9)
    ),
    "constraint and noise": lambda: constrained(),
    "metric objects": lambda: lecture(metrics=[keras.metrics.AUC(name="auc"), "accuracy", "mse"]),
    "steps per execution": lambda: lecture(steps_per_execution=3),
    "frozen layer": lambda: frozen(),
    "built by its first batch": lambda: deferred(),
}
"""Compared by `make soak`."""


def adamw_without_bias():
    optimizer = keras.optimizers.AdamW(0.01, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    return optimizer


def constrained():
    inputs = keras.Input((29,))
    hidden = layers.Dense(16, activation="tanh", kernel_constraint=keras.constraints.MaxNorm(0.5))(inputs)
    hidden = layers.ActivityRegularization(l1=1e-3)(layers.GaussianNoise(0.1)(hidden))
    model = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(hidden))
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model


def frozen():
    model = lecture(hidden=(16, 8))
    model.layers[1].trainable = False
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def deferred():
    model = keras.Sequential([layers.Dense(4, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


@pytest.mark.parametrize("name", MODELS)
def test_same_numbers_for(name):
    assert_same(MODELS[name], epochs=2, **SPLIT)


WEIGHTS = np.linspace(0.1, 2, 242).astype("float32")
ARGUMENTS = {
    "class_weight": {"class_weight": {0: 0.5, 1: 2.0}, **SPLIT},
    "sample_weight": {"sample_weight": WEIGHTS, **SPLIT},
    "a table in its order, from the second epoch": {"shuffle": False, "initial_epoch": 1, **SPLIT},
    "validation data": {"validation_data": table(70, 8)},
    "no validation and a batch larger than the data": {"batch_size": 1000},
    "doubles and a column of integers": {"x": X.astype("float64"), "y": Y.astype("int64")[:, None], **SPLIT},
}
RARE_ARGUMENTS = {
    "shuffled in batches": {"shuffle": "batch", **SPLIT},
    "weighted validation data and full batches": {
        "validation_data": (*table(66, 8), WEIGHTS[:66]),
        "batch_size": 22,
    },
    "one row a batch": {"batch_size": 1, "x": X[:9], "y": Y[:9]},
    "second fit": {"times": 2, **SPLIT},
}
"""Compared by `make soak`."""


@pytest.mark.parametrize("name", ARGUMENTS)
def test_same_numbers_with(name):
    assert_same(lambda: lecture(dropout=0.2), epochs=3, **ARGUMENTS[name])


def test_data_frames_and_series():
    pandas = pytest.importorskip("pandas")
    assert_same(lecture, x=pandas.DataFrame(X), y=pandas.Series(Y), epochs=2, **SPLIT)


def test_regression():
    def build():
        model = keras.Sequential([keras.Input((29,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
        model.compile(loss="mse", optimizer="sgd", metrics=["mae"])
        return model

    assert_same(build, y=X[:, 0] * 2 + 1, epochs=2, **SPLIT)


def test_several_classes():
    def build():
        model = keras.Sequential([keras.Input((29,)), layers.Dense(3, activation="softmax")])
        model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
        return model

    classes = np.digitize(X[:, 0], [-0.5, 0.5])
    assert_same(build, y=classes, epochs=2, **SPLIT)


def test_two_inputs_and_two_outputs():
    def build():
        a, b = keras.Input((20,), name="a"), keras.Input((9,), name="b")
        hidden = layers.Concatenate()([layers.Dense(4)(a), layers.Dense(4)(b)])
        model = keras.Model([a, b], [layers.Dense(1, name="p")(hidden), layers.Dense(1, name="q")(hidden)])
        model.compile(loss=["mse", "mae"], optimizer="adam", metrics=[["mae"], ["mse"]], loss_weights=[1.0, 0.3])
        return model

    x = {"a": X[:, :20], "b": X[:, 20:]}
    assert_same(build, x=x, y=[Y, X[:, 0]], epochs=2, **SPLIT)


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(8, activation="relu")
        self.drop = layers.Dropout(0.3)
        self.out = layers.Dense(1, activation="sigmoid")

    def call(self, x, training=False):
        return self.out(self.drop(self.hidden(x), training=training))


class OwnStep(keras.Model):
    """Keeps its own mean of the loss and reports the size of the gradient."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.mean_loss = keras.metrics.Mean(name="loss")

    @property
    def metrics(self):
        return [self.mean_loss]

    def train_step(self, data):
        import tensorflow as tf

        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(y=y[:, None], y_pred=self(x, training=True))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        self.mean_loss.update_state(loss)
        return {"loss": self.mean_loss.result(), "size": tf.linalg.global_norm(gradients)}


def test_subclassed_model():
    def build():
        model = Subclassed()
        model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
        return model

    assert_same(build, epochs=2, **SPLIT)


def test_model_with_its_own_train_step():
    def build():
        inputs = keras.Input((29,))
        model = OwnStep(inputs, layers.Dense(1, activation="sigmoid")(inputs))
        model.compile(loss="binary_crossentropy", optimizer="adam")
        return model

    _, history = assert_same(build, epochs=2)
    assert np.isnan(history.batch_loss[0]).all()


class Pair(keras.Model):
    """Two parts, each with an optimizer that is first built inside the step."""

    def __init__(self):
        super().__init__()
        self.first, self.second = layers.Dense(1), layers.Dense(1)
        self.other = keras.optimizers.SGD(0.01)

    def call(self, x):
        return self.first(x) + self.second(x)

    def train_step(self, data):
        import tensorflow as tf

        x, y = data
        with tf.GradientTape(persistent=True) as tape:
            loss = self.compute_loss(y=y[:, None], y_pred=self(x))
        self._loss_tracker.update_state(loss)
        for part, optimizer in ((self.first, self.optimizer), (self.second, self.other)):
            weights = part.trainable_weights
            optimizer.apply(tape.gradient(loss, weights), weights)
        return {"loss": self._loss_tracker.result()}


def test_model_with_two_optimizers():
    def build():
        model = Pair()
        model.compile(loss="mse", optimizer=keras.optimizers.SGD(0.01))
        return model

    assert_same(build, epochs=2)


EARLY_STOPPING = [
    {"patience": 0},
    {"patience": 1, "min_delta": 0.05, "start_from_epoch": 4},
    {"patience": 1, "monitor": "val_accuracy", "mode": "max"},
    {"patience": 2, "monitor": "loss", "mode": "max"},
    {"patience": 3, "baseline": 0.1},
    {"patience": 2, "monitor": "val_loss", "restore_best_weights": True},
]


@pytest.mark.parametrize("arguments", EARLY_STOPPING)
def test_early_stopping(arguments):
    build = lambda: lecture(hidden=(32,), optimizer=lambda: keras.optimizers.Adam(0.03))  # noqa: E731
    _, history = assert_same(build, epochs=15, callbacks=lambda: [keras.callbacks.EarlyStopping(**arguments)], **SPLIT)
    assert len(history.epoch) < 15


def test_learning_rates_changed_by_callbacks():
    def callbacks():
        return [
            keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.9),
            keras.callbacks.ReduceLROnPlateau(patience=1, min_delta=0.05, factor=0.3),
        ]

    _, history = assert_same(lecture, epochs=8, callbacks=callbacks, **SPLIT)
    rates = history.history["learning_rate"]
    assert rates[-1] < 0.5 * rates[0]


def test_terminate_on_nan():
    def build():
        model = keras.Sequential([keras.Input((29,)), layers.Dense(4), layers.Dense(1)])
        model.compile(loss="mse", optimizer=keras.optimizers.SGD(1e12))
        return model

    with np.errstate(all="ignore"):
        theirs, their_history = train(
            keras.Model.fit, build, X, Y, epochs=3, callbacks=lambda: [keras.callbacks.TerminateOnNaN()], **SPLIT
        )
        ours, history = train(
            engine.fit, build, X, Y, epochs=3, callbacks=lambda: [keras.callbacks.TerminateOnNaN()], **SPLIT
        )
    np.testing.assert_array_equal(history.history["loss"], their_history.history["loss"])
    assert int(ours.optimizer.iterations) == int(theirs.optimizer.iterations) < 7


@pytest.mark.parametrize("save_freq", ["epoch", 5])
def test_model_checkpoint(tmp_path, save_freq):
    def saved(fit, folder):
        (tmp_path / folder).mkdir()
        path = str(tmp_path / folder / "{epoch:02d}.weights.h5")
        checkpoint = keras.callbacks.ModelCheckpoint(path, save_weights_only=True, save_freq=save_freq)
        train(fit, lecture, X, Y, epochs=3, callbacks=lambda: [checkpoint], **SPLIT)
        weights = {}
        for file in sorted((tmp_path / folder).iterdir()):
            model = lecture()
            model.load_weights(file)
            weights[file.name] = model.get_weights()
        return weights

    ours, theirs = saved(engine.fit, "ours"), saved(keras.Model.fit, "theirs")
    assert list(ours) == list(theirs) != []
    for name, weights in theirs.items():
        for mine, other in zip(ours[name], weights, strict=True):
            np.testing.assert_allclose(mine, other, rtol=0, atol=TOLERANCE)


def recorder(calls):
    """A callback that writes down every hook called, with its logs."""

    class Recorder(keras.callbacks.Callback):
        pass

    def hook(name):
        def call(self, *numbers, logs=None):
            numbers, logs = (
                [n for n in numbers if isinstance(n, int)],
                logs or next((n for n in numbers if isinstance(n, dict)), {}),
            )
            calls.append((name, *numbers, dict(logs)))

        return call

    for phase in ("train", "test"):
        for name in (f"on_{phase}_begin", f"on_{phase}_end", f"on_{phase}_batch_begin", f"on_{phase}_batch_end"):
            setattr(Recorder, name, hook(name))
    for name in ("on_epoch_begin", "on_epoch_end"):
        setattr(Recorder, name, hook(name))
    return Recorder()


@pytest.mark.parametrize("steps_per_execution", [1, 3])
def test_callbacks_are_called_as_keras_calls_them(steps_per_execution):
    calls = {}
    for fit in (keras.Model.fit, engine.fit):
        calls[fit] = []
        train(
            fit,
            lambda: lecture(steps_per_execution=steps_per_execution),
            X,
            Y,
            epochs=2,
            callbacks=lambda fit=fit: [recorder(calls[fit]), keras.callbacks.EarlyStopping()],
            **SPLIT,
        )
    ours, theirs = calls[engine.fit], calls[keras.Model.fit]
    assert [call[:-1] for call in ours] == [call[:-1] for call in theirs]
    assert len(ours) > 20
    for mine, other in zip(ours, theirs, strict=True):
        assert mine[-1] == pytest.approx(other[-1], abs=TOLERANCE)


def test_stop_in_mid_epoch_still_validates_and_ends_the_epoch():
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 3:
                self.model.stop_training = True

    _, history = assert_same(lecture, epochs=3, callbacks=lambda: [Stop()], **SPLIT)
    assert len(history.history["val_loss"]) == 1
    assert history.batch_loss[0].shape == (4,)


@pytest.mark.parametrize("weighted", [True, False])
def test_evaluate(weighted):
    model = lecture(dropout=0.5, regularizer="l2", metrics=["accuracy", keras.metrics.AUC(name="auc")])
    weights = WEIGHTS if weighted else None
    ours = engine.evaluate(model, X, Y, sample_weight=weights)
    theirs = model.evaluate(X, Y, sample_weight=weights, verbose=0, return_dict=True)
    assert ours == pytest.approx(theirs, abs=TOLERANCE)
    assert all(type(value) is float for value in ours.values())
