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


@dataclass(frozen=True)
class Unfolded:
    """The cells of a wide table that hold something: row, column and text of each; `empty` counts the others."""

    at: np.ndarray
    names: pd.Series
    values: pd.Series
    empty: int


@dataclass(frozen=True)
class Rows:
    """frame: the source's rows with their numbers; wide: the cells to map instead, where the source is unfolded."""

    source: SourceSettings
    frame: pd.DataFrame
    origin: str
    numbers: np.ndarray
    wide: Unfolded | None = None

    def __len__(self) -> int:
        return len(self.frame) if self.wide is None else len(self.wide.at)

    @property
    def empty(self) -> int:
        """How many cells of a wide table hold nothing."""
        return 0 if self.wide is None else self.wide.empty

    def texts(self, name: str, spec: FieldSpec) -> pd.Series:
        """A field's cells as text before missing values and tables of values, NaN where there is none."""
        if spec.value is not None:
            return pd.Series([cells.one_text(spec.value)] * len(self), dtype="str")
        if self.wide is not None and spec.unfold is not None:
            return self.wide.names if spec.unfold == "name" else self.wide.values
        first, *others = [self._column(column, name) for column in spec.named_columns()]
        for other in others:
            first = first.str.cat(other, sep=spec.join)
        return first

    def cells(self, name: str, spec: FieldSpec) -> pd.Series:
        """A field's raw cells: the column it names, or the features' geometries."""
        if spec.geometry and GEOMETRY not in self.frame.columns:
            raise BadDataError(advise(f"{self.origin}: the rows carry no geometry", f"Correct {self._key(name)}."))
        column = GEOMETRY if spec.geometry else str(spec.column)
        return self._spread(cells.require(self.frame, column, self.origin, self._key(name)))

    def raw(self, where: np.ndarray) -> list[str]:
        """The raw form of mapped rows at positions `where`, as JSON texts."""
        if self.wide is None:
            return raw_texts(self.frame.iloc[where])
        names = self.wide.names.iloc[where].to_numpy()
        return raw_texts(self.frame.iloc[self.wide.at[where]].assign(**{UNFOLD: names}))

    def row_numbers(self) -> np.ndarray:
        """Row number within the origin of every mapped row."""
        return self.numbers if self.wide is None else self.numbers[self.wide.at]

    def _column(self, column: str, name: str) -> pd.Series:
        if column == UNFOLD and self.wide is not None:
            return self.wide.names
        return self._spread(cells.text(cells.require(self.frame, column, self.origin, self._key(name))))

    def _spread(self, column: pd.Series) -> pd.Series:
        taken = column if self.wide is None else column.take(self.wide.at)
        return taken.reset_index(drop=True)

    def _key(self, name: str) -> str:
        return f"sources.{self.source.name}.fields.{name}"


def rows_of(page: Page, source: SourceSettings) -> Rows:
    """The rows of a page, unfolded where the source says so. Raises BadDataError for a column that is not there."""
    frame = page.frame.reset_index(drop=True)
    if page.sparse:
        frame = _filled(frame, source)
    _require_columns(frame, source, page.origin)
    wide = None if source.unfold is None else _unfold(frame, source, source.unfold.columns, page.origin)
    return Rows(source, frame, page.origin, page.row_numbers(), wide)


def _filled(frame: pd.DataFrame, source: SourceSettings) -> pd.DataFrame:
    """The frame with every column that the mapping names; what no row brought is missing in all of them."""
    named = [column for spec in source.fields.values() for column in spec.named_columns() if column != UNFOLD]
    wanted = dict.fromkeys((*named, *(source.unfold.columns if source.unfold else ())))
    absent = [column for column in wanted if cells.find(frame.iloc[:0], column) is None]
    return frame.reindex(columns=[*frame.columns, *absent]).astype(dict.fromkeys(absent, object)) if absent else frame


def _require_columns(frame: pd.DataFrame, source: SourceSettings, origin: str) -> None:
    """Find out about a misnamed column before any row is kept. No rows and no columns (an empty JSON list) is fine."""
    if frame.empty and not len(frame.columns):
        return
    for name, spec in source.fields.items():
        for column in spec.named_columns():
            if column not in (UNFOLD, FEATURE_ID):
                cells.require(frame.iloc[:0], column, origin, f"sources.{source.name}.fields.{name}")


def _unfold(frame: pd.DataFrame, source: SourceSettings, columns: tuple[str, ...], origin: str) -> Unfolded:
    if frame.empty:
        return Unfolded(np.empty(0, dtype=np.int64), pd.Series(dtype="str"), pd.Series(dtype="str"), 0)
    key = f"sources.{source.name}.unfold.columns"
    texts = {column: cells.text(cells.require(frame, column, origin, key)) for column in columns}
    at, names, values = _again(frame, texts) if UNFOLD in frame.columns else _spread_out(texts, len(frame))
    spec = next((each for each in source.fields.values() if each.unfold == "value"), None)
    missing = cells.missing_texts((*source.rules.missing_values, *((spec and spec.missing) or ())))
    full = cells.blank_missing(values, missing).notna().to_numpy()
    names, values = (each[full].reset_index(drop=True) for each in (names, values))
    return Unfolded(at[full], names, values, int((~full).sum()))


def _spread_out(texts: dict[str, pd.Series], count: int) -> tuple[np.ndarray, pd.Series, pd.Series]:
    """Row, column and text of every cell, row by row."""
    by_row = (np.arange(count)[:, None] + count * np.arange(len(texts))).ravel()
    names = pd.Series(np.tile(np.array(list(texts), dtype=object), count), dtype="str")
    values = pd.concat(list(texts.values()), ignore_index=True).take(by_row).reset_index(drop=True)
    return np.repeat(np.arange(count), len(texts)), names, values


def _again(frame: pd.DataFrame, texts: dict[str, pd.Series]) -> tuple[np.ndarray, pd.Series, pd.Series]:
    """Rows from quarantine stand for one cell each already."""
    names = cells.text(frame[UNFOLD])
    values = [texts[name].iat[row] if name in texts else None for row, name in enumerate(names)]
    return np.arange(len(frame)), names, pd.Series(values, dtype="str")
