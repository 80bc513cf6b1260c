"""A server for a class, with a password: what those meet who know it, those who do not, and the lecturer.

All it writes meanwhile keeps its secrets.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from scene import play
from servers import write_notebook
from student import Student
from tornado.httpclient import HTTPClientError

from firstepoch.lessons.classroom.door import LECTURERS, STUDENTS, TRIES
from firstepoch.lessons.classroom.watch import Figures

PASSWORD = "blaü Gecko&7"
TRAINING = """
from firstepoch import heart, widgets
widgets.LiveTraining(heart.build_model, heart.load(), epochs=100_000)"""
LOUD = """
import logging, sys
logging.basicConfig(level=logging.DEBUG)
logging.ERROR = logging.DEBUG  # the level that the server asks for
from firstepoch.lessons import command
sys.exit(command.main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Its address, and the file with everything it writes."""
    folder, log = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("log") / "all"
    code = "import ipywidgets, os\nipywidgets.VBox([ipywidgets.IntSlider(7), ipywidgets.Label(str(dict(os.environ)))])"
    write_notebook(folder, "one", code)
    write_notebook(folder, "two", TRAINING)
    options = ["--no-browser", "--port", "0", "--class", "--host", "127.0.0.1"]
    command = [sys.executable, "-c", LOUD, "serve", *options, str(folder)]
    environment = {**os.environ, "FIRSTEPOCH_PASSWORD": PASSWORD}
    with log.open("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
        killer = threading.Timer(300, process.kill)
        killer.start()
        try:
            while not (found := re.search(r"http://\S+(?=class#\S+\n)", log.read_text())):
                assert process.poll() is None, log.read_text()
                time.sleep(0.05)
            yield found[0], log
        finally:
            killer.cancel()
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def url(server):
    return server[0]


@pytest.fixture(scope="module")
def key(server):
    """The lecturer's, as it was printed."""
    return re.search(r"class#(\S+)", server[1].read_text())[1]


class Visitor(Student):
    """Keeps the cookies of every answer, as a browser does, and follows no redirect."""

    async def ask(self, method, path, **options):
        answer = await super().ask(method, path, follow_redirects=False, **options)
        for line in answer.headers.get_list("Set-Cookie"):
            self.cookies.update({name: one.value for name, one in SimpleCookie(line).items()})
        return answer

    async def give(self, word, to="/voila/render/one.ipynb", token=None):
        """Fill in the form."""
        page = await self.ask("GET", f"enter?{urlencode({'to': to})}")
        sent = re.search(rb'name="_xsrf" value="([^"]+)"', page.body)
        form = {"_xsrf": (sent[1].decode() if token is None else token) if sent else "", "word": word, "to": to}
        return await self.ask("POST", "enter", body=urlencode(form), headers={"X-XSRFToken": ""})


def visitor(url):
    return Visitor(url, "one")


PAGES = ["", "voila/render/one.ipynb", "voila/render/one.ipynb?a=1&b=%20", "voila/render/none.ipynb", "none"]
OTHERS = [
    "voila/seat",
    "voila/static/voila.js",
    "voila/api/themes/x",
    f"api/kernels/{'0' * 8}-0000-0000-0000-{'0' * 12}",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_asks_first_and_leads_back(url, path):
    answer = play(visitor(url).ask("GET", path))
    assert answer.code == 302 and answer.headers["Location"] == f"/enter?{urlencode({'to': f'/{path}'})}"
    assert b"kernelId" not in answer.body


@pytest.mark.parametrize("path", OTHERS)
def test_everything_else_is_refused(url, path):
    assert play(visitor(url).ask("GET", path)).code == 401


def test_a_socket_is_refused(url):
    guest = visitor(url)
    guest.kernel = OTHERS[-1].rpartition("/")[2]
    with pytest.raises(HTTPClientError) as refused:
        play(guest.connect())
    assert refused.value.code == 401


def test_machines_are_not_asked(url):
    assert play(visitor(url).ask("GET", "health")).code == 200
    assert play(visitor(url).ask("GET", "metrics")).code == 200


def test_who_knows_it_comes_to_the_page_that_was_asked_for_and_works_there(url):
    async def scene():
        guest = visitor(url)
        answer = await guest.give(f"{PASSWORD} ")
        assert answer.code == 303 and answer.headers["Location"] == "/voila/render/one.ipynb"
        (cookie,) = [one for one in answer.headers.get_list("Set-Cookie") if one.startswith(STUDENTS)]
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "gecko" not in cookie.lower()
        await guest.arrive()
        (seen,) = [one["value"] for one in guest.states.values() if one.get("_view_name") == "LabelView"]
        assert "PATH" in seen and PASSWORD not in seen, "a kernel does not know it"
        assert (await guest.ask("GET", "enter")).code == 303, "and is not asked again"
        await guest.leave()

    play(scene())


def test_a_wrong_word_is_told_and_lets_nobody_in(url):
    async def scene():
        guest = visitor(url)
        answer = await guest.give("blau Gecko 7", to='/"><script>')
        assert answer.code == 403 and b"That is not the password" in answer.body
        assert STUDENTS not in guest.cookies and b"blau" not in answer.body and b"><script>" not in answer.body
        assert (await guest.ask("GET", "")).code == 302
        guest.cookies[STUDENTS] = "forged"
        assert (await guest.ask("GET", "")).code == 302

    play(scene())


@pytest.mark.parametrize(
    "to", ["//evil.example/", "http://evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_it_leads_to_no_other_host(url, to):
    assert play(visitor(url).give(PASSWORD, to=to)).headers["Location"] == "/"


def test_a_form_of_another_site_is_refused(url):
    guest = visitor(url)
    assert play(guest.give(PASSWORD, token="forged")).code == 403
    assert STUDENTS not in guest.cookies


async def lecturing(url, key):
    """The lecturer, who has opened the link."""
    lecturer = visitor(url)
    page = await lecturer.ask("GET", "class")
    assert page.code == 200 and b"Right now" not in page.body and key.encode() not in page.body
    answer = await lecturer.ask("POST", "class/key", body=urlencode({"key": key}))
    assert answer.code == 204
    (cookie,) = [one for one in answer.headers.get_list("Set-Cookie") if one.startswith(LECTURERS)]
    assert "HttpOnly" in cookie and key not in cookie
    return lecturer


def test_the_key_opens_the_lecturer_s_page_and_every_other(url, key):
    async def scene():
        lecturer = await lecturing(url, key)
        page = (await lecturer.ask("GET", "class")).body
        assert b"Right now" in page and url.encode() in page and b"<svg" in page and key.encode() not in page
        assert (await lecturer.ask("GET", "voila/seat")).code == 200
        now = await lecturer.ask("GET", "class/now")
        assert set(json.loads(now.body)) == set(Figures.__dataclass_fields__)

    play(scene())


def test_nobody_else_is_the_lecturer(url, key):
    async def scene():
        student = visitor(url)
        await student.give(PASSWORD)
        for forged in ("", key, "forged", student.cookies[STUDENTS]):
            student.cookies[LECTURERS] = forged
            assert (await student.ask("GET", "class/now")).code == 403
            assert (await student.ask("POST", "class/hold", body="hold=1")).code == 403
            assert b"Right now" not in (await student.ask("GET", "class")).body
        for wrong in ("", key[:-1], PASSWORD):
            assert (await student.ask("POST", "class/key", body=urlencode({"key": wrong}))).code == 403
        forged = await student.ask("POST", "class/key", body=urlencode({"key": key}), headers={"X-XSRFToken": ""})
        assert forged.code == 403, "not from another site"

    play(scene())


def test_the_lecturer_pauses_a_student_s_training_and_lets_it_go_on(url, key):
    async def scene():
        lecturer = await lecturing(url, key)
        student = Visitor(url, "two")
        await student.give(PASSWORD)
        await student.arrive()
        card, state = next((one, its) for one, its in student.states.items() if "report" in its)

        async def press(kind):
            await student.send("comm_msg", {"comm_id": card, "data": {"method": "custom", "content": {"kind": kind}}})

        async def hold(value):
            return (await lecturer.ask("POST", "class/hold", body=f"hold={value}")).code

        async def trainings():
            return json.loads((await lecturer.ask("GET", "class/now")).body)["trainings"]

        await press("train")
        await student.until(lambda: state["status"] == "training" and state["report"]["epoch"] > 3)
        assert await trainings() == 1
        assert await hold(5) == 400 and await hold(1) == 204
        await student.until(lambda: state["status"] == "paused")
        assert "The lecturer has paused all trainings" in state["report"]["note"] and await trainings() == 0
        reached = state["report"]["epoch"]
        await press("resume")
        assert await hold(0) == 204
        await student.until(lambda: state["status"] == "training" and state["report"]["epoch"] > reached)
        await press("stop")
        await student.until(lambda: state["status"] == "done")
        await student.leave()

    play(asyncio.wait_for(scene(), 120))


def test_who_guesses_is_made_to_wait(url):
    async def scene():
        answers = [await visitor(url).give(f"guess {at}") for at in range(TRIES + 1)]
        assert [one.code for one in answers[:5]] == [403] * 5
        assert answers[-1].code == 429 and int(answers[-1].headers["Retry-After"]) > 0
        assert b"Too many wrong words" in answers[-1].body

    play(scene())


def test_nothing_it_wrote_tells_a_secret(server, key):
    """The last one: all the others have been here by now."""
    url, log = server
    lecturer = play(lecturing(url, key))
    written = log.read_text()
    assert "POST /class/key" in written and "POST /enter" in written, "it wrote everything down"
    assert written.count(key) == 1, "where it was printed for the lecturer"
    assert lecturer.cookies[LECTURERS] not in written
    for secret in (PASSWORD, urlencode({"": PASSWORD})[1:], "guess 1", "Gecko"):
        assert secret not in written
