"""Counting from the rows of `cases`: what the batches must add up to."""

from collections.abc import Iterator

import pandas as pd
import sqlalchemy as sa

from domain.contributions import Deltas, contributions
from domain.periods import SiteZone
from store.cases import COUNTED, columns_of
from store.schema import cases

ROWS = 20_000
"""Rows in memory at once."""


def recount(connection: sa.Connection, zone: SiteZone) -> Deltas:
    """What all cases count for, summed. Grows with the number of entries; for big stores see recounted."""
    return Deltas.joined(recounted(connection, zone)).summed()


def recounted(connection: sa.Connection, zone: SiteZone) -> Iterator[Deltas]:
    """The same in parts of ROWS cases, each summed, so that memory stays flat."""
    for rows in pages(connection):
        yield contributions(columns_of(rows), zone).summed()


def pages(connection: sa.Connection, *more: str) -> Iterator[pd.DataFrame]:
    """All cases in order of id, ROWS at a time: the COUNTED columns and `more`, missing values None.

    The caller may change the rows of a page before it takes the next.
    """
    columns, last = [*COUNTED, *more], -1
    while True:
        query = sa.select(*(cases.c[name] for name in columns))
        rows = connection.execute(query.where(cases.c.id > last).order_by(cases.c.id).limit(ROWS)).all()
        if not rows:
            return
        yield pd.DataFrame([tuple(row) for row in rows], columns=columns, dtype=object)
        last = rows[-1].id
