"""Times as text → whole epoch seconds UTC, vectorised.

A zone in the text wins. In the doubled hour of autumn the setting `ambiguous` decides. A time in the hour that spring
skips is shifted forward by the length of the gap, as a clock that nobody set would show it (PEP 495, fold = 0).
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from datasources.mapping import fixed

ISO = "iso"
# pandas reads these words as the present moment.
PRESENT = ("now", "today")
ISO_UTC = "%Y-%m-%dT%H:%M:%SZ"
"""How most systems write a moment."""
ISO_START = r"\s*\d{4}"
ISO_ZONE = r"[Tt ]\d{2}.*(?:[Zz]|[+-]\d{2}(?::?\d{2})?)\s*$"


@dataclass(frozen=True)
class Times:
    """seconds: float64 epoch seconds, NaN where unread; ambiguous: True where the doubled hour asks for quarantine."""

    seconds: np.ndarray
    ambiguous: np.ndarray


def parse(texts: pd.Series, formats: tuple[str, ...], zone: ZoneInfo, ambiguous: str) -> Times:
    """Read texts (pandas `str`, NaN = none) by the first format that fits: "iso" or strptime patterns.

    ambiguous: "first" | "second" | "quarantine". Seconds are rounded down to whole ones.
    """
    seconds = np.full(len(texts), np.nan)
    doubled = np.zeros(len(texts), dtype=bool)
    todo = texts.notna().to_numpy() & ~texts.str.strip().str.lower().isin(PRESENT).to_numpy()
    for form in formats or (ISO,):
        if not todo.any():
            break
        where = np.flatnonzero(todo)
        read = _iso if form == ISO else _pattern
        seconds[where], doubled[where] = read(texts.iloc[where], form, zone, ambiguous)
        todo &= np.isnan(seconds) & ~doubled
    return Times(seconds, doubled)


def _iso(texts: pd.Series, _form: str, zone: ZoneInfo, ambiguous: str) -> tuple[np.ndarray, np.ndarray]:
    """ISO 8601, each text with or without a zone of its own."""
    seconds, doubled = _epoch(pd.DatetimeIndex(fixed.read(texts.tolist(), ISO_UTC))), np.zeros(len(texts), dtype=bool)
    if not np.isnan(seconds).any():
        return seconds, doubled
    dated = texts.str.match(ISO_START).to_numpy(dtype=bool)
    zoned = dated & texts.str.contains(ISO_ZONE, regex=True).to_numpy(dtype=bool)
    local = dated & ~zoned
    if zoned.any():
        seconds[zoned] = _epoch(_read(texts[zoned], "ISO8601", utc=True))
    if local.any():
        seconds[local], doubled[local] = _to_utc(_read(texts[local], "ISO8601", utc=False), zone, ambiguous)
    return seconds, doubled


def _pattern(texts: pd.Series, form: str, zone: ZoneInfo, ambiguous: str) -> tuple[np.ndarray, np.ndarray]:
    """A strptime pattern; %z or %Z in it means that every text carries its zone."""
    if "%z" in form or "%Z" in form:
        return _epoch(_read(texts, form, utc=True)), np.zeros(len(texts), dtype=bool)
    return _to_utc(_read(texts, form, utc=False), zone, ambiguous)


def _read(texts: pd.Series, form: str, *, utc: bool) -> pd.DatetimeIndex:
    """Moments of texts by one pattern, NaT where it does not fit: by digits where that will do, else by pandas."""
    stripped = texts.str.strip().tolist()
    moments = fixed.read(stripped, form)
    rest = np.flatnonzero(np.isnat(moments))
    if not len(rest) and not utc:
        return pd.DatetimeIndex(moments)
    cells = np.array([stripped[row] for row in rest] + [None], dtype=object)[:-1]
    parsed = pd.DatetimeIndex(pd.to_datetime(cells, format=form, errors="coerce", utc=utc))
    if len(rest) == len(moments):
        return parsed
    finer = parsed.to_numpy()
    moments = moments.astype(finer.dtype)
    moments[rest] = finer
    return pd.DatetimeIndex(moments)


def _epoch(moments: pd.DatetimeIndex) -> np.ndarray:
    """Whole seconds since 1970 of UTC moments (or of naive ones, taken as they stand), NaN for NaT."""
    naive = moments.tz_localize(None) if moments.tz is not None else moments
    stamps = naive.to_numpy()
    whole = stamps.astype("datetime64[s]").astype(np.int64)
    return np.where(np.isnat(stamps), np.nan, whole.astype(float))


def _to_utc(local: pd.DatetimeIndex, zone: ZoneInfo, ambiguous: str) -> tuple[np.ndarray, np.ndarray]:
    first = _localized(local, zone, take_first=True)
    doubled = np.zeros(len(local), dtype=bool)
    if ambiguous == "first":
        return first, doubled
    second = _localized(local, zone, take_first=False)
    if ambiguous == "second":
        return second, doubled
    doubled = (first != second) & ~np.isnan(first)
    return np.where(doubled, np.nan, first), doubled


def _localized(local: pd.DatetimeIndex, zone: ZoneInfo, *, take_first: bool) -> np.ndarray:
    flags = np.full(len(local), take_first)
    seconds = _epoch(local.tz_localize(zone, ambiguous=flags, nonexistent="NaT").tz_convert("UTC"))
    for each in np.flatnonzero(np.isnan(seconds) & ~np.asarray(local.isna())).tolist():
        seconds[each] = _skipped(local[each].to_pydatetime(), zone)
    return seconds


def _skipped(moment: datetime, zone: ZoneInfo) -> float:
    return float(moment.replace(microsecond=0, tzinfo=zone, fold=0).timestamp() // 1)
