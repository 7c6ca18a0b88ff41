"""The rows behind a figure: the same whole days and the same exclusions as the counts, asked of the rows themselves."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.cases import CLOSED, KINDS, NOT_COUNTED, PLACINGS
from store.schema import areas, cases, categories, sources

c = cases.c
Conditions = Sequence[sa.ColumnElement[bool]]

_COUNTED = c.status.not_in(sorted(NOT_COUNTED))


def _within(column: sa.ColumnElement[int], start: int, end: int) -> sa.ColumnElement[bool]:
    return sa.and_(column >= start, column < end)


def _open_at(end: int) -> sa.ColumnElement[bool]:
    return sa.or_(c.ended_at.is_(None), c.ended_at >= end)


def _closed(start: int, end: int) -> list[sa.ColumnElement[bool]]:
    return [_within(c.closed_at, start, end), c.status.in_(sorted(CLOSED))]


LISTINGS: dict[str, Callable[[int, int], Conditions]] = {
    "reported": lambda start, end: [_within(c.reported_at, start, end), _COUNTED],
    "responded": lambda start, end: [
        _within(c.reported_at, start, end), _COUNTED, c.first_response_at >= c.reported_at,
    ],
    "online_known": lambda start, end: [_within(c.reported_at, start, end), _COUNTED, c.online.isnot(None)],
    "closed": _closed,
    "rated": lambda start, end: [*_closed(start, end), c.level.isnot(None)],
    "open": lambda _start, end: [c.reported_at < end, _open_at(end), _COUNTED],
    "overdue": lambda _start, end: [c.due_at < end, c.overdue.is_(True), _open_at(end), _COUNTED],
    "due": lambda start, end: [
        _within(c.due_at, start, end), _COUNTED, sa.or_(c.overdue.is_(True), c.ended_at <= c.due_at),
    ],
    "late": lambda start, end: [_within(c.due_at, start, end), _COUNTED, c.overdue.is_(True)],
    "every": lambda start, end: [_within(c.reported_at, start, end)],
}  # fmt: skip
"""Conditions by name, for whole days given as [start, end) epoch seconds. `every` alone shows void and merged cases."""

SORTS: dict[str, sa.ColumnElement[Any]] = {
    "external_id": c.external_id,
    "category": categories.c.name,
    "status": c.status,
    "kind": c.kind,
    "area": areas.c.position,
    "channel": c.channel,
    "department": c.department,
    "source": sources.c.name,
    "reported_at": c.reported_at,
    "first_response_at": c.first_response_at,
    "due_at": c.due_at,
    "closed_at": c.closed_at,
    "level": c.level,
}


@dataclass(frozen=True)
class Wanted:
    """Which rows: a listing over [start, end), in ranges of area positions (none = no rows), and narrower choices."""

    listing: str
    start: int
    end: int
    ranges: tuple[tuple[int, int], ...]
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    placings: tuple[str, ...] = ()
    text: str = ""


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = list(LISTINGS[wanted.listing](wanted.start, wanted.end))
    found.append(sa.or_(sa.false(), *(_within(areas.c.position, low, high) for low, high in wanted.ranges)))
    chosen: tuple[tuple[sa.ColumnElement[Any], Sequence[Any]], ...] = (
        (c.kind, [KINDS.index(k) for k in wanted.kinds if k in KINDS]),
        (categories.c.name, wanted.categories),
        (sources.c.name, wanted.sources),
        (c.status, wanted.statuses),
        (c.placing, [PLACINGS.index(p) for p in wanted.placings if p in PLACINGS]),
    )
    found += [column.in_(values) for column, values in chosen if values]
    if wanted.text:
        found.append(
            sa.or_(*(x.contains(wanted.text, autoescape=True) for x in (c.external_id, c.order_no, c.title, c.text)))
        )
    return found


_JOINED = (
    cases.join(areas, areas.c.id == c.area_id)
    .join(categories, categories.c.id == c.category_id)
    .join(sources, sources.c.id == c.source_id)
)

_SHOWN = (
    c.id, c.external_id, c.order_no, c.kind, c.status, categories.c.name.label("category"), c.title, c.channel,
    c.department, areas.c.code.label("area_code"), areas.c.name.label("area_name"), c.placing, c.longitude, c.latitude,
    c.reported_at, c.first_response_at, c.due_at, c.closed_at, c.ended_at, c.updated_at, c.overdue, c.level, c.rated_at,
    c.online, sources.c.name.label("source"),
)  # fmt: skip


def count(connection: sa.Connection, wanted: Wanted) -> int:
    """How many rows there are."""
    query = sa.select(sa.func.count()).select_from(_JOINED).where(*_conditions(wanted))
    return int(connection.execute(query).scalar_one())


def page(
    connection: sa.Connection, wanted: Wanted, *, sort: str, descending: bool, offset: int, limit: int
) -> Sequence[sa.RowMapping]:
    """Some of the rows in order; equal ones by id, so that pages never overlap. Raises KeyError for an unknown sort."""
    column = SORTS[sort]
    order = (column.desc() if descending else column.asc()).nulls_last()
    query = sa.select(*_SHOWN).select_from(_JOINED).where(*_conditions(wanted))
    query = query.order_by(order, c.id.desc() if descending else c.id).offset(offset).limit(limit)
    return connection.execute(query).mappings().all()


def stream(connection: sa.Connection, wanted: Wanted, *, size: int = 2_000) -> Iterator[Sequence[sa.RowMapping]]:
    """All rows by time of report, a chunk at a time, for exports."""
    query = sa.select(*_SHOWN).select_from(_JOINED).where(*_conditions(wanted)).order_by(c.reported_at, c.id)
    result = connection.execution_options(stream_results=True).execute(query).mappings()
    yield from result.partitions(size)


def one(connection: sa.Connection, case_id: int, ranges: Sequence[tuple[int, int]]) -> sa.RowMapping | None:
    """A case with its text, when it lies in these ranges."""
    inside = sa.or_(sa.false(), *(_within(areas.c.position, low, high) for low, high in ranges))
    query = sa.select(*_SHOWN, c.text).select_from(_JOINED).where(c.id == case_id, inside)
    return connection.execute(query).mappings().first()


def near(
    connection: sa.Connection, wanted: Wanted, longitude: float, latitude: float, metres: float, *, limit: int = 200
) -> Sequence[sa.RowMapping]:
    """Rows of a listing on the map within a square of `metres` to each side of a point, newest first."""
    north = metres / 111_320
    east = north / max(math.cos(math.radians(latitude)), 0.01)
    inside = (
        c.placing == 0,
        c.longitude.between(longitude - east, longitude + east),
        c.latitude.between(latitude - north, latitude + north),
    )
    query = sa.select(*_SHOWN).select_from(_JOINED).where(*_conditions(wanted), *inside)
    return connection.execute(query.order_by(c.reported_at.desc()).limit(limit)).mappings().all()
