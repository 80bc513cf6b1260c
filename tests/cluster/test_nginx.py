"""Two real replicas behind a real nginx: students of one notice nothing when the other is lost."""

import asyncio
import json
import os
import re
import signal
import subprocess
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from unittest.mock import patch

import nginx
import psutil
import pytest
import servers
from pupil import Pupil, free_ports
from scene import play
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

CONFIG = Path(__file__).parents[2] / "lessons" / "cluster" / "nginx.conf"
WHOLE = """\
{user}
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/firstepoch.conf;
}}
"""
SLOW = "import time\ntime.sleep(2)"
ROUTE = "firstepoch_route"
PASSWORD = "gradient"


def configure(folder, replicas):
    """Write our configuration with other ports, and what it is part of; gives the port of nginx."""
    [port], text = free_ports(1), CONFIG.read_text()
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};")
    for ours, real in zip(("8866", "8867"), replicas, strict=True):
        assert text.count(f":{ours}") == 4
        text = text.replace(f":{ours}", f":{real}")
    (folder / "firstepoch.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(WHOLE.format(user=user, folder=folder))
    return port


@contextmanager
def proxy(folder, replicas):
    """nginx before these ports; gives its address."""
    port = configure(folder, replicas)
    command = [nginx.find(), "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        deadline = time.monotonic() + 20
        while not (folder / "nginx.pid").exists() or not (folder / "nginx.pid").read_text():
            assert process.poll() is None and time.monotonic() < deadline, (folder / "error.log").read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


def replica_port(server):
    return int(re.search(r":(\d+)/", server.url)[1])


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers it was sent."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(self.headers)).encode())

    def log_message(self, *_):
        pass


@contextmanager
def listening(port):
    """A server at this port that is no replica."""
    with ThreadingHTTPServer(("127.0.0.1", port), Echo) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    """Two replicas and nginx before them: its address, and the servers by their names."""
    notebooks, folder = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("nginx")
    servers.write_notebook(notebooks, "live", servers.SETUP)
    servers.write_notebook(notebooks, "slow", SLOW)
    home = tmp_path_factory.mktemp
    with (
        patch.dict(os.environ, FIRSTEPOCH_PASSWORD=PASSWORD),
        servers.voila(notebooks, home("a")) as a,
        servers.voila(notebooks, home("b")) as b,
        proxy(folder, [replica_port(a), replica_port(b)]) as url,
    ):
        yield url, {"a": a, "b": b}


def test_a_page_is_streamed_and_has_the_cookie_of_its_replica(class_):
    url, _ = class_
    began, pieces = time.monotonic(), []

    async def fetch(student):
        request = HTTPRequest(
            f"{url}voila/render/slow.ipynb",
            headers={"Cookie": "; ".join(f"{name}={value}" for name, value in student.cookies.items())},
            streaming_callback=lambda _: pieces.append(time.monotonic() - began),
            request_timeout=120,
        )
        return await AsyncHTTPClient().fetch(request)

    student = Pupil(url, "slow")
    assert play(student.enter(PASSWORD)) == 303
    del student.cookies[ROUTE]
    answer = play(fetch(student))
    assert pieces[-1] - pieces[0] > 1.5, "the text came with the output of a cell that takes two seconds"
    cookies = [line for line in answer.headers.get_list("Set-Cookie") if line.startswith(ROUTE)]
    assert len(cookies) == 1 and re.fullmatch(rf"{ROUTE}=[ab]; Path=/; HttpOnly; SameSite=Lax", cookies[0])
    student.cookies[ROUTE] = cookies[0].partition(";")[0].removeprefix(f"{ROUTE}=")
    again = play(fetch(student))
    assert not [line for line in again.headers.get_list("Set-Cookie") if line.startswith(ROUTE)]


def test_what_a_page_has_no_use_for_stays_inside(class_):
    url, _ = class_

    async def status(path, **headers):
        request = HTTPRequest(f"{url}{path}", headers=headers)
        return (await AsyncHTTPClient().fetch(request, raise_error=False)).code

    assert play(status("metrics")) == 404
    assert play(status("health")) == 200
    assert play(status("")) == 200
    assert play(status("", Host="another.example")) == 403  # `--name` lets one in


def test_students_of_one_replica_notice_nothing_when_the_other_is_lost(class_):
    url, replicas = class_

    async def scene():
        students = [Pupil(url, "live") for _ in range(4)]
        for student in students:  # one after the other, so that each sees where the others are
            assert await student.enter(PASSWORD) == 303
            await student.arrive()
        routes = [student.cookies[ROUTE] for student in students]
        assert sorted(routes) == ["a", "a", "b", "b"]
        await asyncio.gather(*(student.train(3) for student in students))

        lost, kept = replicas["a"], [one for one in students if one.cookies[ROUTE] == "b"]
        theirs = psutil.Process(lost.process.pid).children(recursive=True)
        os.kill(lost.process.pid, signal.SIGKILL)
        stranded = [one for one in students if one.cookies[ROUTE] == "a"]
        await asyncio.wait_for(asyncio.gather(*(one.listening for one in stranded)), 20)
        assert not psutil.wait_procs(theirs, timeout=20)[1], "a kernel outlived its server"

        # The others train on, with the same Python and by the same socket.
        await asyncio.gather(*(one.train(2) for one in kept))
        assert not any(one.listening.done() for one in kept)

        # Who lost the page opens it again, is not asked for the password again, and stays where it came from.
        again = await asyncio.gather(*(one.reload() for one in stranded))
        assert [one.cookies[ROUTE] for one in again] == ["b", "b"]
        await asyncio.gather(*(one.train(3) for one in again))

        # They stay there when something answers at the old place again, and a socket opens anew where the Python is.
        with listening(replica_port(lost)):
            (await again[0].connect(session="another")).close()
            await again[0].train(2)
            # Who asks is not who says so.
            named = {"Cookie": f"{ROUTE}=a", "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
            heard = json.loads((await AsyncHTTPClient().fetch(HTTPRequest(url, headers=named))).body)
            assert (heard["X-Forwarded-For"], heard["X-Forwarded-Proto"]) == ("127.0.0.1", "http")
            assert heard["Host"] in url
        for one in (*kept, *again):
            await one.leave()

    play(scene())
