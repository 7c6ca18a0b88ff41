"""Which addresses may be reached, whatever name or form they hide behind."""

import socket

import pytest

from datasources.errors import TemporaryError
from datasources.outgoing import NotNamedError, Outgoing, authority, named
from datasources.outgoing.hosts import addresses, is_usable

FORBIDDEN = (
    "169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1", "fe80::1%eth0", "::", "ff02::1",
    "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe", "2002:a9fe:a9fe::1", "::a9fe:a9fe",
    "100.100.100.200", "::ffff:100.100.100.200", "fd00:ec2::254",
)  # fmt: skip


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_address_of_this_machines_link_is_not_used(address):
    assert not is_usable(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "192.168.1.64", "fd12::1", "93.184.216.34", "64:ff9b::5db8:d822"])  # fmt: skip
def test_an_address_of_the_intranet_or_beyond_is(address):
    assert is_usable(address)


def resolver(*found):
    def getaddrinfo(_host, port, *_asked, **_more):
        return [(socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in found]

    return getaddrinfo


@pytest.mark.parametrize("address", FORBIDDEN)
def test_a_name_of_a_link_local_address_is_refused(address, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolver(address))
    with Outgoing(["http://metadata.example"]) as out, pytest.raises(NotNamedError, match="link-local"):
        out.get("http://metadata.example/latest")


def test_of_several_addresses_the_usable_ones_are_taken(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolver("169.254.169.254", "10.0.0.7"))
    assert addresses("camera.example", 80) == ["10.0.0.7"]


def test_a_name_that_nobody_knows_is_an_outage(monkeypatch):
    def unknown(*_asked, **_more):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with Outgoing(["http://away.example"]) as out, pytest.raises(TemporaryError, match="not known"):
        out.get("http://away.example/")


def test_a_name_is_asked_for_once_and_that_address_is_connected_to(http_server, monkeypatch):
    answers, plain = [resolver("127.0.0.1"), resolver("169.254.169.254")], resolver("127.0.0.1")

    def changing(host, port, *asked, **more):
        return (answers.pop(0) if host == "town.example" else plain)(host, port)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    with Outgoing([f"http://town.example:{http_server.port}"]) as out:
        out.get(f"http://town.example:{http_server.port}/", accept={404})
    assert len(answers) == 1


def test_hosts_are_named_by_url_or_by_host_and_port():
    assert named(["http://Town.Example./a", "https://b", "c:8080", "rtsp://d", "http://[::1]:81"]) == {
        ("town.example", 80), ("b", 443), ("c", 8080), ("rtsp://d"[7:], 554), ("::1", 81),
    }  # fmt: skip
    assert authority("http://münchen.example/") == ("xn--mnchen-3ya.example", 80)
    for wrong in ("", "http://", "nonsense://x", "http://a:99999", "http://[::1"):
        with pytest.raises(NotNamedError):
            authority(wrong)
