"""Keep a rating of a case of this house, and what it changes in the figures."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from actions.site import Site
from actions.take_ratings import recount_ratings
from store import casework
from store.schema import ratings
from store.schema_work import rating_comments


def keep_rating(
    connection: sa.Connection, site: Site, case: Mapping[str, Any], level: int, comment: str, *, by: str, now: int
) -> None:
    """Keep a rating (level: index in LEVELS) in the caller's transaction; the same reader at the same second once.

    The caller holds the lock of the case: whoever else rates it waits for that and then sees this rating. It waits for no
    case, so the lock of waiting ratings has nothing to say here.
    """
    row = {
        "source_id": casework.house_source(connection), "external_id": f"{case['id']}-{now}-{by}", "case_id": case["id"],
        "case_external_id": None, "level": level, "rated_at": now, "area_id": case["area_id"],
        "placing": case["placing"], "content_hash": 0,
    }  # fmt: skip
    mine = (ratings.c.source_id == row["source_id"], ratings.c.external_id == row["external_id"])
    rating_id = connection.execute(sa.select(ratings.c.id).where(*mine)).scalar()
    if rating_id is None:
        rating_id = connection.execute(sa.insert(ratings).values(row)).inserted_primary_key[0]  # type: ignore[index]
    else:
        connection.execute(sa.update(ratings).where(*mine).values(level=level))
        connection.execute(sa.delete(rating_comments).where(rating_comments.c.rating_id == rating_id))
    if comment:
        connection.execute(sa.insert(rating_comments).values(rating_id=rating_id, comment=comment))
    recount_ratings(connection, site, [case["id"]], now=now, backfill=False)
