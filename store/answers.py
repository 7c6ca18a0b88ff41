"""What people answered: return visits to closed cases, and surveys that name no case and stand for themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.listings import LISTINGS
from store.schema import areas, cases, ratings
from store.schema_work import return_visits

Ranges = Sequence[tuple[int, int]]
"""Half-open ranges of area positions; none = no rows."""


@dataclass(frozen=True)
class Visits:
    """Of the last return visits that reached somebody: how many say whether there was contact, whether it is solved."""

    asked_contact: int
    contacted: int
    asked_solved: int
    resolved: int


def visits(connection: sa.Connection, start: int, end: int, ranges: Ranges) -> Visits:
    """The return visits to cases closed in [start, end) epoch seconds."""
    v = return_visits.c
    last = sa.select(sa.func.max(v.id)).where(v.reached.is_(True)).group_by(v.case_id)
    counted = (
        sa.select(v.contacted, v.resolved, sa.func.count())
        .join(cases, cases.c.id == v.case_id)
        .join(areas, areas.c.id == cases.c.area_id)
        .where(v.id.in_(last), _inside(ranges), *LISTINGS["closed"](start, end))
        .group_by(v.contacted, v.resolved)
    )
    rows = connection.execute(counted).all()
    return Visits(
        sum(n for contacted, _solved, n in rows if contacted is not None),
        sum(n for contacted, _solved, n in rows if contacted),
        sum(n for _contacted, solved, n in rows if solved is not None),
        sum(n for _contacted, solved, n in rows if solved),
    )


def survey_levels(connection: sa.Connection, start: int, end: int, ranges: Ranges) -> dict[int, int]:
    """Index in domain.cases.LEVELS → how many surveys of [start, end) epoch seconds."""
    counted = (
        sa.select(ratings.c.level, sa.func.count())
        .join(areas, areas.c.id == ratings.c.area_id)
        .where(ratings.c.case_id.is_(None), ratings.c.case_external_id.is_(None))
        .where(ratings.c.rated_at >= start, ratings.c.rated_at < end, _inside(ranges))
        .group_by(ratings.c.level)
    )
    return {row[0]: row[1] for row in connection.execute(counted)}


def _inside(ranges: Ranges) -> sa.ColumnElement[bool]:
    position = areas.c.position
    return sa.or_(sa.false(), *(sa.and_(position >= low, position < high) for low, high in ranges))
