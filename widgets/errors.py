"""What every widget raises for a setting it cannot work with."""

import traitlets as t


class SettingsError(ValueError, t.TraitError):
    """Settings or data cannot be worked with; the message says what is wrong and what to try.

    A ValueError to who calls; to traitlets one of its own, so that a refused value is taken back.
    """
