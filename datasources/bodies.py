"""What is pushed to us, one body at a time: its rows, or why it has none."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import pandas as pd

from datasources.contract import Unreadable
from datasources.jsontext import loads

SHOWN = 2_000
"""Signs of a body that quarantine keeps."""

MOST_MEGABYTES = 5
"""A body that is larger is not looked into."""

MOST_COLUMNS = 1_000
"""Different columns of one page: a sender that makes up names must not fill the memory."""

VALUE = "value"
"""Column of a body that is no object: a number or a text by itself."""


class UnreadableBodyError(Exception):
    """A body holds no rows. str() says why in one sentence."""


def rows_of_json(body: bytes, items: str | None = None) -> list[Any]:
    """The rows of a JSON body: one object, a list of them, or what a dotted path names; a plain value is {"value": …}.

    Raises UnreadableBodyError.
    """
    _require_size(body)
    try:
        found = loads(body)
    except orjson.JSONDecodeError as error:
        raise UnreadableBodyError(f"it is not JSON ({error.msg}); mend what sends it") from error
    for part in items.split(".") if items else ():
        if not isinstance(found, dict) or part not in found:
            raise UnreadableBodyError(f"nothing is at '{items}'; mend what sends it, or options.items")
        found = found[part]
    rows = found if isinstance(found, list) else [found]
    return [each if isinstance(each, dict) else {VALUE: each} for each in rows]


def row_of_text(body: bytes) -> list[Any]:
    """A body that is one plain value, as text. Raises UnreadableBodyError."""
    _require_size(body)
    try:
        return [{VALUE: body.decode()}]
    except UnicodeDecodeError as error:
        raise UnreadableBodyError("it is not UTF-8 text; mend what sends it") from error


def _require_size(body: bytes) -> None:
    if len(body) > MOST_MEGABYTES * 1_000_000:
        raise UnreadableBodyError(f"it is larger than {MOST_MEGABYTES} MB; send less at a time")


@dataclass
class Gathered:
    """Rows on their way into a page; first_row: number of the next one within its origin."""

    first_row: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    columns: dict[str, None] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows) + len(self.unreadable)

    @property
    def next_row(self) -> int:
        """The number that comes after the last."""
        return self.first_row + len(self)

    def add(self, body: bytes, rows: Iterable[dict[str, Any]]) -> None:
        """One body's rows."""
        for row in rows:
            if len(row.keys() | self.columns.keys()) > MOST_COLUMNS:
                self.refuse(
                    body, f"with it the page would have more than {MOST_COLUMNS} columns; give values fixed names"
                )
                continue
            self.columns |= dict.fromkeys(row)
            self.numbers.append(self.next_row)
            self.rows.append(row)

    def refuse(self, body: bytes, why: str) -> None:
        """A body that has no rows: a row by itself, with the text as found."""
        text = body[:SHOWN].decode(errors="backslashreplace").replace("\0", "\\x00") or "(empty)"
        self.unreadable.append(Unreadable(self.next_row, text, why))

    def frame(self) -> pd.DataFrame:
        """The rows as a frame of native cells; what a row leaves out is None."""
        cells = {name: pd.Series([row.get(name) for row in self.rows], dtype=object) for name in self.columns}
        return pd.DataFrame(cells, index=range(len(self.rows)))

    def row_numbers(self) -> np.ndarray:
        """The number of each row of the frame, int64."""
        return np.array(self.numbers, dtype=np.int64)
