"""Every setting of the lesson server in one place. What a setting is used for is told beside it."""

from __future__ import annotations

from typing import Any, Final

from firstepoch.lessons.classroom import kernels

TEMPLATE: Final = "firstepoch"

# The front-end extensions a lesson page loads: the widgets' own. Others on the same machine stay out, because they
# cost loading time and may ask other hosts for files.
EXTENSIONS: Final = [
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
    "bqplot",
    "bqscales",
]

CONFIG: Final[dict[str, dict[str, Any]]] = {
    "VoilaConfiguration": {
        "template": TEMPLATE,
        "theme": "light",  # the page's own switch sets the theme; this only keeps Voilà from loading another
        "strip_sources": True,
        "show_tracebacks": False,
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        "extension_allowlist": EXTENSIONS,
        "extension_denylist": [],
        "multi_kernel_manager_class": "firstepoch.lessons.classroom.manager.KernelManager",
    },
    # A notebook is validated once for a page, not after each of the seven steps that prepare it.
    "VoilaExporter": {"optimistic_validation": True},
    "AsyncKernelManager": {"client_class": "firstepoch.lessons.classroom.manager.KernelClient"},
    "KernelProvisionerFactory": {"default_provisioner_name": kernels.NAME},
    # A page whose Python died says so. Another Python under it would know nothing of its widgets, and would outlive it.
    "KernelRestarter": {"restart_limit": 0},
    # Importing TensorFlow on a slow machine may take longer than a minute; a cell that takes five is stuck.
    "VoilaExecutor": {"timeout": 300, "startup_timeout": 120},
}
