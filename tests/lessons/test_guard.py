"""Names a server goes by, and whose a kernel is."""

from types import SimpleNamespace

import pytest

from firstepoch.lessons.classroom import guard
from firstepoch.lessons.classroom.guard import Owners, asker, goes_by, hosts


@pytest.fixture
def names(monkeypatch):
    monkeypatch.setattr(guard.socket, "gethostname", lambda: "Hall.uni.example")
    monkeypatch.setattr(guard.socket, "getfqdn", lambda: "hall.uni.example")
    return hosts("0.0.0.0", ["lectures.example."])


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8866",
        "hall",
        "hall.local:80",
        "hall.uni.example",
        "hall.uni.example.:8866",
        "lectures.example",
        "127.0.0.1:8866",
        "192.168.1.20",
        "[::1]:8866",
        "[fe80::1]",
    ],
)
def test_its_own_names_and_all_numbers(names, host):
    assert goes_by(host, names)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "hall.evil.example", "127.0.0.1.evil.example", "evil.example:8866", ""],
)
def test_the_names_of_others(names, host):
    assert not goes_by(host, names)


def test_a_kernel_belongs_to_the_browser_it_was_started_for():
    owners, alive = Owners(), {"k1", "k2"}
    owners.enter("k1", "anna", alive)
    owners.enter("k2", "ben", alive)
    assert owners.owns("anna", "k1") and owners.owns("ben", "k2")
    for owner, kernel in (("ben", "k1"), ("anna", "k2"), ("anna", "k3"), ("", "k1"), (None, "k1"), ("ännä", "k1")):
        assert not owners.owns(owner, kernel)


def test_kernels_that_are_no_more_are_forgotten():
    owners = Owners()
    owners.enter("k1", "anna", {"k1"})
    owners.enter("k2", "anna", {"k2"})
    assert owners.owns("anna", "k2") and not owners.owns("anna", "k1")


@pytest.mark.parametrize(
    "remote, told, found",
    [
        ("127.0.0.1", "10.0.0.7", "10.0.0.7"),
        ("127.0.0.1", "made up, 1.2.3.4, 10.0.0.7", "10.0.0.7"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
        ("10.0.0.9", "10.0.0.7", "10.0.0.9"),
        ("", "10.0.0.7", ""),
    ],
)
def test_a_proxy_of_this_machine_says_who_asks_and_nobody_else_does(remote, told, found):
    assert asker(SimpleNamespace(remote_ip=remote, headers={"X-Forwarded-For": told} if told else {})) == found
