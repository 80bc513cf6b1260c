"""The widgets, and the Recording they all read. Importing this loads neither TensorFlow nor Keras."""

from firstepoch.widgets.recording import Recording
from firstepoch.widgets.recording_file import RecordingError

__all__ = ["Recording", "RecordingError"]
