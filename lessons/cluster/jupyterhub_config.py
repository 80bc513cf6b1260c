"""JupyterHub for a class that shares one password, on one machine: every student has a JupyterLab with the lessons.

`FIRSTEPOCH_PASSWORD=... jupyterhub -f jupyterhub_config.py`. What it writes, the students' folders among it, is in the
folder `FIRSTEPOCH_HUB` names, or in `hub` where it is started. README.md says what such a hub protects, and what not.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from jupyterhub.spawner import SimpleLocalProcessSpawner

c: Any = get_config()  # type: ignore[name-defined]  # noqa: F821  JupyterHub gives it to the file

HERE: Final = Path(__file__).resolve().parent
HUB: Final = Path(os.environ.get("FIRSTEPOCH_HUB", "hub")).resolve()
# Taken out of the environment, which the proxy inherits.
PASSWORD: Final = os.environ.pop("FIRSTEPOCH_PASSWORD", "")

if len(PASSWORD) < 8:
    raise SystemExit("Set FIRSTEPOCH_PASSWORD to the password of the class, of 8 characters or more.")

HUB.mkdir(mode=0o700, parents=True, exist_ok=True)


class LessonSpawner(SimpleLocalProcessSpawner):
    """Starts a student's server in a folder of its own, with the lessons in it, and holds `mem_limit`."""

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        """What the new process does first: go to its folder, and limit the memory of each process it will start."""
        enter, limit = super().make_preexec_fn(name), self.mem_limit

        def preexec() -> None:
            enter()
            if limit:
                resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))

        return preexec


def copy_lessons(spawner: LessonSpawner) -> None:
    """Give a student who has no notebooks those of the lessons; what is there is the student's own."""
    folder = Path(spawner.home_dir, "lessons")
    if not any(folder.glob("*.ipynb")):
        copy = [sys.executable, "-m", "firstepoch.lessons.command", "copy", str(folder)]
        subprocess.run(copy, check=True, stdout=subprocess.DEVNULL)


def proxy() -> list[str]:
    """The command of configurable-http-proxy: the one that is installed, or else from npm by Deno."""
    if installed := shutil.which("configurable-http-proxy"):
        return [installed]
    deno = Path(sys.executable).with_name("deno")
    found = str(deno) if deno.exists() else "deno"
    locked = ["--no-config", "--node-modules-dir=none", f"--lock={HERE / 'proxy.lock'}", "--frozen"]
    allowed = ["--allow-net", "--allow-env", "--allow-read", "--allow-sys"]
    return [found, "run", "--quiet", *locked, *allowed, "npm:configurable-http-proxy@5.3.0"]


c.JupyterHub.ip = "127.0.0.1"
c.JupyterHub.db_url = f"sqlite:///{HUB / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(HUB / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(HUB / "proxy.pid")
c.ConfigurableHTTPProxy.command = proxy()

c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = PASSWORD
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = r"[a-z0-9][a-z0-9._-]{0,31}$"  # it is the name of a folder

c.JupyterHub.spawner_class = LessonSpawner
c.LessonSpawner.home_dir_template = f"{HUB}/students/{{username}}"
c.Spawner.pre_spawn_hook = copy_lessons
c.Spawner.notebook_dir = "~/lessons"
c.Spawner.default_url = "/lab/tree/index.ipynb"
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.mem_limit = "2G"
c.Spawner.environment = {
    "JUPYTER_CONFIG_PATH": str(HERE),  # labconfig/: no questions about news, and to no other host
    # Threads of its own would only wait for those of the other students.
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
# Many come in the same minute, and each start takes seconds of a core.
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300

CULLER: Final = "idle-culler"
c.JupyterHub.services = [
    {"name": CULLER, "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600", "--cull-every=300"]}
]
c.JupyterHub.load_roles = [
    {
        "name": CULLER,
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": [CULLER],
    }
]
