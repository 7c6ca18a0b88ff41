"""What a request of a page asks for, read once: who, as of when, which filter."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import has_request_context, request

from components.datatimes import Age
from domain.scope import Scope
from pages.access import access
from views.feeds import data_time
from views.query import Query, anchor, parse_query
from views.reader import Moment, Reader
from wiring import house


@dataclass(frozen=True)
class Asked:
    """One consistent state of the figures, the scope that may see it, and the filter of the address."""

    reader: Reader
    moment: Moment
    scope: Scope
    query: Query

    @property
    def today(self) -> int:
        """The day on which the site's rolling windows end."""
        return anchor(self.moment)

    @property
    def end(self) -> int:
        """The moment as of which levels are told: the end of the period, or now within it (epoch seconds)."""
        return min(self.moment.now, self.moment.zone.start(self.query.chosen.period.last + 1))

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.moment.zone.name)

    def age(self) -> Age:
        """How old these figures are."""
        told = data_time(self.reader, self.query.chosen.sources)
        return Age(told.at, told.state, self.moment.now, self.zone)

    def list_href(self, figure: str, **changes: object) -> str:
        """The list behind a figure of this filter."""
        return f"/cases{self.query.text(measure='', level='', layer='', figure=figure, **changes)}"


def asked(search: str | None) -> Asked:
    """What the address asks of this request."""
    reader = house().reader
    moment = reader.moment()
    return Asked(reader, moment, access(), parse_query(search or "", moment))


def scheme() -> str:
    """The theme that this browser last chose (light | dark), so that the first tiles are those that stay."""
    return "dark" if has_request_context() and request.cookies.get("gridhall-scheme") == "dark" else "light"
