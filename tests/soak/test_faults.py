"""What goes wrong in a class: others notice nothing, and the one concerned reads a plain sentence and can go on."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress

import psutil
import pytest
import servers
from card import Card
from pages import READY, watch
from pupil import Pupil, free_ports
from scene import play
from settled import until

LESSON = "heart"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with servers.voila(None, tmp_path_factory.mktemp("faults"), "--seats", "30") as started:
        yield started


def processes(server):
    """The process that kernels are forked from, and the kernels."""
    forkserver = psutil.Process(server.process.pid).children()[0]
    return forkserver, forkserver.children()


async def arrived(url):
    student = Pupil(url, LESSON)
    await student.arrive()
    return student


def open_page(browser, url):
    page = watch(browser.new_context(viewport={"width": 1400, "height": 1000}).new_page())
    page.goto(f"{url}voila/render/{LESSON}.ipynb")
    page.wait_for_selector(READY, timeout=120_000)
    return page, Card(page, None)


def can_go_on(page):
    """Load the page again, and train."""
    page.reload()
    page.wait_for_selector(READY, timeout=120_000)
    card = Card(page, None)
    card.set("epochs", 5)
    card.press("Train")
    card.wait("done")


def test_the_process_that_kernels_come_from_is_killed(server):
    async def scene():
        other = await arrived(server.url)
        await other.train(3)
        forkserver, _ = processes(server)
        forkserver.kill()
        await other.train(4)
        newcomer = await arrived(server.url)
        await newcomer.train(3)
        for student in (other, newcomer):
            await student.leave()

    play(scene())


def test_a_kernel_is_killed_while_it_trains(server, browser):
    page, card = open_page(browser, server.url)
    mine = processes(server)[1]
    assert len(mine) == 1

    async def scene():
        other = await arrived(server.url)
        training = asyncio.ensure_future(other.train(300))
        mine[0].kill()
        await training
        await other.leave()

    card.set("epochs", 10_000)
    card.press("Train")
    card.wait_epoch(10)
    play(scene())
    page.get_by_role("status").filter(has_text="Python has stopped. What you see stays").wait_for()
    frames = card.root.get_by_role("slider", name="epoch").count()
    assert frames
    can_go_on(page)
    page.context.close()


def test_the_server_is_started_again(browser, tmp_path):
    (port,) = free_ports(1)
    with servers.voila(None, tmp_path, "--port", str(port)) as server:
        page, card = open_page(browser, server.url)
        card.set("epochs", 20)
        card.press("Train")
        card.wait("done")
        question = page.locator(".fe.fe-question").first
        question.get_by_role("textbox").fill("3")
        question.get_by_role("button", name="Check").click()
        question.get_by_role("status").filter(has_text="Not yet").wait_for()
        server.process.send_signal(signal.SIGKILL)
        page.get_by_role("status").filter(has_text="The connection to Python is lost").wait_for()
    with servers.voila(None, tmp_path, "--port", str(port)) as server:
        page.get_by_role("status").filter(has_text="This page was without Python for too long.").wait_for()
        card.scrub(10)
        card.wait_text(".fe-sentence", "Epoch 11:")
        can_go_on(page)
        question.get_by_role("status").filter(has_text="Not yet").wait_for()
        page.context.close()


class Wire:
    """A line to a server that can be cut, and mended."""

    def __init__(self, port):
        self.port, self.whole, self.ends = port, True, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/"

    def _serve(self):
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if not self.whole:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.port))
                self.ends += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    @staticmethod
    def _carry(source, target):
        with suppress(OSError):
            while data := source.recv(1 << 16):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self):
        self.whole = False
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self):
        self.whole = True

    def close(self):
        self.cut()
        self.listener.close()


def test_the_network_is_cut_and_the_run_goes_on(server, browser):
    wire = Wire(int(server.url.split(":")[2].strip("/")))
    page, card = open_page(browser, wire.url)
    card.set("epochs", 400)
    card.press("Train")
    card.wait_epoch(5)
    wire.cut()
    lost = page.get_by_role("status").filter(has_text="The connection to Python is lost")
    lost.wait_for()
    page.wait_for_timeout(3000)
    wire.mend()
    lost.wait_for(state="hidden", timeout=90_000)
    card.wait("done")
    card.wait_curves(400)
    page.context.close()
    until(lambda: processes(server)[1], [], timeout=20)  # a page that is closed ends its Python, over this wire too
    wire.close()


def test_two_hundred_arrive_where_thirty_have_a_seat(server):
    """Thirty are served, the others told their place in the line; whoever leaves makes room for the next one."""

    async def scene():
        students = [Pupil(server.url, LESSON) for _ in range(200)]

        async def come(student):
            try:
                await student.arrive()
            except Exception as refused:
                return getattr(refused, "code", refused)
            return 200

        answers = await asyncio.gather(*(come(student) for student in students))
        assert sorted(answers) == [200] * 30 + [503] * 170
        inside = [student for student, answer in zip(students, answers, strict=True) if answer == 200]
        await asyncio.gather(*(student.train(3) for student in inside))
        assert len(processes(server)[1]) == 30
        for student in inside:
            await student.leave()

    play(scene())


def test_a_student_who_never_reads_holds_up_nobody(server):
    async def scene():
        other, deaf = await arrived(server.url), await arrived(server.url)
        card = deaf.live
        await deaf.set(card, epochs=10_000)
        await deaf.press(card, "train")
        deaf.listening.cancel()  # nothing is taken from the socket any more
        before = psutil.Process(server.process.pid).memory_info().rss
        for epochs in (3, 4, 5):
            await other.train(epochs)
        for _ in range(20):
            await asyncio.sleep(1)
            await other.set(other.live, patient=int(os.urandom(1)[0]) % 200)
        await other.train(6)
        grown = psutil.Process(server.process.pid).memory_info().rss - before
        assert grown < 100e6, f"{grown / 1e6:.0f} MB wait for one who does not read"
        await deaf.leave()
        await other.leave()

    play(scene())


FULL = """
import resource, signal, sys
from firstepoch import heart
from firstepoch.widgets import LiveTraining, Recording

def train():
    live.train()
    live.wait()

path = sys.argv[1]
live = LiveTraining(heart.build_model, heart.load(), epochs=3)
train()
live.recording.save(path)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
live.epochs = 4
train()
try:
    live.recording.save(path)
    sys.exit("it was written")
except OSError as error:
    print(error)
assert len(live.recording) == 4 and len(Recording.load(path)) == 3
train()
assert len(live.recording) == 4
"""
"""A disk on which a file gets no more than a kilobyte."""


def test_a_disk_that_is_full_costs_no_run(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "run.recording")], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "File too large" in run.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["run.recording"], "nothing half written is left"
