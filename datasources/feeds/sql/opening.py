"""A foreign database, opened so that nothing can be written to it, and its complaints in our three errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from config_errors import ConfigError
from datasources.errors import AuthenticationError, BadDataError, SourceError, TemporaryError

READ_ONLY = {
    "postgresql": ("SET TRANSACTION READ ONLY", "SET LOCAL statement_timeout = {milliseconds}"),
    "mysql": ("SET SESSION TRANSACTION READ ONLY", "SET SESSION max_execution_time = {milliseconds}"),
    "mariadb": ("SET SESSION TRANSACTION READ ONLY",),
    "sqlite": ("PRAGMA query_only = ON",),
}
"""What is said at the start of a transaction; other databases are held by the account that they are read with."""

DENIED = (
    "authentication failed",
    "access denied",
    "no password supplied",
    "permission denied",
    "login failed",
    "fatal:  role",
    "does not permit",
)
MISSING = ("malformed", "no such table", "no such column", "syntax error", "does not exist", "not a database")


def open_database(url: str, folder: Path) -> sa.Engine:
    """An engine that connects to nothing yet. Raises ConfigError without the address, which may hold a password."""
    try:
        parsed = sa.engine.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            parsed = _only_there(parsed, folder)
        return sa.create_engine(parsed, hide_parameters=True, poolclass=NullPool)
    except (NoSuchModuleError, ImportError) as error:
        name = parsed.drivername
        raise ConfigError(
            f"options.url: the driver of '{name}' is not installed; install it beside GridHall"
        ) from error
    except ArgumentError as error:
        raise ConfigError(
            "options.url: is no SQLAlchemy address; write for example postgresql+psycopg://user@host/name"
        ) from error


def _only_there(url: sa.URL, folder: Path) -> sa.URL:
    """A SQLite file that must be there, opened for reading only."""
    path = (folder / (url.database or "")).absolute()
    return url.set(database=f"file:{quote(str(path))}", query={"mode": "ro", "uri": "true"})


@contextmanager
def reading(engine: sa.Engine, seconds: int) -> Iterator[sa.Connection]:
    """A read-only transaction in which a statement takes at most so long. Raises the three errors."""
    try:
        with engine.connect() as connection, _limited(connection, seconds):
            for statement in READ_ONLY.get(connection.dialect.name, ()):
                connection.exec_driver_sql(statement.format(milliseconds=seconds * 1_000))
            yield connection
    except SQLAlchemyError as error:
        raise _told(error, engine.url, seconds) from error


@contextmanager
def _limited(connection: sa.Connection, seconds: int) -> Iterator[None]:
    """SQLite knows no time limit of its own: it is interrupted."""
    driver: Any = connection.connection.dbapi_connection
    clock = Timer(seconds, getattr(driver, "interrupt", lambda: None))
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def place_of(url: sa.URL) -> str:
    """What may be told of an address: never the account."""
    name = (url.database or "").removeprefix("file:").rpartition("/")[2]
    return f"{url.host}/{name}" if url.host else name


def _told(error: SQLAlchemyError, url: sa.URL, seconds: int) -> SourceError:
    place, said = place_of(url), _said(error)
    low = said.lower()
    if any(word in low for word in DENIED):
        return AuthenticationError(f"{place} refuses us ({said}); check account, password and rights")
    if "interrupted" in low or "statement timeout" in low:
        return TemporaryError(
            f"{place}: a page took longer than {seconds} seconds; index the columns of by and key, or raise options.seconds"
        )
    if any(word in low for word in MISSING) or not isinstance(error, DBAPIError):
        return BadDataError(f"{place} cannot answer what it is asked ({said}); correct table, query, by or key")
    return TemporaryError(f"{place} cannot be read now ({said}); it will be tried again")


def _said(error: SQLAlchemyError) -> str:
    text = str(error.orig if isinstance(error, DBAPIError) and error.orig is not None else error)
    return (text.strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:160]
