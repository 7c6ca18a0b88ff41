"""feeds.mqtt at a real Mosquitto."""

import json
import signal
import time
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
import trustme

from datasources.errors import AuthenticationError, TemporaryError
from datasources.feeds.mqtt import connector as feed
from datasources.feeds.mqtt import session
from datasources.feeds.mqtt.connector import MqttConnector
from tests.datasources.feeds.mqtt.talk import pour, publish
from tests.servers.mosquitto import running_mosquitto

TOPICS = ["site/{building}/{sensor}/{measure}"]


@pytest.fixture
def connect(mosquitto_server, tmp_path):
    def made(**options):
        given = {**mosquitto_server.access, "client": "gridhall", "topics": TOPICS, **options}
        return MqttConnector(given, folder=tmp_path, zone=ZoneInfo("UTC"), clock=lambda: int(time.time()))

    return made


def reading(number: int) -> tuple[str, str]:
    return f"site/b1/s{number % 7}/temperature", json.dumps({"n": number, "value": number / 10})


def drained(connector, cursor=None) -> list:
    """Every page, each acknowledged as after a commit."""
    pages = []
    for page in connector.pages(cursor):
        pages.append(page)
        connector.acknowledge(page.receipt)
    return pages


def numbers(pages) -> list[int]:
    return [int(number) for page in pages if len(page.frame) for number in page.frame["n"]]


def subscribed(connector) -> dict:
    """The cursor of a connector that the broker keeps messages for from now on."""
    assert list(connector.pages(None)) == []
    return {"row": 0, "seen": int(time.time()) - 60}


def test_messages_that_came_while_we_were_away_are_rows(mosquitto_server, connect):
    connector = connect()
    cursor = subscribed(connector)
    publish(mosquitto_server, [
        ("site/town hall/s1/temperature", '{"value": 21.5, "at": {"utc": "2026-11-24T08:00:00Z"}, "sensor": "mine"}'),
        ("site/b2/s2/humidity", "47"),
        ("elsewhere/b2/s2/humidity", "47"),
        ("site/b2/s2/humidity", "much"),
    ])  # fmt: skip
    (page,) = drained(connector, cursor)
    first, second = page.frame.to_dict("records")
    assert (first["building"], first["sensor"], first["measure"]) == ("town hall", "s1", "temperature")
    assert first["value"] == 21.5 and first["at"] == {"utc": "2026-11-24T08:00:00Z"}
    assert second["value"] == 47 and second["@topic"] == "site/b2/s2/humidity" and second["@retained"] is False
    (bad,) = page.unreadable
    assert (bad.row, bad.text) == (3, "much") and "site/b2/s2/humidity" in bad.detail
    assert page.gap is None and page.cursor["row"] == 3


def test_only_what_was_acknowledged_is_forgotten(mosquitto_server, connect):
    connector = connect(page_rows=10)
    cursor = subscribed(connector)
    publish(mosquitto_server, map(reading, range(35)))
    seen = []
    for page in connector.pages(cursor):
        seen.append(page)
        if len(seen) <= 2:
            connector.acknowledge(page.receipt)
        if len(seen) == 3:
            break
    assert numbers(seen) == list(range(30))
    assert numbers(drained(connect(page_rows=10), cursor)) == list(range(20, 35))
    assert drained(connect(), cursor) == []


def test_messages_without_a_row_are_acknowledged_too(mosquitto_server, connect):
    connector = connect()
    cursor = subscribed(connector)
    publish(mosquitto_server, [("site/b1/s1/temperature", "[]")] * 3)
    (page,) = drained(connector, cursor)
    assert not len(page.frame) and not page.unreadable
    assert drained(connect(), cursor) == []


def test_a_look_leaves_no_trace(mosquitto_server, connect):
    connector = connect()
    cursor = subscribed(connector)
    publish(mosquitto_server, map(reading, range(3)))
    publish(mosquitto_server, [("site/b1/door/open", "true")], retain=True)
    (page,) = connector.sample()
    assert page.frame["@topic"].tolist() == ["site/b1/door/open"] and page.frame["@retained"].tolist() == [True]
    assert sum(len(each.frame) for each in drained(connector, cursor)) == 4


def test_plain_values_older_brokers_and_wildcards(mosquitto_server, connect):
    connector = connect(version="3.1.1", payload="text", topics=["site/+/{sensor}/#"])
    cursor = subscribed(connector)
    publish(mosquitto_server, [("site/b1/s1/a/b", "21,5"), ("site/b1/s2", b"\xff")])
    (page,) = drained(connector, cursor)
    assert page.frame[["sensor", "value"]].to_dict("records") == [{"sensor": "s1", "value": "21,5"}]
    assert [each.detail for each in page.unreadable] == [
        "the message on 'site/b1/s2' cannot be read: it is not UTF-8 text; mend what sends it"
    ]
    assert drained(connector, cursor) == []


def test_a_broker_that_is_stopped_kindly_and_comes_back_loses_nothing(mosquitto_server, connect):
    connector = connect(page_rows=50)
    cursor = subscribed(connector)
    publish(mosquitto_server, map(reading, range(100)))
    pages = []
    for page in connector.pages(cursor):
        pages.append(page)
        connector.acknowledge(page.receipt)
        break
    mosquitto_server.stop()
    with pytest.raises(TemporaryError, match="cannot be reached"):
        drained(connector, pages[-1].cursor)
    mosquitto_server.start()
    publish(mosquitto_server, map(reading, range(100, 120)))
    pages += drained(connector, pages[-1].cursor)
    assert set(numbers(pages)) == set(range(120))
    assert all(page.gap is None for page in pages)


def test_a_broker_that_is_killed_has_lost_the_session_and_that_is_a_gap(mosquitto_server, connect):
    connector = connect()
    cursor = subscribed(connector)
    publish(mosquitto_server, map(reading, range(5)))
    before = int(time.time())
    mosquitto_server.kill()
    mosquitto_server.start()
    (page,) = drained(connect(), cursor)
    assert not len(page.frame) and not page.is_empty
    assert page.gap.start == cursor["seen"] and before <= page.gap.end <= time.time()
    assert "lost our session" in page.gap.why
    publish(mosquitto_server, map(reading, range(5, 8)))
    (page,) = drained(connect(), page.cursor)
    assert page.gap is None and numbers([page]) == [5, 6, 7]


@pytest.mark.parametrize("topics", [TOPICS, ["#"]])
def test_a_broker_that_went_back_to_an_older_state_lacks_our_mark_and_that_is_a_gap_once(
    mosquitto_server, connect, topics
):
    options = {"mark": "gridhall/mark", "topics": topics}
    connector = connect(**options)
    cursor = subscribed(connector)
    mosquitto_server.save()
    for number in range(2):
        publish(mosquitto_server, [reading(number)])
        (page,) = drained(connector, cursor)
        assert page.gap is None and numbers([page]) == [number] and page.cursor["mark"] > 0
        cursor = page.cursor
    mosquitto_server.kill()
    mosquitto_server.start()
    (lost,) = [each for each in drained(connect(**options), page.cursor) if each.gap]
    assert "went back to an older state" in lost.gap.why and lost.gap.start <= lost.gap.end
    mosquitto_server.stop()
    mosquitto_server.start()
    publish(mosquitto_server, [reading(2)])
    (page,) = drained(connect(**options), lost.cursor)
    assert page.gap is None and numbers([page]) == [2] and page.cursor["mark"] >= lost.cursor["mark"]


def test_a_wrong_password_is_a_persons_matter_until_it_is_right(mosquitto_server, connect):
    for version in ("5", "3.1.1"):
        with pytest.raises(AuthenticationError, match=r"refuses us \(.+\); check options.user") as caught:
            list(connect(password="wrong", version=version).pages(None))
        assert "wrong" not in str(caught.value)
    assert list(connect().pages(None)) == []


def test_a_second_program_under_our_name_is_said(mosquitto_server, connect):
    ours = connect().follow(None)
    assert next(ours).is_empty
    assert list(connect().pages(None)) == []
    with pytest.raises(TemporaryError, match="see that nobody else comes in as 'gridhall'"):
        for _page in ours:
            pass


def test_a_burst_comes_whole_and_in_order_and_never_more_than_some_pages_at_a_time(mosquitto_server, connect):
    connector = connect(page_rows=250)
    cursor = subscribed(connector)
    pour(mosquitto_server, [reading(number) for number in range(5_000)])
    pages, held = [], 0
    for page in connector.pages(cursor):
        pages.append(page)
        held = max(held, len(connector._session.received))
        connector.acknowledge(page.receipt)
    assert numbers(pages) == list(range(5_000))
    assert held <= 4 * 250 and max(len(page.frame) for page in pages) <= 250


def test_senders_that_repeat_themselves_are_repeated(mosquitto_server, connect):
    """The store knows what it has; the broker does not."""
    connector = connect()
    cursor = subscribed(connector)
    publish(mosquitto_server, map(reading, [3, 1, 3, 2]))
    assert Counter(numbers(drained(connector, cursor))) == {1: 1, 2: 1, 3: 2}


def test_silence_is_an_empty_page(mosquitto_server, connect):
    pages = connect().follow(None)
    assert next(pages).is_empty and next(pages).is_empty
    pages.close()


@pytest.mark.mosquitto
def test_tls_holds_the_broker_to_its_name_and_shows_our_certificate(tmp_path):
    authority, stranger = trustme.CA(), trustme.CA()
    server, ours = authority.issue_cert("localhost"), authority.issue_cert("gridhall.example")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    stranger.cert_pem.write_to_path(tmp_path / "stranger.pem")
    server.cert_chain_pems[0].write_to_path(tmp_path / "server.pem")
    server.private_key_pem.write_to_path(tmp_path / "server.key")
    ours.private_key_and_cert_chain_pem.write_to_path(tmp_path / "ours.pem")
    with running_mosquitto(tmp_path) as broker:

        def read(**options):
            given = {**broker.access, "client": "gridhall", "topics": TOPICS, **options}
            return list(MqttConnector(given, folder=tmp_path, zone=ZoneInfo("UTC"), clock=lambda: 0).pages(None))

        assert read(ca="ca.pem", certificate="ours.pem") == []
        with pytest.raises(AuthenticationError, match="do not trust each other"):
            read(ca="stranger.pem", certificate="ours.pem")
        with pytest.raises(AuthenticationError, match="do not trust each other"):
            read(ca="ca.pem", certificate="ours.pem", url=broker.url.replace("localhost", "127.0.0.1"))
        with pytest.raises((AuthenticationError, TemporaryError)):
            read(ca="ca.pem")


def test_a_broker_that_falls_silent_is_away(mosquitto_server, connect, monkeypatch):
    monkeypatch.setattr(session, "KEEPALIVE_SECONDS", 1)
    pages = connect().follow(None)
    assert next(pages).is_empty
    mosquitto_server.server.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(TemporaryError, match="Keep alive timeout"):
            for _page in pages:
                pass
    finally:
        mosquitto_server.server.process.send_signal(signal.SIGCONT)


def test_large_messages_fill_a_page_sooner_and_one_that_is_too_large_is_a_bad_row(
    mosquitto_server, connect, monkeypatch
):
    monkeypatch.setattr(feed, "MOST_BYTES", 30_000)
    connector = connect()
    cursor = subscribed(connector)
    topic, padded = "site/b1/s1/temperature", json.dumps({"n": 1, "padding": "x" * 20_000})
    publish(mosquitto_server, [*[(topic, padded)] * 5, (topic, "1" * 5_000_001), reading(2)])
    pages = drained(connector, cursor)
    assert numbers(pages) == [1, 1, 1, 1, 1, 2] and max(len(page.frame) for page in pages) == 2
    ((bad,),) = [page.unreadable for page in pages if page.unreadable]
    assert "larger than 5 MB" in bad.detail and len(bad.text) == 2_000
