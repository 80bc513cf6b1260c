"""Servers in processes of their own, notebooks made for a test, and a line to the kernels behind the pages."""

import ast
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from queue import Empty

import nbformat
from jupyter_client.blocking import BlockingKernelClient

TOKEN = "token"
SETUP = """\
from firstepoch import heart, widgets
live = widgets.LiveTraining(heart.build_model, heart.load(), title="Train the heart model")
live"""
NETWORK = """\
from firstepoch import heart, widgets
network = widgets.NetworkView(heart.build_model(), heart.load())
network"""


def write_notebook(folder, name, *sources, title=None):
    """A notebook with these code cells, or text where a source begins with `md:`; returns its path."""
    made = nbformat.v4.new_notebook(
        metadata={"title": title or name, "kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[
            nbformat.v4.new_markdown_cell(source[3:]) if source.startswith("md:") else nbformat.v4.new_code_cell(source)
            for source in sources
        ],
    )
    path = Path(folder) / f"{name}.ipynb"
    nbformat.write(made, path)
    return path


class Server:
    """Where a server answers, and where its kernels leave their connection files."""

    def __init__(self, process, url, runtime):
        self.process, self.url, self.runtime = process, url, runtime

    def kernel(self, kernel_id):
        """A line to one of its kernels, beside the page's own."""
        return Kernel(next(self.runtime.rglob(f"kernel-{kernel_id}.json")))

    def kernels(self):
        """The ids of the kernels that are alive, by their connection files."""
        return {path.stem.removeprefix("kernel-") for path in self.runtime.rglob("kernel-*.json")}


class Kernel:
    """Runs code in the kernel of an open page, as a second front end would."""

    def __init__(self, connection_file):
        self._client = BlockingKernelClient(connection_file=str(connection_file))
        self._client.load_connection_file()
        self._client.start_channels()

    def __call__(self, expression):
        """The value of an expression; it must have a literal repr."""
        return self.run("", expression)

    def run(self, code, expression="None", timeout=120):
        """Run code, then give the value of an expression."""
        sent = self._client.execute(code, silent=True, user_expressions={"value": f"({expression})"})
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            try:
                reply = self._client.get_shell_msg(timeout=1)
            except Empty:
                continue
            if reply["parent_header"].get("msg_id") != sent:
                continue
            content = reply["content"]
            value = content.get("user_expressions", {}).get("value", content)
            failed = content if content["status"] != "ok" else value
            if failed["status"] != "ok":
                raise RuntimeError(f"{failed['ename']} in the kernel: {failed['evalue']}")
            return ast.literal_eval(value["data"]["text/plain"])
        raise TimeoutError(f"no answer from the kernel to {code!r}, {expression!r}")

    def wait(self, expression, value=True, timeout=30):
        """Wait until an expression has this value: what the page sends comes by another way than what is asked here."""
        deadline = time.monotonic() + timeout
        while (found := self(expression)) != value:
            assert time.monotonic() < deadline, f"{expression} is {found!r}, not {value!r}"
            time.sleep(0.05)

    @contextmanager
    def busy(self, flag):
        """The kernel runs one cell, and hears nothing of the page, until the block ends; `flag` is a file to use."""
        self._client.execute(
            f"import pathlib, time; flag, end = pathlib.Path({str(flag)!r}), time.monotonic() + 30; flag.touch()\n"
            "while flag.exists() and time.monotonic() < end: time.sleep(0.01)",
            silent=True,
        )
        deadline = time.monotonic() + 30
        while not flag.exists():
            assert time.monotonic() < deadline, "the kernel did not begin"
            time.sleep(0.01)
        try:
            yield
        finally:
            flag.unlink(missing_ok=True)

    def close(self):
        self._client.stop_channels()


def _environment(home, temporary):
    """Nothing of the user's own Jupyter gets in: settings are under `home`, files of kernels in `temporary`."""
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    for name in folders.values():
        (home / name).mkdir(parents=True, exist_ok=True)
    theirs = {key: str(home / name) for key, name in folders.items()}
    for key in ("TMPDIR", "JUPYTER_RUNTIME_DIR"):
        theirs[key] = temporary
    return {**os.environ, **theirs, "TF_CPP_MIN_LOG_LEVEL": "3"}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _running(command, home, announced):
    """Start a server; `announced` gives its address once it has one, from what it wrote so far."""
    log = home / "server.log"
    # The address of a kernel is the path of a socket, and those are short.
    temporary = tempfile.mkdtemp(prefix="firstepoch-")
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=_environment(home, temporary))
    try:
        deadline = time.monotonic() + 120
        while not (url := announced(log.read_text())):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {log.read_text()[-4000:]}")
            time.sleep(0.1)
        yield Server(process, url, Path(temporary))
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        shutil.rmtree(temporary, ignore_errors=True)


def voila(folder, home, *options):
    """`firstepoch serve` on a folder of notebooks; `folder` None is the shipped lessons."""
    command = [sys.executable, "-m", "firstepoch.lessons.command", "serve", "--no-browser", "--port", "0", *options]
    if folder is not None:
        command.append(str(folder))

    def announced(text):
        found = re.search(r"http://\S+", text)
        return found[0] if found else None

    return _running(command, home, announced)


def stock_voila(folder, home):
    """Voilà as it comes, with its `lab` template, on a folder of notebooks."""
    port = _free_port()
    options = ["--template=lab", "--no-browser", f"--port={port}", "--port_retries=0"]

    def announced(text):
        return f"http://127.0.0.1:{port}/" if "Voilà is running" in text else None

    return _running([sys.executable, "-m", "voila", str(folder), *options], home, announced)


def jupyterlab(folder, home):
    """JupyterLab on a folder of notebooks, with no questions to other hosts about news and updates."""
    options = {
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
        "LabApp.expose_app_in_browser": True,
    }
    return _jupyter("lab", folder, home, options)


def notebook7(folder, home):
    """Notebook 7 on a folder of notebooks, as quiet."""
    return _jupyter("notebook", folder, home, {"JupyterNotebookApp.expose_app_in_browser": True})


def _jupyter(application, folder, home, options):
    port = _free_port()
    quiet = home / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True)
    quiet.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    url = f"http://127.0.0.1:{port}/"

    def announced(_):
        try:
            with urllib.request.urlopen(f"{url}api/status?token={TOKEN}", timeout=5):
                return url
        except (urllib.error.URLError, OSError):
            return None

    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": folder,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": TOKEN,
        **options,
    }
    command = [sys.executable, "-m", "jupyter", application, "--no-browser"]
    return _running([*command, *(f"--{key}={value}" for key, value in options.items())], home, announced)
