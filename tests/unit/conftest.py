"""Generated cases are the same in every run: what fails here fails everywhere, and nothing fails by luck."""

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.load_profile("same")
