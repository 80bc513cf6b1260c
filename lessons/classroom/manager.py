"""The kernels of a server. Jupyter's manager reads every message of every kernel a second time; this one does not."""

from __future__ import annotations

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager


class KernelManager(AsyncMappingKernelManager):
    """Starts and ends kernels as Jupyter's does, and does not watch which of them are idle.

    Whether a page is there says more than what its kernel does (absent.py).
    """

    def start_watching_activity(self, kernel_id: str) -> None:
        """The kernel is there: a page that waits for that need not wait any longer."""
        self.get_kernel(kernel_id).execution_state = "idle"  # type: ignore[attr-defined]
