"""Sources, pages and connectors for tests, said in as few words as a test needs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from config_sources import SourceSettings
from datasources.contract import Batch, Cursor, Page
from datasources.mapping import Mapping

NOW = 1_800_000_000
CASE = {"external_id": "id", "reported_at": "at", "status": "status", "category": "type"}
ROW = {"id": "1", "at": "2024-05-01T08:00:00", "status": "handling", "type": "noise"}


def case_source(fields: dict[str, Any] | None = None, **settings: Any) -> SourceSettings:
    """A source of cases with the columns of ROW; fields and settings add to it or replace."""
    given = {"name": "s", "connector": "feeds.file", "record": "case", "timezone": "UTC", **settings}
    base = CASE if given["record"] == "case" else {}
    return SourceSettings.model_validate({**given, "fields": {**base, **(fields or {})}})


def page(*rows: dict[str, Any], **settings: Any) -> Page:
    """A page of text rows; every row starts as ROW."""
    return Page(pd.DataFrame([{**ROW, **row} for row in rows], dtype=object), "test.csv", 1, None, **settings)


def mapped(fields: dict[str, Any] | None = None, *rows: dict[str, Any], **settings: Any) -> Batch:
    """The batch that a source of cases makes of rows."""
    return Mapping(case_source(fields, **settings)).apply(page(*rows), NOW)


@dataclass(frozen=True)
class Situation:
    """A state of the outside world: what a connector is told, from which cursor it starts, and what it must raise.

    arrange(monkeypatch) makes the world refuse where files alone cannot.
    """

    options: dict[str, Any]
    folder: Path
    cursor: Cursor | None = None
    raises: type[Exception] | None = None
    arrange: Callable[[Any], None] = field(default=lambda _monkeypatch: None)
