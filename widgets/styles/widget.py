"""ModelStyles: traits, validation and wiring. writing.py writes the code, build.py runs it, view.ts draws."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import traitlets as t

from firstepoch.data.loading import is_keras_loaded
from firstepoch.widgets import still
from firstepoch.widgets.dropout.rows import Rows
from firstepoch.widgets.latest import Latest
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.settings_view import SettingsView
from firstepoch.widgets.styles import words
from firstepoch.widgets.styles.build import Built, build, shapes
from firstepoch.widgets.styles.spec import ACTIVATIONS, OUTPUT_ACTIVATIONS, Spec
from firstepoch.widgets.styles.units import Units
from firstepoch.widgets.styles.writing import ROWS, STYLES, program, written
from firstepoch.widgets.whole import Whole

_SETTINGS = ("inputs", "second", "units", "activation", "dropout", "outputs", "output_activation", "seed")


class ModelStyles(SettingsView):
    """One model, written sequential, functional and subclassed; built by the very code that is shown.

    Parameters are counted by Keras in each of the three. All get the same weights (normal, from the seed) and are asked
    about the same rows, so that their outputs can be compared. Where there is a second input, the model is no chain any
    more, and the Sequential shown is the attempt that Keras refuses.

    Building goes on in the background, because loading Keras takes some seconds the first time: `wait()` waits for it.

    Args:
        data: A TabularData, for example `heart.load()`, whose first training rows are asked about, or an array of shape
            (rows, inputs). Default: made-up rows, standard-normal.
        **settings: The settings below, by name.

    Raises:
        SettingsError: (a ValueError) The settings or the data cannot be worked with; the message says why.
        TypeError: An argument is unknown.

    Example:
        >>> styles = ModelStyles(units=[16])  # doctest: +SKIP
        >>> styles.wait()  # doctest: +SKIP
        >>> styles.models["functional"].count_params()  # doctest: +SKIP
        497
    """

    linked = _SETTINGS
    parts = (*_SETTINGS[:-1], "layers", *STYLES, "settings", "numbers", "code", "words")

    title = t.Unicode("One model, written three ways").tag(sync=True)
    """Heading of the card. Input."""
    inputs = Whole(29).tag(sync=True)
    """Numbers in a row, 1 to 10,000; those of `data` if it is given. Control."""
    second = Whole(0).tag(sync=True)
    """How many of the inputs, the last ones, come in as a second input with a layer of its own; 0 for none. Control."""
    units = Units([16]).tag(sync=True)
    """Units of the hidden layers, none to 3 of them, each 1 to 1,000. A text such as "64, 32" is read, too. Control."""
    activation = t.Enum(ACTIVATIONS, "relu").tag(sync=True)
    """Activation of the hidden layers. Control."""
    dropout = t.Float(0.0).tag(sync=True)
    """Share of units dropped behind each hidden layer, from 0 (no such layer) to below 1. Control."""
    outputs = Whole(1).tag(sync=True)
    """Units of the output layer, 1 to 100. Control."""
    output_activation = t.Enum(OUTPUT_ACTIVATIONS, "sigmoid").tag(sync=True)
    """Activation of the output layer. Control."""
    seed = Whole(42).tag(sync=True)
    """Of the weights that all three get, from 0. Input."""
    status = t.Enum(("loading", "building", "done", "failed"), "building", read_only=True).tag(sync=True)
    """Loading Keras, building the models, done or failed. Report."""
    layers: t.List[dict[str, Any]] = t.List(read_only=True).tag(sync=True)
    """The layers in order: key, label, kind, and the formula of their parameters. Report."""
    styles: t.List[dict[str, Any]] = t.List(read_only=True).tag(sync=True)
    """The three ways: name, title, what it is good for, and lines of code with the layers they speak of. Report."""
    measured = t.Dict(read_only=True).tag(sync=True)
    """Counts, shapes and the largest difference of outputs; empty until the models are built. Report."""
    said = t.Unicode(read_only=True).tag(sync=True)
    """What was found, in a sentence or two. Report."""
    code = t.Unicode(read_only=True).tag(sync=True)
    """A plain Keras program that finds the same numbers. Report."""

    def __init__(self, data: Any = None, **settings: Any) -> None:
        self._rows = Rows(data)
        if self._rows.inputs is not None:
            settings.setdefault("inputs", self._rows.inputs)
        self._telling = threading.RLock()
        self._latest = Latest(self._build)
        self._built: dict[str, Built] = {}
        super().__init__(**settings)
        self.follow(*_SETTINGS)

    @property
    def spec(self) -> Spec:
        """The settings in one."""
        values = {name: getattr(self, name) for name in _SETTINGS}
        return Spec(**values | {"units": tuple(self.units)})

    @property
    def models(self) -> dict[str, Any]:
        """The built keras.Models by style, with the same weights; without Sequential where it cannot be built."""
        return {style: built.model for style, built in self._built.items() if built.model is not None}

    @property
    def recording(self) -> Recording:
        """One frame for each row asked about: the outputs of each style, float32, shape (rows, outputs)."""
        return self._shown or Recording()

    def recompute(self) -> None:
        """Check the settings, write the code, and have the models built."""
        spec = self.spec
        spec.check()
        self._rows.check(spec.inputs)
        with self._telling, self.hold_sync():
            self._built = {}
            lines = written(spec)
            self.set_trait("layers", [words.layer(layer) for layer in spec.layers])
            self.set_trait("styles", [words.style(style, lines[style], spec) for style in STYLES])
            self.set_trait("code", program(spec, not self._rows.made))
            self._tell_status()
            self.set_trait("measured", {})
            self.set_trait("said", "")
            self._latest.ask(spec)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the models are built.

        Args:
            timeout: Seconds to wait at most; None for as long as it takes.

        Returns:
            False if they are not after `timeout`.

        Raises:
            Exception: What made it fail.
        """
        return self._latest.result(timeout)

    def still(self) -> str:
        """The three ways and their counts on a page where nothing runs. Plain HTML."""
        parts = [still.paragraph(self.said)] if self.said else []
        for style in self.styles:
            parts += [still.heading(style["title"]), still.paragraph(style["good"])]
            parts.append(still.block("\n".join(line["text"] for line in style["lines"])))
        counts = self.measured.get("counts")
        if counts:
            lines = [
                (layer["label"], [(f"{counts[style][layer['key']]:,}", 0.0) for style in counts])
                for layer in self.layers
            ]
            parts.append(still.table("Parameters", list(counts), lines))
        return still.figure(self._still, self.title, parts)

    def close(self) -> None:
        """Take the widget off every page; what is being built is forgotten."""
        self._latest.drop()
        super().close()

    def _tell_status(self) -> None:
        self.set_trait("status", "building" if is_keras_loaded() else "loading")

    def _build(self, spec: Spec) -> None:
        try:
            built = build(spec, self._rows.first(ROWS, spec.inputs), self._loaded)
            recording = _recording(spec, built)
            layers = shapes(built["functional"].model, spec.layers)
            found = words.measured(spec, built, layers)
        except Exception as error:
            with self._telling:
                if self._latest.is_newest():
                    self.set_trait("said", f"It could not be built: {words.first_sentence(error)}")
                    self.set_trait("status", "failed")
            raise
        with self._telling:
            if not self._latest.is_newest():
                return
            with self.hold_sync():
                self._built = built
                self.set_trait("measured", found)
                self.set_trait("said", words.said(spec, found))
                self.set_trait("status", "done")
            self.publish(recording)

    def _loaded(self) -> None:
        with self._telling:
            if self._latest.is_newest():
                self.set_trait("status", "building")


def _recording(spec: Spec, built: dict[str, Built]) -> Recording:
    settings = {name: getattr(spec, name) for name in _SETTINGS} | {"units": list(spec.units)}
    recording = Recording(settings)
    outputs = {style: made.outputs for style, made in built.items() if made.outputs is not None}
    recording.extend({style: np.asarray(array) for style, array in outputs.items()})
    return recording
