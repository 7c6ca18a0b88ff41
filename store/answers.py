"""What people answered: return visits to closed cases, and surveys that name no case and stand for themselves."""

from collections.abc import Sequence

import sqlalchemy as sa

from store.listings import LISTINGS
from store.schema import areas, cases, ratings
from store.schema_work import return_visits

Ranges = Sequence[tuple[int, int]]
"""Half-open ranges of area positions; none = no rows."""


Given = tuple[bool | None, bool | None, int | None, int]
"""Whether somebody made contact, whether it is solved (None: not asked), index in domain.cases.LEVELS, how many."""


def of_cases(connection: sa.Connection, start: int, end: int, ranges: Ranges) -> list[Given]:
    """About cases closed in [start, end) epoch seconds: the last return visit that reached somebody; without one the
    last survey that asked. Levels are left out: they are counted with the cases.
    """
    v, r = return_visits.c, ratings.c
    reached = sa.select(sa.func.max(v.id)).where(v.reached.is_(True)).group_by(v.case_id)
    asked = sa.or_(r.contacted.is_not(None), r.resolved.is_not(None))
    visited = sa.select(v.case_id).where(v.reached.is_(True))
    last = sa.select(sa.func.max(r.id)).where(asked, r.case_id.not_in(visited)).group_by(r.case_id)
    told = sa.union_all(
        sa.select(v.case_id, v.contacted, v.resolved).where(v.id.in_(reached)),
        sa.select(r.case_id, r.contacted, r.resolved).where(r.id.in_(last)),
    ).subquery()
    counted = (
        sa.select(told.c.contacted, told.c.resolved, sa.null(), sa.func.count())
        .join(cases, cases.c.id == told.c.case_id)
        .join(areas, areas.c.id == cases.c.area_id)
        .where(_inside(ranges), *LISTINGS["closed"](start, end))
        .group_by(told.c.contacted, told.c.resolved)
    )
    return [tuple(row) for row in connection.execute(counted)]


def of_surveys(connection: sa.Connection, start: int, end: int, ranges: Ranges) -> list[Given]:
    """Of surveys of [start, end) epoch seconds that name no case."""
    r = ratings.c
    counted = (
        sa.select(r.contacted, r.resolved, r.level, sa.func.count())
        .join(areas, areas.c.id == r.area_id)
        .where(r.case_id.is_(None), r.case_external_id.is_(None))
        .where(r.rated_at >= start, r.rated_at < end, _inside(ranges))
        .group_by(r.contacted, r.resolved, r.level)
    )
    return [tuple(row) for row in connection.execute(counted)]


def _inside(ranges: Ranges) -> sa.ColumnElement[bool]:
    position = areas.c.position
    return sa.or_(sa.false(), *(sa.and_(position >= low, position < high) for low, high in ranges))
