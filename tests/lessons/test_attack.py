"""What a page may not do: the protocol is spoken here by somebody who means harm."""

import asyncio
from contextlib import suppress

import pytest
from scene import play
from servers import write_notebook
from student import V1, Student
from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketClosedError

from firstepoch.lessons.classroom import guard

REFUSED = [
    ("shell", "execute_request", {"code": "open('owned', 'w')", "silent": False, "user_expressions": {}}),
    ("control", "execute_request", {"code": "open('owned', 'w')", "silent": False, "user_expressions": {}}),
    ("shell", "inspect_request", {"code": "open", "cursor_pos": 4}),
    ("shell", "complete_request", {"code": "open", "cursor_pos": 4}),
    ("shell", "is_complete_request", {"code": "1"}),
    ("shell", "history_request", {"hist_access_type": "tail", "n": 10, "output": True, "raw": True}),
    ("shell", "connect_request", {}),
    ("shell", "usage_request", {}),
    ("control", "usage_request", {}),
    ("control", "interrupt_request", {}),
    ("control", "debug_request", {"type": "request", "command": "initialize", "seq": 1, "arguments": {}}),
    ("control", "create_subshell_request", {}),
    ("stdin", "input_reply", {"value": "x"}),
    ("shell", "no_such_request", {}),
]
MALFORMED = [
    "",
    "{",
    "[]",
    "null",
    '"text"',
    "{}",
    '{"header": {}}',
    '{"channel": "shell"}',
    b"",
    b"\x00",
    b"\xff" * 64,
    b"\xff\xff\xff\x7f",
    b"\x7f\xff\xff\xff",
]
"""Sent as they are; the server may close the socket, and has to be there for the next one."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("class")
    # A picture is sent as bytes: in the old framing of messages these once kept the server busy for ever.
    code = "import ipywidgets\nipywidgets.VBox([ipywidgets.IntSlider(7), ipywidgets.Image(value=bytes(100_000))])"
    write_notebook(made, "one", code)
    (made / "secret.txt").write_text("the solution")
    return made


@pytest.fixture(scope="module")
def server(serve, folder):
    with serve(str(folder), "--port", "0") as (process, _, url):
        yield process, url


@pytest.fixture(scope="module")
def url(server):
    return server[1]


async def arrived(url, **options):
    student = Student(url, "one", **options)
    await student.arrive()
    return student


def slider(student):
    return next(key for key, state in student.states.items() if state.get("_view_name") == "IntSliderView")


async def works(student):
    """Whether the widgets of a page still answer: a slider that is moved comes back with its value."""
    key = slider(student)
    wanted = student.states[key]["value"] + 1
    student.states[key]["value"] = None
    data = {"method": "update", "state": {"value": wanted}, "buffer_paths": []}
    await student.send("comm_msg", {"comm_id": key, "data": data})
    await student.send("comm_msg", {"comm_id": key, "data": {"method": "request_state"}})
    await asyncio.wait_for(student.until(lambda: student.states[key]["value"] == wanted), 20)
    return True


def test_what_voila_does_not_allow_never_reaches_the_kernel(url, folder):
    async def scene():
        student = await arrived(url)
        sent = [await student.send(kind, content, channel=channel) for channel, kind, content in REFUSED]
        assert await works(student)
        await asyncio.sleep(0.5)
        assert [one for one in student.heard if one["parent"] in sent] == []
        assert not (folder / "owned").exists()
        await student.leave()

    play(scene())


def test_code_in_the_messages_of_widgets_is_only_text(url, folder):
    code = "__import__('pathlib').Path('owned').touch()"

    async def scene():
        student = await arrived(url)
        key = slider(student)
        for state in ({"description": code}, {"value": code}, {code: 1}, {"layout": code}, {"_view_module": code}):
            data = {"method": "update", "state": state, "buffer_paths": []}
            await student.send("comm_msg", {"comm_id": key, "data": data})
        await student.send("comm_msg", {"comm_id": key, "data": {"method": "custom", "content": {"run": code}}})
        await student.send("comm_open", {"comm_id": "new", "target_name": code, "data": {}})
        await student.send(
            "comm_open", {"comm_id": "new", "target_name": "x", "target_module": "antigravity", "data": {}}
        )
        assert await works(student)
        assert not (folder / "owned").exists()
        await student.leave()

    play(scene())


def test_another_student_s_kernel_cannot_be_reached(url):
    async def scene():
        victim, thief = await arrived(url), await arrived(url)
        assert victim.cookies[guard.STUDENT] != thief.cookies[guard.STUDENT]
        for method, path in (
            ("GET", f"api/kernels/{victim.kernel}"),
            ("DELETE", f"api/kernels/{victim.kernel}"),
            ("POST", f"voila/api/shutdown/{victim.kernel}"),
        ):
            body = {"body": b""} if method == "POST" else {}
            assert (await thief.ask(method, path, **body)).code == 404
        for cookies in (thief.cookies, {}, {guard.STUDENT: ""}, {guard.STUDENT: victim.kernel}):
            with pytest.raises(HTTPClientError) as refused:
                await victim.connect(cookies=cookies)
            assert refused.value.code == 404
        # The session id is no key: with the victim's, and without the cookie, it opens nothing.
        with pytest.raises(HTTPClientError):
            await victim.connect(cookies=thief.cookies, session=victim.session)
        assert await works(victim) and await works(thief)
        assert (await victim.ask("GET", f"api/kernels/{victim.kernel}")).code == 200
        await victim.leave()
        await thief.leave()

    play(scene())


@pytest.mark.parametrize("path", ["api/kernels", "api/sessions", "api/contents", "api/terminals", "api/kernelspecs"])
def test_there_is_no_list_of_what_others_have(url, path):
    assert play(Student(url, "one").ask("GET", path)).code == 404


@pytest.mark.parametrize(
    "path",
    [
        "voila/files/secret.txt",
        "voila/files/one.ipynb",
        "voila/files/../../../../etc/passwd",
        "voila/files/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "voila/render/../secret.txt",
        "voila/render/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "voila/render//etc/passwd.ipynb",
        "voila/render/secret.txt",
        "voila/render/one.ipynb%00.txt",
        "voila/static/../../../../../../etc/passwd",
        "voila/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "voila/templates/firstepoch/static/../../../../../setup.py",
        "voila/templates/firstepoch/static/%2e%2e/error.html",
        "voila/templates/firstepoch/nothing",
        "voila/templates/x",
        "voila/labextensions/../../../../etc/passwd",
        "voila/api/themes/../../../etc/passwd",
        "voila/tree",
        "voila/api/contents",
    ],
)
def test_nothing_but_the_lessons_is_read(server, path):
    process, url = server
    answer = play(Student(url, "one").ask("GET", path))
    assert answer.code in (400, 403, 404), answer.code
    for told in (b"root:", b"the solution", b"Traceback", b"setuptools", b"{% block"):
        assert told not in answer.body
    assert process.poll() is None


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_host_opens_no_socket(url, origin):
    async def scene():
        student = await arrived(url)
        with pytest.raises(HTTPClientError) as refused:
            await student.connect(headers={"Origin": origin})
        assert refused.value.code == 403
        await student.leave()

    play(scene())


def test_a_name_that_is_not_the_server_s_gets_nothing(url):
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", ""):
        answer = play(Student(url, "one").ask("GET", "voila/render/one.ipynb", headers={"Host": host}))
        assert answer.code in (400, 403), host
        assert b"slider" not in answer.body.lower()
    answer = play(Student(url, "one").ask("GET", "", headers={"Host": "evil.example"}))
    assert b"--name" in answer.body, "whoever started it is told what to do"


def test_a_request_that_changes_something_needs_its_token(url):
    async def scene():
        student = await arrived(url)
        forged = await student.ask(
            "POST", f"voila/api/shutdown/{student.kernel}", headers={"X-XSRFToken": ""}, body=b""
        )
        assert forged.code == 403
        assert await works(student)
        await student.leave()

    play(scene())


@pytest.mark.parametrize("protocols", [(V1,), ()], ids=["v1", "old"])
def test_malformed_messages_harm_nobody(server, protocols):
    process, url = server

    async def scene():
        other = await arrived(url)
        for raw in MALFORMED:
            student = await arrived(url, protocols=protocols)
            await student.socket.write_message(raw, binary=isinstance(raw, bytes))
            await asyncio.sleep(0.1)
            assert await works(other), raw
            await student.leave()
        assert await works(await arrived(url))
        await other.leave()

    play(scene())
    assert process.poll() is None


def test_a_message_that_is_too_large_ends_only_its_own_socket(server):
    process, url = server

    async def scene():
        other, student = await arrived(url), await arrived(url)
        with suppress(WebSocketClosedError):  # perhaps before all of it is sent
            await student.socket.write_message("x" * (11 << 20))
        assert await asyncio.wait_for(student.listening, 20) is None, "the socket is closed"
        assert await works(other)
        for one in (other, student):
            await one.leave()

    play(scene())
    assert process.poll() is None


def test_every_answer_says_what_a_page_may_load(url):
    async def scene():
        student = await arrived(url)
        for path in ("", "voila/render/one.ipynb", "voila/static/voila.js", "none", f"api/kernels/{student.kernel}"):
            answer = await student.ask("GET", path)
            policy = answer.headers.get("Content-Security-Policy", "")
            assert "default-src 'self'" in policy and "object-src 'none'" in policy, path
            assert "frame-ancestors 'self'" in policy and "http" not in policy, path
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        await student.leave()

    play(scene())
