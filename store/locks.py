"""Locks that end with their transaction or their connection, never by an expiring key."""

import fcntl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import sqlalchemy as sa
import xxhash

_SOURCE = 0x6768_0001
_WORKER = 0x6768_0002
_MIGRATION = 0x6768_0003
_RATINGS = 0x6768_0004
_FOLDING = 0x6768_0005
_SENSORS = 0x6768_0006
_PARTITIONS = 0x6768_0007
_ROLLUPS = 0x6768_0008
_CALENDAR = 0x6768_0103
_RECALENDAR = 0x6768_0104
_FORM = 0x6768_0105
_MERGING = 0x6768_0106


def lock_source(connection: sa.Connection, source_id: int) -> None:
    """One writer a source, until the transaction ends. On SQLite the write lock already says so."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, %s)", (_SOURCE, source_id))


def lock_migration(connection: sa.Connection) -> None:
    """One process brings tables, areas and feeds up to date; the others wait and then find nothing to do."""
    _lock(connection, "pg_advisory_xact_lock", _MIGRATION)


def lock_ratings(connection: sa.Connection, *, alone: bool) -> None:
    """Ratings look for their case (alone), cases for ratings that wait: at the same time they would miss each other."""
    _lock(connection, "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared", _RATINGS)


def lock_folding(connection: sa.Connection) -> None:
    """One process folds at a time."""
    _lock(connection, "pg_advisory_xact_lock", _FOLDING)


def lock_sensors(connection: sa.Connection) -> None:
    """One transaction at a time makes sensors: a description and a first reading would miss each other."""
    _lock(connection, "pg_advisory_xact_lock", _SENSORS)


def lock_partitions(connection: sa.Connection) -> None:
    """One transaction at a time makes tables of months."""
    _lock(connection, "pg_advisory_xact_lock", _PARTITIONS)


def lock_rollups(connection: sa.Connection) -> None:
    """One process makes rollups at a time."""
    _lock(connection, "pg_advisory_xact_lock", _ROLLUPS)


def lock_calendar(connection: sa.Connection) -> None:
    """One change of the calendar at a time."""
    _lock(connection, "pg_advisory_xact_lock", _CALENDAR)


def lock_recalendar(connection: sa.Connection) -> None:
    """One process lets deadlines follow the calendar at a time."""
    _lock(connection, "pg_advisory_xact_lock", _RECALENDAR)


def lock_form(connection: sa.Connection, once: str) -> None:
    """One transaction a form, by its key: the second of two at the same moment sees what the first has made."""
    if connection.dialect.name == "postgresql":
        key = xxhash.xxh32_intdigest(once.encode()) - (1 << 31)
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, %s)", (_FORM, key))


def lock_merging(connection: sa.Connection) -> None:
    """One merge at a time: it holds two cases, and two merges crosswise would wait for each other for ever."""
    _lock(connection, "pg_advisory_xact_lock", _MERGING)


def _lock(connection: sa.Connection, function: str, key: int) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT {function}(%s, 0)", (key,))


@contextmanager
def worker_lock(engine: sa.Engine, folder: Path, stop: threading.Event) -> Iterator[bool]:
    """Wait to be the one worker of a store; False when `stop` came first.

    flock on SQLite, a session's advisory lock on PostgreSQL: both end with the process that held them.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.detach()  # closed at the end and not kept in the pool, for the lock ends with its session
            yield _turn(
                lambda: bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_WORKER}, 0)").scalar()), stop
            )
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "worker.lock").open("w") as file:
        yield _turn(lambda: _flocked(file), stop)


def _turn(take: Callable[[], bool], stop: threading.Event) -> bool:
    while not take():
        if stop.wait(1.0):
            return False
    return True


def _flocked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
