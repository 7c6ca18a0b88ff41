"""The calendar that deadlines run on: days of work and office hours in the site's zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain import workyear
from domain.periods import SiteZone, date_of

Stretch = tuple[int, int]
"""An open time: its first instant, and the first instant after it."""

HOUR = 3_600
OFFICE_HOURS: tuple[tuple[int, int], ...] = ((8 * HOUR, 12 * HOUR), (14 * HOUR, 18 * HOUR))
"""08:00–12:00 and 14:00–18:00 on the wall, in seconds from midnight (domain handbook §1: the usual 工作时)."""


@dataclass(frozen=True)
class WorkCalendar:
    """hours: office hours in seconds on the wall, in order, without overlap. overrides: what people changed, day → is it
    a day of work. confirmed: years beyond the known ones whose holidays people have entered in full.
    """

    zone: SiteZone
    hours: tuple[tuple[int, int], ...] = OFFICE_HOURS
    overrides: Mapping[int, bool] = field(default_factory=dict, hash=False)
    confirmed: frozenset[int] = frozenset()
    _openings: dict[int, tuple[Stretch, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_workday(self, day: int) -> bool:
        """Whether people work on this day (number since 1970): what was edited goes before the notice."""
        edited = self.overrides.get(day)
        return workyear.is_workday(date_of(day)) if edited is None else edited

    def openings(self, day: int) -> tuple[Stretch, ...]:
        """The open times of a day, in order; none on a day off. An hour that the clocks skip is not in them, and one
        that comes twice is in them twice.
        """
        found = self._openings.get(day)
        if found is None:
            spans = self.hours if self.is_workday(day) else ()
            edges = ((self.zone.at(day, first), self.zone.at(day, last)) for first, last in spans)
            found = self._openings[day] = tuple((first, last) for first, last in edges if first < last)
        return found

    def is_known(self, year: int) -> bool:
        """Whether the holidays of this year are known, from the notice or because people have entered them."""
        return workyear.is_known(year) or year in self.confirmed
