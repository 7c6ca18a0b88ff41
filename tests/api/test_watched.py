"""A source goes live → failing → stale → down → up by a moved clock: the view, /metrics, /readyz and plain SQL agree."""

from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from actions.sources import pause, resume
from api import health, metrics
from config import Settings
from datasources.contract import Gap
from domain.actor import SYSTEM
from domain.periods import SiteZone
from store.counts.reader import Counts
from store.engine import write
from store.heartbeat import worker_seen
from tests.factories import NOW, ZONE, Town, batch, cases, rejected
from views.reader import Reader
from views.watch import STATES, services

EVERY = 60


class Room:
    """A town, the routes of the watch room over it, and its clock."""

    def __init__(self, url, folder):
        self.town = Town(url)
        counts = Counts(self.town.engine, self.town.site.areas, folder / "counts")
        self.reader = Reader(self.town.engine, counts, self.town.site.areas, SiteZone(ZONE), lambda: self.town.now)
        house = SimpleNamespace(
            engine=self.town.engine, reader=self.reader, settings=Settings(), build="b1", clock=lambda: self.town.now
        )
        app = FastAPI()
        app.state.house, app.state.started_at = house, NOW
        app.include_router(health.router)
        app.include_router(metrics.router)
        self.client = TestClient(app)

    def at(self, seconds):
        self.town.now = NOW + seconds
        with write(self.town.engine) as connection:
            worker_seen(connection, self.town.now)

    def service(self, name="one"):
        return next(each for each in services(self.reader, 99.0) if each.name == name)

    def samples(self):
        text = self.client.get("/metrics").text
        return {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def states(self, name="one"):
        """The state by each way of asking."""
        told = self.samples()
        (measured,) = [s for s in STATES if told["gridhall_source_state", *sorted((name, s))] == 1]
        ready = self.client.get("/readyz")
        assert ready.status_code == 200
        return {self.service(name).state, measured, ready.json()["services"][name]}


@pytest.fixture
def room(tables_url, tmp_path):
    made = Room(tables_url, tmp_path)
    yield made
    made.town.close()


def test_a_source_that_breaks_and_comes_back_is_told_alike_everywhere(room):
    feed = room.town.feed()
    assert room.states() == {"waiting"}
    feed(batch(cases({"external_id": "1"}, {"external_id": "2"}), rejected({"raw": "x"}), empty=3))
    feed.succeeded()
    seen = []
    for step in range(1, 15):
        room.at(EVERY * step)
        if step == 1:
            feed.succeeded()
        elif step < 13:
            feed.failed("down", "no answer")
        else:
            feed.succeeded()
        (state,) = room.states()
        seen.append(state)
    assert seen == ["live", "failing", "failing", *["stale"] * 7, "down", "down", "live", "live"]
    service = room.service()
    assert (service.since, service.age) == (NOW + 13 * EVERY, 0)
    assert service.budget.share == pytest.approx((4 + 1) / 14, abs=0.001)
    assert service.budget.left_seconds == pytest.approx(0.01 * 14 * EVERY - 9 * EVERY, abs=1)
    (today,) = [dict(day.seconds) for day in service.days if day.seconds and dict(day.seconds).get("live")]
    assert (today["failing"], today["stale"], today["down"]) == (2 * EVERY, 7 * EVERY, 2 * EVERY)


def test_what_is_measured_is_what_stands_in_the_store(room):
    feed = room.town.feed()
    lost = batch(cases({"external_id": "1"}, {"external_id": "2"}), rejected({"raw": "x"}, {"raw": "y"}), empty=3)
    feed(lost.__class__(**{**vars(lost), "gap": Gap(NOW - 500, NOW - 380, "the broker forgot us")}))
    feed.failed("refused", "no key")
    room.at(2 * EVERY)
    told = room.samples()
    (sums,) = room.town.rows(
        'SELECT sum(kept), sum(unchanged), sum(quarantined), sum(empty), sum(failures), sum("read") FROM source_hours'
    )
    kept, unchanged, quarantined, empty, failures, read = map(int, sums)
    assert read == kept + unchanged + quarantined + empty == 7
    for outcome, n in (("kept", kept), ("unchanged", unchanged), ("quarantined", quarantined), ("empty", empty)):
        assert told["gridhall_source_records_total", *sorted(("one", outcome))] == n
    assert told["gridhall_source_failures_total", "one"] == failures == 1
    assert told["gridhall_source_quarantine", "one"] == 2
    assert told["gridhall_source_gap_seconds_total", "one"] == 120
    assert ("gridhall_source_lag_seconds", "one") not in told
    assert room.states() == {"refused"}


def test_a_pause_is_a_state_of_its_own_and_spends_no_budget(room):
    feed = room.town.feed()
    feed.succeeded()
    room.at(10)
    assert pause(room.town.site, SYSTEM, "one", "the line is being moved", now=NOW + 10)
    assert not pause(room.town.site, SYSTEM, "one", "again", now=NOW + 10)
    room.at(7_210)
    assert room.states() == {"paused"}
    assert room.service().since == NOW + 10
    assert room.service().budget.share == 1
    assert resume(room.town.site, SYSTEM, "one", "it is moved", now=NOW + 7_210)
    room.at(7_220)
    assert room.states() == {"down"}
    feed.succeeded()
    room.at(7_230)
    assert room.states() == {"live"}
    assert room.town.rows("SELECT action, detail FROM audit ORDER BY id") == [
        ("source.pause", '{"change":2}'), ("source.resume", '{"change":3,"paused_seconds":7200}'),
    ]  # fmt: skip
    assert room.town.rows("SELECT state, note FROM source_states WHERE id IN (2, 3) ORDER BY id") == [
        ("paused", "the line is being moved"), ("resumed", "it is moved"),
    ]  # fmt: skip


def test_a_worker_that_falls_silent_makes_the_house_unready(room):
    room.at(0)
    room.town.now = NOW + 5 * 60 - 1
    assert room.client.get("/readyz").status_code == 200
    room.town.now = NOW + 5 * 60
    told = room.client.get("/readyz")
    assert (told.status_code, told.json()["status"]) == (503, "the worker has not reported for 5 minutes")
    room.at(5 * 60)
    assert room.client.get("/readyz").json() == {"status": "ok", "services": {}}


def test_neither_tells_an_error_an_address_or_a_place(room):
    feed = room.town.feed()
    feed.failed("down", "10.0.0.7:1883 does not answer")
    for way in ("/metrics", "/readyz"):
        assert "10.0.0.7" not in room.client.get(way).text
