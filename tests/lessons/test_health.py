"""What machines ask of a server: whether it lives, whether kernels come at once, and its figures."""

import asyncio
import os
import signal
from types import SimpleNamespace

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families
from scene import play
from servers import write_notebook
from student import Student

from firstepoch.lessons.classroom import watch
from firstepoch.lessons.classroom.kernels import AVAILABLE
from firstepoch.lessons.classroom.room import Room
from firstepoch.lessons.classroom.watch import Figures, Watch, exposition, private


def figures(body):
    """Every figure by its name, as Prometheus reads it."""
    families = text_string_to_metric_families(body.decode())
    return {one.name: one.value for family in families for one in family.samples}


@pytest.fixture(scope="module")
def server(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    write_notebook(folder, "one", "import ipywidgets\nipywidgets.IntSlider(7)")
    with serve(str(folder), "--port", "0", "--seats", "2") as (process, _, url):
        yield process, url


@pytest.fixture(scope="module")
def url(server):
    return server[1]


async def answers(url, path, code, seconds=180):
    """Wait until an address answers so."""
    for _ in range(seconds * 5):
        answer = await Student(url, "one").ask("GET", path)
        if answer.code == code:
            return answer
        await asyncio.sleep(0.2)
    raise AssertionError(f"{path} answers {answer.code}, not {code}")


def test_it_lives_before_it_is_ready_and_goes_by_any_name(url):
    for host in ("", "10.1.2.3:8866", "a-pod", "evil.example"):
        answer = play(Student(url, "one").ask("GET", "health", headers={"Host": host} if host else {}))
        assert answer.code == 200 and b"alive" in answer.body and "Set-Cookie" not in answer.headers
    assert play(answers(url, "health/ready", 200)).body == b'{"status": "ready"}'
    assert play(Student(url, "one").ask("GET", "metrics", headers={"Host": "evil.example"})).code == 403
    for path in ("class", "class/now", "class/key"):
        assert play(Student(url, "one").ask("GET", path)).code == 404, "there is no class here"


@pytest.mark.skipif(not AVAILABLE, reason="kernels are forked on Linux only")
def test_the_figures_are_those_of_the_kernels_and_name_nobody(server):
    process, url = server

    async def now():
        answer = await Student(url, "one").ask("GET", "metrics")
        assert answer.code == 200 and answer.headers["Content-Type"].startswith("text/plain")
        return figures(answer.body), answer.body

    async def scene():
        await answers(url, "health/ready", 200)
        before, _ = await now()
        assert before["firstepoch_seats"] == 2 and before["firstepoch_kernels"] == 0
        one, other = Student(url, "one"), Student(url, "one")
        await asyncio.gather(one.arrive(), other.arrive())
        assert (await one.ask("GET", "voila/render/one.ipynb")).code == 503
        there, body = await now()
        for name in ("students", "kernels"):
            assert there[f"firstepoch_{name}"] == 2, name
        assert there["firstepoch_waiting"] == there["firstepoch_arrivals_refused_total"] == 1
        assert there["firstepoch_kernels_started_total"] - before["firstepoch_kernels_started_total"] == 2
        for secret in (one.kernel, other.kernel, *one.cookies.values(), *other.cookies.values()):
            assert secret.encode() not in body
        kernels = [each for each in psutil.Process(process.pid).children(recursive=True) if each.ppid() != process.pid]
        assert len(kernels) == 2
        kernels[0].send_signal(signal.SIGKILL)
        while (await now())[0]["firstepoch_kernels_died_total"] < 1:
            await asyncio.sleep(0.2)
        for student in (one, other):
            await student.leave()
        while (last := (await now())[0])["firstepoch_kernels"]:
            await asyncio.sleep(0.2)
        assert last["firstepoch_kernels_ended_total"] == last["firstepoch_kernels_started_total"] == 2
        assert last["firstepoch_kernels_died_total"] == 1, "one that is told to end has not died"

    play(asyncio.wait_for(scene(), 200))


@pytest.mark.skipif(not AVAILABLE, reason="kernels are forked on Linux only")
def test_the_process_they_are_forked_from_is_replaced_before_anybody_comes(server):
    process, url = server

    async def scene():
        await answers(url, "health/ready", 200)
        (parent,) = psutil.Process(process.pid).children()
        parent.send_signal(signal.SIGKILL)
        await answers(url, "health/ready", 503)
        assert (await Student(url, "one").ask("GET", "health")).code == 200
        while not [one for one in psutil.Process(process.pid).children() if one.pid != parent.pid]:
            await asyncio.sleep(0.2)

    play(asyncio.wait_for(scene(), 200))


@pytest.mark.skipif(not AVAILABLE, reason="only Linux tells")
def test_memory_is_what_a_process_has_alone_and_is_read_once_for_all_who_ask(monkeypatch):
    assert abs(private([os.getpid()]) - psutil.Process().memory_full_info().uss) < 16 << 20
    assert private([2**22 + 1]) == 0, "one that has ended has none"
    now, read = 0.0, []

    def look(pids):
        nonlocal now
        read.append(pids)
        now += 1.0 if len(read) == 2 else 0.0
        return len(read)

    monkeypatch.setattr(watch, "private", look)
    roll = SimpleNamespace(present=[], trainings=0, held=False, unreached=0, started=0, ended=0, died=0)
    made = Watch(Room(None, list), roll, lambda: 0, clock=lambda: now)

    async def scene():
        nonlocal now
        assert [one.memory for one in await asyncio.gather(*[made.figures() for _ in range(5)])] == [1] * 5
        now = watch.MEMORY_AGE
        assert (await made.figures()).memory == 1
        now += 0.1
        assert (await made.figures()).memory == 2
        now += watch.MEMORY_SHARE
        assert (await made.figures()).memory == 2, "a reading that took a second is good for longer"
        now += 0.1
        assert (await made.figures()).memory == 3
        roll.present.append(SimpleNamespace(pid=7))
        assert [(await made.figures()).memory for _ in range(2)] == [4, 4], "the first to come is seen at once"
        assert read == [[], [], [], [7]]

    play(scene())


def test_what_is_not_known_is_left_out():
    there = dict.fromkeys(Figures.__dataclass_fields__, 0)
    names = figures(exposition(Figures(**there)))
    some = figures(exposition(Figures(**{**there, "seats": None, "memory": None, "load": None})))
    assert names.keys() - some.keys() == {
        "firstepoch_seats",
        "firstepoch_kernels_private_memory_bytes",
        "firstepoch_load_average",
    }
