"""What is said of a source that fails: right within one interval, and once; and what a person mends goes on where it was."""

from base64 import b64encode

import pytest

from domain.periods import SiteZone
from store.counts.reader import Counts
from tests.datasources.faults.test_faults import holds, once_down_and_once_up
from tests.datasources.faults.worlds import KINDS, NOW, World, iso
from tests.factories import ZONE, Town
from tests.servers.http import Reply
from views.reader import Reader
from views.watch import Service, services
from views.watch_past import Failure, past

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
EVERY = 60


@pytest.fixture(scope="module")
def one_town(tmp_path_factory):
    made = Town(f"sqlite:///{tmp_path_factory.mktemp('told')}/town.db")
    yield made
    made.close()


@pytest.fixture
def town(one_town):
    one_town.clear()
    return one_town


@pytest.fixture
def reader(town, tmp_path) -> Reader:
    counts = Counts(town.engine, town.site.areas, tmp_path / "counts")
    return Reader(town.engine, counts, town.site.areas, SiteZone(ZONE), lambda: town.now)


@pytest.fixture(params=sorted(KINDS))
def world(request, town, http_server) -> World:
    return World(request.param, town, http_server)


def shown(reader: Reader) -> Service:
    """The source as /sources shows it."""
    (service,) = services(reader, 99.0)
    return service


def test_the_watch_room_says_within_one_interval_what_a_source_is(world, reader):
    assert world.attend() == EVERY
    assert (shown(reader).state, shown(reader).feed.error) == ("live", None)
    down_at = reader.clock()
    world.fault = lambda _asked: Reply(status=500)
    world.attend()
    assert reader.clock() <= down_at + EVERY
    assert (shown(reader).state, shown(reader).since) == ("failing", down_at)
    assert "500" in str(shown(reader).feed.error)
    seen = set()
    while reader.clock() < down_at + 12 * EVERY:
        assert world.attend() == EVERY
        seen.add(shown(reader).state)
    assert seen == {"stale", "down"} and shown(reader).state == "down"
    world.fault, up_at = lambda _asked: None, reader.clock()
    assert world.attend() == EVERY
    assert (shown(reader).state, shown(reader).since, shown(reader).feed.error) == ("live", up_at, None)
    (outage,) = past(reader, shown(reader).feed.id).failures
    assert outage == Failure(down_at, up_at, "down", outage.error)
    once_down_and_once_up(world)


@pytest.mark.parametrize(("reply", "state"), [(Reply(status=403), "refused"), (Reply(b"<html>"), "bad")])
def test_what_asks_for_a_person_is_told_at_once(world, reader, reply, state):
    world.attend()
    world.fault = lambda _asked: reply
    world.attend(2)
    assert (shown(reader).state, shown(reader).asks_for_somebody) == (state, True)
    world.fault = lambda _asked: None
    world.attend()
    assert shown(reader).state == "live"
    once_down_and_once_up(world)


def basic(word: str) -> str:
    return f"Basic {b64encode(f'me:{word}'.encode()).decode()}"


LETS_IN = {
    "feeds.rest": lambda word: {"auth": {"by": "basic", "user": "me", "password": word}},
    "feeds.open311": lambda word: {"api_key": word},
    "feeds.sensorthings": lambda word: {"user": "me", "password": word},
}


@pytest.mark.parametrize("kind", LETS_IN)
def test_a_password_that_was_changed_there_is_changed_here_and_nothing_is_lost(kind, town, http_server, reader):
    def guard(asked):
        told = asked.headers.get("authorization") or asked.query.get("api_key")
        return Reply(status=401) if KINDS[kind].middle(asked) and told not in {"new", basic("new")} else None

    old = World(kind, town, http_server, options=LETS_IN[kind]("old"))
    old.fault = guard
    assert old.attend() >= 900  # a lock-out is no reason to knock every minute
    assert (shown(reader).state, old.stored()) == ("refused", list(range(5)))
    new = World(kind, town, http_server, options=LETS_IN[kind]("new"))
    new.fault = guard
    new.attend()
    assert shown(reader).state == "live"
    holds(new)


NEWER = {
    "feeds.rest": {"status": "verifying", "changed": iso(NOW - 60)},
    "feeds.open311": {"status": "closed", "updated_datetime": iso(NOW - 60)},
}


@pytest.mark.parametrize("kind", NEWER)
def test_an_older_version_that_comes_after_a_newer_one_changes_nothing(kind, town, http_server):
    world = World(kind, town, http_server)
    old = world.rows[12]
    new = {**old, **NEWER[kind]}

    def status() -> str:
        return str(town.rows("SELECT status FROM cases WHERE external_id = '12'")[0][0])

    world.rows[12] = new
    world.attend()
    told = status()
    assert told in {"verifying", "closed"}
    world.rows[12] = old
    world.attend(2)
    assert status() == told
    world.rows[12] = new
    world.attend()
    assert status() == told
    holds(world)


@pytest.mark.parametrize("skew", [-7_200, 7_200])
def test_a_server_whose_clock_is_two_hours_off_loses_no_record(world, skew):
    world.rows[:] = [world.made(number, NOW - 300 + 60 * number + skew) for number in range(4)]
    world.attend()
    world.rows.append(world.made(4, NOW + 60 + skew))
    world.attend()
    world.rows.append(world.made(5, NOW + 120 + skew))
    world.attend()
    holds(world, range(6))


def test_a_burst_that_breaks_off_again_and_again_is_taken_whole(world):
    world.rows += [world.made(number, NOW - 80_000 + number) for number in range(13, 30)]
    failing = [0]

    def every_third(_asked):
        failing[0] += 1
        return Reply(status=503) if failing[0] % 3 == 0 else None

    world.fault = every_third
    world.attend(5)
    world.fault = lambda _asked: None
    world.attend()
    holds(world, range(30))
