"""The widgets, and the Recording they all read. Importing this loads neither TensorFlow nor Keras."""

from firstepoch.widgets.autodiff.widget import Autodiff
from firstepoch.widgets.checklist.widget import Checklist
from firstepoch.widgets.cost.widget import GradientCost
from firstepoch.widgets.descent.widget import GradientStep
from firstepoch.widgets.devices.widget import Devices
from firstepoch.widgets.distribution.widget import Distribution
from firstepoch.widgets.dropout.widget import DropoutView
from firstepoch.widgets.early_stopping.widget import EarlyStoppingExplorer
from firstepoch.widgets.epoch.widget import EpochRace
from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.evaluation.widget import Evaluation
from firstepoch.widgets.ladder.widget import RankLadder
from firstepoch.widgets.loss.widget import LossView
from firstepoch.widgets.network.widget import NetworkView
from firstepoch.widgets.optimizers.widget import OptimizerRace
from firstepoch.widgets.overfitting.widget import Overfitting
from firstepoch.widgets.progress import progress, reset_progress
from firstepoch.widgets.question.widget import Question
from firstepoch.widgets.recording import Recording
from firstepoch.widgets.recording_file import RecordingError
from firstepoch.widgets.stack.widget import KerasStack
from firstepoch.widgets.styles.widget import ModelStyles
from firstepoch.widgets.task.widget import Task
from firstepoch.widgets.tensor.take import TensorError
from firstepoch.widgets.tensor.widget import TensorView
from firstepoch.widgets.tour.widget import DataTour
from firstepoch.widgets.training.builder import model_builder
from firstepoch.widgets.training.widget import LiveTraining

__all__ = [
    "Autodiff",
    "Checklist",
    "DataTour",
    "Devices",
    "Distribution",
    "DropoutView",
    "EarlyStoppingExplorer",
    "EpochRace",
    "Evaluation",
    "GradientCost",
    "GradientStep",
    "KerasStack",
    "LiveTraining",
    "LossView",
    "ModelStyles",
    "NetworkView",
    "OptimizerRace",
    "Overfitting",
    "Question",
    "RankLadder",
    "Recording",
    "RecordingError",
    "SettingsError",
    "Task",
    "TensorError",
    "TensorView",
    "model_builder",
    "progress",
    "reset_progress",
]
