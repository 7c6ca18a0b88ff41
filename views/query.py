"""Filters live in the address: text ↔ Filter. A rolling window is resolved here, once, to days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode

from domain.cases import KINDS, PLACINGS, STATUSES
from domain.filters import Filter
from domain.measures import KPIS, MAP_MEASURES
from domain.periods import Period, date_of, parse_period
from domain.scope import SITE, Scope
from store.listings import SORTS, Wanted
from views.reader import Moment

ROLLING = ("7d", "30d", "90d", "365d")
DEFAULT_PERIOD, DEFAULT_MEASURE, DEFAULT_FIGURE, DEFAULT_SORT = "7d", "reported", "cases", "-reported_at"
HEAT = "heat"
QUIET_DAYS = 30
"""A site whose newest report is older than this is shown as of that report: its rolling windows end there."""


@dataclass(frozen=True)
class Query:
    """What an address asks for. `period` is as written; `chosen` holds the days it means at this moment.

    heat: the map shows where cases lie, not how many each area has.
    """

    period: str
    measure: str
    level: str
    chosen: Filter
    heat: bool = False

    def text(self, **changes: str | Iterable[str]) -> str:
        """The address of the same view with some changes, defaults left out; begins with ? unless empty."""
        values: dict[str, str | Iterable[str]] = {
            "period": self.period, "area": self.chosen.area, "kind": self.chosen.kinds,
            "category": self.chosen.categories, "source": self.chosen.sources, "measure": self.measure,
            "level": self.level, "layer": HEAT if self.heat else "", **changes,
        }  # fmt: skip
        return query_text(values)


@dataclass(frozen=True)
class ListQuery:
    """What the address of a list asks for: the rows behind a figure, narrowed and in an order."""

    query: Query
    figure: str
    statuses: tuple[str, ...]
    placings: tuple[str, ...]
    text_search: str
    sort: str
    descending: bool

    def wanted(self, moment: Moment, scope: Scope) -> Wanted:
        """The rows to ask for."""
        found = moment.wanted(scope, self.query.chosen, KPIS[self.figure])
        return replace(found, statuses=self.statuses, placings=self.placings, text=self.text_search)

    def text(self, **changes: str | Iterable[str]) -> str:
        """The address of the same list with some changes."""
        mine: dict[str, str | Iterable[str]] = {
            "figure": self.figure, "status": self.statuses, "placing": self.placings, "q": self.text_search,
            "sort": f"{'-' if self.descending else ''}{self.sort}",
        }  # fmt: skip
        return self.query.text(**{"measure": "", "level": "", "layer": "", **mine, **changes})


def parse_list(search: str, moment: Moment) -> ListQuery:
    """What the address of a list asks for; the default is every case reported in the period, newest first."""
    given = parse_qs(search.removeprefix("?"), max_num_fields=500)
    figure = given.get("figure", [DEFAULT_FIGURE])[-1]
    sort = given.get("sort", [DEFAULT_SORT])[-1]
    return ListQuery(
        query=parse_query(search, moment),
        figure=figure if figure in KPIS else DEFAULT_FIGURE,
        statuses=tuple(s for s in STATUSES if s in given.get("status", [])),
        placings=tuple(p for p in PLACINGS if p in given.get("placing", [])),
        text_search=given.get("q", [""])[-1].strip()[:100],
        sort=sort.lstrip("-") if sort.lstrip("-") in SORTS else DEFAULT_SORT.lstrip("-"),
        descending=sort.startswith("-"),
    )


def query_text(values: Mapping[str, str | Iterable[str]]) -> str:
    """A query string of the values that differ from the defaults."""
    defaults = {
        "period": DEFAULT_PERIOD, "measure": DEFAULT_MEASURE, "figure": DEFAULT_FIGURE, "sort": DEFAULT_SORT,
    }  # fmt: skip
    pairs = [
        (key, item)
        for key, value in values.items()
        for item in ([value] if isinstance(value, str) else value)
        if item and defaults.get(key) != item
    ]
    return f"?{urlencode(pairs)}" if pairs else ""


def parse_query(search: str, moment: Moment) -> Query:
    """What an address asks for; what makes no sense falls back to its default, never to more than was asked."""
    given = parse_qs(search.removeprefix("?"), max_num_fields=500)

    def one(key: str, default: str = "") -> str:
        return given.get(key, [default])[-1]

    period_text, period = _period(one("period", DEFAULT_PERIOD), moment)
    measure = one("measure", DEFAULT_MEASURE)
    levels = levels_of(moment)
    level = one("level", levels[-1] if levels else "")
    chosen = Filter(
        period=period,
        area=one("area", SITE),
        kinds=tuple(sorted({k for k in given.get("kind", []) if k in KINDS})),
        categories=tuple(sorted(set(given.get("category", [])))),
        sources=tuple(sorted(set(given.get("source", [])))),
    )
    return Query(
        period=period_text,
        measure=measure if measure in MAP_MEASURES and measure in KPIS else DEFAULT_MEASURE,
        level=level if level in levels else levels[-1] if levels else "",
        chosen=chosen,
        heat=one("layer") == HEAT,
    )


def _period(text: str, moment: Moment) -> tuple[str, Period]:
    today = anchor(moment)
    try:
        return text, parse_period(text, today)
    except ValueError:
        return DEFAULT_PERIOD, parse_period(DEFAULT_PERIOD, today)


def anchor(moment: Moment) -> int:
    """The day on which rolling windows end: today, or the day of the newest report of a site that is quiet."""
    bounds = moment.snapshot.bounds("reported")
    if bounds is None or bounds[1] >= moment.today - QUIET_DAYS:
        return moment.today
    return bounds[1]


def levels_of(moment: Moment) -> tuple[str, ...]:
    """The levels of areas below the site that have shapes of their own, coarse to fine."""
    return tuple(
        dict.fromkeys(
            moment.areas.level[p] for p in sorted(range(1, len(moment.areas)), key=lambda p: moment.areas.depth[p])
        )
    )


def period_text(period: Period) -> str:
    """How a period is written in an address."""
    months = period.months()
    if months:
        return months[0] if len(months) == 1 else f"{months[0]}..{months[-1]}"
    first, last = period.dates
    return f"{first}..{last}" if first != last else f"{date_of(period.first)}"
