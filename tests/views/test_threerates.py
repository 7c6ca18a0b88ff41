"""The answers behind the three rates beside a count by hand, on both databases."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from domain.periods import Period, SiteZone, day_of
from domain.scope import Scope
from store.counts.reader import Counts
from store.engine import write
from store.schema import cases
from store.schema_work import return_visits
from tests.factories import IN_A1, IN_B1, NOW, ZONE, Town
from views.reader import Reader
from views.threerates import answers

NOVEMBER = Period(day_of(date(2026, 11, 1)), day_of(date(2026, 11, 30)))


@pytest.fixture
def town(tables_url) -> Iterator[Town]:
    made = Town(tables_url)
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


def visit(town: Town, case: str, reached=True, contacted=None, resolved=None) -> None:
    """A return visit on record."""
    with write(town.engine) as connection:
        case_id = connection.execute(sa.select(cases.c.id).where(cases.c.external_id == case)).scalar_one()
        row = {"case_id": case_id, "at": NOW, "by_login": "vera", "reached": reached}
        connection.execute(sa.insert(return_visits).values(**row, contacted=contacted, resolved=resolved))


def asked(town, tmp_path, area, scope=Scope.site("viewer")):  # noqa: B008
    found = told(town, tmp_path, area, scope)
    return found.closed, found.rated, found.satisfied, found.basically, found.surveys


def visited(town, tmp_path, area):
    found = told(town, tmp_path, area, Scope.site("viewer"))
    return found.asked_contact, found.contacted, found.asked_solved, found.resolved


def told(town, tmp_path, area, scope):
    reader = Reader(
        town.engine,
        Counts(town.engine, town.site.areas, tmp_path / "counts"),
        town.site.areas,
        SiteZone(ZONE),
        lambda: NOW,
    )
    return answers(reader, reader.moment(), scope, NOVEMBER, area)


def test_closed_cases_and_surveys_of_an_area_are_counted(town, tmp_path):
    assert asked(town, tmp_path, "") == (4, 6, 3, 1, 3)
    assert asked(town, tmp_path, "A") == (3, 4, 2, 1, 2)
    assert asked(town, tmp_path, "B1") == (1, 2, 1, 0, 1)


def test_the_last_visit_that_reached_somebody_counts(town, tmp_path):
    visit(town, "1", contacted=False, resolved=False)
    visit(town, "1", contacted=True, resolved=False)
    visit(town, "1", reached=False)
    visit(town, "2", contacted=True)
    visit(town, "4", contacted=True, resolved=True)  # open again: not among the closed
    visit(town, "5", contacted=False, resolved=True)
    assert visited(town, tmp_path, "") == (3, 2, 2, 1)
    assert visited(town, tmp_path, "A") == (2, 2, 1, 0)


def test_surveys_that_ask_count_for_their_case_or_for_themselves(town, tmp_path):
    here = {"case": None, "longitude": IN_A1[0], "latitude": IN_A1[1]}
    town.rate(
        {"external_id": "s1", "case": "1", "contacted": True, "resolved": False},
        {"external_id": "s2", "case": "2", "contacted": False},
        {"external_id": "s3", "contacted": True, "resolved": True, **here},
        source="survey",
    )
    assert visited(town, tmp_path, "A") == (3, 2, 2, 1)
    visit(town, "1", contacted=False)
    assert visited(town, tmp_path, "A") == (3, 1, 1, 1)
    found = told(town, tmp_path, "A", Scope.site("viewer"))
    assert (found.surveys, found.surveys_contact, found.surveys_solved) == (3, 1, 1)


def test_no_scope_sees_no_answer(town, tmp_path):
    assert asked(town, tmp_path, "", Scope.nothing()) == (0, 0, 0, 0, 0)
    assert asked(town, tmp_path, "A", Scope(frozenset({"B"}), "viewer")) == (0, 0, 0, 0, 0)
