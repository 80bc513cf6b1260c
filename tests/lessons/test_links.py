"""The addresses a class opens, and the QR codes that say the same."""

import socket
from types import SimpleNamespace

import psutil
import pytest
import segno

from firstepoch.lessons.announce import announcement, loopback
from firstepoch.lessons.classroom import links
from firstepoch.lessons.classroom.links import ON_WHITE, PLAIN, for_terminal, link, picture, reachable

LINK = "http://192.168.178.20:8866/"


def network(monkeypatch, out, **interfaces):
    """A machine with these addresses, of which one leads out; a name that ends with _down is that of one without."""

    def read(one):
        family = socket.AF_INET6 if ":" in one else socket.AF_INET
        return SimpleNamespace(family=family, address=one)

    addresses = {name: [read(one) for one in each.split()] for name, each in interfaces.items()}
    states = {name: SimpleNamespace(isup=not name.endswith("_down")) for name in interfaces}
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: addresses)
    monkeypatch.setattr(psutil, "net_if_stats", lambda: states)
    monkeypatch.setattr(links, "leading_out", lambda version: out)


def test_the_address_that_leads_out_comes_first_and_those_of_this_machine_alone_are_left_out(monkeypatch):
    interfaces = {
        "lo": "127.0.0.1 ::1",
        "docker0": "172.17.0.1",
        "wlan0": "192.168.178.20 fe80::1%wlan0 2001:db8::7",
        "eth0": "169.254.3.4",
        "eth1_down": "10.0.0.9",
    }
    network(monkeypatch, "192.168.178.20", **interfaces)
    assert reachable("0.0.0.0") == ["192.168.178.20", "172.17.0.1"]
    assert reachable("::") == ["2001:db8::7"]
    assert reachable("10.1.2.3") == ["10.1.2.3"], "it listens there alone"


def test_a_machine_in_no_network_has_none(monkeypatch):
    network(monkeypatch, None, lo="127.0.0.1")
    assert reachable("0.0.0.0") == []


def test_this_machine_is_asked_without_a_packet():
    for address in reachable("0.0.0.0"):
        with socket.socket() as probe:
            probe.bind((address, 0))


def test_links_can_be_opened():
    assert link("192.168.178.20", 8866) == LINK
    assert link("2001:db8::7", 80) == "http://[2001:db8::7]:80/"


def test_the_code_on_the_terminal_is_that_of_the_link_in_colours_of_its_own():
    lines = for_terminal(LINK).splitlines()
    assert all(line.startswith(ON_WHITE) and line.endswith(PLAIN) for line in lines)
    squares = []
    for line in lines:
        shown = line.removeprefix(ON_WHITE).removesuffix(PLAIN)
        squares += [[one in "█▀" for one in shown], [one in "█▄" for one in shown]]
    expected = [[bool(one) for one in row] for row in segno.make_qr(LINK, error="m").matrix_iter(border=4)]
    assert squares[: len(expected)] == expected
    assert not any(map(any, squares[len(expected) :]))


def test_the_code_of_the_page_needs_nothing_from_elsewhere():
    code = picture(LINK)
    assert code.startswith("<svg") and "viewBox" in code and "http" not in code


@pytest.mark.parametrize("drawn", [True, False])
def test_what_is_printed(drawn):
    told = announcement([LINK, "http://10.0.0.4:8866/"], "secret", alone=False, drawn=drawn)
    assert told.startswith(f"The class opens {LINK}  (Ctrl+C")
    assert "try http://10.0.0.4:8866/" in told and told.endswith(f"{LINK}class#secret")
    assert ("█" in told) == drawn
    assert "█" not in announcement(["http://localhost:1/"], "secret", alone=True, drawn=True)


@pytest.mark.parametrize("host, alone", [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.4", False)])
def test_what_only_this_machine_can_open(host, alone):
    assert loopback(host) == alone
