"""The services are asked for many times a second and looked up once: until something is committed, or the clock moves."""

from collections.abc import Iterator

import pytest

from domain.periods import SiteZone
from store.counts.reader import Counts
from tests.factories import ZONE, Town
from views import watch
from views.reader import Reader
from views.watch import services


@pytest.fixture
def town(tables_url) -> Iterator[Town]:
    made = Town(tables_url)
    yield made
    made.close()


@pytest.fixture
def reader(town, tmp_path) -> Reader:
    counts = Counts(town.engine, town.site.areas, tmp_path / "counts")
    return Reader(town.engine, counts, town.site.areas, SiteZone(ZONE), lambda: town.now)


def test_services_are_looked_up_once_a_commit_and_second(town, reader, monkeypatch):
    made = []
    look = watch._services
    monkeypatch.setattr(watch, "_services", lambda *given: made.append(1) or look(*given))
    feed = town.feed()
    for _time in range(3):
        assert [each.state for each in services(reader, 99.0)] == ["waiting"]
    assert len(made) == 1
    feed.succeeded()
    assert [(each.state, each.age) for each in services(reader, 99.0)] == [("live", 0)]
    feed.failed("down", "gone")
    assert [each.state for each in services(reader, 99.0)] == ["failing"]
    town.now += 400
    assert [(each.state, each.age) for each in services(reader, 99.0)] == [("stale", 400)]
    assert len(made) == 4
    services(reader, 99.9)
    assert len(made) == 5  # another target is another budget


def test_the_newest_run_of_each_source_is_told(town, reader):
    for name, rows in (("one", 3), ("two", 2), ("one", 1)):
        town.take(*({"external_id": f"{name}{row}"} for row in range(rows)), source=name)
    town.feed("three")
    assert {each.name: each.feed.read for each in services(reader, 99.0)} == {"one": 1, "two": 2, "three": 0}
