"""Counting from the rows of `cases`: what the batches must add up to."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from domain.contributions import CaseColumns, Deltas, contributions, pack_cells
from domain.periods import SiteZone
from store.schema import cases

ROWS = 20_000
"""Rows in memory at once."""

COLUMNS = (
    cases.c.id, cases.c.source_id, cases.c.kind, cases.c.category_id, cases.c.area_id, cases.c.placing, cases.c.status,
    cases.c.reported_at, cases.c.first_response_at, cases.c.due_at, cases.c.closed_at, cases.c.online, cases.c.level,
    cases.c.overdue,
)  # fmt: skip
"""The columns that decide what a case counts for."""


def recount(connection: sa.Connection, zone: SiteZone) -> Deltas:
    """What all cases count for, summed. Grows with the number of entries; for big stores see recounted."""
    return Deltas.joined(recounted(connection, zone)).summed()


def recounted(connection: sa.Connection, zone: SiteZone) -> Iterator[Deltas]:
    """The same in parts of ROWS cases, each summed, so that memory stays flat."""
    for rows in pages(connection, COLUMNS):
        yield contributions(case_columns(rows), zone).summed()


def pages(connection: sa.Connection, columns: Sequence[sa.Column[Any]]) -> Iterator[Sequence[sa.Row[Any]]]:
    """All cases in order of id, ROWS at a time; the caller may change the rows of a page before the next."""
    last = -1
    while True:
        query = sa.select(*columns).where(cases.c.id > last).order_by(cases.c.id).limit(ROWS)
        rows = connection.execute(query).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id


def case_columns(rows: Sequence[Sequence[Any]]) -> CaseColumns:
    """Rows that begin with the columns COLUMNS, as domain.contributions takes them."""
    column = dict(zip((c.name for c in COLUMNS), zip(*rows, strict=True), strict=False))
    whole = {name: np.asarray(column[name], dtype=np.int64) for name in _CELL}
    times = {name: _times(column[name]) for name in _TIMES}
    return CaseColumns(
        cell=pack_cells(*(whole[name] for name in _CELL)),
        status=np.asarray(column["status"], dtype=object),
        **times,
        online=np.asarray([-1 if value is None else int(value) for value in column["online"]], dtype=np.int8),
        level=np.asarray([-1 if value is None else value for value in column["level"]], dtype=np.int8),
        overdue=np.asarray(column["overdue"], dtype=bool),
    )


_CELL = ("area_id", "placing", "kind", "category_id", "source_id")
_TIMES = ("reported_at", "first_response_at", "due_at", "closed_at")


def _times(values: Sequence[int | None]) -> npt.NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)  # None becomes NaN
