"""Changing the calendar that deadlines run on. Open deadlines follow it later: actions/recalendar.py."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from actions.site import Site
from domain import workyear
from domain.actor import Actor
from domain.measures import N_
from domain.periods import date_of, day_of
from domain.refusal import Refused
from store import audit
from store.doorbell import ring
from store.engine import write
from store.locks import lock_calendar
from store.schema_workdays import workday_changes, workday_override, workday_years
from store.workdays import read_calendar

MAY = frozenset({"system_admin", "system"})
"""Who changes the calendar: the system administrator, and whoever has the machine."""
YEARS = (2000, 2100)
MOST_DAYS = 366
LONGEST_NOTE = 200


def change_workdays(
    site: Site, actor: Actor, days: Sequence[int], note: str, *, is_workday: bool | None, now: int
) -> tuple[int, ...]:
    """Make days (numbers since 1970) days of work or days off; None gives them back to the notice. The days that became
    another, each put on record with the note. Raises Refused.
    """
    _require(actor, days, note)
    with write(site.engine) as connection:
        lock_calendar(connection)
        before = read_calendar(connection, site.zone)
        wanted = {day: workyear.is_workday(date_of(day)) if is_workday is None else is_workday for day in days}
        changed = {day: value for day, value in wanted.items() if before.is_workday(day) != value}
        if not changed:
            return ()
        connection.execute(sa.delete(workday_override).where(workday_override.c.day.in_(list(changed))))
        said = {"note": note.strip(), "by": actor.login, "at": now}
        own = [
            {"day": day, "is_workday": value, **said}
            for day, value in changed.items()
            if workyear.is_workday(date_of(day)) != value
        ]
        if own:
            connection.execute(sa.insert(workday_override), own)
        connection.execute(
            sa.insert(workday_changes),
            [
                {"day": day, "year": date_of(day).year, "was": not value, "now": value, **said}
                for day, value in changed.items()
            ],
        )
        detail = {str(date_of(day)): value for day, value in changed.items()}
        audit.append(connection, actor, "calendar.change", "calendar", now=now, detail=detail)
        ring(connection)
    return tuple(changed)


def confirm_year(site: Site, actor: Actor, year: int, *, now: int) -> bool:
    """Say that the holidays of a year that the notices here do not know are entered in full: its warning ends.

    False when that was known. Raises Refused.
    """
    _require(actor, (day_of(date(year, 1, 1)),) if 1 <= year <= 9_999 else (10**7,), "-")
    with write(site.engine) as connection:
        lock_calendar(connection)
        if read_calendar(connection, site.zone).is_known(year):
            return False
        said = {"year": year, "by": actor.login, "at": now}
        connection.execute(sa.insert(workday_years).values(said))
        connection.execute(sa.insert(workday_changes).values(**said, note=""))
        audit.append(connection, actor, "calendar.confirm", f"year:{year}", now=now)
        ring(connection)
    return True


def _require(actor: Actor, days: Sequence[int], note: str) -> None:
    if actor.role not in MAY:
        raise Refused("forbidden", N_("Only the system administrator changes the calendar."))
    first, last = day_of(date(YEARS[0], 1, 1)), day_of(date(YEARS[1], 12, 31))
    if not all(first <= day <= last for day in days):
        raise Refused("invalid", N_("The calendar goes from {first} to {last}."), first=YEARS[0], last=YEARS[1])
    if not 0 < len(days) <= MOST_DAYS:
        raise Refused("invalid", N_("Change between 1 and {most} days at once."), most=MOST_DAYS)
    if not note.strip():
        raise Refused("missing", N_("Say why in the note, such as the number of the holiday notice."))
    if len(note) > LONGEST_NOTE or not note.strip().isprintable():
        raise Refused("invalid", N_("A note is one line of at most {most} characters."), most=LONGEST_NOTE)
