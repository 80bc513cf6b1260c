"""What every widget raises for a setting it cannot work with."""


class SettingsError(ValueError):
    """Settings or data cannot be worked with; the message says what is wrong and what to try."""
