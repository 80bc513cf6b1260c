"""Readings: what Python reads of an Evaluation, and the seal before it. Nothing is worked out here."""

from __future__ import annotations

from typing import Any

import pandas as pd

from firstepoch.widgets.errors import SettingsError
from firstepoch.widgets.evaluation import tell
from firstepoch.widgets.evaluation.classified import Classified
from firstepoch.widgets.evaluation.luck import Luck
from firstepoch.widgets.evaluation.numbers import Numbers
from firstepoch.widgets.evaluation.traits import EvaluationTraits
from firstepoch.widgets.recording import Recording


class Readings(EvaluationTraits):
    """The figures of the rows on the card; those of sealed rows raise a RuntimeError."""

    _result: Classified | Numbers | None
    _data: Any
    _luck: Luck

    @property
    def figures(self) -> dict[str, Any]:
        """All single numbers: counts, shares, AUC, loss; of a regression errors in the target's own unit.

        `accuracy` at 0.5 is Keras's; `loss` is the cross-entropy in nats as Keras's. A share is NaN where it is 0 / 0,
        the AUC where a class has no row.
        """
        result = self._opened()
        return result.figures(self.threshold) if isinstance(result, Classified) else result.figures()

    @property
    def confusion(self) -> pd.DataFrame:
        """Counts at the threshold: a row for each actual class, a column for each predicted one."""
        return self._classified("confusion counts").confusion(self.threshold)

    @property
    def roc(self) -> pd.DataFrame:
        """`fpr` and `tpr` at every cut; rows strictly `above` (the same: `at_least`) are predicted 1."""
        return self._classified("a ROC curve").roc()

    @property
    def precision_recall(self) -> pd.DataFrame:
        """`precision` and `recall` at every cut; rows strictly `above` (the same: `at_least`) are predicted 1."""
        return self._classified("a precision-recall curve").precision_recall()

    @property
    def calibration(self) -> pd.DataFrame:
        """One row a bin; see `calibration.reliability`."""
        return self._classified("a calibration").calibration(self.bins, self.strategy)

    @property
    def per_class(self) -> pd.DataFrame:
        """Precision, recall, F1 and support of each class."""
        return self._classified("figures of each class").per_class(self.threshold)

    @property
    def wrong(self) -> pd.DataFrame:
        """The raw rows the model got wrong with its `output`, furthest off first; of numbers all rows."""
        return tell.wrong(self._opened(), self._data, self.threshold)

    @property
    def intervals(self) -> pd.DataFrame:
        """95 % intervals: `figure`, `method` ("Wilson" or "bootstrap"), `value`, `low`, `high`."""
        result = self._opened()
        return result.intervals(self.threshold) if isinstance(result, Classified) else result.intervals()

    @property
    def splits(self) -> pd.DataFrame:
        """What each other split gave, with its seed as index; empty before `try_splits`."""
        found = pd.DataFrame(self._luck.results)
        return found.set_index("seed") if len(found) else found

    @property
    def recording(self) -> Recording:
        """One frame for each threshold that is shown; see `Classified.recording`. Empty for numbers."""
        result = self._opened()
        return result.recording() if isinstance(result, Classified) else Recording()

    def _opened(self) -> Classified | Numbers:
        if self._result is None:
            raise RuntimeError(
                'The test set is sealed. Open it with .open_test_set(), or look at other rows with rows="training".'
            )
        return self._result

    def _classified(self, what: str) -> Classified:
        result = self._opened()
        if isinstance(result, Numbers):
            raise SettingsError(f"The target is a number: it has no {what.split(' ', 1)[-1]}. Try .figures.")
        return result
