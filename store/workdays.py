"""The edited calendar: reading it, and the record of its changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from domain.periods import SiteZone
from domain.workcalendar import OFFICE_HOURS, WorkCalendar
from store.engine import read
from store.schema_workdays import workday_changes, workday_override, workday_years


def read_calendar(
    connection: sa.Connection, zone: SiteZone, hours: Sequence[tuple[int, int]] = OFFICE_HOURS
) -> WorkCalendar:
    """The calendar as it is edited now; hours: office hours in seconds from midnight."""
    edited = connection.execute(sa.select(workday_override.c.day, workday_override.c.is_workday))
    years = connection.execute(sa.select(workday_years.c.year)).scalars()
    return WorkCalendar(zone, tuple(hours), {row.day: row.is_workday for row in edited}, frozenset(years))


def changes(connection: sa.Connection, limit: int) -> Sequence[sa.Row[Any]]:
    """The last changes, newest first."""
    return connection.execute(sa.select(workday_changes).order_by(workday_changes.c.id.desc()).limit(limit)).all()


def state(connection: sa.Connection) -> tuple[int, int]:
    """What differs when the calendar was changed: number and time of the last change; zeros before the first."""
    last = connection.execute(
        sa.select(workday_changes.c.id, workday_changes.c.at).order_by(workday_changes.c.id.desc()).limit(1)
    ).first()
    return (last.id, last.at) if last else (0, 0)


@dataclass
class CurrentCalendar:
    """Called, it gives the calendar as it is edited now; read anew only after a change."""

    engine: sa.Engine
    zone: SiteZone
    hours: tuple[tuple[int, int], ...] = OFFICE_HOURS
    _kept: tuple[tuple[int, int], WorkCalendar] | None = field(default=None, init=False, repr=False)

    def __call__(self) -> WorkCalendar:
        with read(self.engine) as connection:
            version, kept = state(connection), self._kept
            if kept is None or kept[0] != version:
                self._kept = kept = (version, read_calendar(connection, self.zone, self.hours))
        return kept[1]
