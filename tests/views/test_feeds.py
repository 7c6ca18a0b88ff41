"""What is said of a feed adds up; its bad rows are shown whole, in order, and only to those who may see the site."""

from collections.abc import Iterator

import pytest

from domain.periods import SiteZone
from domain.scope import Scope
from store.counts.reader import Counts
from tests.factories import NOW, ZONE, Town, batch, cases, rejected
from views.feeds import bad_rows, feeds, quarantined
from views.reader import Reader

SITE = Scope.site("viewer")


@pytest.fixture
def town(tmp_path) -> Iterator[Town]:
    made = Town(f"sqlite:///{tmp_path}/store.db")
    yield made
    made.close()


@pytest.fixture
def reader(town, tmp_path) -> Reader:
    counts = Counts(town.engine, town.site.areas, tmp_path / "counts")
    return Reader(town.engine, counts, town.site.areas, SiteZone(ZONE), lambda: town.now)


def bad(number, reason="bad_number", origin="a.csv"):
    return {
        "external_id": str(number),
        "reason": reason,
        "detail": f"row {number}",
        "raw": f'{{"id": {number}}}',
        "row": number,
        "origin": origin,
    }


def test_a_run_reads_what_it_kept_left_and_put_aside(town, reader):
    town.take({"external_id": "1"}, {"external_id": "2"})
    feed = town.feed()
    feed(batch(cases({"external_id": "1"}, {"external_id": "3"}), rejected(bad(7)), empty=2))
    feed.succeeded()
    (shown,) = feeds(reader)
    assert shown.read == shown.kept + shown.unchanged + shown.quarantined + shown.empty == 5
    assert (shown.kept, shown.unchanged, shown.quarantined, shown.empty) == (1, 1, 1, 2)
    assert (shown.waiting, shown.reasons) == (1, (("bad_number", 1),))


def test_the_state_shown_is_that_of_the_feeds_own_clock(town, reader):
    feed = town.feed()
    assert [f.shown for f in feeds(reader)] == ["waiting"]
    feed.succeeded()
    for later, state in ((179, "live"), (180, "stale"), (599, "stale"), (600, "down")):
        town.now = NOW + later
        assert [f.shown for f in feeds(reader)] == [state]


@pytest.mark.parametrize("state", ["refused", "bad"])
def test_what_somebody_has_to_mend_is_said_before_all_else(town, reader, state):
    town.feed().failed(state, "no key")
    (shown,) = feeds(reader)
    assert (shown.shown, shown.error) == (state, "no key")


def test_the_rest_of_a_fetch_takes_as_long_as_its_pace_says(town, reader):
    feed = town.feed()
    feed(batch(cases({"external_id": "1"})))
    with town.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sources SET state = 'running', done = 25, total = 100, rate = 12.5")
    town.now = NOW + 10
    (shown,) = feeds(reader)
    assert shown.shown == "running"
    assert shown.remaining_seconds(town.now) == 30
    with town.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sources SET total = 0")
    assert feeds(reader)[0].remaining_seconds(town.now) is None


def test_bad_rows_come_in_order_of_source_file_and_row(town, reader):
    town.feed("two")(batch(cases(), rejected(bad(5))))
    town.feed("one")(batch(cases(), rejected(bad(9), bad(2), bad(1, origin="b.csv"))))
    found = list(quarantined(reader, ["one", "two"]))
    assert [(r["source"], r["origin"], r["row_number"]) for r in found] == [
        ("one", "a.csv", 2), ("one", "a.csv", 9), ("one", "b.csv", 1), ("two", "a.csv", 5),
    ]  # fmt: skip
    assert found[0]["raw"] == {"id": 2}
    assert list(quarantined(reader, ["two"])) == found[3:]


def test_a_settled_row_is_not_shown(town, reader):
    town.feed()(batch(cases(), rejected(bad(5))))
    town.take({"external_id": "5"})
    assert list(quarantined(reader, ["one"])) == []


def test_pages_of_bad_rows_show_each_once(town, reader):
    town.feed()(batch(cases(), rejected(*(bad(n, "future" if n % 3 else "bad_point") for n in range(1, 11)))))
    pages = [bad_rows(reader, SITE, "one", reason="", offset=start, limit=4) for start in (0, 4, 8, 12)]
    assert [row["row_number"] for page in pages for row in page.rows] == list(range(1, 11))
    assert {page.total for page in pages} == {10}
    chosen = bad_rows(reader, SITE, "one", reason="bad_point", offset=0, limit=4)
    assert ([row["row_number"] for row in chosen.rows], chosen.total) == ([3, 6, 9], 3)


@pytest.mark.parametrize("scope", [Scope.nothing(), Scope(frozenset({"A"}), "viewer")])
def test_raw_rows_are_not_shown_to_those_who_see_a_part(town, reader, scope):
    town.feed()(batch(cases(), rejected(bad(5))))
    found = bad_rows(reader, scope, "one", reason="", offset=0, limit=4)
    assert (found.rows, found.total) == ((), 0)
