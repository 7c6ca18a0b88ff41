"""The outcome table: four monthly figures of an area, before and after a launch, with their uncertainty."""

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
from views.reader import Moment, Reader

Z95 = 1.959963984540054
"""The normal quantile of a 95 % interval."""


@dataclass(frozen=True)
class Month:
    """The figures of one month, unrounded; percent 0–100, days elapsed; None = no denominator."""

    month: str
    reported: int
    hazards: int
    response_days_mean: float | None
    response_days_median: float | None
    satisfaction: float | None
    rated: int
    closed: int
    responded: int
    online_rate: float | None

    def as_dict(self) -> dict[str, object]:
        """The figures of the `kpi` command, in its order."""
        names = (
            "month", "reported", "hazards", "response_days_mean", "response_days_median", "satisfaction", "rated",
            "closed", "online_rate",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


def months_of(text: str) -> tuple[str, ...]:
    """The months A..B (or one month). Raises ValueError with one clear sentence."""
    first, _, last = text.partition("..")
    start, end = month(first), month(last or first)
    found = Period(start.first, end.last).months() if start.first <= end.last else ()
    if not found:
        message = f"the months '{text}' end before they begin; write the earlier month first, as in 2022-08..2023-01"
        raise ValueError(message)
    return found


def outcome_months(reader: Reader, moment: Moment, scope: Scope, months: Sequence[str], area: str) -> tuple[Month, ...]:
    """The figures of each month for an area."""
    medians = _medians(reader, scope, months, area)
    return tuple(_month(moment, scope, name, area, medians.get(name)) for name in months)


def total_month(moment: Moment, scope: Scope, months: Sequence[str], area: str, median: float | None) -> Month:
    """The months together: sums; response over all cases (median in seconds, given); satisfaction 月度均值.

    The satisfaction is the unweighted mean of the months that have one, as the paper prints it.
    """
    each = [_month(moment, scope, name, area, None) for name in months]
    rates = [m.satisfaction for m in each if m.satisfaction is not None]
    whole = Filter(Period(month(months[0]).first, month(months[-1]).last), area)
    return Month(
        "total", sum(m.reported for m in each), sum(m.hazards for m in each),
        _value(moment, scope, whole, KPIS["response"]), None if median is None else median / SECONDS_A_DAY,
        sum(rates) / len(rates) if rates else None,
        sum(m.rated for m in each), sum(m.closed for m in each), sum(m.responded for m in each),
        _value(moment, scope, whole, KPIS["online_rate"]),
    )  # fmt: skip


def _value(moment: Moment, scope: Scope, chosen: Filter, kpi: Kpi) -> float | None:
    totals = moment.snapshot.totals(
        kpi.measures, chosen.period.first, chosen.period.last, moment.slice(scope, chosen, kpi)
    )
    return kpi.value(totals)


def _month(moment: Moment, scope: Scope, name: str, area: str, median: float | None) -> Month:
    chosen = Filter(month(name), area)
    values = {
        k: _value(moment, scope, chosen, KPIS[k])
        for k in ("reported", "hazards", "response", "satisfaction", "online_rate", "closed")
    }
    totals = moment.snapshot.totals(
        ("rated", "responded"), chosen.period.first, chosen.period.last, moment.slice(scope, chosen)
    )
    return Month(
        name, int(values["reported"] or 0), int(values["hazards"] or 0), values["response"],
        None if median is None else median / SECONDS_A_DAY, values["satisfaction"],
        totals["rated"], int(values["closed"] or 0), totals["responded"], values["online_rate"],
    )  # fmt: skip


def _medians(reader: Reader, scope: Scope, months: Sequence[str], area: str) -> dict[str, float | None]:
    """Folded medians of an area that the scope may see whole; seconds."""
    if area not in reader.areas.position or reader.areas.ranges(scope, area) != (reader.areas.range(area),):
        return {}
    area_id = int(reader.areas.ids[reader.areas.position[area]])
    with read(reader.engine) as connection:
        rows = connection.execute(
            sa.select(responses.c.month, responses.c.median).where(
                responses.c.area_id == area_id, responses.c.month.in_(months)
            )
        ).all()
    return {row.month: row.median for row in rows}


def count_interval(n: int) -> Interval:
    """95 % interval of a count taken as Poisson (square-root form with continuity, never below 0)."""
    return Interval(max(0.0, (math.sqrt(n) - Z95 / 2) ** 2 if n else 0.0), (math.sqrt(n + 1) + Z95 / 2) ** 2)


def rate_interval(share: float, n: float) -> Interval:
    """Wilson's 95 % interval of a share (0–1) of n."""
    if not n:
        return Interval(0.0, 1.0)
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n)) / (1 + Z95**2 / n)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def mean_interval(n: int, total: float, squares: float) -> Interval | None:
    """95 % interval of a mean from its sums (normal approximation); None below two values."""
    if n < 2:
        return None
    mean = total / n
    half = Z95 * math.sqrt(max(squares - n * mean**2, 0.0) / (n - 1) / n)
    return Interval(max(0.0, mean - half), mean + half)
