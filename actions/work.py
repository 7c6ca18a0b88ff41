"""What an action on cases needs beside the place it works in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from actions.site import Site
from config_cases import Cases
from domain.actor import Actor
from domain.catalogue import Catalogue
from domain.scope import Scope
from domain.workcalendar import WorkCalendar
from store.workdays import read_calendar


@dataclass(frozen=True)
class Work:
    """site: store, zone, areas. catalogue: what may be reported. rules: [cases]. uploads: folder of photos.

    secret: of this installation. ring: tells other processes after a commit.
    """

    site: Site
    catalogue: Catalogue
    rules: Cases
    uploads: Path
    secret: bytes = field(repr=False)
    ring: Callable[[], None] = lambda: None

    def may_see(self, actor: Actor, area_id: int) -> bool:
        """Whether an area lies in those of the actor; the schedule and who holds a code are let in by their callers."""
        areas = self.site.areas
        return areas.sees(Scope(actor.areas, actor.role), int(areas.position_of_id[area_id]))

    def calendar(self, connection: sa.Connection) -> WorkCalendar:
        """The calendar as it is edited now."""
        return read_calendar(connection, self.site.zone, self.rules.office_seconds)
