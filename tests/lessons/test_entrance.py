"""A server with a password, as those meet it who know it and who do not; all it writes meanwhile keeps its secrets."""

import os
import re
import subprocess
import sys
import threading
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import nbformat
import pytest
from scene import play
from student import Student
from tornado.httpclient import HTTPClientError

from firstepoch.lessons.classroom.door import STUDENTS, TRIES

PASSWORD = "blaü Gecko&7"
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
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    code = "import ipywidgets, os\nipywidgets.VBox([ipywidgets.IntSlider(7), ipywidgets.Label(str(dict(os.environ)))])"
    notebook.cells = [nbformat.v4.new_code_cell(code)]
    nbformat.write(notebook, folder / "one.ipynb")
    command = [sys.executable, "-c", LOUD, "serve", "--no-browser", "--port", "0", str(folder)]
    environment = {**os.environ, "FIRSTEPOCH_PASSWORD": PASSWORD}
    with log.open("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
        killer = threading.Timer(300, process.kill)
        killer.start()
        try:
            while not (found := re.search(r"http://\S+", log.read_text())):
                assert process.poll() is None, log.read_text()
            yield found[0], log
        finally:
            killer.cancel()
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def url(server):
    return server[0]


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


def test_who_guesses_is_made_to_wait(url):
    async def scene():
        answers = [await visitor(url).give(f"guess {at}") for at in range(TRIES + 1)]
        assert [one.code for one in answers[:5]] == [403] * 5
        assert answers[-1].code == 429 and int(answers[-1].headers["Retry-After"]) > 0
        assert b"Too many wrong words" in answers[-1].body

    play(scene())


def test_nothing_it_wrote_tells_a_secret(server):
    """The last one: all the others have been here by now."""
    url, log = server
    play(visitor(url).ask("GET", "enter"))
    written = log.read_text()
    assert "GET /enter" in written, "it wrote everything down"
    for secret in (PASSWORD, urlencode({"": PASSWORD})[1:], "guess 1", "Gecko"):
        assert secret not in written
