"""Opening the database: SQLite in WAL mode or PostgreSQL, with the same two ways in: read and write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

BUSY_MILLISECONDS = 30_000


class StoreError(Exception):
    """The store cannot be used; the message says what, where and what to do."""


def open_engine(url: str) -> sa.Engine:
    """An engine for sqlite:///… or postgresql+psycopg://…; connects to nothing yet. Raises StoreError."""
    try:
        parsed = sa.engine.make_url(url)
    except ArgumentError as error:
        message = (
            "[store] url is not a database address; write sqlite:///file.db or postgresql+psycopg://user@host/name"
        )
        raise StoreError(message) from error
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        return sa.create_engine(parsed, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=40)
    except (NoSuchModuleError, ImportError) as error:
        message = f"[store] url names '{parsed.drivername}', which is not supported; use sqlite or postgresql+psycopg"
        raise StoreError(message) from error


def _sqlite(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False}
    )

    @sa.event.listens_for(engine, "do_connect")
    def make_folder(_dialect: Any, _record: Any, _arguments: Any, _words: Any) -> None:
        folder = Path(url.database).parent if url.database and url.database != ":memory:" else Path()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = (
                f"the folder {folder} of the store cannot be made: {error.strerror}; "
                "give the user of this program permission, or name another with GRIDHALL_VAR"
            )
            raise StoreError(message) from error

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so, not where the driver guesses
        for pragma in (
            "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_MILLISECONDS}",
            "cache_size=-65536", "wal_autocheckpoint=8000", "temp_store=MEMORY",
        ):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("gridhall_write") else "BEGIN")

    return engine


@contextmanager
def write(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that writes; on SQLite it takes the write lock before it reads anything."""
    with engine.connect().execution_options(gridhall_write=True) as connection, connection.begin():
        yield connection


@contextmanager
def write_through(engine: sa.Engine) -> Iterator[sa.Connection]:
    """The same, and what is committed lies on the disk: it outlives a power cut. PostgreSQL does that by itself."""
    if engine.dialect.name != "sqlite":
        with write(engine) as connection:
            yield connection
        return
    with engine.connect().execution_options(gridhall_write=True) as connection:
        driver: Any = connection.connection
        driver.execute("PRAGMA synchronous=FULL")
        try:
            with connection.begin():
                yield connection
        finally:
            driver.execute("PRAGMA synchronous=NORMAL")


@contextmanager
def read(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One snapshot of the data: every query within sees the same commit."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


ADVICE = (
    ("full", "make room on the disk and run this again; what was committed before is kept"),
    ("disk i/o error", "see that the disk is whole and has room, then run this again; what was committed is kept"),
    ("no space left", "make room on the disk and run this again; what was committed before is kept"),
    ("readonly", "give the user of this program permission to write to it and to its folder"),
    ("unable to open", "give the user of this program permission to the file and its folder, or name another store"),
    ("not a database", "name another store, or restore this file from a backup"),
    ("malformed", "restore this file from a backup"),
    ("locked", "another program holds it; wait for that to end and run this again"),
    ("password", "correct the password in the store's url (GRIDHALL_STORE_URL)"),
    ("does not exist", "create it, or correct the store's url"),
)
"""A word of the database's own sentence → what to do about it."""


def said(error: DBAPIError, url: sa.URL) -> StoreError:
    """A database error as one clear sentence, without the statement or its secrets."""
    cause = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    advice = next((told for word, told in ADVICE if word in cause.lower()), None)
    if advice is None:
        advice = "see that the database runs and can be reached, then run this again; what was committed is kept"
    return StoreError(f"the store {url.render_as_string(hide_password=True)} cannot be used: {cause}; {advice}")
