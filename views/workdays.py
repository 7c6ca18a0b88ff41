"""A year of the calendar that deadlines run on, and what people changed in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from domain import workyear
from domain.periods import date_of, day_of
from domain.workcalendar import WorkCalendar
from store.engine import read
from store.schema_workdays import recalendar, workday_override
from store.workdays import changes, state

SHOWN_CHANGES = 50
SOON_DAYS = 60


@dataclass(frozen=True)
class Day:
    """notice: what the day is by the notice (domain.workyear.kind). edited: whether people made it another."""

    day: int
    date: date
    notice: str
    is_workday: bool
    edited: bool
    occasion: str
    note: str = ""
    by: str = ""


@dataclass(frozen=True)
class Change:
    """A change on record; day None: a whole year was confirmed."""

    at: int
    by: str
    day: int | None
    year: int
    now: bool | None
    note: str


@dataclass(frozen=True)
class Following:
    """How far open deadlines follow the calendar: seen of total, moved among them; None = not finished."""

    seen: int
    total: int
    moved: int
    finished_at: int | None


@dataclass(frozen=True)
class Year:
    """A year of days in order. known: its holidays are; confirmed: because people entered them."""

    year: int
    known: bool
    confirmed: bool
    days: tuple[Day, ...]
    changes: tuple[Change, ...]
    following: Following | None

    @property
    def workdays(self) -> int:
        """How many days of work it has."""
        return sum(day.is_workday for day in self.days)


def year_of(engine: sa.Engine, calendar: WorkCalendar, year: int) -> Year:
    """A year with the last changes of any year."""
    with read(engine) as connection:
        notes = {row.day: row for row in connection.execute(sa.select(workday_override))}
        latest = tuple(Change(c.at, c.by, c.day, c.year, c.now, c.note) for c in changes(connection, SHOWN_CHANGES))
        going = connection.execute(sa.select(recalendar)).first()
    first = date(year, 1, 1)
    dates = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    days = tuple(_day(calendar, each, notes) for each in dates)
    following = Following(going.seen, going.total, going.moved, going.finished_at) if going else None
    return Year(year, calendar.is_known(year), year in calendar.confirmed, days, latest, following)


def _day(calendar: WorkCalendar, value: date, notes: Mapping[int, sa.Row[tuple[object, ...]]]) -> Day:
    day, edited = day_of(value), notes.get(day_of(value))
    note, by = (str(edited.note), str(edited.by)) if edited else ("", "")
    kind, name = workyear.kind(value), workyear.occasion(value)
    return Day(day, value, kind, calendar.is_workday(day), edited is not None, name, note, by)


def calendar_state(engine: sa.Engine) -> str:
    """A version of the calendar and of how far deadlines follow it, for the doorbell."""
    with read(engine) as connection:
        going = connection.execute(
            sa.select(recalendar.c.change_id, recalendar.c.seen, recalendar.c.finished_at)
        ).first()
        return f"{state(connection)}{tuple(going) if going else ''}"


def unknown_soon(calendar: WorkCalendar, now: int) -> tuple[int, ...]:
    """The years of the next 60 days whose holidays are not known."""
    today = calendar.zone.day(now)
    years = range(date_of(today).year, date_of(today + SOON_DAYS).year + 1)
    return tuple(year for year in years if not calendar.is_known(year))
