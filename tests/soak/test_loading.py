"""A program that ends while Keras is still being imported in the background."""

import subprocess
import sys


def test_a_program_may_end_while_keras_is_being_loaded():
    made = "from firstepoch.widgets import ModelStyles; import sys; assert 'keras' not in sys.modules; ModelStyles()"
    ended = subprocess.run([sys.executable, "-c", made], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0 and "Traceback" not in ended.stderr
