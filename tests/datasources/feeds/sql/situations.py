"""Real SQLite files: whole, empty, cut, of another kind, forbidden."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from datasources.errors import AuthenticationError, BadDataError
from tests.datasources.sources import Situation

OPTIONS = {"url": "sqlite:///city.db", "table": "requests", "by": "changed", "key": "id", "page_rows": 4}


def made(folder: Path, rows: int) -> Path:
    """A file with a table of requests; pairs of rows share the time of their change."""
    path = folder / "city.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE requests (id INTEGER PRIMARY KEY, changed TEXT, type TEXT, size REAL)")
        database.executemany(
            "INSERT INTO requests VALUES (?, ?, ?, ?)",
            [(n, f"2024-05-01T08:00:{n // 2:02}", f"noise {n}", n / 2) for n in range(rows)],
        )
    return path


def situation(folder: Path, **more: Any) -> Situation:
    raises = more.pop("raises", None)
    return Situation({**OPTIONS, **more}, folder, raises=raises)


def normal(folder: Path) -> Situation:
    made(folder, 23)
    return situation(folder)


def empty(folder: Path) -> Situation:
    made(folder, 0)
    return situation(folder)


def partial(folder: Path) -> Situation:
    with closing(sqlite3.connect(made(folder, 23))) as database, database:
        database.execute("CREATE INDEX order_of_changes ON requests (changed, id)")
        breaks = "CASE WHEN id < 12 THEN type ELSE json(type) END"
        database.execute(f"CREATE VIEW breaking AS SELECT id, changed, {breaks} AS type FROM requests")
    return situation(folder, table="breaking", raises=BadDataError)


def malformed(folder: Path) -> Situation:
    (folder / "city.db").write_text("this is a letter, and no database at all, however long it goes on " * 50)
    return situation(folder, raises=BadDataError)


def refused(folder: Path) -> Situation:
    made(folder, 23)

    def forbid(monkeypatch):
        def connect(*_args, **_words):
            raise sqlite3.OperationalError("access denied")

        monkeypatch.setattr(sqlite3, "connect", connect)
        monkeypatch.setattr(sqlite3.dbapi2, "connect", connect)

    return Situation(OPTIONS, folder, raises=AuthenticationError, arrange=forbid)


SITUATIONS = {"normal": normal, "empty": empty, "partial": partial, "malformed": malformed, "refused": refused}
