"""Days of the site: every closed period is made of whole days in the site's time zone.

A day is the integer number of days since 1970-01-01; an instant is integer epoch seconds in UTC.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

EPOCH = date(1970, 1, 1)
NO_DAY = np.int32(-(2**31))
_DAY = 86_400
_STEP = 3 * _DAY
"""Shorter than the time between any two changes of a zone (Freetown, September 1939: four days)."""
_FURTHEST = 2 * _DAY
"""More than any zone is away from UTC, or ever jumped."""
_USUAL_YEARS, _ALL_YEARS = (1970, 2100), (1800, 2300)
"""Nearly every case lies in the first; beyond the second a zone keeps its offset."""
_USUAL = tuple((date(year, 1, 1) - EPOCH).days * _DAY for year in _USUAL_YEARS)
_YEARS = (1900, 2999)
"""Years that a period may name, so that the one before it is on the calendar, too."""
_DAYS, _WEEKS = 31, 26


def day_of(value: date) -> int:
    """The day number of a calendar date."""
    return (value - EPOCH).days


def date_of(day: int) -> date:
    """The calendar date of a day number."""
    return EPOCH + timedelta(days=int(day))


FIRST_DAY, LAST_DAY = day_of(date(_YEARS[0], 1, 1)), day_of(date(_YEARS[1], 12, 31))
"""The days that a period may hold."""


@lru_cache(maxsize=16)
def _offsets(zone_name: str, years: tuple[int, int]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Instants at which the zone's offset changes, and the offset in seconds from each on.

    Clocks that are set back over midnight (St. John's, until 2011, a minute after it) would begin a day twice; such a
    change takes effect at the second midnight here, so that every day is one stretch of time.
    """
    zone = ZoneInfo(zone_name)

    def offset(epoch: int) -> int:
        shift = datetime.fromtimestamp(epoch, zone).utcoffset()
        return int(shift.total_seconds()) if shift else 0

    start, end = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in years)
    instants, shifts = [-(2**62)], [offset(start)]
    for low in range(start, end, _STEP):
        left, right = low, low + _STEP
        before, after = shifts[-1], offset(right)
        if after == before:
            continue
        while right - left > 1:
            middle = (left + right) // 2
            left, right = (middle, right) if offset(middle) == before else (left, middle)
        day = (right - 1 + before) // _DAY
        instants.append(max(right, day * _DAY - after))
        shifts.append(after)
    return np.asarray(instants, dtype=np.int64), np.asarray(shifts, dtype=np.int64)


@dataclass(frozen=True)
class SiteZone:
    """The site's time zone: turns instants into days and days into instants."""

    name: str

    def days(self, epochs: npt.ArrayLike) -> npt.NDArray[np.int32]:
        """The local day of each instant (epoch seconds, NaN allowed); NO_DAY where there is none."""
        values = np.asarray(epochs, dtype=np.float64)
        known = np.isfinite(values)
        whole = np.where(known, values, 0).astype(np.int64)
        instants, shifts = self._table(whole.min(initial=0), whole.max(initial=0))
        local = whole + shifts[np.searchsorted(instants, whole, side="right") - 1]
        return np.where(known, local // _DAY, NO_DAY).astype(np.int32)

    def day(self, epoch: float) -> int:
        """The local day of one instant."""
        return int(self.days([epoch])[0])

    def start(self, day: int) -> int:
        """The first instant of a day (epoch seconds); where midnight does not exist, the moment the clocks jump."""
        return self.at(day, 0)

    def at(self, day: int, seconds: int) -> int:
        """The first instant of a day at which its clock shows so many seconds after midnight, or more (0 to 86,400).

        A time that the clocks skip is the moment they jump; of a time that comes twice it is the first.
        """
        wall = day * _DAY + seconds
        instants, shifts = self._table(wall, wall)
        at = int(np.searchsorted(instants, wall - _FURTHEST, side="right")) - 1
        found = max(int(instants[at]), wall - int(shifts[at]))
        while at + 1 < len(instants) and found >= instants[at + 1]:
            at += 1
            found = max(int(instants[at]), wall - int(shifts[at]))
        return found

    def _table(self, low: int, high: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        usual = _USUAL[0] + _FURTHEST < low and high < _USUAL[1] - _FURTHEST
        return _offsets(self.name, _USUAL_YEARS if usual else _ALL_YEARS)


@dataclass(frozen=True)
class Period:
    """Whole days from first to last, both included."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1

    @property
    def dates(self) -> tuple[date, date]:
        """First and last calendar date."""
        return date_of(self.first), date_of(self.last)

    def previous(self) -> "Period":
        """The period of the same length just before; whole months are compared with as many whole months."""
        months = self.months()
        if months:
            first = _month_shift(self.dates[0], -len(months))
            return Period(day_of(first), self.first - 1)
        return Period(self.first - len(self), self.first - 1)

    def months(self) -> tuple[str, ...]:
        """The calendar months it is made of (YYYY-MM), or () when it is not made of whole months."""
        first, last = self.dates
        if first.day != 1 or last.day != calendar.monthrange(last.year, last.month)[1]:
            return ()
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        return tuple(month_name(_month_shift(first, i)) for i in range(count))


def month_name(value: date) -> str:
    """YYYY-MM of the month a date lies in."""
    return f"{value.year:04}-{value.month:02}"


def _month_shift(value: date, months: int) -> date:
    index = value.year * 12 + value.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month(text: str) -> Period:
    """The period of a calendar month YYYY-MM. Raises ValueError."""
    match = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if not match:
        message = f"'{text}' is not a month; write YYYY-MM, as in 2022-08"
        raise ValueError(message)
    try:
        first = date(int(match[1]), int(match[2]), 1)
    except ValueError as error:
        message = f"'{text}' is not a month of the calendar; write YYYY-MM, as in 2022-08"
        raise ValueError(message) from error
    _require_year(first.year, text)
    return Period(day_of(first), day_of(_month_shift(first, 1)) - 1)


def _require_year(year: int, text: str) -> None:
    if not _YEARS[0] <= year <= _YEARS[1]:
        message = f"'{text}' is too far away; the years from {_YEARS[0]} to {_YEARS[1]} can be asked for"
        raise ValueError(message)


def parse_period(text: str, today: int) -> Period:
    """A period from its text: 7d (rolling, up to today), 2022-08, 2022-08..2023-01, 2015-01-01..2015-03-31.

    Raises ValueError with one clear sentence.
    """
    if match := re.fullmatch(r"([1-9]\d{0,4})d", text):
        return Period(today - int(match[1]) + 1, today)
    first, _, last = text.partition("..")
    period = Period(_edge(first).first, _edge(last or first).last)
    if len(period) < 1:
        message = f"the period '{text}' ends before it begins; write the earlier date first"
        raise ValueError(message)
    return period


def _edge(text: str) -> Period:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            value = date.fromisoformat(text)
        except ValueError as error:
            message = f"'{text}' is not a date of the calendar; write YYYY-MM-DD"
            raise ValueError(message) from error
        _require_year(value.year, text)
        return Period(day_of(value), day_of(value))
    return month(text)


def buckets(period: Period) -> tuple[Period, ...]:
    """The points of a series: days up to 31 days, weeks (ending with its last day) up to 26, else months."""
    if len(period) <= _DAYS:
        return tuple(Period(day, day) for day in range(period.first, period.last + 1))
    if len(period) <= _WEEKS * 7:
        ends = range(period.last, period.first - 1, -7)
        return tuple(Period(max(end - 6, period.first), end) for end in reversed(ends))
    found, first = [], period.first
    while first <= period.last:
        end = day_of(_month_shift(date_of(first), 1)) - 1
        found.append(Period(first, min(end, period.last)))
        first = end + 1
    return tuple(found)
