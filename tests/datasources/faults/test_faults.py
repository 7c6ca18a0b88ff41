"""What happens to a source over HTTP: nothing is lost that the server still holds, nothing doubled, no other disturbed."""

import pytest

from tests.datasources.faults.worlds import KINDS, NOW, World
from tests.factories import Town
from tests.servers.http import Reply, running_http

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
FAULTS = {
    "half an answer": (Reply(b'[{"a": 1}, {"b"', cut=7), "down"),
    "half an answer without a length": (Reply(b'[{"a": 1}, {"b"', open_ended=True), "down"),
    "an answer without an end": (Reply(b" " * 1_000, drip=0.05), "down"),
    "silence": (Reply(silent=True), "down"),
    "too many requests": (Reply(status=429, headers={"Retry-After": "300"}), "down"),
    "an inner fault": (Reply(status=500), "down"),
    "busy": (Reply(status=503, headers={"Retry-After": "300"}), "down"),
    "a wrong password": (Reply(status=401), "refused"),
    "something that is no JSON": (Reply(b"<html>maintenance</html>"), "bad"),
    "an answer too large": (Reply(b'["' + b"x" * 1_100_000 + b'"]'), "bad"),
    "a redirect elsewhere": (Reply(status=302, headers={"Location": "http://169.254.169.254/"}), "bad"),
}
WITHOUT_AN_END = {"silence", "an answer without an end"}
"""What only the time limit ends."""


@pytest.fixture
def town(tmp_path):
    made = Town(f"sqlite:///{tmp_path}/town.db")
    yield made
    made.close()


@pytest.fixture(params=sorted(KINDS))
def world(request, town, http_server) -> World:
    waits = request.node.callspec.params.get("fault") in WITHOUT_AN_END
    return World(request.param, town, http_server, options={"total_seconds": 1} if waits else {})


def holds(world: World, numbers=range(13)) -> None:
    """Everything is there once, and the sums add up."""
    assert world.stored() == list(numbers)
    read, kept, unchanged, quarantined, empty = world.sums()
    assert (kept, quarantined) == (len(world.rows), 0)
    assert read == kept + unchanged + quarantined + empty


def once_down_and_once_up(world: World) -> None:
    assert [each["event"] for each in world.logs] == ["source_down", "source_up"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_middle_loses_nothing_and_doubles_nothing(world, fault):
    reply, state = FAULTS[fault]
    world.broken_by(reply)
    with running_http() as quiet:
        other = World(world.kind, world.town, quiet, name="other")
        world.attend()
        assert (world.state, world.stored()) == (state, list(range(5)))
        other.attend()
        assert other.state == "ok"
        holds(other)
    waited = world.attend()
    assert waited >= (300 if "Retry-After" in reply.headers else 60)
    assert (world.state, world.job.failures) == (state, 2)
    world.fault = lambda _asked: None
    world.attend()
    assert world.state == "ok"
    holds(world)
    world.attend(2)
    holds(world)
    once_down_and_once_up(world)


def test_a_server_that_is_killed_and_comes_back(world):
    def die(asked):
        if KINDS[world.kind].middle(asked):
            world.server.stop()

    world.fault = die
    world.attend(2)
    assert (world.state, world.stored()) == ("down", list(range(5)))
    world.rows.append(world.made(13))
    world.fault = lambda _asked: None
    world.server.start()
    world.attend()
    assert world.state == "ok"
    holds(world, range(14))
    once_down_and_once_up(world)


def test_rows_that_come_twice_and_out_of_order_are_kept_once(world):
    world.rows[:] = [world.rows[n] for n in (9, 3, 12, 0, 7, 3, 1, 12, 2, 4, 5, 6, 8, 9, 10, 11)]
    world.attend(2)
    assert (world.state, world.stored()) == ("ok", list(range(13)))
    read, kept, unchanged, quarantined, empty = world.sums()
    assert (kept, unchanged, read) == (13, 3, kept + unchanged + quarantined + empty)


def test_a_server_whose_clock_runs_ahead_hides_no_later_record(world):
    world.rows.append(world.made(13, NOW + 3 * 86_400))
    world.attend()
    assert world.stored() == list(range(13))
    assert world.sums()[3] == 1  # a record of the day after tomorrow waits in quarantine
    world.rows.append(world.made(14, NOW + 30))
    world.attend()
    assert world.stored() == [*range(13), 14]


def test_a_burst_is_taken_whole(world):
    world.rows += [world.made(number, NOW - 80_000 + number) for number in range(13, 120)]
    world.attend()
    assert world.state == "ok"
    holds(world, range(120))


def test_a_worker_that_is_stopped_in_the_middle_goes_on_there(world):
    halt = world.poller.stop
    taken = []

    def take_one(batch):
        taken.append(batch)
        halt.set()
        return world.feed(batch)

    world.job.sink = take_one
    world.attend()
    assert len(taken) == 1
    again = World(world.kind, world.town, world.server)
    again.attend()
    assert again.stored() == list(range(13))
    assert again.sums()[1] == 13


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_same_holds_on_postgresql(kind, postgres_server, http_server):
    town = Town(postgres_server())
    try:
        world = World(kind, town, http_server)
        world.broken_by(Reply(status=500))
        world.attend(2)
        assert (world.state, world.stored()) == ("down", list(range(5)))
        world.fault = lambda _asked: None
        world.attend(2)
        assert world.state == "ok"
        holds(world)
        once_down_and_once_up(world)
    finally:
        town.close()
