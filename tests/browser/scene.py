"""A scene of what happens at the same time, for tests that speak protocols."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def play(scene):
    """Run a scene in a thread of its own: that of the tests may have a browser's event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scene).result()
