"""The kernels of a server. Jupyter's manager reads every message of every kernel a second time; this one does not."""

from __future__ import annotations

import math
import time
from queue import Empty

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager


class KernelManager(AsyncMappingKernelManager):
    """Starts and ends kernels as Jupyter's does, and does not watch which of them are idle.

    Whether a page is there says more than what its kernel does (absent.py).
    """

    def start_watching_activity(self, kernel_id: str) -> None:
        """The kernel is there: a page that waits for that need not wait any longer."""
        self.get_kernel(kernel_id).execution_state = "idle"  # type: ignore[attr-defined]


class KernelClient(AsyncKernelClient):
    """Speaks with a kernel as Jupyter's does, and goes on as soon as it answers.

    Jupyter's own reads on until there was nothing for 0.2 s, for each page. What runs the cells passes over whatever is
    no answer to them.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers, and what it prints is heard.

        Args:
            timeout: Seconds; None for as long as it takes.

        Raises:
            RuntimeError: The kernel died, or did not answer in time.
        """
        end = math.inf if timeout is None else time.monotonic() + timeout
        while not await self._answers():
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _answers(self) -> bool:
        self.kernel_info()
        try:
            reply = await self.shell_channel.get_msg(timeout=1)
            await self.iopub_channel.get_msg(timeout=0.2)
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True
