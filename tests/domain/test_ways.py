"""Ways, clients, passwords, sessions: rules without a store."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import passwords
from domain.clients import client_address, is_this_machine, without_port
from domain.sessions import Span
from domain.ways import is_own_path

ADDRESS = st.ip_addresses(v=4).map(str)


@given(peer=ADDRESS, forwarded=st.lists(ADDRESS, max_size=4))
def test_without_a_trusted_proxy_the_peer_is_the_client(peer, forwarded):
    assert client_address(peer, ", ".join(forwarded), ()) == peer


@given(forwarded=st.lists(ADDRESS, min_size=1, max_size=4), noise=st.text(max_size=20))
def test_a_client_cannot_choose_its_address_before_a_trusted_proxy(forwarded, noise):
    told = ", ".join([noise.replace(",", ""), *forwarded])
    last = forwarded[-1]
    found = client_address("127.0.0.1", told, ("127.0.0.1",))
    assert last in {found, "127.0.0.1"}


def test_chains_of_trusted_proxies_are_followed_to_the_client():
    trusted = ("10.0.0.0/8", "fd00::/8")
    assert client_address("10.0.0.1", "1.1.1.1, 2.2.2.2, fd00::1", trusted) == "2.2.2.2"
    assert client_address("10.0.0.1", "10.0.0.3, 10.0.0.2", trusted) == "10.0.0.3"
    assert client_address("10.0.0.1", "", trusted) == "10.0.0.1"


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost:8050", True), ("127.0.0.1", True), ("[::1]:80", True), ("127.9.9.9:1", True), ("10.0.0.7", False),
        ("localhost.evil.example", False), ("[::2]:80", False), ("", False), ("127.0.0.1@evil.example", False),
    ],
)  # fmt: skip
def test_this_machine_has_few_names(host, local):
    assert is_this_machine(without_port(host)) is local


@pytest.mark.parametrize("path", ["/", "/cases?q=1", "/cases/12#x", "/login"])
def test_a_path_of_this_site_is_one(path):
    assert is_own_path(path)


@given(st.text(max_size=30))
def test_an_address_that_a_browser_may_take_elsewhere_is_none(text):
    for start in ("//", "/\\", "\\", "https:", "javascript:", "", " /", "/\t/", "/\n/"):
        address = start + text
        if is_own_path(address):
            assert address[0] == "/" and address[1:2] not in {"/", "\\"} and "\\" not in address
            assert not any(ord(letter) < 32 for letter in address)


def test_a_password_of_ours_is_a_good_one_and_never_the_same():
    found = {passwords.made() for _each in range(50)}
    assert len(found) == 50 and all(passwords.is_good(password, "ann") for password in found)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("abcdefghi1", True), ("abcdefgh1", False), ("abcdefghij", False), ("1234567890", False), ("ABCDEFGHIj", True),
        ("my-ann-word", False), ("MY-ANN-WORD", False), ("a1" * 101, False), ("yunpu-demo", True), ("", False),
    ],
)  # fmt: skip
def test_a_password_is_good_by_length_kinds_and_not_holding_the_login(password, good):
    assert passwords.is_good(password, "ann") is good


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_session_is_over_after_idle_or_longest_whichever_comes_first(made, seen, later):
    span = Span(100, 1_000)
    seen = made + seen % 1_000
    assert span.is_over(made, seen, made + later) == (made + later >= min(seen + 100, made + 1_000))
