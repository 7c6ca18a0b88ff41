"""Cases that look like the same matter: the same category, near in place and time (domain handbook §2, 并案)."""

from typing import Any

import sqlalchemy as sa

from actions.work import Work
from domain.cases import NOT_COUNTED
from domain.scope import Scope
from store import listings
from store.engine import read
from store.listings import Wanted
from store.schema_work import casework
from views.caselist import distance
from views.reader import Reader

MOST = 5


def similar(
    reader: Reader, work: Work, scope: Scope, category: str, longitude: float, latitude: float, at: int, *,
    leave: int | None = None,
) -> tuple[dict[str, Any], ...]:  # fmt: skip
    """Cases within the radius and the hours of a category around a point (degrees, WGS-84) and a moment, nearest first.

    Rows of the list of cases with `number` and `metres`; only what the scope may see. leave: a case to leave out.
    """
    rule = work.catalogue.of(category)
    span = int(rule.hours * 3_600)
    wanted = Wanted("every", at - span, at + span + 1, reader.areas.ranges(scope), categories=(category,))
    here = {"longitude": longitude, "latitude": latitude}
    with read(reader.engine) as connection:
        near = listings.near(connection, wanted, longitude, latitude, rule.radius_m)
        found = [{**row, "metres": distance(here, dict(row))} for row in near if row["id"] != leave]
        kept = [row for row in found if row["metres"] <= rule.radius_m and row["status"] not in NOT_COUNTED]
        kept = sorted(kept, key=lambda row: (row["metres"], row["id"]))[:MOST]
        known = sa.select(casework.c.case_id, casework.c.case_no).where(casework.c.case_id.in_([r["id"] for r in kept]))
        numbers = {case_id: number for case_id, number in connection.execute(known) if number}
    return tuple({**row, "number": numbers.get(row["id"], row["external_id"])} for row in kept)
