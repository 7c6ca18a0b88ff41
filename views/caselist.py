"""The list behind a figure, and one case with its steps and neighbours. Rows are asked for; nothing is computed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from domain.scope import Scope
from store import listings
from store.engine import read
from store.listings import Wanted
from store.schema import case_steps
from views.reader import Reader

NEIGHBOUR_M, NEIGHBOURS, NEIGHBOUR_DAYS = 200.0, 6, 90
EARTH_M_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class CasePage:
    """A page of rows and how many there are in all."""

    rows: tuple[dict[str, Any], ...]
    total: int


@dataclass(frozen=True)
class OneCase:
    """A case, its steps in order, and open or recent cases near it with their distance in metres."""

    case: dict[str, Any]
    steps: tuple[dict[str, Any], ...]
    neighbours: tuple[dict[str, Any], ...]


def case_page(
    reader: Reader,
    wanted: Wanted,
    *,
    sort: str = "reported_at",
    descending: bool = True,
    offset: int = 0,
    limit: int = 50,
) -> CasePage:
    """One page of a list, counted by SQL on its own."""
    with read(reader.engine) as connection:
        rows = listings.page(connection, wanted, sort=sort, descending=descending, offset=offset, limit=limit)
        return CasePage(tuple(dict(row) for row in rows), listings.count(connection, wanted))


def case_total(reader: Reader, wanted: Wanted) -> int:
    """How many rows a list has, counted by SQL on its own."""
    with read(reader.engine) as connection:
        return listings.count(connection, wanted)


def case_rows(reader: Reader, wanted: Wanted) -> Iterator[Sequence[sa.RowMapping]]:
    """All rows of a list in chunks, for exports."""
    with read(reader.engine) as connection:
        yield from listings.stream(connection, wanted)


def one_case(reader: Reader, scope: Scope, case_id: int) -> OneCase | None:
    """A case that the scope may see, or None."""
    ranges = reader.areas.ranges(scope)
    with read(reader.engine) as connection:
        found = listings.one(connection, case_id, ranges)
        if found is None:
            return None
        steps = connection.execute(
            sa.select(case_steps).where(case_steps.c.case_id == case_id).order_by(case_steps.c.at, case_steps.c.id)
        ).mappings()
        return OneCase(dict(found), tuple(dict(s) for s in steps), _neighbours(connection, found, ranges))


def _neighbours(
    connection: sa.Connection, case: sa.RowMapping, ranges: tuple[tuple[int, int], ...]
) -> tuple[dict[str, Any], ...]:
    if case["longitude"] is None or case["placing"] != 0:
        return ()
    span = NEIGHBOUR_DAYS * 86_400
    wanted = Wanted("every", case["reported_at"] - span, case["reported_at"] + span, ranges)
    near = listings.near(connection, wanted, case["longitude"], case["latitude"], NEIGHBOUR_M)
    metres = [distance(case, row) for row in near]
    order = [i for i in np.argsort(metres, kind="stable") if near[i]["id"] != case["id"] and metres[i] <= NEIGHBOUR_M]
    return tuple({**near[i], "metres": metres[i]} for i in order[:NEIGHBOURS])


def distance(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    """Metres between two near points."""
    north = (a["latitude"] - b["latitude"]) * EARTH_M_PER_DEGREE
    east = (a["longitude"] - b["longitude"]) * EARTH_M_PER_DEGREE * float(np.cos(np.radians(a["latitude"])))
    return float(np.hypot(north, east))
