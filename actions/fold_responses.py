"""Median and spread of response times: folded a month and area at a time, because neither is a sum."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from actions.site import Site
from domain.cases import NOT_COUNTED
from domain.periods import FIRST_DAY, LAST_DAY, Period, date_of, month, month_name
from store import schema
from store.counts.reader import Counts, Slice
from store.engine import read, write
from store.locks import lock_folding


def fold_responses(site: Site, counts: Counts, months: Iterable[str]) -> int:
    """Bring the folded response times of these months (YYYY-MM) up to date; how many (month, area) were rewritten.

    What is stored is compared with the exact counts first, so that a month at rest costs two reads.
    """
    snapshot = counts.snapshot()
    everything = Slice(ranges=((0, len(site.areas)),))
    rewritten = 0
    for name in months:
        period = month(name)
        n, seconds = (
            site.areas.rolled_up(snapshot.by_area(m, period.first, period.last, everything))
            for m in ("responded", "response_seconds")
        )
        with read(site.engine) as connection:
            stored = {
                row.area_id: (row.n, row.seconds)
                for row in connection.execute(sa.select(schema.responses).where(schema.responses.c.month == name))
            }
        stale = [
            position
            for position in range(len(site.areas))
            if stored.get(int(site.areas.ids[position]), (0, 0)) != (n[position], seconds[position])
        ]
        if stale:
            rewritten += _rewrite(site, name, period, stale)
    return rewritten


def months_of_responses(site: Site, counts: Counts) -> list[str]:
    """The months (YYYY-MM) that have responses, or had some when they were folded last; in order."""
    snapshot, everything = counts.snapshot(), Slice(ranges=((0, len(site.areas)),))
    with read(site.engine) as connection:
        found = set(connection.execute(sa.select(schema.responses.c.month).distinct()).scalars())
    bounds = snapshot.bounds("responded")
    if bounds is not None:
        first, last = max(bounds[0], FIRST_DAY), min(bounds[1], LAST_DAY)
        a_day = snapshot.by_day("responded", first, max(first, last), everything)
        found |= {month_name(date_of(first + int(day))) for day in np.flatnonzero(a_day)}
    return sorted(found)


def median_response(site: Site, ranges: Sequence[tuple[int, int]], period: Period) -> float | None:
    """The exact median response of the cases reported in a period, seconds; asked of the rows, so not for a screen."""
    with read(site.engine) as connection:
        positions, seconds = _response_times(connection, site, period)
    inside = np.zeros(len(site.areas), dtype=bool)
    for low, high in ranges:
        inside[low:high] = True
    chosen = seconds[inside[positions]]
    return float(np.median(chosen)) if len(chosen) else None


def _rewrite(site: Site, name: str, period: Period, stale: Sequence[int]) -> int:
    with write(site.engine) as connection:
        lock_folding(connection)
        positions, seconds = _response_times(connection, site, period)
        rows = [_row(site, name, position, seconds[_within(site, position, positions)]) for position in stale]
        table = schema.responses
        for row in rows:
            connection.execute(sa.delete(table).where(table.c.month == name, table.c.area_id == row["area_id"]))
        connection.execute(sa.insert(table), rows)
    return len(rows)


def _response_times(
    connection: sa.Connection, site: Site, period: Period
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Area position and response seconds of every counted case of the period that has a response."""
    c = schema.cases.c
    rows = connection.execute(
        sa.select(c.area_id, c.first_response_at - c.reported_at).where(
            c.reported_at >= site.zone.start(period.first),
            c.reported_at < site.zone.start(period.last + 1),
            c.first_response_at >= c.reported_at,
            c.status.not_in(sorted(NOT_COUNTED)),
        )
    ).all()
    found = np.asarray([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 2)
    return site.areas.position_of_id[found[:, 0]], found[:, 1]


def _within(site: Site, position: int, positions: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    return np.asarray((positions >= position) & (positions <= site.areas.last[position]))


def _row(site: Site, name: str, position: int, seconds: npt.NDArray[np.int64]) -> dict[str, object]:
    values = seconds.astype(np.float64)
    return {
        "month": name,
        "area_id": int(site.areas.ids[position]),
        "n": len(seconds),
        "seconds": int(seconds.sum()),
        "squares": float((values**2).sum()),
        "median": float(np.median(values)) if len(values) else None,
    }
