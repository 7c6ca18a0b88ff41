"""Stores that have their tables already: making them takes longer than most tests, so it happens once a run."""

import functools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.engine import open_engine, write
from store.migrate import migrate
from store.refill import unguarded
from store.tables import metadata
from tests.servers.postgres import Postgres

NAMES = [table.name for table in reversed(metadata.sorted_tables)]
FILLED = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in NAMES)
MONTHS = "SELECT inhrelid::regclass::text FROM pg_inherits JOIN pg_class ON oid = inhrelid AND relkind = 'r'"
NUMBERS = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
OTHERS = (
    "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def make_tables(engine: sa.Engine) -> None:
    """Every table, as migrations make them; a new SQLite file is a copy of one that they made before."""
    file = Path(engine.url.database or "")
    if engine.dialect.name == "postgresql" or file.exists():
        migrate(engine)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_migrated())


@functools.cache
def _migrated() -> bytes:
    """A SQLite store without rows, as its file."""
    with tempfile.TemporaryDirectory(prefix="gridhall-tables-") as folder:
        engine = open_engine(f"sqlite:///{folder}/store.db")
        migrate(engine)
        engine.dispose()
        return (Path(folder) / "store.db").read_bytes()


def empty_tables(engine: sa.Engine) -> None:
    """No row in any table, numbers from 1 again, and no table of a month."""
    with write(engine) as connection:
        if engine.dialect.name == "postgresql":
            _empty_postgres(connection)
            return
        with unguarded(connection):
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for name in NAMES:
                connection.exec_driver_sql(f"DELETE FROM {name}")


def _empty_postgres(connection: sa.Connection) -> None:
    """Only where rows are, and by DELETE: TRUNCATE makes new files for every table and index."""
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    for name in connection.scalars(sa.text(FILLED)).all():
        connection.exec_driver_sql(f"DELETE FROM {name}")
    for name in connection.scalars(sa.text(MONTHS)).all():
        connection.exec_driver_sql(f"DROP TABLE {name}")
    connection.execute(sa.text(NUMBERS))


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: Postgres) -> Iterator[str]:
    """URL of the one PostgreSQL store that `tables_url` hands out again and again."""
    url = postgres_server()
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    yield url
    postgres_server.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def tables_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a store with every table and no row, SQLite and then PostgreSQL; a test that changes tables takes `store_url`."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path}/store.db")
        make_tables(engine)
        yield str(engine.url)
        return
    url: str = request.getfixturevalue("postgres_tables")
    yield url
    engine = open_engine(url)
    with engine.connect() as connection:
        connection.execute(sa.text(OTHERS))
    empty_tables(engine)
    engine.dispose()
