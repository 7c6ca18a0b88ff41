"""The answers behind the three rates beside a count by hand, on both databases."""

from collections.abc import Iterator
from datetime import date

import pytest

from domain.periods import Period, SiteZone, day_of
from domain.scope import Scope
from store.counts.reader import Counts
from tests.factories import IN_A1, IN_B1, NOW, ZONE, Town
from views.reader import Reader
from views.threerates import answers

NOVEMBER = Period(day_of(date(2026, 11, 1)), day_of(date(2026, 11, 30)))


@pytest.fixture
def town(store_url) -> Iterator[Town]:
    made = Town(store_url)
    done = {"status": "closed", "closed_at": NOW}
    made.take(
        {"external_id": "1", **done},
        {"external_id": "2", **done},
        {"external_id": "3", **done},
        {"external_id": "4"},
        {"external_id": "5", **done, "longitude": IN_B1[0]},
    )
    here = {"case": None, "longitude": IN_A1[0], "latitude": IN_A1[1]}
    made.rate(
        {"external_id": "a", "case": "1"},
        {"external_id": "b", "case": "2", "level": "basically"},
        {"external_id": "c", "case": "5", "level": "dissatisfied"},
        {"external_id": "d", **here},
        {"external_id": "e", **here, "level": "dissatisfied"},
        {"external_id": "f", **here, "rated_at": NOW - 40 * 86_400},
        {"external_id": "g", **here, "longitude": IN_B1[0]},
        {"external_id": "h", "case": "not here yet"},
    )
    yield made
    made.close()


def asked(town, tmp_path, area, scope=Scope.site("viewer")):  # noqa: B008
    reader = Reader(
        town.engine,
        Counts(town.engine, town.site.areas, tmp_path / "counts"),
        town.site.areas,
        SiteZone(ZONE),
        lambda: NOW,
    )
    found = answers(reader, reader.moment(), scope, NOVEMBER, area)
    return found.closed, found.rated, found.satisfied, found.basically, found.surveys


def test_closed_cases_and_surveys_of_an_area_are_counted(town, tmp_path):
    assert asked(town, tmp_path, "") == (4, 6, 3, 1, 3)
    assert asked(town, tmp_path, "A") == (3, 4, 2, 1, 2)
    assert asked(town, tmp_path, "B1") == (1, 2, 1, 0, 1)


def test_no_scope_sees_no_answer(town, tmp_path):
    assert asked(town, tmp_path, "", Scope.nothing()) == (0, 0, 0, 0, 0)
    assert asked(town, tmp_path, "A", Scope(frozenset({"B"}), "viewer")) == (0, 0, 0, 0, 0)
