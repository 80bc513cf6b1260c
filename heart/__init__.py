"""The lecture's heart-disease model: features, split, network, evaluation. Keras is loaded on first use."""

from firstepoch.heart.dataset import load
from firstepoch.heart.evaluation import Evaluation, evaluate
from firstepoch.heart.features import encode
from firstepoch.heart.model import build_model

__all__ = ["Evaluation", "build_model", "encode", "evaluate", "load"]
