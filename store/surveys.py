"""Ratings that name no case: surveys of an area, which stand for themselves."""

from collections.abc import Sequence

import sqlalchemy as sa

from store.schema import areas, ratings


def survey_levels(connection: sa.Connection, start: int, end: int, ranges: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Index in domain.cases.LEVELS → how many surveys of [start, end) epoch seconds in half-open ranges of area positions."""
    position = areas.c.position
    where = sa.or_(sa.false(), *(sa.and_(position >= low, position < high) for low, high in ranges))
    counted = (
        sa.select(ratings.c.level, sa.func.count())
        .join(areas, areas.c.id == ratings.c.area_id)
        .where(ratings.c.case_id.is_(None), ratings.c.case_external_id.is_(None))
        .where(ratings.c.rated_at >= start, ratings.c.rated_at < end, where)
        .group_by(ratings.c.level)
    )
    return {row[0]: row[1] for row in connection.execute(counted)}
