"""Before and after a launch: each figure by month, the two sides, their change and how sure they are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from domain.filters import Filter
from domain.measures import KPIS, SECONDS_A_DAY, Kpi
from domain.periods import Period, month
from domain.scope import Scope
from store.engine import read
from store.schema import responses
from views.outcome_query import OutcomeQuery
from views.outcomes import Z95, Interval, count_interval, rate_interval
from views.reader import Moment, Reader

FIGURES = ("reported", "hazards", "response", "satisfaction", "online_rate")
POOLED = frozenset({"online_rate"})
"""Rates whose sides are taken over all their cases; the others are means of months, as the published table has them."""


@dataclass(frozen=True)
class Side:
    """A figure over the months of one side. rows: the cases behind it; interval: 95 %, None where none can be said."""

    value: float | None
    rows: int
    interval: Interval | None
    months: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """A figure of one month and the cases behind it."""

    month: str
    value: float | None
    rows: int


@dataclass(frozen=True)
class Compared:
    """A figure by month and on both sides. monthly: the sides are means of months (counts only where lengths differ)."""

    kpi: Kpi
    cells: tuple[Cell, ...]
    before: Side
    after: Side
    monthly: bool

    @property
    def change(self) -> float | None:
        """Per cent of the value before; of percentages their difference in points."""
        old, new = self.before.value, self.after.value
        if old is None or new is None:
            return None
        if self.kpi.unit == "percent":
            return new - old
        return 100 * (new - old) / old if old else None


@dataclass(frozen=True)
class Spread:
    """Folded response times of a month: how many, their sum and sum of squares (seconds), their median (seconds)."""

    n: int
    seconds: int
    squares: float
    median: float | None


@dataclass(frozen=True)
class Outcome:
    """All of the page: figures in the order of FIGURES; medians by month in days (None = not folded yet).

    pooled: satisfaction and response of the months after the launch over all cases instead of as a mean of months.
    """

    asked: OutcomeQuery
    figures: tuple[Compared, ...]
    medians: tuple[float | None, ...]
    folded: bool
    pooled: dict[str, float | None]

    def of(self, name: str) -> Compared:
        """One figure."""
        return self.figures[FIGURES.index(name)]


def before_after(reader: Reader, moment: Moment, scope: Scope, asked: OutcomeQuery) -> Outcome:
    """The outcome of an area that the scope may see."""
    figures = reader.cached(
        ("before and after", scope, asked), moment.snapshot.version,
        lambda: tuple(_counted(moment, scope, asked, KPIS[name]) for name in FIGURES),
    )  # fmt: skip
    spreads = _spreads(reader, scope, asked)
    responded = figures[FIGURES.index("response")]
    fresh = {c.month: spreads[c.month] for c in responded.cells if c.month in spreads and spreads[c.month].n == c.rows}
    folded = all(c.month in fresh or not c.rows for c in responded.cells)
    sure = tuple(_with_spread(each, fresh) if each.kpi.name == "response" else each for each in figures)
    medians = tuple(_days(fresh[m].median) if m in fresh else None for m in asked.months)
    pooled = {name: _pooled(moment, scope, asked, KPIS[name], asked.after)[0] for name in ("response", "satisfaction")}
    return Outcome(asked, sure, medians, folded, pooled)


def _days(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / SECONDS_A_DAY


def _counted(moment: Moment, scope: Scope, asked: OutcomeQuery, kpi: Kpi) -> Compared:
    cells = tuple(Cell(m, *_figure(moment, scope, asked.area, kpi, month(m))) for m in asked.months)
    monthly = kpi.denominator is not None or len(asked.before) != len(asked.after)
    sides = [_side(moment, scope, asked, kpi, cells, months, monthly=monthly) for months in (asked.before, asked.after)]
    return Compared(kpi, cells, *sides, monthly)


def _figure(moment: Moment, scope: Scope, area: str, kpi: Kpi, period: Period) -> tuple[float | None, int]:
    chosen = Filter(period, area)
    totals = moment.snapshot.totals(kpi.measures, period.first, period.last, moment.slice(scope, chosen, kpi))
    return kpi.value(totals), kpi.rows(totals)


def _pooled(
    moment: Moment, scope: Scope, asked: OutcomeQuery, kpi: Kpi, months: Sequence[str]
) -> tuple[float | None, int]:
    return _figure(moment, scope, asked.area, kpi, Period(month(months[0]).first, month(months[-1]).last))


def _side(
    moment: Moment,
    scope: Scope,
    asked: OutcomeQuery,
    kpi: Kpi,
    cells: Sequence[Cell],
    months: tuple[str, ...],
    *,
    monthly: bool,
) -> Side:
    mine = [c for c in cells if c.month in months]
    rows = sum(c.rows for c in mine)
    if kpi.denominator is None:
        share = 1 / len(mine) if monthly else 1.0
        sure = count_interval(rows)
        return Side(rows * share, rows, Interval(sure.low * share, sure.high * share), months)
    if kpi.name in POOLED:
        value = _pooled(moment, scope, asked, kpi, months)[0]
        return Side(value, rows, None if value is None else _percent(value, rows), months)
    values = [c.value for c in mine if c.value is not None]
    mean = sum(values) / len(values) if values else None
    rated = kpi.unit == "percent" and mean is not None
    return Side(
        mean, rows, _percent(mean or 0.0, effective_n([c.rows for c in mine if c.rows])) if rated else None, months
    )


def _percent(value: float, n: float) -> Interval:
    sure = rate_interval(value / 100, n)
    return Interval(100 * sure.low, 100 * sure.high)


def effective_n(sizes: Sequence[int]) -> float:
    """How many cases a mean of months with these sizes is worth: months weigh the same, so a small one costs much."""
    return len(sizes) ** 2 / sum(1 / n for n in sizes) if sizes else 0.0


def _with_spread(figure: Compared, spreads: dict[str, Spread]) -> Compared:
    sides = [
        Side(
            s.value,
            s.rows,
            mean_of_means_interval([spreads[m] for m in s.months if m in spreads], len(s.months)),
            s.months,
        )
        for s in (figure.before, figure.after)
    ]
    return Compared(figure.kpi, figure.cells, *sides, figure.monthly)


def mean_of_means_interval(spreads: Sequence[Spread], months: int) -> Interval | None:
    """95 % interval of the unweighted mean of monthly means, in days (normal approximation).

    None where a month is missing or has fewer than two values.
    """
    if len(spreads) < months or any(s.n < 2 for s in spreads):
        return None
    means = [s.seconds / s.n for s in spreads]
    variances = [max(s.squares - s.n * m * m, 0.0) / (s.n - 1) / s.n for s, m in zip(spreads, means, strict=True)]
    mean, half = sum(means) / months, Z95 * math.sqrt(sum(variances)) / months
    return Interval(max(0.0, mean - half) / SECONDS_A_DAY, (mean + half) / SECONDS_A_DAY)


def _spreads(reader: Reader, scope: Scope, asked: OutcomeQuery) -> dict[str, Spread]:
    """What the worker has folded for an area that the scope may see whole."""
    areas = reader.areas
    if areas.ranges(scope, asked.area) != (areas.range(asked.area),):
        return {}
    area_id = int(areas.ids[areas.position[asked.area]])
    wanted = sa.select(responses).where(responses.c.area_id == area_id, responses.c.month.in_(asked.months))
    with read(reader.engine) as connection:
        return {r.month: Spread(r.n, r.seconds, r.squares, r.median) for r in connection.execute(wanted)}
