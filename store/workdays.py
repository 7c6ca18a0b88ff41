"""The edited calendar: reading it, and the rows that a change of it writes."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from domain.periods import SiteZone
from domain.workcalendar import OFFICE_HOURS, WorkCalendar
from store.schema_workdays import workday_changes, workday_override, workday_years


def read_calendar(
    connection: sa.Connection, zone: SiteZone, hours: Sequence[tuple[int, int]] = OFFICE_HOURS
) -> WorkCalendar:
    """The calendar as it is edited now; hours: office hours in seconds from midnight."""
    edited = connection.execute(sa.select(workday_override.c.day, workday_override.c.is_workday))
    years = connection.execute(sa.select(workday_years.c.year)).scalars()
    return WorkCalendar(zone, tuple(hours), {row.day: row.is_workday for row in edited}, frozenset(years))


def newest_change(connection: sa.Connection) -> int:
    """Number of the last change of the calendar; 0 before the first."""
    return connection.execute(sa.select(sa.func.coalesce(sa.func.max(workday_changes.c.id), 0))).scalar_one()


def changes(connection: sa.Connection, limit: int) -> Sequence[sa.Row[Any]]:
    """The last changes, newest first."""
    return connection.execute(sa.select(workday_changes).order_by(workday_changes.c.id.desc()).limit(limit)).all()
