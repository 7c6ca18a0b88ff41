"""A table of readings for each month, on PostgreSQL; SQLite keeps them in one."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from store.locks import lock_partitions

TABLE = "readings"

Month = tuple[str, int, int]
"""Name of a month's table, start and end of the month in epoch seconds (UTC)."""


def ensure(connection: sa.Connection, moments: npt.NDArray[np.int64]) -> None:
    """Make the tables of the months that these moments fall in, before rows go there. Safe with several writers.

    A table is made empty and then attached, which does not keep others from reading and writing meanwhile.
    """
    if connection.dialect.name != "postgresql" or not len(moments):
        return
    if not (wanted := _missing(connection, months_of(moments))):
        return
    lock_partitions(connection)
    for name, start, end in _missing(connection, wanted):
        connection.exec_driver_sql(f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING ALL)")
        connection.exec_driver_sql(
            f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM ({start}) TO ({end})"  # whole numbers of ours
        )


def months_of(moments: npt.NDArray[np.int64]) -> list[Month]:
    """The months (UTC) that epoch seconds fall in, in order."""
    found = np.unique(moments.astype("datetime64[s]").astype("datetime64[M]"))
    bounds = [found.astype("datetime64[s]"), (found + 1).astype("datetime64[s]")]
    starts, ends = (each.astype(np.int64).tolist() for each in bounds)
    names = [f"{TABLE}_{str(month).replace('-', '_')}" for month in found]
    return list(zip(names, starts, ends, strict=True))


def _missing(connection: sa.Connection, wanted: Iterable[Month]) -> list[Month]:
    known = set(
        connection.exec_driver_sql(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = 'readings'::regclass"
        ).scalars()
    )
    return [month for month in wanted if month[0] not in known]
