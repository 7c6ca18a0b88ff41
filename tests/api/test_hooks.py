"""/hooks: proven, fresh, stored before it is confirmed, once; and it tells nobody more than they proved to know."""

import hashlib
import hmac
import json
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from actions.receive import Hook, forget_deliveries
from api import hooks
from api.bodies import most
from datasources.feeds.webhook.connector import WebhookConnector
from datasources.mapping import Mapping
from datasources.poller import run_once
from domain import deliveries as rules
from domain.ways import is_open
from store import deliveries as stored
from store.deliveries import StoredInbox
from tests.datasources.sources import case_source
from tests.factories import Town

SECRET = "a-secret-of-the-gateway"
DAY = 86_400


@pytest.fixture
def town(tables_url):
    made = Town(tables_url)
    made.source_id = made.feed("gateway", "reading").source_id
    yield made
    made.close()


@pytest.fixture
def client(town) -> TestClient:
    app = FastAPI()
    known = {"gateway": Hook(town.source_id, SECRET.encode(), 30 * DAY)}
    app.state.house = SimpleNamespace(engine=town.engine, hooks=known, clock=lambda: town.now)
    app.include_router(hooks.router)
    return TestClient(app)


def send(client, body: bytes, at: int, *, source="gateway", secret=SECRET, **headers):
    """A delivery as the README tells senders to make it."""
    proof = hmac.new(secret.encode(), str(at).encode() + b"." + body, hashlib.sha256).hexdigest()
    told = {"X-GridHall-Timestamp": str(at), "X-GridHall-Signature": proof} | headers
    return client.post(f"/hooks/{source}", content=body, headers={k: v for k, v in told.items() if v is not None})


def kept(town) -> list[tuple]:
    return town.rows("SELECT source_id, body, received_at, taken_at FROM deliveries ORDER BY id")


def test_what_is_proven_is_kept_and_a_replay_once(town, client):
    answers = [send(client, b"[1]", town.now), send(client, b"[1]", town.now), send(client, b"[2]", town.now)]
    answers.append(send(client, b"[1]", town.now - 1))
    assert [each.status_code for each in answers] == [202] * 4
    assert [(bytes(body), at) for _, body, at, _ in kept(town)] == [
        (b"[1]", town.now),
        (b"[2]", town.now),
        (b"[1]", town.now),
    ]


def test_who_proves_nothing_hears_the_same_whatever_is_wrong(town, client):
    answers = [
        send(client, b"[1]", town.now, secret="another-secret-here"),
        send(client, b"[1]", town.now, source="nowhere"),
        send(client, b"[1]", town.now, source="nowhere", secret="another-secret-here"),
        send(client, b"[1]", town.now, **{"X-GridHall-Signature": None}),
        send(client, b"[1]", town.now, **{"X-GridHall-Signature": "é".encode("latin-1")}),
        send(client, b"[1]", town.now, **{"X-GridHall-Timestamp": None}),
        send(client, b"[1]", town.now, **{"X-GridHall-Timestamp": str(town.now + 1)}),
        send(client, b"[1]", town.now - 9_999, secret="another-secret-here"),
    ]
    assert {(each.status_code, each.text) for each in answers} == {(401, answers[0].text)}
    assert kept(town) == []


def test_a_clock_may_be_five_minutes_off(town, client):
    answers = {off: send(client, b"[1]", town.now + off) for off in (-300, 300, -301, 301)}
    assert {off: each.status_code for off, each in answers.items()} == {-300: 202, 300: 202, -301: 401, 301: 401}
    assert len(kept(town)) == 2 and "时钟" in answers[301].text


@pytest.mark.parametrize("stamp", ["", "x", "1.5", "-5", "٣", "9" * 400])
def test_a_time_that_is_none_is_not_fresh(stamp):
    assert not rules.is_fresh(stamp, 1_800_000_000)


def test_the_way_is_open_and_takes_five_megabytes():
    assert is_open("/hooks/gateway") and most("/hooks/gateway") == 5_000_000


def test_a_store_that_is_away_asks_to_be_sent_again(town, client, monkeypatch):
    def away(*_words):
        raise OperationalError("INSERT", {}, Exception("the disk is gone"))

    monkeypatch.setattr(stored, "keep", away)
    answer = send(client, b"[1]", town.now)
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "10" and "disk" not in answer.text


FIELDS = {"sensor": "sensor", "measure": "measure", "value": "value", "observed_at": {"column": "at", "format": "iso"}}


def taken(town, tmp_path):
    """Read the inbox once, as the worker does."""
    source = case_source(FIELDS, name="gateway", record="reading", connector="feeds.webhook")
    options = {"secret": SECRET, "items": "readings", "page_rows": 2}
    connector = WebhookConnector(options, folder=tmp_path, zone=None, clock=lambda: town.now)
    connector.inbox = StoredInbox(town.engine, town.source_id, lambda: town.now)
    feed = town.feed("gateway", "reading")
    return run_once(source, connector, Mapping(source), feed, cursor=feed.cursor(), clock=lambda: town.now)


def rows(*numbers: int) -> bytes:
    told = [{"sensor": "s", "measure": "m", "value": n, "at": f"2026-11-24T08:00:{n:02d}Z"} for n in numbers]
    return json.dumps({"readings": told}).encode()


def test_what_came_becomes_records_once_and_a_poisoned_body_one_bad_row(town, client, tmp_path):
    for body in (rows(1, 2), b"\xff", rows(), rows(3), rows(2, 3, 4), b"{}"):
        assert send(client, body, town.now).status_code == 202
    tally = taken(town, tmp_path)
    assert (tally.read, tally.kept, tally.unchanged, tally.quarantined) == (8, 4, 2, 2)
    assert town.rows("SELECT sum(value), count(*) FROM readings") == [(10, 4)]
    assert {at for *_, at in kept(town)} == {town.now}
    assert taken(town, tmp_path).read == 0


def test_a_worker_that_dies_before_it_has_ticked_off_a_delivery_takes_it_again_and_doubles_nothing(
    town, client, tmp_path, monkeypatch
):
    send(client, rows(1, 2), town.now)
    with monkeypatch.context() as dying:
        dying.setattr(StoredInbox, "taken", lambda *_: None)
        assert taken(town, tmp_path).kept == 2
    tally = taken(town, tmp_path)
    assert (tally.kept, tally.unchanged) == (0, 2) and taken(town, tmp_path).read == 0
    assert town.rows("SELECT count(*) FROM readings") == [(2,)]


def test_deliveries_are_handed_out_in_bounds_and_forgotten_long_after_they_were_taken(town, client, monkeypatch):
    monkeypatch.setattr(stored, "MOST_BYTES", 10)
    for body in (b"1" * 20, b"2" * 6, b"3" * 4, b"4" * 1):
        send(client, body, town.now)
    inbox, now = StoredInbox(town.engine, town.source_id, lambda: town.now), town.now
    first, *others = [number for (number,) in town.rows("SELECT id FROM deliveries ORDER BY id")]
    assert [each[0] for each in inbox.waiting(0, 9)] == [first]
    assert [each[0] for each in inbox.waiting(first, 9)] == others[:2]
    assert [each[2] for each in inbox.latest(2)] == [b"3333", b"4"]
    inbox.taken(others)
    assert [each[0] for each in inbox.waiting(0, 9)] == [first]
    kinds = [Hook(town.source_id, b"", 30 * DAY)]
    assert forget_deliveries(town.engine, kinds, now=now + 30 * DAY) == 0
    assert forget_deliveries(town.engine, kinds, now=now + 31 * DAY) == 3
    assert [bytes(body) for _, body, *_ in kept(town)] == [b"1" * 20], "what nobody has taken stays"
