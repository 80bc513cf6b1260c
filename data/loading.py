"""Imports Keras without TensorFlow's notes on the machine, which a notebook shows as a red block. No models here.

It stands in `data` because both `heart` and `widgets` stand on `data` and do not know each other.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType

_loading = threading.Lock()
_woken = False


def load_keras() -> ModuleType:
    """Import Keras and wake its backend, which takes some seconds the first time.

    TensorFlow's C++ code writes to the process's standard error before any setting of its log level counts, so that
    is where the first import sends nothing. An import that fails raises as ever.
    """
    global _woken
    with _loading:
        if not _woken:  # where Keras is imported, but not yet awake, as in a process forked from one that imported it
            with silent_stderr():
                import keras

                if keras.backend.backend() == "tensorflow":
                    import tensorflow as tf

                    tf.config.list_logical_devices()
            _woken = True
        return sys.modules["keras"]


def is_keras_loaded() -> bool:
    """Whether Keras is imported, and not just being imported by another thread."""
    spec = getattr(sys.modules.get("keras"), "__spec__", None)
    return spec is not None and not getattr(spec, "_initializing", False)


@contextmanager
def silent_stderr() -> Iterator[None]:
    """What is written to the process's standard error goes nowhere, in C too."""
    try:
        kept = os.dup(2)
    except OSError:  # a process without standard error
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        with suppress(Exception):
            sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)
