"""The command of the container, where its image cannot be built: as its user, on a file system that is read only."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import yaml
from pupil import Pupil, free_ports
from scene import play

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
CLUSTER = ROOT / "lessons" / "cluster"
DOCKERFILE = (CLUSTER / "Dockerfile").read_text()
POD = yaml.safe_load((CLUSTER / "kubernetes" / "deployment.yaml").read_text())["spec"]["template"]["spec"]
NEEDED = [Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), ROOT]


def closed(path):
    """The first folder on the way to a path that others may not enter, or that is covered; None if there is none."""
    ways = [*reversed(path.parents)]
    return next((way for way in ways if way == Path("/tmp") or not way.stat().st_mode & 0o001), None)


def script(command):
    """Shell commands that run another one as the container would, in a namespace of mounts of their own."""
    user = POD["securityContext"]
    lines = ["set -e", "mount -t tmpfs tmpfs /media"]
    for number, path in enumerate(NEEDED):  # kept aside while what hides them is covered
        lines += [f"mkdir /media/{number}", f"mount --bind {shlex.quote(str(path))} /media/{number}"]
    covered = {way for path in NEEDED if (way := closed(path))} - {Path("/tmp")}
    lines += [f"mount -t tmpfs -o mode=755 tmpfs {shlex.quote(str(way))}" for way in covered]
    lines += ["mount -t tmpfs -o mode=1777,size=1g tmpfs /tmp"]
    for number, path in enumerate(NEEDED):
        if closed(path):
            place = shlex.quote(str(path))
            lines += [f"mkdir -p {place}", f"mount --bind /media/{number} {place}", f"mount -o remount,bind,ro {place}"]
    lines += ["mount -o remount,bind,ro /"]
    rights = f"--reuid {user['runAsUser']} --regid {user['runAsGroup']} --clear-groups --no-new-privs"
    set_ = {one["name"]: one["value"] for one in POD["containers"][0]["env"] if "value" in one}
    environment = shlex.join([f"{name}={value}" for name, value in set_.items()])
    bare = f"setpriv {rights} --bounding-set=-all --inh-caps=-all env -i PATH=/usr/bin:/bin {environment}"
    return "\n".join([*lines, f"exec {bare} {shlex.join(map(str, command))}"])


@contextmanager
def container(log):
    """The server of the image with the arguments of the Deployment; its process and its port."""
    if os.geteuid() or subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/media"]).returncode:
        pytest.skip("only root may have mounts of its own")
    [port] = free_ports(1)
    program, *arguments = json.loads(re.findall(r"ENTRYPOINT (\[.*\])", DOCKERFILE)[-1])
    program = Path(sys.executable).with_name(program)
    command = [program, *arguments, *POD["containers"][0]["args"], "--host", "127.0.0.1", "--port", port]
    with log.open("w") as out:
        process = subprocess.Popen(["unshare", "--mount", "sh", "-c", script(command)], stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 60
        while "The lessons are at" not in log.read_text():
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield process, port
    finally:
        process.terminate()
        process.wait(20)


def test_it_serves_without_rights_on_a_file_system_that_is_read_only(tmp_path):
    with container(tmp_path / "log") as (process, port):
        said = Path(f"/proc/{process.pid}/status").read_text()
        rights = dict(re.findall(r"^(\w+):\s*(\w+)", said, re.M))
        assert rights["Uid"] == str(POD["securityContext"]["runAsUser"])
        assert int(rights["CapEff"], 16) == int(rights["CapBnd"], 16) == 0 and rights["NoNewPrivs"] == "1"
        assert re.search(r" / / ro,", Path(f"/proc/{process.pid}/mountinfo").read_text())

        [healthy] = re.findall(r"HEALTHCHECK.*?CMD (\[.*?\])\n", DOCKERFILE, re.S)
        check = [sys.executable, *json.loads(healthy.replace(":8866/", f":{port}/"))[1:]]
        assert subprocess.run(check, timeout=60).returncode == 0

        async def scene():
            student = Pupil(f"http://127.0.0.1:{port}/", "heart")
            await student.arrive()
            await student.train(2)
            await student.leave()

        play(scene())
        started = psutil.Process(process.pid).children(recursive=True)
    assert not psutil.wait_procs(started, timeout=20)[1]
    assert subprocess.run(check, capture_output=True, timeout=60).returncode != 0
