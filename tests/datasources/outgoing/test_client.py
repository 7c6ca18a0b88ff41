"""The one way out: where it leads, what it costs, what it tells whom."""

import contextlib
import email.utils
import gzip
import logging
import socket
import ssl
import threading
import zlib

import httpx
import pytest
import trustme

from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError
from datasources.outgoing import Caps, NotNamedError, Outgoing
from datasources.outgoing.client import retry_after
from tests.servers.http import Reply, running_http

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
NOW = 1_800_000_000


@pytest.fixture
def other():
    """A second server: the same machine, another port."""
    with running_http(lambda _asked: Reply.json({"at": "other"})) as server:
        yield server


def to(address: str) -> Reply:
    return Reply(status=302, headers={"Location": address})


def test_an_answer_is_read_whole(http_server):
    http_server.answer = lambda asked: Reply.json({"q": asked.query})
    with Outgoing([http_server.url]) as out:
        answer = out.get(f"{http_server.url}/a", params={"x": "1"})
    assert (answer.status, answer.json(), answer.media_type) == (200, {"q": {"x": "1"}}, "application/json")


def test_a_redirect_within_the_host_is_followed(http_server):
    http_server.answer = lambda asked: to("/b") if asked.path == "/a" else Reply.json(asked.path)
    with Outgoing([http_server.url]) as out:
        assert out.get(f"{http_server.url}/a").json() == "/b"


@pytest.mark.parametrize("location", ["{other}/x", "//{authority}/x", "ftp://127.0.0.1/x", "file:///etc/passwd", "rtsp://127.0.0.1:{port}/"])  # fmt: skip
def test_a_redirect_to_what_is_not_named_is_refused(http_server, other, location):
    place = location.format(other=other.url, authority=f"127.0.0.1:{other.port}", port=http_server.port)
    http_server.answer = lambda _asked: to(place)
    with Outgoing([http_server.url]) as out, pytest.raises((NotNamedError, BadDataError)):
        out.get(f"{http_server.url}/a")
    assert not other.asked


def test_a_link_to_another_port_of_the_same_host_is_refused(http_server, other):
    with Outgoing([http_server.url]) as out, pytest.raises(NotNamedError, match=f"127.0.0.1:{other.port}"):
        out.get(f"{other.url}/next")
    assert not other.asked


def test_the_same_host_under_another_name_is_another_host(http_server):
    with Outgoing([http_server.url]) as out, pytest.raises(NotNamedError, match="localhost"):
        out.get(f"http://localhost:{http_server.port}/")


@pytest.mark.parametrize("trick", ["http://127.0.0.1:{port}@elsewhere.example/", "http://elsewhere.example\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}.elsewhere.example/", "http://127.0.0.1:{port}#@elsewhere.example:80/", "http:///x", "nonsense", "http://[::1/"])  # fmt: skip
def test_no_way_of_writing_an_address_leads_elsewhere(http_server, trick, monkeypatch):
    looked_up = []
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, port, *_, **__: looked_up.append(host) or _resolved(host, port)
    )
    with Outgoing([http_server.url]) as out, contextlib.suppress(BadDataError):
        out.get(trick.format(port=http_server.port))
    assert set(looked_up) <= {"127.0.0.1"}


def _resolved(host, port):
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]


def test_redirects_without_end_are_given_up(http_server):
    http_server.answer = lambda asked: to(f"/{len(http_server.asked)}")
    with Outgoing([http_server.url]) as out, pytest.raises(BadDataError, match="again and again"):
        out.get(f"{http_server.url}/0")
    assert len(http_server.asked) == 6


def test_a_post_is_not_redirected(http_server):
    http_server.answer = lambda _asked: to("/b")
    with Outgoing([http_server.url]) as out, pytest.raises(BadDataError, match=r"\(302\)"):
        out.post(f"{http_server.url}/a", data={"secret": "x"})
    assert len(http_server.asked) == 1


@pytest.mark.parametrize("ways", [{"headers": {"X-Api-Key": "hush"}}, {"auth": httpx.BasicAuth("me", "hush")}])
def test_what_lets_us_in_is_not_told_to_a_second_host(http_server, other, ways):
    http_server.answer = lambda asked: to(f"{other.url}/x") if asked.path == "/a" else Reply.json(1)
    with Outgoing([http_server.url, other.url], **ways) as out:
        out.get(f"{http_server.url}/b")
        out.get(f"{http_server.url}/a")
        out.get(f"{other.url}/straight")
    first = http_server.asked[0].headers
    assert first.get("x-api-key") or first.get("authorization")
    assert len(other.asked) == 2
    assert not [each for each in other.asked if {"x-api-key", "authorization"} & each.headers.keys()]


def test_headers_of_one_request_do_not_follow_a_redirect_to_another_host(http_server, other):
    http_server.answer = lambda _asked: to(f"{other.url}/x")
    with Outgoing([http_server.url, other.url]) as out:
        out.get(f"{http_server.url}/a", headers={"Authorization": "Bearer hush", "Access-Token": "hush", "Accept": "text/csv"})  # fmt: skip
    assert not {"authorization", "access-token"} & other.asked[0].headers.keys()
    assert other.asked[0].headers["accept"] == "text/csv"


def test_a_trusted_host_is_told(http_server, other):
    with Outgoing([http_server.url], trusted=[other.url], headers={"X-Api-Key": "hush"}) as out:
        out.get(f"{other.url}/")
    assert other.asked[0].headers["x-api-key"] == "hush"


def test_cookies_are_not_kept(http_server, other):
    http_server.answer = lambda _asked: Reply(headers={"Set-Cookie": "session=hush; Path=/"})
    with Outgoing([http_server.url, other.url]) as out:
        for url in (http_server.url, http_server.url, other.url):
            out.get(url)
    assert not [each for each in (*http_server.asked, *other.asked) if "cookie" in each.headers]


def test_an_answer_that_is_too_large_is_refused(http_server):
    http_server.answer = lambda _asked: Reply(b"x" * 5_000)
    with (
        Outgoing([http_server.url], caps=Caps(most_bytes=4_999)) as out,
        pytest.raises(BadDataError, match="more than"),
    ):
        out.get(http_server.url)
    with Outgoing([http_server.url], caps=Caps(most_bytes=5_000)) as out:
        assert len(out.get(http_server.url).body) == 5_000


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda body: zlib.compress(body, wbits=-15)])
def test_a_packed_answer_is_unpacked_and_a_bomb_is_not(http_server, pack):
    coding = "gzip" if pack is gzip.compress else "deflate"
    http_server.answer = lambda asked: Reply(
        pack(b"0" * (50_000_000 if asked.path == "/bomb" else 3_000_000)), headers={"Content-Encoding": coding}
    )
    with Outgoing([http_server.url], caps=Caps(most_bytes=4_000_000)) as out:
        assert out.get(f"{http_server.url}/a").body == b"0" * 3_000_000
        with pytest.raises(BadDataError, match="more than"):
            out.get(f"{http_server.url}/bomb")


def test_what_is_packed_twice_or_otherwise_is_refused(http_server):
    for coding in ("gzip, gzip", "br", "zstd"):
        http_server.faults.append(Reply(b"x", headers={"Content-Encoding": coding}))
        with Outgoing([http_server.url]) as out, pytest.raises(BadDataError, match="nobody asked for"):
            out.get(http_server.url)


def test_a_damaged_packed_answer_is_bad_and_a_cut_one_an_outage(http_server):
    packed = gzip.compress(b"something that is long enough" * 20)
    http_server.faults += [Reply(b"\x1f\x8bnonsense", headers={"Content-Encoding": "gzip"})]
    http_server.faults += [Reply(packed[:-9], headers={"Content-Encoding": "gzip"}, open_ended=True)]
    with Outgoing([http_server.url]) as out:
        with pytest.raises(BadDataError, match="damaged"):
            out.get(http_server.url)
        with pytest.raises(TemporaryError, match="broke off"):
            out.get(http_server.url)


@pytest.mark.parametrize("reply", [Reply(b'[{"a": 1}, {"a"', cut=9), Reply(b'[{"a": 1}, {"a"', open_ended=True)])
def test_half_an_answer_is_an_outage(http_server, reply):
    http_server.answer = lambda _asked: reply
    with Outgoing([http_server.url]) as out, pytest.raises(TemporaryError):
        out.get(http_server.url).json()


def test_half_an_xml_is_an_outage_and_a_wrong_one_is_bad(http_server):
    http_server.faults += [Reply(b"<a><b>", open_ended=True), Reply(b"<a><b></a>", open_ended=True), Reply(b"<a><b>")]
    with Outgoing([http_server.url]) as out:
        for expected in (TemporaryError, BadDataError, BadDataError):
            with pytest.raises(expected):
                out.get(http_server.url).xml()


def test_silence_is_an_outage(http_server):
    http_server.answer = lambda _asked: Reply(silent=True)
    with (
        Outgoing([http_server.url], caps=Caps(silence_seconds=0.2)) as out,
        pytest.raises(TemporaryError, match="in time"),
    ):
        out.get(http_server.url)


def test_a_slow_drip_ends_with_the_time_for_the_whole_answer(http_server):
    http_server.answer = lambda _asked: Reply(b"x" * 1_000, drip=0.05)
    caps = Caps(silence_seconds=10, total_seconds=0.4)
    with (
        Outgoing([http_server.url], caps=caps) as out,
        pytest.raises(TemporaryError, match=r"longer than 0\.4 seconds"),
    ):
        out.get(http_server.url)


def test_headers_that_drip_end_too():
    over = threading.Event()

    def drip(listening):
        connection, _ = listening.accept()
        with connection:
            connection.recv(1_000)
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X-A: 1\r\n" * 1_000:
                if over.wait(0.02):
                    return
                try:
                    connection.send(bytes([byte]))
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=drip, args=(listening,), daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        try:
            with (
                Outgoing([url], caps=Caps(total_seconds=0.4)) as out,
                pytest.raises(TemporaryError, match="longer than"),
            ):
                out.get(url)
        finally:
            over.set()


def test_nobody_there_is_an_outage(http_server):
    http_server.stop()
    with Outgoing([http_server.url]) as out, pytest.raises(TemporaryError, match="cannot be reached"):
        out.get(http_server.url)


@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationError), (403, AuthenticationError), (429, TemporaryError), (500, TemporaryError), (503, TemporaryError), (404, BadDataError), (410, BadDataError)])  # fmt: skip
def test_a_status_is_one_of_the_three_errors(http_server, status, error):
    http_server.answer = lambda _asked: Reply(status=status, headers={"Retry-After": "7"})
    with Outgoing([http_server.url]) as out:
        with pytest.raises(error) as caught:
            out.get(http_server.url)
        assert out.get(http_server.url, accept={status}).status == status
    assert getattr(caught.value, "retry_after_seconds", 7) == 7


def test_retry_after_is_seconds_or_a_date():
    said = {"120": 120, email.utils.formatdate(NOW + 90, usegmt=True): 90, email.utils.formatdate(NOW - 5): 0}
    assert {text: retry_after({"retry-after": text}, NOW) for text in said} == said
    assert retry_after({"retry-after": email.utils.formatdate(NOW + 30).replace("+0000", "-0000")}, NOW) == 30
    assert [retry_after(headers, NOW) for headers in ({}, {"retry-after": "soon"}, {"retry-after": "-3"})] == [None] * 3


@pytest.mark.parametrize("reply", [Reply(status=401), Reply(status=404), Reply(status=503), Reply(b"x" * 99), Reply(b"x", cut=0), Reply(silent=True), to("http://elsewhere.example/?key=hush")])  # fmt: skip
def test_secrets_are_in_no_message_and_no_log(http_server, reply, caplog):
    caplog.set_level(logging.INFO)
    http_server.answer = lambda _asked: reply
    url = f"http://me:hush@127.0.0.1:{http_server.port}/a?key=hush"
    caps = Caps(silence_seconds=0.2, most_bytes=9)
    with Outgoing([url], caps=caps, headers={"X-Key": "hush"}) as out, pytest.raises(SourceError) as caught:
        out.get(url, params={"key": "hush"}, headers={"X-Other": "hush"})
    assert "hush" not in str(caught.value) + caplog.text


def test_a_key_that_no_header_takes_is_told_by_its_name():
    for key in ("hush\n", "hüsh"):
        with pytest.raises(AuthenticationError, match="X-Key") as caught:
            Outgoing(["http://127.0.0.1"], headers={"X-Key": key})
        assert key.strip() not in str(caught.value)


def test_a_large_answer_goes_into_a_file(http_server, tmp_path):
    http_server.answer = lambda _asked: Reply(b"0123456789" * 1_000)
    with Outgoing([http_server.url]) as out, (tmp_path / "body").open("w+b") as body:
        assert out.ask("GET", http_server.url, into=body).body == b""
        body.seek(0)
        assert body.read() == b"0123456789" * 1_000


def test_a_certificate_is_looked_at(http_server):
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    http_server.answer = lambda _asked: Reply.json("safe")
    http_server._server.socket = context.wrap_socket(http_server._server.socket, server_side=True)
    url = f"https://127.0.0.1:{http_server.port}/"
    with Outgoing([url], verify=trusting) as out:
        assert out.get(url).json() == "safe"
    with Outgoing([url]) as out, pytest.raises(TemporaryError, match="certificate"):
        out.get(url)


def test_the_same_port_without_tls_is_told_nothing(http_server):
    http_server.answer = lambda asked: Reply.json(asked.headers.get("x-key"))
    with Outgoing([f"https://127.0.0.1:{http_server.port}/"], headers={"X-Key": "hush"}) as out:
        assert out.get(f"{http_server.url}/").json() is None
