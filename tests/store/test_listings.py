"""The rows behind a figure: what plain Python finds among random cases, in order, each once."""

import random
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa

from domain.cases import KINDS, PLACINGS, STATUSES
from domain.periods import SiteZone
from store import listings
from store.engine import read
from store.listings import LISTINGS, SORTS, Wanted
from tests.factories import IN_A1, IN_A2, IN_B1, IN_B2, NOW, ZONE, Town

DAY = 86_400
LEVELS = ("satisfied", "basically", "dissatisfied")
COUNTED = set(STATUSES) - {"void", "merged", "detected"}
CLOSED, ENDED = {"closed", "self_handled"}, {"closed", "self_handled", "refused"}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def town(request, tmp_path_factory):
    """300 random cases and 120 ratings of two sources."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('listings')}/store.db"
    else:
        url = request.getfixturevalue("postgres_server")()
    town, draw = Town(url), random.Random(11)
    for source in ("one", "two"):
        town.take(*(random_case(draw, f"{source}-{i}") for i in range(150)), source=source)
    rated = draw.sample(range(150), 60)
    for source in ("one", "two"):
        town.rate(*(random_rating(draw, source, i) for i in rated))
    yield town
    town.close()


def random_case(draw: random.Random, key: str) -> dict[str, Any]:
    reported = NOW - draw.randrange(40 * DAY)
    status, where = (
        draw.choice([*STATUSES, *["closed"] * 8]),
        draw.choice([IN_A1, IN_A2, IN_B1, IN_B2, (100.0, 10.0), (None, None)]),
    )
    later = [None, *(reported + draw.randrange(-DAY, 20 * DAY) for _ in range(3))]
    ended = draw.choice(later) if status not in ENDED else reported + draw.randrange(15 * DAY)
    return {
        "external_id": key, "status": status, "category": draw.choice(["Litter", "Noise", "100% odd_"]),
        "kind": draw.choice(KINDS), "reported_at": reported, "first_response_at": draw.choice(later),
        "due_at": draw.choice(later), "closed_at": ended, "online": draw.choice([True, False, None]),
        "channel": draw.choice([None, "phone", "app"]), "title": draw.choice([None, "50% of a lamp", "a_b", "灯 x"]),
        "longitude": where[0], "latitude": where[1], "pinned": draw.random() < 0.1 and where[0] is not None,
    }  # fmt: skip


def random_rating(draw: random.Random, source: str, case: int) -> dict[str, Any]:
    return {"external_id": f"r{source}{case}", "case": f"{source}-{case}", "level": draw.choice(LEVELS)}


ROWS = (
    'SELECT c.*, k.name AS category, s.name AS source, a.position AS "position" FROM cases c '
    "JOIN categories k ON k.id = c.category_id JOIN sources s ON s.id = c.source_id JOIN areas a ON a.id = c.area_id"
)


def all_rows(town: Town) -> list[dict[str, Any]]:
    with read(town.engine) as connection:
        return [dict(row) for row in connection.execute(sa.text(ROWS)).mappings()]


def belongs(row: dict[str, Any], listing: str, start: int, end: int) -> bool:
    """Whether a case is in a listing over [start, end): counts.md, in words of one case."""

    def within(name: str) -> bool:
        return row[name] is not None and start <= row[name] < end

    counted = row["status"] in COUNTED
    ended_at = row["closed_at"] if row["status"] in ENDED else None
    is_open = ended_at is None or ended_at >= end
    closed = row["status"] in CLOSED and within("closed_at")
    responded = row["first_response_at"] is not None and row["first_response_at"] >= row["reported_at"]
    return {
        "reported": counted and within("reported_at"),
        "responded": counted and within("reported_at") and responded,
        "online_known": counted and within("reported_at") and row["online"] is not None,
        "closed": closed,
        "rated": closed and row["level"] is not None,
        "open": counted and row["reported_at"] < end and is_open,
        "overdue": counted and bool(row["overdue"]) and row["due_at"] is not None and row["due_at"] < end and is_open,
        "due": counted and within("due_at") and (
            bool(row["overdue"]) or (ended_at is not None and ended_at <= row["due_at"])
        ),
        "late": counted and within("due_at") and bool(row["overdue"]),
        "every": within("reported_at"),
    }[listing]  # fmt: skip


def random_wanted(draw: random.Random, town: Town, listing: str) -> Wanted:
    zone, last = SiteZone(ZONE), SiteZone(ZONE).day(NOW)
    first = last - draw.randrange(45)
    ranges = draw.choice([((0, len(town.site.areas)),), (town.site.areas.range("A"),), ((2, 3), (5, 6)), ()])

    def some(values) -> tuple[str, ...]:
        return tuple(draw.sample(list(values), draw.randint(1, 2))) if draw.random() < 0.4 else ()

    return Wanted(
        listing, zone.start(first), zone.start(draw.randint(first, last) + 1), ranges, some(KINDS),
        some(["Litter", "Noise", "100% odd_", "nowhere"]), some(["one", "two"]), some(STATUSES), some(PLACINGS),
        draw.choice(["", "", "one-1", "%", "_", "灯"]),
    )  # fmt: skip


def chosen(row: dict[str, Any], wanted: Wanted) -> bool:
    texts = [row[name] or "" for name in ("external_id", "order_no", "title", "text")]
    return (
        belongs(row, wanted.listing, wanted.start, wanted.end)
        and any(low <= row["position"] < high for low, high in wanted.ranges)
        and KINDS[row["kind"]] in (wanted.kinds or KINDS)
        and row["category"] in (wanted.categories or [row["category"]])
        and row["source"] in (wanted.sources or [row["source"]])
        and row["status"] in (wanted.statuses or STATUSES)
        and PLACINGS[row["placing"]] in (wanted.placings or PLACINGS)
        and any(wanted.text in text for text in texts)
    )


@pytest.mark.parametrize("listing", LISTINGS)
def test_a_listing_is_what_plain_python_finds(town, listing):
    draw, rows, seen = random.Random(f"listing {listing}"), all_rows(town), 0
    with read(town.engine) as connection:
        for _ in range(40):
            wanted = random_wanted(draw, town, listing)
            expected = {row["id"] for row in rows if chosen(row, wanted)}
            exported = [row["id"] for chunk in listings.stream(connection, wanted, size=7) for row in chunk]
            assert listings.count(connection, wanted) == len(expected) == len(exported), wanted
            assert set(exported) == expected, wanted
            seen += len(expected)
    assert seen > 20


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_visit_each_row_once_and_in_order(town, sort, descending):
    wanted = Wanted("every", NOW - 41 * DAY, NOW + DAY, ((0, len(town.site.areas)),))
    with read(town.engine) as connection:
        pages = [
            listings.page(connection, wanted, sort=sort, descending=descending, offset=offset, limit=37)
            for offset in range(0, 333, 37)
        ]
    found = [row["id"] for page in pages for row in page]
    assert Counter(found) == Counter(row["id"] for row in all_rows(town))
    by_id = {row["id"]: row for row in all_rows(town)}
    column = {"area": "position"}.get(sort, sort)
    values = [by_id[i][column] for i in found]
    known = [value for value in values if value is not None]
    assert values[len(known) :] == [None] * (len(values) - len(known))  # what is not known comes last
    if sort != "category":  # each database sorts letters beyond A–Z by its own rule
        assert known == sorted(known, reverse=descending)
    ties = [(a, b) for a, b in pairwise(found) if by_id[a][column] == by_id[b][column]]
    assert all((a > b) is descending for a, b in ties)


def test_an_unknown_sort_is_not_taken(town):
    with read(town.engine) as connection, pytest.raises(KeyError):
        listings.page(connection, Wanted("every", 0, 1, ()), sort="id; drop", descending=False, offset=0, limit=1)


def test_a_case_is_shown_only_where_the_scope_reaches(town):
    row = next(row for row in all_rows(town) if row["position"] > 0)
    with read(town.engine) as connection:
        found = listings.one(connection, row["id"], ((row["position"], row["position"] + 1),))
        assert found is not None
        assert found["external_id"] == row["external_id"] and found["text"] == row["text"]
        assert listings.one(connection, row["id"], ((0, row["position"]),)) is None
        assert listings.one(connection, row["id"], ()) is None


def test_near_rows_are_those_within_the_square(town):
    wanted = Wanted("every", NOW - 41 * DAY, NOW + DAY, ((0, len(town.site.areas)),))
    with read(town.engine) as connection:
        found = {row["id"] for row in listings.near(connection, wanted, *IN_A1, 200)}
    here = [row for row in all_rows(town) if PLACINGS[row["placing"]] == "here"]
    assert found == {row["id"] for row in here if (row["longitude"], row["latitude"]) == IN_A1}
