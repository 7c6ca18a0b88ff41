"""Whether anything at all was committed since: for views whose rows no version of their own covers."""

from collections.abc import Hashable
from threading import Lock

import sqlalchemy as sa

from store.counts.probe import probe
from store.engine import read


class Commits:
    """A value that differs from an earlier one when another connection may have committed since. Thread-safe."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._lock = engine, Lock()
        self._probe = probe(engine) if engine.dialect.name == "sqlite" else None

    def mark(self) -> Hashable:
        """SQLite: the number of commits of others. PostgreSQL: the transactions that a reader sees as ended."""
        if self._probe is not None:
            with self._lock:
                return self._probe.mark()
        with read(self._engine) as connection:
            return str(connection.execute(sa.text("SELECT CAST(pg_current_snapshot() AS text)")).scalar_one())
