"""One reader for each kind of field: texts in, checked values out, misfits to the rejects."""

from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from config_sources import FieldSpec, Scalar
from datasources.mapping import cells, points, times
from datasources.mapping.rejects import Rejects
from datasources.mapping.rows import Rows
from domain.records import RECORDS, RecordField

FLAGS = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}
RANGES = {"longitude": 180.0, "latitude": 90.0}


@dataclass(frozen=True)
class Reading:
    """What a reader works on: the field's name, its specification, the rows and where misfits go."""

    name: str
    spec: FieldSpec
    field: RecordField
    rows: Rows
    rejects: Rejects
    zone: ZoneInfo

    @property
    def missing(self) -> tuple[Scalar, ...]:
        """The values that mean "nothing here": the source's and the field's own."""
        return (*self.rows.source.rules.missing_values, *(self.spec.missing or ()))

    @cached_property
    def raw(self) -> pd.Series:
        """Cells as text, NaN where they hold nothing."""
        return cells.blank_missing(self.rows.texts(self.name, self.spec), cells.missing_texts(self.missing))

    @cached_property
    def texts(self) -> pd.Series:
        """Cells as text after the table of values; a value that the table does not know is rejected."""
        spec, raw = self.spec, self.raw
        if spec.values is None:
            return raw
        table = {key.strip(): cells.one_text(value) for key, value in spec.values.items()}
        keys = raw.str.strip()
        found = keys.map(table).astype("str")
        blank = raw.isna()
        if "" in table:
            found = found.mask(blank, table[""])
        unknown = (found.isna() & ~blank).to_numpy()
        if spec.default in (None, "quarantine"):
            self.reject(unknown, "unknown_value", "which the table of values does not list; add it there")
            return found
        return found.mask(unknown, cells.one_text(spec.default))

    def reject(self, mask: np.ndarray, reason: str, why: str) -> None:
        """Reject rows with a sentence that says field, column, value and `why`."""
        self.rejects.add(mask, reason, lambda row: f"{self.name}: {self.place()} has '{self._shown(row)}', {why}")

    def place(self) -> str:
        """The origin of the field in words."""
        columns = self.spec.named_columns()
        if self.spec.geometry:
            return "the geometry"
        if not columns:
            return "the unfolded cell" if self.spec.unfold else "the configured value"
        return f"column {columns[0]}" if len(columns) == 1 else f"columns {' + '.join(columns)}"

    def _shown(self, row: int) -> str:
        shown = self.raw.iat[row] if not self.spec.geometry else self.rows.cells(self.name, self.spec).iat[row]
        return str(shown)[:80]


def read_text(reading: Reading) -> np.ndarray:
    """Text as it stands in the source, None where there is none."""
    texts = reading.texts
    reading.reject(_holds_nul(texts), "unreadable_text", "which holds a NUL or half a character; mend it in the source")
    return cells.as_objects(texts)


def _holds_nul(texts: pd.Series) -> np.ndarray:
    return texts.str.contains("\0", regex=False).fillna(False).to_numpy(dtype=bool)


def read_choice(reading: Reading) -> np.ndarray:
    """One of the allowed words, the default where there is none."""
    texts, field = reading.texts, reading.field
    wrong = (texts.notna() & ~texts.isin(field.allowed)).to_numpy()
    reading.reject(wrong, "unknown_value", f"which is none of {', '.join(field.allowed)}; translate it with values")
    return cells.as_objects(texts.fillna(field.default) if field.default else texts)


def read_time(reading: Reading) -> np.ndarray:
    """Epoch seconds UTC, float64, NaN where there is none."""
    texts, source, spec = reading.texts, reading.rows.source, reading.spec
    found = times.parse(texts, spec.formats, reading.zone, source.ambiguous)
    seconds = found.seconds
    unread = (texts.notna() & np.isnan(seconds)).to_numpy() & ~found.ambiguous
    if unread.any() and spec.column and spec.formats not in ((), (times.ISO,)):
        native = np.flatnonzero(unread & cells.is_native_time(reading.rows.cells(reading.name, spec)))
        again = times.parse(texts.iloc[native], (times.ISO,), reading.zone, source.ambiguous)
        seconds[native], found.ambiguous[native] = again.seconds, again.ambiguous
        unread[native] = np.isnan(again.seconds) & ~again.ambiguous
    forms = " or ".join(f"'{each}'" for each in spec.formats or (times.ISO,))
    reading.reject(found.ambiguous, "ambiguous_time", f'an hour that {reading.zone} has twice; say ambiguous = "first"')
    reading.reject(unread, "unreadable_time", f"which is not a time in the format {forms}; mend the row or the format")
    return seconds


def read_number(reading: Reading) -> np.ndarray:
    """float64, NaN where there is none; numbers that stand for "missing" are none."""
    texts = reading.texts
    numbers = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    gone = np.isin(numbers, [each for each in reading.missing if isinstance(each, int | float)])
    wrong = texts.notna().to_numpy() & ~gone & ~np.isfinite(numbers)
    reading.reject(wrong, "bad_number", "which is not a number; mend the row")
    numbers = np.where(gone, np.nan, numbers)
    numbers = numbers if reading.spec.scale is None else numbers * reading.spec.scale
    if reading.name in RANGES:
        far = np.abs(numbers) > RANGES[reading.name]
        reading.reject(far, "bad_point", f"which is no {reading.name}; mend the row, or scale and columns of the field")
    return numbers


def read_flag(reading: Reading) -> np.ndarray:
    """True, False or None."""
    texts = reading.texts
    words = cells.as_objects(texts.str.strip().str.lower())
    flags = np.array([FLAGS.get(word) for word in words] + [None], dtype=object)[:-1]
    wrong = texts.notna().to_numpy() & np.array([each is None for each in flags], dtype=bool)
    reading.reject(wrong, "unknown_value", "which is neither true nor false; translate it with values")
    return flags


def read_point(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude, float64, NaN where there is no place."""
    if reading.spec.geometry:
        shapes = read_geometry(reading)
        longitude, latitude = points.inner_points(shapes)
    else:
        longitude, latitude = points.parse(reading.texts, reading.spec.formats)
        unread = reading.texts.notna().to_numpy() & np.isnan(longitude)
        forms = " or ".join(f"'{each}'" for each in reading.spec.formats)
        reading.reject(unread, "bad_point", f"which is not a point written as {forms}; mend the row or the format")
    far = (np.abs(longitude) > RANGES["longitude"]) | (np.abs(latitude) > RANGES["latitude"])
    reading.reject(far, "bad_point", "which lies outside ±180 and ±90 degrees; mend the row or the format")
    return longitude, latitude


def read_geometry(reading: Reading) -> np.ndarray:
    """Shapely geometries, None where there is none."""
    shapes, bad = points.geometries(reading.rows.cells(reading.name, reading.spec))
    reading.reject(bad, "bad_point", "which cannot be read as a geometry; mend the source")
    return shapes


READERS = {
    "id": read_text,
    "text": read_text,
    "choice": read_choice,
    "time": read_time,
    "number": read_number,
    "flag": read_flag,
    "geometry": read_geometry,
}


def read_fields(rows: Rows, zone: ZoneInfo, rejects: Rejects) -> dict[str, np.ndarray]:
    """Every field of the record by name; a point comes as longitude and latitude."""
    found: dict[str, np.ndarray] = {}
    for name, field in RECORDS[rows.source.taken_as].items():
        spec = rows.source.fields.get(name)
        if spec is None:
            if field.kind != "point":
                found.setdefault(name, nothing(field, len(rows)))
            continue
        reading = Reading(name, spec, field, rows, rejects, zone)
        if field.kind == "point":
            found["longitude"], found["latitude"] = read_point(reading)
            continue
        found[name] = READERS[field.kind](reading)
        if field.required:
            _require(reading, found[name])
    return found


def _require(reading: Reading, values: np.ndarray) -> None:
    why = f"{reading.name}: {reading.place()} is empty, and a {reading.rows.source.record} needs it; fill it in"
    reading.rejects.add(np.asarray(pd.isna(values)), "missing_field", lambda _row: why)


def nothing(field: RecordField, length: int) -> np.ndarray:
    """A field that the source does not have: its default, NaN for times and numbers, else None."""
    if field.kind in ("time", "number"):
        return np.full(length, np.nan)
    return np.full(length, field.default, dtype=object)
