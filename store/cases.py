"""Cases as rows: the columns a write touches, and the old rows it replaces."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from domain.contributions import CaseColumns, pack_cells
from store.bulk import listed, with_keys
from store.schema import cases

WRITTEN = (
    "id", "source_id", "external_id", "kind", "status", "category_id", "title", "text", "channel", "department",
    "order_no", "reported_at", "first_response_at", "due_at", "closed_at", "ended_at", "updated_at", "online",
    "area_id", "placing", "longitude", "latitude", "area_code", "content_hash", "overdue", "level", "rated_at",
)  # fmt: skip
"""Every column of a case, in the order in which rows are written."""

COUNTED = (
    "id", "source_id", "external_id", "kind", "status", "category_id", "reported_at", "first_response_at", "due_at",
    "closed_at", "updated_at", "online", "area_id", "placing", "content_hash", "overdue", "level", "rated_at",
)  # fmt: skip
"""What decides what a case counts for, and whether it changed."""


def old_rows(connection: sa.Connection, source_id: int, external_ids: Sequence[str]) -> pd.DataFrame:
    """The stored cases with these external ids (COUNTED columns), locked until the transaction ends."""
    statement = (
        f"SELECT {listed(COUNTED)} FROM cases WHERE source_id = :source AND external_id IN (:keys) "  # noqa: S608
        "ORDER BY id FOR UPDATE"
    )
    return frame(with_keys(connection, statement, external_ids, source=source_id))


def heard(connection: sa.Connection, source_id: int, times: Iterable[tuple[str, int]]) -> None:
    """Set when cases (external id, time) were last told of, nothing else having changed: older rows stay older."""
    rows = [{"source": source_id, "key": key, "at": at} for key, at in times]
    if rows:
        c = cases.c
        statement = sa.update(cases).where(c.source_id == sa.bindparam("source"), c.external_id == sa.bindparam("key"))
        connection.execute(statement.values(updated_at=sa.bindparam("at")), rows)


def frame(rows: Sequence[Any]) -> pd.DataFrame:
    """Rows with the COUNTED columns as a frame; missing values as None."""
    return pd.DataFrame([tuple(row) for row in rows], columns=list(COUNTED), dtype=object)


def columns_of(rows: pd.DataFrame) -> CaseColumns:
    """The columns that count, from a frame with the COUNTED columns."""
    return CaseColumns(
        cell=pack_cells(*(_whole(rows, c) for c in ("area_id", "placing", "kind", "category_id", "source_id"))),
        status=rows["status"].to_numpy(object),
        reported_at=_time(rows, "reported_at"),
        first_response_at=_time(rows, "first_response_at"),
        due_at=_time(rows, "due_at"),
        closed_at=_time(rows, "closed_at"),
        online=_flag(rows, "online"),
        level=_flag(rows, "level"),
        overdue=rows["overdue"].to_numpy(object).astype(bool),
    )


def _whole(rows: pd.DataFrame, name: str) -> npt.NDArray[np.int64]:
    return rows[name].to_numpy(object).astype(np.int64)


def _time(rows: pd.DataFrame, name: str) -> npt.NDArray[np.float64]:
    return rows[name].to_numpy(object).astype(np.float64)


def _flag(rows: pd.DataFrame, name: str) -> npt.NDArray[np.int8]:
    values = rows[name].to_numpy(object)
    return np.fromiter((-1 if v is None or v != v else int(v) for v in values), dtype=np.int8, count=len(values))
