"""Key figures of a filter: cards, map, trend, categories. Numbers only; drawing is elsewhere."""

from dataclasses import dataclass, replace

import numpy as np

from domain.cases import HERE, PLACINGS
from domain.classes import count_breaks, rate_breaks
from domain.filters import Filter
from domain.measures import KPIS, Kpi
from domain.periods import Period, buckets
from domain.scope import Scope
from views.reader import Moment, Reader


@dataclass(frozen=True)
class Figure:
    """A key figure: its value (None = nothing to divide by) and the number of cases behind it, now and before."""

    kpi: Kpi
    chosen: Filter
    value: float | None
    rows: int
    previous: float | None
    previous_rows: int

    @property
    def change(self) -> float | None:
        """Value − previous value."""
        return None if self.value is None or self.previous is None else self.value - self.previous


@dataclass(frozen=True)
class MapValues:
    """A measure for each area of a level, in order of position: codes, values (None = no data), rows behind each."""

    level: str
    kpi: Kpi
    codes: tuple[str, ...]
    values: tuple[float | None, ...]
    rows: tuple[int, ...]
    breaks: tuple[float, ...]
    off_map: dict[str, int]


@dataclass(frozen=True)
class Point:
    """One point of a series: its period, value and rows, the value at the same place of the previous period."""

    period: Period
    value: float | None
    rows: int
    previous: float | None
    finished: bool


@dataclass(frozen=True)
class CategoryRow:
    """A category's reports in the period and in the one before."""

    name: str
    n: int
    previous: int


def _span(kpi: Kpi, period: Period) -> tuple[int | None, int]:
    return (None if kpi.stock else period.first), period.last


def _totals(moment: Moment, scope: Scope, chosen: Filter, kpi: Kpi) -> dict[str, int]:
    return moment.snapshot.totals(kpi.measures, *_span(kpi, chosen.period), moment.slice(scope, chosen, kpi))


def figure(reader: Reader, moment: Moment, scope: Scope, chosen: Filter, name: str) -> Figure:
    """One key figure with its value in the previous period."""

    def make() -> Figure:
        kpi = KPIS[name]
        now, before = (_totals(moment, scope, each, kpi) for each in (chosen, chosen.before()))
        return Figure(kpi, chosen, kpi.value(now), kpi.rows(now), kpi.value(before), kpi.rows(before))

    return reader.cached(("figure", name, scope, chosen), moment.snapshot.version, make)


def map_values(reader: Reader, moment: Moment, scope: Scope, chosen: Filter, name: str, level: str) -> MapValues:
    """A key figure for every visible area of a level, with class breaks and what is off the map.

    An area where nothing was ever reported has no data (未接入); it is not the same as none in the period.
    """

    def make() -> MapValues:
        kpi, areas = KPIS[name], moment.areas
        whole = replace(chosen, area="")
        part = moment.slice(scope, whole, kpi)
        first, last = _span(kpi, chosen.period)
        own = {m: areas.rolled_up(moment.snapshot.by_area(m, first, last, part)) for m in kpi.measures}
        ever = areas.rolled_up(
            moment.snapshot.by_area("reported", None, last, moment.slice(scope, Filter(chosen.period)))
        )
        seen = [p for low, high in part.ranges for p in range(low, high) if areas.level[p] == level]
        totals = [{m: int(own[m][p]) for m in kpi.measures} for p in seen]
        values = tuple(kpi.value(t) if ever[p] else None for p, t in zip(seen, totals, strict=True))
        known = [v for v in values if v is not None]
        breaks = count_breaks(known) if kpi.denominator is None else rate_breaks(known, digits=kpi.digits)
        return MapValues(
            level, kpi, tuple(areas.code[p] for p in seen), values, tuple(kpi.rows(t) for t in totals), breaks,
            off_map(moment, scope, chosen, kpi),
        )  # fmt: skip

    key = ("map", name, level, scope, replace(chosen, area=""), chosen.area)
    return reader.cached(key, moment.snapshot.version, make)


def off_map(moment: Moment, scope: Scope, chosen: Filter, kpi: Kpi) -> dict[str, int]:
    """How many of the cases behind a figure have no place on the map, by reason (no_place, outside, pin)."""
    part = moment.slice(scope, chosen, kpi)
    first, last = _span(kpi, chosen.period)
    counted = sum(
        weight * moment.snapshot.by_placing(m, first, last, part) for m, weight in kpi.counted.items()
    )  # fmt: skip
    return {PLACINGS[i]: int(np.asarray(counted)[i]) for i in range(len(PLACINGS)) if i != HERE}


def trend(reader: Reader, moment: Moment, scope: Scope, chosen: Filter, name: str) -> tuple[Point, ...]:
    """A key figure over the period, point by point, beside the previous period."""

    def make() -> tuple[Point, ...]:
        kpi = KPIS[name]
        points = buckets(chosen.period)
        before = buckets(chosen.before().period)
        now_values = _series(moment, scope, chosen, kpi, points)
        old_values = _series(moment, scope, chosen.before(), kpi, before)
        old_values = [(None, 0)] * (len(points) - len(old_values)) + old_values[-len(points) :]
        return tuple(
            Point(period, value, rows, old, period.last < moment.today)
            for period, (value, rows), (old, _) in zip(points, now_values, old_values, strict=True)
        )

    return reader.cached(("trend", name, scope, chosen, moment.today), moment.snapshot.version, make)


def _series(
    moment: Moment, scope: Scope, chosen: Filter, kpi: Kpi, points: tuple[Period, ...]
) -> list[tuple[float | None, int]]:
    part, period = moment.slice(scope, chosen, kpi), chosen.period
    days = {
        m: np.concatenate(([0], np.cumsum(moment.snapshot.by_day(m, period.first, period.last, part))))
        for m in kpi.measures
    }
    base = (
        moment.snapshot.totals(kpi.measures, None, period.first - 1, part)
        if kpi.stock
        else dict.fromkeys(kpi.measures, 0)
    )
    found = []
    for point in points:
        start, end = (0 if kpi.stock else point.first - period.first), point.last - period.first + 1
        totals = {m: base[m] + int(days[m][end] - days[m][start]) for m in kpi.measures}
        found.append((kpi.value(totals), kpi.rows(totals)))
    return found


def top_categories(reader: Reader, moment: Moment, scope: Scope, chosen: Filter, limit: int) -> tuple[CategoryRow, ...]:
    """The categories with most reports of the period, beside the previous one; the rest summed as the name ''."""

    def make() -> tuple[CategoryRow, ...]:
        now, old = (
            moment.snapshot.by_category("reported", each.period.first, each.period.last, moment.slice(scope, each))
            for each in (chosen, chosen.before())
        )
        ordered = sorted(now, key=lambda i: (-now[i], moment.names.category[i]))
        rows = [CategoryRow(moment.names.category[i], now[i], old.get(i, 0)) for i in ordered[:limit] if now[i]]
        rest = CategoryRow(
            "", sum(now.values()) - sum(r.n for r in rows), sum(old.values()) - sum(r.previous for r in rows)
        )
        return tuple([*rows, rest] if rest.n else rows)

    return reader.cached(("categories", scope, chosen, limit), moment.snapshot.version, make)
