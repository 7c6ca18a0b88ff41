"""Rows that do not fit: why, in one sentence, and their raw form, so that they can be replayed."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from datasources.contract import REJECTED_COLUMNS, Page, Unreadable
from datasources.mapping.cells import one_text

TEXT = "@text"
"""Key of the raw form of a row that could not be split into cells."""


REASONS = (
    "missing_field", "unknown_value", "unreadable_time", "ambiguous_time", "bad_number", "bad_point", "unreadable_text",
    "unreadable_row", "future", "closed_before_reported", "closed_without_date",
)  # fmt: skip
"""Every reason that a mapping may give; docs/connectors.md explains them."""


class Rejects:
    """The first reason found against each row of a frame."""

    def __init__(self, length: int) -> None:
        self.reason = np.full(length, None, dtype=object)
        self.detail = np.full(length, None, dtype=object)

    def add(self, mask: np.ndarray, reason: str, detail: Callable[[int], str]) -> None:
        """Reject the rows in mask that are not rejected yet; detail(row position) says why in one sentence."""
        for row in np.flatnonzero(mask & self.accepted).tolist():
            self.reason[row], self.detail[row] = reason, detail(row)

    @property
    def accepted(self) -> np.ndarray:
        """True for rows that nothing speaks against."""
        return np.asarray(pd.isna(self.reason), dtype=bool)


def rejected_frame(
    rejects: Rejects, raw: Callable[[np.ndarray], list[str]], ids: np.ndarray, page: Page, rows: np.ndarray
) -> pd.DataFrame:
    """The rejected rows of a page in REJECTED_COLUMNS, unreadable ones included, in the order of the source.

    raw(positions) gives the raw form of rows as JSON text; ids and rows hold each row's external id and number.
    """
    where = np.flatnonzero(~rejects.accepted)
    texts = raw(where) if len(where) else []
    found = list(zip(ids[where], rejects.reason[where], rejects.detail[where], texts, rows[where], strict=True))
    found += [
        (None, "unreadable_row", each.detail, json.dumps({TEXT: each.text}, ensure_ascii=False), each.row)
        for each in page.unreadable
    ]
    found.sort(key=lambda row: row[4])
    frame = pd.DataFrame(found, columns=["external_id", "reason", "detail", "raw", "row"], dtype=object)
    frame["origin"] = page.origin
    return frame.astype({"row": np.int64, "origin": object})[list(REJECTED_COLUMNS)]


def raw_texts(raw: pd.DataFrame) -> list[str]:
    """Each row as JSON text: column → cell."""
    names = [str(name) for name in raw.columns]
    return [_json(dict(zip(names, cells, strict=True))) for cells in raw.itertuples(index=False, name=None)]


def _json(row: dict[str, Any]) -> str:
    plain = {name: cell if _is_plain(cell) else _plain(cell) for name, cell in row.items()}
    return json.dumps(plain, ensure_ascii=False, default=one_text)


def _is_plain(cell: Any) -> bool:
    return isinstance(cell, str | int | dict | list) or cell is None


def _plain(cell: Any) -> Any:
    if isinstance(cell, bytes):
        return cell.hex()
    return cell if isinstance(cell, float) and np.isfinite(cell) else one_text(cell)


def replay_page(raws: Sequence[str], origin: str, rows: Sequence[int]) -> Page:
    """A page made of raw rows from quarantine, to be mapped again after a mapping is mended.

    Rows that could not be split into cells come back as unreadable: a page has no way to split them.
    """
    cells = [json.loads(raw) for raw in raws]
    whole = [each for each, raw in enumerate(cells) if TEXT not in raw]
    frame = pd.DataFrame([cells[each] for each in whole], dtype=object)
    again = "the row could not be split into cells; read its file again"
    unreadable = tuple(Unreadable(rows[each], raw[TEXT], again) for each, raw in enumerate(cells) if TEXT in raw)
    numbers = np.array([rows[each] for each in whole], dtype=np.int64)
    return Page(frame.where(frame.notna(), None), origin, 1, None, rows=numbers, unreadable=unreadable)
