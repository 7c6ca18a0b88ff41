"""feeds.redis_stream at a real Redis."""

import json
import signal
import time
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
import redis
import trustme

from config import ConfigError
from datasources.errors import AuthenticationError, BadDataError, TemporaryError
from datasources.feeds.redis_stream import connector, link, stream
from datasources.feeds.redis_stream.connector import RedisStreamConnector
from tests.servers.redis import running_redis


@pytest.fixture
def server(redis_server):
    client = redis.from_url(redis_server)
    client.flushdb()
    yield client
    client.close()


@pytest.fixture
def connect(redis_server, tmp_path):
    return lambda **options: made(redis_server, tmp_path, **options)


def made(server, folder, **options) -> RedisStreamConnector:
    given = {"url": server, "stream": "readings", **options}
    return RedisStreamConnector(given, folder=folder, zone=ZoneInfo("UTC"), clock=lambda: int(time.time()))


def add(client, numbers, **settings) -> None:
    for number in numbers:
        client.xadd("readings", {"n": number}, **settings)


def drained(connector, cursor=None) -> list:
    """Every page, each acknowledged as after a commit."""
    pages = []
    for page in connector.pages(cursor):
        pages.append(page)
        connector.acknowledge(page.receipt)
    return pages


def numbers(pages) -> list[int]:
    return [int(number) for page in pages if len(page.frame) for number in page.frame["n"] if number is not None]


def test_entries_are_rows_with_their_id_and_time(server, connect):
    entry = server.xadd("readings", {"sensor": "门", "value": "1.5"}).decode()
    (page,) = drained(connect())
    (row,) = page.frame.to_dict("records")
    assert (row["sensor"], row["value"], row["@id"]) == ("门", "1.5", entry)
    assert abs(time.time() - int(entry.split("-")[0]) / 1000) < 600 and row["@added_at"].endswith("+00:00")
    assert page.cursor["last"] == entry and drained(connect(), page.cursor) == []


def test_json_in_a_field(server, connect):
    for body in (json.dumps({"rows": [{"n": 1}, {"n": 2}]}), "{", '{"rows": []}'):
        server.xadd("readings", {"body": body})
    (page,) = drained(connect(field="body", items="rows"))
    assert numbers([page]) == [1, 2]
    assert [each.text for each in page.unreadable] == ["{"]


def test_entries_without_a_row_are_acknowledged_too(server, connect):
    server.xadd("readings", {"body": "[]"})
    (page,) = drained(connect(field="body"))
    assert not len(page.frame) and server.xpending("readings", "gridhall")["pending"] == 0


def test_what_was_not_acknowledged_comes_first_after_a_crash(server, connect):
    add(server, range(10))
    crashed = connect(page_rows=4).pages(None)
    cursor = next(crashed).cursor
    crashed.close()
    add(server, [10])
    assert numbers(drained(connect(), cursor)) == list(range(11))
    assert server.xpending("readings", "gridhall")["pending"] == 0


def test_what_a_dead_consumer_left_is_taken_over(server, connect):
    add(server, range(5))
    list(connect(consumer="dead").pages(None))
    assert drained(connect()) == []
    server.xclaim(
        "readings",
        "gridhall",
        "dead",
        0,
        [e["message_id"] for e in server.xpending_range("readings", "gridhall", "-", "+", 9)],
        idle=60_000,
    )
    assert numbers(drained(connect(claim="30s"))) == list(range(5))


@pytest.mark.parametrize(("start", "expected"), [("0", [0, 1, 2, 3]), ("$", [3])])
def test_a_new_group_begins_where_it_is_told(server, connect, start, expected):
    add(server, range(3))
    pages = drained(connect(start=start))
    add(server, [3])
    assert numbers(pages + drained(connect(start=start))) == expected


def test_a_look_touches_nothing(server, connect):
    add(server, range(8))
    (page,) = connect().sample()
    assert numbers([page]) == [3, 4, 5, 6, 7]
    assert server.xinfo_groups("readings") == []


def test_entries_trimmed_before_we_read_them_are_a_gap_once(server, connect):
    add(server, range(4))
    cursor = drained(connect())[-1].cursor
    add(server, range(4, 20))
    server.xtrim("readings", maxlen=5, approximate=False)
    pages = drained(connect(page_rows=2), cursor)
    assert numbers(pages) == [15, 16, 17, 18, 19]
    gaps = [page.gap for page in pages if page.gap]
    assert len(gaps) == 1 and "11 entries were trimmed" in gaps[0].why and gaps[0].start == cursor["seen"]
    add(server, [20, 21])
    server.xtrim("readings", maxlen=0, approximate=False)
    (page,) = drained(connect(), pages[-1].cursor)
    assert "2 entries were trimmed" in page.gap.why
    assert drained(connect(), page.cursor) == []


def test_entries_trimmed_before_we_stored_them_are_a_gap(server, connect):
    add(server, range(3))
    (page,) = connect().pages(None)
    server.xtrim("readings", maxlen=1, approximate=False)
    (again,) = drained(connect(), page.cursor)
    assert numbers([again]) == [2] and "2 entries were trimmed" in again.gap.why
    assert server.xpending("readings", "gridhall")["pending"] == 0


def test_a_group_that_is_gone_is_made_again_where_we_stood(server, connect):
    add(server, range(3))
    cursor = drained(connect())[-1].cursor
    add(server, [3, 4])
    server.xgroup_destroy("readings", "gridhall")
    pages = drained(connect(), cursor)
    assert numbers(pages) == [3, 4]
    assert [page.gap for page in pages] == [None] or "no longer reaches back" not in str(pages[0].gap)


def test_a_group_that_was_set_back_reads_again_and_lost_nothing(server, connect):
    add(server, range(3))
    cursor = drained(connect())[-1].cursor
    server.xgroup_setid("readings", "gridhall", "0")
    (page,) = drained(connect(), cursor)
    assert numbers([page]) == [0, 1, 2] and page.gap is None


def test_a_server_that_went_back_to_an_older_state_is_a_gap_once(server, connect):
    """As after a kill -9 of one that writes to disk now and then: what came since is gone, and new entries came in."""
    add(server, range(3))
    before = drained(connect())[-1].cursor
    kept = server.dump("readings")
    add(server, [3, 4])
    cursor = drained(connect(), before)[-1].cursor
    server.restore("readings", 0, kept, replace=True)
    add(server, [5])
    (page,) = drained(connect(), cursor)
    assert numbers([page]) == [5] and "older state" in page.gap.why
    add(server, [6])
    (page,) = drained(connect(), page.cursor)
    assert numbers([page]) == [6] and page.gap is None


def test_entries_with_ids_of_their_own(server, connect):
    for entry in ("7-1", "18446744073709551615-1"):
        server.xadd("readings", {"n": 1}, id=entry)
    (page,) = drained(connect())
    assert page.frame["@added_at"].tolist() == ["1970-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"]


def test_a_group_that_goes_while_we_listen_is_an_outage_that_passes(server, connect):
    add(server, [1])
    pages = connect().pages(None)
    next(pages)
    server.xgroup_destroy("readings", "gridhall")
    with pytest.raises(TemporaryError, match="will be made again"):
        list(pages)


def test_a_stream_that_is_gone_is_a_gap(server, connect):
    add(server, range(3))
    cursor = drained(connect())[-1].cursor
    server.flushdb()
    (page,) = drained(connect(), cursor)
    assert "had lost the stream" in page.gap.why
    add(server, [3])
    assert numbers(drained(connect(), page.cursor)) == [3]


def test_what_is_no_stream_is_said(server, connect):
    server.set("readings", "x")
    with pytest.raises(BadDataError, match=r"correct options\.stream"):
        list(connect().pages(None))


def test_silence_is_an_empty_page_and_what_comes_then_is_handed_on(server, connect):
    pages = connect().follow(None)
    assert next(pages).is_empty
    add(server, [1])
    assert numbers([next(pages)]) == [1]
    pages.close()


@pytest.mark.redis
def test_a_server_killed_with_every_write_on_disk_loses_nothing(tmp_path):
    with running_redis(durable=True) as server:
        client = redis.from_url(server.url)
        add(client, range(30))
        reading = made(server.url, tmp_path, page_rows=10)
        pages = []
        for page in reading.pages(None):
            pages.append(page)
            reading.acknowledge(page.receipt)
            break
        server.kill()
        with pytest.raises(TemporaryError, match="cannot be reached"):
            list(made(server.url, tmp_path).pages(pages[-1].cursor))
        server.start()
        client.close()
        again = redis.from_url(server.url)
        add(again, range(30, 40))
        pages += drained(made(server.url, tmp_path), pages[-1].cursor)
        assert sorted(set(numbers(pages))) == list(range(40)) and len(numbers(pages)) == 40
        assert [page.gap for page in pages] == [None] * len(pages)
        again.close()


@pytest.mark.redis
def test_a_wrong_password_is_a_persons_matter_until_it_is_right(tmp_path):
    with running_redis("right") as server:
        for options in ({"password": "wrong"}, {}):
            with pytest.raises(AuthenticationError, match=r"check options\.user"):
                list(made(server.url, tmp_path, **options).pages(None))
        with suppress(StopIteration):
            assert list(made(server.url, tmp_path, password="right").pages(None)) == []


@pytest.mark.parametrize(
    "options",
    [{"url": "http://x"}, {"url": "redis://me:word@x"}, {"url": "redis://x/a"}, {"start": "new"}, {"claim": "soon"}],
)
def test_options_that_make_no_sense_are_said(connect, options):
    with pytest.raises(ConfigError, match=r"^options\."):
        connect(**options)


def test_large_entries_come_fewer_at_a_time(server, connect, monkeypatch):
    monkeypatch.setattr(stream, "MOST_BYTES", 30_000)
    for number in range(105):
        server.xadd("readings", {"n": number, "padding": "x" * 10_000})
    pages = drained(connect())
    assert numbers(pages) == list(range(105)) and [len(page.frame) for page in pages] == [100, 2, 2, 1]


@pytest.mark.redis
def test_a_server_that_falls_silent_is_away(tmp_path, monkeypatch):
    monkeypatch.setattr(link, "ANSWER_SECONDS", 0.7)
    monkeypatch.setattr(connector, "WAIT_MS", 100)
    with running_redis() as server:
        pages = made(server.url, tmp_path).follow(None)
        assert next(pages).is_empty
        server.server.process.send_signal(signal.SIGSTOP)
        try:
            with pytest.raises(TemporaryError, match="does not answer"):
                next(pages)
        finally:
            server.server.process.send_signal(signal.SIGCONT)


@pytest.mark.redis
def test_tls_holds_the_server_to_its_name_and_shows_our_certificate(tmp_path):
    authority, stranger = trustme.CA(), trustme.CA()
    server, ours = authority.issue_cert("localhost"), authority.issue_cert("gridhall.example")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    stranger.cert_pem.write_to_path(tmp_path / "stranger.pem")
    server.cert_chain_pems[0].write_to_path(tmp_path / "server.pem")
    server.private_key_pem.write_to_path(tmp_path / "server.key")
    ours.private_key_and_cert_chain_pem.write_to_path(tmp_path / "ours.pem")
    with running_redis(certificates=tmp_path) as found:

        def read(**options):
            return list(made(found.url, tmp_path, certificate="ours.pem", **options).pages(None))

        assert read(ca="ca.pem") == []
        with pytest.raises(AuthenticationError, match="do not trust each other"):
            read(ca="stranger.pem")
        with pytest.raises(AuthenticationError, match="do not trust each other"):
            list(made(found.url.replace("localhost", "127.0.0.1"), tmp_path, ca="ca.pem").pages(None))
        with pytest.raises((AuthenticationError, TemporaryError)):
            list(made(found.url, tmp_path, ca="ca.pem").pages(None))
        with pytest.raises(BadDataError, match="certificate cannot be read"):
            read(ca="nowhere.pem")
