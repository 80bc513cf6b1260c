"""Kernels that are forked: as good as those of a program of their own, and they bother nobody when they end."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from tempfile import TemporaryDirectory

import psutil
import pytest
from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from scene import play

from firstepoch.lessons import settings
from firstepoch.lessons.classroom import kernels
from firstepoch.lessons.classroom.kernels import FORKSERVER, NAME, ForkProvisioner, launcher
from firstepoch.lessons.classroom.roll import Roll

pytestmark = pytest.mark.skipif(not kernels.AVAILABLE, reason="kernels are forked on Linux only")


@pytest.fixture(autouse=True)
def fork(monkeypatch):
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)  # a student's TensorFlow is as talkative as it comes
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", NAME)


@pytest.fixture(scope="module", autouse=True)
def forkserver():
    yield
    FORKSERVER.stop()


@pytest.fixture
def small(monkeypatch):
    """A process to fork from that imports only what it must, and so is soon there."""
    made = kernels.Forkserver(["ipykernel.kernelapp"])
    monkeypatch.setattr(kernels, "FORKSERVER", made)
    yield made
    made.stop()


class Kernel:
    """A kernel and a client that waits for what it prints."""

    def __init__(self, folder):
        file = f"{folder}/kernel.json"
        self.manager = AsyncKernelManager(
            connection_file=file, transport="ipc", **settings.CONFIG["AsyncKernelManager"]
        )

    @property
    def pid(self):
        return self.manager.provisioner.pid

    async def start(self, **options):
        await self.manager.start_kernel(**options)
        self.client = self.manager.client()
        self.client.start_channels()
        await self.client.wait_for_ready(timeout=180)

    async def end(self):
        self.client.stop_channels()
        await self.manager.shutdown_kernel(now=True)

    async def run(self, code, timeout=60):
        printed = []

        def hear(message):
            printed.append(message["content"].get("text", ""))

        reply = await self.client.execute_interactive(code, output_hook=hear, timeout=timeout)
        return reply["content"]["status"], "".join(printed)


@asynccontextmanager
async def kernel(**options):
    with TemporaryDirectory() as folder:
        made = Kernel(folder)
        await made.start(**options)
        try:
            yield made
        finally:
            await made.end()


def alive(pid):
    """Whether a process runs; one that has ended and is not yet waited for does not."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def gone(pid):
    for _ in range(200):
        if not alive(pid):
            return True
        await asyncio.sleep(0.05)
    return False


async def until_ready(forkserver):
    for _ in range(2400):
        if forkserver.ready:
            return True
        await asyncio.sleep(0.05)
    return False


def parent(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])


def test_a_module_that_is_missing_is_told_and_the_others_are_there(capfd):
    made = kernels.Forkserver(["no_such_module", "ipykernel.kernelapp"])
    made.start()
    try:
        assert play(until_ready(made))
        assert "Kernels have to import no_such_module themselves" in capfd.readouterr().err
    finally:
        made.stop()


def test_it_is_forked_with_everything_imported_and_a_place_of_its_own(tmp_path):
    async def scene():
        async with kernel(cwd=str(tmp_path), env={**os.environ, "STUDENT": "one"}) as one:
            assert parent(one.pid) == FORKSERVER.pid
            code = "import os, sys; print(os.environ['STUDENT'], os.getcwd(), 'keras' in sys.modules)"
            assert await one.run(code) == ("ok", f"one {tmp_path} True\n")
        assert await gone(one.pid)

    play(scene())


def test_it_copies_little_of_what_all_share_and_writes_no_history(tmp_path):
    async def scene():
        async with kernel(env={**os.environ, "IPYTHONDIR": str(tmp_path)}) as one:
            assert await one.run("import sys; print(sys.modules['keras'].__name__)") == ("ok", "keras\n")
            assert psutil.Process(one.pid).memory_full_info().uss < 30e6, "50 MB with the lists of all modules"
            assert await one.run("print(sys is __import__('ipykernel.ipkernel').ipkernel.sys)") == ("ok", "True\n")
        assert (tmp_path / "profile_default").exists() and not list(tmp_path.rglob("history*"))

    play(scene())


def test_it_is_as_an_ordinary_kernel_that_has_imported_the_same(monkeypatch):
    code = """
import sys, ipywidgets, comm
print(sys.path, sys.argv[0].rpartition("/")[2].removesuffix(".py"), __name__)
print(sorted(comm.get_comm_manager().targets), ipywidgets.IntSlider(3).comm.comm_id > "")"""

    async def scene():
        async with kernel() as one:
            forked = await one.run(code)
        monkeypatch.setattr(kernels, "AVAILABLE", False)
        async with kernel() as other:
            assert parent(other.pid) == os.getpid()
            assert await other.run(code) == forked
        assert forked[0] == "ok" and "jupyter.widget.control" in forked[1]

    play(scene())


def test_a_fork_has_one_thread_and_its_first_training_works():
    async def scene():
        # Under pytest ipykernel does not hear what is written in C.
        environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        async with kernel(env=environment) as one:
            with open(f"/proc/{FORKSERVER.pid}/status") as status:
                assert "Threads:\t1\n" in status.read()
            code = """
from firstepoch import heart
data, model = heart.load(), heart.build_model()
print(model.fit(data.x_train, data.y_train, epochs=2, verbose=0).history["loss"][-1] < 2)"""
            assert await one.run(code) == ("ok", "True\n"), "and TensorFlow says nothing of the machine"

    play(scene())


def test_students_draw_numbers_of_their_own():
    code = """
import random, keras, numpy as np, tensorflow as tf
print(random.random(), np.random.rand(), float(tf.random.uniform([])), float(keras.random.uniform([])))"""

    async def scene():
        async with kernel() as one, kernel() as other:
            theirs = [(await each.run(code))[1].splitlines()[-1].split() for each in (one, other)]
            assert len(theirs[0]) == 4 and not set(theirs[0]) & set(theirs[1])

    play(scene())


def test_it_is_interrupted_restarted_and_shut_down():
    async def scene():
        async with kernel() as one:
            running = asyncio.ensure_future(one.run("print('on', flush=True)\nwhile True: pass"))
            await asyncio.sleep(1)
            await one.manager.interrupt_kernel()
            assert (await running)[0] == "error"
            assert await one.run("print('still here')") == ("ok", "still here\n")
            first = one.pid
            await one.manager.restart_kernel(now=True)
            await one.client.wait_for_ready(timeout=30)
            assert one.pid != first and await gone(first)
            assert (await one.run("print('first' in dir())"))[1] == "False\n"
            second = one.pid
            await one.manager.shutdown_kernel()
            assert await gone(second) and not one.manager.provisioner.has_process

    play(scene())


def test_what_it_started_ends_with_it():
    async def scene():
        async with kernel() as one:
            code = "import subprocess; print(subprocess.Popen(['sleep', '1000']).pid)"
            child = int((await one.run(code))[1])
            assert alive(child)
        assert await gone(child)

    play(scene())


def test_one_that_takes_too_much_memory_is_refused_it_and_goes_on():
    async def scene():
        FORKSERVER.memory = 500
        try:
            async with kernel() as one:
                status, _ = await one.run("x = b'x' * 10**9")
                assert status == "error"
                code = "from firstepoch import heart; d = heart.load(); m = heart.build_model()"
                assert (await one.run(code))[0] == "ok"
                fit = "print(len(m.fit(d.x_train, d.y_train, epochs=2, verbose=0).epoch), 'x' in dir())"
                assert (await one.run(fit))[1].endswith("2 False\n")
        finally:
            FORKSERVER.memory = None

    play(scene())


LIVE = """
from firstepoch import heart, widgets
live = widgets.LiveTraining(heart.build_model, heart.load(), epochs=100_000)
live.train()"""


def test_trainings_are_counted_and_held_in_all_kernels_and_those_to_come(monkeypatch):
    roll = Roll()
    monkeypatch.setattr(kernels, "ROLL", roll)

    async def counted(number):
        for _ in range(600):
            if roll.trainings == number:
                return True
            await asyncio.sleep(0.05)
        return False

    async def scene():
        async with kernel() as one:
            assert (await one.run(LIVE))[0] == "ok" and await counted(1)
            roll.hold(True)
            assert await counted(0)
            async with kernel() as late:
                assert (await late.run(LIVE))[0] == "ok"
                assert (await late.run("live.wait(3); print(live.status, len(live.recording))"))[1] == "paused 0\n"
                assert roll.trainings == 0 and len(roll.present) == 2 and roll.unreached == 0
                roll.hold(False)
                assert await counted(2)
                assert (await late.run("live.stop(); print(live.wait(60))"))[1] == "True\n" and await counted(1)
            assert await counted(1), "the other is as it was"
            monkeypatch.setattr(kernels, "AVAILABLE", False)
            async with kernel() as other:
                assert roll.unreached == 1
                roll.hold(True)
                assert (await other.run("print(1)"))[1] == "1\n"
        assert not roll.present and (roll.started, roll.ended, roll.died) == (3, 3, 0)

    play(scene())


def test_how_one_ended_is_known():
    async def scene():
        async with kernel() as one, kernel() as other:
            os.kill(one.pid, signal.SIGKILL)
            assert await asyncio.wait_for(one.manager.provisioner.wait(), 10) == -signal.SIGKILL
            assert not await one.manager.is_alive() and await other.manager.is_alive()
            assert (await other.run("print(1)"))[1] == "1\n"

    play(scene())


def test_kernels_outlive_the_process_they_come_from_and_it_is_replaced(small):
    async def scene():
        async with kernel() as one:
            before = small.pid
            os.kill(before, signal.SIGKILL)
            assert await gone(before)
            assert await one.manager.is_alive() and (await one.run("print(1)"))[1] == "1\n"
            async with kernel() as other:
                assert parent(other.pid) == small.pid != before
            os.kill(one.pid, signal.SIGKILL)
            assert await asyncio.wait_for(one.manager.provisioner.wait(), 10) == 1
            assert not await one.manager.is_alive()

    play(scene())


SERVER = """
import asyncio, os, sys
from jupyter_client import AsyncKernelManager
from firstepoch.lessons.classroom.kernels import FORKSERVER
FORKSERVER.preloaded = ["ipykernel.kernelapp"]
async def scene():
    manager = AsyncKernelManager()
    await manager.start_kernel()
    print(manager.provisioner.pid, FORKSERVER.pid, flush=True)
    sys.stdin.read()
asyncio.run(scene())
"""


def test_no_kernel_outlives_its_server():
    environment = {**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": NAME}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", SERVER], env=environment, text=True, **pipes) as server:
        pids = [int(pid) for pid in server.stdout.readline().split()]
        assert all(map(alive, pids))
        server.kill()
    assert all(play(gone(pid)) for pid in pids)


def test_it_is_a_program_of_its_own_where_it_cannot_be_forked(monkeypatch, caplog):
    """The process they come from dies at once, and again: it is started once, and the student waits no longer."""
    broken = kernels.Forkserver()
    monkeypatch.setattr(kernels, "FORKSERVER", broken)
    monkeypatch.setattr(kernels, "PROGRAM", "no.such.program")

    async def scene():
        for _ in range(2):
            async with kernel() as one:
                assert parent(one.pid) == os.getpid()
                assert (await one.run("print(1)"))[1] == "1\n"
            assert await gone(one.pid)

    play(scene())
    assert broken.broken and not broken.ready
    with pytest.raises(ChildProcessError, match="cannot import"):
        broken.start()


@pytest.mark.parametrize(
    "cmd, argv",
    [
        (["-m", "ipykernel_launcher", "-f", "x.json"], ["ipykernel_launcher", "-f", "x.json"]),
        (["-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "x"], ["ipykernel_launcher", "-f", "x"]),
        (["-m", "bash_kernel", "-f", "x.json"], None),
        ([], None),
    ],
)
def test_only_kernels_of_this_python_are_forked(cmd, argv, monkeypatch):
    assert launcher([sys.executable, *cmd]) == argv
    assert launcher(["/usr/bin/other", *cmd]) is None
    monkeypatch.setattr(kernels, "AVAILABLE", False)
    assert launcher([sys.executable, *cmd]) is None


def test_it_is_installed_under_its_name():
    made = KernelProvisionerFactory.instance().get_provisioner_entries()
    assert made[NAME] == f"{ForkProvisioner.__module__}:{ForkProvisioner.__name__}"
