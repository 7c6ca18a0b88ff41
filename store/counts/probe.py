"""The one question a snapshot asks: has anything been committed? Asked on a connection of its own, raw, for speed."""

import sqlite3
from collections.abc import Callable, Hashable
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import ExecStatus

_QUESTION = b"""
SELECT (SELECT max(id) FROM checkpoints), count(*), max(id) FROM count_batch WHERE sealed_in IS NULL
"""
_NAME = b"gridhall_counts"


class Probe:
    """Not thread-safe: its owner holds a lock. connect: makes the connection when first asked, and after a loss."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._connection: Any = None

    local = False
    """Whether the question is answered within this machine in microseconds, so that an event loop may ask it."""

    def mark(self) -> Hashable:
        """A value that differs from an earlier one when counts may have been committed since."""
        if self._connection is None:
            self._connection = self._connect()
        return self._ask(self._connection)

    def close(self) -> None:
        """Let go of the connection; the next question makes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __del__(self) -> None:
        self.close()

    def _ask(self, connection: Any) -> Hashable:
        raise NotImplementedError


def probe(engine: sa.Engine) -> Probe:
    """The probe of this kind of database."""
    positional, named = engine.dialect.create_connect_args(engine.url)
    if engine.dialect.name == "sqlite":
        return SqliteProbe(lambda: sqlite3.connect(*positional, **{**named, "check_same_thread": False}))
    return PostgresProbe(lambda: _prepared(psycopg.connect(*positional, **named, autocommit=True)))


class SqliteProbe(Probe):
    """PRAGMA data_version, the number of commits others made: 3 µs, no page of the database is read."""

    local = True

    def _ask(self, connection: sqlite3.Connection) -> Hashable:
        found: tuple[int] = connection.execute("PRAGMA data_version").fetchone()
        return found


class PostgresProbe(Probe):
    """Checkpoint, number and greatest id of unsealed batches, by a prepared statement spoken to libpq directly.

    That takes half the time of a cursor.
    """

    def mark(self) -> Hashable:
        """The same, once more on another connection when this one is lost. Raises psycopg.OperationalError."""
        try:
            return super().mark()
        except psycopg.OperationalError:
            self.close()
            return super().mark()

    def _ask(self, connection: Any) -> Hashable:
        result = _checked(connection.pgconn.exec_prepared(_NAME, None), ExecStatus.TUPLES_OK)
        return result.get_value(0, 0), result.get_value(0, 1), result.get_value(0, 2)


def _prepared(connection: Any) -> Any:
    try:
        _checked(connection.pgconn.prepare(_NAME, _QUESTION), ExecStatus.COMMAND_OK)
    except psycopg.OperationalError:
        connection.close()
        raise
    return connection


def _checked(result: Any, wanted: ExecStatus) -> Any:
    if result.status != wanted:
        raise psycopg.OperationalError(result.error_message.decode(errors="replace").strip())
    return result
