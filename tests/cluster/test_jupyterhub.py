"""JupyterHub really started: three students log in, train, cannot reach each other, and leave by the idle culler."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import yaml
from pupil import free_ports
from scene import play
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from firstepoch.lessons.paths import lessons

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

CONFIG = Path(__file__).parents[2] / "lessons" / "cluster" / "jupyterhub_config.py"
PASSWORD = "gradient-descent"
IDLE = 10
CHANGES = """\
load_subconfig({config!r})
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
cull = [*c.JupyterHub.services[0]["command"][:-2], "--timeout={idle}", "--cull-every=1"]
wait = 'until [ -e {folder}/cull ]; do sleep 0.2; done; exec "$@"'
c.JupyterHub.services[0]["command"] = ["sh", "-c", wait, "sh", *cull]
c.JupyterHub.last_activity_interval = 1
c.Spawner.environment["JUPYTERHUB_ACTIVITY_INTERVAL"] = "1"
c.Spawner.args = ["--allow-root"]  # the tests of a container run as root
"""
"""What a test changes: ports of its own, and short times, from when there is a file `cull`."""
TRAIN = """\
import json
from firstepoch import heart, widgets
live = widgets.LiveTraining(heart.build_model, heart.load())
live.epochs = {epochs}
live.train()
live.wait()
print(json.dumps([live.status, live.history["loss"]]))"""


def until(there, seconds, what):
    deadline = time.monotonic() + seconds
    while not (found := there()):
        assert time.monotonic() < deadline, what
        time.sleep(0.2)
    return found


class Hub:
    """A JupyterHub in a folder of its own."""

    def __init__(self, folder):
        self.folder, self.log = folder, folder / "log"
        self.port, hub_port, api_port = free_ports(3)
        self.url = f"http://127.0.0.1:{self.port}"
        changed = {"config": str(CONFIG), "hub_port": hub_port, "api_port": api_port}
        changed |= {"folder": folder, "idle": IDLE}
        (folder / "config.py").write_text(CHANGES.format(**changed))

    def start(self, **environment):
        own = {"FIRSTEPOCH_HUB": str(self.folder / "hub"), "TF_CPP_MIN_LOG_LEVEL": "3", **environment}
        command = [sys.executable, "-m", "jupyterhub", "-f", str(self.folder / "config.py"), f"--port={self.port}"]
        with self.log.open("w") as log:
            return subprocess.Popen(
                command, cwd=self.folder, env={**os.environ, **own}, stdout=log, stderr=subprocess.STDOUT
            )

    @contextmanager
    def running(self):
        process = self.start(FIRSTEPOCH_PASSWORD=PASSWORD)
        started = {}
        try:
            until(lambda: "is now running at" in self.log.read_text() or process.poll(), 120, "the hub did not start")
            assert process.poll() is None, self.log.read_text()
            yield self
            started = {one.pid: one for one in psutil.Process(process.pid).children(recursive=True)}
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        gone, alive = psutil.wait_procs(started.values(), timeout=20)
        for one in alive:
            one.kill()
        assert not alive, f"outlived the hub: {alive}, {len(gone)} did not"


class HubStudent:
    """A student who logs in to a hub as a browser does."""

    def __init__(self, hub, name):
        import requests

        self.hub, self.name = hub, name
        self.home = f"{hub.url}/user/{name}/"
        self.browser = requests.Session()

    def log_in(self, password=PASSWORD):
        """Send the form of the login page; the status of the answer."""
        page = self.browser.get(f"{self.hub.url}/hub/login")
        form = {"username": self.name, "password": password, "_xsrf": self.cookie("/hub/")}
        assert page.ok
        return self.browser.post(f"{self.hub.url}/hub/login", data=form, allow_redirects=False).status_code

    def spawn(self):
        """Ask for a server and wait until it is there; the page that it opens with."""
        self.browser.get(f"{self.hub.url}/hub/spawn")
        until(lambda: self.server()["ready"], 120, "the server did not start")
        return self.browser.get(self.home)

    def server(self):
        """What the hub says of this student's server."""
        said = self.browser.get(
            f"{self.hub.url}/hub/api/users/{self.name}", headers={"X-XSRFToken": self.cookie("/hub/")}
        )
        return said.json()["servers"].get("", {"ready": False})

    def cookie(self, path, name="_xsrf"):
        return next((one.value for one in self.browser.cookies if (one.path, one.name) == (path, name)), "")

    def ask(self, method, path, home=None):
        """A request to a server, one's own or another's, as its JupyterLab makes it."""
        home = home or self.home
        token = self.cookie(home.removeprefix(self.hub.url))
        return self.browser.request(method, f"{home}{path}", headers={"X-XSRFToken": token})

    def start_kernel(self):
        self.kernel = self.ask("POST", "api/kernels").json()["id"]

    async def socket(self, home=None, kernel=None):
        """The websocket to a kernel, one's own or another's."""
        home = home or self.home
        path = home.removeprefix(self.hub.url)
        cookies = {one.name: one.value for one in self.browser.cookies if path.startswith(one.path)}
        address = f"{home.replace('http', 'ws', 1)}api/kernels/{kernel or self.kernel}/channels"
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Origin": self.hub.url}
        return await websocket_connect(HTTPRequest(address, headers=headers))

    def run(self, code, timeout=240):
        """What code prints in the kernel."""
        return play(asyncio.wait_for(self._run(code), timeout))

    async def _run(self, code):
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "version": "5.3"}
        header |= {"session": uuid.uuid4().hex, "date": "2026-01-01T00:00:00Z"}
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        connection = await self.socket()
        await connection.write_message(json.dumps({**message, "buffers": []}))
        printed, status = "", None
        # The reply and the end of the outputs come by channels of their own, in any order.
        waited = {"execute_reply", "idle"}
        while waited:
            raw = await connection.read_message()
            assert raw is not None, "the socket was closed"
            if isinstance(raw, bytes):  # an array of a widget
                continue
            heard = json.loads(raw)
            if heard["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            kind, said = heard["header"]["msg_type"], heard["content"]
            waited -= {kind, said.get("execution_state")}
            printed += said["text"] if kind == "stream" and said["name"] == "stdout" else ""
            status = said if kind == "execute_reply" else status
        connection.close()
        assert status["status"] == "ok", status
        return printed


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with Hub(tmp_path_factory.mktemp("hub")).running() as hub:
        yield hub


def test_it_does_not_start_without_a_password(tmp_path):
    hub = Hub(tmp_path)
    for environment in ({}, {"FIRSTEPOCH_PASSWORD": "short"}):
        assert hub.start(**environment).wait(120) == 1
        assert "Set FIRSTEPOCH_PASSWORD to the password of the class" in hub.log.read_text()
    assert not (tmp_path / "hub").exists()


def test_the_values_for_a_cluster_let_in_those_who_know_the_password_of_its_secret(monkeypatch):
    from jupyterhub.app import JupyterHub
    from traitlets.config import Config

    hub = yaml.safe_load((CONFIG.parent / "zero_to_jupyterhub.yaml").read_text())["hub"]
    [name] = hub["extraEnv"]
    monkeypatch.setenv(name, PASSWORD)
    config = Config(hub["config"])
    for code in hub["extraConfig"].values():
        exec(code, {"c": config})
    authenticator = JupyterHub(config=config).authenticator_class(config=config)

    def let_in(name, password):
        return play(authenticator.get_authenticated_user(None, {"username": name, "password": password}))

    assert let_in("ada", PASSWORD)["name"] == "ada"
    assert let_in("ada", "guess") is None
    assert let_in("../ada", PASSWORD) is None


def test_only_those_who_know_the_password_get_in_and_a_name_is_no_path(hub):
    assert HubStudent(hub, "eve").log_in("guess") == 403
    for name in ("..", "../ada", "a/b", "%2e%2e", "a b", "", ".hidden", "a" * 40):
        assert HubStudent(hub, name).log_in() in (400, 403), name


def test_three_students_train_apart_from_each_other_and_the_idle_ones_are_ended(hub):
    students = [HubStudent(hub, name) for name in ("ada", "bob", "cem")]
    ada, bob, cem = students
    assert [student.log_in() for student in students] == [302, 302, 302]
    with ThreadPoolExecutor() as side_by_side:
        pages = list(side_by_side.map(HubStudent.spawn, students))
        assert [page.url for page in pages] == [f"{student.home}lab/tree/index.ipynb" for student in students]
        assert all('"@jupyterlab/apputils-extension:announcements"' in page.text for page in pages)
        for student in students:
            student.start_kernel()
        trained = list(side_by_side.map(HubStudent.run, students, [TRAIN.format(epochs=n) for n in (2, 3, 4)]))

    # Each has a run of its own, and the same seed gives the same numbers.
    runs = [json.loads(text) for text in trained]
    assert [(status, len(loss)) for status, loss in runs] == [("done", 2), ("done", 3), ("done", 4)]
    assert runs[0][1] == runs[1][1][:2] == runs[2][1][:2]
    assert runs[2][1][-1] < runs[2][1][0]

    # Each has the lessons in a folder of its own.
    for student in students:
        found = sorted(path.name for path in (hub.folder / "hub" / "students" / student.name / "lessons").iterdir())
        assert found == sorted(path.name for path in lessons().values())
        assert [kernel["id"] for kernel in student.ask("GET", "api/kernels").json()] == [student.kernel]

    # Nobody reaches the server of another, nor its kernel.
    for stranger in (bob, HubStudent(hub, "nobody")):
        refused = stranger.ask("GET", "api/kernels", ada.home)
        assert refused.status_code in (401, 403) or "/hub/login" in refused.url
        assert ada.kernel not in refused.text
        assert not stranger.ask("POST", f"api/kernels/{ada.kernel}/interrupt", ada.home).ok
        with pytest.raises(HTTPClientError, match="403"):
            play(stranger.socket(ada.home, ada.kernel))

    # A process may take `mem_limit`, and no more.
    assert "MemoryError" in ada.run(
        "import numpy\ntry:\n    numpy.ones(1 << 30)\nexcept MemoryError as error:\n    print(repr(error))"
    )

    # Who does nothing loses the server; who works keeps it, and the folder stays.
    (hub.folder / "cull").touch()
    began = time.monotonic()
    while ada.server()["ready"] or bob.server()["ready"]:
        assert time.monotonic() - began < 6 * IDLE, "the idle servers were not ended"
        assert cem.run("print(len(live.history['loss']))") == "4\n"
        time.sleep(1)
    assert cem.server()["ready"]
    assert (hub.folder / "hub" / "students" / "ada" / "lessons" / "heart.ipynb").exists()

    # No secret is in the log.
    log = hub.log.read_text()
    secret = (hub.folder / "hub" / "cookie_secret").read_text().strip()
    assert PASSWORD not in log and secret not in log
    assert not re.search(r"token=(?!\[secret\])\w", log)
