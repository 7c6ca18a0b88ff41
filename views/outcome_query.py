"""What the address of the outcome page asks for: an area, months, and the month of the launch among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from domain.periods import Period, date_of, month
from domain.scope import SITE
from views.outcomes import months_of
from views.query import anchor
from views.reader import Moment

WHOLE = "all"
"""How an address says the whole site where something else is the default."""

FEWEST, MOST = 2, 24
"""Months that can be shown."""
USUAL = 6

PAPER = ("429099001001", "2022-08..2023-01", "2022-11")
"""What the demo town shows first: the community, the months and the launch of the published table."""


@dataclass(frozen=True)
class OutcomeQuery:
    """An area (code), months in order, and the first month after the launch. launch_given: someone chose it."""

    area: str
    months: tuple[str, ...]
    launch: str
    launch_given: bool

    @property
    def before(self) -> tuple[str, ...]:
        """The months before the launch."""
        return self.months[: self.months.index(self.launch)]

    @property
    def after(self) -> tuple[str, ...]:
        """The months from the launch on."""
        return self.months[self.months.index(self.launch) :]

    def text(self, **changes: str) -> str:
        """The address of the same page with some changes."""
        values = {"area": self.area or WHOLE, "months": span(self.months), "launch": self.launch, **changes}
        return f"?{urlencode({key: value for key, value in values.items() if value})}"


def span(months: Sequence[str]) -> str:
    """Months as an address has them: A..B."""
    return months[0] if len(months) == 1 else f"{months[0]}..{months[-1]}"


def parse_outcomes(search: str, moment: Moment, *, paper: bool) -> OutcomeQuery:
    """What an address asks for; what makes no sense falls back to the default.

    Without months: the last six closed ones. Without a launch among them: the middle. paper: an address without an
    area shows the published table.
    """
    given = {key: values[-1] for key, values in parse_qs(search.removeprefix("?"), max_num_fields=50).items()}
    area, usual, launch = PAPER if paper and not given.keys() & {"area", "months"} else (SITE, "", "")
    area = given.get("area", area)
    months = _months(given.get("months", usual)) or closed_months(moment)
    launch = given.get("launch", launch)
    is_given = launch in months[1:]
    return OutcomeQuery(
        area if area in moment.areas.position else SITE,
        months,
        launch if is_given else months[len(months) // 2],
        is_given,
    )


def _months(text: str) -> tuple[str, ...]:
    try:
        found = months_of(text) if text else ()
    except ValueError:
        return ()
    return found if FEWEST <= len(found) <= MOST else ()


def closed_months(moment: Moment, wanted: int = USUAL) -> tuple[str, ...]:
    """The newest months that have ended; of a site that is quiet, those up to its last report."""
    last = anchor(moment)
    current = month(date_of(last).strftime("%Y-%m"))
    newest = current.last if last < moment.today or last == current.last else current.first - 1
    found: list[str] = []
    while len(found) < wanted:
        period = month(date_of(newest).strftime("%Y-%m"))
        found.insert(0, date_of(newest).strftime("%Y-%m"))
        newest = period.first - 1
    return tuple(found)


def known_months(moment: Moment) -> tuple[str, ...]:
    """The months from the first report to the last, oldest first."""
    bounds = moment.snapshot.bounds("reported")
    if bounds is None:
        return ()
    first, last = (month(date_of(day).strftime("%Y-%m")) for day in (bounds[0], min(bounds[1], anchor(moment))))
    return Period(first.first, last.last).months()
