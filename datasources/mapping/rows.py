"""The rows of a page as a mapping sees them: one a source row, or one a (row, column) of a wide table."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from config_errors import advise
from config_sources import FieldSpec, SourceSettings
from datasources.contract import FEATURE_ID, GEOMETRY, UNFOLD, Page
from datasources.errors import BadDataError
from datasources.mapping import cells
from datasources.mapping.rejects import raw_texts


@dataclass
class Rows:
    """frame: the source's rows; at: position in it of each mapped row (None: one to one).

    names, values: for wide tables, the column each mapped row comes from and that cell's text.
    """

    source: SourceSettings
    frame: pd.DataFrame
    origin: str
    numbers: np.ndarray
    at: np.ndarray | None = None
    names: pd.Series | None = None
    values: pd.Series | None = None
    empty: int = 0

    def __len__(self) -> int:
        return len(self.frame) if self.at is None else len(self.at)

    def texts(self, name: str, spec: FieldSpec) -> pd.Series:
        """A field's cells as text before missing values and tables of values, NaN where there is none."""
        if spec.value is not None:
            return pd.Series([cells.one_text(spec.value)] * len(self), dtype="str")
        if spec.unfold is not None:
            return self.names if spec.unfold == "name" else self.values
        first, *others = [self._column(column, name) for column in spec.named_columns()]
        for other in others:
            first = first.str.cat(other, sep=spec.join)
        return first

    def cells(self, name: str, spec: FieldSpec) -> pd.Series:
        """A field's raw cells: the column it names, or the features' geometries."""
        column = GEOMETRY if spec.geometry else spec.column
        if spec.geometry and GEOMETRY not in self.frame.columns:
            raise BadDataError(advise(f"{self.origin}: the rows carry no geometry", f"Correct {self._key(name)}."))
        return self._spread(cells.require(self.frame, column, self.origin, self._key(name)))

    def raw(self, where: np.ndarray) -> list[str]:
        """The raw form of mapped rows at positions `where`, as JSON texts."""
        if self.at is None:
            return raw_texts(self.frame.iloc[where])
        return raw_texts(self.frame.iloc[self.at[where]].assign(**{UNFOLD: self.names.iloc[where].to_numpy()}))

    def row_numbers(self) -> np.ndarray:
        """Row number within the origin of every mapped row."""
        return self.numbers if self.at is None else self.numbers[self.at]

    def _column(self, column: str, name: str) -> pd.Series:
        if column == UNFOLD:
            return self.names
        return self._spread(cells.text(cells.require(self.frame, column, self.origin, self._key(name))))

    def _spread(self, column: pd.Series) -> pd.Series:
        taken = column if self.at is None else column.take(self.at)
        return taken.reset_index(drop=True)

    def _key(self, name: str) -> str:
        return f"sources.{self.source.name}.fields.{name}"


def rows_of(page: Page, source: SourceSettings) -> Rows:
    """The rows of a page, unfolded where the source says so. Raises BadDataError for a column that is not there."""
    rows = Rows(source, page.frame.reset_index(drop=True), page.origin, page.row_numbers())
    if source.unfold is not None:
        _unfold(rows, source.unfold.columns)
    _require_columns(rows)
    return rows


def _require_columns(rows: Rows) -> None:
    """Find out about a misnamed column before any row is kept."""
    if not len(rows.frame) and not len(rows.frame.columns):
        return
    for name, spec in rows.source.fields.items():
        for column in spec.named_columns():
            if column not in (UNFOLD, FEATURE_ID):
                cells.require(rows.frame.iloc[:0], column, rows.origin, f"sources.{rows.source.name}.fields.{name}")


def _unfold(rows: Rows, columns: tuple[str, ...]) -> None:
    frame, count = rows.frame, len(rows.frame)
    key = f"sources.{rows.source.name}.unfold.columns"
    if not count:
        rows.at, rows.names, rows.values = np.empty(0, dtype=np.int64), pd.Series(dtype="str"), pd.Series(dtype="str")
        return
    texts = {column: cells.text(cells.require(frame, column, rows.origin, key)) for column in columns}
    if UNFOLD in frame.columns:  # rows from quarantine: each stands for one cell already
        rows.at, rows.names = np.arange(count), cells.text(frame[UNFOLD])
        rows.values = pd.Series(
            [texts[name].iat[row] if name in texts else None for row, name in enumerate(rows.names)], dtype="str"
        )
    else:
        by_row = (np.arange(count)[:, None] + count * np.arange(len(columns))).ravel()
        rows.at = np.repeat(np.arange(count), len(columns))
        rows.names = pd.Series(np.tile(np.array(columns, dtype=object), count), dtype="str")
        rows.values = pd.concat(list(texts.values()), ignore_index=True).take(by_row).reset_index(drop=True)
    _drop_empty(rows)


def _drop_empty(rows: Rows) -> None:
    spec = next((each for each in rows.source.fields.values() if each.unfold == "value"), None)
    missing = cells.missing_texts((*rows.source.rules.missing_values, *((spec and spec.missing) or ())))
    full = cells.blank_missing(rows.values, missing).notna().to_numpy()
    rows.empty = int(len(full) - full.sum())
    rows.at = rows.at[full]
    rows.names, rows.values = (each[full].reset_index(drop=True) for each in (rows.names, rows.values))
